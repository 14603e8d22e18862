import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LabHost } from "../../src/cli/lab.ts";
import { textOf } from "../../src/cli/netconf-client.ts";
import type { Element } from "../../src/xml/index.ts";
import {
  associationWith,
  isHeard,
  Network,
  pause,
  type RunningAgent,
  replaceAll,
  within,
} from "./agents.ts";
import { daemonKeys, keyFile, sharedKeys, startDaemon, wrongKey } from "./daemon-keys.ts";
import { peer } from "./peers.ts";
import { config, unicast } from "./procedure.ts";

// Our client takes time from chronyd: plain, with each algorithm that both have, as its peer, and
// from broadcasts. The daemon may not touch the clock: it has not the right to.

const chronyd = peer("chronyd");
const setpriv = peer("setpriv");

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

function startChrony(): void {
  if (chronyd === undefined) return;
  const directory = join(network.directory, "chrony");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "keys"), keyFile("chrony", "HEX:"));
  const lines = [
    ...["local stratum 5", "allow", "user root", "cmdport 0", "bindcmdaddress /"],
    ...[`keyfile ${directory}/keys`, `pidfile ${directory}/pid`],
    ...["broadcast 2 10.77.255.255", `peer ${client.host.ipv6} key 3 minpoll 1 maxpoll 1`],
  ];
  writeFileSync(join(directory, "conf"), `${lines.join("\n")}\n`);
  startDaemon(network, chronyHost, chronyd, ["-x", "-d", "-f", join(directory, "conf")]);
}

const row = (address: string): Promise<Element | undefined> => associationWith(client, address);

async function checkTime(address: string, stratum: number): Promise<void> {
  const shown = await row(address);
  expect(shown && textOf(shown, "stratum")).toBe(String(stratum));
  expect(Math.abs(Number(shown && textOf(shown, "offset")))).toBeLessThan(5);
}

describe.skipIf(chronyd === undefined || setpriv === undefined)("chronyd", () => {
  for (const { id, algorithm } of [{ id: undefined, algorithm: "no key" }, ...daemonKeys]) {
    test(`gives us time with ${algorithm}`, async () => {
      const { ipv4, ipv6 } = chronyHost;
      await replaceAll(
        client,
        config(sharedKeys(), unicast(ipv4, id, "uc-server"), unicast(ipv6, id, "uc-server")),
      );
      for (const address of [ipv4, ipv6]) {
        expect(await within(20, () => isHeard(client, address)), address).toBe(true);
        await checkTime(address, 5);
      }
    });
  }

  test("gives us none with another secret", async () => {
    const { ipv4 } = chronyHost;
    await replaceAll(client, config(sharedKeys(), unicast(ipv4, wrongKey.id)));
    await pause(5);
    expect(await isHeard(client, ipv4)).toBe(false);
  });

  test("answers us in the interleaved mode, without a key and with one", async () => {
    const { ipv4, ipv6 } = chronyHost;
    const interleaved = '<interleaved xmlns="urn:ntpconfd:yang:ntp">true</interleaved>';
    await replaceAll(
      client,
      config(
        sharedKeys(),
        unicast(ipv4, undefined, "uc-server", interleaved),
        unicast(ipv6, 4, "uc-server", interleaved),
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
    await replaceAll(client, config(sharedKeys(), unicast(ipv6, 3, "uc-peer")));
    expect(await within(30, () => isHeard(client, ipv6))).toBe(true);
    await checkTime(ipv6, 5);
    const shown = await row(ipv6);
    expect(shown && textOf(shown, "local-mode")).toMatch(/active$/);
  });

  test("is heard when it broadcasts", async () => {
    const role =
      "<interfaces><interface><name>eth0</name><broadcast-client/></interface></interfaces>";
    await replaceAll(client, config(role));
    const { ipv4 } = chronyHost;
    expect(await within(40, () => isHeard(client, ipv4))).toBe(true);
    await checkTime(ipv4, 5);
    const shown = await row(ipv4);
    expect(shown && textOf(shown, "local-mode")).toMatch(/broadcast-client$/);
  });
});
