import { isLinkLocal } from "./address.ts";
import type { RatePolicy } from "./config.ts";

/** Packets that a client may send at once before the average counts. */
const burst = 8;
/** s by which two packets may come closer: the network does not keep distances. */
const tolerance = 0.5;
/** s between two kisses to one client, where no policy says more. */
const kissInterval = 32;
const ways = 4;
const sets = 4_096;
const entries = ways * sets;
const ns = 1e9;
/** No source address begins so (RFC 4291 section 2.7: a group). It tells IPv4 from IPv6. */
const ipv4Mark = 0xffff_ffff;
/** Nor so, but for link-local ones (section 2.5.6): their /64 is that of everybody on the link. */
const linkLocalMark = 0xfe00_0000;

/**
 * Who has asked how often: a token bucket for each IPv4 address, IPv6 /64 or link-local address, in
 * memory of a fixed size. Who comes new takes the place of the one in his set that was answered
 * longest ago. Nothing is allocated. One in four of those refused is let through, drawn by chance:
 * whoever forges a victim's address can slow it down, but not silence it.
 */
export class RateLimiter {
  readonly #policy: RatePolicy | undefined;
  readonly #high = new Uint32Array(entries);
  readonly #low = new Uint32Array(entries);
  /** Raw ns at which the bucket will be full again; of the last answer; of the last kiss. */
  readonly #full = new Float64Array(entries).fill(-Infinity);
  readonly #answered = new Float64Array(entries).fill(-Infinity);
  readonly #kissed = new Float64Array(entries).fill(-Infinity);
  readonly #seed: number;
  #chance: number;

  /** `seed`: 32 bits that a stranger does not know. No policy: kisses alone are limited. */
  constructor(policy: RatePolicy | undefined, seed: number) {
    this.#policy = policy;
    this.#seed = seed >>> 0;
    this.#chance = this.#seed | 1;
  }

  /** Whether a packet that came at a raw time (ns) is to be answered. */
  admits(from: Uint8Array, raw: number): boolean {
    const policy = this.#policy;
    if (policy === undefined) return true;
    const entry = this.#entry(from, raw);
    const interval = 2 ** policy.averageInterval * ns;
    const full = Math.max(this.#full[entry] ?? raw, raw);
    const soon =
      raw - (this.#answered[entry] ?? 0) < (2 ** policy.minimumInterval - tolerance) * ns;
    if (soon || full - raw > (burst - 1) * interval) return this.#leaks();
    this.#full[entry] = full + interval;
    this.#answered[entry] = raw;
    return true;
  }

  /** Whether a refusal may be told now: not again within the average interval. */
  kisses(from: Uint8Array, raw: number): boolean {
    const entry = this.#entry(from, raw);
    const seconds = this.#policy === undefined ? kissInterval : 2 ** this.#policy.averageInterval;
    if (raw - (this.#kissed[entry] ?? 0) < seconds * ns) return false;
    this.#kissed[entry] = raw;
    return true;
  }

  /** The place of a client, made if it has none. */
  #entry(from: Uint8Array, raw: number): number {
    const four = from.length === 4;
    const linkLocal = isLinkLocal(from);
    const high = four ? ipv4Mark : linkLocal ? linkLocalOf(from) : word(from, 0);
    const low = word(from, four ? 0 : linkLocal ? 12 : 4);
    const first = this.#hash(high, low) * ways;
    let oldest = first;
    for (let i = first; i < first + ways; i++) {
      const used = this.#used(i);
      if (this.#high[i] === high && this.#low[i] === low && used > -Infinity) return i;
      if (used < this.#used(oldest)) oldest = i;
    }
    this.#high[oldest] = high;
    this.#low[oldest] = low;
    this.#full[oldest] = raw;
    this.#answered[oldest] = -Infinity;
    this.#kissed[oldest] = -Infinity;
    return oldest;
  }

  #used(entry: number): number {
    return Math.max(this.#answered[entry] ?? 0, this.#kissed[entry] ?? 0);
  }

  /** Nobody knows the seed, so nobody can choose addresses that fall into one set. */
  #hash(high: number, low: number): number {
    let h = Math.imul(high ^ this.#seed, 0x9e37_79b1);
    h = Math.imul(h ^ (h >>> 15) ^ low, 0x85eb_ca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
    return (h ^ (h >>> 16)) & (sets - 1);
  }

  /** One in four, by Marsaglia's xorshift. */
  #leaks(): boolean {
    let x = this.#chance;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#chance = x;
    return (x & 3) === 0;
  }
}

/** The first half of its interface identifier, but for the first octet, below the mark. */
function linkLocalOf(from: Uint8Array): number {
  return linkLocalMark + (word(from, 8) & 0xff_ffff);
}

function word(octets: Uint8Array, at: number): number {
  const high = ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
  return high * 0x1_0000 + (((octets[at + 2] ?? 0) << 8) | (octets[at + 3] ?? 0));
}
