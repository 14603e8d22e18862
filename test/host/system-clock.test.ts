import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Raw } from "../../src/base/index.ts";
import { loadLibc } from "../../src/host/libc.ts";
import { hostClock } from "../../src/host/raw-clock.ts";
import { SystemClock, timeRefusal } from "../../src/host/system-clock.ts";
import { readKernelClock, type TimeCalls } from "../../src/host/timex.ts";
import type { Timestamp } from "../../src/ntp/index.ts";

// No test calls clock_adjtime of the real kernel with anything to set: this one only remembers.

const setOffset = 0x2100;
const setAll = 0x401e;
const [insert, leaveOut, unsynchronized] = [0x10, 0x20, 0x40];
/** 2026-11-26, noon; and the last day of that month. */
const noon = BigInt(Date.UTC(2026, 10, 26, 12)) * 1_000_000n;
const lastDay = BigInt(Date.UTC(2026, 10, 30, 12)) * 1_000_000n;

/** A kernel whose clock does what clock_adjtime says, and nothing else. */
class Kernel {
  raw = 1_000_000_000_000n;
  rate = 0;
  status = unsynchronized;
  state = 5;
  refuses = false;
  readonly modes: number[] = [];
  readonly logged: string[] = [];
  #real: bigint;

  constructor(unix: bigint) {
    this.#real = unix;
  }

  get real(): bigint {
    return this.#real;
  }

  run(seconds: number): void {
    // As fine as the timers that are to go off meanwhile.
    for (let left = Math.round(seconds * 100); left > 0; left--) {
      this.raw += 10_000_000n;
      this.#real += BigInt(Math.round(10_000_000 * (1 + this.rate)));
      vi.advanceTimersByTime(10);
    }
  }

