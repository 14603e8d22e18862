import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "./free-port.ts";

// The whole program as it was built, from its arguments to its exit status.

const main = join(import.meta.dirname, "../../dist/main.js");
const base = "urn:ietf:params:xml:ns:netconf:base:1.0";
const hello =
  `<hello xmlns="${base}"><capabilities>` +
  `<capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>`;

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "ntpconfd-serve-"));
  writeFileSync(join(directory, "password"), "correct horse\n");
});
afterAll(() => rmSync(directory, { recursive: true }));

const running: Agent[] = [];
afterEach(async () => {
  for (const agent of running.splice(0)) await agent.end("SIGKILL");
});

class Agent {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  readonly exited: Promise<number | null>;
  #isOver = false;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const { NTPCONFD_PASSWORD: _, ...outer } = process.env;
    this.child = spawn(process.execPath, [main, "serve", ...args], { env: { ...outer, ...env } });
    this.child.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.exited = once(this.child, "close").then(([code]) => {
      this.#isOver = true;
      return code;
    });
    running.push(this);
  }

  async ready(): Promise<number> {
    const ended = this.exited.then((code) => {
      throw new Error(`ended with ${code}: ${this.stderr}`);
    });
    while (!this.stdout.includes("\n")) {
      await Promise.race([once(this.child.stdout ?? this.child, "data"), ended]);
    }
    ended.catch(() => undefined);
    return Number(/:(\d+)\n/.exec(this.stdout)?.[1]);
  }

  /** What it has said on standard error, which may be read later than what it said before. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.stderr);
      if (found !== null) return found;
      if (this.#isOver) throw new Error(`it never said ${pattern}: ${this.stderr}`);
      await Promise.race([once(this.child.stderr ?? this.child, "data"), this.exited]);
    }
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }
}

const listen = ["--netconf", "127.0.0.1:0"];
const state = (name: string): string[] => ["--state-dir", join(directory, name)];
/** Of the host keys that were made. */
function fingerprintsSaid(log: string): readonly string[] {
  const lines = log.split("\n").filter((line) => line.includes("SSH host key made"));
  return lines.map((line) => String(JSON.parse(line).fingerprint));
}

const withPassword = (): string[] => ["--password-file", join(directory, "password")];

