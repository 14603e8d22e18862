import type { Raw } from "../base/index.ts";
import { addressOctets, family, isLinkLocal } from "./address.ts";
import { Association, type Received, type Surroundings } from "./association.ts";
import type { NtpConfig, UnicastConfig } from "./config.ts";
import type { Address, InDatagram, NetworkInterface, NtpEffect, SocketId } from "./io.ts";
import { type RingRole, ringIdentity, ringRoles, unicastIdentity } from "./plan.ts";
import { type Answer, type OwnHeader, Ring } from "./ring.ts";
import type { Sample } from "./sample.ts";
import type { AssociationState, RingState } from "./state.ts";

/** What became of a datagram. */
export type Heard =
  | { readonly kind: "sample"; readonly association: Association; readonly sample: Sample }
  | Exclude<Received, { readonly kind: "sample" }>;

export interface RolesOptions {
  readonly surroundings: Surroundings;
  /** What solicitations say of us. */
  readonly own: () => Omit<OwnHeader, "precision">;
  readonly emit: (effect: NtpEffect) => void;
  /** An association is gone. */
  readonly removed: (association: Association) => void;
}

/** A dynamic association, and the ring that found it. */
interface Session {
  readonly association: Association;
  readonly ring: Ring;
}

const dynamicSessionsDefault = 100;

/** Who asks whom: associations and rings, as configured and as found, each with its socket. */
export class Roles {
  readonly #options: RolesOptions;
  readonly #unicast = new Map<string, Association>();
  readonly #rings = new Map<string, Ring>();
  readonly #sessions = new Map<Address, Session>();
  #roles: readonly RingRole[] = [];
  #up: ReadonlySet<string> = new Set();
  #sessionsMax = dynamicSessionsDefault;
  #sockets = 0;
  #lost = false;
  /** Servers that were turned away because of the session limit. */
  refused = 0n;

  constructor(options: RolesOptions) {
    this.#options = options;
  }

