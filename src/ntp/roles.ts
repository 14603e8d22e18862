import type { Raw } from "../base/index.ts";
import { canonicalAddress, family } from "./address.ts";
import { Association, type Received, type Surroundings } from "./association.ts";
import { isStateOf } from "./association-state.ts";
import { type Refusal, signer } from "./authenticate.ts";
import { Sender } from "./broadcast.ts";
import type { NtpConfig } from "./config.ts";
import { MODE_ACTIVE, MODE_BROADCAST } from "./constants.ts";
import type {
  Address,
  DropReason,
  InDatagram,
  NameAnswer,
  NetworkInterface,
  NtpEffect,
  SocketId,
} from "./io.ts";
import { serverSocket } from "./io.ts";
import { type Contact, Names } from "./names.ts";
import { decodePacket, type Packet } from "./packet.ts";
import {
  listenerRole,
  type RingRole,
  ringIdentity,
  ringRoles,
  senderIdentity,
  senderRoles,
  unicastRoles,
} from "./plan.ts";
import { Ring } from "./ring.ts";
import { boundInterface, Sessions } from "./sessions.ts";
import type { AssociationState, NamedServerState, RingState } from "./state.ts";
import type { Timestamp } from "./time.ts";
import { macStart } from "./trailer.ts";

/** What became of a datagram. */
export type Heard =
  | (Extract<Received, { readonly kind: "sample" }> & { readonly association: Association })
  | Exclude<Received, { readonly kind: "sample" }>;

export interface RolesOptions {
  readonly surroundings: Surroundings;
  readonly emit: (effect: NtpEffect) => void;
  /** An association is gone. */
  readonly removed: (association: Association) => void;
}

/** The role of peers that are not configured, but have a key that is trusted. */
const passiveRole = "passive";
/** Polls in a row without an answer, after which a server's name is looked up again. */
const silentPolls = 8;
/** log2 s: how often others may make us poll them at most. */
const dictatedPollMin = 3;

/** Who asks whom: associations, rings and senders, as configured and as found. */
export class Roles {
  readonly #options: RolesOptions;
  readonly #unicast = new Map<string, Association>();
  readonly #rings = new Map<string, Ring>();
  readonly #senders = new Map<string, Sender>();
  readonly #sessions: Sessions;
  readonly #names: Names;
  #config: NtpConfig | undefined;
  #up: ReadonlySet<string> = new Set();
  #sockets = 0;
  #lost = false;

