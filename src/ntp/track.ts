import { twoSided } from "./delay-shape.ts";
import { RouteTracker } from "./route.ts";
import type { Sample } from "./sample.ts";

/** Samples that are kept of one source. */
const historyMax = 640;
/** A usual excess is at most so many typical ones, and so many spreads beyond the typical one. */
const usualMax = { typical: 5, narrow: 4 } as const;

/** A sample as the estimator weighs it. */
export interface Weighed {
  readonly time: number;
  readonly offset: number;
  readonly route: number;
  /** s by which its delay exceeds its route's base: what is usual, and what is beyond that. */
  readonly excess: number;
  readonly beyond: number;
  /** s of excess from where a lean adds nothing. */
  readonly aside: number;
  /** s²: what clocks cannot read. */
  readonly floor: number;
}

/** How the error of a source's samples grows with their delay, as far as is known. */
export interface NoiseModel {
  /** Whether the error leans to one side as the delay grows: one way is noisier than the other. */
  readonly leaning: boolean;
  /** 0: not at all; 1: in proportion. */
  readonly share: number;
  /** Of the typical excess: the standard deviation of the error. */
  readonly scale: number;
  /** s of error for each s of excess, as found where the error leans; at most 1/2 either way. */
  readonly lean: number;
}

/** Each way exponential and alike: given the excess e, the error is uniform within ± e/2. */
export const oneSided: NoiseModel = { leaning: false, share: 1, scale: Math.sqrt(1 / 12), lean: 0 };

/** How the usual delays of a source are distributed. */
interface Shape {
  /** The probability that they scatter to both sides of their middle. */
  readonly both: number;
  /** s of excess at which a lean adds nothing: the middle, as far as there is one. */
  readonly middle: number;
}

const upwards: Shape = { both: 0, middle: 0 };

/** All samples of one source that still count, and what its delays say of them. */
export class Track {
  #samples: Sample[] = [];
  #routes = new RouteTracker();
  #weighed: readonly Weighed[] = [];
  #meanSquare = 0;
  #shape: Shape = upwards;
  #revision = 0;
  noise: NoiseModel = oneSided;
  /** Time of its first sample. */
  since = 0;

  add(sample: Sample): void {
    if (this.#samples.push(sample) === 1) this.since = sample.time;
    this.#routes.add(sample.delay);
    if (this.#samples.length > historyMax) this.#forget();
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** Changes whenever earlier samples are to be seen otherwise. */
  get revision(): number {
    return this.#routes.revisions + this.#revision;
  }

  get routeCount(): number {
    return this.#routes.routes.length;
  }

  /** s: the base delays of its routes. */
  base(route: number): number {
    return this.#routes.routes[route]?.base ?? 0;
  }

  /** The route by which the others are measured. */
  get reference(): number {
    return this.#routes.reference;
  }

  /** s: standard deviation of what a route's asymmetry may add, against the reference. */
  detour(route: number): number {
    return Math.abs(this.base(route) - this.base(this.reference)) / 2;
  }

  /** All samples, weighed by what is known of the delays now. */
  weigh(): readonly Weighed[] {
    this.#shape = upwards;
    const plain = this.#samples.map((_, i) => this.#weighOne(i));
    this.#shape = shapeOf(plain);
    const { middle } = this.#shape;
    this.#weighed = plain.map((one) => ({ ...one, aside: one.excess - middle }));
    const squares = this.#weighed.reduce((sum, { excess }) => sum + excess * excess, 0);
    this.#meanSquare = squares / Math.max(1, this.#weighed.length);
    return this.#weighed;
  }

  weighLast(): Weighed | undefined {
    return this.#samples.length === 0 ? undefined : this.#weighOne(this.#samples.length - 1);
  }

  /** s: the standard deviation of a usual sample's error. */
  get deviation(): number {
    if (this.#meanSquare === 0) this.weigh();
    const { share, scale } = this.noise;
    const route = this.#routes.taken.at(-1) ?? 0;
    const typical = this.#routes.routes[route]?.typical ?? 0;
    const usual = (1 - share) * this.#meanSquare + share * typical * typical;
    return Math.sqrt((this.#samples.at(-1)?.dispersion ?? 0) ** 2 + scale * scale * usual);
  }

  /** s²: the variance of a sample's error, but for what the slopes explain. */
  variance({ excess, beyond, floor }: Weighed, { share, scale }: NoiseModel): number {
    const usual = (1 - share) * this.#meanSquare + share * excess * excess;
    return floor + scale * scale * usual + (beyond * beyond) / 12;
  }

  /**
   * s to add to a sample's offset where one way alone is noisy: what is left when the lean is taken
   * off is the other way's delay, which is one-sided too, so that its mean is its deviation. Where
   * delays scatter to both sides, nothing is left.
   */
  shift({ share, scale, lean }: NoiseModel): number {
    const limited = Math.max(-0.5, Math.min(0.5, lean));
    const upward = 1 - this.#shape.both;
    return 2 * upward * limited * scale * Math.sqrt((1 - share) * this.#meanSquare);
  }

  #weighOne(i: number): Weighed {
    const sample = this.#samples[i] as Sample;
    const route = this.#routes.taken[i] ?? 0;
    const { base = 0, typical = 0, narrow = 0 } = this.#routes.routes[route] ?? {};
    const unseen = this.#routes.unseen(route);
    const over = sample.delay - base;
    // A delay that is shorter than is possible is as dubious as one as far on the other side of
    // what is typical.
    const total = (over < 0 ? 2 * typical - over : over) + unseen;
    const most = Math.min(usualMax.typical * typical, typical + usualMax.narrow * narrow);
    const excess = Math.min(total, most + unseen);
    return {
      time: sample.time,
      offset: sample.offset,
      route,
      excess,
      beyond: total - excess,
      aside: excess - this.#shape.middle,
      floor: sample.dispersion ** 2,
    };
  }

  /** The oldest quarter goes; what is left is looked at anew. */
  #forget(): void {
    this.#samples = this.#samples.slice(historyMax >> 2);
    const before = this.revision;
    this.#routes = new RouteTracker();
    for (const { delay } of this.#samples) this.#routes.add(delay);
    this.#revision = before + 1;
  }
}

function shapeOf(samples: readonly Weighed[]): Shape {
  const usual = samples.filter(({ beyond }) => beyond === 0).map(({ excess }) => excess);
  const both = twoSided(usual);
  const mean = usual.reduce((sum, excess) => sum + excess, 0) / Math.max(1, usual.length);
  return { both, middle: both * mean };
}
