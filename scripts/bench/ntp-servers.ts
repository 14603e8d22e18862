import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { firstLine } from "../../src/cli/lab.ts";
import { startAgent } from "../agent-process.ts";

/** What a request is signed with; the key's id is its place among them, from 1. */
export const macs = ["md5", "aes-128-cmac", "hmac-sha256"] as const;
export type Mac = (typeof macs)[number];
export const secret = "Bench-Secret-9-x";

/** An NTP server on loopback. */
export interface NtpServer {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** What it can be asked with. */
  readonly macs: readonly Mac[];
  stop(): Promise<void>;
}

const chronyd = ["/opt/chrony/usr/sbin/chronyd", "/usr/sbin/chronyd"].find((at) => existsSync(at));
const ntpd = ["/usr/sbin/ntpd"].find((at) => existsSync(at));
/** No server that is measured may touch the clock of this machine. */
const powerless = ["setpriv", "--bounding-set=-sys_time", "--inh-caps=-sys_time"];
/** Nobody forgets to end them: they end by themselves. */
const secondsMax = 1_800;
const hex = Buffer.from(secret).toString("hex");

/** The agent that is built, serving with a key for each MAC. */
export async function startOurs(work: string, options: readonly string[]): Promise<OwnServer> {
  const port = 11_123;
  const agent = await startAgent(work, options);
  const pid = agent.child.pid ?? 0;
  const netconf = await agent.connect();
  const keys = macs.map(
    (mac, i) =>
      `<authentication-keys><keyid>${i + 1}</keyid>` +
      `<algorithm>${mac === "md5" ? "ntp" : "nd"}:${mac}</algorithm>` +
      `<key><keystring>${secret}</keystring></key><istrusted>true</istrusted>` +
      "</authentication-keys>",
  );
  const namespace = "urn:ietf:params:xml:ns:yang:ietf-ntp";
  await netconf.configure(
    `<ntp xmlns="${namespace}" xmlns:ntp="${namespace}" xmlns:nd="urn:ntpconfd:yang:ntp">` +
      `<port>${port}</port><refclock-master><master-stratum>8</master-stratum></refclock-master>` +
      `<authentication><auth-enabled>true</auth-enabled>` +
      `<nd:weak-algorithms-enabled>true</nd:weak-algorithms-enabled>${keys.join("")}` +
      "</authentication></ntp>",
  );
  await netconf.close();
  return { name: "ntpconfd", port, pid, macs, stop: () => agent.kill(), connect: agent.connect };
}

export interface OwnServer extends NtpServer {
  readonly connect: Awaited<ReturnType<typeof startAgent>>["connect"];
}

/** chronyd of the distribution; undefined where it is not installed. */
export async function startChronyd(work: string): Promise<NtpServer | undefined> {
  if (chronyd === undefined) return undefined;
  const [port, home] = [11_124, join(work, "chronyd")];
  mkdirSync(home);
  writeFileSync(join(home, "keys"), `1 MD5 HEX:${hex}\n2 AES128 HEX:${hex}\n`);
  const lines = [
    ...[`port ${port}`, "bindaddress 127.0.0.1", "cmdport 0", "bindcmdaddress /", "user root"],
    ...["local stratum 8", "allow", `keyfile ${home}/keys`, `pidfile ${home}/pid`],
  ];
  writeFileSync(join(home, "conf"), `${lines.join("\n")}\n`);
  const child = start([chronyd, "-n", "-x", "-f", join(home, "conf")]);
  return running("chronyd", port, ["md5", "aes-128-cmac"], child);
}

/** ntpd of ntpsec: it serves port 123 and no other. */
export async function startNtpd(work: string): Promise<NtpServer | undefined> {
  if (ntpd === undefined) return undefined;
  const home = join(work, "ntpd");
  mkdirSync(home);
  writeFileSync(join(home, "keys"), `1 MD5 ${hex}\n2 AES-128 ${hex}\n`);
  const lines = [
    ...["disable ntp", "refclock local stratum 8", `keys ${home}/keys`, "trustedkey 1 2"],
    // It limits the rate of each client unless told that this one is trusted.
    ...["restrict default", "restrict 127.0.0.1", "unrestrict default limited"],
  ];
  writeFileSync(join(home, "conf"), `${lines.join("\n")}\n`);
  const child = start([ntpd, "-n", "-c", join(home, "conf"), "-p", join(home, "pid")]);
  return running("ntpd", 123, ["md5", "aes-128-cmac"], child);
}

/** The loop in C, without anything around it. */
export async function startLoop(program: string): Promise<NtpServer> {
  const port = 11_125;
  const child = spawn(program, [`${port}`, `${secondsMax}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await firstLine(child);
  return running("loop in C", port, [], child);
}

function start(words: readonly string[]): ChildProcess {
  const [command = "", ...args] = [...powerless, "timeout", `${secondsMax}`, ...words];
  return spawn(command, args, { stdio: "ignore" });
}

async function running(
  name: string,
  port: number,
  known: readonly Mac[],
  child: ChildProcess,
): Promise<NtpServer> {
  const ended = once(child, "exit");
  await setTimeout(500);
  if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
  return {
    name,
    port,
    pid: innermost(child.pid ?? 0),
    macs: known,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** The server itself, below what was started to start it. */
function innermost(pid: number): number {
  const children = `/proc/${pid}/task/${pid}/children`;
  const [child] = execFileSync("cat", [children], { encoding: "utf8" }).trim().split(" ");
  return child === undefined || child === "" ? pid : innermost(Number(child));
}
