import { randomBytes } from "node:crypto";
import type { Random } from "../base/index.ts";

const fractionBits = 53;

/** The system's CSPRNG. */
export const systemRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  fraction: () =>
    Number(randomBytes(8).readBigUInt64LE() >> BigInt(64 - fractionBits)) / 2 ** fractionBits,
};
