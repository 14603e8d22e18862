import type { Algorithm, KeyConfig } from "./config.ts";
import { type KeyTally, MacKey, portableDigester } from "./mac.ts";
import type { Keys } from "./trailer.ts";

interface Form {
  /** Octets of the digest. */
  readonly digest: number;
  /** Octets of the secret; undefined: as many as one likes. */
  readonly secret: number | undefined;
}

const forms: Readonly<Record<Algorithm, Form>> = {
  md5: { digest: 16, secret: undefined },
  "sha-1": { digest: 20, secret: undefined },
  "hmac-sha256": { digest: 32, secret: undefined },
  "aes-128-cmac": { digest: 16, secret: 16 },
  "aes-256-cmac": { digest: 16, secret: 32 },
};
/** A digest may be cut, but not to less than this. */
const digestMin = 16;

/** The keys with their schedules; the fault in words where one cannot be used. */
export function compileKeys(
  keys: readonly KeyConfig[],
  tally: (id: number) => KeyTally,
): Keys | { readonly fault: string } {
  for (const key of keys) {
    const fault = keyFault(key);
    if (fault !== undefined) return { fault: `key ${key.id}: ${fault}` };
  }
  return new Map(keys.map((key) => [key.id, new MacKey(key, portableDigester, tally(key.id))]));
}

function keyFault({ algorithm, secret, digestLength }: KeyConfig): string | undefined {
  const form = forms[algorithm];
  if (secret.length === 0) return "the secret is empty";
  if (form.secret !== undefined && secret.length !== form.secret) {
    return `${algorithm} takes a secret of ${form.secret} octets, not of ${secret.length}`;
  }
  if (digestLength > form.digest || digestLength < digestMin || digestLength % 4 !== 0) {
    return `${algorithm} makes no digest of ${digestLength} octets`;
  }
  return undefined;
}
