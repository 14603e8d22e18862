import type { Raw } from "../base/index.ts";
import { later, type Timestamp } from "./time.ts";

/** What a clock starts from. */
export interface SoftwareClockOptions {
  readonly at: Raw;
  /** NTP time at `at`, with the initial error of a trial in it. */
  readonly now: Timestamp;
  /** s/s: for a trial, what this clock gains (positive) for each second of raw time; else 0. */
  readonly frequencyError: number;
  /** s/s that it must be made to gain, as an earlier run found; absent: nobody knows. */
  readonly drift?: number;
}

/** Cooked time at r: base + (r - baseRaw) × (1 + frequency), and `slew` more up to slewUntil. */
export interface ClockView {
  readonly base: Timestamp;
  readonly baseRaw: Raw;
  readonly frequency: number;
  readonly slew: number;
  readonly slewUntil: Raw;
}

const nanosecond = 1e-9;

/**
 * The clock that the engine disciplines: NTP time as a function of raw time. It goes at the
 * frequency last set, and beside that works off an offset while a slew lasts. Only the discipline
 * may call `slew` and `step`; everybody else calls `cook`, which changes nothing.
 */
export class SoftwareClock {
  #base: Timestamp;
  #baseRaw: Raw;
  #frequency: number;
  #slew = 0;
  #slewUntil: Raw;

  constructor({ at, now, frequencyError, drift = 0 }: SoftwareClockOptions) {
    this.#base = now;
    this.#baseRaw = at;
    this.#frequency = frequencyError + drift;
    this.#slewUntil = at;
  }

  /** NTP time at a raw time. */
  cook(at: Raw): Timestamp {
    const elapsed = Number(at - this.#baseRaw) * nanosecond;
    const slewed = Math.min(Math.max(elapsed, 0), this.#slewSeconds()) * this.#slew;
    // The whole nanoseconds are exact; only the small correction goes through a double.
    const whole = ((at - this.#baseRaw) << 32n) / 1_000_000_000n;
    return later((this.#base + whole) as Timestamp, elapsed * this.#frequency + slewed);
  }

  /** s/s gained on raw time, without what a slew adds. */
  get frequency(): number {
    return this.#frequency;
  }

  /** s that are still to be worked off at a moment: positive if the clock is behind. */
  pending(at: Raw): number {
    const left = Number(this.#slewUntil - at) * nanosecond;
    return left > 0 ? Math.min(left, this.#slewSeconds()) * this.#slew : 0;
  }

  /** From now on the clock goes at `frequency`, and gains `offset` s more within `duration` s. */
  slew(at: Raw, frequency: number, offset: number, duration: number): void {
    this.#rebase(at);
    this.#frequency = frequency;
    this.#slew = duration > 0 ? offset / duration : 0;
    this.#slewUntil = (at + BigInt(Math.round(duration / nanosecond))) as Raw;
  }

  /** The clock jumps by `offset` s, and goes on at `frequency`; a slew ends. */
  step(at: Raw, frequency: number, offset: number): void {
    this.slew(at, frequency, 0, 0);
    this.#base = later(this.#base, offset);
  }

  /** The clock as numbers from a moment on, for the responder. */
  rebased(at: Raw): ClockView {
    const left = this.#slewUntil > at;
    return {
      base: this.cook(at),
      baseRaw: at,
      frequency: this.#frequency,
      slew: left ? this.#slew : 0,
      slewUntil: left ? this.#slewUntil : at,
    };
  }

  #slewSeconds(): number {
    return Number(this.#slewUntil - this.#baseRaw) * nanosecond;
  }

  #rebase(at: Raw): void {
    this.#base = this.cook(at);
    this.#baseRaw = at;
  }
}
