import type { Raw } from "../../src/base/index.ts";
import {
  type Address,
  addressOctets,
  type CompiledSnapshot,
  compileSnapshot,
  Engine,
  type InDatagram,
  isMulticast,
  type NameQuery,
  type NetworkInterface,
  type NtpConfig,
  type NtpEffect,
  type NtpEvent,
  type NtpState,
  type OutDatagram,
  respond,
  type ServerSockets,
  type SocketId,
  type Timestamp,
} from "../../src/ntp/index.ts";
import { SeededRandom } from "../random.ts";
import { EventQueue } from "./queue.ts";

const ns = 1e9;
/** True time 0, as NTP time. */
const usualEpoch = 3_900_000_000n << 32n;

export interface Wiring {
  /** Name of the interface → what it is plugged into and its addresses. */
  readonly [name: string]: { readonly segment: string; readonly addresses: readonly Address[] };
}

export interface NodeOptions {
  readonly wiring: Wiring;
  /** s and s/s by which its clock is wrong at the start. */
  readonly offset?: number;
  readonly ppm?: number;
  /** s/s: what an earlier run found that its clock must gain. */
  readonly drift?: number;
  /** s between what it writes of its replies and their leaving; a stamp tells when that was. */
  readonly late?: number;
}

/** A datagram on its way, as a wire-tapper sees it. */
export interface Flight {
  readonly from: Address;
  readonly fromPort: number;
  readonly to: Address;
  readonly port: number;
  readonly ttl: number;
  readonly bytes: Uint8Array;
}

export interface WorldOptions {
  /** s, one way; the jitter is exponential. */
  readonly delay?: number;
  readonly jitter?: number;
  readonly loss?: number;
  /** True time 0 as NTP time. */
  readonly epoch?: bigint;
  /** Routers between two segments; 0 by default: they are one. */
  readonly hops?: (a: string, b: string) => number;
}

/** Hosts with engines on a network, in simulated time: all of it from one seed. */
export class World {
  readonly random: SeededRandom;
  readonly nodes: Node[] = [];
  /** Sees every datagram as it is sent; may inject others. */
  tap: ((flight: Flight) => void) | undefined;
  /** False: the datagram is swallowed. */
  pass: (flight: Flight) => boolean = () => true;
  readonly #options: WorldOptions;
  readonly #queue = new EventQueue<() => void>();
  /** ns of true time */
  #now = 0;

  constructor(seed: number, options: WorldOptions = {}) {
    this.random = new SeededRandom(seed);
    this.#options = options;
  }

  /** s of true time */
  get now(): number {
    return this.#now / ns;
  }

