import {
  type AgentLoop,
  type AgentOptions,
  createAgent,
  type Effect,
  KeyVault,
  type Peer,
  type ServerDoor,
  type ServerFault,
  type ServerPlan,
  type SocketsDoor,
} from "../../src/agent/index.ts";
import { type Random, type Raw, type Storage, StorageError } from "../../src/base/index.ts";
import {
  addressOctets,
  type CompiledSnapshot,
  compileSnapshot,
  type NameQuery,
  type NetworkInterface,
  type OutDatagram,
  respond,
  type ServerSockets,
  type SocketId,
  serverSocket,
  type Timestamp,
} from "../../src/ntp/index.ts";
import { servedSchema } from "./served.ts";

const nanosecondsPerSecond = 1_000_000_000n;
/** Where simulated time begins: NTP time at true time 0. */
const epoch = (3_900_000_000n << 32n) as Timestamp;
const octetsMax = 1_500;

/** Chance from a seed (SplitMix64): the same run every time. */
export class SeededRandom implements Random {
  #state: bigint;

  constructor(seed: number) {
    this.#state = BigInt(seed);
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => Number(this.#next() & 0xffn));
  }

  fraction(): number {
    return Number(this.#next() >> 11n) / 2 ** 53;
  }

  #next(): bigint {
    this.#state = BigInt.asUintN(64, this.#state + 0x9e37_79b9_7f4a_7c15n);
    let z = this.#state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn);
    return z ^ (z >> 31n);
  }
}

/** Of the form of a SHA-512-crypt hash, and fast. */
function hashed(password: string): string {
  return btoa(password).padEnd(86, "x").slice(0, 86);
}

/** A disk that remembers, and fails when it is told to. */
export class MemoryStorage implements Storage {
  readonly files = new Map<string, Uint8Array>();
  failing = false;

  read(name: string): Uint8Array | undefined {
    return this.files.get(name);
  }

  write(name: string, bytes: Uint8Array): void {
    if (this.failing) throw new StorageError("the disk is full");
    this.files.set(name, bytes.slice());
  }

  append(name: string, bytes: Uint8Array): void {
    if (this.failing) throw new StorageError("the disk is full");
    const before = this.files.get(name) ?? new Uint8Array();
    const after = new Uint8Array(before.length + bytes.length);
    after.set(before);
    after.set(bytes, before.length);
    this.files.set(name, after);
  }

  remove(name: string): void {
    this.files.delete(name);
  }
}

export interface HostOptions {
  readonly address: string;
  /** s: how far the clock is ahead at the start. */
  readonly offset?: number;
  readonly ppm?: number;
  readonly storage?: MemoryStorage;
  readonly interfaces?: readonly NetworkInterface[];
  readonly hasStartup?: boolean;
  readonly factoryDefault?: string;
  /** What the sockets door refuses from the start, by the reason that it gives. */
  readonly refusal?: Refusal;
  /** Seed of the at-rest key; the host's own where it is left out. */
  readonly vaultSeed?: number;
  readonly vault?: KeyVault;
  /** What the door to listeners finds at fault from the start. */
  readonly serverFaults?: readonly ServerFault[];
  /** How the agent is made, where something is to stand between it and its doors. */
  readonly boot?: (options: AgentOptions) => AgentLoop;
}

type Refusal = (plan: ServerSockets) => string | undefined;

/** One agent on one simulated link, with its sockets and its manager. */
export class SimulatedHost {
  readonly agent: AgentLoop;
  readonly address: string;
  readonly storage: MemoryStorage;
  /** What URLs lead to. */
  readonly files = new MemoryStorage();
  readonly vault: KeyVault;
  readonly log: string[] = [];
  /** What the sockets door refuses, by the reason that it gives. */
  refusal: Refusal | undefined;
  plan: ServerSockets | undefined;
  /** What the door to listeners was asked for, what it has, and what it finds at fault. */
  readonly prepared: ServerPlan[] = [];
  served: ServerPlan | undefined;
  serverFaults: readonly ServerFault[];
  serverWarnings: readonly string[] = [];
  /** What it wants to know of names. */
  readonly questions: NameQuery[] = [];
  /** Calls home that were asked for, and those that were given up. */
  readonly calls: Extract<Effect, { kind: "call" }>[] = [];
  readonly ended: number[] = [];
  /** What those were told who were refused a session. */
  readonly refusals: string[] = [];
  /** Datagrams sent from the loop. */
  sent = 0;
  readonly #world: World;
  readonly #ports = new Map<SocketId, number>();
  readonly #output = new Map<number, string>();
  #snapshot: CompiledSnapshot | undefined;
  #nextPort = 40_000;
  #nextChannel = 1;
  #timerAt: Raw | undefined;

