import { describe, expect, it } from "vitest";
import { twoSided } from "../../src/ntp/delay-shape.ts";
import { forSeeds, type SeededRandom } from "../random.ts";

/** What so many delays exceed a base by that is a little less than the shortest of them. */
function excesses(random: SeededRandom, draw: () => number): readonly number[] {
  const delays = Array.from({ length: 50 + Math.floor(500 * random.fraction()) }, draw);
  const base = Math.min(...delays) - 0.01;
  return delays.map((delay) => 1e-3 * (delay - base));
}

describe("the shape of delays", () => {
  it("is told from fifty of them and more: queues one way or both, or noise to both sides", () => {
    forSeeds(50, (random) => {
      const wait = (): number => random.exponential();
      expect(twoSided(excesses(random, wait))).toBeLessThan(0.1);
      expect(twoSided(excesses(random, () => wait() + wait()))).toBeLessThan(0.1);
      expect(twoSided(excesses(random, () => random.normal()))).toBeGreaterThan(0.5);
    });
  });

  it("is taken for queues while little is known, and a number whatever the delays", () => {
    expect(twoSided([1, 2, 3, 4, 5, 6, 7])).toBe(0);
    const cases = [Array(9).fill(0), Array(9).fill(1e-7), Array(9).fill(-1), [0, 1e9, ...Array(9)]];
    for (const delays of cases) {
      const found = twoSided(delays.map((one: number | undefined) => one ?? 1e-3));
      expect(found).toBeGreaterThanOrEqual(0);
      expect(found).toBeLessThanOrEqual(1);
    }
  });
});
