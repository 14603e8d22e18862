import { expect, test } from "vitest";
import { RouteTracker } from "../../src/ntp/route.ts";
import { oneSided, Track } from "../../src/ntp/track.ts";
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

test("spikes to both sides, of any size: the short ones are no shortest delays, and weigh least", () => {
  forSeeds(10, (random) => {
    for (const factor of [8, 10, 20, 50]) {
      const track = new Track();
      const spikes: number[] = [];
      for (let i = 0; i < 320; i++) {
        const spike = random.fraction() < 0.05;
        const off = noise * random.normal() * (spike ? factor : 1);
        if (Math.abs(off) > 8 * noise) spikes.push(i);
        track.add({ time: 16 * i, offset: off / 2, delay: 0.05 + off, dispersion: 1e-6 });
      }
      const weighed = track.weigh();
      const base = Math.min(...[0, 1, 2].slice(0, track.routeCount).map((i) => track.base(i)));
      expect(base).toBeGreaterThan(0.05 - 8 * noise);
      const variances = weighed.map((one) => track.variance(one, oneSided));
      const usualOnes = variances.filter((_, i) => !spikes.includes(i)).sort((a, b) => a - b);
      const middle = usualOnes[usualOnes.length >> 1] ?? 0;
      for (const i of spikes) expect(variances[i], `spike ${i}`).toBeGreaterThan(2 * middle);
    }
  });
});

test("ways that follow each other after a few packets are told apart, and known again", () => {
  forSeeds(30, (random) => {
    const tracker = new RouteTracker();
    const queues = (): number => 0.0003 * (random.exponential() + random.exponential());
    const legs: readonly (readonly [packets: number, longer: number])[] = [
      [60, 0],
      [6, 0.003],
      [40, 0],
      [6, 0.006],
      [40, 0.009],
      [6, 0.012],
      [10, 0],
      [12, 0.009],
    ];
    for (const [packets, longer] of legs) {
      for (let i = 0; i < packets; i++) tracker.add(0.02 + longer + queues());
      const base = tracker.routes[tracker.taken.at(-1) ?? 0]?.base ?? 0;
      expect(Math.abs(base - 0.02 - longer), `after ${longer}`).toBeLessThan(0.0012);
    }
  });
});

test("others are measured by the shortest way that packets keep to, not by two short delays", () => {
  forSeeds(20, (random) => {
    const tracker = new RouteTracker();
    for (let i = 0; i < 40; i++) tracker.add(usual(random));
    for (let i = 0; i < 2; i++) tracker.add(usual(random) - 0.006);
    for (let i = 0; i < 10; i++) tracker.add(usual(random));
    expect(tracker.routes[tracker.reference]?.base).toBeGreaterThan(0.048);
    expect(tracker.taken.slice(-10)).toEqual(Array(10).fill(tracker.taken[0]));
    for (let i = 0; i < 8; i++) tracker.add(usual(random) - 0.006);
    expect(tracker.routes[tracker.reference]?.base).toBeLessThan(0.0445);
  });
});
