import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";

const BRIDGE = "lab-bridge";

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
 * process already stands in (see `insideOwnNamespace`). What an earlier laboratory of that
 * namespace left behind is taken down first.
 */
export class Lab {
  /** Where this process itself is reached on the bridge. */
  static readonly ownAddress = "10.77.0.1";
  readonly #hosts: LabHost[] = [];
  readonly #ports: string[] = [];
  readonly #children: ChildProcess[] = [];

  constructor() {
    ip("link set lo up");
    remove(BRIDGE);
    ip(`link add ${BRIDGE} type bridge mcast_snooping 0 forward_delay 0`);
    ip(`addr add ${Lab.ownAddress}/16 dev ${BRIDGE}`);
    ip(`addr add fd77::1/64 dev ${BRIDGE} nodad`);
    ip(`link set ${BRIDGE} up`);
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
    const port = `lab-port${number}`;
    remove(port);
    ip(`link add ${port} type veth peer name eth0 netns ${pid}`);
    this.#ports.push(port);
    ip(`link set ${port} master ${BRIDGE} up`);
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
    for (const child of this.#children.toReversed()) await endChild(child);
    // Not left to the end of the hosts' namespaces: a connection that nobody has acknowledged holds
    // such a namespace, and with it our end of the cable, for minutes after its last process.
    for (const port of this.#ports) remove(port);
    remove(BRIDGE);
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

/** Ends a child if it has not ended by itself, by force where asking is not enough. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(timer);
}

/** The first line that a child prints on its standard output; rejects if it ends without one. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error("the child has no standard output");
    const lines = createInterface({ input: child.stdout });
    lines.once("line", resolve);
    child.once("error", reject);
    // Not at its exit: what it printed last may still be on its way then.
    child.once("close", (code, signal) => reject(new Error(`ended with ${signal ?? code}`)));
  });
}

function ip(line: string): void {
  execFileSync("ip", line.split(" "), { stdio: ["ignore", "pipe", "pipe"] });
}

/** Removes an interface, if there is one by this name. */
function remove(name: string): void {
  try {
    ip(`link del ${name}`);
  } catch {
    // There was none, or it went with its other end.
  }
}
