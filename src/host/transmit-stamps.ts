import {
  control,
  IP_RECVERR,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_RECVERR,
  MSG_DONTWAIT,
  MSG_ERRQUEUE,
  message,
  SO_TIMESTAMPING,
  SOF_TIMESTAMPING_OPT_ID,
  SOF_TIMESTAMPING_OPT_TSONLY,
  SOF_TIMESTAMPING_SOFTWARE,
  SOL_SOCKET,
} from "./abi.ts";
import type { Libc } from "./libc.ts";

/** Stamps that may be under way at once. */
const ring = 1_024;
const at = { header: 0, control: 64, end: 320 } as const;
/** struct sock_extended_err: where the number of the datagram stands. */
const numberAt = 12;
const reported = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY | SOF_TIMESTAMPING_OPT_ID;

/** Takes a stamp: what was told of the datagram to `expect`, and when it left, CLOCK_REALTIME. */
export type Stamped = (place: number, left: number, seconds: number, nanoseconds: number) => void;

/**
 * When the kernel saw datagrams of one socket leave that asked for that, each with a control
 * message of its own. The kernel numbers them; nothing is allocated for one.
 */
export class TransmitStamps {
  readonly #libc: Libc;
  #fd: number;
  readonly #view: DataView;
  readonly #base: bigint;
  readonly #places = new Int32Array(ring).fill(-1);
  readonly #left = new Float64Array(ring);
  /** The number that the kernel gives to the next one. */
  #next = 0;
  #expected = 0;

  constructor(libc: Libc, fd: number) {
    this.#libc = libc;
    this.#fd = fd;
    const arena = libc.arena(at.end);
    this.#base = arena.address;
    this.#view = new DataView(arena.buffer);
    this.#view.setBigUint64(message.control, this.#base + BigInt(at.control), true);
    this.#ask(reported);
  }

  /** Whether stamps have yet to come. */
  get waiting(): boolean {
    return this.#expected > 0;
  }

  /** From now on they are sent by another socket. */
  move(fd: number): void {
    if (fd === this.#fd) return;
    this.#fd = fd;
    this.#forget();
  }

  /** One more is sent that asks for a stamp. */
  expect(place: number, left: number): void {
    this.#places[this.#next % ring] = place;
    this.#left[this.#next % ring] = left;
    this.#next = (this.#next + 1) % 2 ** 32;
    this.#expected++;
  }

  /** Some that were expected have not been sent: the kernel is made to count from 0 again. */
  lost(): void {
    if (this.#expected === 0) return;
    this.#ask(0);
    this.read(() => undefined);
    this.#forget();
  }

  /** Takes all that are there off the socket's error queue. */
  read(stamped: Stamped): void {
    const view = this.#view;
    while (this.#expected > 0) {
      view.setUint32(message.nameLength, 0, true);
      view.setBigUint64(message.controlLength, BigInt(at.end - at.control), true);
      if (this.#libc.recvmsg(this.#fd, this.#base, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
      this.#take(stamped);
    }
  }

  #take(stamped: Stamped): void {
    const view = this.#view;
    const end = at.control + view.getUint32(message.controlLength, true);
    let number = -1;
    let stampAt = 0;
    for (let here: number = at.control; here + control.data <= end; ) {
      const level = view.getInt32(here + control.level, true);
      const type = view.getInt32(here + control.type, true);
      if (level === SOL_SOCKET && type === SO_TIMESTAMPING) stampAt = here + control.data;
      if (isError(level, type)) number = view.getUint32(here + control.data + numberAt, true);
      const size = view.getUint32(here, true);
      if (size < control.data) break;
      here += (size + 7) & ~7;
    }
    if (stampAt === 0 || number < 0) return;
    this.#expected--;
    const place = this.#places[number % ring] ?? -1;
    this.#places[number % ring] = -1;
    const seconds = view.getUint32(stampAt, true) + view.getInt32(stampAt + 4, true) * 2 ** 32;
    const nanoseconds = view.getUint32(stampAt + 8, true);
    if (place >= 0) stamped(place, this.#left[number % ring] ?? 0, seconds, nanoseconds);
  }

  #forget(): void {
    this.#places.fill(-1);
    this.#next = 0;
    this.#expected = 0;
    this.#ask(reported);
  }

  #ask(flags: number): void {
    this.#libc.setsockopt(this.#fd, SOL_SOCKET, SO_TIMESTAMPING, Int32Array.of(flags), 4);
  }
}

function isError(level: number, type: number): boolean {
  return (
    (level === IPPROTO_IP && type === IP_RECVERR) ||
    (level === IPPROTO_IPV6 && type === IPV6_RECVERR)
  );
}
