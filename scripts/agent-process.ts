import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { NetconfClient } from "../src/cli/netconf-client.ts";

const password = "Kill-Pass-1!";
const emptyConfig = '<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"/>\n';

/** A real agent on a free port of the loopback, as it was built. */
export interface AgentProcess {
  readonly child: ChildProcess;
  readonly port: number;
  /** All that it has logged so far. */
  readonly log: () => string;
  connect(): Promise<NetconfClient>;
  /** Ends it without a warning, and waits until it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts an agent on a state directory; `directory` holds what else it needs. `watch`: a module
 * that node loads first, and that this process talks to.
 */
export async function startAgent(
  directory: string,
  options: readonly string[],
  watch?: string,
): Promise<AgentProcess> {
  const factory = join(directory, "factory.xml");
  writeFileSync(factory, emptyConfig);
  const words = ["dist/main.js", "serve", "--state-dir", join(directory, "state")];
  const rest = ["--netconf", "127.0.0.1:0", "--factory-default", factory, "--log-level", "warn"];
  const node = watch === undefined ? [] : ["--expose-gc", "--import", watch];
  const child = spawn(process.execPath, [...node, ...words, ...rest, ...options], {
    env: { ...process.env, NTPCONFD_PASSWORD: password },
    stdio: ["ignore", "pipe", "pipe", ...(watch === undefined ? [] : (["ipc"] as const))],
  });
  if (child.stdout === null || child.stderr === null) throw new Error("the agent has no output");
  let log = "";
  child.stderr.on("data", (bytes: Buffer) => {
    log += bytes.toString();
  });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout });
  const ready = await Promise.race([once(lines, "line"), ended.then(() => undefined)]);
  const port = Number(/netconf=.*:(\d+)$/.exec(String(ready?.[0]))?.[1]);
  if (!Number.isInteger(port)) throw new Error(`the agent did not start: ${log}`);
  const login = { host: "127.0.0.1", port, user: "admin", password };
  return {
    child,
    port,
    log: () => log,
    connect: () => NetconfClient.connect(login),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
