/** What a source says of the time: the right one lies within `offset` ± `distance`. */
export interface Candidate<T> {
  readonly source: T;
  readonly offset: number;
  readonly distance: number;
}

interface Endpoint {
  readonly at: number;
  readonly opens: boolean;
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The intersection algorithm (RFC 5905 section 11.2.1): the sources that have a point in common
 * with the interval that a majority shares, and in which a majority has its middle. Empty where no
 * majority agrees.
 *
 * Far sources have wide intervals, and may share points with a falseticker far from those that
 * they share with each other. The RFC takes all from the first such point to the last; here only
 * the stretch that itself holds a majority of middles counts, if there is one.
 */
export function selectTruechimers<T>(candidates: readonly Candidate<T>[]): readonly Candidate<T>[] {
  const count = candidates.length;
  for (let falsetickers = 0; 2 * falsetickers < count; falsetickers++) {
    const stretches = sharedBy(count - falsetickers, candidates);
    const [first] = stretches;
    const last = stretches.at(-1);
    if (first === undefined || last === undefined) continue;
    const whole = { low: first.low, high: last.high };
    const found = [...stretches, whole].find(
      ({ low, high }) =>
        candidates.filter(({ offset }) => offset < low || offset > high).length <= falsetickers,
    );
    if (found === undefined) continue;
    return candidates.filter(
      ({ offset, distance }) => offset + distance >= found.low && offset - distance <= found.high,
    );
  }
  return [];
}

/** The stretches of time that so many intervals hold, in ascending order. */
function sharedBy<T>(wanted: number, candidates: readonly Candidate<T>[]): readonly Interval[] {
  const endpoints = candidates
    .flatMap(({ offset, distance }): readonly Endpoint[] => [
      { at: offset - distance, opens: true },
      { at: offset + distance, opens: false },
    ])
    .toSorted((a, b) => a.at - b.at || Number(b.opens) - Number(a.opens));
  const stretches: Interval[] = [];
  let chime = 0;
  let low = 0;
  for (const { at, opens } of endpoints) {
    if (opens && ++chime === wanted) low = at;
    if (!opens && chime-- === wanted) stretches.push({ low, high: at });
  }
  return stretches;
}
