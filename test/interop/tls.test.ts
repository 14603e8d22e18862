import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstLine } from "../../src/cli/lab.ts";
import { ended } from "../ended.ts";
import { peer, python, pythonModule, run } from "./peers.ts";

// The manual's page on TLS and calls home, done as it is written; and many managers at once.

const main = join(import.meta.dirname, "../../dist/main.js");
const page = join(import.meta.dirname, "../../docs/tls-and-call-home.md");
const password = "Interop-Pass-1!";
const ready = pythonModule("ncclient") !== undefined && peer("openssl") !== undefined;

let directory = "";
let agent: ChildProcess;
let log = "";
let environment: NodeJS.ProcessEnv = {};

async function start(): Promise<void> {
  agent = spawn(process.execPath, [main, "serve"], { env: environment });
  agent.stderr?.on("data", (bytes: Buffer) => {
    log += bytes.toString();
  });
  await firstLine(agent);
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "ntpconfd-tls-"));
  environment = {
    ...process.env,
    NTPCONFD_PASSWORD: password,
    PYTHONDONTWRITEBYTECODE: "1",
    XDG_STATE_HOME: directory,
  };
  if (ready) await start();
});

afterAll(async () => {
  if (ready) await ended(agent);
  rmSync(directory, { recursive: true, force: true });
});

/** Runs shell commands where the page's are run. */
async function shell(commands: string): Promise<string> {
  const program = `ntpconfd() { ${process.execPath} ${main} "$@"; }\npython3() { ${python} "$@"; }\n`;
  const file = join(directory, "commands.sh");
  writeFileSync(file, `set -eu -o pipefail\n${program}${commands}`);
  const outcome = await run("bash", ["-c", `cd ${directory} && . ${file}`], {
    env: environment,
    seconds: 90,
  });
  expect(outcome.status, outcome.output + log).toBe(0);
  return outcome.output;
}

/** The commands of the page, up to the one that starts the next part of this test. */
const commands = [...readFileSync(page, "utf8").matchAll(/^```sh\n(.*?)^```$/gms)].map(
  ([, block = ""]) => block,
);

const tlsOptions = () => ({
  host: "127.0.0.1",
  port: 6513,
  ca: readFileSync(join(directory, "ca.pem")),
  cert: readFileSync(join(directory, "alice.pem")),
  key: readFileSync(join(directory, "alice.key")),
});

const base = "urn:ietf:params:xml:ns:netconf:base:1.0";

/** A session over TLS in the framing of base:1.0. */
class Manager {
  readonly socket: TLSSocket;
  #text = "";
  #wake: () => void = () => undefined;

