import { RpcError } from "../base/index.ts";

/** RFC 6241 section 7.5: the three that can be locked, each by one session. */
export type DatastoreName = "running" | "candidate" | "startup";

/** session-id of a NETCONF session: 1..4294967295. */
export type SessionId = number;

/** RFC 6241 section 7.5: the holder is none of the sessions there are. */
export const NO_SESSION: SessionId = 0;

/** Who holds which datastore. */
export class Locks {
  readonly #holders = new Map<DatastoreName, SessionId>();

  holder(name: DatastoreName): SessionId | undefined {
    return this.#holders.get(name);
  }

  /** Refuses if anybody holds it, the session itself among them. */
  take(name: DatastoreName, session: SessionId): void {
    const holder = this.#holders.get(name);
    if (holder !== undefined) throw lockDenied(`${name} is locked by session ${holder}`, holder);
    this.#holders.set(name, session);
  }

  /** Refuses if the session does not hold it. */
  free(name: DatastoreName, session: SessionId): void {
    const holder = this.#holders.get(name);
    if (holder === session) {
      this.#holders.delete(name);
      return;
    }
    const message =
      holder === undefined ? `${name} is not locked` : `${name} is locked by session ${holder}`;
    throw new RpcError({ type: "protocol", tag: "operation-failed", message });
  }

  /** All that a session held; it holds them no more. */
  freeAll(session: SessionId): readonly DatastoreName[] {
    const held = [...this.#holders].filter(([, holder]) => holder === session);
    for (const [name] of held) this.#holders.delete(name);
    return held.map(([name]) => name);
  }

  /** RFC 6241 appendix A: in-use, where somebody else holds what a request would change. */
  refuseOthers(name: DatastoreName, session: SessionId): void {
    const holder = this.#holders.get(name);
    if (holder === undefined || holder === session) return;
    const message = `${name} is locked by session ${holder}`;
    throw new RpcError({ type: "protocol", tag: "in-use", message });
  }

  all(): readonly { readonly name: DatastoreName; readonly session: SessionId }[] {
    return [...this.#holders].map(([name, session]) => ({ name, session }));
  }
}

/** RFC 6241 section 7.5: the session-id of the holder, 0 if that is no session. */
export function lockDenied(message: string, holder: SessionId): RpcError {
  const info = [{ name: "session-id", value: String(holder) }];
  return new RpcError({ type: "protocol", tag: "lock-denied", message, info });
}
