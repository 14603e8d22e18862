import { afterAll, beforeAll, expect, test } from "vitest";
import { descend, textOf } from "../../src/cli/netconf-client.ts";
import type { Element } from "../../src/xml/index.ts";
import { Network, ntpState, type RunningAgent, replaceAll, within } from "./agents.ts";
import { config, master, unicast } from "./procedure.ts";

// Two hosts whose only IPv6 addresses are link-local ones: a server by its address and zone, and one
// that a group of the link's scope leads to.

const group = "ff02::101";
const onEth0 = (role: string): string =>
  `<interfaces><interface><name>eth0</name>${role}</interface></interfaces>`;

let network: Network;
let server: RunningAgent;
let client: RunningAgent;
let address: string;

beforeAll(async () => {
  network = new Network();
  server = await network.agent("server");
  client = await network.agent("client");
  for (const { host } of [server, client]) {
    network.lab.inside(host, "ip", "addr", "del", `${host.ipv6}/64`, "dev", "eth0");
    // Not before the kernel is sure that nobody else has the address.
    expect(await within(10, async () => linkLocal(host) !== undefined)).toBe(true);
  }
  address = `${linkLocal(server.host)}%eth0`;
  const role = `<manycast-server><address>${group}</address></manycast-server>`;
  await server.netconf.configure(config(master, onEth0(role)));
});

afterAll(async () => {
  await network.close();
});

function linkLocal(host: RunningAgent["host"]): string | undefined {
  const shown = network.lab.inside(host, "ip", "-6", "-o", "addr", "show", "dev", "eth0");
  expect(shown).not.toContain("fd77::");
  return shown.includes("tentative") ? undefined : /inet6 (fe80:[^/]+)/.exec(shown)?.[1];
}

/** The one association that there is, once the clock follows it. */
async function followed(): Promise<Element | undefined> {
  const peerIs = async (): Promise<string> => {
    const state = await ntpState(client);
    const status = state && descend(state, ["clock-state", "system-status"]);
    return (status && textOf(status, "associations-address")) ?? "";
  };
  expect(await within(40, async () => (await peerIs()) === address)).toBe(true);
  const state = await ntpState(client);
  const all = (state && descend(state, ["associations"]))?.children ?? [];
  expect(all).toHaveLength(1);
  return all[0];
}

test("a server at a link-local address is shown with its zone, and followed", async () => {
  await replaceAll(client, config(unicast(address)));
  const row = await followed();
  expect(row && textOf(row, "address")).toBe(address);
  expect(row && textOf(row, "peer-interface")).toBe("eth0");
  expect(row && textOf(row, "isconfigured")).toBe("true");
});

test("so is one that a group of the link's scope leads to", async () => {
  const role =
    `<manycast-client><address>${group}</address><minpoll>1</minpoll><maxpoll>2</maxpoll>` +
    "<minclock>1</minclock></manycast-client>";
  await replaceAll(client, config(onEth0(role)));
  const row = await followed();
  expect(row && textOf(row, "address")).toBe(address);
  expect(row && textOf(row, "isconfigured")).toBe("false");
  expect(row && textOf(row, "mode")).toMatch(/manycast-client$/);
});
