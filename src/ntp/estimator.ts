import type { Sample } from "./sample.ts";

/** Where true time is, against a clock that goes on with raw time; s and s/s. */
export interface Estimate {
  readonly time: number;
  /** True time minus the undisciplined clock, at `time`. */
  readonly offset: number;
  /** How fast that grows: what the oscillator loses. */
  readonly frequency: number;
  /** Standard deviations. */
  readonly offsetError: number;
  readonly frequencyError: number;
}

/** All samples of one source that still count. */
export class Track {
  #samples: readonly Sample[] = [];

  add(sample: Sample): void {
    this.#samples = [...this.#samples, sample].slice(-historyMax);
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }
}

const historyMax = 256;
const initialFrequencySd = 100e-6;
const wander = 1e-8;

/** The time from the samples of several sources together. */
export function estimate(tracks: readonly Track[], time: number): Estimate | undefined {
  const all = tracks
    .flatMap(({ samples }) => {
      const base = samples.reduce((least, { delay }) => Math.min(least, delay), Infinity);
      return samples.map((sample) => {
        const excess = sample.delay - base;
        const floor = sample.dispersion + base * 0.01 + 10e-6;
        return { sample, variance: floor * floor + (excess * excess) / 12 };
      });
    })
    .toSorted((a, b) => a.sample.time - b.sample.time);
  const first = all[0];
  if (first === undefined) return undefined;
  const filter = new Kalman(first.sample.time, first.sample.offset, first.variance);
  for (const { sample, variance } of all.slice(1)) filter.update(sample, variance);
  return filter.at(time);
}

class Kalman {
  #time: number;
  #offset: number;
  #frequency = 0;
  #p00: number;
  #p01 = 0;
  #p11 = initialFrequencySd ** 2;

  constructor(time: number, offset: number, variance: number) {
    this.#time = time;
    this.#offset = offset;
    this.#p00 = variance;
  }

  update(sample: Sample, variance: number): void {
    this.#predict(sample.time);
    const s = this.#p00 + variance;
    const k0 = this.#p00 / s;
    const k1 = this.#p01 / s;
    const innovation = sample.offset - this.#offset;
    this.#offset += k0 * innovation;
    this.#frequency += k1 * innovation;
    this.#p11 -= k1 * this.#p01;
    this.#p01 -= k0 * this.#p01;
    this.#p00 -= k0 * this.#p00;
  }

  at(time: number): Estimate {
    this.#predict(time);
    return {
      time,
      offset: this.#offset,
      frequency: this.#frequency,
      offsetError: Math.sqrt(this.#p00),
      frequencyError: Math.sqrt(this.#p11),
    };
  }

  #predict(time: number): void {
    const dt = Math.max(0, time - this.#time);
    const q = wander ** 2;
    this.#offset += this.#frequency * dt;
    this.#p00 += 2 * dt * this.#p01 + dt * dt * this.#p11 + (q * dt ** 3) / 3;
    this.#p01 += dt * this.#p11 + (q * dt * dt) / 2;
    this.#p11 += q * dt;
    this.#time = Math.max(this.#time, time);
  }
}
