import { KalmanFilter, type Row } from "./kalman.ts";
import { type NoiseModel, oneSided, type Track, type Weighed } from "./track.ts";

/** log10 of the wanders (s/s after 1 s) that are held against the samples. */
export const wanderGrid: readonly number[] = Array.from({ length: 13 }, (_, i) => -12 + i / 2);
const shares: readonly number[] = [0, 0.5, 1];
const scales: readonly number[] = [0.03, 0.06, 0.12, 0.2, 0.29, 0.42, 0.6];
/** How far off (as a factor's logarithm) the scale may well be from that of one-sided noise. */
const scalePrior = 1.5;
/** An innovation counts at most like one of so many standard deviations. */
const surpriseMax = 4;
/** Samples that only set the filter up. */
const warmUp = 2;

/** Every combination, with the logarithm of how likely it is beforehand. */
const models = [false, true].flatMap((leaning) =>
  shares.flatMap((share) =>
    scales.map((scale) => ({
      model: { leaning, share, scale, lean: 0 },
      belief: -((Math.log(scale / oneSided.scale) / scalePrior) ** 2) / 2 - (leaning ? 1.5 : 0),
    })),
  ),
);

/** What a source's own samples say of the oscillator's wander and of its noise. */
export interface NoiseFit {
  /** Log-likelihood of each wander of the grid, with the noise that fits best beside it. */
  readonly likelihood: readonly number[];
  readonly noise: readonly NoiseModel[];
}

/**
 * What a new fit looks at: wanders that were at most so much less likely (as a logarithm) than the
 * best, and scales so many places from what fitted best before; and the neighbours of such wanders.
 */
const reach = { likelihood: 12, scale: 1 } as const;
/** Samples from which on the fit before is a guide. */
const guided = 80;

/** How unlikely (as a logarithm) what was not looked at is taken to be. */
const ruledOut = 50;

/** Holds every combination against the samples; of many, those near what fitted best before. */
export function fitNoise(track: Track, before: NoiseFit | undefined): NoiseFit {
  const weighed = track.weigh();
  const guide = weighed.length < guided ? undefined : before;
  const most = Math.max(...(guide?.likelihood ?? []));
  const centre = guide?.likelihood.indexOf(most);
  const scale = centre === undefined ? undefined : guide?.noise[centre]?.scale;
  const likelihood: number[] = [];
  const noise: NoiseModel[] = [];
  for (const [i, exponent] of wanderGrid.entries()) {
    let best = Number.NEGATIVE_INFINITY;
    let bestModel = oneSided;
    // What could not be told from the best before, another source may tell: it is looked at again.
    const around = guide?.likelihood.slice(Math.max(0, i - 1), i + 2);
    const far = around?.every((one) => one < most - reach.likelihood);
    for (const { model, belief } of far ? [] : models) {
      if (scale !== undefined && !isNear(model.scale, scale)) continue;
      const filter = new SourceFilter(track, model, weighed);
      const found = belief + filter.run(10 ** exponent);
      if (found <= best) continue;
      best = found;
      bestModel = { ...model, lean: filter.lean };
    }
    likelihood.push(best);
    noise.push(bestModel);
  }
  const unlikely = Math.max(...likelihood) - ruledOut;
  return { likelihood: likelihood.map((one) => Math.max(one, unlikely)), noise };
}

function isNear(scale: number, centre: number): boolean {
  return Math.abs(scales.indexOf(scale) - scales.indexOf(centre)) <= reach.scale;
}

/** Prior standard deviations: s, s/s, and s of error for each s of excess. */
export const prior = { phase: 0.1, frequency: 100e-6, slope: 0.3, steep: 0.5 } as const;

/** Phase, frequency, two slopes, and for each route but the reference what its asymmetry adds. */
class SourceFilter {
  readonly #track: Track;
  readonly #reference: number;
  readonly #noise: NoiseModel;
  readonly #weighed: readonly Weighed[];
  readonly #filter: KalmanFilter;

  constructor(track: Track, noise: NoiseModel, weighed: readonly Weighed[]) {
    const filter = new KalmanFilter(4 + Math.max(0, track.routeCount - 1), weighed[0]?.time ?? 0);
    filter.know(0, weighed[0]?.offset ?? 0, prior.phase);
    filter.know(1, 0, prior.frequency);
    filter.know(2, 0, noise.leaning ? prior.slope : 0);
    filter.know(3, 0, prior.steep);
    const { reference } = track;
    for (let route = 0; route < track.routeCount; route++) {
      const place = placeOf(route, reference);
      if (place !== undefined) filter.know(place, 0, track.detour(route));
    }
    this.#reference = reference;
    this.#track = track;
    this.#noise = noise;
    this.#weighed = weighed;
    this.#filter = filter;
  }

  get lean(): number {
    return this.#filter.state[2] ?? 0;
  }

  /** Log-likelihood of the samples. */
  run(wander: number): number {
    const filter = this.#filter;
    let sum = 0;
    for (const [i, sample] of this.#weighed.entries()) {
      filter.predict(sample.time, wander);
      const row = sourceRow(sample, placeOf(sample.route, this.#reference));
      filter.update(row, sample.offset, this.#track.variance(sample, this.#noise));
      if (i < warmUp) continue;
      const surprise = filter.innovation ** 2 / filter.innovationVariance;
      sum -= (Math.log(filter.innovationVariance) + Math.min(surprise, surpriseMax ** 2)) / 2;
    }
    return sum;
  }
}

/** The state of a route's asymmetry; the reference has none. */
function placeOf(route: number, reference: number): number | undefined {
  if (route === reference) return undefined;
  return route < reference ? 4 + route : 3 + route;
}

function sourceRow({ aside, beyond }: Weighed, place: number | undefined): Row {
  if (place === undefined) {
    return { index: Int32Array.of(0, 2, 3), value: Float64Array.of(1, aside, beyond) };
  }
  return { index: Int32Array.of(0, 2, 3, place), value: Float64Array.of(1, aside, beyond, 1) };
}
