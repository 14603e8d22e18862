import type { Raw } from "../base/index.ts";
import { addressOctets, family, isLinkLocal } from "./address.ts";
import { Association, type AssociationSettings, type Surroundings } from "./association.ts";
import { type Address, type NtpEffect, type SocketId, serverSocket } from "./io.ts";
import type { AssociationMode } from "./state.ts";

/** A dynamic association, and the role that brought it up. */
interface Session {
  readonly association: Association;
  /** Its role's name; with the role it ends. */
  readonly role: string;
}

export interface SessionsOptions {
  readonly surroundings: Surroundings;
  readonly emit: (effect: NtpEffect) => void;
  readonly openSocket: (family: 4 | 6) => SocketId;
  /** An association is gone. */
  readonly removed: (association: Association) => void;
}

const dynamicSessionsDefault = 100;

/** Associations that the configuration does not name: one for each address, and only so many. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<Address, Session>();
  /** How many there may be before new ones are refused. */
  limit = dynamicSessionsDefault;
  /** Servers that were turned away because of the limit. */
  refused = 0n;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  get associations(): readonly Association[] {
    return [...this.#sessions.values()].map(({ association }) => association);
  }

  get count(): number {
    return this.#sessions.size;
  }

  has(address: Address): boolean {
    return this.#sessions.has(address);
  }

  get(address: Address): Association | undefined {
    return this.#sessions.get(address)?.association;
  }

  of(role: string): readonly Association[] {
    const own = [...this.#sessions.values()].filter((session) => session.role === role);
    return own.map(({ association }) => association);
  }

  /** A new association with a server that is not known yet; undefined: there is no room. */
  admit(
    role: string,
    mode: AssociationMode,
    settings: AssociationSettings,
    at: Raw,
  ): Association | undefined {
    const { emit, surroundings, openSocket } = this.#options;
    const { address } = settings;
    if (this.#sessions.size >= this.limit) {
      this.refused++;
      emit({ kind: "event", event: { kind: "session-limit", address, limit: this.limit } });
      return undefined;
    }
    const socket = mode === "passive" ? serverSocket : openSocket(family(address));
    const how = { mode, configured: false, socket, settings, quick: settings.iburst };
    const association = new Association(how, surroundings, at);
    this.#sessions.set(address, { association, role });
    return association;
  }

  /** Those end that nobody has answered for long. */
  sweep(at: Raw): void {
    for (const [address, { association }] of this.#sessions) {
      if (association.poll.next <= at && association.deserted) {
        this.end(address, "no answer any more");
      }
    }
  }

  /** Those end whose role is gone. */
  keep(roles: ReadonlySet<string>): void {
    for (const [address, { role }] of this.#sessions) {
      if (!roles.has(role)) this.end(address, "its role is gone");
    }
  }

  end(address: Address, reason: string): void {
    const session = this.#sessions.get(address);
    if (session === undefined) return;
    this.#sessions.delete(address);
    this.#options.removed(session.association);
    const event = { kind: "association-down", address, reason } as const;
    this.#options.emit({ kind: "event", event });
  }
}

/** The interface that packets to an address must be told to leave by; undefined: none. */
export function boundInterface(address: Address, name: string | undefined): string | undefined {
  const octets = addressOctets(address);
  return octets !== undefined && isLinkLocal(octets) ? name : undefined;
}
