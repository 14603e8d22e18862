import { expect, test } from "vitest";
import { RouteTracker } from "../../src/ntp/route.ts";
import { forSeeds, type SeededRandom } from "../random.ts";

const noise = 0.0002;
const usual = (random: SeededRandom): number => 0.05 + noise * random.normal();

test("short delays that come alone are no shorter way, and do not stretch what is typical", () => {
  forSeeds(20, (random) => {
    const tracker = new RouteTracker();
    for (let i = 0; i < 300; i++) {
      const stray = i % 10 === 9;
      tracker.add(usual(random) - (stray ? 0.004 + 0.02 * random.fraction() : 0));
    }
    expect(tracker.routes).toHaveLength(1);
    expect(tracker.routes[0]?.base).toBeGreaterThan(0.05 - 15 * noise);
    expect(tracker.taken).toHaveLength(300);
  });
});

test("a way that stays shorter is found with its second packet, and both are on it", () => {
  forSeeds(20, (random) => {
    const tracker = new RouteTracker();
    for (let i = 0; i < 40; i++) tracker.add(usual(random));
    for (let i = 0; i < 5; i++) tracker.add(usual(random) - 0.004);
    expect(tracker.routes).toHaveLength(2);
    expect(tracker.taken.slice(-6)).toEqual([0, 1, 1, 1, 1, 1]);
    for (let i = 0; i < 5; i++) tracker.add(usual(random));
    expect(tracker.routes).toHaveLength(2);
  });
});
