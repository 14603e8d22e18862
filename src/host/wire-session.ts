import type { Duplex } from "node:stream";

/** What a NETCONF session's channel tells the agent's host. */
export interface SessionHandlers {
  received(bytes: Uint8Array): void;
  /** All that was written is on its way. */
  drained(): void;
  closed(): void;
}

/** What the agent does with a session. */
export interface HostedSession {
  write(bytes: Uint8Array): void;
  /** The agent is done with it: no event follows. `refusal`: why there is no session at all. */
  end(refusal?: string): void;
  /** The connection is gone. */
  lost(): void;
}

/** How long a peer has to take the last of what was written to it. */
const lingerMs = 5_000;

/**
 * One NETCONF session on a stream: a channel of SSH, or a connection over TLS. What is written
 * waits in the stream's window, and nothing more is read from a peer that does not read.
 */
export class WireSession implements HostedSession {
  readonly #stream: Duplex;
  readonly #hangUp: (refusal?: string) => void;
  readonly #handlers: SessionHandlers;
  #pending = 0;
  /** The peer sent all it will: what is owed to it goes out, and then the stream is closed. */
  #ended = false;
  #closed = false;

  /** `hangUp` ends our side of the stream, as its transport does that. */
  constructor(stream: Duplex, hangUp: (refusal?: string) => void, handlers: SessionHandlers) {
    this.#stream = stream;
    this.#hangUp = hangUp;
    this.#handlers = handlers;
    stream.on("data", (bytes: Buffer) => {
      if (!this.#closed) handlers.received(bytes);
    });
    stream.on("end", () => {
      this.#ended = true;
      setImmediate(() => this.#rest());
    });
    stream.on("error", () => this.#close());
    stream.on("close", () => this.#close());
  }

  write(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#pending++;
    this.#stream.write(bytes, () => {
      this.#pending--;
      if (this.#pending > 0 || this.#closed) return;
      this.#handlers.drained();
      setImmediate(() => this.#rest());
    });
    if (this.#pending > 0) this.#stream.pause();
  }

  end(refusal?: string): void {
    this.#closed = true;
    this.#hangUp(refusal);
    this.#stream.resume();
    setTimeout(() => this.#stream.destroy(), lingerMs).unref();
  }

  lost(): void {
    this.#close();
  }

  /** After the agent had its say on "drained": reads on, unless it wrote again. */
  #rest(): void {
    if (this.#pending > 0 || this.#closed) return;
    if (!this.#ended) {
      this.#stream.resume();
      return;
    }
    this.#close();
    this.#hangUp();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handlers.closed();
  }
}
