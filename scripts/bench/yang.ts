import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { plainDocument, plainModule, validatedDocument, validatedModule } from "./yang-data.ts";
import type { Inner } from "./yang-inner.ts";

// The compiler and the validator against yanglint, in turn on one machine: the ratio counts. Both
// are measured as whole processes; what happens inside ours is measured there, what happens inside
// yanglint is its whole time less that of a run that has nothing to validate.

const python = "/usr/bin/python3";
const inner = fileURLToPath(new URL("yang-inner.js", import.meta.url));
const options = {
  rounds: { type: "string", default: "5" },
  entries: { type: "string", default: "100000" },
  corpus: { type: "string", default: "../shared/corpus/yang-ietf" },
} as const;

/** Seconds and peak megabytes of a whole process. */
interface Run {
  readonly seconds: number;
  readonly megabytes: number;
}

type Figure = readonly [label: string, ours: number, peer: number, unit: string];

/** Measures, and prints a table with one row for each figure. */
export async function benchYang(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options });
  const missing = [python, "/usr/bin/yanglint"].find((program) => !existsSync(program));
  if (missing !== undefined) {
    print(`skipped: there is no ${missing}`);
    return;
  }
  const [rounds, count] = [Number(values.rounds), Number(values.entries)];
  const work = mkdtempSync(join(tmpdir(), "ntpconfd-bench-"));
  try {
    printFigures([
      ...compileFigures(resolve(values.corpus), rounds),
      ...validationFigures(work, count, rounds),
      ...memoryFigures(work, count, rounds),
    ]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

interface CorpusModule {
  readonly module: string;
  readonly file: string;
  readonly compiles: boolean;
  /** What yanglint complains about, where it refuses what is right. */
  readonly peer?: string;
}

function compileFigures(corpus: string, rounds: number): readonly Figure[] {
  const list = join(corpus, "compiles.json");
  if (!existsSync(list)) {
    print(`compile skipped: there is no ${list}`);
    return [];
  }
  const all: { modules: readonly CorpusModule[] } = JSON.parse(readFileSync(list, "utf8"));
  const both = all.modules.filter(({ compiles, peer }) => compiles && peer === undefined);
  const names = both.map(({ module }) => module);
  print(`… compiling ${names.length} of ${all.modules.length} modules, those that both take`);
  const files = both.map(({ file }) => join(corpus, file));
  const ours: Run[] = [];
  const peers: Run[] = [];
  const inside: Inner[] = [];
  for (let round = 0; round < rounds; round++) {
    peers.push(run(["yanglint", "-p", corpus, ...files]));
    ours.push(check(corpus, names));
    inside.push(innerRun("compile", corpus, names));
  }
  const peer = median(peers.map(({ seconds }) => seconds));
  return [
    [`compile ${names.length} modules, process`, secondsOf(ours), peer, "s"],
    ["  compile() inside", medianOf(inside, "compile") / 1000, peer, "s"],
    ["  peak memory", megabytesOf(ours), megabytesOf(peers), "MB"],
  ];
}

function validationFigures(work: string, count: number, rounds: number): readonly Figure[] {
  print(`… validating ${count} entries`);
  const name = "bench-entries";
  const [module, file] = written(work, name, validatedModule, validatedDocument(count));
  const [ours, peers, idle]: [Run[], Run[], Run[]] = [[], [], []];
  const inside: Inner[] = [];
  for (let round = 0; round < rounds; round++) {
    peers.push(run(["yanglint", "-t", "config", module, file]));
    idle.push(run(["yanglint", module]));
    ours.push(check(work, [name], file));
    inside.push(innerRun("validate", work, [name], file));
  }
  const peer = secondsOf(peers) - secondsOf(idle);
  const [parse, read, validate] = (["parse", "read", "validate"] as const).map(
    (step) => medianOf(inside, step) / 1000,
  ) as [number, number, number];
  return [
    [`validate ${count} entries, process`, secondsOf(ours), secondsOf(peers), "s"],
    ["  inside: parse, read, validate", parse + read + validate, peer, "s"],
    ["    parseXml()", parse, Number.NaN, "s"],
    ["    readData()", read, Number.NaN, "s"],
    ["    validateTree()", validate, Number.NaN, "s"],
    ["  peak memory", megabytesOf(ours), megabytesOf(peers), "MB"],
    // yanglint has nothing but the whole.
    ["one change, of two leaves: validate", medianOf(inside, "change"), peer * 1000, "ms"],
    ["  of a leaf that is unique", medianOf(inside, "unique"), peer * 1000, "ms"],
    ["  an entry more", medianOf(inside, "create"), peer * 1000, "ms"],
    ["  an entry less, as others are referred to", medianOf(inside, "remove"), peer * 1000, "ms"],
    ["  the edit itself", medianOf(inside, "edit"), Number.NaN, "ms"],
  ];
}

function memoryFigures(work: string, count: number, rounds: number): readonly Figure[] {
  print(`… holding ${count} entries of five leaves`);
  const name = "bench-plain";
  const [module, file] = written(work, name, plainModule, plainDocument(count));
  const heaps: Inner[] = [];
  const [ours, peers, idle]: [Run[], Run[], Run[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    heaps.push(innerRun("heap", work, [name], file));
    ours.push(check(work, [name], file));
    peers.push(run(["yanglint", "-t", "config", module, file]));
    idle.push(run(["yanglint", module]));
  }
  const held = megabytesOf(peers) - megabytesOf(idle);
  return [
    [`tree of ${count} entries of 5 leaves`, medianOf(heaps, "heap"), held, "MB"],
    ["  read and validate them, process", secondsOf(ours), secondsOf(peers), "s"],
    ["  peak memory", megabytesOf(ours), megabytesOf(peers), "MB"],
  ];
}

function written(work: string, name: string, module: string, document: string): [string, string] {
  const paths: [string, string] = [join(work, `${name}.yang`), join(work, `${name}.xml`)];
  writeFileSync(paths[0], module);
  writeFileSync(paths[1], document);
  return paths;
}

function check(folder: string, modules: readonly string[], file?: string): Run {
  const data = file === undefined ? [] : ["--type", "config", "--data", file];
  const words = ["dist/main.js", "check", "--yang-dir", folder, ...modules, ...data];
  return run([process.execPath, ...words]);
}

function innerRun(
  mode: "compile" | "validate" | "heap",
  folder: string,
  modules: readonly string[],
  file = "",
): Inner {
  const words = ["--expose-gc", inner, mode, folder, modules.join(","), file];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" }));
}

/** Runs a program in a process that does nothing else, so that the peak is its own. */
function run(words: readonly string[]): Run {
  const script = `import json, resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = time.monotonic() - start
print(json.dumps({"code": code, "seconds": seconds, "megabytes": used.ru_maxrss / 1000}))`;
  const answer = execFileSync(python, ["-c", script, ...words], { encoding: "utf8" });
  const { code, ...result }: Run & { readonly code: number } = JSON.parse(answer);
  if (code !== 0) throw new Error(`${words.slice(0, 4).join(" ")} … ended with ${code}`);
  return result;
}

function secondsOf(runs: readonly Run[]): number {
  return median(runs.map(({ seconds }) => seconds));
}

function megabytesOf(runs: readonly Run[]): number {
  return median(runs.map(({ megabytes }) => megabytes));
}

function medianOf(inners: readonly Inner[], step: keyof Inner): number {
  return median(inners.map((one) => one[step] ?? Number.NaN));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** The ratio says how many times yanglint's figure ours is: below 1 is better. */
function printFigures(figures: readonly Figure[]): void {
  const version = execFileSync("yanglint", ["--version"], { encoding: "utf8" }).trim();
  const lines = [["", "ntpconfd", version, "", "ratio"]];
  for (const [label, ours, peer, unit] of figures) {
    lines.push([label, show(ours), show(peer), unit, show(ours / peer)]);
  }
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  for (const line of lines) {
    const cells = line.map((cell, i) => {
      const width = widths?.[i] ?? 0;
      return i === 0 || i === 3 ? cell.padEnd(width) : cell.padStart(width);
    });
    print(cells.join("  "));
  }
}

function show(value: number): string {
  if (Number.isNaN(value)) return "-";
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toPrecision(2);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
