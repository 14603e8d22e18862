import { expect, test } from "vitest";
import { DriftFile } from "../../src/host/drift-file.ts";
import { MemoryStorage } from "../datastore/storage.ts";

const trial = 40e-6;

function world(storage = new MemoryStorage()) {
  const logged: string[] = [];
  const log = (_level: string, message: string): unknown => logged.push(message);
  const drift = new DriftFile(storage, log, trial);
  const note = (minutes: number, frequency: number, leap = 0): void =>
    drift.note({ leap, frequency, baseRaw: (BigInt(minutes * 60) * 1_000_000_000n) as never });
  const kept = (): string => new TextDecoder().decode(storage.read("drift"));
  return { storage, logged, drift, note, kept };
}

test("what was learned is what the next run starts with, without a trial's error", () => {
  const { storage, drift, note, kept } = world();
  expect(drift.read()).toBeUndefined();
  for (let minutes = 0; minutes <= 40; minutes++) note(minutes, trial - 12.345e-6);
  expect(kept()).toBe("-12.345000\n");
  for (let minutes = 41; minutes <= 80; minutes++) note(minutes, trial - 13e-6);
  expect(kept()).toBe("-12.345000\n");
  drift.write();
  expect(kept()).toBe("-13.000000\n");
  expect(world(storage).drift.read()).toBeCloseTo(-13e-6, 12);
});

test("what was learned in a hurry, or without time, is not kept", () => {
  const { storage, drift, note } = world();
  for (let minutes = 0; minutes < 25; minutes++) note(minutes, 9e-6);
  note(25, 9e-6, 3);
  for (let minutes = 26; minutes < 50; minutes++) note(minutes, 9e-6);
  drift.write();
  expect(storage.read("drift")).toBeUndefined();
});

test.each(["", "fast\n", "NaN", "501\n"])("a file that says %j is not used", (text) => {
  const { storage, drift, logged } = world();
  storage.write("drift", new TextEncoder().encode(text));
  expect(drift.read()).toBeUndefined();
  expect(logged).toEqual(["the drift file holds no frequency and is not used"]);
});

test("a disk that is full stops nothing", () => {
  const { storage, logged, drift, note } = world();
  for (let minutes = 0; minutes <= 29; minutes++) note(minutes, 0);
  storage.failsIn = 0;
  note(31, 0);
  drift.write();
  expect(logged).toEqual(["the disk is full", "the disk is full"]);
});
