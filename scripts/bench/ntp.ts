import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Mac,
  macs,
  type NtpServer,
  startChronyd,
  startLoop,
  startNtpd,
  startOurs,
} from "./ntp-servers.ts";
import {
  enterNamespace,
  isInside,
  median,
  print,
  printColumns,
  requests,
  type Tools,
  withTools,
  writeRequests,
} from "./ntp-tools.ts";

// The NTP server against chronyd, ntpsec's ntpd and a bare loop in C, in one run: the ratio counts.

// On a machine that others use, seconds differ by more than servers do: many short spells, whose
// order turns from round to round, are fairer than a few long ones.
const options = {
  rounds: { type: "string", default: "40" },
  seconds: { type: "string", default: "0.2" },
} as const;

const kinds = [undefined, ...macs] as const;

/** What one server took for one kind of request, round by round. */
interface Taken {
  /** ns of CPU time for each reply, all threads of the server. */
  readonly cpu: number[];
  /** Replies a second. */
  readonly rate: number[];
}

/** Measures in a network namespace of its own, and prints a table. */
export async function benchNtp(args: readonly string[]): Promise<void> {
  if (!isInside()) {
    enterNamespace("ntp", args);
    return;
  }
  const { values } = parseArgs({ args: [...args], options });
  await withTools(async (work, tools) => {
    const servers = await startAll(work, tools);
    try {
      const taken = measure(servers, work, tools, Number(values.rounds), Number(values.seconds));
      printTable(servers, taken);
    } finally {
      for (const server of servers) await server.stop();
    }
  });
}

async function startAll(work: string, tools: Tools): Promise<readonly NtpServer[]> {
  const servers: NtpServer[] = [await startOurs(work, [])];
  for (const start of [startChronyd, startNtpd]) {
    const server = await start(work);
    if (server === undefined) print(`${start.name.slice(5)} skipped: it is not installed`);
    else servers.push(server);
  }
  servers.push(await startLoop(tools.loop));
  // Each server has one core, the load another: so one core's worth of replies is what is counted.
  if (cpus().length > 1) {
    for (const { pid } of servers) {
      execFileSync("taskset", ["-a", "-c", "-p", "0", `${pid}`], { stdio: "ignore" });
    }
  }
  return servers;
}

type Measured = ReadonlyMap<NtpServer, ReadonlyMap<Mac | undefined, Taken>>;

function measure(
  servers: readonly NtpServer[],
  work: string,
  { load }: Tools,
  rounds: number,
  seconds: number,
): Measured {
  const taken = new Map(
    servers.map((server) => [
      server,
      new Map(kinds.map((kind): [Mac | undefined, Taken] => [kind, { cpu: [], rate: [] }])),
    ]),
  );
  const pinned = cpus().length > 1 ? ["taskset", "-c", "1"] : ["nice"];
  for (let round = 0; round < rounds; round++) {
    if (round % 10 === 0) print(`… round ${round + 1} of ${rounds}`);
    const turn = round % servers.length;
    const inTurn = [...servers.slice(turn), ...servers.slice(0, turn)];
    for (const kind of kinds) {
      const file = join(work, "requests");
      const length = writeRequests(file, kind);
      for (const server of inTurn) {
        if (kind !== undefined && !server.macs.includes(kind)) continue;
        const words = [load, "flood", server.port, file, length, requests, seconds, server.pid];
        const [command = "", ...args] = [...pinned, ...words.map(String)];
        const line = execFileSync(command, args, { encoding: "utf8" });
        note(taken.get(server)?.get(kind), `${server.name}, ${kind ?? "no MAC"}`, line);
      }
    }
  }
  return taken;
}

function note(into: Taken | undefined, what: string, line: string): void {
  const { replies, wrong, lost, seconds, cpu } = JSON.parse(line) as Record<string, number>;
  if (!replies || !seconds || cpu === undefined) throw new Error(`${what}: no replies (${line})`);
  if (wrong || (lost ?? 0) > replies / 100) print(`  ${what}: ${wrong} wrong, ${lost} lost`);
  into?.cpu.push(cpu / replies);
  into?.rate.push(replies / seconds);
}

function printTable(servers: readonly NtpServer[], taken: Measured): void {
  const [ours] = servers;
  const lines = [
    ["", ...servers.map(({ name }) => name), ...servers.slice(1).map(({ name }) => `: ${name}`)],
  ];
  for (const kind of kinds) {
    const all = servers.map((server) => taken.get(server)?.get(kind));
    const own = ours && taken.get(ours)?.get(kind);
    const label = kind ?? "no MAC";
    const ratios = (of: (one: Taken) => readonly number[], more: boolean): readonly string[] =>
      all.slice(1).map((one) => {
        const pairs = own && one ? of(one).map((theirs, i) => theirs / (of(own)[i] ?? 0)) : [];
        return pairs.length === 0
          ? "-"
          : `${median(more ? pairs.map((r) => 1 / r) : pairs).toFixed(2)}`;
      });
    const row = (what: string, of: (one: Taken) => readonly number[], more: boolean): string[] => [
      `${label}, ${what}`,
      ...all.map((one) => (one && of(one).length > 0 ? median(of(one)).toFixed(0) : "-")),
      ...ratios(of, more),
    ];
    lines.push(row("CPU ns for a reply", (one) => one.cpu, false));
    lines.push(row("replies a second", (one) => one.rate, true));
  }
  printColumns(lines);
  print("Medians; behind the colons how many times better ours is, median of the rounds.");
}
