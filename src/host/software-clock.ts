import type { ClockStart } from "../agent/index.ts";
import type { Timestamp } from "../ntp/index.ts";
import type { HostClock } from "./raw-clock.ts";

/** How wrong a trial's clock is to be. */
export interface ClockTrial {
  /** s, added to the time of day. */
  readonly offset: number;
  /** What the oscillator gains, parts per million. */
  readonly ppm: number;
}

const secondsFrom1900To1970 = 2_208_988_800n;
const nanosecond = 1_000_000_000n;
const readings = 200;

/** The software clock's start: the system's time of day, and the trial's error. */
export function clockStart(clock: HostClock, trial: ClockTrial): ClockStart {
  const { at, unix } = clock.wall();
  const ntp = ((unix + secondsFrom1900To1970 * nanosecond) << 32n) / nanosecond;
  const error = BigInt(Math.round(trial.offset * 2 ** 32));
  return {
    at,
    now: (ntp + error) as Timestamp,
    frequencyError: trial.ppm * 1e-6,
    precision: precisionOf(clock),
  };
}

/** RFC 5905 section 7.3: log2 of the time that it takes to read the clock, in s. */
function precisionOf(clock: HostClock): number {
  let least = nanosecond;
  for (let i = 0; i < readings; i++) {
    const before = clock.now();
    const step = clock.now() - before;
    if (step > 0n && step < least) least = step;
  }
  return Math.ceil(Math.log2(Number(least) / Number(nanosecond)));
}
