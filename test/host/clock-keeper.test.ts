import { expect, test } from "vitest";
import { ClockKeeper } from "../../src/host/clock-keeper.ts";
import { hostClock } from "../../src/host/raw-clock.ts";
import { StartError } from "../../src/host/start-error.ts";
import { MemoryStorage } from "../datastore/storage.ts";

const log = (): void => undefined;
const clock = hostClock(undefined);

test("a clock that was known before starts at its frequency, also with a trial's error", () => {
  const storage = new MemoryStorage();
  const choice = { offset: 0, ppm: 40 };
  const open = (): ClockKeeper => new ClockKeeper({ choice, storage, log, libc: undefined, clock });
  expect(open().start).not.toHaveProperty("drift");
  storage.write("drift", new TextEncoder().encode("-40.5\n"));
  const { drift, frequencyError } = open().start;
  expect(drift).toBeCloseTo(-40.5e-6, 12);
  expect(frequencyError).toBeCloseTo(40e-6, 12);
});

test("--clock system is refused where the C library cannot be called", () => {
  const options = { storage: new MemoryStorage(), log, libc: undefined, clock };
  expect(() => new ClockKeeper({ ...options, choice: "system" })).toThrow(
    new StartError("--clock system: it needs Linux and koffi, an optional dependency"),
  );
});
