import type { Raw } from "../base/index.ts";
import type { Libc } from "./libc.ts";

/** The raw clock, and what the system takes the time of day to be. */
export interface HostClock {
  now(): Raw;
  /** One moment on both clocks; `unix` is ns since 1970 by CLOCK_REALTIME. */
  wall(): { readonly at: Raw; readonly unix: bigint };
}

const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC_RAW = 4;
const second = 1_000_000_000n;
const millisecond = 1_000_000n;
/** The narrowest of so many readings is taken: a reading may be interrupted. */
const readings = 5;

/** CLOCK_MONOTONIC_RAW where the C library can be called, the slewed monotonic clock elsewhere. */
export function hostClock(libc: Libc | undefined): HostClock {
  return libc === undefined ? portableClock() : kernelClock(libc);
}

function kernelClock(libc: Libc): HostClock {
  const time = new BigInt64Array(2);
  const read = (clock: number): bigint => {
    libc.clock_gettime(clock, time);
    return (time[0] ?? 0n) * second + (time[1] ?? 0n);
  };
  const now = (): Raw => read(CLOCK_MONOTONIC_RAW) as Raw;
  return {
    now,
    wall: () => {
      let best: { at: Raw; unix: bigint; width: bigint } | undefined;
      for (let i = 0; i < readings; i++) {
        const before = now();
        const unix = read(CLOCK_REALTIME);
        const width = now() - before;
        if (best === undefined || width < best.width) {
          best = { at: (before + width / 2n) as Raw, unix, width };
        }
      }
      return best ?? { at: now(), unix: read(CLOCK_REALTIME) };
    },
  };
}

function portableClock(): HostClock {
  const now = (): Raw => process.hrtime.bigint() as Raw;
  return {
    now,
    wall: () => {
      // Date.now() counts whole milliseconds: the moment at which it changes is exact.
      const before = Date.now();
      let after = before;
      while (after === before) after = Date.now();
      return { at: now(), unix: BigInt(after) * millisecond };
    },
  };
}
