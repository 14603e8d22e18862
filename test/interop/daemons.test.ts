import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LabHost } from "../../src/cli/lab.ts";
import { querySntp } from "../../src/cli/sntp.ts";
import { Network, type RunningAgent, within } from "./agents.ts";
import { peer, run } from "./peers.ts";
import { config, master, secrets } from "./procedure.ts";

// Other people's NTP clients take our server's time: plain, and with each algorithm that they have.

const chronyd = peer("chronyd");
const ntpdig = peer("ntpdig");
const setpriv = peer("setpriv");

let network: Network;
let server: RunningAgent;
let stranger: LabHost;

const rows = [
  { id: 1, algorithm: "md5", chrony: "MD5", ntpsec: "MD5" },
  { id: 3, algorithm: "aes-128-cmac", chrony: "AES128", ntpsec: "AES-128" },
  { id: 4, algorithm: "aes-256-cmac", chrony: "AES256", ntpsec: "AES-256" },
] as const;

beforeAll(async () => {
  network = new Network();
  server = await network.agent("server");
  stranger = await network.host("stranger");
  const keys = rows.map(
    ({ id, algorithm }) =>
      `<authentication-keys><keyid>${id}</keyid>` +
      `<algorithm>${algorithm === "md5" ? "ntp" : "nd"}:${algorithm}</algorithm>` +
      `<key><keystring>${secrets[algorithm]}</keystring></key><istrusted>true</istrusted>` +
      "</authentication-keys>",
  );
  const authentication =
    "<authentication><auth-enabled>true</auth-enabled>" +
    `<nd:weak-algorithms-enabled>true</nd:weak-algorithms-enabled>${keys.join("")}</authentication>`;
  const interleaved = "<nd:server><nd:interleaved>true</nd:interleaved></nd:server>";
  await server.netconf.configure(config(master, authentication, interleaved));
  const serves = async (): Promise<boolean> =>
    (await querySntp(server.host.ipv4, 123))?.synchronized === true;
  expect(await within(20, serves)).toBe(true);
});

afterAll(async () => {
  await network.close();
});

const hex = (text: string): string => Buffer.from(text).toString("hex");

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
  for (const { id, algorithm, chrony } of rows) {
    test(`takes our time with ${algorithm}`, async () => {
      const offset = await query(`${id} ${chrony} HEX:${hex(secrets[algorithm])}`, `key ${id}`);
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
    // Without the right to set the clock, whatever it thinks that it should do.
    const without = ["--bounding-set", "-sys_time", "--inh-caps", "-sys_time"];
    const daemon = [chronyd ?? "", "-x", "-d", "-f", join(directory, "conf")];
    const child = network.lab.start(stranger, setpriv ?? "", [...without, ...daemon]);
    child.stdout?.resume();
    child.stderr?.resume();
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
    expect(await dig(undefined, 0)).toMatch(/[+-]0\.00\d+ .*s3/);
  });
  for (const { id, algorithm, ntpsec } of rows) {
    test(`takes our time with ${algorithm}`, async () => {
      expect(await dig(`${id} ${ntpsec} ${hex(secrets[algorithm])}`, id)).toMatch(
        /[+-]0\.00\d+ .*s3/,
      );
    });
  }
  test("takes nothing with a wrong key", async () => {
    expect(await dig(`3 AES-128 ${"ab".repeat(16)}`, 3)).not.toMatch(/s3/);
  });
});