  constructor(world: World, seed: number, options: HostOptions) {
    this.#world = world;
    this.address = options.address;
    this.storage = options.storage ?? new MemoryStorage();
    this.refusal = options.refusal;
    this.serverFaults = options.serverFaults ?? [];
    const random = new SeededRandom(seed);
    this.vault =
      options.vault ?? new KeyVault(new Uint8Array(32).fill(options.vaultSeed ?? seed), random);
    const agentOptions: AgentOptions = {
      schema: servedSchema(),
      storage: this.storage,
      files: this.files,
      random,
      sockets: this.#door(),
      server: this.#serverDoor(),
      vault: this.vault,
      interfaces: options.interfaces ?? [eth0(options.address)],
      clock: {
        at: world.now,
        now: ahead(world.trueTime(), options.offset ?? 0),
        frequencyError: (options.ppm ?? 0) / 1e6,
        precision: -20,
      },
      platform: { osName: "Sim", osRelease: "1", osVersion: "1", machine: "sim" },
      passwords: {
        hash: (password) => `$6$salt${random.bytes(4).join("")}$${hashed(password)}`,
        matches: (password, hash) => hash.endsWith(`$${hashed(password)}`),
      },
      hasStartup: options.hasStartup ?? true,
      ...(options.factoryDefault !== undefined && {
        factoryDefault: new TextEncoder().encode(options.factoryDefault),
      }),
    };
    this.agent = (options.boot ?? createAgent)(agentOptions);
    this.perform(this.agent.start(world.now));
  }

