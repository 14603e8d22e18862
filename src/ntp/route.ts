/** A path that a source's packets have taken, known by the shortest delay on it. */
interface Route {
  base: number;
  /** What delays on it exceed the base by. */
  excesses: number[];
  /** Their median, as of not long ago. */
  typical: number;
  /** Samples that what is typical was taken over from, if it is not known from its own. */
  inherited: number;
  /** The same by the delays around the middle alone: what is rare and short does not stretch it. */
  narrow: number;
  /** The three shortest delays on it, in ascending order. */
  shortest: readonly number[];
}

/** Samples that a new route must have shown before it is believed; more tell no more. */
const confirmMin = 3;
/** Samples with which a shorter route is opened. */
const pair = 2;
/** Samples that a route must have shown before others are measured by it. */
const settledMin = 5;
const confirmMax = 10;
/** How much likelier a new route must be than a run of bad luck, as a logarithm. */
const evidenceMin = 7.5;
/**
 * A delay that is shorter than the middle by so many times what the lower quartile is, is on
 * another route, if the next is as well; one alone is nothing to rely on. One-sided noise never
 * brings it about, and normal noise rarely; of spikes to both sides, those to the short side must
 * not be taken for the best samples that there are.
 */
const shorterMin = 6;
/** Typical excesses by which one delay, or the shortest of several, is longer than its route's. */
const aloneMax = 4;
const togetherMax = 1.5;
/** What a delay may be shorter than a route so far: of what is unseen of it, and of the typical. */
const unseenMax = 2;
const lowerMax = 0.75;
/** The median of exponential noise, by what lies between it and the lower quartile. */
const exponentialNarrow = Math.log(2) / Math.log(1.5);
/** Samples on a route before it can be said what is typical of it. */
const knownMin = 12;

/**
 * Tells changes of route from noise, by the delays alone: a delay that stays longer by much the
 * same amount, sample after sample, is a longer way; delays that are longer and scattered are
 * queues. A clock cannot do that to a delay: so what jumps with the route is no clock's error.
 */
export class RouteTracker {
  readonly #routes: Route[] = [];
  readonly #delays: number[] = [];
  readonly #taken: number[] = [];
  /** The last delay, if it was too short for its route and alone. */
  #stray: number | undefined;
  /** Counts what made earlier samples look otherwise than before. */
  revisions = 0;

  /** The route that each sample took, in the order of their arrival. */
  get taken(): readonly number[] {
    return this.#taken;
  }

  get routes(): readonly {
    readonly base: number;
    readonly typical: number;
    readonly narrow: number;
  }[] {
    return this.#routes;
  }

  /**
   * The shortest route, of those that packets have kept to: of all ways, the one whose asymmetry
   * can be the least.
   */
  get reference(): number {
    const settled = this.#routes.filter(({ excesses }) => excesses.length >= settledMin);
    const bases = settled.map(({ base }) => base);
    const shortest = settled[bases.indexOf(Math.min(...bases))];
    return shortest === undefined ? 0 : this.#routes.indexOf(shortest);
  }

  /**
   * s by which the base of a route may be shorter than the shortest delay seen on it: the shortest
   * delays lie as far apart as the first of them lies from it.
   */
  unseen(index: number): number {
    const route = this.#routes[index];
    if (route === undefined) return 0;
    const [first = 0, , third] = route.shortest;
    return third === undefined ? first * 0.1 : Math.max(third - first, 1e-7);
  }

  add(delay: number): void {
    const current = this.#taken.at(-1);
    const here = current === undefined ? undefined : this.#routes[current];
    this.#delays.push(delay);
    if (current === undefined || here === undefined) {
      this.#taken.push(this.#open(delay, undefined));
      return;
    }
    const shorter = this.#shorterWay(here, delay, current);
    if (shorter === "stray") {
      this.#taken.push(current);
      return;
    }
    const next = shorter ?? current;
    this.#taken.push(next);
    this.#join(next, delay);
    if (next === current) this.#lookBack(here, current);
  }

