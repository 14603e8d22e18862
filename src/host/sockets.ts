import type { LogLevel, SocketsDoor } from "../agent/index.ts";
import type {
  InDatagram,
  NetworkInterface,
  NtpEffect,
  ServerCounters,
  Transmitted,
} from "../ntp/index.ts";

/** What the engine asks of sockets. */
export type SocketEffect = Exclude<NtpEffect, { readonly kind: "event" | "resolve-name" }>;

/** Where what comes in goes. */
export interface SocketHandlers {
  /** Datagrams other than those that the responder answered. */
  received(datagram: InDatagram): void;
  log(level: LogLevel, message: string, fields: Readonly<Record<string, string | number>>): void;
  /** The I/O thread is gone: nothing is answered any more. */
  failed(error: Error): void;
}

/** UDP in one of two forms behind the same words. */
export interface Sockets extends SocketsDoor {
  /**
   * "koffi": kernel stamps, replies off the loop. "dgram": where the C library cannot be called.
   */
  readonly form: "koffi" | "dgram";
  /** For a "send": when it left, as exactly as can be told; undefined: it did not. */
  perform(effect: SocketEffect): Transmitted | undefined;
  /** The interfaces there are: roles on one that was not there start. */
  interfaces(list: readonly NetworkInterface[]): void;
  /** Called when the system says that interfaces may have changed. */
  onInterfacesChanged(listener: () => void): void;
  counters(): ServerCounters;
  close(): Promise<void>;
}

/** The network refused: `code` is the system's word for it, such as EADDRINUSE. */
export class SocketError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** In words: what was to be bound, and why that cannot be. */
export function bindError(code: string, port: number, family: 4 | 6): SocketError {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "ports below 1024 need CAP_NET_BIND_SERVICE",
    EADDRINUSE: "another program has it",
  };
  const where = `UDP port ${port} over IPv${family}`;
  return new SocketError(code, `cannot open ${where}: ${reasons[code] ?? code} (${code})`);
}
