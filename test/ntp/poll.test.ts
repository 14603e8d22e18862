import { expect, test } from "vitest";
import type { Raw } from "../../src/base/index.ts";
import { PollControl } from "../../src/ntp/poll.ts";
import { forSeeds } from "../random.ts";

const limits = { minpoll: 4, maxpoll: 6, burst: false };

test("a path that loses much is not burdened with more requests for good", () => {
  forSeeds(5, (random) => {
    const poll = new PollControl(limits, false, 0n as Raw);
    const sends = (suggested: number, count: number): readonly number[] =>
      Array.from({ length: count }, (_, i) => {
        poll.suggest(suggested);
        const before = poll.next;
        poll.sent(before, i + 1, random);
        return Number(poll.next - before) / 1e9;
      });
    // While the interval grows what was lost is asked for sooner, at its end no more.
    const growing = sends(40, 50).slice(1);
    expect(Math.min(...growing)).toBeGreaterThan(29);
    expect(Math.max(...growing)).toBeLessThan(31);
    expect(Math.min(...sends(64, 50))).toBeGreaterThan(63);
    // Nor where there are others that can be asked.
    poll.among(3);
    expect(Math.min(...sends(40, 50).slice(1))).toBeGreaterThan(39);
  });
});

const interval = (poll: PollControl): number => Number(poll.next) / 1e9;

test("limits that a commit lowers hold at once, those of a kiss-o'-death stay", () => {
  forSeeds(5, (random) => {
    const poll = new PollControl({ minpoll: 6, maxpoll: 10, burst: false }, false, 0n as Raw);
    poll.limit({ minpoll: 3, maxpoll: 4, burst: false }, 0n as Raw);
    poll.sent(0n as Raw, 1, random);
    expect(interval(poll)).toBeLessThan(16.2);
    poll.suggest(0);
    poll.sent(0n as Raw, 1, random);
    expect(interval(poll)).toBeLessThan(8.5);

    poll.slowDown(5);
    poll.limit({ minpoll: 3, maxpoll: 10, burst: false }, 0n as Raw);
    poll.suggest(0);
    poll.sent(0n as Raw, 1, random);
    expect(interval(poll)).toBeGreaterThan(15.8);
  });
});
