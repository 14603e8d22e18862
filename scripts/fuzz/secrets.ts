import { KeyVault } from "../../src/agent/index.ts";
import { parseAuthorizedKeys, publicKey } from "../../src/host/accounts.ts";
import { cryptHash, verifyPassword } from "../../src/host/crypt.ts";
import { SeededRandom } from "../../test/random.ts";
import { type FuzzTarget, holds, textTarget } from "./target.ts";

const vault = new KeyVault(new Uint8Array(32).fill(7), new SeededRandom(1));
const plain = new TextEncoder().encode("Manycast-Key-2026!");
const sealed = vault.seal(plain);

/** Cipher strings: what was sealed opens, what was altered in any way does not. */
export const cipher: FuzzTarget = textTarget({
  name: "cipher",
  quick: 200,
  make: (chance) =>
    chance.happens(0.1)
      ? sealed
      : chance.damagedText(sealed, ["$", "=", "==", "A", "$ntpconfd$1$"]),
  run(text) {
    const opened = vault.open(text);
    holds((opened !== undefined) === (text === sealed), () => `opened: ${text}`);
    holds(opened === undefined || String(opened) === String(plain), () => "it is another secret");
  },
});

const keyLine =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl somebody";
const hashes = [
  "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1",
  "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8",
  "$1$abcdefgh$hHgBY/6bdvqLcOnjSnYvU0",
  "$6$rounds=1000$saltstring$x",
  "$6$rounds=999999999$saltstring$x",
];

/** Public keys and password hashes as files and managers give them. */
export const accounts: FuzzTarget = textTarget({
  name: "accounts",
  quick: 6,
  make(chance) {
    const tokens = [
      "$",
      "rounds=",
      "rounds=1001$",
      "\n",
      "#",
      "command=x ",
      "ssh-rsa ",
      "AAAA",
      "=",
    ];
    return chance.damagedText(chance.pick([keyLine, ...hashes]), tokens);
  },
  run(text) {
    try {
      for (const { algorithm, data } of parseAuthorizedKeys(text)) publicKey(algorithm, data);
    } catch (error) {
      holds(error instanceof Error && /^line \d+ is no/.test(error.message), () => String(error));
    }
    publicKey("ssh-ed25519", new TextEncoder().encode(text));
    const rounds = Math.max(0, ...[...text.matchAll(/rounds=(\d+)/g)].map(([, n]) => Number(n)));
    // Up to half a million rounds are calculated, and slow on purpose; more have to be refused.
    if (rounds > 5_000 && rounds <= 500_000) return;
    holds(!verifyPassword("wrong", text) || cryptHash("wrong", text) === text, () => "it matches");
    if (rounds <= 5_000) cryptHash(chanceless(text), text);
  },
});

/** A password of any length, from the text alone. */
function chanceless(text: string): string {
  return text.slice(0, text.length % 40);
}
