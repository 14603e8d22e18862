import { connect, isIP, type Socket } from "node:net";
import type { Effect } from "../agent/index.ts";
import { IPPROTO_TCP, TCP_KEEPCNT, TCP_KEEPINTVL } from "./abi.ts";
import type { Libc } from "./libc.ts";
import type { ConnectionTerms, SshServer } from "./ssh.ts";
import type { TlsServer } from "./tls.ts";
import { descriptorOf } from "./user-timeout.ts";

type Call = Extract<Effect, { readonly kind: "call" }>;

export interface CallsOptions {
  readonly libc: Libc | undefined;
  readonly ssh: SshServer;
  readonly tls: TlsServer;
  readonly progress: (call: number, to: "connected" | "established") => void;
  readonly ended: (call: number, reason: string) => void;
}

/** Calls home (RFC 8071): connections that we make, and are then the server of. */
export class Calls {
  readonly #options: CallsOptions;
  readonly #sockets = new Map<number, Socket>();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  call({ call, transport, address, port, maxWait, keepAlives, ...more }: Call): void {
    const { ssh, tls, progress, ended } = this.#options;
    const { localAddress, idleTimeout } = more;
    // Of a name, only addresses of the same family can be reached from there.
    const from = localAddress === undefined ? {} : { localAddress, family: isIP(localAddress) };
    const socket = connect({ host: address, port, noDelay: true, ...from });
    this.#sockets.set(call, socket);
    let reason = "the connection has ended, and nobody has logged in";
    const timer = setTimeout(() => {
      reason = `no connection with ${printed(address, port)} within ${maxWait} s`;
      socket.destroy();
    }, maxWait * 1_000);
    socket.once("error", (error) => {
      reason = error.message;
    });
    socket.once("close", () => {
      clearTimeout(timer);
      this.#sockets.delete(call);
      ended(call, reason);
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      progress(call, "connected");
      const terms: ConnectionTerms = {
        loggedIn: () => progress(call, "established"),
        ...(idleTimeout !== undefined && { idleTimeout }),
      };
      if (transport.kind === "ssh") ssh.serve(socket, terms);
      else tls.serve(socket, transport.identity, terms);
      this.#keepAlive(socket, keepAlives);
    });
  }

  /** What comes of it does not matter any more. */
  end(call: number): void {
    this.#sockets.get(call)?.destroy();
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  #keepAlive(socket: Socket, { idleTime, maxProbes, probeInterval }: Call["keepAlives"]): void {
    socket.setKeepAlive(true, idleTime * 1_000);
    const { libc } = this.#options;
    const descriptor = descriptorOf(socket);
    if (libc === undefined || descriptor === undefined) return;
    const set = (option: number, value: number): void => {
      libc.setsockopt(descriptor, IPPROTO_TCP, option, Int32Array.of(value), 4);
    };
    set(TCP_KEEPINTVL, probeInterval);
    set(TCP_KEEPCNT, maxProbes);
  }
}

function printed(address: string, port: number): string {
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}