  /** True time as NTP time. */
  get truth(): Timestamp {
    const { epoch = usualEpoch } = this.#options;
    return (epoch + (BigInt(Math.round(this.#now)) << 32n) / 1_000_000_000n) as Timestamp;
  }

  node(options: NodeOptions): Node {
    const node = new Node(this, options);
    this.nodes.push(node);
    return node;
  }

  run(seconds: number): void {
    const end = this.#now + seconds * ns;
    for (;;) {
      const next = this.#queue.nextAt;
      if (next === undefined || next > end) break;
      const event = this.#queue.pop();
      this.#now = Math.max(this.#now, next);
      event?.();
    }
    this.#now = end;
  }

  /** Runs on until a condition holds; the s that took, or undefined after the limit. */
  until(condition: () => boolean, limit: number, step = 0.25): number | undefined {
    const start = this.now;
    while (this.now - start <= limit) {
      if (condition()) return this.now - start;
      this.run(step);
    }
    return undefined;
  }

  at(seconds: number, event: () => void): void {
    this.#queue.push(seconds * ns, event);
  }

  /** From a node's interface out into the network. */
  carry(sender: Node | undefined, flight: Flight, on: string | undefined): void {
    this.tap?.(flight);
    if (!this.pass(flight)) return;
    const octets = addressOctets(flight.to);
    const multicast =
      flight.to === "255.255.255.255" || (octets !== undefined && isMulticast(octets));
    for (const node of this.nodes) {
      for (const [name, { segment, addresses }] of Object.entries(node.wiring)) {
        if (!multicast && !addresses.includes(flight.to)) continue;
        if (multicast && !this.#inReach(sender, on, segment, flight.ttl)) continue;
        if (multicast && !node.hears(name, flight.to)) continue;
        this.inject(node, name, flight);
      }
    }
  }

  /** Delivers a datagram to a node after the network's delay, or loses it. */
  inject(node: Node, name: string, flight: Flight): void {
    const { delay = 0.001, jitter = 0.0001, loss = 0 } = this.#options;
    if (this.random.fraction() < loss) return;
    const arrival = this.#now + (delay + jitter * this.random.exponential()) * ns;
    this.#queue.push(arrival, () => node.receive(flight, name));
  }

  #inReach(sender: Node | undefined, on: string | undefined, to: string, ttl: number): boolean {
    const from = on === undefined ? undefined : sender?.wiring[on]?.segment;
    if (from === undefined) return false;
    return from === to || (this.#options.hops?.(from, to) ?? 0) < ttl;
  }
}

/** A host: an engine, its responder as the I/O thread has it, and its sockets. */
export class Node {
  readonly engine: Engine;
  readonly wiring: Wiring;
  readonly events: NtpEvent[] = [];
  /** What it wants to know of names. */
  readonly questions: NameQuery[] = [];
  readonly sockets = new Map<SocketId, { readonly port: number }>();
  interfacesUp: ReadonlySet<string>;
  served: ServerSockets | undefined;
  snapshot: CompiledSnapshot | undefined;
  readonly #world: World;
  readonly #rate: number;
  readonly #late: number;
  readonly #rawStart = 1_000_000_000_000n;
  #timerAt: Raw | undefined;

  constructor(world: World, { wiring, offset = 0, ppm = 0, drift, late = 0 }: NodeOptions) {
    this.#world = world;
    this.wiring = wiring;
    this.#rate = 1 + ppm * 1e-6;
    this.#late = late;
    this.interfacesUp = new Set(Object.keys(wiring));
    const random = new SeededRandom(world.random.word(), 7);
    const now = (world.truth + BigInt(Math.round(offset * 2 ** 32))) as Timestamp;
    const known = drift === undefined ? {} : { drift };
    const clock = { at: this.raw, now, frequencyError: 0, ...known };
    this.engine = new Engine({ random, clock, precision: -25 });
    this.perform(this.engine.interfaces(this.interfaces, this.raw));
  }

  /** Its oscillator at this moment. */
  get raw(): Raw {
    return (this.#rawStart + BigInt(Math.round(this.#world.now * this.#rate * ns))) as Raw;
  }

  get state(): NtpState {
    return this.engine.state(this.raw);
  }

  get synchronized(): boolean {
    return this.state.synchronized;
  }

  /** s by which its clock is ahead of true time. */
  get error(): number {
    return Number(this.engine.now(this.raw) - this.#world.truth) / 2 ** 32;
  }

  get interfaces(): readonly NetworkInterface[] {
    return Object.entries(this.wiring).map(([name, { addresses }], i) => ({
      name,
      index: i + 1,
      up: this.interfacesUp.has(name),
      addresses,
    }));
  }

  configure(config: NtpConfig | undefined): void {
    const plan = this.engine.prepare(config, this.raw);
    this.served = plan.sockets;
    this.perform(plan.apply(this.raw));
  }

  answer({ query, name }: NameQuery, addresses: readonly string[], failure?: string): void {
    this.perform(this.engine.resolved({ query, name, addresses, failure }, this.raw));
  }

  plug(names: readonly string[]): void {
    this.interfacesUp = new Set(names);
    this.perform(this.engine.interfaces(this.interfaces, this.raw));
  }

  hears(name: string, group: Address): boolean {
    if (group === "255.255.255.255") return this.served !== undefined;
    const groups = this.served?.groups ?? [];
    return (
      this.interfacesUp.has(name) &&
      groups.some((one) => one.interface === name && one.group === group)
    );
  }

  receive(flight: Flight, name: string): void {
    if (!this.interfacesUp.has(name)) return;
    const mode = (flight.bytes[0] ?? 0) & 7;
    if (flight.port === this.served?.port) {
      if (mode === 3) this.#answer(flight, name);
      else this.#hand(flight, name, 0);
      return;
    }
    for (const [socket, { port }] of this.sockets) {
      if (port === flight.port) this.#hand(flight, name, socket);
    }
  }

  perform(effects: readonly NtpEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "open-socket":
          this.sockets.set(effect.socket, { port: 40_000 + effect.socket });
          break;
        case "close-socket":
          this.sockets.delete(effect.socket);
          break;
        case "publish":
          this.snapshot = compileSnapshot(effect.snapshot, this.snapshot);
          break;
        case "event":
          this.events.push(effect.event);
          break;
        case "resolve-name":
          this.questions.push(effect);
          break;
        case "send":
          this.#send(effect);
      }
    }
    this.#arm();
  }

  #send(out: OutDatagram): void {
    this.engine.transmitted({ token: out.token, at: this.raw });
    const fromPort = out.socket === 0 ? (this.served?.port ?? 0) : 40_000 + out.socket;
    const from = this.#source(out.to, out.interface);
    const { to, port, ttl = 64 } = out;
    const flight = { from, fromPort, to, port, ttl, bytes: out.bytes.slice() };
    this.#world.carry(this, flight, out.interface);
  }

  #source(to: Address, on: string | undefined): Address {
    const all = on === undefined ? Object.values(this.wiring) : [this.wiring[on]];
    const candidates = all.flatMap((one) => one?.addresses ?? []);
    const fits = (address: Address): boolean => address.includes(":") === to.includes(":");
    return candidates.find(fits) ?? "0.0.0.0";
  }

  #answer(flight: Flight, name: string): void {
    const reply = new Uint8Array(1_024);
    const raw = Number(this.raw);
    if (this.snapshot === undefined) return;
    const length = respond(
      this.snapshot,
      flight.bytes,
      flight.bytes.length,
      {
        raw,
        from: addressOctets(flight.from) ?? new Uint8Array(4),
        fromPort: flight.fromPort,
        to: addressOctets(flight.to),
        interface: name,
      },
      reply,
      () => raw + 1_000,
    );
    if (length <= 0) return;
    const { interleaving } = this.snapshot;
    const { wanted = -1, wantedAt = 0 } = interleaving ?? {};
    if (wanted >= 0) interleaving?.stamped(wanted, wantedAt, wantedAt + this.#late * ns);
    const from = this.#source(flight.from, name);
    const bytes = reply.slice(0, length);
    const { from: to, fromPort: port } = flight;
    const back = { from, fromPort: flight.port, to, port, ttl: 64, bytes };
    this.#world.at(this.#world.now + this.#late, () => this.#world.carry(this, back, name));
  }

  #hand(flight: Flight, name: string, socket: SocketId): void {
    const { from, fromPort, to, bytes } = flight;
    const datagram: InDatagram = {
      socket,
      bytes,
      from,
      fromPort,
      to,
      interface: name,
      received: this.raw,
    };
    this.perform(this.engine.received(datagram, this.raw));
  }

  #arm(): void {
    const { wakeAt } = this.engine;
    if (wakeAt === undefined || (this.#timerAt !== undefined && this.#timerAt <= wakeAt)) return;
    this.#timerAt = wakeAt;
    const seconds = Number(wakeAt - this.#rawStart) / ns / this.#rate;
    this.#world.at(Math.max(seconds + 1e-9, this.#world.now), () => this.#wake(wakeAt));
  }

  #wake(due: Raw): void {
    if (this.#timerAt !== due) return;
    this.#timerAt = undefined;
    const { wakeAt } = this.engine;
    if (wakeAt !== undefined && wakeAt <= this.raw) this.perform(this.engine.timer(this.raw));
    this.#arm();
  }
}
