// npm run soak -- [--minutes N] [--sessions N] [--commits N] [--requests N] [--seed N]
// A real agent under load, on the loopback: so many sessions that come and go, commits and NTP
// requests a second. Its memory has to stay flat, and every answer that is due has to come.

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { SeededRandom } from "../test/random.ts";
import { type AgentProcess, startAgent } from "./agent-process.ts";
import { comeAndGo, commitSteadily, type Managers, type Tally } from "./soak/managers.ts";
import type { LoadCounts } from "./soak/ntp-load.ts";
import type { Sample } from "./soak/watch.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    sessions: { type: "string", default: "200" },
    commits: { type: "string", default: "50" },
    requests: { type: "string", default: "50000" },
    seed: { type: "string", default: "1" },
  },
});
const seconds = Number(values.minutes) * 60;
const sessionMeanSeconds = 15;
const samples = 24;
/** What may be in use more in the last quarter than in the second, in octets. */
const growthMax = 8 * 1024 * 1024;
const MiB = 1024 * 1024;
const nothing = { heap: 0, external: 0 };

const directory = mkdtempSync(join(tmpdir(), "ntpconfd-soak-"));
try {
  process.exitCode = (await soak()) ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function soak(): Promise<boolean> {
  const port = await freePort();
  const watch = new URL("./soak/watch.js", import.meta.url).href;
  const agent = await startAgent(directory, ["--no-startup"], watch);
  const tally: Tally = { sessions: 0, open: 0, rpcs: 0, commits: 0, late: 0, failures: [] };
  let isOver = false;
  const managers: Managers = {
    agent,
    random: new SeededRandom(Number(values.seed)),
    tally,
    isOver: () => isOver,
  };
  try {
    await serveTime(agent, port);
    const workerData = { port, rate: Number(values.requests) };
    const load = new Worker(new URL("./soak/ntp-load.js", import.meta.url), { workerData });
    const places = Array.from({ length: Number(values.sessions) }, () =>
      comeAndGo(managers, sessionMeanSeconds),
    );
    const committing = commitSteadily(managers, Number(values.commits));
    const seen = await watched(agent, load, tally);
    isOver = true;
    await Promise.all([committing, ...places]);
    const counts = await ask<LoadCounts>(load, "message");
    await load.terminate();
    return await verdict(agent, seen, tally, counts);
  } finally {
    isOver = true;
    await agent.kill();
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

async function serveTime(agent: AgentProcess, port: number): Promise<void> {
  const client = await agent.connect();
  await client.configure(
    `<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"><port>${port}</port>` +
      "<refclock-master><master-stratum>3</master-stratum></refclock-master></ntp>",
  );
  await client.close();
}

/** Looks at the agent now and then until the time is over. */
async function watched(agent: AgentProcess, load: Worker, tally: Tally): Promise<Sample[]> {
  const seen: Sample[] = [];
  for (let n = 1; n <= samples; n++) {
    await delay((seconds * 1_000) / samples);
    const answer = once(agent.child, "message");
    agent.child.send("sample");
    const [sample] = (await answer) as [Sample];
    seen.push(sample);
    const counts = await ask<LoadCounts>(load, "message");
    console.log(
      `${((n * seconds) / samples / 60).toFixed(1)} min: in use ${mib(inUse(sample))}, resident ` +
        `${mib(sample.resident)}; loop late p50 ${sample.delayP50.toFixed(1)}, p99 ` +
        `${sample.delayP99.toFixed(1)}, max ${sample.delayMax.toFixed(0)} ms; ${tally.open} open, ` +
        `${tally.sessions} sessions, ${tally.rpcs} rpcs, ${tally.commits} commits, ` +
        `${counts.answered} of ${counts.sent} answered, ${counts.lost} lost`,
    );
    for (const failure of new Set(tally.failures.slice(-5))) console.log(`  failed: ${failure}`);
  }
  return seen;
}

async function ask<T>(worker: Worker, event: string): Promise<T> {
  const answer = once(worker, event);
  worker.postMessage("counts");
  const [counts] = (await answer) as [T];
  return counts;
}

async function verdict(
  agent: AgentProcess,
  seen: readonly Sample[],
  tally: Tally,
  counts: LoadCounts,
): Promise<boolean> {
  const quarter = (n: number): number =>
    median(seen.slice((n * samples) / 4, ((n + 1) * samples) / 4).map(inUse));
  const grown = quarter(3) - quarter(1);
  const over = (pick: (sample: Sample) => number): number => median(seen.map(pick));
  const asked = seconds * Number(values.requests);
  const perReply = (1e6 * (seen.at(-1)?.cpuSeconds ?? 0)) / Math.max(1, counts.answered);
  const ended = await stopped(agent);
  console.log(
    `${values.minutes} min: ${tally.sessions} sessions, ${tally.rpcs} rpcs, ${tally.commits} ` +
      `commits (${(tally.commits / seconds).toFixed(1)} a second), ${counts.answered} NTP answers ` +
      `(${(counts.answered / seconds).toFixed(0)} a second, ${((100 * counts.sent) / asked).toFixed(0)} % of ` +
      `what was to be asked), ${counts.lost} lost; ${perReply.toFixed(1)} us of CPU for each answer, all in all`,
  );
  console.log(
    `in use: ${mib(quarter(1))} in the second quarter, ${mib(quarter(3))} in the last; loop late ` +
      `p50 ${over((s) => s.delayP50).toFixed(1)}, p99 ${over((s) => s.delayP99).toFixed(1)} ms, worst ` +
      `${Math.max(...seen.map((s) => s.delayMax)).toFixed(0)} ms (medians over ${samples} spans)`,
  );
  console.log(
    `memory: ${mib(inUse(seen[0] ?? nothing))} at first, ${mib(inUse(seen.at(-1) ?? nothing))} in ` +
      `the end; ${(slopeOf(seen.slice(samples / 4)) / 1024).toFixed(1)} KiB a minute after the first ` +
      `quarter; resident ${mib(seen[0]?.resident ?? 0)} and ${mib(seen.at(-1)?.resident ?? 0)}`,
  );
  const faults = [
    ...(grown > growthMax ? [`memory is not flat: ${mib(grown)} more`] : []),
    ...(counts.lost > 0 ? [`${counts.lost} answers did not come`] : []),
    ...(tally.failures.length > 0 ? [`${tally.failures.length} failures of managers`] : []),
    ...(agent.log() === "" ? [] : [`the agent complains: ${agent.log().slice(0, 2_000)}`]),
    ...(ended === 0 ? [] : [`it ended with status ${ended}`]),
  ];
  for (const fault of faults) console.log(fault);
  return faults.length === 0;
}

/** The status that it ends with when it is told to. */
async function stopped(agent: AgentProcess): Promise<number | null> {
  const ended = once(agent.child, "exit");
  agent.child.kill("SIGTERM");
  const [status] = (await ended) as [number | null];
  return status;
}

/** Octets a minute by which what is in use grows: the least squares' line through the samples. */
function slopeOf(seen: readonly Sample[]): number {
  const minutes = seconds / samples / 60;
  const meanX = ((seen.length - 1) * minutes) / 2;
  const meanY = seen.reduce((sum, sample) => sum + inUse(sample), 0) / Math.max(1, seen.length);
  let [above, below] = [0, 0];
  for (const [i, sample] of seen.entries()) {
    above += (i * minutes - meanX) * (inUse(sample) - meanY);
    below += (i * minutes - meanX) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

function inUse({ heap, external }: Pick<Sample, "heap" | "external">): number {
  return heap + external;
}

function mib(octets: number): string {
  return `${(octets / MiB).toFixed(1)} MiB`;
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;
}
