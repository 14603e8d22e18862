import { readFileSync } from "node:fs";
import { difference, type ServerSnapshot, type Timestamp } from "../ntp/index.ts";
import { STA_DEL, STA_INS, STA_UNSYNC, TIME_OOP, TIME_WAIT } from "./abi.ts";
import type { Log } from "./log.ts";
import type { HostClock } from "./raw-clock.ts";
import {
  type KernelClock,
  readKernelClock,
  setKernelClock,
  stepKernelClock,
  type TimeCalls,
} from "./timex.ts";

type Followed = Pick<
  ServerSnapshot,
  "leap" | "rootDelay" | "rootDispersion" | "base" | "baseRaw" | "frequency" | "slew" | "slewUntil"
>;

export interface SystemClockOptions {
  readonly calls: TimeCalls;
  readonly clock: HostClock;
  readonly log: Log;
}

const LEAP_UNKNOWN = 3;
const nanosecond = 1e-9;
const secondsFrom1900To1970 = 2_208_988_800n;
/** s: from here on the kernel's clock jumps to where the engine's is. */
const stepMin = 0.0005;
/** s in which less than that is worked off, and what is not worth it. */
const settleTime = 4;
const negligible = 1e-6;
/** s/s: what the kernel's rate may differ from what was set, by its own rounding. */
const rounding = 1e-10;
const leapTolerance = 0.1;
const dayMs = 86_400_000;
const CAP_SYS_TIME = 25;

/**
 * Makes the kernel's clock do what the engine's does. Both run on the same oscillator, so that the
 * engine's rate is the one to set, and the difference of the two is a matter of when it was set.
 * Before the engine has time, nothing is touched.
 */
export class SystemClock {
  readonly #options: SystemClockOptions;
  #followed: Followed | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What was set last. */
  #rate: number | undefined;
  #failed = false;

  constructor(options: SystemClockOptions) {
    this.#options = options;
  }

  /** The engine's clock was steered, or is to be shown otherwise. */
  follow(snapshot: Followed): void {
    if (snapshot.leap === LEAP_UNKNOWN && this.#followed === undefined) return;
    this.#followed = snapshot;
    this.#steer();
  }

  /** Leaves the clock at the engine's frequency. */
  close(): void {
    clearTimeout(this.#timer);
    const followed = this.#followed;
    this.#followed = undefined;
    if (followed === undefined) return;
    this.#attempt(() => this.#set(followed, followed.frequency));
  }

  #steer(): void {
    clearTimeout(this.#timer);
    const followed = this.#followed;
    if (followed === undefined) return;
    const wait = this.#attempt(() => this.#approach(followed));
    if (wait === undefined) return;
    this.#timer = setTimeout(() => this.#steer(), Math.ceil(wait * 1_000));
    this.#timer.unref();
  }

  /** Goes on as the engine's clock does, and to where it is; the s until that changes, if any. */
  #approach(followed: Followed): number | undefined {
    const { calls, log } = this.#options;
    const kernel = readKernelClock(calls);
    this.#beware(kernel);
    let error = this.#error(followed);
    if (Math.abs(error) >= stepMin && !isLeaping(kernel, error)) {
      stepKernelClock(calls, BigInt(Math.round(error / nanosecond)));
      log("warn", "the system's clock was stepped", { seconds: error });
      error = this.#error(followed);
    }
    const { frequency, slew, slewUntil } = followed;
    const left = Number(slewUntil - this.#options.clock.now()) * nanosecond;
    const slewing = left > 0 && slew !== 0;
    const small = Math.abs(error) < stepMin ? error : 0;
    this.#set(followed, frequency + (slewing ? slew : 0) + small / settleTime);
    if (slewing) return Math.min(left, settleTime);
    return Math.abs(small) > negligible ? settleTime : undefined;
  }

  /** s that the engine's clock is ahead of the kernel's. */
  #error({ base, baseRaw, frequency, slew, slewUntil }: Followed): number {
    const { at, unix } = this.#options.clock.wall();
    const elapsed = Number(at - baseRaw) * nanosecond;
    const slewed = Math.min(elapsed, Math.max(0, Number(slewUntil - baseRaw) * nanosecond)) * slew;
    const kernel = ((unix + secondsFrom1900To1970 * 1_000_000_000n) << 32n) / 1_000_000_000n;
    const cooked = base + ((at - baseRaw) << 32n) / 1_000_000_000n;
    return difference(cooked as Timestamp, kernel as Timestamp) + elapsed * frequency + slewed;
  }

  #set(followed: Followed, rate: number): void {
    const { rootDelay, rootDispersion } = followed;
    const kernel = setKernelClock(this.#options.calls, {
      rate,
      status: this.#status(followed.leap),
      maxError: rootDelay / 2 + rootDispersion,
      estimatedError: rootDispersion,
    });
    this.#rate = kernel.rate;
  }

  /** The kernel carries a leap second out at the end of the day that it hears of it. */
  #status(leap: number): number {
    if (leap === LEAP_UNKNOWN) return STA_UNSYNC;
    if (leap === 0 || !isLastOfMonth(this.#options.clock.wall().unix)) return 0;
    return leap === 1 ? STA_INS : STA_DEL;
  }

  #beware({ rate }: KernelClock): void {
    if (this.#rate === undefined || Math.abs(rate - this.#rate) < rounding) return;
    this.#options.log("warn", "another program steers the system's clock as well", {
      "set-ppm": this.#rate * 1e6,
      "found-ppm": rate * 1e6,
    });
  }

  /** What the kernel refuses is told once: it is refused again and again. */
  #attempt<T>(step: () => T): T | undefined {
    try {
      const result = step();
      this.#failed = false;
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#failed) this.#options.log("error", "cannot steer the system's clock", { reason });
      this.#failed = true;
      return undefined;
    }
  }
}

/** Why this process may not steer the kernel's clock, in words; undefined: it may. */
export function timeRefusal(
  read = (path: string) => readFileSync(path, "utf8"),
): string | undefined {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(read("/proc/self/status"))?.[1] ?? "0";
  if (((BigInt(`0x${effective}`) >> BigInt(CAP_SYS_TIME)) & 1n) === 0n) {
    return "it needs CAP_SYS_TIME (run it as root, or AmbientCapabilities=CAP_SYS_TIME in systemd)";
  }
  // In a user namespace of its own a process has the capability, but not over the clock.
  if (!/^\s*0\s+0\s+4294967295\s*$/.test(read("/proc/self/uid_map"))) {
    return "it needs CAP_SYS_TIME outside of a user namespace";
  }
  return undefined;
}

/** The kernel has done the leap second, and the engine has not heard of it yet. */
function isLeaping({ state }: KernelClock, error: number): boolean {
  const done = state === TIME_OOP || state === TIME_WAIT;
  return done && Math.abs(Math.abs(error) - 1) < leapTolerance;
}

/** UTC: only months end with a leap second (ITU-R TF.460). */
function isLastOfMonth(unix: bigint): boolean {
  return new Date(Number(unix / 1_000_000n) + dayMs).getUTCDate() === 1;
}
