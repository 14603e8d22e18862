import type { ServerChannel, Session } from "ssh2";
import { type SecretDoor, Shell, type ShellEffect, type Terminal } from "../shell/index.ts";
import type { HostedSession, SessionHandlers } from "./wire-session.ts";

/** What the shells of this host have in common. */
export interface ShellHost {
  readonly hostName: string;
  readonly version: string;
  readonly secrets: SecretDoor;
}

/** Somebody asks for a shell, or for one command. */
export interface ShellRequest {
  readonly terminal: Terminal | undefined;
  readonly command: string | undefined;
}

/** How long a peer has to take the last of what was written to it. */
const lingerMs = 5_000;

/** RFC 4254 section 6: waits for somebody who wants a shell or a command, perhaps on a terminal. */
export function onShell(
  session: Session,
  open: (channel: ServerChannel, request: ShellRequest) => ShellSession,
): void {
  let terminal: Terminal | undefined;
  let shell: ShellSession | undefined;
  session.on("pty", (accept, _reject, info) => {
    terminal = sizeOf(info);
    answer(accept);
  });
  session.on("window-change", (accept, _reject, info) => {
    terminal = sizeOf(info);
    shell?.resized(terminal);
    answer(accept);
  });
  session.once("shell", (accept) => {
    shell = open(accept(), { terminal, command: undefined });
  });
  session.once("exec", (accept, _reject, { command }) => {
    shell = open(accept(), { terminal, command });
  });
}

/** Where the client wants no answer there is nothing to call, whatever the types say. */
function answer(accept: (() => void) | undefined): void {
  accept?.();
}

function sizeOf(info: { readonly cols: number; readonly rows: number }): Terminal {
  return { columns: info.cols > 0 ? info.cols : 80, rows: info.rows };
}

/**
 * A shell at an SSH channel on the one side and a NETCONF session on the other, where it is in the
 * place of a manager.
 */
export class ShellSession implements HostedSession {
  readonly #stream: ServerChannel;
  readonly #handlers: SessionHandlers;
  readonly #shell: Shell;
  #closed = false;
  #isScheduled = false;

  constructor(
    stream: ServerChannel,
    host: ShellHost,
    request: ShellRequest,
    handlers: SessionHandlers,
  ) {
    this.#stream = stream;
    this.#handlers = handlers;
    this.#shell = new Shell({ ...host, ...request });
    stream.on("data", (bytes: Buffer) => {
      if (!this.#closed) this.#perform(this.#shell.typed(bytes));
    });
    stream.on("drain", () => this.#flow());
    stream.on("end", () => this.#perform(this.#shell.inputEnded()));
    stream.on("error", () => this.#close());
    stream.on("close", () => this.#close());
  }

  resized(terminal: Terminal): void {
    this.#perform(this.#shell.resized(terminal));
  }

  /** What the agent has to say. */
  write(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#perform(this.#shell.received(bytes));
    if (!this.#closed) this.#handlers.drained();
  }

  /** The agent ended the session: no event follows. */
  end(refusal?: string): void {
    if (refusal !== undefined && !this.#closed) this.#stream.stderr.write(`${refusal}\r\n`);
    const effects = this.#shell.sessionEnded();
    this.#perform(effects.filter(({ kind }) => kind === "print"));
    if (!this.#closed) this.#hangUp(1);
    this.#closed = true;
  }

  /** The connection is gone. */
  lost(): void {
    this.#close();
  }

  #perform(effects: readonly ShellEffect[]): void {
    for (const effect of effects) {
      if (this.#closed) return;
      switch (effect.kind) {
        case "print":
          this.#stream.write(effect.text);
          break;
        case "send":
          this.#handlers.received(effect.bytes);
          break;
        case "end":
          this.#hangUp(effect.status);
          this.#close();
      }
    }
    this.#flow();
  }

  /**
   * Who types ahead is not read from, beyond one packet, until all that he typed is through; who
   * does not read is not answered: what waits for him is one answer at most. In between others
   * have their turn.
   */
  #flow(): void {
    if (this.#closed) return;
    const isFull = this.#stream.writableNeedDrain;
    if (isFull || this.#shell.hasInput) this.#stream.pause();
    else this.#stream.resume();
    if (isFull || this.#isScheduled || !this.#shell.canGoOn) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#closed && !this.#stream.writableNeedDrain) this.#perform(this.#shell.goOn());
    });
  }

  #hangUp(status: number): void {
    this.#stream.exit(status);
    this.#stream.end();
    this.#stream.resume();
    setTimeout(() => this.#stream.destroy(), lingerMs).unref();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handlers.closed();
  }
}
