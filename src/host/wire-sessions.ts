import type { ChannelId, LogLevel, Peer } from "../agent/index.ts";
import type { HostedSession, SessionHandlers } from "./wire-session.ts";

/** Where the sessions' events go. */
export interface WireHandlers {
  opened(channel: ChannelId, peer: Peer): void;
  received(channel: ChannelId, bytes: Uint8Array): void;
  drained(channel: ChannelId): void;
  closed(channel: ChannelId): void;
  log(level: LogLevel, message: string, fields: Readonly<Record<string, string | number>>): void;
}

/** The sessions that come over wires, of whatever transport: the agent knows them by channel. */
export class WireSessions {
  readonly #handlers: WireHandlers;
  readonly #sessions = new Map<ChannelId, HostedSession>();
  #nextChannel = 1;

  constructor(handlers: WireHandlers) {
    this.#handlers = handlers;
  }

  get log(): WireHandlers["log"] {
    return this.#handlers.log;
  }

  /** A session that `make` puts behind a stream, and the channel that it is known by. */
  open<S extends HostedSession>(
    peer: Peer,
    make: (handlers: SessionHandlers) => S,
  ): { readonly channel: ChannelId; readonly session: S } {
    const channel = this.#nextChannel++;
    const session = make({
      received: (bytes) => this.#handlers.received(channel, bytes),
      drained: () => this.#handlers.drained(channel),
      closed: () => {
        this.#sessions.delete(channel);
        this.#handlers.closed(channel);
      },
    });
    this.#sessions.set(channel, session);
    this.#handlers.opened(channel, peer);
    return { channel, session };
  }

  write(channel: ChannelId, bytes: Uint8Array): void {
    this.#sessions.get(channel)?.write(bytes);
  }

  /** Ends a session once what was written to it has gone out; no event follows. */
  end(channel: ChannelId, refusal?: string): void {
    this.#sessions.get(channel)?.end(refusal);
    this.#sessions.delete(channel);
  }

  /** The connection under it is gone. */
  lost(channel: ChannelId): void {
    this.#sessions.get(channel)?.lost();
  }

  endAll(): void {
    for (const channel of [...this.#sessions.keys()]) this.end(channel);
  }
}
