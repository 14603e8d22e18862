import { expect, test } from "vitest";
import { fitNoise } from "../../src/ntp/noise-fit.ts";
import { Track } from "../../src/ntp/track.ts";
import { forSeeds } from "../random.ts";

test("a source too noisy to tell the oscillator's wander rules none out when it is asked again", () => {
  forSeeds(2, (random) => {
    const track = new Track();
    const add = (i: number): void => {
      const [there, back] = [0.005 * random.exponential(), 0.005 * random.exponential()];
      const offset = (there - back) / 2;
      track.add({ time: 64 * i, offset, delay: 0.06 + there + back, dispersion: 1e-6 });
    };
    for (let i = 0; i < 90; i++) add(i);
    const first = fitNoise(track, undefined);
    const most = Math.max(...first.likelihood);
    const open = first.likelihood.flatMap((one, i) => (one > most - 1 ? [i] : []));
    expect(open.length).toBeGreaterThan(6);
    for (let i = 90; i < 102; i++) add(i);
    const second = fitNoise(track, first);
    const least = Math.min(...open.map((i) => second.likelihood[i] ?? Number.NEGATIVE_INFINITY));
    expect(Math.max(...second.likelihood) - least).toBeLessThan(5);
  });
});