  constructor() {
    this.socket = connect(tlsOptions());
    this.socket.on("data", (bytes: Buffer) => {
      this.#text += bytes.toString();
      this.#wake();
    });
    this.socket.on("error", () => this.#wake());
    this.socket.on("close", () => this.#wake());
    const capability = "<capability>urn:ietf:params:netconf:base:1.0</capability>";
    this.#write(`<hello xmlns="${base}"><capabilities>${capability}</capabilities></hello>`);
  }

  ask(operation: string): Promise<string> {
    this.#write(`<rpc xmlns="${base}" message-id="1">${operation}</rpc>`);
    return this.message();
  }

  /** The next message; nothing where the connection has ended. */
  async message(): Promise<string> {
    while (!this.#text.includes("]]>]]>")) {
      if (this.socket.closed || this.socket.destroyed) return "";
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const at = this.#text.indexOf("]]>]]>");
    const message = this.#text.slice(0, at);
    this.#text = this.#text.slice(at + 6);
    return message;
  }

  #write(message: string): void {
    this.socket.write(`${message}]]>]]>`);
  }
}

describe.skipIf(!ready)("the page on TLS and calls home", () => {
  const functions: string[] = [];
  const step = async (index: number): Promise<string> => {
    const block = commands[index] ?? "";
    const output = await shell(functions.join("\n") + block);
    functions.push(...(block.match(/^\w+\(\) \{[^}]*\}\s*$/gms) ?? []).map((one) => `${one}\n`));
    return output;
  };
  let old: Manager;

  test("makes certificates and a listener, which is up", async () => {
    await step(0);
    expect(await step(1)).toMatch(/oper-status\s+up/);
    old = new Manager();
    expect(await old.message()).toContain("<hello");
    // She reads, and writes nothing yet.
    const edit = "<edit-config><target><candidate/></target><config>";
    const contact = '<system xmlns="urn:ietf:params:xml:ns:yang:ietf-system"><contact>a</contact>';
    expect(await old.ask(`${edit}${contact}</system></config></edit-config>`)).toContain(
      "access-denied",
    );
    await step(2);
    expect(await old.ask(`${edit}${contact}</system></config></edit-config>`)).toContain("<ok/>");
    expect(await old.ask("<discard-changes/>")).toContain("<ok/>");
  });

  test("openssl and Python speak with it", async () => {
    expect(await step(3)).toMatch(/^1$/m);
    const output = await step(4);
    expect(output).toContain("netconf-tls");
    expect(output).toContain("<username>alice</username>");
  });

  test("a new certificate is shown to the next one, and the session before lives on", async () => {
    const before = old.socket.getPeerCertificate().serialNumber;
    expect(await step(5)).toMatch(/second/);
    const next = new Manager();
    await next.message();
    expect(next.socket.getPeerCertificate().serialNumber).not.toBe(before);
    next.socket.end();
    expect(await old.ask("<get-config><source><running/></source></get-config>")).toContain(
      "<data",
    );
  });

  test("the key is encrypted where it is read; who is revoked is refused, others are not", async () => {
    const identities = await shell("ntpconfd get /server/tls/identity");
    const key = readFileSync(join(directory, "agent.key"), "utf8").split("\n")[1] ?? "?";
    expect(identities).toContain("$ntpconfd$1$");
    expect(identities).not.toContain(key);
    expect(await step(6)).toMatch(/revoked-certificates\s+1/);
    expect(await step(7)).toMatch(/^0\n1$/m);
    expect(log).toContain("CERT_REVOKED");
    const next = new Manager();
    expect(await next.message()).toContain("<hello");
    next.socket.end();
  });

  test("it calls home over SSH and over TLS", async () => {
    const output = await step(8);
    expect(output).toMatch(/called over SSH, session \d+/);
    expect(output).toContain("called over TLS True");
    expect(output).toMatch(/established\s+[1-9]/);
  });

  test("limits and algorithms are committed; all of it is there after the next start", async () => {
    await step(9);
    expect(commands).toHaveLength(10);
    await ended(agent);
    for (const name of ["startup"]) {
      const text = readFileSync(join(directory, "ntpconfd", name), "utf8");
      const key = readFileSync(join(directory, "agent.key"), "utf8").split("\n")[1] ?? "?";
      expect(text).not.toContain(key);
    }
    await start();
    const again = new Manager();
    expect(await again.message()).toContain("<hello");
    const sessions = await again.ask("<get-config><source><running/></source></get-config>");
    expect(sessions).toContain("<max-sessions>100</max-sessions>");
    expect(sessions).toContain("<encrypted-private-key>$ntpconfd$1$");
    again.socket.end();
  });
});

describe.skipIf(!ready)("many managers at once", () => {
  test("each has its answer, one that does not read holds up nobody, one too many is told", async () => {
    const slow = new Manager();
    await slow.message();
    slow.socket.pause();
    for (let i = 0; i < 50; i++) {
      slow.socket.write(`<rpc xmlns="${base}" message-id="1"><get/></rpc>]]>]]>`);
    }
    const managers = Array.from({ length: 98 }, () => new Manager());
    const hellos = await Promise.all(managers.map((manager) => manager.message()));
    const ids = hellos.map((hello) => /<session-id>(\d+)</.exec(hello)?.[1]);
    expect(new Set(ids).size).toBe(98);
    const running = "<get-config><source><running/></source></get-config>";
    const replies = await Promise.all(managers.map((manager) => manager.ask(running)));
    expect(replies.every((reply) => reply.includes("<max-sessions>100<"))).toBe(true);
    const hundredth = new Manager();
    expect(await hundredth.message()).toContain("<hello");
    const tooMany = new Manager();
    expect(await tooMany.message()).toBe("");
    for (const { socket } of [...managers, slow, hundredth]) socket.destroy();
  });

  test("who does not log in makes no room for itself", async () => {
    const socket = connectTcp(6513, "127.0.0.1");
    socket.end("GET / HTTP/1.0\r\n\r\n");
    await new Promise((resolve) => socket.resume().once("close", resolve));
    expect(log).toContain("a TLS handshake failed");
  });
});
