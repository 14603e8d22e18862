// npm run sim -- [--regimes FILE] [--poll NAME] [--only NAME] [--seeds N] [--first N] [--json OUT]
// Runs the engine itself in every regime and poll configuration, and prints the medians beside
// chrony's. The same seed gives the same figures to the last bit.

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { chrony } from "./sim-baseline.ts";
import { type Figures, type PollLimits, type Regime, simulate } from "./sim-model.ts";

interface RegimeFile {
  readonly poll: Readonly<Record<string, PollLimits>>;
  readonly regimes: readonly Regime[];
}

interface Row {
  readonly regime: string;
  readonly poll: string;
  readonly runs: readonly Figures[];
}

const { values } = parseArgs({
  options: {
    regimes: { type: "string", default: "../shared/bench/regimes.json" },
    seeds: { type: "string", default: "20" },
    first: { type: "string", default: "1" },
    json: { type: "string" },
    poll: { type: "string", default: "" },
    only: { type: "string", default: "" },
  },
});

const file = JSON.parse(readFileSync(values.regimes, "utf8")) as RegimeFile;
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => Number(values.first) + i);
const rows: Row[] = [];
for (const [poll, limits] of Object.entries(file.poll)) {
  if (values.poll !== "" && values.poll !== poll) continue;
  console.log(`\n${poll}, ${seeds.length} seeds: median (quartiles); chrony in brackets`);
  const ratios: number[] = [];
  for (const regime of file.regimes) {
    if (!regime.name.includes(values.only)) continue;
    const runs = seeds.map((seed) => simulate(regime, limits, seed));
    rows.push({ regime: regime.name, poll, runs });
    const ratio = print(regime.name, poll, runs);
    if (ratio !== undefined) ratios.push(ratio);
  }
  if (ratios.length > 0) {
    const worst = Math.max(...ratios).toFixed(2);
    console.log(`RMS against chrony: median ${quantile(ratios, 0.5).toFixed(2)}, worst ${worst}`);
  }
}
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify(report(rows), null, 1)}\n`);

/** One line; the ratio of the medians of RMS, where there is a figure to compare with. */
function print(name: string, poll: string, runs: readonly Figures[]): number | undefined {
  const rms = runs.map((run) => run.rms * 1e6);
  const settle = runs.map((run) => run.settle ?? Number.POSITIVE_INFINITY);
  const packets = quantile(
    runs.map((run) => run.packets),
    0.5,
  );
  const theirs = chrony.get(poll)?.get(name);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(rms, q));
  const ratio = theirs && (middle ?? 0) / theirs.rms / 1e6;
  const settled = quantile(settle, 0.5);
  const cells = [
    name.padEnd(18),
    `rms ${short(middle)} us (${short(low)}-${short(high)}) [${short(theirs && theirs.rms * 1e6)}]`.padEnd(
      42,
    ),
    ratio === undefined ? "" : `x${ratio.toFixed(2)}${ratio > 1 ? " !" : ""}`.padEnd(8),
    `settle ${settled} [${theirs?.settle ?? "-"}]${theirs && settled > theirs.settle ? " !" : ""}`.padEnd(
      22,
    ),
    `packets ${packets} [${theirs?.packets ?? "-"}]${theirs && packets > theirs.packets ? " !" : ""}`.padEnd(
      26,
    ),
    `mean ${short(
      quantile(
        runs.map((run) => run.mean * 1e6),
        0.5,
      ),
    )}`.padEnd(12),
    `freq ${(
      quantile(
        runs.map((run) => run.freqRms),
        0.5,
      ) * 1e9
    ).toFixed(0)}e-9`,
  ];
  console.log(cells.join(" "));
  return ratio;
}

function report(all: readonly Row[]): object {
  return {
    format: "ntp-simulation-results",
    seeds,
    results: all.map(({ regime, poll, runs }) => ({
      regime,
      poll,
      median: {
        rms_s: quantile(
          runs.map((run) => run.rms),
          0.5,
        ),
        max_s: quantile(
          runs.map((run) => run.max),
          0.5,
        ),
        p99_s: quantile(
          runs.map((run) => run.p99),
          0.5,
        ),
        mean_s: quantile(
          runs.map((run) => run.mean),
          0.5,
        ),
        settle_s: finite(
          quantile(
            runs.map((run) => run.settle ?? Number.POSITIVE_INFINITY),
            0.5,
          ),
        ),
        freq_rms: quantile(
          runs.map((run) => run.freqRms),
          0.5,
        ),
        packets: quantile(
          runs.map((run) => run.packets),
          0.5,
        ),
      },
      runs,
    })),
  };
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function short(value: number | undefined): string {
  return value === undefined ? "-" : value.toPrecision(3);
}

function quantile(list: readonly number[], q: number): number {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}
