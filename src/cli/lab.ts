import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A host of the laboratory: a network namespace with one interface, eth0, on the common bridge. */
export interface LabHost {
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6: string;
  /** The process that keeps the namespace alive. */
  readonly holder: ChildProcess;
}

/**
 * Hosts on one bridge, each in a network namespace of its own, made below the namespace that this
 * process already stands in (see `insideOwnNamespace`). The kernel takes all of it down with the
 * processes.
 */
export class Lab {
  /** Where this process itself is reached on the bridge. */
  static readonly ownAddress = "10.77.0.1";
  readonly #hosts: LabHost[] = [];
  readonly #children: ChildProcess[] = [];

  constructor() {
    ip("link set lo up");
    ip("link add br0 type bridge mcast_snooping 0 forward_delay 0");
    ip(`addr add ${Lab.ownAddress}/16 dev br0`);
    ip("addr add fd77::1/64 dev br0 nodad");
    ip("link set br0 up");
  }

  /** A new host with the addresses 10.77.0.`number` and fd77::`number`. */
  async host(name: string, number: number): Promise<LabHost> {
    // It ends when its standard input does: also when this process is killed.
    const holder = spawn("unshare", ["-n", "sh", "-c", "echo in; exec cat"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#children.push(holder);
    await firstLine(holder);
    const pid = String(holder.pid);
    const host = { name, ipv4: `10.77.0.${number}`, ipv6: `fd77::${number}`, holder };
    ip(`link add p${number} type veth peer name eth0 netns ${pid}`);
    ip(`link set p${number} master br0 up`);
    this.#hosts.push(host);
    this.inside(host, "ip", "link", "set", "lo", "up");
    this.inside(host, "ip", "link", "set", "eth0", "up");
    this.inside(host, "ip", "addr", "add", `${host.ipv4}/16`, "dev", "eth0");
    this.inside(host, "ip", "addr", "add", `${host.ipv6}/64`, "dev", "eth0", "nodad");
    this.inside(host, "ip", "route", "add", "default", "dev", "eth0");
    return host;
  }

  /** Runs a command on a host to its end and returns what it printed; throws if it fails. */
  inside(host: LabHost, command: string, ...args: readonly string[]): string {
    return execFileSync("nsenter", this.#enter(host, command, args), { encoding: "utf8" });
  }

  /** Starts a command on a host; it is ended with the laboratory. */
  start(host: LabHost, command: string, args: readonly string[], env = process.env): ChildProcess {
    const child = spawn("nsenter", this.#enter(host, command, args), {
      stdio: ["pipe", "pipe", "pipe"],
      env,
    });
    this.#children.push(child);
    return child;
  }

  /** Ends everything that was started here, the hosts last. */
  async close(): Promise<void> {
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(timer);
    }
    ip("link del br0");
  }

  #enter(host: LabHost, command: string, args: readonly string[]): string[] {
    return ["--preserve-credentials", "-t", String(host.holder.pid), "-n", command, ...args];
  }
}

/**
 * How this machine lets a network namespace be made, as the words before a command; undefined: not
 * at all.
 */
export function insideOwnNamespace(): readonly string[] | undefined {
  for (const words of [
    ["unshare", "-n"],
    ["unshare", "-Urn"],
  ]) {
    const [command = "", ...args] = words;
    try {
      execFileSync(command, [...args, "ip", "link", "set", "lo", "up"], { stdio: "ignore" });
      return words;
    } catch {
      // The next one.
    }
  }
  return undefined;
}

/** The first line that a child prints on its standard output; rejects if it ends without one. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error("the child has no standard output");
    const lines = createInterface({ input: child.stdout });
    lines.once("line", resolve);
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`ended with ${signal ?? code}`)));
  });
}

function ip(line: string): void {
  execFileSync("ip", line.split(" "), { stdio: ["ignore", "pipe", "pipe"] });
}
