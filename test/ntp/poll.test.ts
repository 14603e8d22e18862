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
  });
});
