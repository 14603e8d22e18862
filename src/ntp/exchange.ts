import type { Random, Raw } from "../base/index.ts";
import { MODE_ACTIVE, MODE_CLIENT, MODE_PASSIVE, MODE_SERVER } from "./constants.ts";
import type { DropReason } from "./io.ts";
import type { Packet } from "./packet.ts";
import { fold, type Timestamp } from "./time.ts";

/** What we say of ourselves in packets that are to say it. */
export interface OwnHeader {
  readonly leap: number;
  readonly stratum: number;
  readonly precision: number;
  readonly rootDelay: number;
  readonly rootDispersion: number;
  readonly referenceId: number;
  readonly referenceTime: Timestamp;
}

/** What a packet of ours is made from. */
export interface Composition {
  readonly at: Raw;
  readonly version: number;
  /** log2 s */
  readonly poll: number;
  readonly random: Random;
  readonly own: OwnHeader;
  now(at: Raw): Timestamp;
}

/** How two hosts ask and answer: which packet answers which (RFC 5905 section 8). */
export interface Exchange {
  /** Modes that the other side's packets have. */
  readonly answers: readonly number[];
  compose(composition: Composition): Packet;
  /** What was composed last left at a moment that is known better now. */
  left(at: Raw): void;
  /** Whether a packet can be no answer at all: asked before its MAC is looked at. */
  refusal(packet: Packet): DropReason | undefined;
  /**
   * Takes in a packet that is no forgery: when what it answers left, "heard" if it answers nothing
   * and need not, or why it is of no use.
   */
  take(packet: Packet, received: Raw): { readonly sentAt: Raw } | "heard" | DropReason;
}

const dataMinimizedPrecision = 32;

/** Client and server: the transmit time of a request is a nonce, its answer has it as origin. */
export class ClientExchange implements Exchange {
  readonly answers = [MODE_SERVER];
  #pending: { readonly nonce: bigint; sentAt: Raw } | undefined;
  #lastTransmitTime = 0n;

  compose({ at, version, poll, random }: Composition): Packet {
    const nonce = randomNonce(random);
    this.#pending = { nonce, sentAt: at };
    return minimizedRequest(version, poll, nonce);
  }

  left(at: Raw): void {
    if (this.#pending !== undefined) this.#pending.sentAt = at;
  }

  refusal({ originTime, transmitTime }: Packet): DropReason | undefined {
    const duplicate = transmitTime === this.#lastTransmitTime; // test 1
    const bogus = originTime === 0n || originTime !== this.#pending?.nonce; // test 2
    if (!bogus) return undefined;
    return duplicate ? "duplicate" : "bogus-origin";
  }

  /** Nobody but who saw the request can have sent this: it is used up, one reply for each. */
  take({ transmitTime }: Packet): { readonly sentAt: Raw } | DropReason {
    const pending = this.#pending;
    if (pending === undefined) return "bogus-origin";
    this.#pending = undefined;
    this.#lastTransmitTime = transmitTime;
    return { sentAt: pending.sentAt };
  }
}

/** What must not be guessed of a transmit time that is real: some 2 µs. */
const fuzzBits = 13n;

/** Peers: each packet answers the last one of the other side, whenever its own poll is due. */
export class SymmetricExchange implements Exchange {
  readonly answers = [MODE_ACTIVE, MODE_PASSIVE];
  readonly #mode: number;
  #sent: { readonly transmitTime: bigint; at: Raw } | undefined;
  #answered = true;
  /** The other side's last packet: its transmit time, and when it came. */
  #theirs: { readonly transmitTime: bigint; readonly at: Raw } | undefined;

  constructor(mode: typeof MODE_ACTIVE | typeof MODE_PASSIVE) {
    this.#mode = mode;
  }

  compose({ at, version, poll, random, own, now }: Composition): Packet {
    const fuzz = randomNonce(random) & ((1n << fuzzBits) - 1n);
    const transmitTime = ((fold(now(at)) >> fuzzBits) << fuzzBits) | fuzz;
    this.#sent = { transmitTime, at };
    this.#answered = false;
    return {
      ...own,
      version,
      mode: this.#mode,
      stratum: own.stratum >= 16 ? 0 : own.stratum,
      poll,
      referenceTime: fold(own.referenceTime),
      originTime: this.#theirs?.transmitTime ?? 0n,
      receiveTime: this.#theirs === undefined ? 0n : fold(now(this.#theirs.at)),
      transmitTime,
    };
  }

  left(at: Raw): void {
    if (this.#sent !== undefined) this.#sent.at = at;
  }

  /** Packets cross: whether one is of use can only be said when it is known to be no forgery. */
  refusal({ transmitTime }: Packet): DropReason | undefined {
    return transmitTime === this.#theirs?.transmitTime ? "duplicate" : undefined; // test 1
  }

  take(packet: Packet, received: Raw): { readonly sentAt: Raw } | "heard" | DropReason {
    this.#theirs = { transmitTime: packet.transmitTime, at: received };
    if (packet.originTime === 0n) return "heard";
    const sent = this.#sent;
    const bogus = sent === undefined || packet.originTime !== sent.transmitTime; // test 2
    if (bogus || this.#answered) return "bogus-origin";
    this.#answered = true;
    return { sentAt: sent.at };
  }
}

/** 64 bits that nobody can guess, in place of the transmit time; never 0. */
export function randomNonce(random: Random): bigint {
  const bytes = random.bytes(8);
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) | 1n;
}

/** Data minimization: a request says nothing about us that its answer does not need. */
function minimizedRequest(version: number, poll: number, nonce: bigint): Packet {
  return {
    leap: 0,
    version,
    mode: MODE_CLIENT,
    stratum: 0,
    poll,
    precision: dataMinimizedPrecision,
    rootDelay: 0,
    rootDispersion: 0,
    referenceId: 0,
    referenceTime: 0n,
    originTime: 0n,
    receiveTime: 0n,
    transmitTime: nonce,
  };
}
