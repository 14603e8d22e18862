import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LabHost } from "../../src/cli/lab.ts";
import { descend, textOf } from "../../src/cli/netconf-client.ts";
import type { Element } from "../../src/xml/index.ts";
import { Network, ntpState, type RunningAgent, within } from "./agents.ts";
import { peer } from "./peers.ts";
import { config, master, secrets } from "./procedure.ts";

// ntpd of ntpsec gives us time, and takes ours: plain, and with each algorithm that it has for its
// keys. It has not the right to set the clock, and is told not to try.

const ntpd = peer("ntpd");
const ntpq = peer("ntpq");
const setpriv = peer("setpriv");

interface Row {
  readonly id: number;
  readonly algorithm: string;
  readonly ntpsec: string;
  readonly secret: string;
  /** Where our server is asked for it: ntpd has one association for each address. */
  readonly address: string;
}

const rows: readonly Row[] = (
  [
    ["ntp:md5", "MD5", secrets.md5],
    ["ntp:sha-1", "SHA1", "Sha1-Secret-Pass9"],
    ["nd:aes-128-cmac", "AES-128", secrets["aes-128-cmac"]],
    ["nd:aes-256-cmac", "AES-256", secrets["aes-256-cmac"]],
  ] as const
).map(([algorithm, ntpsec, secret], i) => ({
  ...{ id: i + 1, algorithm, ntpsec, secret, address: `10.77.50.${i + 1}` },
}));
/** Of key 9 the two sides have different secrets. */
const wrong = {
  id: 9,
  address: "10.77.50.9",
  ours: "Not-The-Secret-9",
  theirs: "Another-One-9999",
};

const hex = (text: string): string => Buffer.from(text).toString("hex");

function authentication(): string {
  const other = { id: wrong.id, algorithm: "nd:aes-128-cmac", secret: wrong.ours };
  const keys = [...rows, other].map(
    ({ id, algorithm, secret }) =>
      `<authentication-keys><keyid>${id}</keyid><algorithm>${algorithm}</algorithm>` +
      `<key><keystring>${secret}</keystring></key><istrusted>true</istrusted>` +
      "</authentication-keys>",
  );
  const weak = "<nd:weak-algorithms-enabled>true</nd:weak-algorithms-enabled>";
  return `<authentication>${weak}${keys.join("")}</authentication>`;
}

let network: Network;
let agent: RunningAgent;
let host: LabHost;

beforeAll(async () => {
  network = new Network();
  agent = await network.agent("agent");
  host = await network.host("ntpd");
  for (const { address } of [...rows, wrong]) {
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
  const keys = rows.map(({ id, ntpsec, secret }) => `${id} ${ntpsec} ${hex(secret)}`);
  const all = [...keys, `${wrong.id} AES-128 ${hex(wrong.theirs)}`];
  writeFileSync(join(directory, "keys"), `${all.join("\n")}\n`);
  const common = [
    ...["disable ntp", `keys ${directory}/keys`, "trustedkey 1 2 3 4 9"],
    ...["restrict default", "restrict 127.0.0.1", "unrestrict default limited"],
  ];
  writeFileSync(join(directory, "conf"), `${[...common, ...lines].join("\n")}\n`);
  const without = ["--bounding-set", "-sys_time", "--inh-caps", "-sys_time"];
  const daemon = [ntpd ?? "", "-n", "-c", join(directory, "conf"), "-p", join(directory, "pid")];
  const child = network.lab.start(host, setpriv ?? "", [...without, ...daemon]);
  child.stdout?.resume();
  child.stderr?.resume();
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

async function row(address: string): Promise<Element | undefined> {
  const state = await ntpState(agent);
  const all = state && descend(state, ["associations"]);
  return all?.children.find((one) => textOf(one, "address") === address);
}

async function replace(whole: string): Promise<void> {
  const target = "<target><candidate/></target><default-operation>replace</default-operation>";
  await agent.netconf.rpc(`<edit-config>${target}<config>${whole}</config></edit-config>`);
  await agent.netconf.rpc("<commit/>");
}

function server(address: string, keyId: number | undefined): string {
  const key = keyId === undefined ? "" : `<authentication><keyid>${keyId}</keyid></authentication>`;
  return (
    `<unicast-configuration><address>${address}</address><type>uc-server</type>${key}` +
    "<minpoll>1</minpoll><maxpoll>1</maxpoll><iburst>true</iburst></unicast-configuration>"
  );
}

describe.skipIf([ntpd, ntpq, setpriv].includes(undefined))("ntpd of ntpsec", () => {
  test("gives us time without a key and with each algorithm, and none with another secret", async () => {
    await withNtpd(["tos orphan 8 orphanwait 1"], async () => {
      const { ipv4, ipv6 } = host;
      for (const { id, algorithm } of [{ id: undefined, algorithm: "no key" }, ...rows]) {
        await replace(config(authentication(), server(ipv4, id), server(ipv6, id)));
        for (const address of [ipv4, ipv6]) {
          const isHeard = async (): Promise<boolean> => {
            const shown = await row(address);
            return Number(shown && textOf(shown, "reach")) > 0;
          };
          expect(await within(20, isHeard), `${address} ${algorithm}`).toBe(true);
          const shown = await row(address);
          expect(shown && textOf(shown, "stratum")).toBe("8");
          expect(Math.abs(Number(shown && textOf(shown, "offset")))).toBeLessThan(5);
        }
      }
      await replace(config(authentication(), server(ipv4, wrong.id)));
      const isRefused = async (): Promise<boolean> => {
        const shown = await row(ipv4);
        const drop = shown && textOf(shown, "last-drop-reason");
        // It does not answer what it cannot verify; what we cannot verify is no answer.
        return drop === "bad-mac" || Number(shown && textOf(shown, "unreach")) > 3;
      };
      expect(await within(20, isRefused)).toBe(true);
      expect(textOf((await row(ipv4)) as Element, "reach")).toBe("0");
    });
  });

  test("takes our time without a key and with each algorithm, and none with another secret", async () => {
    await replace(config(master, authentication()));
    const how = "minpoll 3 maxpoll 3 iburst";
    const lines = [
      ...[agent.host.ipv4, agent.host.ipv6].map((address) => `server ${address} ${how}`),
      ...[...rows, wrong].map(({ id, address }) => `server ${address} key ${id} ${how}`),
    ];
    await withNtpd(lines, async () => {
      const good = [agent.host.ipv4, agent.host.ipv6, ...rows.map(({ address }) => address)];
      for (const address of good) {
        expect(await within(30, async () => reach(address) > 0), address).toBe(true);
      }
      expect(reach(wrong.address)).toBe(0);
      const verified = (): number => asked("associations").match(/\bok\b/g)?.length ?? 0;
      expect(await within(10, async () => verified() === rows.length)).toBe(true);
    });
  });
});