  /** A manager's session: hello over, in the framing of base:1.0. */
  session(user = "admin", recovery = true, more: Partial<Peer> = {}): Session {
    const channel = this.#open({ user, recovery, ...more });
    return new Session({
      greeting: this.#output.get(channel) ?? "",
      exchange: (text) => this.#exchange(channel, text),
      take: () => {
        const text = this.#output.get(channel) ?? "";
        if (text !== "") this.#output.set(channel, "");
        return text;
      },
      drop: () =>
        this.perform(this.agent.handle({ kind: "session-closed", at: this.#world.now, channel })),
    });
  }

  /** What the agent says first to a session that says nothing; nothing where it is refused. */
  greet(): string {
    return this.#output.get(this.#open({})) ?? "";
  }

  #open(more: Partial<Peer>): number {
    const channel = this.#nextChannel++;
    this.#output.set(channel, "");
    const from = { host: "192.0.2.1", transport: "netconf-ssh" } as const;
    const peer = { user: "admin", recovery: true, ...from, ...more };
    this.perform(this.agent.handle({ kind: "session-opened", at: this.#world.now, channel, peer }));
    return channel;
  }

  progress(call: number, to: "connected" | "established"): void {
    this.perform(this.agent.handle({ kind: "call-progress", at: this.#world.now, call, to }));
  }

  callEnded(call: number, reason: string): void {
    this.perform(this.agent.handle({ kind: "call-ended", at: this.#world.now, call, reason }));
  }

  certificateRefused(isRevoked: boolean): void {
    this.perform(
      this.agent.handle({ kind: "certificate-refused", at: this.#world.now, isRevoked }),
    );
  }

  listenerFailed(name: string, reason: string): void {
    this.perform(this.agent.handle({ kind: "listener-failed", at: this.#world.now, name, reason }));
  }

  interfaces(list: readonly NetworkInterface[]): void {
    this.perform(this.agent.handle({ kind: "interfaces", at: this.#world.now, interfaces: list }));
  }

  perform(effects: readonly Effect[]): void {
    for (const effect of effects) this.#perform(effect);
    this.#arm();
  }

  /** A datagram has come to a port of this host, or to a group that it is in. */
  deliver(from: string, fromPort: number, to: string, port: number, bytes: Uint8Array): void {
    const isGroup = to !== this.address;
    if (isGroup && !this.plan?.groups.some(({ group }) => group === to)) return;
    const at = this.#world.now;
    if (port === this.plan?.port) {
      const reply = this.#answer(from, fromPort, to, bytes);
      if (reply !== undefined) {
        this.#world.send(this.address, port, from, fromPort, reply);
        return;
      }
    }
    const socket = port === this.plan?.port ? serverSocket : this.#socketOf(port);
    if (socket === undefined) return;
    const datagram = { socket, bytes, from, fromPort, to, interface: "eth0", received: at };
    this.perform(this.agent.handle({ kind: "datagram", at, datagram }));
  }

  /** An SNTP query from outside: what a client of this host would take its clock to be. */
  ask(): { readonly synchronized: boolean; readonly stratum: number; readonly offset: number } {
    const request = new Uint8Array(48);
    request[0] = (4 << 3) | 3;
    const reply = this.#answer("192.0.2.99", 123, this.address, request);
    if (reply === undefined) return { synchronized: false, stratum: 0, offset: Number.NaN };
    const difference = new DataView(reply.buffer).getBigUint64(40) - this.#world.trueTime();
    return {
      synchronized: (reply[0] ?? 0) >> 6 !== 3,
      stratum: reply[1] ?? 0,
      offset: Number(BigInt.asIntN(64, difference)) / 2 ** 32,
    };
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "send":
        this.#send(effect);
        break;
      case "open-socket":
        this.#ports.set(effect.socket, this.#nextPort++);
        break;
      case "close-socket":
        this.#ports.delete(effect.socket);
        break;
      case "publish":
        this.#snapshot = compileSnapshot(effect.snapshot);
        break;
      case "send-bytes": {
        const text = new TextDecoder().decode(effect.bytes);
        this.#output.set(effect.channel, (this.#output.get(effect.channel) ?? "") + text);
        this.perform(
          this.agent.handle({
            kind: "session-drained",
            at: this.#world.now,
            channel: effect.channel,
          }),
        );
        break;
      }
      case "resolve-name":
        this.questions.push(effect);
        break;
      case "call":
        this.calls.push(effect);
        break;
      case "end-call":
        this.ended.push(effect.call);
        break;
      case "close-session":
        this.#output.delete(effect.channel);
        if (effect.refusal !== undefined) this.refusals.push(effect.refusal);
        break;
      case "log":
        this.log.push(`${effect.level} ${effect.message} ${JSON.stringify(effect.fields)}`);
        break;
    }
  }

  #send({ socket, to, port, bytes, token }: OutDatagram): void {
    const from = socket === serverSocket ? this.plan?.port : this.#ports.get(socket);
    if (from === undefined) return;
    const at = this.#world.now;
    this.sent++;
    this.#world.send(this.address, from, to, port, bytes.slice());
    this.perform(this.agent.handle({ kind: "transmitted", at, transmitted: { token, at } }));
  }

  /** What the responder beside the loop would answer. */
  #answer(from: string, fromPort: number, to: string, bytes: Uint8Array): Uint8Array | undefined {
    if (this.#snapshot === undefined) return undefined;
    const raw = Number(this.#world.now);
    const sender = addressOctets(from);
    if (sender === undefined) return undefined;
    const arrival = { raw, from: sender, fromPort, to: addressOctets(to), interface: "eth0" };
    const reply = new Uint8Array(octetsMax);
    const { length } = bytes;
    const octets = respond(this.#snapshot, bytes, length, arrival, reply, () => raw);
    return octets > 0 ? reply.slice(0, octets) : undefined;
  }

  #socketOf(port: number): SocketId | undefined {
    return [...this.#ports].find(([, number]) => number === port)?.[0];
  }

  #door(): SocketsDoor {
    return {
      prepare: (plan) => {
        const reason = plan === undefined ? undefined : this.refusal?.(plan);
        if (reason !== undefined) throw new Error(reason);
        return {
          commit: () => {
            this.plan = plan;
          },
          abort: () => {},
        };
      },
    };
  }

  /** Listeners as they are asked for, but for those that `refusals` names. */
  #serverDoor(): ServerDoor {
    return {
      prepare: (plan) => {
        this.prepared.push(plan);
        const facts = { fingerprint: "04:00", expires: "2040-01-01T00:00:00Z" };
        const list = {
          ...{ trustAnchor: "ca", thisUpdate: "2026-01-01T00:00:00Z", revoked: 3 },
          nextUpdate: "2040-01-01T00:00:00Z",
        };
        const known = (names: Iterable<string>) => new Map([...names].map((name) => [name, facts]));
        return {
          faults: this.serverFaults.filter(
            ({ part, name }) =>
              part !== "listener" || plan.listeners.some((listener) => listener.name === name),
          ),
          identities: known(plan.identities.keys()),
          trustAnchors: known(plan.trustAnchors.keys()),
          revocationLists: new Map([...plan.revocationLists.keys()].map((name) => [name, list])),
          warnings: this.serverWarnings,
          commit: () => {
            this.served = plan;
          },
          abort: () => {},
        };
      },
    };
  }

  #exchange(channel: number, text: string): string {
    const bytes = new TextEncoder().encode(text);
    this.#output.set(channel, "");
    this.perform(this.agent.handle({ kind: "session-bytes", at: this.#world.now, channel, bytes }));
    return this.#output.get(channel) ?? "";
  }

  #arm(): void {
    const at = this.agent.wakeAt;
    if (at === undefined || (this.#timerAt !== undefined && this.#timerAt <= at)) return;
    this.#timerAt = at;
    this.#world.at(at, () => {
      if (this.#timerAt !== at) return;
      this.#timerAt = undefined;
      this.perform(this.agent.handle({ kind: "timer", at: this.#world.now }));
    });
  }
}

/** A session as bytes. */
interface SessionLine {
  /** What the agent said first. */
  readonly greeting: string;
  exchange(text: string): string;
  take(): string;
  drop(): void;
}

/** What a manager does, as text in and text out. */
export class Session {
  readonly #line: SessionLine;
  /** session-id, as the agent's <hello> has it. */
  readonly id: number;

  constructor(line: SessionLine) {
    this.#line = line;
    this.id = Number(/<session-id>(\d+)</.exec(line.greeting)?.[1]);
    line.exchange(
      '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>' +
        "urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>",
    );
  }

  rpc(operation: string): string {
    const head = '<rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="1">';
    return this.#line.exchange(`${head}${operation}</rpc>]]>]]>`);
  }

  /** What has come unasked since the last rpc. */
  take(): string {
    return this.#line.take();
  }

  /** The connection is gone, without a word. */
  drop(): void {
    this.#line.drop();
  }

  edit(config: string): string {
    return this.rpc(
      `<edit-config><target><candidate/></target><config>${config}</config></edit-config>`,
    );
  }

  commit(): string {
    return this.rpc("<commit/>");
  }

  /** An edit and its commit; the first reply that is not <ok/>, or that of the commit. */
  apply(config: string): string {
    const reply = this.edit(config);
    return reply.includes("<ok/>") ? this.commit() : reply;
  }

  get(filter: string): string {
    return this.rpc(`<get><filter type="subtree">${filter}</filter></get>`);
  }
}

/** True time, and a link on which every datagram takes a millisecond. */
export class World {
  readonly #hosts: SimulatedHost[] = [];
  readonly #queue: { readonly at: bigint; readonly run: () => void }[] = [];
  #now = 1_000_000_000_000n;

  get now(): Raw {
    return this.#now as Raw;
  }

  trueTime(): Timestamp {
    return (epoch + (this.#now << 32n) / nanosecondsPerSecond) as Timestamp;
  }

  host(options: HostOptions): SimulatedHost {
    const host = new SimulatedHost(this, this.#hosts.length + 1, options);
    this.#hosts.push(host);
    return host;
  }

  at(at: bigint, run: () => void): void {
    const index = this.#queue.findIndex((one) => one.at > at);
    this.#queue.splice(index < 0 ? this.#queue.length : index, 0, { at, run });
  }

  send(from: string, fromPort: number, to: string, port: number, bytes: Uint8Array): void {
    this.at(this.#now + 1_000_000n, () => {
      for (const host of this.#hosts) {
        if (host.address === from) continue;
        if (host.address === to || isGroup(to)) host.deliver(from, fromPort, to, port, bytes);
      }
    });
  }

  /** Lets so many seconds pass, or until something holds. */
  run(seconds: number, until: () => boolean = () => false): boolean {
    const end = this.#now + BigInt(Math.round(seconds * 1e9));
    for (;;) {
      if (until()) return true;
      const next = this.#queue[0];
      if (next === undefined || next.at > end) break;
      this.#queue.shift();
      if (next.at > this.#now) this.#now = next.at;
      next.run();
    }
    this.#now = end;
    return until();
  }
}

export function eth0(address: string): NetworkInterface {
  return { name: "eth0", index: 2, up: true, addresses: [address] };
}

function isGroup(address: string): boolean {
  return address.startsWith("ff") || /^(22[4-9]|23\d)\./.test(address);
}

function ahead(time: Timestamp, seconds: number): Timestamp {
  return (time + BigInt(Math.round(seconds * 2 ** 32))) as Timestamp;
}
