import { describe, expect, it } from "vitest";
import { type PathModel, type PollLimits, type Regime, simulate } from "../../scripts/sim-model.ts";
import { forSeeds } from "../random.ts";

// How well the engine keeps the clock, as laws that hold in any network; the medians beside those
// of other daemons are what `npm run sim` prints.

const often: PollLimits = { minpoll: 4, maxpoll: 6, iburst: false };

function path(base_s: number, scale_s: number, more: Partial<PathModel> = {}): PathModel {
  return { base_s, jitter: { distribution: "normal", scale_s }, ...more };
}

function regime(wander: number, servers: Regime["servers"]): Regime {
  return {
    name: "law",
    duration_s: 2400,
    measure_from_s: 1200,
    settle_limit_s: 0.001,
    settle_hold_s: 500,
    client: { initial_offset_s: 0.1, initial_frequency: -9e-5, wander },
    servers,
  };
}

describe("the clock's accuracy", () => {
  it("is of the order of a single sample's noise, however small that is", () => {
    forSeeds(2, (_, seed) => {
      for (const scale of [1e-6, 1e-4]) {
        const way = path(50 * scale, scale);
        const server = { clock_offset_s: 0, request: way, response: way };
        const { rms } = simulate(regime(1e-3 * scale, [server]), often, seed);
        expect(rms / scale).toBeLessThan(2);
      }
    });
  });
});
