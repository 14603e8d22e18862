import { unsafe } from "@noble/ciphers/aes.js";
import { hmac } from "@noble/hashes/hmac.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { assert } from "../base/index.ts";
import type { Algorithm } from "./config.ts";

/** Octets of the key id in front of the digest. */
export const KEY_ID_LENGTH = 4;

/** What a key is made from; where a key is given as text, its octets as used. */
export interface KeyMaterial {
  readonly id: number;
  readonly algorithm: Algorithm;
  readonly secret: Uint8Array;
  readonly digestLength: number;
  readonly trusted: boolean;
}

/** How often a key has signed, and has been found to have signed or not. Counted up in place. */
export interface KeyTally {
  signed: number;
  verified: number;
  failed: number;
}

/** A key with all that can be computed once: hash states, cipher schedule. Not for two threads. */
export class MacKey {
  readonly id: number;
  readonly trusted: boolean;
  /** Octets of the whole trailer: key id and digest. */
  readonly length: number;
  readonly #digestLength: number;
  readonly #compute: Digester;
  readonly #tally: KeyTally;

  constructor(
    key: KeyMaterial,
    digesterOf: DigesterOf = portableDigester,
    tally: KeyTally = { signed: 0, verified: 0, failed: 0 },
  ) {
    this.#tally = tally;
    this.id = key.id;
    this.trusted = key.trusted;
    this.#digestLength = key.digestLength;
    this.length = KEY_ID_LENGTH + key.digestLength;
    this.#compute = digesterOf(key.algorithm, key.secret);
    assert(key.digestLength <= this.#compute.out.length, `key ${key.id}: no such long digest`);
  }

  /**
   * True if `bytes` up to `end` are what the trailer that starts there was made from. Every octet
   * is compared, whatever the others are: the time taken tells nothing.
   */
  verifies(bytes: Uint8Array, end: number): boolean {
    this.#compute.run(bytes, end);
    const out = this.#compute.out;
    let wrong = 0;
    for (let i = 0; i < this.#digestLength; i++) {
      wrong |= (out[i] ?? 0) ^ (bytes[end + KEY_ID_LENGTH + i] ?? 0);
    }
    if (wrong === 0) this.#tally.verified++;
    else this.#tally.failed++;
    return wrong === 0;
  }

  /** Writes the trailer of `bytes` up to `end` behind it; the length of all. */
  sign(bytes: Uint8Array, end: number): number {
    this.#tally.signed++;
    this.#compute.run(bytes, end);
    const out = this.#compute.out;
    bytes[end] = this.id >>> 24;
    bytes[end + 1] = this.id >>> 16;
    bytes[end + 2] = this.id >>> 8;
    bytes[end + 3] = this.id;
    for (let i = 0; i < this.#digestLength; i++) bytes[end + KEY_ID_LENGTH + i] = out[i] ?? 0;
    return end + this.length;
  }
}

/** Computes a digest of the first `end` octets into `out`, without allocating. */
export interface Digester {
  readonly out: Uint8Array;
  run(bytes: Uint8Array, end: number): void;
}

/** Prepares a secret of that algorithm. The host may have a faster way than ours. */
export type DigesterOf = (algorithm: Algorithm, secret: Uint8Array) => Digester;

export function portableDigester(algorithm: Algorithm, secret: Uint8Array): Digester {
  switch (algorithm) {
    // Plain keyed hashes of key and packet, not HMAC: RFC 5905 section 7.3 and all daemons.
    case "md5":
      return keyedHash(md5.create().update(secret), 16);
    case "sha-1":
      return keyedHash(sha1.create().update(secret), 20);
    case "hmac-sha256":
      return keyedHash(hmac.create(sha256, secret), 32);
    case "aes-128-cmac":
    case "aes-256-cmac":
      return new Cmac(secret);
  }
}

interface HashState<H> {
  _cloneInto(to?: H): H;
  update(bytes: Uint8Array): H;
  digestInto(out: Uint8Array): void;
}

/** `keyed` has taken in the key; each digest starts from a copy of it. */
function keyedHash<H extends HashState<H>>(keyed: H, length: number): Digester {
  const out = new Uint8Array(length);
  let scratch = keyed._cloneInto();
  return {
    out,
    run: (bytes, end) => {
      scratch = keyed._cloneInto(scratch);
      scratch.update(bytes.length === end ? bytes : bytes.subarray(0, end));
      scratch.digestInto(out);
    },
  };
}

/** AES-CMAC of RFC 4493, for keys of 16 and of 32 octets. */
class Cmac implements Digester {
  readonly out = new Uint8Array(16);
  readonly #schedule: Uint32Array;
  /** K1 and K2, as four little-endian words each: the order in which the cipher takes them. */
  readonly #whole: Uint32Array;
  readonly #padded: Uint32Array;
  /** The last block, padded where it is short. */
  readonly #last = new Uint8Array(16);

  constructor(secret: Uint8Array) {
    assert(secret.length === 16 || secret.length === 32, "an AES key of 16 or 32 octets");
    this.#schedule = unsafe.expandKeyLE(secret);
    const zero = unsafe.encryptBlock(this.#schedule, new Uint8Array(16));
    const k1 = doubled(zero);
    this.#whole = words(k1);
    this.#padded = words(doubled(k1));
  }

  run(bytes: Uint8Array, end: number): void {
    const lastStart = end === 0 ? 0 : (end - 1) & ~15;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let at = 0; at < lastStart; at += 16) {
      const next = unsafe.encrypt(
        this.#schedule,
        s0 ^ word(bytes, at),
        s1 ^ word(bytes, at + 4),
        s2 ^ word(bytes, at + 8),
        s3 ^ word(bytes, at + 12),
      );
      s0 = next.s0;
      s1 = next.s1;
      s2 = next.s2;
      s3 = next.s3;
    }
    const last = this.#last;
    const length = end - lastStart;
    for (let i = 0; i < 16; i++) last[i] = i < length ? (bytes[lastStart + i] ?? 0) : 0;
    if (length < 16) last[length] = 0x80;
    const key = length === 16 ? this.#whole : this.#padded;
    const digest = unsafe.encrypt(
      this.#schedule,
      s0 ^ word(last, 0) ^ (key[0] ?? 0),
      s1 ^ word(last, 4) ^ (key[1] ?? 0),
      s2 ^ word(last, 8) ^ (key[2] ?? 0),
      s3 ^ word(last, 12) ^ (key[3] ?? 0),
    );
    putWord(this.out, 0, digest.s0);
    putWord(this.out, 4, digest.s1);
    putWord(this.out, 8, digest.s2);
    putWord(this.out, 12, digest.s3);
  }
}

/** Multiplication by x in GF(2^128), RFC 4493 section 2.3. */
function doubled(block: Uint8Array): Uint8Array {
  const carry = (block[0] ?? 0) >> 7;
  const shifted = block.map((octet, i) => (octet << 1) | ((block[i + 1] ?? 0) >> 7));
  shifted[15] = (shifted[15] ?? 0) ^ (carry * 0x87);
  return shifted;
}

function words(block: Uint8Array): Uint32Array {
  return Uint32Array.from([0, 4, 8, 12], (at) => word(block, at));
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

function putWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
