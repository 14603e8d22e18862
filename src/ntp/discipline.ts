import type { Raw } from "../base/index.ts";
import type { SoftwareClock } from "./clock.ts";
import type { Estimate } from "./estimator.ts";
import { difference, type Timestamp } from "./time.ts";

/** An offset above this (s) is not worked off but jumped over. RFC 5905 section 11.3: STEPT. */
const STEPT = 0.128;
/** Once set, no clock is believed that is so far off (s). RFC 5905 section 11.3: PANICT. */
const PANICT = 1_000;
/** Until the clock has been set, it may jump by as little as this (s). */
const firstStep = 0.001;
/** s/s, beside the frequency. */
const slewMax = 0.005;
/** s: an offset is not worked off faster than within this time. */
const slewMin = 1;

/** Part of the time to the next estimate within which an offset is worked off. */
const slewShare = 0.4;
/** s: nor does it take longer than this, if it is small. */
const slewCalm = 32;

/** What was done to the clock. */
export type Adjustment =
  | { readonly kind: "slew"; readonly offset: number }
  | { readonly kind: "step"; readonly offset: number }
  | { readonly kind: "panic"; readonly offset: number };

/** Keeps the clock where the estimate says that true time is. */
export class Discipline {
  readonly #clock: SoftwareClock;
  readonly #undisciplined: (at: Raw) => Timestamp;
  #set = false;

  constructor(clock: SoftwareClock, undisciplined: (at: Raw) => Timestamp) {
    this.#clock = clock;
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
    if (this.#set && size > PANICT) return { kind: "panic", offset };
    const step = size > (this.#set ? STEPT : firstStep);
    this.#set = true;
    if (step) {
      this.#clock.step(at, estimate.frequency, offset);
      return { kind: "step", offset };
    }
    const calm = Math.min(slewCalm, interval * slewShare);
    const duration = Math.max(slewMin, calm, size / slewMax);
    this.#clock.slew(at, estimate.frequency, offset, duration);
    return { kind: "slew", offset };
  }
}
