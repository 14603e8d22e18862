import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { cryptHash, verifyPassword } from "../../src/host/crypt.ts";
import { matchesSoon } from "../../src/host/recovery-user.ts";

const openssl = (() => {
  try {
    return execFileSync("openssl", ["version"], { encoding: "utf8" }) !== "";
  } catch {
    return false;
  }
})();

describe("password hashes", () => {
  // From the SHA-crypt specification.
  test.each([
    ["Hello world!", "$5$saltstring", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"],
    [
      "Hello world!",
      "$5$rounds=10000$saltstringsaltstring",
      "$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA",
    ],
    [
      "the minimum number is still observed",
      "$5$rounds=10$roundstoolow",
      "$5$rounds=1000$roundstoolow$yfvwcWrQ8l/K0DAWyuPMDNHpIVlTQebY9l/gL972bIC",
    ],
    [
      "Hello world!",
      "$6$saltstring",
      "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
    ],
  ])("%s under %s", (password, setting, hash) => {
    expect(cryptHash(password, setting)).toBe(hash);
  });

  // Lengths around the digests' own, where implementations have gone wrong.
  const lengths = [1, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 128];
  const cases = ["1", "5", "6"].flatMap((id) => lengths.map((n) => [id, n] as const));
  test.skipIf(!openssl).each(cases)("$%s$ of %i octets is as openssl has it", (id, length) => {
    const password = "Pass-word+".repeat(13).slice(0, length);
    const args = ["passwd", `-${id}`, "-salt", "Salt.123", "-stdin"];
    const hash = execFileSync("openssl", args, { input: `${password}\n`, encoding: "utf8" }).trim();
    expect(cryptHash(password, hash)).toBe(hash);
    expect(verifyPassword(password, hash)).toBe(true);
    expect(verifyPassword(`${password}x`, hash)).toBe(false);
    expect(verifyPassword(password.slice(1), hash)).toBe(false);
  });

  test.each(["", "$", "$0$plain", "$9$a$b", "plain", "$6$", "$6$salt", "$6$salt$"])(
    "%j verifies nothing",
    (hash) => expect(verifyPassword("plain", hash)).toBe(false),
  );

  test("a hash of too many rounds is not worked on", () => {
    const slow = cryptHash("x", "$6$rounds=60000$salt") ?? "";
    expect(verifyPassword("x", slow)).toBe(true);
    expect(matchesSoon("x", slow)).toBe(false);
    expect(matchesSoon("x", cryptHash("x", "$6$salt") ?? "")).toBe(true);
    expect(matchesSoon("y", cryptHash("x", "$6$salt") ?? "")).toBe(false);
    // Worked on, either of these would take hours.
    expect(verifyPassword("x", "$6$rounds=999999999$salt$abc")).toBe(false);
    expect(verifyPassword("x", "$6$rounds=999999999")).toBe(false);
  });
});
