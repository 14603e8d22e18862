import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp, createServer, type Server, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import ssh2 from "ssh2";
import { afterEach, describe, expect, test } from "vitest";
import type { ListenerPlan, ServerPlan } from "../../src/agent/index.ts";
import { cryptHash, verifyPassword } from "../../src/host/crypt.ts";
import { Guesses } from "../../src/host/guesses.ts";
import { loadLibc } from "../../src/host/libc.ts";
import { Managers } from "../../src/host/managers.ts";
import { MemoryStorage } from "../agent/world.ts";
import { type Certified, certify, pem, pemKey, pkcs8, revocationList } from "./certificates.ts";

// Listeners and calls home on real sockets of the loopback, without an agent behind them.

const libc = loadLibc();
const authority = certify({ subject: "authority", isAuthority: true });
const first = certify({ subject: "first", issuer: authority });
const second = certify({ subject: "second", issuer: authority });
const alice = certify({ subject: "alice", issuer: authority });
const passwordHash = cryptHash("correct horse", "$5$somesalt");

const empty: ServerPlan = {
  listeners: [],
  identities: new Map(),
  trustAnchors: new Map([["ca", authority.certificate]]),
  revocationLists: new Map(),
  certToName: new Map([
    [
      1,
      {
        fingerprint: Buffer.concat([
          Buffer.of(4),
          createHash("sha256").update(authority.certificate).digest(),
        ]),
        map: { kind: "common-name" },
      },
    ],
  ]),
  minimumVersion: "tls1.2",
  sshAlgorithms: { keyExchange: [], encryption: [], mac: [], hostKey: [] },
  unauthenticatedMax: 8,
  loginTimeout: 5,
};

