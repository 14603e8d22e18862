/** A path that a source's packets have taken, known by the shortest delay on it. */
interface Route {
  base: number;
  /** What delays on it exceed the base by. */
  excesses: number[];
  /** Their median, as of not long ago. */
  typical: number;
  /** The three shortest delays on it, in ascending order. */
  shortest: readonly number[];
}

/** Samples that a new route must have shown before it is believed; more tell no more. */
const confirmMin = 3;
const confirmMax = 10;
/** How much likelier a new route must be than a run of bad luck, as a logarithm. */
const evidenceMin = 7.5;
/** A delay that is shorter by so many typical excesses than any before is on another route. */
const shorterMin = 6;
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
  /** Counts what made earlier samples look otherwise than before. */
  revisions = 0;

  /** The route that each sample took, in the order of their arrival. */
  get taken(): readonly number[] {
    return this.#taken;
  }

  get routes(): readonly { readonly base: number; readonly typical: number }[] {
    return this.#routes;
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
      this.#taken.push(this.#open(delay, 0));
      return;
    }
    const next = this.#shorterWay(here, delay, current) ?? current;
    this.#taken.push(next);
    this.#join(next, delay);
    if (next === current) this.#lookBack(here, current);
  }

  /** The route of a delay that is too short for the one so far. */
  #shorterWay(here: Route, delay: number, current: number): number | undefined {
    const typical = scaleOf(here);
    const back = delay < here.base - 2 * typical ? this.#known(delay, typical, current) : undefined;
    if (back !== undefined || here.excesses.length < knownMin) return back;
    return delay < here.base - shorterMin * typical ? this.#open(delay, typical) : undefined;
  }

  /** Whether the last samples are better explained by another route. */
  #lookBack(here: Route, current: number): void {
    const known = here.excesses.length - confirmMin;
    if (known < knownMin) return;
    // With few samples it is not well known what is typical.
    const typical = scaleOf(here) * (1 + 3 / Math.sqrt(known));
    for (let count = confirmMin; count <= confirmMax; count++) {
      const first = this.#delays.length - count;
      if (first < 0 || this.#taken[first] !== current) return;
      if (here.excesses.length - count < knownMin) return;
      const run = this.#delays.slice(first);
      if (evidence(run, here.base, typical) < evidenceMin) continue;
      here.excesses.length -= count;
      const shortest = Math.min(...run);
      const other = this.#known(shortest, typical, current) ?? this.#open(shortest, typical);
      for (const [i, delay] of run.entries()) {
        this.#taken[first + i] = other;
        this.#join(other, delay);
      }
      this.revisions++;
      return;
    }
  }

  /** A route known from before that has such a shortest delay. */
  #known(delay: number, typical: number, current: number): number | undefined {
    const back = this.#routes.findIndex(
      ({ base }, k) => k !== current && delay > base - 2 * typical && delay < base + 4 * typical,
    );
    return back < 0 ? undefined : back;
  }

  /** Until it shows its own, a new route has the noise of the one before. */
  #open(delay: number, typical: number): number {
    this.revisions++;
    return this.#routes.push({ base: delay, excesses: [], typical, shortest: [] }) - 1;
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
    const count = route.excesses.length;
    const inherited = index > 0 && count < knownMin;
    if (!inherited && (count < 16 || count % 8 === 0)) route.typical = median(route.excesses);
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
