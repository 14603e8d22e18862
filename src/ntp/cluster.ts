import { NMIN } from "./constants.ts";

/** A truechimer with what the clustering algorithm weighs. */
export interface Chimer<T> {
  readonly source: T;
  readonly offset: number;
  readonly jitter: number;
  /** Stratum first, then root distance: smaller is better. */
  readonly stratum: number;
  readonly distance: number;
  readonly prefer: boolean;
}

/**
 * The clustering algorithm (RFC 5905 section 11.2.2): as long as one source's distance to the
 * others says more than the best source's own noise, the farthest is cast out, down to three.
 * The survivors come best first.
 */
export function clusterSurvivors<T>(chimers: readonly Chimer<T>[]): readonly Chimer<T>[] {
  let left = chimers.toSorted((a, b) => a.stratum - b.stratum || a.distance - b.distance);
  while (left.length > NMIN) {
    const spread = left.map((one) => selectionJitter(one, left));
    const widest = Math.max(...spread);
    const least = Math.min(...left.map((one) => one.jitter));
    const worst = spread.lastIndexOf(widest);
    if (widest <= least || left[worst]?.prefer === true) break;
    left = left.toSpliced(worst, 1);
  }
  return left;
}

function selectionJitter<T>(one: Chimer<T>, all: readonly Chimer<T>[]): number {
  const squares = all.reduce((sum, other) => sum + (other.offset - one.offset) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, all.length - 1));
}
