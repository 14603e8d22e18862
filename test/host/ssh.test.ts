import { once } from "node:events";
import { connect } from "node:net";
import ssh2 from "ssh2";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Storage } from "../../src/base/index.ts";
import type { Account } from "../../src/host/accounts.ts";
import { parseAuthorizedKeys } from "../../src/host/accounts.ts";
import { type ArrivalLimits, Arrivals } from "../../src/host/arrivals.ts";
import { cryptHash, verifyPassword } from "../../src/host/crypt.ts";
import { Guesses } from "../../src/host/guesses.ts";
import { hostKeys } from "../../src/host/host-keys.ts";
import { type SshOptions, SshServer, sshAlgorithms } from "../../src/host/ssh.ts";
import { listenLater } from "../../src/host/tcp-listener.ts";
import { WireSessions } from "../../src/host/wire-sessions.ts";
import { ed25519Key } from "./ssh-keys.ts";

const ed25519 = ed25519Key("alice");
const ecdsa = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
const rsa = ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 });
const stranger = ed25519Key("stranger");

const keys = parseAuthorizedKeys(
  `# Alice's\n${ed25519.public}\n${ecdsa.public} two words\n\n${rsa.public}\n`,
);

const accounts = new Map<string, Account>([
  ["admin", account("admin", "correct horse", true)],
  ["alice", { ...account("alice", undefined, false), authorizedKeys: keys }],
  ["bob", account("bob", "pässword", false)],
]);

function account(name: string, password: string | undefined, recovery: boolean): Account {
  const passwordHash = password === undefined ? undefined : cryptHash(password, "$5$somesalt");
  return { name, passwordHash, authorizedKeys: [], recovery };
}

function memory(): Storage {
  const files = new Map<string, Uint8Array>();
  return {
    read: (name) => files.get(name),
    write: (name, bytes) => files.set(name, bytes),
    append: () => undefined,
    remove: (name) => files.delete(name),
  };
}

let keyPair: readonly string[] = [];
beforeAll(() => {
  keyPair = hostKeys(memory(), ignore);
});

const ignore = (): void => undefined;
const open: { end(): unknown }[] = [];
const closing: (() => void)[] = [];
afterEach(() => {
  for (const client of open.splice(0)) client.end();
  for (const close of closing.splice(0)) close();
});

interface World {
  readonly sessions: WireSessions;
  close(): void;
  readonly port: number;
  readonly events: string[];
  /** Resolves when an event that starts so has come. */
  until(start: string): Promise<string>;
  /** What the agent would do on "session-bytes" and "session-drained". */
  onBytes: (channel: number, bytes: Uint8Array) => void;
  onDrained: (channel: number) => void;
}

interface ListenOptions extends Partial<ArrivalLimits> {
  readonly idleMs?: number;
  readonly shells?: SshOptions["shells"];
}

async function listen({ idleMs, shells, ...options }: ListenOptions = {}): Promise<World> {
  const events: string[] = [];
  const waiting: { start: string; resolve: (event: string) => void }[] = [];
  const say = (event: string): void => {
    events.push(event);
    for (const w of waiting) if (event.startsWith(w.start)) w.resolve(event);
  };
  const sessions = new WireSessions({
    opened: (channel, peer) =>
      say(`opened ${channel} ${peer.user} ${peer.recovery} ${peer.host} ${peer.transport}`),
    received: (channel, bytes) => {
      world.onBytes(channel, bytes);
      say(`received ${channel} ${new TextDecoder().decode(bytes.subarray(0, 20))}`);
    },
    drained: (channel) => {
      world.onDrained(channel);
      say(`drained ${channel}`);
    },
    closed: (channel) => say(`closed ${channel}`),
    log: (level, message, fields) => say(`${level} ${message} ${fields.user ?? ""}`),
  });
  const limits = { loginTimeoutMs: 5_000, unauthenticatedMax: 4, ...options };
  const arrivals = new Arrivals(limits, sessions.log);
  const ssh = new SshServer({
    hostKeys: keyPair,
    accounts: (name) => accounts.get(name),
    checkPassword: async (password, hash) => verifyPassword(password, hash),
    refusalDelayMs: 1,
    guesses: new Guesses(),
    arrivals,
    sessions,
    ...(idleMs !== undefined && { idleMs }),
    ...(shells && { shells }),
  });
  const { server, address } = await listenLater({ host: "127.0.0.1", port: 0 }, (socket) =>
    ssh.serve(socket),
  );
  const close = (): void => {
    server.close();
    arrivals.destroyAll();
  };
  closing.push(close);
  const { port } = address;
  const world: World = {
    sessions,
    port,
    close,
    events,
    until: (start) => {
      const seen = events.find((event) => event.startsWith(start));
      if (seen !== undefined) return Promise.resolve(seen);
      return new Promise((resolve) => waiting.push({ start, resolve }));
    },
    onBytes: () => undefined,
    onDrained: () => undefined,
  };
  return world;
}

