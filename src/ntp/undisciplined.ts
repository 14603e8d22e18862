import type { Raw } from "../base/index.ts";
import type { SoftwareClockOptions } from "./clock.ts";
import { later, type Timestamp } from "./time.ts";

const nanosecond = 1e-9;
const second = 1_000_000_000n;

/**
 * The clock that nobody has touched since the start: what all sources are compared with, so that
 * their samples stay true whatever is done to ours. Of leap seconds it is told, for raw time knows
 * none.
 */
export class UndisciplinedClock {
  readonly #start: SoftwareClockOptions;
  #leapt = 0n;

  constructor(start: SoftwareClockOptions) {
    this.#start = start;
  }

  /** s of raw time since the start. */
  seconds(at: Raw): number {
    return Number(at - this.#start.at) * nanosecond;
  }

  time(at: Raw): Timestamp {
    const elapsed = at - this.#start.at;
    const rest = Number(elapsed % second) * nanosecond;
    return later((this.#start.now + ((elapsed / second + this.#leapt) << 32n)) as Timestamp, rest);
  }

  leap(moved: -1 | 1): void {
    this.#leapt += BigInt(moved);
  }
}
