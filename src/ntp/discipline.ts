import type { Raw } from "../base/index.ts";
import type { SoftwareClock } from "./clock.ts";
import type { Estimate } from "./estimator.ts";
import { difference, type Timestamp } from "./time.ts";

/** Until the clock has been set, it may jump by as little as this (s). */
const firstStep = 0.001;
/** s/s that no oscillator that works is off by (RFC 5905 section 11.3). */
const frequencyMax = 500e-6;
/** s/s, beside the frequency. */
const slewMax = 0.005;
/** s: an offset is not worked off faster than within this time. */
const slewMin = 1;

/** Part of the time to the next estimate within which an offset is worked off. */
const slewShare = 0.4;
/** s: nor does it take longer than this, if it is small. */
const slewCalm = 32;

/** What may be done to a clock that was set once, in s; undefined: anything, or nothing. */
export interface DisciplineBounds {
  /** A larger offset is not worked off but jumped over (RFC 5905 section 11.3, STEPT). */
  readonly stepThreshold: number | undefined;
  /** A larger offset is not believed (RFC 5905 section 11.3, PANICT). */
  readonly panicThreshold: number | undefined;
}

/** What was done to the clock. */
export type Adjustment =
  | { readonly kind: "slew"; readonly offset: number }
  | { readonly kind: "step"; readonly offset: number }
  | { readonly kind: "panic"; readonly offset: number };

/** Keeps the clock where the estimate says that true time is. */
export class Discipline {
  readonly #clock: SoftwareClock;
  readonly #undisciplined: (at: Raw) => Timestamp;
  readonly #bounds: DisciplineBounds;
  #set = false;
  /** s: the sum of all steps since the clock was set first. */
  #stepped = 0;

  constructor(
    clock: SoftwareClock,
    undisciplined: (at: Raw) => Timestamp,
    bounds: DisciplineBounds,
  ) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#undisciplined = undisciplined;
  }

  /** s that true time is ahead of the clock by an estimate made for that moment. */
  offset(estimate: Estimate, at: Raw): number {
    return estimate.offset - difference(this.#clock.cook(at), this.#undisciplined(at));
  }

  /** `interval` (s) is how soon there will be another estimate. */
  adjust(estimate: Estimate, at: Raw, interval: number): Adjustment {
    const offset = this.offset(estimate, at);
    const size = Math.abs(offset);
    const { stepThreshold = Infinity, panicThreshold = Infinity } = this.#bounds;
    const step = size > (this.#set ? stepThreshold : firstStep);
    // Many steps lead no further than one may.
    const stepped = this.#set && step ? this.#stepped + offset : 0;
    if (this.#set && Math.max(size, Math.abs(stepped)) > panicThreshold) {
      return { kind: "panic", offset };
    }
    this.#set = true;
    const frequency = Math.max(-frequencyMax, Math.min(frequencyMax, estimate.frequency));
    if (step) {
      this.#stepped = stepped;
      this.#clock.step(at, frequency, offset);
      return { kind: "step", offset };
    }
    const calm = Math.min(slewCalm, interval * slewShare);
    const duration = Math.max(slewMin, calm, size / slewMax);
    this.#clock.slew(at, frequency, offset, duration);
    return { kind: "slew", offset };
  }
}
