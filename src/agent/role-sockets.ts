import type { Raw } from "../base/index.ts";
import type { GroupMembership, NetworkInterface, ServerSockets } from "../ntp/index.ts";
import type { PreparedSockets, SocketsDoor } from "./doors.ts";
import type { Effect } from "./effect.ts";
import { logEffect } from "./log.ts";

/** ns between two tries to open what would not open. */
const retryAfter = 5_000_000_000n;

/**
 * The sockets that the configured roles want, against the interfaces that are there. A commit may
 * be refused for them; all else that happens leaves down what cannot be up, and tries it again.
 */
export class RoleSockets {
  readonly #door: SocketsDoor;
  #present: ReadonlySet<string>;
  #wanted: ServerSockets | undefined;
  #retryAt: Raw | undefined;

  constructor(door: SocketsDoor, interfaces: readonly NetworkInterface[]) {
    this.#door = door;
    this.#present = namesOf(interfaces);
  }

  /** When something that is down is due for another try. */
  get wakeAt(): Raw | undefined {
    return this.#retryAt;
  }

  /** For a commit: throws what the door throws, and then nothing has changed. */
  prepare(wanted: ServerSockets | undefined): PreparedSockets {
    const reachable = this.#reachable(wanted);
    const prepared = this.#door.prepare(reachable);
    return {
      commit: () => {
        prepared.commit();
        this.#wanted = wanted;
        this.#retryAt = undefined;
      },
      abort: () => prepared.abort(),
    };
  }

  /** For boot and revert: opens what can be opened. */
  settle(wanted: ServerSockets | undefined, at: Raw): readonly Effect[] {
    this.#wanted = wanted;
    return this.#openMost(at);
  }

  /** An interface came or went: groups follow it. */
  interfacesChanged(interfaces: readonly NetworkInterface[], at: Raw): readonly Effect[] {
    const present = namesOf(interfaces);
    const waiting = (this.#wanted?.groups ?? []).map((group) => group.interface);
    const touched = waiting.some((name) => present.has(name) !== this.#present.has(name));
    this.#present = present;
    return touched ? this.#openMost(at) : [];
  }

  timer(at: Raw): readonly Effect[] {
    if (this.#retryAt === undefined || at < this.#retryAt) return [];
    return this.#openMost(at);
  }

  #openMost(at: Raw): readonly Effect[] {
    const wasDown = this.#retryAt !== undefined;
    this.#retryAt = undefined;
    const reachable = this.#reachable(this.#wanted);
    const failure = this.#take(reachable);
    if (failure === undefined) {
      if (!wasDown || reachable === undefined) return [];
      const { port, groups } = reachable;
      return [logEffect({ kind: "roles-up", port, groups: groups.length })];
    }
    this.#retryAt = later(at, retryAfter);
    return reachable === undefined ? [] : this.#withoutFailing(reachable, failure, wasDown);
  }

  /** The port alone is worth having; so is each group that can be joined. */
  #withoutFailing(reachable: ServerSockets, reason: string, silent: boolean): readonly Effect[] {
    const { port } = reachable;
    const down: { readonly group: GroupMembership; readonly reason: string }[] = [];
    const groups = reachable.groups.filter((group) => {
      const failure = this.#try({ port, groups: [group] });
      if (failure !== undefined) down.push({ group, reason: failure });
      return failure === undefined;
    });
    const portFailure = this.#take({ port, groups });
    if (silent) return [];
    if (portFailure !== undefined) return [logEffect({ kind: "port-down", port, reason })];
    return down.map((one) => logEffect({ kind: "role-down", ...one }));
  }

  /** Opens and keeps; the reason where that fails. */
  #take(sockets: ServerSockets | undefined): string | undefined {
    try {
      this.#door.prepare(sockets).commit();
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  }

  #try(sockets: ServerSockets): string | undefined {
    try {
      this.#door.prepare(sockets).abort();
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  }

  /** A role on an interface that is not there waits for it. */
  #reachable(wanted: ServerSockets | undefined): ServerSockets | undefined {
    if (wanted === undefined) return undefined;
    const groups = wanted.groups.filter((group) => this.#present.has(group.interface));
    return { ...wanted, groups };
  }
}

/** What a door threw, for a person. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function namesOf(interfaces: readonly NetworkInterface[]): ReadonlySet<string> {
  return new Set(interfaces.map(({ name }) => name));
}

function later(at: Raw, nanoseconds: bigint): Raw {
  return (at + nanoseconds) as Raw;
}
