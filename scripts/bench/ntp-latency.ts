import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { NetconfClient } from "../../src/cli/netconf-client.ts";
import { startOurs } from "./ntp-servers.ts";
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

// How long clients wait for an answer while the agent is busy with a commit, at a steady pace.

const options = {
  rounds: { type: "string", default: "3" },
  entries: { type: "string", default: "100000" },
  pace: { type: "string", default: "1000" },
} as const;

const idleSeconds = 5;
/** s for which clients ask while the commit goes on: it ends sooner. */
const busySeconds = 60;
const namespace = "urn:ntpconfd:bench:entries";
const entriesModule =
  `module entries { namespace "${namespace}"; prefix e; container entries {` +
  ' list entry { key "name"; leaf name { type string; } leaf value { type uint32; } } } }\n';

/** A reply: when its request left, and how long it took; ns. */
interface Reply {
  readonly left: number;
  readonly took: number;
}

/** Measures in a network namespace of its own, and prints a table. */
export async function benchNtpLatency(args: readonly string[]): Promise<void> {
  if (!isInside()) {
    enterNamespace("ntp-latency", args);
    return;
  }
  const { values } = parseArgs({ args: [...args], options });
  const [rounds, entries, pace] = [values.rounds, values.entries, values.pace].map(Number);
  await withTools(async (work, { load }) => {
    const folder = join(work, "yang");
    mkdirSync(folder);
    writeFileSync(join(folder, "entries.yang"), entriesModule);
    const server = await startOurs(work, ["--yang-dir", folder, "--implement", "entries"]);
    try {
      const file = join(work, "requests");
      const words = [file, writeRequests(file, undefined), requests].map(String);
      const ask = (seconds: number): Asking =>
        startAsking(load, ["paced", `${server.port}`, ...words, `${seconds}`, `${pace}`]);
      const netconf = await server.connect();
      await measure(netconf, ask, rounds ?? 1, entries ?? 1);
      await netconf.close();
    } finally {
      await server.stop();
    }
  });
}

async function measure(
  netconf: NetconfClient,
  ask: (seconds: number) => Asking,
  rounds: number,
  entries: number,
): Promise<void> {
  const kinds = ["idle", "edit-config", "commit"] as const;
  const found = kinds.map((kind) => ({ kind, p50: [], p99: [], max: [] as number[] }) as Found);
  for (let round = 0; round < rounds; round++) {
    print(`… round ${round + 1} of ${rounds}`);
    const idle = await ask(idleSeconds).all;
    const asking = ask(busySeconds);
    await setTimeout(500);
    const times = [await timed(netconf, edit(entries, round)), await timed(netconf, "<commit/>")];
    await setTimeout(300);
    asking.stop();
    const busy = await asking.all;
    note(found[0], idle);
    times.forEach(([from, to], i) => {
      const during = busy.filter(({ left }) => left >= from && left <= to);
      note(found[i + 1], during);
      print(`  ${kinds[i + 1]}: ${((to - from) / 1e9).toFixed(2)} s, ${during.length} replies`);
    });
  }
  const us = (list: readonly number[]): string => (median(list) / 1_000).toFixed(0);
  const idle = found[0]?.p99 ?? [];
  printColumns([
    ["us from request to reply", "p50", "p99", "max", "p99 against idle"],
    ...found.map(({ kind, p50, p99, max }) => {
      const ratio = median(p99.map((busy, i) => busy / (idle[i] ?? Number.NaN)));
      return [kind, us(p50), us(p99), us(max), ratio.toFixed(2)];
    }),
  ]);
  print("Medians of the rounds.");
}

interface Found {
  readonly kind: string;
  readonly p50: number[];
  readonly p99: number[];
  readonly max: number[];
}

function note(into: Found | undefined, replies: readonly Reply[]): void {
  const sorted = replies.map(({ took }) => took).sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
  into?.p50.push(at(0.5));
  into?.p99.push(at(0.99));
  into?.max.push(at(1));
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
