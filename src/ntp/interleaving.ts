/** Replies that are remembered of one address, and in all. */
const ownMax = 4;
const ways = 8;
const sets = 2_048;
const entries = ways * sets;
/** Units of a timestamp, 2^-32 s, in a nanosecond. */
const unitsPerNs = 2 ** 32 * 1e-9;
/** ns: a stamp that is later than this is of something else. */
const lateMax = 1e9;

/**
 * What a server remembers for the interleaved mode (RFC 9769 section 2): of the last replies to a
 * client, the receive timestamp, by which its next request names it, and when it left. The memory
 * has a fixed size; one address can hold few places of it, so that it drives out few others.
 * While it is kept, receive timestamps are odd and transmit timestamps even: neither is ever taken
 * for the other. Nothing is allocated.
 */
export class Interleaving {
  readonly #owner = new Uint32Array(entries);
  readonly #receiveHigh = new Uint32Array(entries);
  readonly #receiveLow = new Uint32Array(entries);
  readonly #transmitHigh = new Uint32Array(entries);
  readonly #transmitLow = new Uint32Array(entries);
  /** Raw ns at which the reply was taken to leave; -Infinity: the place is free. */
  readonly #left = new Float64Array(entries).fill(-Infinity);
  readonly #seed: number;
  /** The place of the reply written last if a better stamp of it is worth having; or -1. */
  wanted = -1;
  /** Raw ns at which that reply was taken to leave. */
  wantedAt = 0;

  /** `seed`: 32 bits that a stranger does not know. */
  constructor(seed: number) {
    this.#seed = seed >>> 0;
  }

  /**
   * Makes a basic reply, whose timestamps are written, one that can be named, remembers it, and
   * makes it interleaved where the request names an earlier one, which is forgotten with that.
   * `left`: raw ns at which it is taken to leave.
   */
  apply(request: Uint8Array, from: Uint8Array, reply: Uint8Array, left: number): void {
    const owner = this.#hash(from);
    const first = (owner & (sets - 1)) * ways;
    const named = asksInterleaved(request)
      ? this.#find(first, owner, word(request, 24), word(request, 28))
      : -1;
    const transmitHigh = this.#transmitHigh[named] ?? 0;
    const transmitLow = this.#transmitLow[named] ?? 0;
    // While the named one is still known, so that this one gets another name.
    this.#makeUnique(first, owner, reply);
    reply[47] = (reply[47] ?? 0) & 0xfe;
    const kept = named >= 0 ? named : this.#place(first, owner);
    this.#owner[kept] = owner;
    this.#receiveHigh[kept] = word(reply, 32);
    this.#receiveLow[kept] = word(reply, 36);
    this.#transmitHigh[kept] = word(reply, 40);
    this.#transmitLow[kept] = word(reply, 44);
    this.#left[kept] = left;
    // An odd origin is a receive timestamp of ours: whoever sends it is about to interleave.
    this.wanted = ((request[31] ?? 0) & 1) === 1 ? kept : -1;
    this.wantedAt = left;
    if (named < 0) return;
    for (let i = 0; i < 8; i++) reply[24 + i] = request[32 + i] ?? 0;
    put(reply, 40, transmitHigh);
    put(reply, 44, transmitLow);
  }

  /**
   * The reply that was `wanted`, and `wantedAt` so, left at `stamp` (raw ns). The difference is
   * what counts: the clock may have been set in between. A stamp that cannot be is let alone.
   */
  stamped(place: number, wantedAt: number, stamp: number): void {
    if (this.#left[place] !== wantedAt || stamp < wantedAt || stamp > wantedAt + lateMax) return;
    const low = (this.#transmitLow[place] ?? 0) + Math.round((stamp - wantedAt) * unitsPerNs);
    this.#transmitHigh[place] = (this.#transmitHigh[place] ?? 0) + Math.floor(low / 2 ** 32);
    this.#transmitLow[place] = (low % 2 ** 32) - (low % 2);
  }

  /** A reply that gives no time: it is not remembered. */
  skip(): void {
    this.wanted = -1;
  }

  #find(first: number, owner: number, high: number, low: number): number {
    for (let i = first; i < first + ways; i++) {
      const same = this.#receiveLow[i] === low && this.#receiveHigh[i] === high;
      if (same && this.#owner[i] === owner && (this.#left[i] ?? 0) > -Infinity) return i;
    }
    return -1;
  }

  /** Two requests of one address can have come in the same nanosecond. */
  #makeUnique(first: number, owner: number, reply: Uint8Array): void {
    reply[39] = (reply[39] ?? 0) | 1;
    while (this.#find(first, owner, word(reply, 32), word(reply, 36)) >= 0) {
      const low = word(reply, 36) + 2;
      if (low >= 2 ** 32) put(reply, 32, word(reply, 32) + 1);
      put(reply, 36, low);
    }
  }

  /** The oldest of its own where an address has its share, else the oldest of all. */
  #place(first: number, owner: number): number {
    let oldest = first;
    let oldestOwn = -1;
    let own = 0;
    for (let i = first; i < first + ways; i++) {
      const left = this.#left[i] ?? 0;
      if (left < (this.#left[oldest] ?? 0)) oldest = i;
      if (this.#owner[i] !== owner || left === -Infinity) continue;
      own++;
      if (oldestOwn < 0 || left < (this.#left[oldestOwn] ?? 0)) oldestOwn = i;
    }
    return own >= ownMax ? oldestOwn : oldest;
  }

  /** Nobody knows the seed, so nobody can choose addresses that fall into one set. */
  #hash(from: Uint8Array): number {
    let h = this.#seed ^ from.length;
    for (let at = 0; at < from.length; at += 4) {
      h = Math.imul(h ^ word(from, at), 0x9e37_79b1);
      h = Math.imul(h ^ (h >>> 15), 0x85eb_ca6b);
    }
    h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
    return (h ^ (h >>> 16)) >>> 0;
  }
}

/**
 * Whether a request can name a reply of ours at all. One whose receive and transmit timestamps are
 * equal asks for the basic mode: its answer could not be told from an interleaved one.
 */
function asksInterleaved(request: Uint8Array): boolean {
  if (((request[31] ?? 0) & 1) === 0) return false;
  return word(request, 32) !== word(request, 40) || word(request, 36) !== word(request, 44);
}

/** 32 bits, unsigned. */
function word(octets: Uint8Array, at: number): number {
  const high = ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
  return high * 0x1_0000 + (((octets[at + 2] ?? 0) << 8) | (octets[at + 3] ?? 0));
}

function put(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 24;
  octets[at + 1] = value >>> 16;
  octets[at + 2] = value >>> 8;
  octets[at + 3] = value;
}