function identityOf(certified: Certified): ServerPlan["identities"] {
  const identity = { certificates: [certified.certificate], privateKey: pkcs8(certified) };
  return new Map([["i", identity]]);
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Ways to reach an echo: what comes on a session goes back on it. */
class World {
  readonly events: string[] = [];
  readonly managers: Managers;
  readonly #waiting: { readonly start: string; readonly resolve: (event: string) => void }[] = [];

  constructor(withLibc = true) {
    this.managers = new Managers({
      storage: new MemoryStorage(),
      libc: withLibc ? libc : undefined,
      handlers: {
        opened: (channel, peer) =>
          this.say(`opened ${channel} ${peer.user} ${peer.transport} ${peer.idleTimeout ?? ""}`),
        received: (channel, bytes) => this.managers.sessions.write(channel, bytes),
        drained: () => undefined,
        closed: (channel) => this.say(`closed ${channel}`),
        log: (level, message, fields) => this.say(`${level} ${message} ${fields.reason ?? ""}`),
      },
      accounts: (name) => ({ name, passwordHash, authorizedKeys: [], recovery: false }),
      checkPassword: async (password, hash) => verifyPassword(password, hash),
      refusalDelayMs: 1,
      guesses: new Guesses(),
      shells: { hostName: "here", version: "1", secrets: { seal: () => "", opens: () => false } },
      certificateRefused: (isRevoked) => this.say(`refused ${isRevoked}`),
      progress: (call, to) => this.say(`call ${call} ${to}`),
      ended: (call, reason) => this.say(`call ${call} ended: ${reason}`),
      failed: (name, reason) => this.say(`failed ${name}: ${reason}`),
    });
    closing.push(() => this.managers.close());
  }

  say(event: string): void {
    this.events.push(event);
    for (const { start, resolve } of this.#waiting) if (event.startsWith(start)) resolve(event);
  }

  until(start: string): Promise<string> {
    const seen = this.events.find((event) => event.startsWith(start));
    if (seen !== undefined) return Promise.resolve(seen);
    return new Promise((resolve) => this.#waiting.push({ start, resolve }));
  }

  /** Commits a plan; what is at fault in it. */
  commit(plan: Partial<ServerPlan>): readonly string[] {
    const prepared = this.managers.listeners.prepare({ ...empty, ...plan });
    prepared.commit();
    return prepared.faults.map(({ part, name, reason }) => `${part} ${name}: ${reason}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  server.close();
  return port;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const ssh = (port: number, name = "a", address = "127.0.0.1"): ListenerPlan => ({
  ...{ name, address, port },
  transport: { kind: "ssh" },
});
const tls = (port: number, name = "t"): ListenerPlan => ({
  ...{ name, port, address: "127.0.0.1" },
  transport: { kind: "tls", identity: "i" },
});

/** What the server says first: SSH says its version. */
async function banner(port: number, host = "127.0.0.1"): Promise<string> {
  const socket = connectTcp(port, host);
  closing.push(() => socket.destroy());
  const result = await new Promise<string>((resolve) => {
    socket.once("data", (data) => resolve(String(data).trim()));
    socket.once("error", (error: Error & { code?: string }) => resolve(error.code ?? ""));
  });
  socket.destroy();
  return result;
}

async function dial(port: number, more: { socket?: Socket } = {}): Promise<TLSSocket> {
  const socket = connectTls({
    ...(more.socket === undefined ? { host: "127.0.0.1", port } : more),
    ca: pem(authority.certificate),
    cert: pem(alice.certificate),
    key: pemKey(alice),
    checkServerIdentity: () => undefined,
  });
  closing.push(() => socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  return socket;
}

async function echo(socket: TLSSocket, text: string): Promise<string> {
  socket.write(text);
  return String((await once(socket, "data"))[0]);
}

const greeting = "SSH-2.0-ntpconfd";

describe.skipIf(libc === undefined)("listeners", () => {
  test("open, take another name, and close, with one socket throughout", async () => {
    const world = new World();
    const port = await freePort();
    expect(world.commit({ listeners: [ssh(port)] })).toEqual([]);
    expect(await banner(port)).toBe(greeting);
    expect(world.commit({ listeners: [ssh(port, "b")] })).toEqual([]);
    expect(await banner(port)).toBe(greeting);
    world.commit({});
    expect(await banner(port)).toBe("ECONNREFUSED");
  });

  test("what somebody else has is at fault, and nothing of it stays", async () => {
    const world = new World();
    const other = createServer().listen(0, "127.0.0.1");
    closing.push(() => other.close());
    await once(other, "listening");
    const port = await freePort();
    const listeners = [ssh(port), ssh(portOf(other), "b"), ssh(port, "c")];
    const prepared = world.managers.listeners.prepare({ ...empty, listeners });
    expect(prepared.faults.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      `b: cannot listen on TCP port ${portOf(other)} of 127.0.0.1: it is in use already (EADDRINUSE)`,
      "c: the listener a has this address and port",
    ]);
    prepared.abort();
    expect(await banner(port)).toBe("ECONNREFUSED");
  });

  test("an address may become another one of the same port, or stay after all", async () => {
    const world = new World();
    const port = await freePort();
    world.commit({ listeners: [ssh(port, "a", "0.0.0.0")] });
    const narrow = { ...empty, listeners: [ssh(port, "a", "127.0.0.1")] };
    world.managers.listeners.prepare(narrow).abort();
    expect(await banner(port, "127.0.0.2")).toBe(greeting);
    expect(world.commit(narrow)).toEqual([]);
    expect(await banner(port)).toBe(greeting);
    expect(await banner(port, "127.0.0.2")).toBe("ECONNREFUSED");
  });

  test("a listener of the command line comes before one that is data", async () => {
    const world = new World();
    const port = await freePort();
    world.commit({ listeners: [ssh(port, "a", "0.0.0.0")] });
    expect(await world.managers.listen({ host: "127.0.0.1", port })).toMatchObject({ port });
    expect(world.events).toContain(`failed a: the command line has TCP port ${port}`);
    expect(await banner(port)).toBe(greeting);
    // Tried again, it is still at fault; and what somebody else has stops the command line.
    expect(world.commit({ listeners: [ssh(port)] })[0]).toContain("it is in use already");
    await expect(new World().managers.listen({ host: "127.0.0.1", port })).rejects.toThrow("EADDR");
  });

  test("certificates change under a session that lives on", async () => {
    const world = new World();
    const port = await freePort();
    world.commit({ identities: identityOf(first), listeners: [tls(port)] });
    const old = await dial(port);
    expect(old.getPeerCertificate().subject.CN).toBe("first");
    expect(await echo(old, "one")).toBe("one");
    expect(world.commit({ identities: identityOf(second), listeners: [tls(port)] })).toEqual([]);
    expect((await dial(port)).getPeerCertificate().subject.CN).toBe("second");
    expect(await echo(old, "two")).toBe("two");
    world.commit({});
    expect(await echo(old, "three")).toBe("three");
    expect(world.events).toContain("opened 1 alice netconf-tls ");
  });

  test("a port may be SSH's and then TLS's", async () => {
    const world = new World();
    const port = await freePort();
    world.commit({ listeners: [ssh(port)] });
    expect(world.commit({ identities: identityOf(first), listeners: [tls(port)] })).toEqual([]);
    expect(await echo(await dial(port), "hello")).toBe("hello");
  });

  test("what cannot be used is at fault by name, and keeps its listener down", async () => {
    const world = new World();
    const port = await freePort();
    const privateKey = pkcs8(second);
    const identities = new Map([["i", { certificates: [first.certificate], privateKey }]]);
    const faults = world.commit({
      identities,
      trustAnchors: new Map([["x", Buffer.from("junk")]]),
      certToName: new Map([[7, { fingerprint: Buffer.of(4, 1, 2), map: { kind: "common-name" } }]]),
      revocationLists: new Map([["y", Buffer.from("junk")]]),
      listeners: [tls(port)],
    });
    expect(faults.map((fault) => fault.slice(0, 56))).toEqual([
      "identity i: the private key is not that of the certificate".slice(0, 56),
      "trust-anchor x: it is no X.509 certificate in DER",
      "revocation-list y: it is no certificate revocation list in DER".slice(0, 56),
      "cert-to-name 7: its fingerprint is none: one octet says ".slice(0, 56),
      "listener t: its identity i cannot be used",
    ]);
    expect(await banner(port)).toBe("ECONNREFUSED");
  });

  test("what is known of certificates is told", () => {
    const world = new World();
    const plan = { ...empty, identities: identityOf(first) };
    const prepared = world.managers.listeners.prepare(plan);
    prepared.abort();
    const { fingerprint = "", expires = "" } = prepared.identities.get("i") ?? {};
    expect(fingerprint).toMatch(/^04(:[0-9a-f]{2}){32}$/);
    expect(new Date(expires).getTime()).toBeGreaterThan(Date.now());
    expect([...prepared.trustAnchors.keys()]).toEqual(["ca"]);
  });

  test("what is known of revocation lists is told, and whom they keep out", () => {
    const world = new World();
    const rival = certify({ subject: "rival", isAuthority: true });
    const plan = {
      ...empty,
      trustAnchors: new Map([...empty.trustAnchors, ["rival", rival.certificate]]),
      revocationLists: new Map([
        ["own", revocationList({ issuer: authority, revoked: [alice], until: -1 })],
        ["of nobody", revocationList({ issuer: second })],
      ]),
    };
    const prepared = world.managers.listeners.prepare(plan);
    prepared.abort();
    expect(prepared.faults).toEqual([]);
    expect(prepared.revocationLists.get("own")).toMatchObject({ trustAnchor: "ca", revoked: 1 });
    expect(prepared.revocationLists.get("of nobody")).toMatchObject({
      ...{ trustAnchor: undefined, revoked: 0 },
      nextUpdate: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    const words = prepared.warnings.map((one) => one.replace(/20\S+:/, "then:"));
    expect(words.map((one) => one.split(": ")[0])).toEqual([
      "revocation-list own was current until then",
      "trust-anchor rival has no revocation-list",
    ]);
  });

  test.each([
    ["keyExchange", "kex", "diffie-hellman-group14-sha256"],
    ["encryption", "cs", "aes256-ctr"],
    ["hostKey", "serverHostKey", "ecdsa-sha2-nistp256"],
  ] as const)("SSH offers only the %s that is asked for", async (kind, shown, name) => {
    const world = new World();
    const port = await freePort();
    const sshAlgorithms = { ...empty.sshAlgorithms, [kind]: [name] };
    world.commit({ listeners: [ssh(port)], sshAlgorithms });
    const client = new ssh2.Client();
    closing.push(() => client.end());
    client.connect({ host: "127.0.0.1", port, username: "bob", password: "correct horse" });
    const [negotiated] = await once(client, "handshake");
    const { [shown]: agreed } = { ...negotiated, cs: negotiated.cs.cipher };
    expect(agreed).toBe(name);
  });
});

test("without the C library a port that is taken is told of afterwards", async () => {
  const world = new World(false);
  const other = createServer().listen(0, "127.0.0.1");
  closing.push(() => other.close());
  await once(other, "listening");
  const listeners = [ssh(portOf(other))];
  expect(world.commit({ listeners })).toEqual([]);
  expect(await world.until("failed a")).toContain("it is in use already (EADDRINUSE)");
  other.close();
  await once(other, "close");
  expect(world.commit({ listeners })).toEqual([]);
  expect(await banner(portOf(other) || (listeners[0]?.port ?? 0))).toBe(greeting);
});

describe("calls home", () => {
  const keepAlives = { idleTime: 30, maxProbes: 3, probeInterval: 10 };
  const from = { address: "127.0.0.1", localAddress: undefined };
  const call = { kind: "call", ...from, maxWait: 2, keepAlives } as const;

  /** A manager that waits to be called. */
  async function manager(): Promise<{ port: number; called: Promise<Socket> }> {
    const server = createServer().listen(0, "127.0.0.1");
    closing.push(() => server.close());
    const called = once(server, "connection").then(([socket]) => {
      closing.push(() => socket.destroy());
      return socket as Socket;
    });
    await once(server, "listening");
    return { port: portOf(server), called };
  }

  test("over SSH the manager logs in, and has several sessions", async () => {
    const world = new World();
    const { port, called } = await manager();
    world.managers.calls.call({ ...call, call: 1, port, transport: { kind: "ssh" } });
    const client = new ssh2.Client();
    client.connect({ sock: await called, username: "bob", password: "correct horse" });
    await once(client, "ready");
    await world.until("call 1 established");
    for (const text of ["one", "two"]) {
      const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) =>
        client.subsys("netconf", (error, opened) => (error ? reject(error) : resolve(opened))),
      );
      channel.write(text);
      expect(String((await once(channel, "data"))[0])).toBe(text);
    }
    expect(world.events).toContain("opened 1 bob netconf-ssh ");
    client.end();
    await world.until("call 1 ended");
    await world.until("closed 2");
  });

  test("over TLS the certificate says who it is; the session has its own idle time", async () => {
    const world = new World();
    world.commit({ identities: identityOf(first) });
    const { port, called } = await manager();
    const transport = { kind: "tls", identity: "i" } as const;
    world.managers.calls.call({ ...call, call: 5, port, transport, idleTimeout: 120 });
    const socket = await dial(0, { socket: await called });
    expect(await echo(socket, "hello")).toBe("hello");
    const ofTheCall = world.events.filter((event) => event.startsWith("call 5"));
    expect(ofTheCall).toEqual(["call 5 connected", "call 5 established"]);
    expect(world.events).toContain("opened 1 alice netconf-tls 120");
    socket.end();
    await world.until("call 5 ended");
  });

  test.each<[string, (port: number) => { address?: string; port: number }, RegExp]>([
    ["a port that nobody has", (port) => ({ port }), /connect ECONNREFUSED 127.0.0.1:/],
    ["a name that nobody has", (port) => ({ address: "nobody.invalid", port }), /nobody.invalid/],
  ])("%s ends the call with the reason", async (_, where, reason) => {
    const world = new World();
    const port = await freePort();
    world.managers.calls.call({ ...call, call: 1, transport: { kind: "ssh" }, ...where(port) });
    expect(await world.until("call 1 ended")).toMatch(reason);
  });

  test("a call comes from where it is to come from, and says so where it cannot", async () => {
    const world = new World();
    const { port, called } = await manager();
    const transport = { kind: "ssh" } as const;
    world.managers.calls.call({ ...call, call: 1, port, transport, localAddress: "127.0.0.7" });
    expect((await called).remoteAddress).toBe("127.0.0.7");
    // Documentation's own addresses (RFC 5737) are no machine's.
    world.managers.calls.call({ ...call, call: 2, port, transport, localAddress: "192.0.2.7" });
    expect(await world.until("call 2 ended")).toMatch(/EADDRNOTAVAIL/);
    const six = { localAddress: "::1", address: "localhost" };
    world.managers.calls.call({ ...call, call: 3, port, transport, ...six });
    expect(await world.until("call 3 ended")).toMatch(/ECONNREFUSED ::1|ENOTFOUND|EADDRNOTAVAIL/);
  });

  test("a manager that does not log in, or is given up, ends the call", async () => {
    const world = new World();
    world.commit({ loginTimeout: 0.05 });
    const { port, called } = await manager();
    world.managers.calls.call({ ...call, call: 1, port, transport: { kind: "ssh" } });
    (await called).resume();
    expect(await world.until("call 1 ended")).toMatch(/nobody has logged in$/);
    world.managers.calls.call({ ...call, call: 2, port, transport: { kind: "ssh" } });
    world.managers.calls.end(2);
    await world.until("call 2 ended");
  });
});
