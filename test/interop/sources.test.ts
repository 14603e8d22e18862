import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LabHost } from "../../src/cli/lab.ts";
import { descend, textOf } from "../../src/cli/netconf-client.ts";
import type { Element } from "../../src/xml/index.ts";
import { Network, ntpState, pause, type RunningAgent, within } from "./agents.ts";
import { peer } from "./peers.ts";
import { config, secrets } from "./procedure.ts";

// Our client takes time from chronyd: plain, with each algorithm that both have, as its peer, and
// from broadcasts. The daemon may not touch the clock: it has not the right to.

const chronyd = peer("chronyd");
const setpriv = peer("setpriv");

interface Row {
  readonly id: number;
  readonly algorithm: string;
  readonly chrony: string;
  readonly secret: string;
}

const rows: readonly Row[] = [
  { id: 1, algorithm: "ntp:md5", chrony: "MD5", secret: secrets.md5 },
  { id: 2, algorithm: "ntp:sha-1", chrony: "SHA1", secret: "Sha1-Secret-Pass9" },
  ...(["aes-128-cmac", "aes-256-cmac"] as const).map((algorithm, i) => ({
    id: 3 + i,
    algorithm: `nd:${algorithm}`,
    chrony: i === 0 ? "AES128" : "AES256",
    secret: secrets[algorithm],
  })),
];

const hex = (text: string): string => Buffer.from(text).toString("hex");

/** The keys of both sides: of key 9 the daemons have another secret. */
function authentication(): string {
  const all = [...rows, { ...(rows[2] as Row), id: 9, secret: "Not-The-Secret-9" }];
  const keys = all.map(
    ({ id, algorithm, secret }) =>
      `<authentication-keys><keyid>${id}</keyid><algorithm>${algorithm}</algorithm>` +
      `<key><keystring>${secret}</keystring></key><istrusted>true</istrusted>` +
      "</authentication-keys>",
  );
  const weak = "<nd:weak-algorithms-enabled>true</nd:weak-algorithms-enabled>";
  return `<authentication>${weak}${keys.join("")}</authentication>`;
}

function association(address: string, keyId: number | undefined, type: string, more = ""): string {
  const key = keyId === undefined ? "" : `<authentication><keyid>${keyId}</keyid></authentication>`;
  return (
    `<unicast-configuration><address>${address}</address><type>${type}</type>${key}` +
    "<minpoll>1</minpoll><maxpoll>1</maxpoll><iburst>true</iburst>" +
    `${more}</unicast-configuration>`
  );
}

let network: Network;
let client: RunningAgent;
let chronyHost: LabHost;

beforeAll(async () => {
  network = new Network();
  client = await network.agent("client");
  chronyHost = await network.host("chrony");
  startChrony();
});

afterAll(async () => {
  await network.close();
});

/** Without the right to set the clock, whatever the daemon thinks that it should do. */
function start(host: LabHost, command: string, args: readonly string[]): void {
  const without = ["--bounding-set", "-sys_time", "--inh-caps", "-sys_time"];
  const child = network.lab.start(host, setpriv ?? "", [...without, command, ...args]);
  child.stdout?.resume();
  child.stderr?.resume();
}

function startChrony(): void {
  if (chronyd === undefined) return;
  const directory = join(network.directory, "chrony");
  mkdirSync(directory, { recursive: true });
  const keys = rows.map(({ id, chrony, secret }) => `${id} ${chrony} HEX:${hex(secret)}`);
  writeFileSync(
    join(directory, "keys"),
    `${keys.join("\n")}\n9 AES128 HEX:${hex("The-Other-Secret")}\n`,
  );
  const lines = [
    ...["local stratum 5", "allow", "user root", "cmdport 0", "bindcmdaddress /"],
    ...[`keyfile ${directory}/keys`, `pidfile ${directory}/pid`],
    ...["broadcast 2 10.77.255.255", `peer ${client.host.ipv6} key 3 minpoll 1 maxpoll 1`],
  ];
  writeFileSync(join(directory, "conf"), `${lines.join("\n")}\n`);
  start(chronyHost, chronyd, ["-x", "-d", "-f", join(directory, "conf")]);
}