/** A session that has said hello; `ask` sends an rpc's content and gives the reply. */
async function session(port: number, password: string, username = "admin") {
  const client = new ssh2.Client();
  client.on("error", () => undefined);
  client.connect({ host: "127.0.0.1", port, username, password });
  const outcome = await Promise.race([
    once(client, "ready").then(() => "ready"),
    once(client, "close").then(() => "closed"),
  ]);
  if (outcome === "closed") throw new Error("not let in");
  const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    client.subsys("netconf", (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  let text = "";
  channel.on("data", (chunk: Buffer) => {
    text += chunk;
  });
  const message = async (): Promise<string> => {
    while (!text.includes("]]>]]>")) await once(channel, "data");
    const at = text.indexOf("]]>]]>");
    const first = text.slice(0, at);
    text = text.slice(at + 6);
    return first;
  };
  channel.write(hello);
  const greeting = await message();
  const ask = (content: string): Promise<string> => {
    channel.write(`<rpc xmlns="${base}" message-id="1">${content}</rpc>]]>]]>`);
    return message();
  };
  return { client, greeting, ask, end: () => client.end() };
}

const ntp = (port: number): string =>
  `<edit-config><target><candidate/></target><config>` +
  `<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"><port>${port}</port></ntp>` +
  `</config></edit-config>`;

describe("ntpconfd serve", () => {
  test("serves NETCONF, keeps what it should, and ends cleanly under a session", async () => {
    const agent = new Agent([...state("whole"), ...withPassword(), ...listen]);
    const port = await agent.ready();
    expect(agent.stdout).toMatch(/^ready netconf=127\.0\.0\.1:\d+\n$/);
    const { ask, greeting } = await session(port, "correct horse");
    expect(greeting).toContain("urn:ietf:params:netconf:capability:startup:1.0");
    const own = await freePort();
    expect(await ask(ntp(own))).toContain("<ok/>");
    expect(await ask("<commit/>")).toContain("<ok/>");
    const copy =
      "<copy-config><target><startup/></target><source><running/></source></copy-config>";
    expect(await ask(copy)).toContain("<ok/>");
    for (const name of ["at-rest-key", "ssh-host-key-ed25519", "ssh-host-key-ecdsa", "startup"]) {
      expect(statSync(join(directory, "whole", name)).mode & 0o777).toBe(0o600);
    }
    const key = readFileSync(join(directory, "whole/ssh-host-key-ed25519"));
    expect(await agent.end("SIGTERM")).toBe(0);
    for (const line of agent.stderr.trim().split("\n"))
      expect(() => JSON.parse(line)).not.toThrow();
    // Had it not ended by itself, it would have been cut short, with the lock still there.
    expect(existsSync(join(directory, "whole/lock"))).toBe(false);

    const again = new Agent([...state("whole"), ...withPassword(), ...listen]);
    const reader = await session(await again.ready(), "correct horse");
    expect(await reader.ask("<get-config><source><running/></source></get-config>")).toContain(
      `<port>${own}</port>`,
    );
    expect(readFileSync(join(directory, "whole/ssh-host-key-ed25519"))).toEqual(key);
    expect(await again.end("SIGINT")).toBe(0);
  });

  test("makes a password once, and lets in nobody else", async () => {
    const agent = new Agent([...state("made"), ...listen, "--user", "root"]);
    const port = await agent.ready();
    const words = /the password of the recovery user root, shown this once: (\S+)\n/;
    const [, password = ""] = await agent.said(words);
    expect(password.length).toBeGreaterThanOrEqual(16);
    await expect(session(port, "wrong", "root")).rejects.toThrow("All configured");
    (await session(port, password, "root")).end();
    expect(await agent.end("SIGTERM")).toBe(0);
    expect(readFileSync(join(directory, "made/recovery-password"), "utf8")).toMatch(/^\$6\$/);
    const told = fingerprintsSaid(agent.stderr);
    expect(told.join(" ")).toMatch(/^ssh-ed25519 SHA256:\S{43} ecdsa-sha2-nistp256 SHA256:\S{43}$/);
    const shown = execFileSync(process.execPath, [main, "host-key", ...state("made")]);
    expect(shown.toString()).toBe(`${told.join("\n")}\n`);
    const again = new Agent([...state("made"), ...listen, "--user", "root"]);
    (await session(await again.ready(), password, "root")).end();
    expect(await again.end("SIGTERM")).toBe(0);
    expect(fingerprintsSaid(again.stderr)).toEqual([]);
    expect(again.stderr).not.toMatch(words);
  });

  test("a commit that the network refuses is refused to the manager, by name", async () => {
    const one = new Agent([...state("one"), ...withPassword(), ...listen]);
    const two = new Agent([...state("two"), ...withPassword(), ...listen]);
    const first = await session(await one.ready(), "correct horse");
    const second = await session(await two.ready(), "correct horse");
    const wanted = await freePort();
    for (const { ask } of [first, second]) expect(await ask(ntp(wanted))).toContain("<ok/>");
    expect(await first.ask("<commit/>")).toContain("<ok/>");
    const refusal = await second.ask("<commit/>");
    expect(refusal).toContain("<rpc-error>");
    expect(refusal).toContain(`UDP port ${wanted} over IPv4: another program has it`);
    expect(await second.ask("<get-config><source><running/></source></get-config>")).not.toContain(
      "<port>",
    );
  });

  test("two agents do not share a state directory", async () => {
    const one = new Agent([...state("shared"), ...withPassword(), ...listen]);
    await one.ready();
    const two = new Agent([...state("shared"), ...withPassword(), ...listen]);
    expect(await two.exited).toBe(2);
    expect(two.stderr).toBe(
      `ntpconfd: ${join(directory, "shared")} is in use by another agent (process ${one.child.pid})\n`,
    );
  });

  test("what --record has written, replay lets happen again; with its own key alone", async () => {
    const file = join(directory, "record");
    const agent = new Agent([...state("recorded"), ...withPassword(), ...listen, "--record", file]);
    const { ask } = await session(await agent.ready(), "correct horse");
    expect(await ask(ntp(await freePort()))).toContain("<ok/>");
    expect(await ask("<commit/>")).toContain("<ok/>");
    expect(await agent.end("SIGTERM")).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const replay = (name: string, path: string) =>
      spawnSync(process.execPath, [main, "replay", ...state(name), path, "--print"], {
        encoding: "utf8",
      });
    const { status, stdout, stderr } = replay("recorded", file);
    // On a slow machine it tells how far it is.
    expect(stderr).toMatch(/^(\d+ events over [\d.]+ s so far\n)*$/);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+ events replayed over [\d.]+ s, all effects as recorded$/m);
    expect(stdout).toMatch(
      /^\S+T\S+Z {2}1 {2}session-opened 1 admin from 127\.0\.0\.1 → send-bytes/m,
    );
    expect(stdout).toMatch(/session-bytes 1 \d+ octets → .*sockets\.prepare.*sockets\.commit/);
    const foreign = replay("whole", file);
    expect(foreign.status).toBe(2);
    expect(foreign.stderr).toMatch(/^ntpconfd: .*record: line 1 is sealed under another at-rest/);
    const nothing = replay("nowhere", file);
    expect(nothing.status).toBe(2);
    expect(nothing.stderr).toMatch(/^ntpconfd: there is no at-rest key: .*nowhere\/at-rest-key\n$/);
    expect(existsSync(join(directory, "nowhere"))).toBe(false);
  });

  test.each<[string, string[], RegExp]>([
    ["an unknown option", ["--bogus"], /unknown option '--bogus'/],
    [
      "a state directory that cannot be",
      ["--state-dir", "/proc/x"],
      /^ntpconfd: cannot make \/proc/,
    ],
    ["no folder of modules", ["--yang-dir", "/nowhere"], /^ntpconfd: cannot read the YANG modules/],
    ["a module that is not there", ["--implement", "nosuch"], /module "nosuch" is not found/],
    ["no password file", ["--password-file", "/nowhere"], /cannot read the password file/],
    ["no keys", ["--authorized-keys", main], /cannot use the keys of .*: line 2 is no OpenSSH/],
    ["no factory default", ["--factory-default", main], /factory default .*main\.js: /],
    ["an address of others", ["--netconf", "192.0.2.99:0"], /cannot listen on 192\.0\.2\.99:0/],
  ])("%s ends it with status 2 and one message", async (_, args, message) => {
    const agent = new Agent([...state("bad"), ...withPassword(), "--log-level", "error", ...args]);
    expect(await agent.exited).toBe(2);
    expect(agent.stdout).toBe("");
    expect(agent.stderr).toMatch(message);
    expect(agent.stderr).not.toMatch(/\n {4}at /);
  });

  test("no port is open before the recovery user's files have been read", async () => {
    const port = await freePort();
    const factory = join(directory, "early.xml");
    const served = `<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"><port>${port}</port></ntp>`;
    writeFileSync(factory, `<config xmlns="${base}">${served}</config>`);
    const pipe = join(directory, "pipe");
    execFileSync("mkfifo", [pipe]);
    const given = ["--factory-default", factory, "--password-file", pipe];
    const agent = new Agent([...state("early"), ...listen, ...given]);
    // There is a writer as soon as it reads, and it waits for what is written.
    const writer = await open(pipe, "w");
    const own = createSocket("udp4").bind(port, "0.0.0.0");
    await once(own, "listening");
    own.close();
    await writer.writeFile("Early-Pass-1!\n");
    await writer.close();
    await agent.ready();
    const late = createSocket("udp4").bind(port, "0.0.0.0");
    expect(await once(late, "error")).toMatchObject([{ code: "EADDRINUSE" }]);
    await agent.end("SIGTERM");
  });

  test("what is wrong in a factory default is told with its file", async () => {
    const ntp = (content: string): string =>
      `<config xmlns="${base}"><ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp">${content}</ntp></config>`;
    const cases = [
      ["unread.xml", "<port>99</port>", "port: 99 is not in the range"],
      ["invalid.xml", "<authentication><authentication-keys><keyid>1</keyid>", "algorithm"],
    ] as const;
    const ends = "</authentication-keys></authentication>";
    const agents = cases.map(([name, content]) => {
      const file = join(directory, name);
      writeFileSync(file, ntp(content.startsWith("<auth") ? content + ends : content));
      return new Agent([...state(`${name}-state`), ...withPassword(), "--factory-default", file]);
    });
    for (const [at, agent] of agents.entries()) {
      expect(await agent.exited).toBe(2);
      const [name = "", , reason = ""] = cases[at] ?? [];
      expect(agent.stderr).toContain(`ntpconfd: factory default ${join(directory, name)}: `);
      expect(agent.stderr).toContain(reason);
    }
  });

  test("a corrupt startup is made good by its copy; without one it ends it with status 2", async () => {
    const agent = new Agent([...state("corrupt"), ...withPassword(), ...listen]);
    await agent.ready();
    await agent.end("SIGTERM");
    writeFileSync(join(directory, "corrupt/startup"), "<config>");
    const copy = new Agent([...state("corrupt"), ...withPassword(), ...listen]);
    await copy.ready();
    await copy.said(/its copy startup\.good is used instead/);
    expect(await copy.end("SIGTERM")).toBe(0);
    writeFileSync(join(directory, "corrupt/startup"), "<config>");
    writeFileSync(join(directory, "corrupt/startup.good"), "<config>");
    const again = new Agent([...state("corrupt"), ...withPassword(), ...listen]);
    expect(await again.exited).toBe(2);
    expect(again.stderr).toMatch(/^ntpconfd: .*startup/m);
    expect(again.stdout).toBe("");
  });
});

describe("secrets", () => {
  const run = (args: string[], input: string): string =>
    execFileSync(process.execPath, [main, ...args], { input, encoding: "utf8", stdio: "pipe" });

  test("encrypt-key prints a text of this agent's own, from standard input", () => {
    mkdirSync(join(directory, "keys"));
    const one = run(["encrypt-key", ...state("keys")], "a Secret of 1 agent\n");
    expect(one).toMatch(/^\$ntpconfd\$1\$[A-Za-z0-9+/=]+\n$/);
    expect(run(["encrypt-key", ...state("keys")], "a Secret of 1 agent\n")).not.toBe(one);
    expect(() => run(["encrypt-key", ...state("keys")], "")).toThrow("standard input holds no key");
  });

  test("encrypt-key makes no state directory: what it sealed nobody could open", () => {
    const words = [main, "encrypt-key", ...state("nowhere")];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      input: "a Secret of 1 agent\n",
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`there is no state directory ${join(directory, "nowhere")}`);
    expect(existsSync(join(directory, "nowhere"))).toBe(false);
  });

  test("hash-password prints what openssl makes of it too", () => {
    expect(run(["hash-password"], "a password\n")).toMatch(/^\$6\$[./0-9A-Za-z]{16}\$\S{86}\n$/);
    expect(() => run(["hash-password"], "\n")).toThrow("standard input holds no password");
  });
});
