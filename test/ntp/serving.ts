import type { Raw } from "../../src/base/index.ts";
import {
  addressOctets,
  defaultPolicy,
  type KeyConfig,
  type ServerSnapshot,
  type Timestamp,
} from "../../src/ntp/index.ts";
import { MacKey } from "../../src/ntp/mac.ts";

// What tests of the responder start from.

/** A server of stratum 3 whose clock is right and at `base` at the moment `baseRaw`. */
export function plainSnapshot(base: Timestamp, baseRaw: Raw): ServerSnapshot {
  return {
    ...{ serving: true, port: 123, leap: 0, stratum: 3, precision: -20, rootDelay: 0 },
    ...{ rootDispersion: 0, referenceId: 1, referenceTime: base, base, baseRaw },
    ...{ frequency: 0, slew: 0, slewUntil: baseRaw, keys: [], manycast: [] },
    ...{ ownReferenceIds: [], accessRules: [], policy: defaultPolicy, deaf: [], seed: 1 },
  };
}

export function octets(address: string): Uint8Array {
  return addressOctets(address) ?? new Uint8Array();
}

/** A packet with the MAC that the key of this id makes. */
export function signedWith(keys: readonly KeyConfig[], id: number, bytes: Uint8Array): Uint8Array {
  const material = keys.find((one) => one.id === id);
  if (material === undefined) throw new Error(`no key ${id}`);
  const mac = new MacKey(material);
  const all = new Uint8Array(bytes.length + mac.length);
  all.set(bytes);
  mac.sign(all, bytes.length);
  return all;
}
