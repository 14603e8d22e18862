/** Figures of one server: see keyOf(). */
export type Figures = Map<string, number>;

/** One figure: where the client writes it, and what two other servers took. */
export interface Row {
  readonly label: string;
  readonly step: string;
  readonly path: string;
  /** Whether more is better. */
  readonly more: boolean;
  /** netopeer2 2.4.5 and clixon 7.8.0, on another machine; NaN: not known or not to be had. */
  readonly stated: readonly [netopeer2: number, clixon: number];
}

type Line = readonly [label: string, step: string, path: string, more: boolean, Row["stated"]];
const unknown = [Number.NaN, Number.NaN] as const;

const always: readonly Line[] = [
  ["session set-up, p50 ms", "a_setup", "p50_ms", false, [13.5, 87.7]],
  ["session set-up, 8 at once, /s", "a_parallel8", "per_s", true, unknown],
  ["get one of 100, p50 ms", "b_get_one_100", "p50_ms", false, [0.37, 1.36]],
  ["get one of 100, /s", "b_get_one_100", "per_s", true, [2660, 727]],
  ["  32 in flight, /s", "b_pipelined_100", "per_s", true, [4490, 815]],
  ["  8 sessions, /s", "b_8_sessions", "per_s", true, [8530, 1320]],
  ["edit a leaf + commit, p50 ms", "c_edit_leaf_commit", "total.p50_ms", false, [2.9, 4.4]],
  ["100 idle sessions, kB each", "h_idle_100", "pss_kb_each", false, [24, 6300]],
  ["  get on one of them, p50 ms", "h_idle_100", "get_on_one.p50_ms", false, unknown],
  ["event to 10, p50 ms", "i_notif_10", "to_all.p50_ms", false, unknown],
  ["event to 50, p50 ms", "i_notif_50", "to_all.p50_ms", false, [6.1, Number.NaN]],
];

/** By the number of entries: create, edit one, read one, read all, memory. */
const stated: ReadonlyMap<number, readonly Row["stated"][]> = new Map([
  [1_000, [[0.12, 0.08], [19, 46], unknown, unknown, unknown]],
  [10_000, [[0.86, 2.1], [229, 2200], unknown, [40, 11], unknown]],
  [
    100_000,
    [
      [9.3, 200],
      [3100, Number.NaN],
      [0.37, 2400],
      [28, 10.5],
      [1100, 840],
    ],
  ],
]);

/** All rows, with those for so many entries. */
export function rowsFor(sizes: readonly number[]): readonly Row[] {
  const lines = [...always];
  for (const n of sizes) {
    const [create = unknown, edit = unknown, one = unknown, all = unknown, memory = unknown] =
      stated.get(n) ?? [];
    lines.push(
      [`create ${n}, s`, `d_create_${n}`, "total_s", false, create],
      [`  edit one + commit, p50 ms`, `f_edit_one_${n}`, "total.p50_ms", false, edit],
      [`  get one, p50 ms`, `f_get_one_${n}`, "p50_ms", false, one],
      [`  get all, MB/s`, `e_full_get_${n}`, "MBps", true, all],
      [`  memory (PSS), MB`, `g_mem_${n}`, "pss_mb", false, memory],
      [`  memory after that, MB`, `g_mem_after_${n}`, "pss_mb", false, unknown],
    );
  }
  return lines.map(([label, step, path, more, figures]) => {
    return { label, step, path, more, stated: figures };
  });
}

/** Prints the table. The ratio says how many times better ours is. */
export function printRows(
  rows: readonly Row[],
  figures: ReadonlyMap<string, Figures>,
  ours: string,
  peer: string | undefined,
): void {
  const lines = [["", ours, peer ?? "(no peer)", "times", "netopeer2*", "clixon*"]];
  for (const row of rows) {
    const own = figures.get(ours)?.get(keyOf(row));
    const other = peer === undefined ? undefined : figures.get(peer)?.get(keyOf(row));
    if (own === undefined && other === undefined) continue;
    const cells = [own, other, ratio(row, own, other), ...row.stated];
    lines.push([row.label, ...cells.map(show)]);
  }
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  for (const line of lines) {
    const cells = line.map((cell, i) => {
      const width = widths?.[i] ?? 0;
      return i === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    process.stdout.write(`${cells.join("  ")}\n`);
  }
  process.stdout.write("* as stated, measured with the same client on another machine\n");
}

/** What a row's figure is kept under: labels repeat from size to size, steps do not. */
export function keyOf({ step, path }: Row): string {
  return `${step} ${path}`;
}

function ratio(row: Row, own: number | undefined, other: number | undefined): number {
  // What an idle session holds can vanish in what the collector gives back meanwhile.
  if (own === undefined || other === undefined || own <= 0 || other <= 0) return Number.NaN;
  return row.more ? own / other : other / own;
}

function show(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "-";
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toPrecision(3);
}
