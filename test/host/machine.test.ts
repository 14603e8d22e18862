import { describe, expect, test } from "vitest";
import { InterfaceWatch, readInterfaces } from "../../src/host/interfaces.ts";
import { loadLibc } from "../../src/host/libc.ts";
import { hostClock } from "../../src/host/raw-clock.ts";
import { clockStart } from "../../src/host/software-clock.ts";
import type { NetworkInterface } from "../../src/ntp/index.ts";
import { built } from "./built.ts";

const libc = loadLibc();

describe.each([
  ["the kernel's", libc],
  ["the portable", undefined],
])("%s clock", (_, calls) => {
  const clock = hostClock(calls);

  test("never goes back, and agrees with the time of day", () => {
    let last = clock.now();
    for (let i = 0; i < 1_000; i++) {
      const now = clock.now();
      expect(now >= last).toBe(true);
      last = now;
    }
    const before = BigInt(Date.now()) * 1_000_000n;
    const { at, unix } = clock.wall();
    expect(unix - before).toBeGreaterThanOrEqual(-1_000_000n);
    expect(unix - before).toBeLessThan(500_000_000n);
    expect(at >= last && at <= clock.now()).toBe(true);
  });

  test("starts the software clock with a trial's error", () => {
    const right = clockStart(clock, { offset: 0, ppm: 0 });
    const wrong = clockStart(clock, { offset: -0.5, ppm: 40 });
    const seconds = Number(wrong.now - right.now) / 2 ** 32 - Number(wrong.at - right.at) / 1e9;
    expect(seconds).toBeCloseTo(-0.5, 2);
    expect(Number(right.now >> 32n) - 2_208_988_800).toBeCloseTo(Date.now() / 1_000, -1);
    expect(wrong.frequencyError).toBeCloseTo(40e-6, 12);
    expect(right.precision).toBeGreaterThanOrEqual(-30);
    expect(right.precision).toBeLessThanOrEqual(-10);
  });
});

describe("interfaces", () => {
  test.each([
    ["with", libc],
    ["without", undefined],
  ])("%s the C library, loopback is there", (_, calls) => {
    const loopback = readInterfaces(calls).find((one) => one.name === "lo");
    expect(loopback).toMatchObject({ index: 1, up: true });
    expect(loopback?.addresses).toContain("127.0.0.1");
  });

  test("a change is told once", () => {
    const lo: NetworkInterface = { name: "lo", index: 1, up: true, addresses: ["127.0.0.1"] };
    let now: readonly NetworkInterface[] = [lo];
    const told: (readonly NetworkInterface[])[] = [];
    const watch = new InterfaceWatch(
      () => now,
      (list) => told.push(list),
      60_000,
    );
    watch.look();
    now = [lo, { ...lo, name: "eth0", index: 2 }];
    watch.look();
    watch.look();
    now = [{ ...lo, up: false }];
    watch.look();
    watch.close();
    expect(told.map((list) => list.map((one) => one.name))).toEqual([["lo", "eth0"], ["lo"]]);
  });
});

const unexpected = (error: Error): void => expect(error).toBeUndefined();

describe("the password thread", () => {
  test("answers each question, in whatever order they end, and none after its end", async () => {
    const { PasswordChecker, cryptHash } = await built();
    const checker = new PasswordChecker(unexpected);
    const hash = cryptHash("right", "$6$rounds=1000$salt") ?? "";
    const questions = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? "right" : "wrong"));
    const answers = await Promise.all(questions.map((word) => checker.check(word, hash)));
    expect(answers).toEqual(questions.map((word) => word === "right"));
    const flood = Array.from({ length: 200 }, () => checker.check("right", hash));
    const letIn = (await Promise.all(flood)).filter(Boolean).length;
    expect(letIn).toBeGreaterThanOrEqual(1);
    expect(letIn).toBeLessThanOrEqual(64);
    const last = checker.check("right", hash);
    await checker.close();
    await last;
  });

  test("ended by a mistake of ours is told of, lets nobody in, and there is another", async () => {
    const { PasswordChecker, cryptHash } = await built();
    const told: string[] = [];
    const checker = new PasswordChecker(({ message }) => told.push(message));
    const hash = cryptHash("right", "$6$rounds=1000$salt") ?? "";
    // No hash is a number.
    const mistaken = Reflect.apply(checker.check, checker, ["right", 7]);
    expect(await Promise.all([mistaken, checker.check("right", hash)])).toEqual([false, false]);
    expect(told).toEqual([expect.stringContaining("is not a function")]);
    expect(await checker.check("right", hash)).toBe(true);
    await checker.close();
  });
});
