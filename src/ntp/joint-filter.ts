import { KalmanFilter, type Row } from "./kalman.ts";
import { prior } from "./noise-fit.ts";
import type { NoiseModel, Track, Weighed } from "./track.ts";

/** Standard deviation of what a path's asymmetry adds to an offset, as a part of the delay. */
const usualAsymmetry = 0.02;
/** Degrees of freedom of Student's distribution, which asymmetries that differ much ask for. */
const freedom = 3;

/** A sample with the source that it is of. */
export interface TrackSample {
  readonly track: Track;
  readonly sample: Weighed;
}

/** What the frequency may be before any sample, s/s. */
export interface Expected {
  readonly frequency: number;
  readonly deviation: number;
}

export const anyFrequency: Expected = { frequency: 0, deviation: prior.frequency };

/**
 * The samples of all sources in one Kalman filter, on one belief about the oscillator's wander and
 * the sources' noise: one phase and frequency, and for each source what its path adds.
 */
export class JointFilter {
  readonly wander: number;
  readonly #noise: ReadonlyMap<Track, NoiseModel>;
  readonly #starts = new Map<Track, number>();
  readonly #references = new Map<Track, number>();
  readonly #filter: KalmanFilter;

  constructor(
    members: readonly Track[],
    noise: ReadonlyMap<Track, NoiseModel>,
    wander: number,
    first: Weighed,
    expected: Expected,
    doubts: ReadonlyMap<Track, number>,
  ) {
    this.wander = wander;
    this.#noise = noise;
    let size = 2;
    for (const track of members) {
      this.#starts.set(track, size);
      size += 2 + track.routeCount;
    }
    this.#filter = new KalmanFilter(size, first.time);
    this.#filter.know(0, first.offset, prior.phase);
    this.#filter.know(1, expected.frequency, expected.deviation);
    for (const track of members) {
      // One source alone cannot tell its own asymmetry from true time.
      const doubt = members.length === 1 ? 0 : (doubts.get(track) ?? 1);
      this.#begin(track, doubt);
    }
  }

  update({ track, sample }: TrackSample): void {
    const noise = this.#noise.get(track) ?? track.noise;
    const { time, offset } = sample;
    this.#filter.predict(time, this.wander);
    const shifted = offset + track.shift(noise);
    // What another source has said meanwhile stands: this is of the state as it was before.
    const late = this.#filter.time - time;
    const variance = track.variance(sample, noise) + (this.wander ** 2 * late ** 3) / 3;
    this.#filter.update(this.#row(track, sample, late), shifted, variance);
  }

  /** Phase and frequency at a moment, and their variances. */
  at(time: number): {
    readonly offset: number;
    readonly frequency: number;
    readonly offsetVariance: number;
    readonly frequencyVariance: number;
  } {
    const { state, covariance, size } = this.#filter;
    const dt = Math.max(0, time - this.#filter.time);
    const [phase = 0, frequency = 0] = state;
    const [p00 = 0, p01 = 0, p11 = 0] = [covariance[0], covariance[1], covariance[size + 1]];
    const walked = (this.wander ** 2 * dt ** 3) / 3;
    return {
      offset: phase + dt * frequency,
      frequency,
      // Rounding can leave less than nothing of a variance that is next to nothing.
      offsetVariance: Math.max(0, p00 + 2 * dt * p01 + dt * dt * p11 + walked),
      frequencyVariance: Math.max(0, p11 + this.wander ** 2 * dt),
    };
  }

  /**
   * By how much each source's asymmetry is to be doubted the next time, as a factor of its standard
   * deviation: where most agree and one does not, that one's is large, not a little of everybody's.
   * Of `fromMiddle`, it is measured from the middle source: a near one that is wrong draws the
   * phase to itself at first, and by their distance to the phase all others would be in doubt.
   */
  doubts(fromMiddle: boolean): ReadonlyMap<Track, number> {
    const found = [...this.#starts].map(([track, start]): [Track, number] => [
      track,
      this.#filter.state[start + 2 + (this.#references.get(track) ?? 0)] ?? 0,
    ]);
    const middle = fromMiddle ? middleOf(found.map(([, asymmetry]) => asymmetry)) : 0;
    return new Map(found.map(([track, one]) => [track, this.#doubt(track, one - middle)]));
  }

  #doubt(track: Track, asymmetry: number): number {
    const usual = track.base(this.#references.get(track) ?? 0) * usualAsymmetry;
    // What a sample's noise could be says nothing of the path.
    const beyond = Math.max(0, asymmetry ** 2 - track.deviation ** 2);
    const square = usual > 0 ? beyond / usual ** 2 : 0;
    return Math.sqrt((freedom + square) / (freedom + 1));
  }

  #begin(track: Track, doubt: number): void {
    const filter = this.#filter;
    const start = this.#starts.get(track) ?? 0;
    const { reference } = track;
    const noise = this.#noise.get(track) ?? track.noise;
    filter.know(start, 0, noise.leaning ? prior.slope : 0);
    filter.know(start + 1, 0, prior.steep);
    this.#references.set(track, reference);
    const own = doubt * track.base(reference) * usualAsymmetry;
    for (let route = 0; route < track.routeCount; route++) {
      filter.know(start + 2 + route, 0, route === reference ? own : track.detour(route));
    }
  }

  #row(track: Track, { aside, beyond, route }: Weighed, late: number): Row {
    const start = this.#starts.get(track) ?? 0;
    return {
      index: Int32Array.of(0, 1, start, start + 1, start + 2 + route),
      value: Float64Array.of(1, -late, aside, beyond, 1),
    };
  }
}

/** The median; of an even number, what lies between the two in the middle. */
function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2;
}
