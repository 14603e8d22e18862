import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstLine, Lab, type LabHost } from "../../src/cli/lab.ts";
import { descend, NetconfClient, textOf } from "../../src/cli/netconf-client.ts";
import type { Element } from "../../src/xml/index.ts";

export const user = "admin";
export const password = "Interop-Pass-1!";
const emptyConfig = '<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"/>\n';
const main = join(import.meta.dirname, "../../dist/main.js");

/** An agent that runs on a host of the laboratory, and a session with it. */
export interface RunningAgent {
  readonly host: LabHost;
  readonly port: number;
  readonly netconf: NetconfClient;
  readonly process: ChildProcess;
  /** All that it has logged so far. */
  readonly log: () => string;
  /** What it said on standard output when it was ready. */
  readonly ready: string;
}

/** Hosts with agents; everything goes with close(). */
export class Network {
  readonly lab = new Lab();
  readonly directory = mkdtempSync(join(tmpdir(), "ntpconfd-interop-"));
  readonly #sessions: NetconfClient[] = [];
  #number = 10;

  /** A new host with an agent on it; `clock` as the --clock option takes it. */
  async agent(
    name: string,
    clock = "software",
    more: readonly string[] = [],
  ): Promise<RunningAgent> {
    this.#number += 1;
    const host = await this.lab.host(name, this.#number);
    return this.agentOn(host, clock, more);
  }

  async host(name: string): Promise<LabHost> {
    this.#number += 1;
    return this.lab.host(name, this.#number);
  }

  async agentOn(
    host: LabHost,
    clock = "software",
    more: readonly string[] = [],
  ): Promise<RunningAgent> {
    const state = join(this.directory, host.name);
    writeFileSync(`${state}.password`, `${password}\n`);
    writeFileSync(`${state}.factory.xml`, emptyConfig);
    const child = this.lab.start(host, process.execPath, [
      ...[main, "serve", "--state-dir", state, "--netconf", `${host.ipv4}:0`, "--clock", clock],
      ...["--user", user, "--password-file", `${state}.password`],
      ...["--factory-default", `${state}.factory.xml`, ...more],
    ]);
    let log = "";
    child.stderr?.on("data", (bytes: Buffer) => {
      log += bytes.toString();
    });
    const ready = await firstLine(child).catch((error: Error) => {
      throw new Error(`${host.name} did not start: ${error.message}\n${log}`);
    });
    const port = Number(/netconf=\S*:(\d+)/.exec(ready)?.[1]);
    const netconf = await NetconfClient.connect({ host: host.ipv4, port, user, password });
    this.#sessions.push(netconf);
    return { host, port, netconf, process: child, log: () => log, ready };
  }

  async close(): Promise<void> {
    for (const session of this.#sessions) await session.close().catch(() => undefined);
    await this.lab.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The whole of /ntp as <get> shows it; undefined where there is none. */
export async function ntpState(agent: RunningAgent): Promise<Element | undefined> {
  const data = await agent.netconf.get('<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"/>');
  return descend(data, ["ntp"]);
}

/** Commits this instead of all that there was. */
export async function replaceAll({ netconf }: RunningAgent, whole: string): Promise<void> {
  const target = "<target><candidate/></target><default-operation>replace</default-operation>";
  await netconf.rpc(`<edit-config>${target}<config>${whole}</config></edit-config>`);
  await netconf.rpc("<commit/>");
}

/** The association with an address, as the agent shows it. */
export async function associationWith(
  agent: RunningAgent,
  address: string,
): Promise<Element | undefined> {
  const all = descend((await ntpState(agent)) ?? emptyElement, ["associations"]);
  return all?.children.find((one) => textOf(one, "address") === address);
}

/** True if it has answered with time, of late. */
export async function isHeard(agent: RunningAgent, address: string): Promise<boolean> {
  const shown = await associationWith(agent, address);
  return Number(shown && textOf(shown, "reach")) > 0;
}

/** True if the agent says of itself that it is synchronized. */
export async function isSynchronized(agent: RunningAgent): Promise<boolean> {
  const state = await ntpState(agent);
  const text = state && textOf(state, "clock-state", "system-status", "clock-state");
  return text?.endsWith("synchronized") === true && !text.endsWith("unsynchronized");
}

/** Addresses of the associations that nobody configured. */
export async function dynamicAssociations(agent: RunningAgent): Promise<readonly string[]> {
  const associations = descend((await ntpState(agent)) ?? emptyElement, ["associations"]);
  return (associations?.children ?? [])
    .filter((row) => textOf(row, "isconfigured") === "false")
    .map((row) => textOf(row, "address") ?? "")
    .sort();
}

/** Asks again every half second until the answer is true or the time is over; the last answer. */
export async function within(seconds: number, question: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    if (await question()) return true;
    if (performance.now() > end) return false;
    await pause(0.5);
  }
}

export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}

const emptyElement: Element = {
  namespace: "",
  name: "",
  attributes: [],
  children: [],
  text: "",
  scope: { lookup: () => undefined },
  declarations: new Map(),
};
