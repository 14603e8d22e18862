import { dropReason } from "./drop.ts";
import type { DropReason } from "./io.ts";
import { type Keys, keyIdAt } from "./trailer.ts";

/** What a packet's MAC was found to be good for; the key that is concerned, if there is one. */
export interface Refusal {
  readonly kind: "dropped";
  readonly reason: DropReason;
  readonly keyId?: number;
}

/** What is to be held against a packet's MAC. */
export interface Trust {
  readonly keys: Keys;
  /** No time is taken without a key. */
  readonly authEnabled: boolean;
}

/**
 * For an association: it takes what its key signed, and nothing else; one without a key takes what
 * is not signed, unless that is not enough. `macAt` is where the MAC starts (see macStart).
 */
export function authenticate(
  bytes: Uint8Array,
  macAt: number,
  keyId: number | undefined,
  { keys, authEnabled }: Trust,
): Refusal | undefined {
  if (keyId === undefined) {
    if (authEnabled) return refuse("authentication-required");
    return macAt < 0 ? refuse(dropReason(macAt)) : undefined;
  }
  if (macAt < 0) return refuse(dropReason(macAt), keyId);
  if (macAt === bytes.length) return refuse("authentication-required", keyId);
  const key = keys.get(keyId);
  if (key === undefined || keyIdAt(bytes, macAt) !== keyId) return refuse("unknown-key", keyId);
  if (!key.trusted) return refuse("untrusted-key", keyId);
  return key.verifies(bytes, macAt) ? undefined : refuse("bad-mac", keyId);
}

/** For what comes unasked: the id of the trusted key that signed it; undefined: nobody did. */
export function signer(
  bytes: Uint8Array,
  macAt: number,
  trust: Trust,
): { readonly keyId: number | undefined } | Refusal {
  const keyId = macAt < 0 || macAt === bytes.length ? undefined : keyIdAt(bytes, macAt);
  const refusal = authenticate(bytes, macAt, keyId, trust);
  return refusal ?? { keyId };
}

function refuse(reason: DropReason, keyId?: number): Refusal {
  return keyId === undefined ? { kind: "dropped", reason } : { kind: "dropped", reason, keyId };
}
