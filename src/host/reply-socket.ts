import { isLinkLocal } from "../ntp/index.ts";
import { name, SO_REUSEADDR, SOL_SOCKET } from "./abi.ts";
import type { Libc } from "./libc.ts";
import { openUdp } from "./udp-socket.ts";

/** Replies after which it is asked again whether another address would serve more of them. */
const reviewAfter = 10_000;
/** The discard service: no request comes from there. */
const discardPort = 9;
const noAddress = new Int32Array();

/**
 * What replies of a server's socket leave by: a second socket of its port that receives nothing.
 * The kernel then does not hand one socket's state to and fro between the core that takes requests
 * in and the one that answers, and a reply from the address that this socket is bound to needs not
 * be told where it leaves from: 5 to 10 % of all that a reply costs. Until there is one, and
 * where there cannot be one, they leave by the server's own.
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
   * one of these was sent to, if it was an address of this host alone. True: there is another
   * socket from now on, and what came in while it was being connected waits there.
   */
  note(replies: number, told: number, asked: Uint8Array | undefined): boolean {
    this.#replies += replies;
    this.#told += told;
    if (this.#replies < this.#reviewAt) return false;
    const isForMost = this.#told <= this.#replies / 2;
    this.#replies = 0;
    this.#told = 0;
    this.#reviewAt = reviewAfter;
    // A reply from a link-local address has to be told its interface, whatever it leaves by.
    return !isForMost && asked !== undefined && !isLinkLocal(asked) && this.#open(asked);
  }

  close(): void {
    if (this.#fd !== this.#server) this.#libc.close(this.#fd);
    this.#fd = this.#server;
    this.#address = noAddress;
  }

  #open(address: Uint8Array): boolean {
    const fd = openSending(this.#libc, this.#server, address);
    if (fd === undefined) return false;
    this.close();
    this.#fd = fd;
    this.#address = new Int32Array(address.slice().buffer);
    return true;
  }
}

/** A socket bound to the server's port at one address, and connected so that nothing reaches it. */
function openSending(libc: Libc, server: number, address: Uint8Array): number | undefined {
  const family = address.length === 4 ? 4 : 6;
  const size = family === 4 ? name.size4 : name.size6;
  const own = new DataView(new ArrayBuffer(size));
  if (libc.getsockname(server, own, Int32Array.of(size)) < 0) return undefined;
  const port = own.getUint16(name.port, false);
  const lets = (value: number): number =>
    libc.setsockopt(server, SOL_SOCKET, SO_REUSEADDR, Int32Array.of(value), 4);
  // The server shares its port for this moment: whoever wants it later is still refused.
  lets(1);
  const fd = openUdp(libc, { family, port, address, transmitStamps: false, shared: true });
  lets(0);
  if (typeof fd !== "number") return undefined;
  new Uint8Array(own.buffer).set(address, family === 4 ? name.address4 : name.address6);
  own.setUint16(name.port, discardPort, false);
  if (libc.connect(fd, own, size) === 0) return fd;
  libc.close(fd);
  return undefined;
}
