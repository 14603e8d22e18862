import { anyFrequency, type Expected, JointFilter, type TrackSample } from "./joint-filter.ts";
import { fitNoise, type NoiseFit, wanderGrid } from "./noise-fit.ts";
import type { NoiseModel, Track } from "./track.ts";

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
/** Samples before anything is learned, and by what part they must grow until it is done anew. */
const learnMin = 5;
const learnGrowth = 1.12;
/** s/s by which a frequency differs from run to run, and s for which that is worth something. */
const driftDeviation = 2e-6;
const driftFresh = 3_600;
/** A belief that is less likely than this is not followed up. */
const beliefMin = 0.03;

/** One belief about the wander, and how likely it is. */
interface Belief {
  readonly index: number;
  readonly weight: number;
}

/**
 * The time from the samples of all sources together. How restless the oscillator is and how noisy
 * each source are learned from the samples; as long as that is uncertain, every belief that is
 * likely enough has its own filter, and has its say by how likely it is.
 */
export class Estimator {
  #members: readonly Track[] = [];
  #beliefs: readonly Belief[] = believe([]);
  #filters: readonly JointFilter[] = [];
  /** How likely the belief behind each filter was when it was built. */
  #weights: readonly number[] = [];
  /** How far each member's asymmetry may be out of the usual, by how far it was found to be. */
  readonly #doubts = new Map<Track, number>();
  /** Samples taken in, and the revision at which they were, of each member. */
  #seen = new Map<Track, { count: number; revision: number }>();
  #fits = new Map<Track, { readonly fit: NoiseFit; readonly count: number }>();
  readonly #drift: number | undefined;

  /** `drift` (s/s): the frequency that an earlier run found. */
  constructor(drift?: number) {
    this.#drift = drift;
  }

  /** The time at a moment, from the tracks that are trusted; undefined without any sample. */
  estimate(members: readonly Track[], time: number): Estimate | undefined {
    const learned = this.#learn(members);
    if (learned || !this.#extends(members)) this.#rebuild(members);
    else this.#takeIn();
    if (this.#filters.length === 0) return undefined;
    const views = this.#filters.map((filter, i) => ({
      ...filter.at(time),
      wander: filter.wander,
      weight: this.#beliefs[i]?.weight ?? 0,
    }));
    const mean = (of: (view: (typeof views)[number]) => number): number =>
      views.reduce((sum, view) => sum + view.weight * of(view), 0);
    const offset = mean((view) => view.offset);
    const frequency = mean((view) => view.frequency);
    return {
      time,
      offset,
      frequency,
      offsetError: Math.sqrt(mean((v) => v.offsetVariance + (v.offset - offset) ** 2)),
      frequencyError: Math.sqrt(mean((v) => v.frequencyVariance + (v.frequency - frequency) ** 2)),
      wander: mean((view) => Math.sqrt(view.wander)) ** 2,
    };
  }

  forget(track: Track): void {
    this.#fits.delete(track);
    this.#doubts.delete(track);
  }

  /** True if something else is believed now. */
  #learn(members: readonly Track[]): boolean {
    let learned = false;
    for (const track of members) {
      const count = track.samples.length;
      const known = this.#fits.get(track);
      if (count < learnMin || (known !== undefined && count < known.count * learnGrowth)) continue;
      this.#fits.set(track, { fit: fitNoise(track, known?.fit), count });
      learned = true;
    }
    if (!learned) return false;
    const fits = members.flatMap((track) => this.#fits.get(track)?.fit ?? []);
    this.#beliefs = believe(fits);
    const [first] = this.#beliefs.toSorted((a, b) => b.weight - a.weight);
    for (const track of members) {
      const noise = this.#fits.get(track)?.fit.noise[first?.index ?? 0];
      if (noise !== undefined) track.noise = noise;
    }
    return true;
  }

  /** True if the same members have only got more samples. */
  #extends(members: readonly Track[]): boolean {
    return (
      this.#filters.length > 0 &&
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
    this.#doubt();
    this.#build(members);
    // Whoever is new has a say only after its asymmetry has been held against the others'.
    if (members.length < 3 || members.every((track) => this.#doubts.has(track))) return;
    this.#doubt();
    this.#build(members);
  }

  #build(members: readonly Track[]): void {
    this.#members = members;
    this.#seen = new Map();
    const all: readonly TrackSample[] = members
      .flatMap((track) => track.weigh().map((sample) => ({ track, sample })))
      .toSorted((a, b) => a.sample.time - b.sample.time);
    const first = all[0]?.sample;
    if (first === undefined) {
      this.#filters = [];
      return;
    }
    const expected = this.#expected(first.time);
    this.#weights = this.#beliefs.map(({ weight }) => weight);
    this.#filters = this.#beliefs.map(({ index }) => {
      const noise = new Map<Track, NoiseModel>();
      for (const track of members) {
        const model = this.#fits.get(track)?.fit.noise[index];
        if (model !== undefined) noise.set(track, model);
      }
      const wander = 10 ** (wanderGrid[index] ?? 0);
      const filter = new JointFilter(members, noise, wander, first, expected, this.#doubts);
      for (const one of all) filter.update(one);
      return filter;
    });
    for (const track of members) {
      this.#seen.set(track, { count: track.samples.length, revision: track.revision });
    }
  }

  /** What the filters so far have found of the members' asymmetries. */
  #doubt(): void {
    // Of two that differ neither has the other's word against it.
    if (this.#filters.length === 0 || this.#members.length < 3) return;
    // Whoever is new among them has had no doubt cast on it, and may have drawn all to itself.
    const anew = this.#members.some((track) => !this.#doubts.has(track));
    const doubts = this.#filters.map((filter) => filter.doubts(anew));
    for (const track of this.#members) {
      const mean = doubts.reduce(
        (sum, of, i) => sum + (this.#weights[i] ?? 0) * (of.get(track) ?? 1),
        0,
      );
      this.#doubts.set(track, mean);
    }
  }

  /** What to expect of the frequency: what an earlier run found goes stale. */
  #expected(time: number): Expected {
    if (this.#drift === undefined || time > driftFresh) return anyFrequency;
    return { frequency: this.#drift, deviation: driftDeviation };
  }

  #takeIn(): void {
    for (const track of this.#members) {
      const seen = this.#seen.get(track);
      const sample = track.weighLast();
      if (seen === undefined || sample === undefined || track.samples.length === seen.count)
        continue;
      for (const filter of this.#filters) filter.update({ track, sample });
      seen.count = track.samples.length;
    }
  }
}

/** What to believe of the wander when every source's samples have had their say. */
function believe(fits: readonly NoiseFit[]): readonly Belief[] {
  const logarithms = wanderGrid.map((exponent, i) => {
    const before = -(((exponent - wanderPrior.exponent) / wanderPrior.deviation) ** 2) / 2;
    return fits.reduce((sum, { likelihood }) => sum + (likelihood[i] ?? 0), before);
  });
  const most = Math.max(...logarithms);
  const all = logarithms.map((logarithm, index) => ({ index, weight: Math.exp(logarithm - most) }));
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  const likely = all.filter(({ weight }) => weight / total >= beliefMin);
  const kept = likely.reduce((sum, { weight }) => sum + weight, 0);
  return likely.map(({ index, weight }) => ({ index, weight: weight / kept }));
}
