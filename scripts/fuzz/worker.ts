import { parentPort, workerData } from "node:worker_threads";
import { growthFault, heapInUse, trySeed } from "./runner.ts";
import { targetNamed } from "./targets.ts";

/** What the thread is told to do. */
export interface FuzzTask {
  readonly target: string;
  readonly firstSeed: number;
  readonly seconds: number;
  /** Two 32-bit words that it writes: the seed under way, and a count that moves with each. */
  readonly progress: SharedArrayBuffer;
}

const { target: name, firstSeed, seconds, progress }: FuzzTask = workerData;
const target = targetNamed(name);
const words = new Int32Array(progress);
const end = performance.now() + seconds * 1_000;
const warmUp = performance.now() + Math.min(10_000, seconds * 200);
let before: number | undefined;
let slowest = { seed: firstSeed, ms: 0 };
let seed = firstSeed;

for (; performance.now() < end; seed++) {
  Atomics.store(words, 0, seed);
  Atomics.add(words, 1, 1);
  const began = performance.now();
  const failure = trySeed(target, seed);
  const ms = performance.now() - began;
  if (failure !== undefined) parentPort?.postMessage({ kind: "failure", failure });
  else if (ms > slowest.ms) slowest = { seed, ms };
  if (before === undefined && performance.now() > warmUp) before = heapInUse();
}
const after = heapInUse();
const growth = growthFault(before ?? after, after);
parentPort?.postMessage({
  kind: "done",
  runs: seed - firstSeed,
  slowest,
  grown: after - (before ?? after),
  growth,
});
