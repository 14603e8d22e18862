import type { Raw } from "../base/index.ts";
import { FrameEncoder, FrameReader, type FramingMode } from "./framing.ts";
import type { ChannelId, Peer, SessionId } from "./peer.ts";

/** Why a session ended, in the words of RFC 6470 section 2.4. */
export type Termination = "closed" | "killed" | "dropped" | "timeout" | "bad-hello" | "other";

/** RFC 6022 section 2.1.4: what is counted for each session. */
export interface SessionCounters {
  inRpcs: number;
  inBadRpcs: number;
  outRpcErrors: number;
  outNotifications: number;
}

/** Octets that may be on their way before the channel says that it took them. */
const WINDOW_OCTETS = 256 * 1024;

interface Waiting {
  readonly encoder: FrameEncoder;
  readonly isReply: boolean;
}

/**
 * One NETCONF session: its framing, and what waits to be sent. Messages are encoded as the channel
 * takes them, so a slow reader costs nothing but what it has been sent.
 */
export class Session {
  readonly id: SessionId;
  readonly channel: ChannelId;
  readonly peer: Peer;
  readonly openedAt: Raw;
  readonly reader: FrameReader;
  readonly counters: SessionCounters = {
    inRpcs: 0,
    inBadRpcs: 0,
    outRpcErrors: 0,
    outNotifications: 0,
  };
  phase: "hello" | "open" | "closed" = "hello";
  /** RFC 6241 section 7.8: what comes after <close-session> is not read any more. */
  isClosing = false;
  /** What is to be done once the reply that is being made is on its way. */
  afterReply: (() => void) | undefined;
  /** When the last <rpc> came; the opening before there was one. */
  activeAt: Raw;
  #mode: FramingMode = "eom";
  /** Messages in the order they go out; the first may be under way. */
  readonly #waiting: Waiting[] = [];
  #replies = 0;
  #inFlight = 0;

  constructor(id: SessionId, channel: ChannelId, peer: Peer, at: Raw, octetsMax: number) {
    this.id = id;
    this.channel = channel;
    this.peer = peer;
    this.openedAt = at;
    this.activeAt = at;
    this.reader = new FrameReader(octetsMax);
  }

  /** Both hellos are through. RFC 6242 section 4.1: with base:1.1 chunks follow at once. */
  helloDone(base: "1.0" | "1.1", at: Raw): void {
    this.phase = "open";
    this.activeAt = at;
    if (base === "1.0") return;
    this.#mode = "chunked";
    this.reader.useChunks();
  }

  /** RFC 6241 appendix A: malformed-message is not for managers of base:1.0. */
  hasMalformedMessage(): boolean {
    return this.#mode === "chunked";
  }

  /** Queues a reply, or the hello, printed as it is pulled. */
  reply(pieces: Iterable<string>): void {
    this.#waiting.push({ encoder: new FrameEncoder(this.#mode, pieces), isReply: true });
    this.#replies += 1;
  }

  notify(message: Iterable<string>): void {
    this.#waiting.push({ encoder: new FrameEncoder(this.#mode, message), isReply: false });
    this.counters.outNotifications += 1;
  }

  /** RFC 6241 section 4.5: while a reply is not wholly handed over, the next <rpc> waits. */
  isReplying(): boolean {
    return this.#replies > 0;
  }

  /** How many messages are not wholly handed over. */
  waiting(): number {
    return this.#waiting.length;
  }

  /** The next octets to send; undefined: nothing, or the channel has not taken enough yet. */
  pull(): Uint8Array | undefined {
    while (this.#inFlight < WINDOW_OCTETS) {
      const [message] = this.#waiting;
      if (message === undefined) return undefined;
      const bytes = message.encoder.next();
      if (message.encoder.isDone()) {
        this.#waiting.shift();
        if (message.isReply) this.#replies -= 1;
      }
      if (bytes !== undefined) {
        this.#inFlight += bytes.length;
        return bytes;
      }
    }
    return undefined;
  }

  /** The channel took all that was written. */
  drained(): void {
    this.#inFlight = 0;
  }

  /** Nothing more is sent or read. */
  end(): void {
    this.phase = "closed";
    this.#waiting.length = 0;
    this.#replies = 0;
  }
}
