import type { ChannelId, Peer } from "../agent/index.ts";
import type { Element } from "../xml/index.ts";
import { type InnerHandlers, InnerSession } from "./inner-session.ts";

/** Sessions that are kept for users who ask again and again: the one asked longest ago goes. */
const keptMax = 16;
/** ms: a session that nobody asked for so long takes its leave. */
const idleMs = 60_000;

interface Kept {
  readonly session: InnerSession;
  timer: NodeJS.Timeout;
}

/**
 * NETCONF sessions of this process's own, one for each user and address. Their channels are below
 * zero, so that they are told from those of SSH.
 */
export class InnerSessions {
  readonly #handlers: InnerHandlers;
  readonly #open = new Map<ChannelId, InnerSession>();
  readonly #kept = new Map<string, Kept>();
  #nextChannel: ChannelId = -1;

  constructor(handlers: InnerHandlers) {
    this.#handlers = handlers;
  }

  /** One operation in the name of `peer`; rejects with AskRefused. */
  ask(peer: Peer, operation: string): Promise<Element> {
    const key = JSON.stringify([peer.user, peer.recovery, peer.host]);
    const kept = this.#kept.get(key);
    const session = kept === undefined || kept.session.ended ? this.#start(peer) : kept.session;
    clearTimeout(kept?.timer);
    const timer = setTimeout(() => this.#leave(key), idleMs);
    timer.unref();
    // Deleted first, so that the order of the map is the order of the last questions.
    this.#kept.delete(key);
    this.#kept.set(key, { session, timer });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptMax && oldest !== undefined) this.#leave(oldest);
    return session.ask(operation);
  }

  owns(channel: ChannelId): boolean {
    return channel < 0;
  }

  write(channel: ChannelId, bytes: Uint8Array): void {
    this.#open.get(channel)?.write(bytes);
  }

  end(channel: ChannelId): void {
    this.#open.get(channel)?.end();
    this.#open.delete(channel);
  }

  close(): void {
    for (const key of [...this.#kept.keys()]) this.#leave(key);
  }

  #start(peer: Peer): InnerSession {
    const channel = this.#nextChannel--;
    const session = new InnerSession(channel, this.#handlers);
    // Before anything is said: the agent answers at once.
    this.#open.set(channel, session);
    session.start(peer);
    return session;
  }

  #leave(key: string): void {
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    clearTimeout(kept?.timer);
    kept?.session.close();
  }
}
