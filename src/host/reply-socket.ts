import {
  AF_INET,
  AF_INET6,
  name,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from "./abi.ts";
import type { Libc } from "./libc.ts";

/** Replies after which it is asked again whether another address would serve more of them. */
const reviewAfter = 10_000;
/** The discard service: no request comes from there. */
const discardPort = 9;
const noAddress = new Int32Array();

/**
 * What replies of a server's socket leave by: a second socket of its port that receives nothing.
 * The kernel then does not hand one socket's state to and fro between the core that takes requests
 * in and the one that answers, and a reply from the address that this socket is bound to needs not
 * be told where it leaves from: a tenth of all that a reply costs. Until there is one, and where
 * there cannot be one, they leave by the server's own.
 */
export class ReplySocket {
  readonly #libc: Libc;
  readonly #server: number;
  #fd: number;
  #address = noAddress;
  #replies = 0;
  #told = 0;
  #reviewAt = 1;

  constructor(libc: Libc, server: number) {
    this.#libc = libc;
    this.#server = server;
    this.#fd = server;
  }

  get fd(): number {
    return this.#fd;
  }

  /** The address that replies leave from unless they are told another, as words of 4 octets. */
  get address(): Int32Array {
    return this.#address;
  }

  /**
   * So many replies were sent, so many of them told where to leave from. `asked`: the address that
   * one of these was sent to, if it was an address of this host alone.
   */
  note(replies: number, told: number, asked: Uint8Array | undefined): void {
    this.#replies += replies;
    this.#told += told;
    if (this.#replies < this.#reviewAt) return;
    const isForMost = this.#told <= this.#replies / 2;
    this.#replies = 0;
    this.#told = 0;
    this.#reviewAt = reviewAfter;
    if (!isForMost && asked !== undefined && !isLinkLocal(asked)) this.#open(asked);
  }

  close(): void {
    if (this.#fd !== this.#server) this.#libc.close(this.#fd);
    this.#fd = this.#server;
    this.#address = noAddress;
  }

  #open(address: Uint8Array): void {
    const fd = openSending(this.#libc, this.#server, address);
    if (fd === undefined) return;
    this.close();
    this.#fd = fd;
    this.#address = new Int32Array(address.slice().buffer);
  }
}

/** A socket bound to the server's port at one address, and connected so that nothing reaches it. */
function openSending(libc: Libc, server: number, address: Uint8Array): number | undefined {
  const four = address.length === 4;
  const size = four ? name.size4 : name.size6;
  const own = new DataView(new ArrayBuffer(size));
  if (libc.getsockname(server, own, Int32Array.of(size)) < 0) return undefined;
  new Uint8Array(own.buffer).set(address, four ? name.address4 : name.address6);
  const type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const fd = libc.socket(four ? AF_INET : AF_INET6, type, 0);
  if (fd < 0) return undefined;
  const set = (which: number, option: number, value: number): number =>
    libc.setsockopt(which, SOL_SOCKET, option, Int32Array.of(value), 4);
  set(fd, SO_REUSEADDR, 1);
  // The sockets that other threads have of this port share it with those that say so too.
  set(fd, SO_REUSEPORT, 1);
  // The server shares its port for this moment: whoever wants it later is still refused.
  set(server, SO_REUSEADDR, 1);
  const bound = libc.bind(fd, own, size);
  set(server, SO_REUSEADDR, 0);
  own.setUint16(name.port, discardPort, false);
  if (bound === 0 && libc.connect(fd, own, size) === 0) return fd;
  libc.close(fd);
  return undefined;
}

/** Its interface has to be told with it. */
function isLinkLocal(address: Uint8Array): boolean {
  return address.length === 16 && address[0] === 0xfe && ((address[1] ?? 0) & 0xc0) === 0x80;
}
