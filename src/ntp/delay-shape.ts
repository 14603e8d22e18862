/** How unlikely (as a logarithm) two-sided noise is taken to be before any delay is seen. */
const prior = 2;
/** s: what is less is not told from nothing. */
const instant = 1e-9;
/** Delays from which on their distribution says anything. */
const least = 8;

/**
 * The probability that delays scatter to both sides of their middle (normal) and not upwards from
 * a shortest one (exponential one way or both), by what (s, above nothing) they exceed that by.
 *
 * It matters where one way is noisier than the other: what queues add to a delay is nothing at the
 * shortest of all, but what a noisy timestamp adds to it is nothing in the middle.
 */
export function twoSided(excesses: readonly number[]): number {
  const count = excesses.length;
  if (count < least) return 0;
  let sum = 0;
  let squares = 0;
  let logarithms = 0;
  for (const one of excesses) {
    const excess = Math.max(one, instant);
    sum += excess;
    squares += excess * excess;
    logarithms += Math.log(excess);
  }
  const mean = sum / count;
  const variance = Math.max(squares / count - mean * mean, Number.MIN_VALUE);
  // Log-likelihoods with the scale that fits best.
  const normal = (-count / 2) * (Math.log(2 * Math.PI * variance) + 1);
  const oneWay = -count * (Math.log(mean) + 1);
  const bothWays = logarithms - 2 * count * (Math.log(mean / 2) + 1);
  return 1 / (1 + Math.exp(Math.max(oneWay, bothWays) - normal + prior));
}
