import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Figures, keyOf, printRows, type Row, rowsFor } from "./netconf-rows.ts";
import { type Server, startNetconfd, startOurs } from "./netconf-servers.ts";

// The NETCONF server against yuma123's netconfd, in one run on one machine: the ratio counts.

const python = "/usr/bin/python3";
/** What is short is run against both in turn, so that what else the machine does hits both. */
const shortSteps = ["a", "b", "c", "h", "i"];
const options = {
  sizes: { type: "string", default: "1000,10000,100000" },
  "peer-sizes": { type: "string", default: "1000" },
  steps: { type: "string", default: "abcdefghi" },
  rounds: { type: "string", default: "2" },
  gets: { type: "string", default: "5000" },
  "without-peer": { type: "boolean", default: false },
  // The peer is the same agent with --record: what recording costs.
  record: { type: "boolean", default: false },
} as const;

interface Settings {
  readonly sizes: readonly number[];
  readonly peerSizes: readonly number[];
  readonly steps: string;
  readonly rounds: number;
  readonly gets: number;
}

/** Measures, and prints a table with one row for each figure. */
export async function benchNetconf(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options });
  const folder = resolve("../shared/bench");
  const client = join(folder, "ncbench.py");
  if (!existsSync(client) || !existsSync(python)) {
    print(`skipped: there is no ${existsSync(client) ? python : client}`);
    return;
  }
  if (!hasLibssh()) {
    print("skipped: the client needs libssh.so.4 (Debian: libssh-4)");
    return;
  }
  const settings: Settings = {
    sizes: numbers(values.sizes),
    peerSizes: numbers(values["peer-sizes"]),
    steps: values.steps,
    rounds: Number(values.rounds),
    gets: Number(values.gets),
  };
  const work = mkdtempSync(join(tmpdir(), "ntpconfd-bench-"));
  const servers: Server[] = [];
  try {
    const ours = await startOurs(work, folder);
    servers.push(ours);
    const peer = await startPeer(values, work, folder);
    if (peer === undefined) print("yuma123 skipped: netconfd and openssh-server are not installed");
    else servers.push(peer);
    const figures = new Map<string, Figures>();
    for (const { name } of servers) figures.set(name, new Map());
    const run = (server: Server, steps: string, sizes: readonly number[]): void => {
      const into = figures.get(server.name);
      const rows = rowsFor(settings.sizes);
      if (into === undefined) return;
      print(`… ${server.name}: steps ${steps}${sizes.length > 0 ? ` of ${sizes.join(", ")}` : ""}`);
      keepBest(into, rows, measure({ client, server, steps, sizes, gets: settings.gets, work }));
    };
    runAll(settings, ours, peer, run);
    printRows(rowsFor(settings.sizes), figures, ours.name, peer?.name);
  } finally {
    for (const server of servers) await server.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

async function startPeer(
  values: { readonly record: boolean; readonly "without-peer": boolean },
  work: string,
  folder: string,
): Promise<Server | undefined> {
  if (values.record) return startOurs(work, folder, true);
  return values["without-peer"] ? undefined : startNetconfd(work, folder);
}

function hasLibssh(): boolean {
  try {
    execFileSync(python, ["-c", "import ctypes; ctypes.CDLL('libssh.so.4')"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

type Run = (server: Server, steps: string, sizes: readonly number[]) => void;

function runAll(settings: Settings, ours: Server, peer: Server | undefined, run: Run): void {
  const { steps, rounds, sizes, peerSizes } = settings;
  for (let round = 0; round < rounds; round++) {
    for (const step of shortSteps.filter((one) => steps.includes(one))) {
      run(ours, step, []);
      if (peer !== undefined) run(peer, step, []);
    }
  }
  const long = [...steps].filter((step) => !shortSteps.includes(step)).join("");
  if (long === "") return;
  for (const size of sizes) {
    run(ours, long, [size]);
    if (peer !== undefined && peerSizes.includes(size)) run(peer, long, [size]);
  }
}

interface Measurement {
  readonly client: string;
  readonly server: Server;
  readonly steps: string;
  readonly sizes: readonly number[];
  readonly gets: number;
  readonly work: string;
}

/** One run of the client: what it wrote for each of its steps. */
function measure({ client, server, steps, sizes, gets, work }: Measurement): unknown {
  const out = join(work, "figures.json");
  const words = [
    ...["run", "--port", `${server.port}`, "--user", "root", "--name", server.name],
    ...["--pids", server.pids.join(","), "--out", out, "--steps", steps, "--gets", `${gets}`],
    ...(sizes.length > 0 ? ["--sizes", sizes.join(",")] : []),
    ...server.login,
  ];
  execFileSync(python, [client, ...words], { stdio: ["ignore", "ignore", "inherit"] });
  const result: unknown = JSON.parse(readFileSync(out, "utf8"));
  for (const message of listAt(result, "errors")) print(`  ${server.name} failed: ${message}`);
  return result;
}

/** Of several rounds the best counts: the one that was disturbed least, on either side. */
function keepBest(into: Figures, rows: readonly Row[], result: unknown): void {
  for (const row of rows) {
    const value = valueAt(result, ["steps", row.step, ...row.path.split(".")]);
    if (typeof value !== "number") continue;
    const before = into.get(keyOf(row));
    const isBetter = before === undefined || (row.more ? value > before : value < before);
    if (isBetter) into.set(keyOf(row), value);
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Object.entries(found).find(([key]) => key === name)?.[1];
  }
  return found;
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const found = valueAt(value, [name]);
  return Array.isArray(found) ? found : [];
}

function numbers(list: string): readonly number[] {
  return list.split(",").filter(Boolean).map(Number);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