async function logIn(world: World, config: ssh2.ConnectConfig): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  open.push(client);
  const outcome = new Promise<string>((resolve) => {
    client.once("ready", () => resolve("ready"));
    client.on("error", (error) => resolve(error.message));
    client.once("close", () => resolve("closed"));
  });
  client.on("keyboard-interactive", (_name, _instructions, _language, prompts, finish) => {
    expect(prompts).toEqual([{ prompt: "Password: ", echo: false }]);
    finish([config.password ?? ""]);
  });
  const tryKeyboard = config.password !== undefined && config.authHandler !== undefined;
  client.connect({ host: "127.0.0.1", port: world.port, tryKeyboard, ...config });
  const said = await outcome;
  if (said !== "ready") throw new Error(said);
  return client;
}

function netconf(client: ssh2.Client): Promise<ssh2.ClientChannel> {
  return new Promise((resolve, reject) => {
    client.subsys("netconf", (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

describe("logging in", () => {
  const keyboard = { authHandler: ["keyboard-interactive" as const] };
  test.each<[string, ssh2.ConnectConfig, string]>([
    ["password", { username: "admin", password: "correct horse" }, "true"],
    ["a password beyond ASCII", { username: "bob", password: "pässword" }, "false"],
    ["keyboard-interactive", { username: "admin", password: "correct horse", ...keyboard }, "true"],
    ["ed25519", { username: "alice", privateKey: ed25519.private }, "false"],
    ["ecdsa", { username: "alice", privateKey: ecdsa.private }, "false"],
    ["rsa over SHA-2", { username: "alice", privateKey: rsa.private }, "false"],
  ])("%s lets in", async (_, config, recovery) => {
    const world = await listen();
    await netconf(await logIn(world, config));
    const event = await world.until("opened");
    expect(event).toBe(`opened 1 ${config.username} ${recovery} 127.0.0.1 netconf-ssh`);
  });

  test.each<[string, ssh2.ConnectConfig]>([
    ["a wrong password", { username: "admin", password: "wrong" }],
    ["an empty password", { username: "admin", password: "" }],
    ["a wrong answer", { username: "admin", password: "wrong", ...keyboard }],
    ["an unknown user", { username: "mallory", password: "correct horse" }],
    ["a user without a password", { username: "alice", password: "correct horse" }],
    ["another's password", { username: "bob", password: "correct horse" }],
    ["a very long password", { username: "admin", password: "x".repeat(20_000) }],
    ["a stranger's key", { username: "alice", privateKey: stranger.private }],
    ["another's key", { username: "admin", privateKey: ed25519.private }],
    ["no method at all", { username: "admin" }],
  ])("%s does not", async (_, config) => {
    const world = await listen();
    await expect(logIn(world, config)).rejects.toThrow("All configured authentication methods");
    expect(world.events.filter((event) => event.startsWith("opened"))).toEqual([]);
  });

  test("a connection that goes on guessing is ended", async () => {
    const world = await listen();
    const guesses = Array.from({ length: 20 }, () => ({
      type: "password" as const,
      username: "admin",
      password: "wrong",
    }));
    await expect(logIn(world, { username: "admin", authHandler: guesses })).rejects.toThrow();
    expect(world.events.filter((e) => e === "warn log-in refused admin")).toHaveLength(6);
  });

  test("connections that do not log in are bounded and timed out", async () => {
    // Time enough for the log-in at the end on a busy machine.
    const world = await listen({ unauthenticatedMax: 2, loginTimeoutMs: 1_500 });
    const sockets = [1, 2, 3].map(() => connect(world.port, "127.0.0.1"));
    const said = sockets.map(() => "");
    for (const [i, socket] of sockets.entries()) {
      socket.on("data", (bytes) => {
        said[i] += String(bytes);
      });
      // However it is that a connection ends: "close" follows.
      socket.on("error", () => undefined);
    }
    await Promise.all(sockets.map((one) => new Promise((ended) => one.once("close", ended))));
    const farewell = "ntpconfd: too many connections are logging in; try again later\r\n";
    expect(said.filter((text) => text === farewell)).toHaveLength(1);
    expect(world.events).toContain("warn too many connections are logging in: one is dropped ");
    await logIn(world, { username: "admin", password: "correct horse" });
  });

  test.each(["ssh-ed25519", "ssh-ed25519 AAAA", 'from="10.0.0.1" ssh-ed25519 AAAA', "hello"])(
    "%j is no authorized key",
    (line) => expect(() => parseAuthorizedKeys(`# ok\n${line}`)).toThrow(/^line 2 /),
  );

  test("host keys are kept, and a file that holds none is an error", () => {
    const storage = memory();
    const made = hostKeys(storage, ignore);
    expect(hostKeys(storage, ignore)).toEqual(made);
    storage.write("ssh-host-key-ecdsa", new TextEncoder().encode("junk"));
    expect(() => hostKeys(storage, ignore)).toThrow("ssh-host-key-ecdsa holds no SSH private key");
  });
});

describe("sessions", () => {
  const admin = { username: "admin", password: "correct horse" };

  test("several channels of one connection are several sessions", async () => {
    const world = await listen();
    const client = await logIn(world, admin);
    const [one, two] = [await netconf(client), await netconf(client)];
    one.write("first");
    two.write("second");
    await world.until("received 1 first");
    await world.until("received 2 second");
    world.sessions.write(2, new TextEncoder().encode("to two"));
    expect(String((await once(two, "data"))[0])).toBe("to two");
    one.close();
    await world.until("closed 1");
    expect(world.events).not.toContain("closed 2");
  });

  test("one connection has 64 channels, and one more once one of them is gone", async () => {
    const world = await listen();
    const client = await logIn(world, admin);
    const channels = await Promise.all(Array.from({ length: 64 }, () => netconf(client)));
    await expect(netconf(client)).rejects.toThrow("Channel open failure");
    await Promise.all(channels.map((_, i) => world.until(`opened ${i + 1} `)));
    channels[9]?.close();
    await world.until("closed");
    await netconf(client);
    await world.until("opened 65 ");
  });

  /** A channel on which nothing is asked for, as no client of ssh2's own would have it. */
  function bare(client: ssh2.Client): Promise<ssh2.ClientChannel> {
    const channels: object = Reflect.get(client, "_chanMgr");
    const machine: object = Reflect.get(client, "_protocol");
    return new Promise((resolve, reject) => {
      const opened = (error: Error | undefined, channel: ssh2.ClientChannel): void =>
        error === undefined ? resolve(channel) : reject(error);
      const id: unknown = Reflect.get(channels, "add").call(channels, opened);
      Reflect.get(machine, "session").call(machine, id, 2 ** 21, 2 ** 15);
    });
  }

  test("channels on which nothing is asked for count, and are closed as they are closed", async () => {
    const world = await listen();
    const client = await logIn(world, admin);
    const channels = await Promise.all(Array.from({ length: 64 }, () => bare(client)));
    await expect(bare(client)).rejects.toThrow("Channel open failure");
    for (const channel of channels.slice(0, 3)) {
      const closed = once(channel.resume(), "close");
      channel.close();
      await closed;
    }
    await Promise.all([bare(client), netconf(client), bare(client)]);
    await world.until("opened 1 ");
    await expect(bare(client)).rejects.toThrow("Channel open failure");
  });

  test("a channel that has a shell gets no second one, and its connection stays", async () => {
    const shells = { hostName: "h", version: "1", secrets: { seal: () => "", opens: () => false } };
    const world = await listen({ shells });
    const client = await logIn(world, admin);
    const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
      client.shell((error, opened) => (error ? reject(error) : resolve(opened)));
    });
    await world.until("opened 1 ");
    const machine: object = Reflect.get(client, "_protocol");
    const outgoing: object = Reflect.get(channel as object, "outgoing");
    const id: unknown = Reflect.get(outgoing, "id");
    for (const name of ["exec", "subsystem"]) {
      Reflect.get(machine, name).call(machine, id, "netconf", false);
    }
    await netconf(client);
    await world.until("opened 2 ");
    expect(world.events.filter((event) => event.startsWith("opened"))).toHaveLength(2);
  });

  test("a connection without a session is let go, also after it has had one", async () => {
    const world = await listen({ idleMs: 500 });
    const gone = (client: ssh2.Client) =>
      new Promise<void>((left) => client.once("close", () => left()));
    const never = logIn(world, admin).then(gone);
    const had = async (): Promise<unknown> => {
      const client = await logIn(world, admin);
      const left = gone(client);
      const channel = await netconf(client).catch(() => undefined);
      // On a busy machine it may have been let go before.
      if (channel === undefined) return had();
      await world.until("opened");
      channel.close();
      return left;
    };
    await Promise.all([never, had()]);
  });

  test("nothing but the netconf subsystem is to be had", async () => {
    const world = await listen();
    const client = await logIn(world, admin);
    const refused = (start: (done: (error?: Error) => void) => void): Promise<string> =>
      new Promise((resolve) => start((error) => resolve(error?.message ?? "let in")));
    expect(await refused((done) => client.shell(done))).toMatch(/Unable/);
    expect(await refused((done) => client.exec("id", done))).toMatch(/Unable/);
    expect(await refused((done) => client.subsys("sftp", done))).toMatch(/Unable/);
    expect(
      await refused((done) => client.forwardOut("127.0.0.1", 1, "127.0.0.1", 2, done)),
    ).toMatch(/prohibited|failure/i);
    expect(await refused((done) => client.forwardIn("127.0.0.1", 0, done))).toMatch(/Unable/);
    await netconf(client);
  });

  test("what was written before the end arrives, and then the channel is closed", async () => {
    const world = await listen();
    const channel = await netconf(await logIn(world, admin));
    await world.until("opened");
    const chunks: Buffer[] = [];
    channel.on("data", (chunk: Buffer) => chunks.push(chunk));
    const bytes = new Uint8Array(3_000_000).fill(0x61);
    world.sessions.write(1, bytes);
    world.sessions.end(1);
    await once(channel, "close");
    expect(Buffer.concat(chunks).length).toBe(bytes.length);
    expect(world.events).not.toContain("closed 1");
  });

  test("one who is refused a session is told why, and that it failed", async () => {
    const world = await listen();
    const client = await logIn(world, admin);
    const channel = await netconf(client);
    await world.until("opened");
    let said = "";
    channel.stderr.on("data", (bytes: Buffer) => {
      said += bytes.toString();
    });
    const status = once(channel, "exit");
    world.sessions.end(1, "there are too many");
    expect(await status).toEqual([1]);
    await once(channel.resume(), "close");
    expect(said).toBe("ntpconfd: there are too many\r\n");
  });

  test("a peer that ends its half still gets its replies", async () => {
    const world = await listen();
    let pieces = 0;
    const piece = new Uint8Array(100_000);
    world.onBytes = (channel) => world.sessions.write(channel, piece);
    world.onDrained = (channel) => {
      if (++pieces < 50) world.sessions.write(channel, piece);
    };
    const channel = await netconf(await logIn(world, admin));
    let got = 0;
    channel.on("data", (chunk: Buffer) => {
      got += chunk.length;
    });
    channel.end("go");
    await once(channel, "close");
    expect(got).toBe(5_000_000);
    await world.until("closed 1");
  });

  test("a peer that does not read is not read from, and costs no more than its window", async () => {
    const world = await listen();
    let written = 0;
    const piece = new Uint8Array(64 * 1024);
    const write = (channel: number): void => {
      written += piece.length;
      world.sessions.write(channel, piece);
    };
    world.onBytes = write;
    world.onDrained = write;
    const client = await logIn(world, admin);
    const channel = await netconf(client);
    channel.pause();
    channel.write("go");
    await world.until("received 1 go");
    let before = -1;
    while (before !== written) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(written).toBeLessThan(8 << 20);
    client.destroy();
    await world.until("closed 1");
  });

  test("a connection that is lost closes its sessions", async () => {
    const world = await listen();
    const client = await logIn(world, admin);
    await netconf(client);
    await netconf(client);
    client.destroy();
    await world.until("closed 1");
    await world.until("closed 2");
  });

  test("closing the server ends everything", async () => {
    const world = await listen();
    const client = await logIn(world, admin);
    await netconf(client);
    const closed = once(client, "close");
    world.close();
    await closed;
    await expect(logIn(world, admin)).rejects.toThrow("ECONNREFUSED");
  });
});

test("of what nobody should use any more nothing is offered", () => {
  const weak = /cbc|arcfour|3des|blowfish|cast|rc4|sha1|md5|umac-64|none|ssh-rsa|ssh-dss|group1-/;
  const offered = Object.values(sshAlgorithms).flat();
  expect(offered.length).toBeGreaterThan(10);
  expect(offered.filter((name) => weak.test(name))).toEqual([]);
});
