import { assert } from "../base/index.ts";
import type { NtpAuthenticationAuthenticationKeys as KeyEntry } from "../generated/ietf-ntp.ts";
import type { Algorithm, KeyConfig } from "../ntp/index.ts";

/** What the data calls an algorithm → what the engine does. */
const algorithms: ReadonlyMap<string, Algorithm> = new Map([
  ["ietf-ntp:md5", "md5"],
  ["ietf-ntp:sha-1", "sha-1"],
  ["ietf-ntp:aes-cmac", "aes-128-cmac"],
  ["ntpconfd-ntp:aes-128-cmac", "aes-128-cmac"],
  ["ntpconfd-ntp:aes-256-cmac", "aes-256-cmac"],
  ["ntpconfd-ntp:hmac-sha256", "hmac-sha256"],
]);

/** Octets that the algorithm makes: RFC 1321, RFC 3174, RFC 6234, RFC 4493. */
const digestLengths: Readonly<Record<Algorithm, number>> = {
  md5: 16,
  "sha-1": 20,
  "hmac-sha256": 32,
  "aes-128-cmac": 16,
  "aes-256-cmac": 16,
};

/** Octets of an AES key; the others take a secret of any length. */
const keyLengths: ReadonlyMap<Algorithm, number> = new Map([
  ["aes-128-cmac", 16],
  ["aes-256-cmac", 32],
]);

/** Why a key cannot be used: the leaf at fault, below the entry, and what would do. */
export interface KeyFault {
  readonly leaf: readonly string[];
  readonly message: string;
}

/** The secret as it was given. */
interface Secret {
  readonly octets: Uint8Array;
  readonly leaf: readonly string[];
  /** Hexadecimal octets say exactly what they are; text may be shorter than an AES key. */
  readonly exact: boolean;
}

/** One key of the engine's, or what is wrong with it. */
export function readKey(
  entry: KeyEntry,
  open: (text: string) => Uint8Array | undefined,
): KeyConfig | KeyFault {
  const id = entry.keyid;
  const algorithm = algorithms.get(entry.algorithm ?? "");
  if (algorithm === undefined) {
    const named = entry.algorithm ?? "(none)";
    const known = [...algorithms.keys()].join(", ");
    return { leaf: ["algorithm"], message: `key ${id}: no algorithm ${named} here, but ${known}` };
  }
  const secret = readSecret(entry, open);
  if ("message" in secret) return secret;
  const octets = fitted(id, algorithm, secret);
  if ("message" in octets) return octets;
  const most = digestLengths[algorithm];
  const digestLength = entry["ntpconfd-ntp:digest-length"] ?? most;
  if (digestLength > most) {
    return {
      leaf: ["ntpconfd-ntp:digest-length"],
      message: `key ${id}: ${algorithm} makes ${most} octets, fewer than ${digestLength}`,
    };
  }
  return { id, algorithm, secret: octets, digestLength, trusted: entry.istrusted ?? false };
}

function readSecret(
  entry: KeyEntry,
  open: (text: string) => Uint8Array | undefined,
): Secret | KeyFault {
  const { key } = entry;
  if (key.keystring !== undefined) {
    const octets = new TextEncoder().encode(key.keystring);
    return present(entry.keyid, { octets, leaf: ["key", "keystring"], exact: false });
  }
  if (key["hexadecimal-string"] !== undefined) {
    const octets = readHexadecimal(key["hexadecimal-string"]);
    return present(entry.keyid, { octets, leaf: ["key", "hexadecimal-string"], exact: true });
  }
  const sealed = key["ntpconfd-ntp:cipher-string"];
  const leaf = ["key", "ntpconfd-ntp:cipher-string"];
  if (sealed === undefined) {
    return { leaf: ["key"], message: `key ${entry.keyid} has no secret` };
  }
  const octets = open(sealed);
  if (octets === undefined) {
    const message =
      `key ${entry.keyid}: the cipher-string does not open under this agent's at-rest key; ` +
      "ntpconfd encrypt-key makes one that does";
    return { leaf, message };
  }
  return present(entry.keyid, { octets, leaf, exact: false });
}

function present(id: number, secret: Secret): Secret | KeyFault {
  if (secret.octets.length > 0) return secret;
  return { leaf: secret.leaf, message: `key ${id} has an empty secret` };
}

/** An AES key has its one length: text is padded with zeros, as ntpsec does. */
function fitted(id: number, algorithm: Algorithm, secret: Secret): Uint8Array | KeyFault {
  const { octets, leaf, exact } = secret;
  const wanted = keyLengths.get(algorithm);
  if (wanted === undefined || octets.length === wanted) return octets;
  if (octets.length > wanted || exact) {
    const rule = exact ? `exactly ${wanted}` : `at most ${wanted}`;
    const message = `key ${id}: ${algorithm} takes ${rule} octets, not ${octets.length}`;
    return { leaf, message };
  }
  const padded = new Uint8Array(wanted);
  padded.set(octets);
  return padded;
}

/** yang:hex-string: pairs with colons between. */
function readHexadecimal(text: string): Uint8Array {
  const pairs = text === "" ? [] : text.split(":");
  const octets = Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
  assert(
    pairs.every((pair) => /^[0-9a-f]{2}$/i.test(pair)),
    "a hex-string is pairs of digits",
  );
  return octets;
}
