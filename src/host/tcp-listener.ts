import { createServer, isIPv6, type Server, type Socket } from "node:net";
import { addressOctets } from "../ntp/index.ts";
import {
  AF_INET,
  AF_INET6,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  name,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_STREAM,
  SOL_SOCKET,
} from "./abi.ts";
import type { Libc } from "./libc.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The system would not have it: `code` is its word for why, such as EADDRINUSE. */
export class ListenError extends Error {
  readonly code: string;

  constructor({ host, port }: ListenAddress, code: string) {
    const reason = reasons[code] ?? "the system says";
    super(`cannot listen on TCP port ${port} of ${host}: ${reason} (${code})`);
    this.code = code;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "ports below 1024 need CAP_NET_BIND_SERVICE",
  EADDRINUSE: "it is in use already",
  EADDRNOTAVAIL: "the machine has no such address",
  EAFNOSUPPORT: "the machine has no such addresses",
};
const backlog = 511;

/** Listens on an address as a command line has it; gives the port in use, or rejects. */
export async function listenLater(
  address: ListenAddress,
  accept: (socket: Socket) => void,
): Promise<{ readonly server: Server; readonly address: ListenAddress }> {
  const server = createServer({ noDelay: true }, accept);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // "::" is all of IPv6, as it is in data: 0.0.0.0 may stand beside it on the same port.
    const { host, port } = address;
    server.listen({ host, port, ipv6Only: true, backlog }, resolve);
  });
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  return { server, address: { host: address.host, port } };
}

/**
 * A listener that is bound before anybody knows whether it will be wanted: Node alone binds only
 * later, and a commit must know at once.
 */
export class TcpListener {
  readonly address: ListenAddress;
  readonly #libc: Libc | undefined;
  /** Ours until Node has it. */
  #descriptor: number | undefined;
  #server: Server | undefined;

  private constructor(address: ListenAddress, libc: Libc | undefined, descriptor?: number) {
    this.address = address;
    this.#libc = libc;
    this.#descriptor = descriptor;
  }

  /** Throws ListenError. Without the C library it is not known before serve() tells. */
  static open(address: ListenAddress, libc: Libc | undefined): TcpListener {
    if (libc === undefined) return new TcpListener(address, libc);
    return new TcpListener(address, libc, bindNow(address, libc));
  }

  /** Accepts from now on. `failed`: it does not, and why. */
  serve(accept: (socket: Socket) => void, failed: (error: Error) => void): void {
    const server = createServer({ noDelay: true }, accept);
    server.on("error", (error: Error & { code?: string }) => {
      failed(error.code === undefined ? error : new ListenError(this.address, error.code));
    });
    this.#server = server;
    const { host, port } = this.address;
    if (this.#descriptor === undefined) {
      server.listen({ host, port, ipv6Only: true, backlog, exclusive: true });
    } else {
      server.listen({ fd: this.#descriptor, backlog });
      this.#descriptor = undefined;
    }
  }

  /** What was accepted stays. */
  close(): void {
    if (this.#descriptor !== undefined) this.#libc?.close(this.#descriptor);
    this.#descriptor = undefined;
    this.#server?.close();
  }
}

function bindNow(address: ListenAddress, libc: Libc): number {
  const six = isIPv6(address.host);
  const fd = libc.socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw new ListenError(address, libc.errorName());
  const on = Int32Array.of(1);
  const bound = sockaddr(address, six, libc);
  libc.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, on, 4);
  // "::" is all of IPv6: whoever wants IPv4 as well says 0.0.0.0.
  if (six) libc.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, on, 4);
  if (libc.bind(fd, bound, bound.length) === 0 && libc.listen(fd, backlog) === 0) return fd;
  const code = libc.errorName();
  libc.close(fd);
  throw new ListenError(address, code);
}

/** struct sockaddr_in or sockaddr_in6; the zone of an address is the name of an interface. */
function sockaddr({ host, port }: ListenAddress, six: boolean, libc: Libc): Uint8Array {
  const [text = "", zone] = host.split("%");
  const octets = addressOctets(text) ?? new Uint8Array(six ? 16 : 4);
  const address = new Uint8Array(six ? name.size6 : name.size4);
  const view = new DataView(address.buffer);
  view.setUint16(name.family, six ? AF_INET6 : AF_INET, true);
  view.setUint16(name.port, port);
  address.set(octets, six ? name.address6 : name.address4);
  if (six && zone !== undefined) {
    const index = /^\d+$/.test(zone) ? Number(zone) : libc.if_nametoindex(zone);
    view.setUint32(name.scope6, index, true);
  }
  return address;
}
