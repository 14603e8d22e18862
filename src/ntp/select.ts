/** What a source says of the time: the right one lies within `offset` ± `distance`. */
export interface Candidate<T> {
  readonly source: T;
  readonly offset: number;
  readonly distance: number;
}

interface Endpoint {
  readonly at: number;
  readonly kind: -1 | 0 | 1;
}

/**
 * The intersection algorithm (RFC 5905 section 11.2.1): the sources whose middle lies in the
 * largest interval that a majority has a point of. Empty where no majority agrees.
 */
export function selectTruechimers<T>(candidates: readonly Candidate<T>[]): readonly Candidate<T>[] {
  const endpoints: readonly Endpoint[] = candidates
    .flatMap(({ offset, distance }): readonly Endpoint[] => [
      { at: offset - distance, kind: -1 },
      { at: offset, kind: 0 },
      { at: offset + distance, kind: 1 },
    ])
    .toSorted((a, b) => a.at - b.at || a.kind - b.kind);
  const count = candidates.length;
  for (let falsetickers = 0; 2 * falsetickers < count; falsetickers++) {
    const wanted = count - falsetickers;
    const low = boundary(endpoints, wanted, -1);
    const high = boundary(endpoints.toReversed(), wanted, 1);
    if (low === undefined || high === undefined) continue;
    if (low.passed + high.passed <= falsetickers && low.at <= high.at) {
      return candidates.filter(
        ({ offset, distance }) => offset + distance >= low.at && offset - distance <= high.at,
      );
    }
  }
  return [];
}

/** The first point that so many intervals hold, and how many middles were passed before it. */
function boundary(
  endpoints: readonly Endpoint[],
  wanted: number,
  opening: -1 | 1,
): { readonly at: number; readonly passed: number } | undefined {
  let chime = 0;
  let passed = 0;
  for (const { at, kind } of endpoints) {
    if (kind === opening) chime++;
    else if (kind !== 0) chime--;
    if (chime >= wanted) return { at, passed };
    if (kind === 0) passed++;
  }
  return undefined;
}