  readonly clock = {
    now: (): Raw => this.raw as Raw,
    wall: () => ({ at: this.raw as Raw, unix: this.#real }),
  };

  readonly calls: TimeCalls = {
    errorName: () => "EPERM",
    clock_adjtime: (clock, pointer) => {
      expect(clock).toBe(0);
      const view = pointer as DataView;
      expect(view.byteLength).toBe(208);
      const modes = view.getUint32(0, true);
      if (modes !== 0) {
        if (this.refuses) return -1;
        this.modes.push(modes);
        expect([setOffset, setAll]).toContain(modes);
      }
      if (modes === setOffset) {
        const part = view.getBigInt64(80, true);
        expect(part >= 0n && part < 1_000_000_000n).toBe(true);
        this.#real += view.getBigInt64(72, true) * 1_000_000_000n + part;
      } else if (modes === setAll) {
        const [ticks, units] = [view.getBigInt64(88, true) - 10_000n, view.getBigInt64(16, true)];
        // What the kernel takes of each: a tenth, and 500 parts per million.
        expect(Math.abs(Number(ticks))).toBeLessThanOrEqual(1_000);
        expect(Math.abs(Number(units))).toBeLessThanOrEqual(500 * 65_536);
        this.rate = Number(ticks) * 1e-4 + (Number(units) / 65_536) * 1e-6;
        this.status = view.getInt32(40, true);
      }
      const ticks = Math.round(this.rate / 1e-4);
      view.setBigInt64(88, 10_000n + BigInt(ticks), true);
      view.setBigInt64(16, BigInt(Math.round((this.rate - ticks * 1e-4) * 1e6 * 65_536)), true);
      return this.state;
    },
  };

  system(): SystemClock {
    const log = (_level: string, message: string): unknown => this.logged.push(message);
    return new SystemClock({ calls: this.calls, clock: this.clock, log });
  }

  /** What the engine publishes when its clock is so many s ahead of the kernel's. */
  snapshot(
    ahead: number,
    more: { frequency?: number; slew?: number; leap?: number; for?: number },
  ) {
    const now = ((this.real + 2_208_988_800_000_000_000n) << 32n) / 1_000_000_000n;
    return {
      leap: more.leap ?? 0,
      rootDelay: 0.01,
      rootDispersion: 0.002,
      base: (now + BigInt(Math.round(ahead * 2 ** 32))) as Timestamp,
      baseRaw: this.raw as Raw,
      frequency: more.frequency ?? 0,
      slew: more.slew ?? 0,
      slewUntil: (this.raw + BigInt(Math.round((more.for ?? 0) * 1e9))) as Raw,
    };
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the system's clock", () => {
  test.each([0.3, -1.7, 3_600.25])("jumps by %f s where the engine's does", (ahead) => {
    const kernel = new Kernel(noon);
    const before = kernel.real;
    kernel.system().follow(kernel.snapshot(ahead, { frequency: 12.5e-6 }));
    expect(kernel.modes).toEqual([setOffset, setAll]);
    expect(Math.abs(Number(kernel.real - before) / 1e9 - ahead)).toBeLessThan(2e-9);
    expect(kernel.rate).toBeCloseTo(12.5e-6, 9);
  });

  test.each([
    [0.02, 5e-3, 4],
    [-0.001, -250e-6, 4],
    [0.0001, 5e-6, 20],
  ])("works off %f s at the rate and for the time that the engine does", (offset, slew, time) => {
    const kernel = new Kernel(noon);
    const system = kernel.system();
    const start = { raw: kernel.raw, real: kernel.real };
    system.follow(kernel.snapshot(0, { frequency: -87e-6, slew, for: time }));
    expect(kernel.modes).toEqual([setAll]);
    expect(kernel.rate).toBeCloseTo(slew - 87e-6, 10);
    kernel.run(60);
    const elapsed = Number(kernel.raw - start.raw) / 1e9;
    const expected = elapsed * (1 - 87e-6) + offset;
    expect(Math.abs(Number(kernel.real - start.real) / 1e9 - expected)).toBeLessThan(2e-6);
    expect(kernel.rate).toBeCloseTo(-87e-6, 8);
    expect(kernel.modes).not.toContain(setOffset);
    const { length } = kernel.modes;
    kernel.run(600);
    expect(kernel.modes).toHaveLength(length);
  });

  test("a little is worked off without a jump", () => {
    const kernel = new Kernel(noon);
    const system = kernel.system();
    const snapshot = kernel.snapshot(0.0003, {});
    const before = kernel.real;
    system.follow(snapshot);
    kernel.run(60);
    expect(kernel.modes).not.toContain(setOffset);
    expect(Math.abs(Number(kernel.real - before) / 1e9 - 60.0003)).toBeLessThan(2e-6);
  });

  test("is not touched before the engine has time, and is left at its frequency", () => {
    const kernel = new Kernel(noon);
    const system = kernel.system();
    system.follow(kernel.snapshot(5, { leap: 3 }));
    system.close();
    expect(kernel.modes).toEqual([]);
    system.follow(kernel.snapshot(0, { frequency: 3e-6, slew: 1e-3, for: 100 }));
    expect(kernel.status).toBe(0);
    system.close();
    expect(kernel.rate).toBeCloseTo(3e-6, 10);
    kernel.run(200);
    expect(kernel.rate).toBeCloseTo(3e-6, 10);
  });

  test("hears of a leap second on the last day of a month, and of lost time", () => {
    for (const [unix, status] of [
      [noon, 0],
      [lastDay, insert],
    ] as const) {
      const kernel = new Kernel(unix);
      const system = kernel.system();
      system.follow(kernel.snapshot(0, { leap: 1 }));
      expect(kernel.status).toBe(status);
      system.follow(kernel.snapshot(0, { leap: 3 }));
      expect(kernel.status).toBe(unsynchronized);
      system.close();
    }
  });

  test("is told which leap second it is, and no longer when none is announced or it is over", () => {
    for (const [leap, status] of [
      [1, insert],
      [2, leaveOut],
    ] as const) {
      const kernel = new Kernel(lastDay);
      const system = kernel.system();
      system.follow(kernel.snapshot(0, { leap }));
      expect(kernel.status).toBe(status);
      system.follow(kernel.snapshot(0, { leap: 0 }));
      expect(kernel.status).toBe(0);
      system.follow(kernel.snapshot(0, { leap }));
      expect(kernel.status).toBe(status);
      system.close();
      // Whoever ends before midnight leaves it announced: the kernel does it all the same.
      expect(kernel.status).toBe(status);
      const over = new Kernel(lastDay + 86_400_000_000_000n);
      const next = over.system();
      next.follow(over.snapshot(0, { leap }));
      expect(over.status).toBe(0);
      next.close();
    }
  });

  test("does not undo the kernel's leap second before the engine has heard of it", () => {
    const kernel = new Kernel(lastDay);
    const system = kernel.system();
    kernel.state = 4;
    system.follow(kernel.snapshot(1, { leap: 1 }));
    expect(kernel.modes).toEqual([setAll]);
    kernel.state = 0;
    system.follow(kernel.snapshot(1, {}));
    expect(kernel.modes).toContain(setOffset);
    system.close();
  });

  test("what the kernel refuses is told, once", () => {
    const kernel = new Kernel(noon);
    const system = kernel.system();
    kernel.refuses = true;
    system.follow(kernel.snapshot(1, {}));
    system.follow(kernel.snapshot(1, {}));
    expect(kernel.logged).toEqual(["cannot steer the system's clock"]);
    system.close();
  });

  test("another program that steers it is noticed", () => {
    const kernel = new Kernel(noon);
    const system = kernel.system();
    system.follow(kernel.snapshot(0, {}));
    system.follow(kernel.snapshot(0, {}));
    expect(kernel.logged).toEqual([]);
    kernel.rate = 40e-6;
    system.follow(kernel.snapshot(0, {}));
    expect(kernel.logged).toEqual(["another program steers the system's clock as well"]);
    system.close();
  });
});

test.each([
  ["0000000002000000", "         0          0 4294967295\n", undefined],
  ["0000000000003000", "         0          0 4294967295\n", "it needs CAP_SYS_TIME (run"],
  ["000001ffffffffff", "         0       1000          1\n", "outside of a user namespace"],
])("with the capabilities %s a process may steer it, or is told why not", (effective, map, why) => {
  const refusal = timeRefusal((path) =>
    path.endsWith("uid_map") ? map : `Name:\tnode\nCapEff:\t${effective}\n`,
  );
  if (why === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toContain(why);
});

const libc = loadLibc();
describe.skipIf(libc === undefined)("the real kernel", () => {
  test("says how its clock goes, when asked without anything to set", () => {
    if (libc === undefined) return;
    const kernel = readKernelClock({
      errorName: libc.errorName,
      clock_adjtime: (clock, view) => {
        expect((view as DataView).getUint32(0, true)).toBe(0);
        return libc.clock_adjtime(clock, view);
      },
    });
    expect(Math.abs(kernel.rate)).toBeLessThan(0.1);
    expect(kernel.state).toBeLessThanOrEqual(5);
    expect(kernel.maxError).toBeGreaterThanOrEqual(0);
    expect(Math.abs(kernel.tai)).toBeLessThan(100);
    // The rate is that of its two clocks against each other.
    const clock = hostClock(libc);
    const [first, until] = [clock.wall(), Date.now() + 20];
    while (Date.now() < until);
    const last = clock.wall();
    const gained = Number(last.unix - first.unix) / Number(last.at - first.at) - 1;
    expect(Math.abs(gained - kernel.rate)).toBeLessThan(200e-6);
  });
});
