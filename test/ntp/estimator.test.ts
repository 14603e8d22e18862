import { describe, expect, it } from "vitest";
import { Estimator } from "../../src/ntp/estimator.ts";
import { Track } from "../../src/ntp/track.ts";
import { forSeeds, type SeededRandom } from "../random.ts";

/** A source that has been asked so often, every 1024 s; its clock is off by so much. */
function source(random: SeededRandom, delay: number, off: number, count: number): Track {
  const track = new Track();
  for (let i = 0; i < count; i++) {
    const [request, response] = [random.exponential() * 1e-4, random.exponential() * 1e-4];
    const offset = off + (request - response) / 2;
    track.add({ time: i * 1024, offset, delay: delay + request + response, dispersion: 1e-7 });
  }
  return track;
}

describe("the estimate", () => {
  it("is not moved by one more source that is near and wrong, not even until the next sample", () => {
    forSeeds(3, (random) => {
      const estimator = new Estimator();
      const good = [0.04, 0.03, 0.02].map((delay) => source(random, delay, 0, 20));
      const wrong = source(random, 0.004, 0.05, 20);
      const time = 20 * 1024;
      expect(Math.abs(estimator.estimate(good, time)?.offset ?? 1)).toBeLessThan(1e-3);
      const joined = estimator.estimate([...good, wrong], time);
      expect(Math.abs(joined?.offset ?? 1)).toBeLessThan(1e-3);
      const without = estimator.estimate(good, time);
      expect(Math.abs(without?.offset ?? 1)).toBeLessThan(1e-3);
    });
  });
});