/** Nothing is left of what the test before has configured. */
async function replace(whole: string): Promise<void> {
  const target = "<target><candidate/></target><default-operation>replace</default-operation>";
  await client.netconf.rpc(`<edit-config>${target}<config>${whole}</config></edit-config>`);
  await client.netconf.rpc("<commit/>");
}

/** The association with an address, as the agent shows it. */
async function row(address: string): Promise<Element | undefined> {
  const state = await ntpState(client);
  const all = state && descend(state, ["associations"]);
  return all?.children.find((one) => textOf(one, "address") === address);
}

async function isHeard(address: string): Promise<boolean> {
  const shown = await row(address);
  return Number(shown && textOf(shown, "reach")) > 0;
}

async function checkTime(address: string, stratum: number): Promise<void> {
  const shown = await row(address);
  expect(shown && textOf(shown, "stratum")).toBe(String(stratum));
  expect(Math.abs(Number(shown && textOf(shown, "offset")))).toBeLessThan(5);
}

describe.skipIf(chronyd === undefined || setpriv === undefined)("chronyd", () => {
  for (const { id, algorithm } of [{ id: undefined, algorithm: "no key" }, ...rows]) {
    test(`gives us time with ${algorithm}`, async () => {
      const { ipv4, ipv6 } = chronyHost;
      await replace(
        config(
          authentication(),
          association(ipv4, id, "uc-server"),
          association(ipv6, id, "uc-server"),
        ),
      );
      for (const address of [ipv4, ipv6]) {
        expect(await within(20, () => isHeard(address)), address).toBe(true);
        await checkTime(address, 5);
      }
    });
  }

  test("gives us none with another secret", async () => {
    const { ipv4 } = chronyHost;
    await replace(config(authentication(), association(ipv4, 9, "uc-server")));
    await pause(5);
    expect(await isHeard(ipv4)).toBe(false);
  });

  test("answers us in the interleaved mode, without a key and with one", async () => {
    const { ipv4, ipv6 } = chronyHost;
    const interleaved = '<interleaved xmlns="urn:ntpconfd:yang:ntp">true</interleaved>';
    await replace(
      config(
        authentication(),
        association(ipv4, undefined, "uc-server", interleaved),
        association(ipv6, 4, "uc-server", interleaved),
      ),
    );
    for (const address of [ipv4, ipv6]) {
      const isInterleaved = async (): Promise<boolean> => {
        const shown = await row(address);
        return (
          (shown && textOf(shown, "interleaved")) === "true" &&
          Number(shown && textOf(shown, "reach")) > 0xf
        );
      };
      expect(await within(30, isInterleaved), address).toBe(true);
      await checkTime(address, 5);
      const shown = await row(address);
      expect(shown && textOf(shown, "delay")).toMatch(/^\d(\.\d{1,3})?$/);
    }
  });

  test("is our peer, and we are its", async () => {
    const { ipv6 } = chronyHost;
    await replace(config(authentication(), association(ipv6, 3, "uc-peer")));
    expect(await within(30, () => isHeard(ipv6))).toBe(true);
    await checkTime(ipv6, 5);
    const shown = await row(ipv6);
    expect(shown && textOf(shown, "local-mode")).toMatch(/active$/);
  });

  test("is heard when it broadcasts", async () => {
    const role =
      "<interfaces><interface><name>eth0</name><broadcast-client/></interface></interfaces>";
    await replace(config(role));
    const { ipv4 } = chronyHost;
    expect(await within(40, () => isHeard(ipv4))).toBe(true);
    await checkTime(ipv4, 5);
    const shown = await row(ipv4);
    expect(shown && textOf(shown, "local-mode")).toMatch(/broadcast-client$/);
  });
});
