// npm run fuzz -- [--minutes N] [--target T]... [--seed N]
// Tries every decoder with inputs from seeds, each for so many minutes, one after the other. A
// failure is printed with its seed, and its input is kept beside those that the suite tries.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { Chance } from "./fuzz/chance.ts";
import type { Failure } from "./fuzz/runner.ts";
import { targetNamed, targets } from "./fuzz/targets.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    target: { type: "string", multiple: true },
    seed: { type: "string" },
  },
});
const seconds = Number(values.minutes) * 60;
const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 30));
/** Failures of one target that are told: the rest is mostly the same again. */
const failuresMax = 5;
/** An input that takes so much processor time is given up: the thread does not come back from it. */
const givenUpMs = 20_000;

type Message =
  | { readonly kind: "failure"; readonly failure: Failure }
  | {
      readonly kind: "done";
      readonly runs: number;
      readonly slowest: { readonly seed: number; readonly ms: number };
      readonly grown: number;
      readonly growth: string | undefined;
    };

// What is built looks for the modules beside itself.
if (!existsSync("build/yang")) symlinkSync("../yang", "build/yang");
const names = values.target ?? targets.map(({ name }) => name);
for (const name of names) targetNamed(name);
let isSound = true;
for (const name of names) isSound = (await fuzz(name)) && isSound;
process.exitCode = isSound ? 0 : 1;

/** Processor time of this process: on a busy machine hardly anything may happen for a long while. */
function spentMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** True: nothing was found. */
function fuzz(name: string): Promise<boolean> {
  const progress = new SharedArrayBuffer(8);
  const words = new Int32Array(progress);
  const workerData = { target: name, firstSeed, seconds, progress };
  const worker = new Worker(new URL("./fuzz/worker.js", import.meta.url), { workerData });
  let failures = 0;
  return new Promise((resolve, reject) => {
    let last = { count: -1, at: spentMs() };
    const finish = (isGood: boolean): void => {
      clearInterval(watch);
      worker.terminate().then(() => resolve(isGood), reject);
    };
    const watch = setInterval(() => {
      const count = Atomics.load(words, 1);
      const now = spentMs();
      if (count !== last.count) last = { count, at: now };
      if (count === 0 || now - last.at < givenUpMs) return;
      const seed = Atomics.load(words, 0);
      const input = targetNamed(name).make(new Chance(seed));
      tell({ target: name, seed, message: "it does not come to an end", input });
      finish(false);
    }, 1_000);
    worker.on("error", reject);
    worker.on("message", (message: Message) => {
      if (message.kind === "failure") {
        failures++;
        tell(message.failure);
        if (failures >= failuresMax) finish(false);
        return;
      }
      const { runs, slowest, grown, growth } = message;
      if (growth !== undefined) console.log(`${name}: ${growth}`);
      console.log(
        `${name}: ${runs} inputs from seed ${firstSeed} on, ${failures} failures; the slowest ` +
          `${slowest.ms.toFixed(0)} ms (seed ${slowest.seed}); ${(grown / 1024).toFixed(0)} KiB more held`,
      );
      finish(failures === 0 && growth === undefined);
    });
  });
}

function tell({ target, seed, message, input }: Failure): void {
  const folder = join("test/fuzz/corpora", target);
  const file = join(folder, createHash("sha256").update(input).digest("hex").slice(0, 12));
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, input);
  console.log(`${target}: seed ${seed}: ${message}\n  kept as ${file}`);
}
