import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LabHost } from "../../src/cli/lab.ts";
import { textOf } from "../../src/cli/netconf-client.ts";
import {
  associationWith,
  isHeard,
  Network,
  type RunningAgent,
  replaceAll,
  within,
} from "./agents.ts";
import { daemonKeys, keyFile, sharedKeys, startDaemon, wrongKey } from "./daemon-keys.ts";
import { peer } from "./peers.ts";
import { config, master, unicast } from "./procedure.ts";

// ntpd of ntpsec gives us time, and takes ours: plain, and with each algorithm that it has for its
// keys. It has not the right to set the clock, and is told not to try.

const ntpd = peer("ntpd");
const ntpq = peer("ntpq");
const setpriv = peer("setpriv");

/** Where our server is asked for a key: ntpd has one association for each address. */
const asking = [...daemonKeys, wrongKey].map(({ id }) => ({ id, address: `10.77.50.${id}` }));

let network: Network;
let agent: RunningAgent;
let host: LabHost;

beforeAll(async () => {
  network = new Network();
  agent = await network.agent("agent");
  host = await network.host("ntpd");
  for (const { address } of asking) {
    network.lab.inside(agent.host, "ip", "addr", "add", `${address}/16`, "dev", "eth0");
  }
});

afterAll(async () => {
  await network.close();
});

/** Runs ntpd until the function has ended. It never has the right to set the clock. */
async function withNtpd(lines: readonly string[], body: () => Promise<void>): Promise<void> {
  const directory = join(network.directory, "ntpd");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "keys"), keyFile("ntpsec"));
  const common = [
    ...["disable ntp", `keys ${directory}/keys`, "trustedkey 1 2 3 4 9"],
    ...["restrict default", "restrict 127.0.0.1", "unrestrict default limited"],
  ];
  writeFileSync(join(directory, "conf"), `${[...common, ...lines].join("\n")}\n`);
  const words = ["-n", "-c", join(directory, "conf"), "-p", join(directory, "pid")];
  const child = startDaemon(network, host, ntpd ?? "", words);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    await within(10, async () => asked("rv 0 leap").includes("leap"));
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    const rights = BigInt(`0x${/CapEff:\s*(\w+)/.exec(status)?.[1] ?? "ffffffffffffffff"}`);
    expect((rights >> 25n) & 1n, "CAP_SYS_TIME").toBe(0n);
    await body();
  } finally {
    child.kill();
    await ended;
  }
}

/** What ntpq says of the ntpd that runs; nothing while it cannot be asked. */
function asked(command: string): string {
  try {
    return network.lab.inside(host, ntpq ?? "", "-n", "-c", command, "127.0.0.1");
  } catch {
    return "";
  }
}

/** The polls of a server that ntpd has had answers to, of the last eight. */
function reach(address: string): number {
  const line = asked("peers")
    .split("\n")
    .find((one) => one.slice(1).split(/\s+/)[0] === address);
  return Number.parseInt(line?.slice(1).trim().split(/\s+/)[6] ?? "0", 8);
}

describe.skipIf([ntpd, ntpq, setpriv].includes(undefined))("ntpd of ntpsec", () => {
  test("gives us time without a key and with each algorithm, and none with another secret", async () => {
    await withNtpd(["tos orphan 8 orphanwait 1"], async () => {
      const { ipv4, ipv6 } = host;
      for (const { id, algorithm } of [{ id: undefined, algorithm: "no key" }, ...daemonKeys]) {
        await replaceAll(agent, config(sharedKeys(), unicast(ipv4, id), unicast(ipv6, id)));
        for (const address of [ipv4, ipv6]) {
          const heard = await within(20, () => isHeard(agent, address));
          expect(heard, `${address} ${algorithm}`).toBe(true);
          const shown = await associationWith(agent, address);
          expect(shown && textOf(shown, "stratum")).toBe("8");
          expect(Math.abs(Number(shown && textOf(shown, "offset")))).toBeLessThan(5);
        }
      }
      await replaceAll(agent, config(sharedKeys(), unicast(ipv4, wrongKey.id)));
      const isRefused = async (): Promise<boolean> => {
        const shown = await associationWith(agent, ipv4);
        const drop = shown && textOf(shown, "last-drop-reason");
        // It does not answer what it cannot verify; what we cannot verify is no answer.
        return drop === "bad-mac" || Number(shown && textOf(shown, "unreach")) > 3;
      };
      expect(await within(20, isRefused)).toBe(true);
      expect(await isHeard(agent, ipv4)).toBe(false);
    });
  });

  test("takes our time without a key and with each algorithm, and none with another secret", async () => {
    await replaceAll(agent, config(master, sharedKeys()));
    const how = "minpoll 3 maxpoll 3 iburst";
    const lines = [
      ...[agent.host.ipv4, agent.host.ipv6].map((address) => `server ${address} ${how}`),
      ...asking.map(({ id, address }) => `server ${address} key ${id} ${how}`),
    ];
    await withNtpd(lines, async () => {
      const keyed = asking.filter(({ id }) => id !== wrongKey.id).map(({ address }) => address);
      const good = [agent.host.ipv4, agent.host.ipv6, ...keyed];
      for (const address of good) {
        expect(await within(30, async () => reach(address) > 0), address).toBe(true);
      }
      expect(asking.filter(({ address }) => reach(address) > 0)).toHaveLength(keyed.length);
      const verified = (): number => asked("associations").match(/\bok\b/g)?.length ?? 0;
      expect(await within(10, async () => verified() === keyed.length)).toBe(true);
    });
  });
});
