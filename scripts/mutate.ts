// npm run mutate -- [--jobs N] [--only TEXT] [--list]
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

const usage = `usage: npm run mutate -- [--jobs N] [--only TEXT] [--list]
  --jobs N     so many at once (2)
  --only TEXT  those whose file and name have this text in them
  --list       tell which these are, and sabotage nothing`;
const words = readWords();
const chosen = mutants.filter(({ name, file }) => `${file}: ${name}`.includes(words.only));
if (chosen.length === 0) refuse(`no sabotage has "${words.only}" in its file and name`);
if (words.list) {
  for (const { file, name } of chosen) console.log(`${file}: ${name}`);
  process.exit(0);
}
const root = resolve(".");
/** A sabotage may make a test wait for ever: then it has been noticed. */
const timeoutMs = 300_000;

const began = performance.now();
const survivors: string[] = [];
const queue = [...chosen.entries()];
const trees = Array.from({ length: words.jobs }, copyOfTree);
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

interface Words {
  readonly jobs: number;
  readonly only: string;
  readonly list: boolean;
}

/** What stands on the command line; where that is wrong this ends with status 2. */
function readWords(): Words {
  const options = {
    jobs: { type: "string", default: "2" },
    only: { type: "string", default: "" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    const { values } = parseArgs({ options });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    if (/^[1-9]\d?$/.test(values.jobs)) return { ...values, jobs: Number(values.jobs) };
    return refuse(`--jobs ${values.jobs}: it is a number from 1 to 99`);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(reason: string): never {
  console.error(`${reason}\n${usage}`);
  process.exit(2);
}

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
  // What failed, and why, vitest tells over the second.
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => {
      output += bytes.toString();
    });
  }
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
