import { KalmanFilter, type Row } from "./kalman.ts";
import { fitNoise, type NoiseFit, prior, wanderGrid } from "./noise-fit.ts";
import type { Track, Weighed } from "./track.ts";

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
  /** s/s after 1 s: how restless the oscillator has been found to be. */
  readonly wander: number;
}

/** What is taken for the wander before there is anything to learn it from, and how surely. */
const wanderPrior = { exponent: -8.5, deviation: 1.5 } as const;
/**
 * Samples before anything is learned, and by what part they must grow before it is learned anew.
 */
const learnMin = 5;
const learnGrowth = 1.12;
/** Standard deviation of a path's asymmetry, of its delay: half a percent of each way's. */
const asymmetry = 0.02;

/**
 * The time from the samples of all sources together: one oscillator, and for each source what its
 * path adds. How restless the oscillator is and how noisy each source are learned from the samples.
 */
export class Estimator {
  #filter: KalmanFilter | undefined;
  #members: readonly Track[] = [];
  #starts = new Map<Track, number>();
  /** Samples taken in, and the revision at which they were, of each member. */
  #seen = new Map<Track, { count: number; revision: number }>();
  #fits = new Map<Track, { readonly fit: NoiseFit; readonly count: number }>();
  #wander = 10 ** wanderPrior.exponent;

  /** The time at a moment, from the tracks that are trusted; undefined without any sample. */
  estimate(members: readonly Track[], time: number): Estimate | undefined {
    const learned = this.#learn(members);
    if (learned || !this.#extends(members)) this.#rebuild(members);
    else this.#takeIn();
    const filter = this.#filter;
    if (filter === undefined) return undefined;
    const dt = Math.max(0, time - filter.time);
    const [offset = 0, frequency = 0] = filter.state;
    const n = filter.size;
    const p = filter.covariance;
    const [p00 = 0, p01 = 0, p11 = 0] = [p[0], p[1], p[n + 1]];
    const variance = p00 + 2 * dt * p01 + dt * dt * p11 + (this.#wander ** 2 * dt ** 3) / 3;
    return {
      time,
      offset: offset + dt * frequency,
      frequency,
      offsetError: Math.sqrt(variance),
      frequencyError: Math.sqrt(p11),
      wander: this.#wander,
    };
  }

  forget(track: Track): void {
    this.#fits.delete(track);
  }

  /** True if the wander or a noise model is another one now. */
  #learn(members: readonly Track[]): boolean {
    let learned = false;
    for (const track of members) {
      const count = track.samples.length;
      const known = this.#fits.get(track);
      if (count < learnMin || (known !== undefined && count < known.count * learnGrowth)) continue;
      this.#fits.set(track, { fit: fitNoise(track), count });
      learned = true;
    }
    if (!learned) return false;
    const fits = members.flatMap((track) => this.#fits.get(track)?.fit ?? []);
    const total = wanderGrid.map((exponent, i) => {
      const before = -(((exponent - wanderPrior.exponent) / wanderPrior.deviation) ** 2) / 2;
      return fits.reduce((sum, { likelihood }) => sum + (likelihood[i] ?? 0), before);
    });
    this.#wander = mean(total);
    const nearest = nearestIndex(this.#wander);
    for (const track of members) {
      const noise = this.#fits.get(track)?.fit.noise[nearest];
      if (noise !== undefined) track.noise = noise;
    }
    return true;
  }

  /** True if the same members have only got more samples. */
  #extends(members: readonly Track[]): boolean {
    return (
      this.#filter !== undefined &&
      members.length === this.#members.length &&
      members.every((track, i) => {
        const seen = this.#seen.get(track);
        const grown = track.samples.length - (seen?.count ?? 0);
        return track === this.#members[i] && seen?.revision === track.revision && grown <= 1;
      })
    );
  }

  /** All samples of all members, from the first. */
  #rebuild(members: readonly Track[]): void {
    this.#members = members;
    this.#seen = new Map();
    const all = members
      .flatMap((track) => track.weigh().map((sample) => ({ track, sample })))
      .toSorted((a, b) => a.sample.time - b.sample.time);
    const first = all[0]?.sample;
    this.#filter = first && this.#start(members, first);
    for (const { track, sample } of all) this.#update(track, sample);
    for (const track of members) {
      this.#seen.set(track, { count: track.samples.length, revision: track.revision });
    }
  }

  #start(members: readonly Track[], first: Weighed): KalmanFilter {
    let size = 2;
    const starts = new Map<Track, number>();
    for (const track of members) {
      starts.set(track, size);
      size += 2 + track.routeCount;
    }
    this.#starts = starts;
    const filter = new KalmanFilter(size, first.time);
    filter.know(0, first.offset, prior.phase);
    filter.know(1, 0, prior.frequency);
    for (const track of members) {
      const start = starts.get(track) ?? 0;
      const base = track.base(0);
      filter.know(start, 0, track.noise.leaning ? prior.slope : 0);
      filter.know(start + 1, 0, prior.steep);
      // One source alone cannot tell its own asymmetry from true time.
      filter.know(start + 2, 0, members.length === 1 ? 0 : base * asymmetry);
      for (let route = 1; route < track.routeCount; route++) {
        filter.know(start + 2 + route, 0, Math.abs(track.base(route) - base) / 2);
      }
    }
    return filter;
  }

  #takeIn(): void {
    for (const track of this.#members) {
      const seen = this.#seen.get(track);
      const sample = track.weighLast();
      if (seen === undefined || sample === undefined) continue;
      if (track.samples.length > seen.count) this.#update(track, sample);
      seen.count = track.samples.length;
    }
  }

  #update(track: Track, sample: Weighed): void {
    const filter = this.#filter;
    if (filter === undefined) return;
    filter.predict(sample.time, this.#wander);
    const row = this.#row(track, sample);
    filter.update(
      row,
      sample.offset + track.shift(track.noise),
      track.variance(sample, track.noise),
    );
  }

  #row(track: Track, { excess, beyond, route }: Weighed): Row {
    const start = this.#starts.get(track) ?? 0;
    return {
      index: Int32Array.of(0, start, start + 1, start + 2 + route),
      value: Float64Array.of(1, excess, beyond, 1),
    };
  }
}

/** The wander to reckon with: the mean of its root over the grid, each by how likely it is. */
function mean(logLikelihood: readonly number[]): number {
  const most = Math.max(...logLikelihood);
  let weight = 0;
  let sum = 0;
  for (const [i, exponent] of wanderGrid.entries()) {
    const likely = Math.exp((logLikelihood[i] ?? 0) - most);
    weight += likely;
    sum += likely * 10 ** (exponent / 2);
  }
  return (sum / weight) ** 2;
}

function nearestIndex(wander: number): number {
  const exponent = Math.log10(wander);
  const distances = wanderGrid.map((one) => Math.abs(one - exponent));
  return distances.indexOf(Math.min(...distances));
}
