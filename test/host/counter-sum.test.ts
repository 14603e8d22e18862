import { expect, test } from "vitest";
import { CounterSum } from "../../src/host/counter-sum.ts";
import { SharedCounters } from "../../src/host/worker-channel.ts";

test("what several threads count is one account, and the same one while nothing happens", () => {
  for (const count of [1, 2, 5]) {
    const threads = Array.from({ length: count }, () => new SharedCounters());
    const sum = new CounterSum(threads.map((thread) => () => thread.read()));
    const idle = sum.read();
    expect(sum.read()).toBe(idle);
    for (const [i, thread] of threads.entries()) {
      thread.received();
      thread.sent(i + 1, i);
      thread.dropped("bad-mac");
      thread.key(7).signed += 3;
      thread.key(100 + i).failed += 1;
    }
    const all = sum.read();
    expect(all).not.toBe(idle);
    expect(all).toMatchObject({
      received: count,
      sent: (count * (count + 1)) / 2,
      sendFailed: (count * (count - 1)) / 2,
      dropped: { "bad-mac": count, malformed: 0 },
    });
    expect(all.keys.size).toBe(1 + count);
    expect(all.keys.get(7)).toEqual({ signed: 3 * count, verified: 0, failed: 0 });
    expect(all.keys.get(99 + count)).toEqual({ signed: 0, verified: 0, failed: 1 });
    expect(sum.read()).toBe(all);
  }
});