  /** The route of a delay that is too short for the one so far; or it is a stray, for now. */
  #shorterWay(here: Route, delay: number, current: number): number | "stray" | undefined {
    const typical = scaleOf(here);
    const before = this.#stray;
    this.#stray = undefined;
    const isShorter = delay < here.base - 2 * typical;
    const back = isShorter ? this.#known(delay, aloneMax, current) : undefined;
    if (back !== undefined || here.excesses.length < knownMin) return back;
    const narrow = Math.max(Math.min(here.narrow, typical), here.base * 1e-3, 1e-6);
    const least = here.typical - (shorterMin * narrow) / exponentialNarrow;
    if (delay >= here.base + least) return undefined;
    if (before === undefined || Math.abs(before - delay) > shorterMin * narrow) {
      this.#stray = delay;
      return "stray";
    }
    const shortest = Math.min(before, delay);
    const other = this.#known(shortest, aloneMax, current) ?? this.#open(shortest, here);
    this.#taken[this.#taken.length - 1] = other;
    this.#join(other, before);
    return other;
  }

  /** When it is first known what is typical of a route, strays are no part of it. */
  #sift(route: Route): void {
    const sorted = route.excesses.toSorted((a, b) => a - b);
    const middle = median(sorted);
    const least = middle - shorterMin * (middle - (sorted[sorted.length >> 2] ?? 0));
    const kept = sorted.filter((excess) => excess >= least);
    const [lowest = 0] = kept;
    if (lowest === 0) return;
    route.base += lowest;
    route.excesses = route.excesses.filter((e) => e >= lowest).map((excess) => excess - lowest);
    route.shortest = kept.slice(0, 3).map((excess) => route.base + excess - lowest);
    this.revisions++;
  }

  /** Whether the last samples are better explained by another route. */
  #lookBack(here: Route, current: number): void {
    const known = Math.max(here.excesses.length - confirmMin, here.inherited);
    if (known < knownMin) return;
    // With few samples it is not well known what is typical.
    const typical = scaleOf(here) * (1 + 3 / Math.sqrt(known));
    for (let count = confirmMin; count <= confirmMax; count++) {
      const first = this.#delays.length - count;
      if (first < 0 || this.#taken[first] !== current) return;
      const left = here.excesses.length - count;
      if (left < (here.inherited < knownMin ? knownMin : pair)) return;
      const run = this.#delays.slice(first);
      if (evidence(run, here.base, typical) < evidenceMin) continue;
      here.excesses.length -= count;
      const shortest = Math.min(...run);
      const other = this.#known(shortest, togetherMax, current) ?? this.#open(shortest, here);
      for (const [i, delay] of run.entries()) {
        this.#taken[first + i] = other;
        this.#join(other, delay);
      }
      if (left === pair) this.#dissolve(current, other, first);
      this.revisions++;
      return;
    }
  }

  /** A shorter route that no third packet took was a pair of strays: they belong to the other. */
  #dissolve(current: number, other: number, first: number): void {
    if (other > current || current !== this.#routes.length - 1) return;
    this.#routes.pop();
    for (let i = first - pair; i < first; i++) this.#taken[i] = other;
  }

  /**
   * The route known from before that is most likely to have a delay that is longer by `most` of
   * its typical excesses, and shorter by no more than its base may well be.
   */
  #known(delay: number, most: number, current: number): number | undefined {
    let best: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [k, route] of this.#routes.entries()) {
      const typical = scaleOf(route);
      const over = delay - route.base;
      const lower = Math.min(unseenMax * this.unseen(k), lowerMax * typical);
      if (k === current || over > most * typical || over < -lower) continue;
      if (Math.abs(over) >= least) continue;
      best = k;
      least = Math.abs(over);
    }
    return best;
  }

  /** Until it shows its own, a new route has the noise of the one before. */
  #open(base: number, before: Route | undefined): number {
    this.revisions++;
    const typical = before === undefined ? 0 : scaleOf(before);
    const inherited = Math.max(before?.excesses.length ?? 0, before?.inherited ?? 0);
    const excesses: number[] = [];
    return (
      this.#routes.push({ base, excesses, typical, inherited, narrow: typical, shortest: [] }) - 1
    );
  }

  #join(index: number, delay: number): void {
    const route = this.#routes[index];
    if (route === undefined) return;
    if (delay < route.base) {
      const lower = route.base - delay;
      route.excesses = route.excesses.map((excess) => excess + lower);
      route.base = delay;
      this.revisions++;
    }
    route.excesses.push(delay - route.base);
    route.shortest = [...route.shortest, delay].sort((a, b) => a - b).slice(0, 3);
    if (route.excesses.length === knownMin) this.#sift(route);
    const count = route.excesses.length;
    // What a run at its end may be taken out of again is not yet typical of it.
    if (count >= knownMin + confirmMax) route.inherited = 0;
    if (route.inherited > 0 || (count >= 16 && count % 8 !== 0)) return;
    const sorted = Float64Array.from(route.excesses).sort();
    route.typical = sorted[count >> 1] ?? 0;
    route.narrow = (route.typical - (sorted[count >> 2] ?? 0)) * exponentialNarrow;
  }
}

/**
 * How much likelier these delays are on a longer route with the noise that there was before, than
 * on this route with a worse noise (both exponential), as a logarithm.
 */
function evidence(run: readonly number[], base: number, typical: number): number {
  const count = run.length;
  const shortest = Math.min(...run);
  const excess = shortest - base;
  if (excess < 2 * typical) return Number.NEGATIVE_INFINITY;
  const scattered = run.reduce((sum, delay) => sum + delay - shortest, 0);
  const worse = excess + scattered / count;
  return count * Math.log(worse / typical) + count - scattered / typical;
}

/** What is typical of a route, but nothing that clocks cannot read. */
function scaleOf({ typical, base }: Route): number {
  return Math.max(typical, base * 1e-3, 1e-6);
}

export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}
