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
  /** The interleaved mode is to be asked for (RFC 9769). */
  readonly interleaved: boolean;
  now(at: Raw): Timestamp;
}

/** A question and its answer, whose four times make a sample. */
export interface Exchanged {
  readonly sentAt: Raw;
  readonly receivedAt: Raw;
  /** The same two by the clock that nobody touches, as it was then: a leap second moves it. */
  readonly t1: Timestamp;
  readonly t4: Timestamp;
  /** When the other side heard of it, and when it answered, as packets have it. */
  readonly receiveTime: bigint;
  readonly transmitTime: bigint;
}

/** What a packet that is no forgery has brought. */
export interface Taken {
  readonly interleaved: boolean;
  /** undefined: nothing that has not been measured before. */
  readonly exchanged: Exchanged | undefined;
}

/** What is to be known of a packet that is taken in. */
export interface Arrived {
  readonly at: Raw;
  /** False: a kiss, or a server without time. */
  readonly givesTime: boolean;
  undisciplined(at: Raw): Timestamp;
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
   * Takes in a packet that is no forgery: what it brings, "heard" if it answers nothing and need
   * not, or why it is of no use.
   */
  take(packet: Packet, arrived: Arrived): Taken | "heard" | DropReason;
}

const dataMinimizedPrecision = 32;

/** Interleaved requests that may remain unanswered; then the basic mode is tried. */
const interleavedMax = 4;

/** A request that waits for its answer. */
interface Pending {
  readonly nonce: bigint;
  /** The same of an answer in the interleaved mode; undefined: none was asked for. */
  readonly otherNonce: bigint | undefined;
  sentAt: Raw;
}

/**
 * Client and server: the transmit time of a request is a nonce, its answer has it as origin. In the
 * interleaved mode (RFC 9769 section 2) the request names the answer before by its receive time,
 * and its own receive time is another nonce: an answer that has that one as origin tells when the
 * answer before really left, and so completes the exchange before this one. Which mode it is in, a
 * nonce that nobody else knows has said: nobody can bring it about unseen.
 */
export class ClientExchange implements Exchange {
  readonly answers = [MODE_SERVER];
  #pending: Pending | undefined;
  /** The last exchange that gave time, and whether it made a sample already. */
  #previous: { readonly exchanged: Exchanged; readonly measured: boolean } | undefined;
  #unanswered = 0;
  #last = { receiveTime: 0n, transmitTime: 0n };

  compose({ at, version, poll, random, interleaved }: Composition): Packet {
    const nonce = randomNonce(random);
    if (!interleaved || this.#unanswered >= interleavedMax) this.#previous = undefined;
    this.#unanswered++;
    const named = this.#previous?.exchanged.receiveTime;
    const otherNonce = named === undefined ? undefined : nonceOtherThan(nonce, random);
    this.#pending = { nonce, otherNonce, sentAt: at };
    const times = { originTime: named ?? 0n, receiveTime: otherNonce ?? 0n, transmitTime: nonce };
    return { ...minimizedRequest(version, poll), ...times };
  }

  left(at: Raw): void {
    if (this.#pending !== undefined) this.#pending.sentAt = at;
  }

  refusal({ originTime, receiveTime, transmitTime }: Packet): DropReason | undefined {
    const last = this.#last;
    const duplicate = receiveTime === last.receiveTime && transmitTime === last.transmitTime; // 1
    const pending = this.#pending;
    const answers = originTime === pending?.nonce || originTime === pending?.otherNonce;
    if (answers && originTime !== 0n) return undefined; // test 2
    return duplicate ? "duplicate" : "bogus-origin";
  }

  /** Nobody but who saw the request can have sent this: it is used up, one reply for each. */
  take(packet: Packet, { at, givesTime, undisciplined }: Arrived): Taken | DropReason {
    const pending = this.#pending;
    if (pending === undefined) return "bogus-origin";
    this.#pending = undefined;
    this.#unanswered = 0;
    const { originTime, receiveTime, transmitTime } = packet;
    this.#last = { receiveTime, transmitTime };
    const { sentAt } = pending;
    const exchanged: Exchanged = {
      ...{ sentAt, receivedAt: at, t1: undisciplined(sentAt), t4: undisciplined(at) },
      ...{ receiveTime, transmitTime },
    };
    const interleaved = originTime === pending.otherNonce;
    const before = this.#previous;
    this.#previous = givesTime ? { exchanged, measured: !interleaved } : undefined;
    if (!interleaved) return { interleaved, exchanged };
    // The one before was in the basic mode: its sample is there, and is not counted twice.
    if (before === undefined || before.measured) return { interleaved, exchanged: undefined };
    return { interleaved, exchanged: { ...before.exchanged, transmitTime } };
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

  take(packet: Packet, { at, undisciplined }: Arrived): Taken | "heard" | DropReason {
    const { receiveTime, transmitTime } = packet;
    this.#theirs = { transmitTime, at };
    if (packet.originTime === 0n) return "heard";
    const sent = this.#sent;
    const bogus = sent === undefined || packet.originTime !== sent.transmitTime; // test 2
    if (bogus || this.#answered) return "bogus-origin";
    this.#answered = true;
    const { at: sentAt } = sent;
    const exchanged: Exchanged = {
      ...{ sentAt, receivedAt: at, t1: undisciplined(sentAt), t4: undisciplined(at) },
      ...{ receiveTime, transmitTime },
    };
    return { interleaved: false, exchanged };
  }
}

/** 64 bits that nobody can guess, in place of the transmit time; never 0. */
export function randomNonce(random: Random): bigint {
  const bytes = random.bytes(8);
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) | 1n;
}

/** Equal ones would ask for the basic mode, and could not be told apart in its answer. */
function nonceOtherThan(taken: bigint, random: Random): bigint {
  const nonce = randomNonce(random);
  return nonce === taken ? nonce ^ 2n : nonce;
}

/** Data minimization: a request says nothing about us that its answer does not need. */
function minimizedRequest(
  version: number,
  poll: number,
): Omit<Packet, "originTime" | "receiveTime" | "transmitTime"> {
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
  };
}
