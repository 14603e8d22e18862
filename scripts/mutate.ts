// npm run mutate -- [--jobs N] [--only TEXT]
// Sabotages one line of the security and commit code after the other, in a copy of the tree: each
// has to turn the tests red that are named with it. What survives is told, and the status is 1.

import { spawn } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Mutant } from "./mutate/mutant.ts";
import { mutants } from "./mutate/mutants.ts";

const { values } = parseArgs({
  options: { jobs: { type: "string", default: "2" }, only: { type: "string", default: "" } },
});
const chosen = mutants.filter(({ name, file }) => `${file} ${name}`.includes(values.only));
const root = resolve(".");
/** A sabotage may make a test wait for ever: then it has been noticed. */
const timeoutMs = 300_000;

const began = performance.now();
const survivors: string[] = [];
const queue = [...chosen.entries()];
const trees = Array.from({ length: Math.max(1, Number(values.jobs)) }, copyOfTree);
try {
  if (!(await isSound(trees[0] ?? root))) throw new Error("tests fail before anything is changed");
  await Promise.all(trees.map(work));
} finally {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
}
const seconds = ((performance.now() - began) / 1_000).toFixed(0);
const killed = chosen.length - survivors.length;
console.log(`${chosen.length} sabotages, ${killed} noticed, ${survivors.length} not; ${seconds} s`);
for (const name of survivors) console.log(`  not noticed: ${name}`);
process.exitCode = survivors.length === 0 ? 0 : 1;

function copyOfTree(): string {
  const tree = mkdtempSync(join(tmpdir(), "ntpconfd-mutate-"));
  for (const name of ["src", "test", "scripts", "yang", "docs", "package.json", "tsconfig.json"]) {
    cpSync(join(root, name), join(tree, name), { recursive: true });
  }
  for (const name of ["node_modules", "dist"]) symlinkSync(join(root, name), join(tree, name));
  return tree;
}

async function isSound(tree: string): Promise<boolean> {
  const tests = [...new Set(chosen.flatMap((mutant) => mutant.tests))];
  const { isRed, output } = await run(tree, tests, tests.length * timeoutMs);
  if (isRed) console.log(output);
  return !isRed;
}

async function work(tree: string): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [i, mutant] = next;
    const outcome = await tried(tree, mutant);
    const place = `${mutant.file}: ${mutant.name}`;
    if (outcome !== "noticed") survivors.push(`${place} (${outcome})`);
    console.log(`${i + 1}/${chosen.length} ${outcome}: ${place}`);
  }
}

async function tried(tree: string, mutant: Mutant): Promise<string> {
  const path = pathOf(tree, mutant.file);
  const text = readFileSync(path, "utf8");
  if (text.split(mutant.from).length !== 2) return "its line is not there, or not once";
  writeFileSync(
    path,
    text.replace(mutant.from, () => mutant.to),
  );
  try {
    return (await run(tree, mutant.tests)).isRed ? "noticed" : "survives";
  } finally {
    writeFileSync(path, text);
  }
}

function pathOf(tree: string, file: string): string {
  if (!file.startsWith("yang/")) return join(tree, file);
  const found = readdirSync(join(tree, "yang")).find((one) => `yang/${one}`.startsWith(`${file}@`));
  return join(tree, "yang", found ?? "");
}

interface Run {
  readonly isRed: boolean;
  readonly output: string;
}

/** Whether a test fails; a run that has no test throws. */
function run(tree: string, tests: readonly string[], mostMs = timeoutMs): Promise<Run> {
  const words = ["vitest", "run", "--config", "test/vitest.config.ts", "--bail", "1", ...tests];
  const child = spawn("npx", words, {
    cwd: tree,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => {
    output += bytes.toString();
  });
  child.stderr.resume();
  return new Promise((done, reject) => {
    // The whole group: what vitest started goes with it.
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), mostMs);
    child.once("error", reject);
    child.once("close", (status) => {
      clearTimeout(timer);
      if (/No test files found/.test(output)) reject(new Error(`no tests in ${tests.join(" ")}`));
      else done({ isRed: status !== 0, output });
    });
  });
}
