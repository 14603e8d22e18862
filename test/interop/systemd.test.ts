import { type ChildProcess, execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { descend, NetconfClient, textOf } from "../../src/cli/netconf-client.ts";
import {
  dynamicAssociations,
  isSynchronized,
  Network,
  password,
  type RunningAgent,
  user,
  within,
} from "./agents.ts";
import { peer } from "./peers.ts";
import { authentication, config, manycastClient, manycastServer, master } from "./procedure.ts";

// The unit of docs/examples under a real systemd, in a box in which it can touch nothing outside.

const checkout = resolve(import.meta.dirname, "../..");
const unit = join(checkout, "docs/examples/ntpconfd.service");
const analyze = peer("systemd-analyze");
/** s; what the journal writes is slow on a busy machine. */
const patience = 60;
const key = { id: 10, algorithm: "hmac-sha256", secret: "Systemd-Secret-9" } as const;

/** The box: process 1 is systemd, its network a host of the laboratory. */
class Box {
  readonly #child: ChildProcess;
  #said = "";

  constructor(network: Network, host: RunningAgent["host"]) {
    const script = join(import.meta.dirname, "systemd-box.sh");
    // Whatever becomes of this process, the box is gone after five minutes.
    const words = ["-s", "KILL", "300", "unshare", "-mpCiu", "--fork", "--kill-child"];
    const inside = ["bash", script, checkout, process.execPath];
    this.#child = network.lab.start(host, "timeout", [...words, ...inside]);
    this.#child.stdin?.end(`${password}\n`);
    this.#child.stderr?.on("data", (bytes: Buffer) => {
      this.#said += bytes.toString();
    });
  }

  /** Runs a command in the box; what it prints, whether it succeeds or not. */
  run(...command: readonly string[]): string {
    if (this.#child.exitCode !== null) throw new Error(`the box is gone: ${this.#said}`);
    const enter = ["-t", String(this.#first()), "-m", "-p", "-C", ...command];
    try {
      return execFileSync("nsenter", enter, { encoding: "utf8", stdio: "pipe" }).trim();
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      return `${stdout}${stderr}`.trim();
    }
  }

  property(name: string): string {
    return this.run("systemctl", "show", "-P", name, "ntpconfd");
  }

  /** Until the unit is in this state, or it is clear that it never will be. */
  async reaches(state: string): Promise<void> {
    const reached = await within(patience, async () => this.property("ActiveState") === state);
    const journal = reached ? "" : this.run("journalctl", "-u", "ntpconfd", "-o", "cat");
    expect(reached, `${this.#said}\n${journal}`).toBe(true);
  }

  /** Until its journal has this: what a service prints comes there later than its state. */
  async says(words: string): Promise<void> {
    const journal = (): string => this.run("journalctl", "-u", "ntpconfd", "-o", "cat");
    const said = await within(patience, async () => journal().includes(words));
    expect(said, journal()).toBe(true);
  }

  change(file: string, lines: readonly string[]): void {
    const folder = "/etc/systemd/system/ntpconfd.service.d";
    const script = `mkdir -p ${folder} && printf '%s\\n' "$@" >${folder}/${file}.conf`;
    this.run("sh", "-c", script, "sh", "[Service]", ...lines);
    this.run("systemctl", "daemon-reload");
  }

  end(): void {
    const first = this.#child.exitCode === null ? this.#first() : 0;
    if (first > 0) process.kill(first, "SIGKILL");
  }

  /** Process 1 of the box: the child of unshare, which is the child of timeout; 0: not yet there. */
  #first(): number {
    const childOf = (pid: number): number =>
      Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
    const unshared = childOf(this.#child.pid ?? 0);
    return unshared === 0 ? 0 : childOf(unshared);
  }
}

/** Why no box can be made here; undefined: one can. */
function obstacle(): string | undefined {
  for (const path of ["/lib/systemd/systemd", peer("setpriv") ?? ""]) {
    if (!existsSync(path)) return "systemd or setpriv is not installed";
  }
  try {
    const mount =
      "mount --make-rprivate / && mount -t cgroup2 cgroup2 /mnt && mount -t proc proc /mnt";
    execFileSync("unshare", ["-mpCiu", "--fork", "sh", "-c", mount], { stdio: "pipe" });
    return undefined;
  } catch {
    return "no control groups may be mounted here";
  }
}

describe.skipIf(analyze === undefined)("what systemd says of the unit", () => {
  const program = analyze ?? "";

  test("it is as safe as the page on running says", () => {
    const words = ["security", "--offline=true", "--no-pager", unit];
    const told = execFileSync(program, words, { encoding: "utf8" });
    const [, score] = /Overall exposure level for ntpconfd.service: ([\d.]+)/.exec(told) ?? [];
    const page = readFileSync(join(checkout, "docs/running.md"), "utf8");
    expect(page).toContain(`rates it ${score},`);
  });

  test("it complains of nothing but that the program is not installed here", () => {
    let complaints = "";
    try {
      execFileSync(program, ["verify", "--man=no", unit], { stdio: "pipe", encoding: "utf8" });
    } catch (error) {
      complaints = (error as { stderr: string }).stderr;
    }
    const lines = complaints.split("\n").filter((line) => line.includes("ntpconfd.service"));
    expect(lines.filter((line) => !line.includes("is not executable"))).toEqual([]);
  });
});

const reason = obstacle();
const name = `the unit under systemd${reason === undefined ? "" : ` (${reason})`}`;
describe.skipIf(reason !== undefined)(name, () => {
  let network: Network;
  let host: RunningAgent["host"];
  let box: Box;

  beforeAll(async () => {
    network = new Network();
    host = await network.host("box");
    box = new Box(network, host);
    await within(patience, async () =>
      /running|degraded/.test(box.run("systemctl", "is-system-running")),
    );
    box.change("watchdog", ["WatchdogSec=5"]);
    box.run("systemctl", "start", "ntpconfd");
  });

  afterAll(async () => {
    box.end();
    await network.close();
  });

  const session = (): Promise<NetconfClient> =>
    NetconfClient.connect({ host: host.ipv4, port: 830, user, password });

  test("it starts, as a user of its own with one capability and nothing to gain", async () => {
    await box.reaches("active");
    const status = box.run("cat", `/proc/${box.property("MainPID")}/status`);
    const of = (field: string): string =>
      new RegExp(`^${field}:\\s*(\\S+)`, "m").exec(status)?.[1] ?? "";
    expect(Number(of("Uid"))).toBeGreaterThan(60_000);
    // CAP_NET_BIND_SERVICE is the eleventh.
    for (const set of ["CapEff", "CapPrm", "CapBnd"])
      expect(BigInt(`0x${of(set)}`)).toBe(1n << 10n);
    expect(of("NoNewPrivs")).toBe("1");
    expect(of("Seccomp")).toBe("2");
    expect(box.run("stat", "-c", "%a", "/var/lib/private/ntpconfd")).toBe("700");
  });

  test("the whole procedure: a client finds it by manycast on port 123, and follows", async () => {
    const server = await session();
    await server.configure(config(master, authentication(key), manycastServer("224.0.1.1")));
    await server.rpc(
      "<copy-config><target><startup/></target><source><running/></source></copy-config>",
    );
    await server.close();
    const client = await network.agent("client", "software:offset=0.5,ppm=40");
    await client.netconf.configure(
      config(authentication(key), manycastClient("224.0.1.1", { key: 10 })),
    );
    expect(await within(patience, () => isSynchronized(client))).toBe(true);
    expect(await dynamicAssociations(client)).toEqual([host.ipv4]);
  });

  test("an event loop that stands still is ended, and the agent comes back as it was", async () => {
    const before = box.property("MainPID");
    box.run("kill", "-STOP", before);
    const isAnother = async (): Promise<boolean> =>
      !["0", before].includes(box.property("MainPID"));
    expect(await within(patience, isAnother)).toBe(true);
    await box.reaches("active");
    await box.says("Watchdog timeout");
    const again = await session();
    const state = await again.get('<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"/>');
    const ntp = descend(state, ["ntp"]);
    expect(ntp && textOf(ntp, "clock-state", "system-status", "clock-stratum")).toBe("3");
    await again.close();
  });

  test("it stops cleanly", () => {
    box.run("systemctl", "stop", "ntpconfd");
    expect([box.property("Result"), box.property("ExecMainStatus")]).toEqual(["success", "0"]);
  });

  test("what is wrong with an argument is told once, and not tried again", async () => {
    box.change("wrong", ["ExecStart=", "ExecStart=/usr/local/bin/ntpconfd serve --clock wrong"]);
    box.run("systemctl", "start", "ntpconfd");
    await box.reaches("failed");
    expect(box.property("NRestarts")).toBe("0");
    await box.says("--clock");
  });
});
