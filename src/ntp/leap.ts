import { difference, later, type Timestamp } from "./time.ts";

/** s from 1900 to 1970 (RFC 5905 section 6). */
const unixEpoch = 2_208_988_800n;
const day = 86_400;
/** s before and after a leap second in which other clocks may or may not have gone through it. */
const unsure = 5;
/** s after a leap second in which those that still announce it have only not heard of it. */
const stale = 3_600;

export type LeapWarning = 0 | 1 | 2;

/**
 * The leap second that the sources announce for the end of this month, UTC: 1 inserts one (the
 * last second is gone through twice), 2 leaves one out.
 */
export class LeapSecond {
  #kind: LeapWarning = 0;
  /** When the clock is to be moved. */
  #due: Timestamp | undefined;
  /** When it was last moved, by the clock as it was then. */
  #done: Timestamp | undefined;

  /** What most sources announce now; what is to be passed on of it. */
  announced(leap: LeapWarning, now: Timestamp): LeapWarning {
    const over = this.#done !== undefined && difference(now, this.#done) < stale;
    this.#kind = over ? 0 : leap;
    const end = endOfMonth(now);
    const today = this.#kind !== 0 && difference(end, now) <= day;
    this.#due = !today ? undefined : this.#kind === 1 ? end : later(end, -1);
    return this.#kind;
  }

  /** s until the clock is to be moved; undefined: it is not. */
  remaining(now: Timestamp): number | undefined {
    return this.#due && difference(this.#due, now);
  }

  /** When it is due, once: s that the clock is to be moved by. */
  take(now: Timestamp): -1 | 0 | 1 {
    if (this.#due === undefined || now < this.#due) return 0;
    const moved = this.#kind === 1 ? -1 : 1;
    this.#kind = 0;
    this.#due = undefined;
    this.#done = now;
    return moved;
  }

  /** Whether two clocks may differ by the whole second, for one of them has not heard of it. */
  isClose(now: Timestamp): boolean {
    const near = [this.#due, this.#done];
    return near.some((at) => at !== undefined && Math.abs(difference(now, at)) < unsure);
  }
}

/** What more than half of the sources announce. */
export function majorityLeap(all: readonly number[]): LeapWarning {
  const count = (leap: number): number => all.filter((one) => one === leap).length;
  if (2 * count(1) > all.length) return 1;
  return 2 * count(2) > all.length ? 2 : 0;
}

/** The first moment of the next month, UTC. */
function endOfMonth(now: Timestamp): Timestamp {
  const date = new Date(Number((now >> 32n) - unixEpoch) * 1_000);
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1_000;
  return ((BigInt(next) + unixEpoch) << 32n) as Timestamp;
}
