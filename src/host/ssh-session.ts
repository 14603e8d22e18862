import type { ServerChannel } from "ssh2";

/** What a NETCONF session's channel tells the agent's host. */
export interface SessionHandlers {
  received(bytes: Uint8Array): void;
  /** All that was written is on its way. */
  drained(): void;
  closed(): void;
}

/** How long a peer has to take the last of what was written to it. */
const lingerMs = 5_000;

/**
 * One NETCONF session: a channel of the "netconf" subsystem. What is written waits in the channel's
 * window, and nothing more is read from a peer that does not read.
 */
export class SshSession {
  readonly #stream: ServerChannel;
  readonly #handlers: SessionHandlers;
  #pending = 0;
  /** The peer sent all it will: what is owed to it goes out, and then the channel is closed. */
  #ended = false;
  #closed = false;

  constructor(stream: ServerChannel, handlers: SessionHandlers) {
    this.#stream = stream;
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

  /** The agent is done with it: no event follows. */
  end(): void {
    this.#closed = true;
    this.#hangUp();
    this.#stream.resume();
    setTimeout(() => this.#stream.destroy(), lingerMs).unref();
  }

  /** The connection is gone. */
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

  /** OpenSSH takes a channel that ends without a status for one that failed. */
  #hangUp(): void {
    this.#stream.exit(0);
    this.#stream.end();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handlers.closed();
  }
}