  get associations(): readonly Association[] {
    const found = [...this.#sessions.values()].map(({ association }) => association);
    return [...this.#unicast.values(), ...found];
  }

  get dynamicSessions(): number {
    return this.#sessions.size;
  }

  /** What a commit does not touch goes on as it is. */
  configure(config: NtpConfig | undefined, at: Raw): void {
    this.#sessionsMax = config?.maxDynamicSessions ?? dynamicSessionsDefault;
    this.#roles = config === undefined ? [] : ringRoles(config);
    this.#configureUnicast(config?.unicast ?? [], at);
    this.#settleRings(at);
  }

  interfaces(list: readonly NetworkInterface[], at: Raw): void {
    this.#up = new Set(list.filter((one) => one.up).map(({ name }) => name));
    this.#settleRings(at);
  }

  receive(datagram: InDatagram, at: Raw): Heard {
    const association = this.associations.find((one) => one.socket === datagram.socket);
    if (association !== undefined) return this.#reply(association, datagram);
    const ring = [...this.#rings.values()].find((one) => one.socket === datagram.socket);
    if (ring === undefined) return { kind: "dropped", reason: "bogus-origin" };
    const answer = ring.receive(datagram, this.#options.surroundings);
    return answer.kind === "server" ? this.#found(ring, datagram, answer, at) : used(answer);
  }

  transmitted(token: number, at: Raw): void {
    for (const association of this.associations) association.transmitted(token, at);
  }

  /** Asks whom it is time to ask; how many packets that were. */
  timer(at: Raw): number {
    let sent = 0;
    for (const [address, { association }] of this.#sessions) {
      if (association.poll.next <= at && association.deserted) {
        this.#end(address, "no answer any more");
      }
    }
    for (const association of this.associations) {
      if (association.poll.next > at) continue;
      this.#options.emit(association.request(at, this.#options.surroundings));
      // Twice in a row without an answer, it is no longer among those that are chosen from.
      if (association.reach === 0) this.#lost = true;
      sent++;
    }
    for (const ring of this.#rings.values()) {
      if (ring.next > at) continue;
      const own = { ...this.#options.own(), precision: this.#options.surroundings.precision };
      const servers = this.#of(ring).filter(({ reach, unreach }) => reach > 0 || unreach < 4);
      this.#options.emit(ring.solicit(at, servers.length, own, this.#options.surroundings));
      sent++;
    }
    return sent;
  }

  get wakeAt(): Raw | undefined {
    let next: Raw | undefined;
    for (const { poll } of this.associations) {
      if (next === undefined || poll.next < next) next = poll.next;
    }
    for (const ring of this.#rings.values()) {
      if (next === undefined || ring.next < next) next = ring.next;
    }
    return next;
  }

  /** True once after an association has gone or fallen silent. */
  takeLosses(): boolean {
    const lost = this.#lost;
    this.#lost = false;
    return lost;
  }

  ringStates(selected: (one: Association) => AssociationState["selected"]): readonly RingState[] {
    return [...this.#rings.values()].map((ring) => {
      const survivors = this.#of(ring).filter((one) =>
        ["system-peer", "survivor"].includes(selected(one)),
      );
      return ring.state(survivors.length);
    });
  }

  #of(ring: Ring): readonly Association[] {
    const sessions = [...this.#sessions.values()].filter((session) => session.ring === ring);
    return sessions.map(({ association }) => association);
  }

  #reply(association: Association, datagram: InDatagram): Heard {
    const { address, port } = association.settings;
    if (datagram.from !== address || datagram.fromPort !== port) {
      return { kind: "dropped", reason: "bogus-origin" };
    }
    const wasReachable = association.reach > 0;
    const outcome = association.receive(datagram, this.#options.surroundings);
    if (outcome.kind === "denied" && this.#sessions.has(address)) {
      this.#end(address, "the server has denied service");
    }
    if (outcome.kind !== "sample") return outcome;
    if (!wasReachable) {
      const reason = "the server answers";
      this.#options.emit({ kind: "event", event: { kind: "association-up", address, reason } });
    }
    return { kind: "sample", association, sample: outcome.sample };
  }

  /** A server has answered a solicitation: from now on it is polled, if it is not already. */
  #found(
    ring: Ring,
    { from }: InDatagram,
    answer: Extract<Answer, { kind: "server" }>,
    at: Raw,
  ): Heard {
    if (this.associations.some(({ settings }) => settings.address === from)) {
      return { kind: "heard" };
    }
    if (this.#of(ring).length >= ring.config.maxclock) return { kind: "heard" };
    if (this.#sessions.size >= this.#sessionsMax) {
      this.refused++;
      const event = { kind: "session-limit", address: from, limit: this.#sessionsMax } as const;
      this.#options.emit({ kind: "event", event });
      return { kind: "dropped", reason: "session-limit" };
    }
    const { port, keyId, minpoll, maxpoll } = ring.config;
    const octets = addressOctets(from);
    const settings = {
      address: from,
      port,
      version: answer.version,
      keyId,
      minpoll,
      maxpoll,
      burst: false,
      iburst: true,
      prefer: false,
      interface: octets !== undefined && isLinkLocal(octets) ? ring.interface : undefined,
    };
    const association = new Association(
      {
        mode: "manycast-client",
        configured: false,
        socket: this.#openSocket(from),
        settings,
        quick: true,
      },
      this.#options.surroundings,
      at,
    );
    this.#sessions.set(from, { association, ring });
    return { kind: "heard" };
  }

  #configureUnicast(unicast: readonly UnicastConfig[], at: Raw): void {
    const wanted = new Map(unicast.map((one) => [unicastIdentity(one), one]));
    for (const [identity, association] of this.#unicast) {
      if (wanted.has(identity)) continue;
      this.#unicast.delete(identity);
      this.#dispose(association);
    }
    for (const [identity, config] of wanted) {
      const known = this.#unicast.get(identity);
      const settings = { ...config, interface: config.source };
      if (known !== undefined) {
        known.settings = settings;
        known.poll.limit(settings, at);
        continue;
      }
      const association = new Association(
        {
          mode: config.type === "peer" ? "active" : "client",
          configured: true,
          socket: this.#openSocket(config.address),
          settings,
          quick: config.iburst,
        },
        this.#options.surroundings,
        at,
      );
      this.#unicast.set(identity, association);
    }
  }

  /** Rings are there that are configured on an interface that is up. */
  #settleRings(at: Raw): void {
    const wanted = new Map(
      this.#roles
        .filter((role) => this.#up.has(role.interface))
        .map((role) => [ringIdentity(role), role]),
    );
    for (const [identity, ring] of this.#rings) {
      if (wanted.has(identity)) continue;
      this.#rings.delete(identity);
      this.#options.emit({ kind: "close-socket", socket: ring.socket });
      for (const [address, session] of this.#sessions) {
        if (session.ring === ring) this.#end(address, "its manycast client is gone");
      }
    }
    for (const [identity, { interface: name, config }] of wanted) {
      const known = this.#rings.get(identity);
      if (known === undefined) {
        const socket = this.#openSocket(config.address);
        const now = this.#options.surroundings.now(at);
        this.#rings.set(identity, new Ring({ interface: name, socket, config }, now, at));
      } else if (JSON.stringify(known.config) !== JSON.stringify(config)) {
        known.reconfigure(config, at);
        for (const association of this.#of(known)) {
          const { minpoll, maxpoll } = config;
          association.settings = { ...association.settings, minpoll, maxpoll };
          association.poll.limit(association.settings, at);
        }
      }
    }
  }

  #end(address: Address, reason: string): void {
    const session = this.#sessions.get(address);
    if (session === undefined) return;
    this.#sessions.delete(address);
    this.#dispose(session.association);
    this.#options.emit({ kind: "event", event: { kind: "association-down", address, reason } });
  }

  #dispose(association: Association): void {
    this.#options.emit({ kind: "close-socket", socket: association.socket });
    this.#options.removed(association);
    this.#lost = true;
  }

  #openSocket(address: Address): SocketId {
    const socket = ++this.#sockets;
    this.#options.emit({ kind: "open-socket", socket, family: family(address) });
    return socket;
  }
}

function used(answer: Exclude<Answer, { kind: "server" }>): Heard {
  return answer.kind === "sample" ? { kind: "heard" } : answer;
}
