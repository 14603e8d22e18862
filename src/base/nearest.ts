/** The name that a typing mistake or two away was meant; undefined: none is near. */
export function nearest(text: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const most = Math.min(Math.max(1, Math.floor(name.length / 3)), least - 1);
    const found = distance(text, name, most);
    if (found > most) continue;
    best = name;
    least = found;
  }
  return best;
}

/**
 * Damerau's, without overlaps: insertions, deletions, replacements and neighbours swapped. Beyond
 * `most` it is no longer looked how far: strangers' mistakes must stay cheap.
 */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return Number.POSITIVE_INFINITY;
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  let lowest = 0;
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    const lowestBefore = lowest;
    lowest = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swaps = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = swaps ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      const cost = Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      next.push(cost);
      if (cost < lowest) lowest = cost;
    }
    // What comes next is made of these two rows, and gets no less.
    if (lowest > most && lowestBefore > most) return Number.POSITIVE_INFINITY;
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
