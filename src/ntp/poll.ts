import type { Random, Raw } from "../base/index.ts";
import { BCOUNT, BTIME } from "./constants.ts";

interface PollLimits {
  readonly minpoll: number;
  readonly maxpoll: number;
  readonly burst: boolean;
}

const nanosecondsPerSecond = 1e9;

/** When an association asks next (RFC 5905 section 13). */
export class PollControl {
  /** Raw time of the next request. */
  next: Raw;
  #limits: PollLimits;
  /** s between two requests, within the limits. */
  #interval: number;
  /** Requests of a burst that are still to follow. */
  #burst: number;
  /** Set by a kiss-o'-death: no more often than this. */
  #floor: number;

  constructor(limits: PollLimits, quick: boolean, at: Raw) {
    this.#limits = limits;
    this.#interval = 2 ** limits.minpoll;
    this.#floor = limits.minpoll;
    this.#burst = quick ? BCOUNT : 0;
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
    this.#floor = Math.max(this.#floor, limits.minpoll);
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

  sent(at: Raw, unreach: number, random: Random): void {
    if (this.#burst > 0) this.#burst--;
    // The first packet of a burst is sent alone: the rest follow only if somebody answers.
    const bursting = this.#burst > 0 && unreach <= 2;
    const interval = bursting ? Math.min(BTIME, this.#interval) : this.#interval;
    this.next = after(at, interval * (bursting ? 1 : 1 + (random.fraction() - 0.5) / 64));
  }

  /** The server wants fewer packets: RFC 5905 section 7.4, "RATE". */
  slowDown(asked: number): void {
    this.#burst = 0;
    const { maxpoll } = this.#limits;
    this.#floor = Math.min(maxpoll, Math.max(this.exponent + 1, Math.min(asked, maxpoll)));
    this.suggest(2 ** this.#floor);
  }

  /** The server wants no packets at all. */
  giveUp(): void {
    this.#burst = 0;
    this.#floor = this.#limits.maxpoll;
    this.suggest(2 ** this.#floor);
  }
}

/** So many s later. */
export function after(at: Raw, seconds: number): Raw {
  return (at + BigInt(Math.round(seconds * nanosecondsPerSecond))) as Raw;
}
