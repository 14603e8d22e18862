import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";

/** A server that listens on loopback. */
export interface Server {
  readonly name: string;
  readonly port: number;
  readonly pids: readonly number[];
  /** How the client logs in. */
  readonly login: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts the agent that is built, with a state directory of its own. Its manager logs in with a key,
 * as netconfd's does: a password costs what its hash is meant to cost.
 */
export async function startOurs(
  work: string,
  yangFolder: string,
  isRecording = false,
): Promise<Server> {
  const state = join(work, isRecording ? "recording" : "ours");
  const key = `${state}-id`;
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  const words = [
    ...["dist/main.js", "serve", "--state-dir", state, "--netconf", "127.0.0.1:0"],
    ...["--user", "root", "--yang-dir", yangFolder, "--implement", "bench"],
    ...["--authorized-keys", `${key}.pub`, "--log-level", "error"],
    ...(isRecording ? ["--record", `${state}.record`] : []),
  ];
  const child = spawn(process.execPath, words, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NTPCONFD_PASSWORD: randomBytes(12).toString("hex") },
  });
  const port = await readyPort(child);
  return {
    name: isRecording ? "with --record" : "ntpconfd",
    port,
    pids: child.pid === undefined ? [] : [child.pid],
    login: ["--key", key],
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function readyPort(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("the agent has no standard output");
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^ready netconf=.*:([0-9]+)$/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error("the agent ended before it was ready");
}

/** Starts yuma123's netconfd behind an sshd of its own; undefined where they are not installed. */
export async function startNetconfd(work: string, folder: string): Promise<Server | undefined> {
  const isInstalled = ["/usr/sbin/netconfd", "/usr/sbin/sshd"].every((path) => existsSync(path));
  if (!isInstalled) return undefined;
  const home = join(work, "yuma");
  mkdirSync(home);
  const port = await freePort();
  execFileSync("bash", [join(folder, "start-netconfd.sh"), home], {
    stdio: "ignore",
    env: { ...process.env, PORT: `${port}` },
  });
  const pids = ["netconfd.pid", "sshd.pid"].map((name) =>
    Number(readFileSync(join(home, name), "utf8")),
  );
  return {
    name: "yuma123",
    port,
    pids,
    login: ["--key", join(home, "id")],
    stop: async () => {
      for (const pid of pids) await end(pid);
    },
  };
}

/** netconfd is slow to end, and sometimes does not. */
async function end(pid: number): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (let turn = 0; turn < 10; turn++) {
      try {
        process.kill(pid, turn === 0 ? signal : 0);
      } catch {
        return;
      }
      await setTimeout(100);
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  return address.port;
}
