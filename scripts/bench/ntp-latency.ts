import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { NetconfClient } from "../../src/cli/netconf-client.ts";
import { type NtpServer, startLoop, startOurs } from "./ntp-servers.ts";
import {
  enterNamespace,
  isInside,
  median,
  print,
  printColumns,
  requests,
  withTools,
  writeRequests,
} from "./ntp-tools.ts";

// How long clients wait for an answer while the agent is busy with a commit, at a steady pace; and
// how long they wait meanwhile for a bare loop in C, which does nothing else: the machine's share.

const options = {
  rounds: { type: "string", default: "5" },
  entries: { type: "string", default: "100000" },
  pace: { type: "string", default: "1000" },
} as const;

const idleSeconds = 3;
/** s for which clients ask while the commit goes on: it ends sooner. */
const busySeconds = 60;
/** Fewer replies than so many have no p99. */
const repliesMin = 100;
const namespace = "urn:ntpconfd:bench:entries";
const entriesModule =
  `module entries { namespace "${namespace}"; prefix e; container entries {` +
  ' list entry { key "name"; leaf name { type string; } leaf value { type uint32; } } } }\n';
const kinds = ["idle", "edit-config", "commit"] as const;
type Kind = (typeof kinds)[number];

/** A reply: when its request left, and how long it took; ns. */
interface Reply {
  readonly left: number;
  readonly took: number;
}

/** What clients of one server met, by kind, round by round; ns. */
type Found = Readonly<Record<Kind, Waits>>;

interface Waits {
  readonly p50: number[];
  readonly p99: number[];
  readonly max: number[];
}

/** A server, how it is asked for so many seconds, and what came of it. */
interface Asked {
  readonly name: string;
  readonly ask: (seconds: number) => Asking;
  readonly found: Found;
}

/** Measures in a network namespace of its own, and prints a table. */
export async function benchNtpLatency(args: readonly string[]): Promise<void> {
  if (!isInside()) {
    enterNamespace("ntp-latency", args);
    return;
  }
  const { values } = parseArgs({ args: [...args], options });
  const [rounds, entries, pace] = [values.rounds, values.entries, values.pace].map(Number);
  await withTools(async (work, { load, loop }) => {
    const folder = join(work, "yang");
    mkdirSync(folder);
    writeFileSync(join(folder, "entries.yang"), entriesModule);
    const ours = await startOurs(work, ["--yang-dir", folder, "--implement", "entries"]);
    const servers = [ours, await startLoop(loop)];
    try {
      const file = join(work, "requests");
      const words = [file, writeRequests(file, undefined), requests].map(String);
      const asked = servers.map(({ name, port }: NtpServer, i): Asked => {
        const phase = i / servers.length;
        const ask = (seconds: number): Asking =>
          startAsking(load, ["paced", `${port}`, ...words, `${seconds}`, `${pace}`, `${phase}`]);
        return { name, ask, found: { idle: waits(), "edit-config": waits(), commit: waits() } };
      });
      const netconf = await ours.connect();
      await measure(netconf, asked, rounds ?? 1, entries ?? 1);
      await netconf.close();
      printTable(asked);
    } finally {
      for (const server of servers) await server.stop();
    }
  });
}

async function measure(
  netconf: NetconfClient,
  servers: readonly Asked[],
  rounds: number,
  entries: number,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    print(`… round ${round + 1} of ${rounds}`);
    const resting = servers.map(({ ask }) => ask(idleSeconds).all);
    for (const [i, all] of resting.entries()) note(servers[i]?.found.idle, await all);
    const asking = servers.map(({ ask }) => ask(busySeconds));
    await setTimeout(500);
    const times = [await timed(netconf, edit(entries, round)), await timed(netconf, "<commit/>")];
    await setTimeout(300);
    for (const { stop } of asking) stop();
    for (const [i, { all }] of asking.entries()) {
      const busy = await all;
      times.forEach(([from, to], k) => {
        const during = busy.filter(({ left }) => left >= from && left <= to);
        const kind = kinds[k + 1] ?? "idle";
        note(servers[i]?.found[kind], during);
        if (i > 0) return;
        print(`  ${kind}: ${((to - from) / 1e9).toFixed(2)} s, ${during.length} replies`);
      });
    }
  }
}

function waits(): Waits {
  return { p50: [], p99: [], max: [] };
}

function note(into: Waits | undefined, replies: readonly Reply[]): void {
  const sorted = replies.map(({ took }) => took).sort((a, b) => a - b);
  const none = sorted.length < repliesMin;
  const at = (part: number): number =>
    none ? Number.NaN : (sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN);
  into?.p50.push(at(0.5));
  into?.p99.push(at(0.99));
  into?.max.push(at(1));
}

function printTable(servers: readonly Asked[]): void {
  const us = (list: readonly number[]): string => (medianOfKnown(list) / 1_000).toFixed(0);
  const ratio = (list: readonly number[], to: readonly number[]): string =>
    medianOfKnown(list.map((wait, i) => wait / (to[i] ?? Number.NaN))).toFixed(2);
  const lines = servers.flatMap(({ name, found }) =>
    kinds.map((kind) => {
      const { p50, p99, max } = found[kind];
      const bare = servers.at(-1)?.found[kind].p99 ?? [];
      const ratios = [ratio(p99, found.idle.p99), ratio(p99, bare)];
      return [`${name}, ${kind}`, us(p50), us(p99), us(max), ...ratios];
    }),
  );
  const heads = ["p50", "p99", "max", "p99 : idle", `p99 : ${servers.at(-1)?.name}`];
  printColumns([["us from request to reply", ...heads], ...lines]);
  print("Medians of the rounds; behind the colons the ratios within a round, medians too.");
}

function medianOfKnown(list: readonly number[]): number {
  return median(list.filter((value) => !Number.isNaN(value)));
}

interface Asking {
  readonly all: Promise<readonly Reply[]>;
  stop(): void;
}

function startAsking(load: string, words: readonly string[]): Asking {
  const child = spawn(load, words, { stdio: ["ignore", "pipe", "inherit"] });
  const collect = async (): Promise<readonly Reply[]> => {
    const replies: Reply[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      const [left = Number.NaN, took = Number.NaN] = line.split(" ").map(Number);
      if (!Number.isNaN(left)) replies.push({ left, took });
    }
    return replies;
  };
  return { all: collect(), stop: () => child.kill("SIGTERM") };
}

/** Does it, and says from when to when that lasted: ns since 1970. */
async function timed(
  netconf: NetconfClient,
  operation: string,
): Promise<readonly [number, number]> {
  const from = Date.now() * 1e6;
  await netconf.rpc(operation);
  return [from, Date.now() * 1e6];
}

function edit(entries: number, round: number): string {
  const list = Array.from(
    { length: entries },
    (_, i) => `<entry><name>n${i}</name><value>${i + round}</value></entry>`,
  );
  return (
    "<edit-config><target><candidate/></target><config>" +
    `<entries xmlns="${namespace}">${list.join("")}</entries></config></edit-config>`
  );
}
