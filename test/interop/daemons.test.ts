import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LabHost } from "../../src/cli/lab.ts";
import { querySntp } from "../../src/cli/sntp.ts";
import { Network, type RunningAgent, within } from "./agents.ts";
import { daemonKeys, hex, sharedKeys, startDaemon } from "./daemon-keys.ts";
import { peer, run } from "./peers.ts";
import { config, master } from "./procedure.ts";

// Other people's NTP clients take our server's time: plain, and with each algorithm that they have.

const chronyd = peer("chronyd");
const ntpdig = peer("ntpdig");
const setpriv = peer("setpriv");

let network: Network;
let server: RunningAgent;
let stranger: LabHost;

beforeAll(async () => {
  network = new Network();
  server = await network.agent("server");
  stranger = await network.host("stranger");
  const interleaved = "<nd:server><nd:interleaved>true</nd:interleaved></nd:server>";
  await server.netconf.configure(config(master, sharedKeys(true), interleaved));
  const serves = async (): Promise<boolean> =>
    (await querySntp(server.host.ipv4, 123))?.synchronized === true;
  expect(await within(20, serves)).toBe(true);
});

afterAll(async () => {
  await network.close();
});

describe.skipIf(chronyd === undefined)("chronyd -Q", () => {
  /** The offset that chronyd found, in seconds; undefined where it took no time. It sets no clock. */
  async function query(keyLine: string, option: string): Promise<number | undefined> {
    const directory = join(network.directory, `chrony-${option.replace(" ", "-")}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "keys"), `${keyLine}\n`);
    writeFileSync(
      join(directory, "conf"),
      [
        `server ${server.host.ipv4} iburst ${option}`,
        `keyfile ${directory}/keys`,
        "user root",
        "cmdport 0",
        "bindcmdaddress /",
        `pidfile ${directory}/pid`,
      ].join("\n"),
    );
    const { status, output } = await run("nsenter", [
      ...["-t", String(stranger.holder.pid), "-n", chronyd ?? ""],
      ...["-x", "-Q", "-t", "12", "-f", join(directory, "conf")],
    ]);
    const wrong = /System clock wrong by (-?[\d.]+)/.exec(output)?.[1];
    return status === 0 && wrong !== undefined ? Number(wrong) : undefined;
  }

  test("takes our time without a key", async () => {
    expect(Math.abs((await query("", "")) ?? 1)).toBeLessThan(0.005);
  });
  for (const { id, algorithm, chrony, secret } of daemonKeys) {
    test(`takes our time with ${algorithm}`, async () => {
      const offset = await query(`${id} ${chrony} HEX:${hex(secret)}`, `key ${id}`);
      expect(Math.abs(offset ?? 1)).toBeLessThan(0.005);
    });
  }
  test("takes nothing with a wrong key", async () => {
    expect(await query(`3 AES128 HEX:${"00".repeat(16)}`, "key 3")).toBeUndefined();
  });
});

describe.skipIf(chronyd === undefined || setpriv === undefined)("chronyd with xleave", () => {
  /** What its log of measurements says of the replies: the mode, B or I, and the delay in s. */
  function measured(log: string): readonly { readonly mode: string; readonly delay: number }[] {
    const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
    return lines.flatMap((line) => {
      const fields = line.split(/\s+/);
      const at = fields.findIndex((field) => /^4[BI]$/.test(field));
      return at < 0 ? [] : [{ mode: fields[at] ?? "", delay: Number(fields[12]) }];
    });
  }

  test("takes our time in the interleaved mode", async () => {
    const directory = join(network.directory, "chrony-xleave");
    mkdirSync(directory, { recursive: true });
    const lines = [
      `server ${server.host.ipv4} iburst minpoll 0 maxpoll 0 xleave`,
      ...["user root", "cmdport 0", "bindcmdaddress /", "log measurements"],
      ...[`logdir ${directory}`, `pidfile ${directory}/pid`],
    ];
    writeFileSync(join(directory, "conf"), `${lines.join("\n")}\n`);
    const words = ["-x", "-d", "-f", join(directory, "conf")];
    const child = startDaemon(network, stranger, chronyd ?? "", words);
    const log = join(directory, "measurements.log");
    const interleaved = () => measured(log).filter(({ mode }) => mode === "4I");
    try {
      expect(await within(25, async () => interleaved().length >= 5)).toBe(true);
    } finally {
      child.kill();
    }
    // It refuses what it cannot believe: delays below nothing among it.
    expect(interleaved().every(({ delay }) => delay >= 0 && delay < 0.1)).toBe(true);
  });
});

describe.skipIf(ntpdig === undefined)("ntpdig", () => {
  /** Asked again: of one answer only, it may have looked at its clock late on a busy machine. */
  function isTaken(keyLine: string | undefined, id: number): Promise<boolean> {
    return within(20, async () => /[+-]0\.00\d+ .*s3/.test(await dig(keyLine, id)));
  }

  async function dig(keyLine: string | undefined, id: number): Promise<string> {
    const file = join(network.directory, `ntpdig-${id}.keys`);
    writeFileSync(file, `${keyLine ?? ""}\n`);
    const { output } = await run("nsenter", [
      ...["-t", String(stranger.holder.pid), "-n", ntpdig ?? "", "-t", "3"],
      ...(keyLine === undefined ? [] : ["-a", String(id), "-k", file]),
      server.host.ipv4,
    ]);
    return output;
  }

  test("takes our time without a key", async () => {
    expect(await isTaken(undefined, 0)).toBe(true);
  });
  for (const { id, algorithm, ntpsec, secret } of daemonKeys) {
    test(`takes our time with ${algorithm}`, async () => {
      expect(await isTaken(`${id} ${ntpsec} ${hex(secret)}`, id)).toBe(true);
    });
  }
  test("takes nothing with a wrong key", async () => {
    expect(await dig(`3 AES-128 ${"ab".repeat(16)}`, 3)).not.toMatch(/s3/);
  });
});