  constructor(options: RolesOptions) {
    this.#options = options;
    this.#sessions = new Sessions({
      ...options,
      openSocket: (of) => this.#openSocket(of),
      removed: (association) => this.#dispose(association),
    });
    const { surroundings, emit } = options;
    this.#names = new Names({
      random: surroundings.random,
      now: (at) => surroundings.now(at),
      emit,
    });
  }

  get associations(): readonly Association[] {
    return [...this.#unicast.values(), ...this.#sessions.associations];
  }

  get dynamicSessions(): number {
    return this.#sessions.count;
  }

  /** Servers that were turned away because of the session limit. */
  get refused(): bigint {
    return this.#sessions.refused;
  }

  /** What a commit does not touch goes on as it is. */
  configure(config: NtpConfig | undefined, at: Raw): void {
    this.#config = config;
    if (config !== undefined) this.#sessions.limit = config.maxDynamicSessions;
    this.#names.configure(config?.named ?? [], at);
    this.#settleUnicast(at);
    this.#settle(at);
  }

  /** What a name has become: associations that it still stands for go on as they are. */
  resolved(answer: NameAnswer, at: Raw): void {
    const before = new Set(this.#unicast.values());
    if (!this.#names.resolved(answer, this.#contacts(), at)) return;
    this.#settleUnicast(at);
    const after = new Set(this.#unicast.values());
    for (const gone of before) {
      if (after.has(gone)) continue;
      const { address } = gone.settings;
      const reason = `it did not answer, and ${answer.name} has another address`;
      this.#options.emit({ kind: "event", event: { kind: "association-down", address, reason } });
    }
  }

  interfaces(list: readonly NetworkInterface[], at: Raw): void {
    this.#up = new Set(list.filter((one) => one.up).map(({ name }) => name));
    this.#names.networkChanged(at);
    this.#settle(at);
  }

  receive(datagram: InDatagram, at: Raw): Heard {
    if (datagram.socket === serverSocket) return this.#unasked(datagram, at);
    const association = this.associations.find((one) => one.socket === datagram.socket);
    if (association !== undefined) return this.#reply(association, datagram);
    for (const [identity, ring] of this.#rings) {
      if (ring.socket !== datagram.socket) continue;
      const answer = ring.receive(datagram, this.#options.surroundings);
      if (answer.kind !== "server") return answer;
      return this.#found(identity, ring, datagram, answer.version, at);
    }
    return drop("bogus-origin");
  }

  /** A datagram was not even looked at: whose it would have been shows why. */
  refuse({ socket, from, received }: InDatagram, reason: DropReason): void {
    const { surroundings } = this.#options;
    for (const one of this.associations) {
      const meant = one.socket === socket && one.settings.address === from;
      if (meant) one.refuse(reason, received, surroundings);
    }
  }

  transmitted(token: number, at: Raw): void {
    for (const association of this.associations) association.transmitted(token, at);
  }

  /** Asks whom it is time to ask; how many packets that were. */
  timer(at: Raw): number {
    const { surroundings, emit } = this.#options;
    let sent = 0;
    const send = (effect: NtpEffect | undefined): void => {
      if (effect === undefined) return;
      emit(effect);
      sent++;
    };
    this.#sessions.sweep(at);
    for (const association of this.associations) {
      if (association.poll.next > at) continue;
      send(association.request(at, surroundings));
      // One that nobody has answered for eight polls is no longer among those chosen from.
      if (association.reach === 0) this.#lost = true;
    }
    for (const [identity, ring] of this.#rings) {
      if (ring.next > at) continue;
      const own = this.#sessions.of(identity);
      const present = own.filter(({ reach, unreach }) => reach > 0 || unreach < 4);
      send(ring.solicit(at, present.length, surroundings));
    }
    for (const sender of this.#senders.values()) {
      if (sender.next <= at) send(sender.send(at, surroundings));
    }
    if (this.#config?.named !== undefined) this.#names.timer(this.#contacts(), at);
    return sent;
  }

  get wakeAt(): Raw | undefined {
    let next = this.#names.wakeAt;
    const consider = (at: Raw): void => {
      if (next === undefined || at < next) next = at;
    };
    for (const { poll } of this.associations) consider(poll.next);
    for (const ring of this.#rings.values()) consider(ring.next);
    for (const sender of this.#senders.values()) consider(sender.next);
    return next;
  }

  /** True once after an association has gone or fallen silent. */
  takeLosses(): boolean {
    const lost = this.#lost;
    this.#lost = false;
    return lost;
  }

  ringStates(selected: (one: Association) => AssociationState["selected"]): readonly RingState[] {
    return [...this.#rings].map(([identity, ring]) => {
      const survivors = this.#sessions
        .of(identity)
        .filter((one) => ["system-peer", "survivor"].includes(selected(one)));
      return ring.state(survivors.length);
    });
  }

  get names(): readonly NamedServerState[] {
    return this.#names.states;
  }

  /** Those that only speak. */
  senderStates(): readonly AssociationState[] {
    const own = this.#options.surroundings.own();
    return [...this.#senders.values()].map((sender) => sender.state(own));
  }

  /** Counts anew what an association, or one that only speaks, has sent and received; or all. */
  resetStatistics(target: AssociationState | "all", now: Timestamp): void {
    const isMeant = (one: Parameters<typeof isStateOf>[0]): boolean =>
      target === "all" || isStateOf(one, target);
    for (const one of this.associations) if (isMeant(one)) one.traffic.reset(now);
    for (const { role, traffic } of this.#senders.values()) {
      if (isMeant({ settings: role, mode: role.mode, configured: true })) traffic.reset(now);
    }
  }

  /** On the server's socket: peers, and what is sent to all. Requests are the responder's. */
  #unasked(datagram: InDatagram, at: Raw): Heard {
    const { surroundings } = this.#options;
    const packet = decodePacket(datagram.bytes);
    if (packet === undefined) return drop("malformed");
    if (packet.version < 1 || packet.version > 4) return drop("version");
    const peer = this.associations.find(
      (one) => one.socket === serverSocket && one.settings.address === datagram.from,
    );
    if (peer !== undefined && packet.mode !== MODE_BROADCAST) return this.#reply(peer, datagram);
    if (packet.mode !== MODE_BROADCAST && packet.mode !== MODE_ACTIVE) return drop("mode");
    const macAt = macStart(
      datagram.bytes,
      datagram.bytes.length,
      packet.version,
      surroundings.keys,
    );
    if (macAt < 0 && !surroundings.authEnabled) return drop("malformed");
    const signed = signer(datagram.bytes, macAt, surroundings);
    if ("reason" in signed) return signed;
    return packet.mode === MODE_BROADCAST
      ? this.#broadcast(datagram, packet, signed.keyId, at)
      : this.#activePeer(datagram, packet, signed.keyId, at);
  }

  /** A server that sends to all: first it is polled, so that the delay is known. */
  #broadcast(datagram: InDatagram, packet: Packet, keyId: number | undefined, at: Raw): Heard {
    const role = this.#config && listenerRole(this.#config, datagram, this.#up);
    if (role === undefined) return drop("mode");
    const { from, interface: name, received } = datagram;
    const known = this.#sessions.get(from);
    if (keyId === undefined && this.#options.surroundings.dynamicAuthentication) {
      return drop("authentication-required");
    }
    if (known?.mode === role.mode && known.settings.keyId === keyId) {
      const outcome = known.hear(packet, received, this.#options.surroundings);
      return outcome.kind === "sample" ? { ...outcome, association: known } : outcome;
    }
    if (known !== undefined || this.#isConfigured(from)) return { kind: "heard" };
    const poll = Math.max(dictatedPollMin, Math.min(packet.poll, 17));
    const { version } = packet;
    return this.#admit(role.name, role.mode, { from, keyId, version, name, at }, [poll, poll]);
  }

  /** RFC 5905 section 9.2.4: a peer that we do not know. It takes a key that is trusted. */
  #activePeer(datagram: InDatagram, packet: Packet, keyId: number | undefined, at: Raw): Heard {
    if (keyId === undefined) return drop("authentication-required");
    const { from, fromPort, interface: name } = datagram;
    if (this.#isConfigured(from)) return drop("mode");
    if (fromPort !== this.#config?.port) return drop("other");
    const poll = Math.max(dictatedPollMin, Math.min(packet.poll, 17));
    const { version } = packet;
    const found = { from, keyId, version, name, at };
    const heard = this.#admit(passiveRole, "passive", found, [poll, poll]);
    const peer = this.#sessions.get(from);
    return peer === undefined ? heard : this.#reply(peer, datagram);
  }

  /** A server has answered a solicitation: from now on it is polled, if it is not already. */
  #found(role: string, ring: Ring, datagram: InDatagram, version: number, at: Raw): Heard {
    const { from } = datagram;
    if (this.#isConfigured(from) || this.#sessions.has(from)) return { kind: "heard" };
    const { keyId, minpoll, maxpoll, maxclock, port } = ring.config;
    if (this.#sessions.of(role).length >= maxclock) return { kind: "heard" };
    const found = { from, keyId, version, name: ring.interface, at };
    return this.#admit(role, "manycast-client", found, [minpoll, maxpoll], port);
  }

  #admit(
    role: string,
    mode: Association["mode"],
    found: {
      readonly from: string;
      readonly keyId: number | undefined;
      readonly version: number;
      readonly name: string | undefined;
      readonly at: Raw;
    },
    [minpoll, maxpoll]: readonly [number, number],
    port = this.#config?.port ?? 0,
  ): Heard {
    const { from: address, keyId, version, name, at } = found;
    const iburst = mode !== "passive";
    const bound = boundInterface(address, name);
    const settings = { address, port, version, keyId, minpoll, maxpoll, iburst, interface: bound };
    const all = { ...settings, burst: false, prefer: false };
    const association = this.#sessions.admit(role, mode, all, at);
    return association === undefined ? drop("session-limit") : { kind: "heard" };
  }

  #isConfigured(address: string): boolean {
    return [...this.#unicast.values()].some((one) => one.settings.address === address);
  }

  #reply(association: Association, datagram: InDatagram): Heard {
    const { address, port } = association.settings;
    if (datagram.from !== address || datagram.fromPort !== port) return drop("bogus-origin");
    const wasReachable = association.reach > 0;
    const outcome = association.receive(datagram, this.#options.surroundings);
    if (outcome.kind === "denied") this.#sessions.end(address, "the server has denied service");
    if (outcome.kind !== "sample") return outcome;
    if (!wasReachable) {
      const reason = "it answers";
      this.#options.emit({ kind: "event", event: { kind: "association-up", address, reason } });
    }
    return { ...outcome, association };
  }

  /** Whether those answer that are configured, by their addresses. */
  #contacts(): (address: Address) => Contact {
    const contacts = new Map<Address, Contact>();
    for (const { reach, unreach, settings } of this.#unicast.values()) {
      const contact = reach > 0 ? "reachable" : unreach >= silentPolls ? "silent" : "new";
      if (contacts.get(settings.address) !== "reachable") contacts.set(settings.address, contact);
    }
    return (address) => contacts.get(canonicalAddress(address).address) ?? "new";
  }

  #settleUnicast(at: Raw): void {
    const configured = this.#config?.unicast ?? [];
    const planned = unicastRoles([...configured, ...this.#names.servers(configured)]);
    const wanted = new Map(planned.map((one) => [one.identity, one]));
    for (const [identity, association] of this.#unicast) {
      if (wanted.has(identity)) continue;
      this.#unicast.delete(identity);
      this.#dispose(association);
    }
    for (const [identity, { mode, settings }] of wanted) {
      const known = this.#unicast.get(identity);
      if (known !== undefined) {
        known.settings = settings;
        known.poll.limit(settings, at);
        continue;
      }
      this.#sessions.end(settings.address, "it is configured now");
      const socket = mode === "active" ? serverSocket : this.#openSocket(family(settings.address));
      const how = { mode, configured: true, socket, settings, quick: settings.iburst };
      this.#unicast.set(identity, new Association(how, this.#options.surroundings, at));
    }
  }

  /** Rings, senders and listeners are there that are configured on an interface that is up. */
  #settle(at: Raw): void {
    const config = this.#config;
    const isUp = (role: { readonly interface: string }): boolean => this.#up.has(role.interface);
    const rings = config === undefined ? [] : ringRoles(config).filter(isUp);
    const senders = config === undefined ? [] : senderRoles(config).filter(isUp);
    this.#settleRings(new Map(rings.map((role) => [ringIdentity(role), role])), at);
    const wanted = new Map(senders.map((role) => [senderIdentity(role), role]));
    for (const identity of this.#senders.keys()) {
      if (!wanted.has(identity)) this.#senders.delete(identity);
    }
    for (const [identity, role] of wanted) {
      if (this.#senders.has(identity)) continue;
      this.#senders.set(identity, new Sender(role, this.#options.surroundings, at));
    }
    const listeners = (config?.interfaces ?? []).map(({ name }) => ({ interface: name }));
    this.#sessions.keep(
      new Set([
        ...this.#rings.keys(),
        ...listeners.filter(isUp).map((one) => `listen ${one.interface}`),
        ...(config === undefined ? [] : [passiveRole]),
      ]),
    );
  }

  #settleRings(wanted: ReadonlyMap<string, RingRole>, at: Raw): void {
    const { emit } = this.#options;
    for (const [identity, ring] of this.#rings) {
      if (wanted.has(identity)) continue;
      this.#rings.delete(identity);
      emit({ kind: "close-socket", socket: ring.socket });
    }
    for (const [identity, { interface: name, config }] of wanted) {
      const known = this.#rings.get(identity);
      if (known === undefined) {
        const socket = this.#openSocket(family(config.address));
        const ring = new Ring({ interface: name, socket, config }, at);
        this.#rings.set(identity, ring);
      } else if (JSON.stringify(known.config) !== JSON.stringify(config)) {
        known.reconfigure(config, at);
        for (const association of this.#sessions.of(identity)) {
          const { minpoll, maxpoll } = config;
          association.settings = { ...association.settings, minpoll, maxpoll };
          association.poll.limit(association.settings, at);
        }
      }
    }
  }

  #dispose(association: Association): void {
    const { socket } = association;
    if (socket !== serverSocket) this.#options.emit({ kind: "close-socket", socket });
    this.#options.removed(association);
    this.#lost = true;
  }

  #openSocket(of: 4 | 6): SocketId {
    const socket = ++this.#sockets;
    this.#options.emit({ kind: "open-socket", socket, family: of });
    return socket;
  }
}

function drop(reason: DropReason): Refusal {
  return { kind: "dropped", reason };
}
