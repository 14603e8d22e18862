import {
  ADJ_ESTERROR,
  ADJ_FREQUENCY,
  ADJ_MAXERROR,
  ADJ_NANO,
  ADJ_SETOFFSET,
  ADJ_STATUS,
  ADJ_TICK,
  timex,
} from "./abi.ts";
import type { Libc } from "./libc.ts";

/** What the kernel says of its clock (clock_adjtime(2)); s and s/s. */
export interface KernelClock {
  /** How much it is made to gain on the raw clock, by frequency and tick together. */
  readonly rate: number;
  readonly status: number;
  /** TIME_OK, TIME_INS, TIME_DEL, TIME_OOP, TIME_WAIT, TIME_ERROR. */
  readonly state: number;
  readonly maxError: number;
  readonly estimatedError: number;
  /** s that TAI is ahead of UTC. */
  readonly tai: number;
}

/** What is to be set of it. */
export interface KernelSettings {
  /** s/s, at most a tenth. */
  readonly rate: number;
  readonly status: number;
  readonly maxError: number;
  readonly estimatedError: number;
}

const CLOCK_REALTIME = 0;
/** Units of the frequency field: 2^-16 parts per million. */
const frequencyUnit = 1e-6 / 65_536;
/** us: the nominal length of a tick. One more makes the clock gain 100 parts per million. */
const tickNominal = 10_000;
const tickUnit = 1 / tickNominal;
const microsecond = 1e-6;
const nanosecondsPerSecond = 1_000_000_000n;

/** What of the C library is used here. */
export type TimeCalls = Pick<Libc, "clock_adjtime" | "errorName">;

/** The kernel's clock as it is: changes nothing, and needs no privilege. Throws where it fails. */
export function readKernelClock(libc: TimeCalls): KernelClock {
  return call(libc, new DataView(new ArrayBuffer(timex.size)));
}

/** Makes the clock go at a rate, and says how good it is. TAI and the phase are left alone. */
export function setKernelClock(
  libc: TimeCalls,
  { rate, status, maxError, estimatedError }: KernelSettings,
): KernelClock {
  const view = new DataView(new ArrayBuffer(timex.size));
  // The frequency alone reaches 500 parts per million: the tick does the rest, coarsely.
  const ticks = Math.round(rate / tickUnit);
  view.setUint32(
    timex.modes,
    ADJ_FREQUENCY | ADJ_TICK | ADJ_STATUS | ADJ_MAXERROR | ADJ_ESTERROR,
    true,
  );
  set(view, timex.frequency, Math.round((rate - ticks * tickUnit) / frequencyUnit));
  set(view, timex.tick, tickNominal + ticks);
  set(view, timex.maxError, Math.round(maxError / microsecond));
  set(view, timex.estimatedError, Math.round(estimatedError / microsecond));
  view.setInt32(timex.status, status, true);
  return call(libc, view);
}

/** Makes the clock jump by so many ns. */
export function stepKernelClock(libc: TimeCalls, nanoseconds: bigint): KernelClock {
  const view = new DataView(new ArrayBuffer(timex.size));
  view.setUint32(timex.modes, ADJ_SETOFFSET | ADJ_NANO, true);
  // The part of a second is never negative.
  const part = ((nanoseconds % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond;
  view.setBigInt64(timex.seconds, (nanoseconds - part) / nanosecondsPerSecond, true);
  view.setBigInt64(timex.part, part, true);
  return call(libc, view);
}

function call(libc: TimeCalls, view: DataView): KernelClock {
  const state = libc.clock_adjtime(CLOCK_REALTIME, view);
  if (state < 0) throw new Error(`clock_adjtime: ${libc.errorName()}`);
  const ticks = Number(view.getBigInt64(timex.tick, true)) - tickNominal;
  const frequency = Number(view.getBigInt64(timex.frequency, true)) * frequencyUnit;
  return {
    rate: ticks * tickUnit + frequency,
    status: view.getInt32(timex.status, true),
    state,
    maxError: Number(view.getBigInt64(timex.maxError, true)) * microsecond,
    estimatedError: Number(view.getBigInt64(timex.estimatedError, true)) * microsecond,
    tai: view.getInt32(timex.tai, true),
  };
}

function set(view: DataView, at: number, value: number): void {
  view.setBigInt64(at, BigInt(value), true);
}
