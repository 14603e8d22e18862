import type { Random, Raw } from "../base/index.ts";
import { BCOUNT, BTIME } from "./constants.ts";

interface PollLimits {
  readonly minpoll: number;
  readonly maxpoll: number;
  readonly burst: boolean;
}

const nanosecondsPerSecond = 1e9;
/** Answers that the first burst wants. */
const ICOUNT = 5;
/** Part of the interval after which a request without an answer is made again. */
const hurry = 0.75;

/** When an association asks next (RFC 5905 section 13). */
export class PollControl {
  /** Raw time of the next request. */
  next: Raw;
  #limits: PollLimits;
  /** s between two requests, within the limits. */
  #interval: number;
  /** Answers that a burst still wants, and requests that it may still spend on them. */
  #wanted = 0;
  #tries = 0;
  #gap = BTIME;
  #alone = true;
  /** log2 s, set by a kiss-o'-death: no more often than this. */
  #floor = Number.NEGATIVE_INFINITY;

  constructor(limits: PollLimits, quick: boolean, at: Raw) {
    this.#limits = limits;
    this.#interval = 2 ** limits.minpoll;
    if (quick) this.#startBurst(ICOUNT);
    this.next = at;
  }

  /** s between two requests */
  get interval(): number {
    return this.#interval;
  }

  /** log2 s: what packets say of the interval. */
  get exponent(): number {
    return Math.round(Math.log2(this.#interval));
  }

  /** New limits for what goes on. */
  limit(limits: PollLimits, at: Raw): void {
    this.#limits = limits;
    this.suggest(this.#interval);
    const latest = after(at, this.#interval);
    if (this.next > latest) this.next = latest;
  }

  /** So many s would be right: taken as far as the limits allow. */
  suggest(seconds: number): void {
    const { minpoll, maxpoll } = this.#limits;
    const least = 2 ** Math.max(this.#floor, minpoll) * 1.03;
    this.#interval = Math.min(Math.max(seconds, least), 2 ** maxpoll);
  }

  /** One of so many servers: what others say makes up for answers that are lost. */
  among(servers: number): void {
    this.#alone = servers === 1;
  }

  /** A request went out; `unreach` is how many have since the last answer. */
  sent(at: Raw, unreach: number, random: Random): void {
    if (this.#wanted === 0 && this.#limits.burst && unreach <= 1) this.#startBurst(BCOUNT);
    if (this.#wanted > 0 && this.#tries > 0) {
      this.#tries--;
      this.next = after(at, Math.min(this.#gap, this.#interval));
      return;
    }
    this.#wanted = 0;
    // What an only server lost is asked for again a little sooner, as long as the interval still
    // grows: later it would be so for good, and a path that loses much would be burdened more than
    // others.
    const { minpoll, maxpoll } = this.#limits;
    const hurried = this.#alone && unreach > 1 && this.#interval < 2 ** maxpoll;
    const wait = hurried ? Math.max(this.#interval * hurry, 2 ** minpoll) : this.#interval;
    this.next = after(at, wait * (1 + (random.fraction() - 0.5) / 64));
  }

  /** An answer that gave time. */
  answered(): void {
    if (this.#wanted === 0) return;
    this.#wanted--;
    // The further apart its samples, the more a burst says of the frequency.
    if (!this.#limits.burst) this.#gap *= 2;
  }

  /** The server wants fewer packets: RFC 5905 section 7.4, "RATE". */
  slowDown(asked: number): void {
    this.#wanted = 0;
    const { maxpoll } = this.#limits;
    this.#floor = Math.min(maxpoll, Math.max(this.exponent + 1, Math.min(asked, maxpoll)));
    this.suggest(2 ** this.#floor);
  }

  /** The server wants no packets at all. */
  giveUp(): void {
    this.#wanted = 0;
    this.#floor = this.#limits.maxpoll;
    this.suggest(2 ** this.#floor);
  }

  #startBurst(answers: number): void {
    this.#wanted = answers - 1;
    this.#tries = 2 * answers - 1;
    this.#gap = BTIME;
  }
}

/** So many s later. */
export function after(at: Raw, seconds: number): Raw {
  return (at + BigInt(Math.round(seconds * nanosecondsPerSecond))) as Raw;
}
