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

  it("does not suffer from one of three servers that is off by little, and nearest", () => {
    const cases = [
      { bases: [0.005, 0.004, 0.003], off: 0.002 },
      { bases: [0.015, 0.01, 0.002], off: 0.008 },
    ];
    forSeeds(1, (_, seed) => {
      for (const { bases, off } of cases) {
        const servers = bases.map((base, i) => {
          const way = path(base, 1e-4);
          return { clock_offset_s: i === 2 ? off : 0, request: way, response: way };
        });
        expect(simulate(regime(3e-9, servers), often, seed).rms).toBeLessThan(2e-4);
      }
    });
  });

  it("does not follow a near server that is wrong because a far one could bear it out", () => {
    forSeeds(1, (_, seed) => {
      // The third may be 25 ms off, so that it shares points with the fourth, and not the middle.
      const servers = [0.01, 0.015, 0.025, 0.003, 0.005].map((base, i) => {
        const way = path(base, 1e-4);
        const clock_offset_s = [0, 0, 0, 0.015, -0.022][i] ?? 0;
        return { clock_offset_s, request: way, response: way };
      });
      expect(simulate(regime(3e-9, servers), often, seed).rms).toBeLessThan(3e-4);
    });
  });

  it("gains by a way that turns out shorter, and loses little by one that turns out longer", () => {
    forSeeds(2, (_, seed) => {
      const step = (from_s: number, to_s: number, add_s: number) => ({ from_s, to_s, add_s });
      const request = path(0.012, 5e-5, { steps: [step(1500, 1900, 0.006)] });
      // Longer by 4 ms one way until shortly before the error is measured.
      const response = path(0.012, 5e-5, { steps: [step(0, 700, 0.004)] });
      const server = { clock_offset_s: 0, request, response };
      expect(simulate(regime(1e-9, [server]), often, seed).rms).toBeLessThan(3e-4);
    });
  });

  it("does not cost the servers of a restless oscillator more than it is worth", () => {
    forSeeds(2, (_, seed) => {
      const way = path(0.001, 5e-5);
      const server = { clock_offset_s: 0, request: way, response: way };
      const restless = { ...regime(1e-7, [server]), duration_s: 6000 };
      const { rms, packets } = simulate(restless, often, seed);
      expect(packets).toBeLessThan(165);
      expect(rms).toBeLessThan(7e-5);
    });
  });

  it("is not drawn aside where one way alone is noisy, to both sides as timestamps are", () => {
    forSeeds(2, (_, seed) => {
      const noise = 3e-4;
      const server = {
        clock_offset_s: 0,
        request: path(0.005, 1e-6),
        response: path(0.005, noise),
      };
      expect(simulate(regime(1e-9, [server]), often, seed).rms).toBeLessThan(noise / 4);
    });
  });

  it("is not sought by asking servers that never agree as often as at first", () => {
    const way = path(0.01, 1e-4);
    const servers = [0, 0.5].map((clock_offset_s) => ({
      clock_offset_s,
      request: way,
      response: way,
    }));
    // 16 s at first and 64 s soon after, of 2400 s.
    expect(simulate(regime(1e-9, servers), often, 1).packets).toBeLessThan(2 * 45);
  });
});
