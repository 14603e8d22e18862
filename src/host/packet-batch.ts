import {
  AF_INET,
  AF_INET6,
  control,
  controlSpace,
  IP_PKTINFO,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_PKTINFO,
  MSG_DONTWAIT,
  MSG_TRUNC,
  message,
  name,
  SO_TIMESTAMPING,
  SO_TIMESTAMPNS,
  SOF_TIMESTAMPING_TX_SOFTWARE,
  SOL_SOCKET,
  vector,
} from "./abi.ts";
import type { Libc } from "./libc.ts";

/** Longer datagrams are junk: an NTP packet with its extensions and MAC is far shorter. */
export const payloadMax = 1_024;

const slots = 64;
const nameSpace = 32;
const receiveControlSpace = 192;
const sendControlSpace = 64;

/** Where the kernel's stamp is missing: a datagram that was queued before stamps were asked for. */
const noStamp = -1;
const none = new Uint8Array();

/**
 * Datagrams received and answered in batches, one system call for up to 64. All of it lies in one
 * piece of memory with fixed addresses; a datagram is known by its slot until the next `receive`.
 */
export class PacketBatch {
  /** Octets of each slot's datagram. */
  readonly payloads: readonly Uint8Array[];
  /** Where the reply of each slot is built. */
  readonly replies: readonly Uint8Array[];
  /** When the kernel took it in, by CLOCK_REALTIME: seconds and nanoseconds; -1 s: unknown. */
  readonly stampSeconds = new Float64Array(slots);
  readonly stampNanoseconds = new Float64Array(slots);
  /** The interface it came in on; 0: unknown. */
  readonly interfaces = new Int32Array(slots);
  readonly #libc: Libc;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #base: number;
  readonly #at: Layout;
  /** Offset of each slot's pktinfo data; 0: there was none. */
  readonly #packetInfo = new Int32Array(slots);
  readonly #sources4: readonly Uint8Array[];
  readonly #sources6: readonly Uint8Array[];
  readonly #destinations: Uint8Array[] = [];
  #received = slots;
  #queued = 0;
  #told = 0;
  #lastTold = 0;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#at = layout();
    const arena = libc.arena(this.#at.end);
    this.#base = Number(arena.address);
    this.#view = new DataView(arena.buffer);
    this.#bytes = new Uint8Array(arena.buffer);
    this.#words = new Int32Array(arena.buffer);
    const each = (start: number): Uint8Array[] =>
      Array.from({ length: slots }, (_, i) =>
        this.#bytes.subarray(start + i * payloadMax, start + (i + 1) * payloadMax),
      );
    this.payloads = each(this.#at.payload);
    this.replies = each(this.#at.reply);
    const names = (offset: number, length: number): Uint8Array[] =>
      Array.from({ length: slots }, (_, i) => {
        const start = this.#at.name + i * nameSpace + offset;
        return this.#bytes.subarray(start, start + length);
      });
    this.#sources4 = names(name.address4, 4);
    this.#sources6 = names(name.address6, 16);
    for (let i = 0; i < slots; i++) this.#wire(i);
  }

  /** Takes in what is waiting; the number of slots filled, or -1 where `errorName` says why. */
  receive(fd: number): number {
    for (let i = 0; i < this.#received; i++) {
      const header = (this.#at.receive + i * message.size) >> 2;
      this.#words[header + (message.nameLength >> 2)] = name.size6;
      this.#words[header + (message.controlLength >> 2)] = receiveControlSpace;
      this.#words[header + (message.flags >> 2)] = 0;
    }
    this.#queued = 0;
    this.#told = 0;
    const first = this.#base + this.#at.receive;
    const count = this.#libc.recvmmsg(fd, first, slots, MSG_DONTWAIT, 0);
    this.#received = Math.max(count, 0);
    for (let i = 0; i < this.#received; i++) this.#readControl(i);
    return count;
  }

  length(slot: number): number {
    return this.#words[(this.#at.receive + slot * message.size + message.length) >> 2] ?? 0;
  }

  /** It was longer than a slot. */
  truncated(slot: number): boolean {
    const flags = this.#words[(this.#at.receive + slot * message.size + message.flags) >> 2] ?? 0;
    return (flags & MSG_TRUNC) !== 0;
  }

  /** The sender's address, 4 or 16 octets; empty for a sender of no known family. */
  source(slot: number): Uint8Array {
    const family = this.#family(slot);
    if (family === AF_INET) return this.#sources4[slot] ?? none;
    return family === AF_INET6 ? (this.#sources6[slot] ?? none) : none;
  }

  sourcePort(slot: number): number {
    const at = this.#at.name + slot * nameSpace + name.port;
    return ((this.#bytes[at] ?? 0) << 8) | (this.#bytes[at + 1] ?? 0);
  }

  /** The address that it was sent to; undefined where the kernel did not say. */
  destination(slot: number): Uint8Array | undefined {
    const info = this.#packetInfo[slot] ?? 0;
    if (info === 0) return undefined;
    const four = this.#family(slot) === AF_INET;
    const start = four ? info + 8 : info;
    // A view costs more than all the rest: the kernel puts it in the same place time and again.
    const last = this.#destinations[slot];
    const length = four ? 4 : 16;
    if (last?.byteOffset === this.#bytes.byteOffset + start && last.length === length) return last;
    const view = this.#bytes.subarray(start, start + length);
    this.#destinations[slot] = view;
    return view;
  }

  /** It was sent to a group, or to everybody: each socket of the port has got it. */
  isForAll(slot: number): boolean {
    const info = this.#packetInfo[slot] ?? 0;
    if (info === 0) return false;
    if (this.#family(slot) !== AF_INET) return this.#bytes[info] === 0xff;
    // ipi_spec_dst, an address of ours, beside ipi_addr, where it was sent.
    return this.#words[(info + 4) >> 2] !== this.#words[(info + 8) >> 2];
  }

  /** Replies queued since the last `receive` that are told where to leave from. */
  get told(): number {
    return this.#told;
  }

  /** The address that the last of these was sent to; undefined: it was not one host's alone. */
  get toldFrom(): Uint8Array | undefined {
    const slot = this.#lastTold;
    return this.#told === 0 || this.isForAll(slot) ? undefined : this.destination(slot);
  }

  /**
   * The reply in `replies[slot]` goes to the sender, from the address that was asked. `stamp`: the
   * kernel is to tell when it left. `own`: the address, as words, that it leaves from untold.
   */
  queueReply(slot: number, length: number, stamp: boolean, own: Int32Array): void {
    const k = this.#queued++;
    const header = this.#at.send + k * message.size;
    const entry = this.#at.sendVector + k * vector.size;
    this.#pointer(header + message.name, this.#at.name + slot * nameSpace);
    const size = this.#family(slot) === AF_INET ? name.size4 : name.size6;
    this.#words[(header + message.nameLength) >> 2] = size;
    this.#pointer(entry + vector.base, this.#at.reply + slot * payloadMax);
    this.#words[(entry + vector.length) >> 2] = length;
    const first = this.#at.sendControl + k * sendControlSpace;
    let space = 0;
    if (!this.#isAsked(slot, own)) {
      space = this.#echoPacketInfo(slot, first);
      this.#told++;
      this.#lastTold = slot;
    }
    if (stamp) space += this.#askStamp(first + space);
    this.#words[(header + message.controlLength) >> 2] = space;
  }

  /** Sends what was queued; the number of replies that the kernel took. */
  flush(fd: number): number {
    let next = 0;
    let sent = 0;
    while (next < this.#queued) {
      const first = this.#base + this.#at.send + next * message.size;
      const count = this.#libc.sendmmsg(fd, first, this.#queued - next, MSG_DONTWAIT);
      if (count > 0) sent += count;
      // The call stops at one that it cannot send: that one is left out.
      next += count > 0 ? count : 1;
    }
    this.#queued = 0;
    return sent;
  }

  /** Whether this address of ours is the one that was asked. */
  #isAsked(slot: number, own: Int32Array): boolean {
    const info = this.#packetInfo[slot] ?? 0;
    if (info === 0 || own.length === 0) return false;
    const at = (info >> 2) + (own.length === 1 ? 2 : 0);
    for (let i = 0; i < own.length; i++) if (this.#words[at + i] !== own[i]) return false;
    return true;
  }

  #family(slot: number): number {
    return this.#bytes[this.#at.name + slot * nameSpace] ?? 0;
  }

  #wire(i: number): void {
    const receive = this.#at.receive + i * message.size;
    const receiveVector = this.#at.receiveVector + i * vector.size;
    this.#pointer(receive + message.name, this.#at.name + i * nameSpace);
    this.#pointer(receive + message.vector, receiveVector);
    this.#view.setUint32(receive + message.vectorLength, 1, true);
    this.#pointer(receive + message.control, this.#at.receiveControl + i * receiveControlSpace);
    this.#pointer(receiveVector + vector.base, this.#at.payload + i * payloadMax);
    this.#view.setUint32(receiveVector + vector.length, payloadMax, true);
    const send = this.#at.send + i * message.size;
    this.#pointer(send + message.vector, this.#at.sendVector + i * vector.size);
    this.#view.setUint32(send + message.vectorLength, 1, true);
    this.#pointer(send + message.control, this.#at.sendControl + i * sendControlSpace);
  }

  #pointer(at: number, target: number): void {
    const address = this.#base + target;
    this.#words[at >> 2] = address | 0;
    this.#words[(at >> 2) + 1] = Math.floor(address / 2 ** 32);
  }

  #readControl(slot: number): void {
    const words = this.#words;
    this.stampSeconds[slot] = noStamp;
    this.interfaces[slot] = 0;
    this.#packetInfo[slot] = 0;
    const header = this.#at.receive + slot * message.size;
    const start = this.#at.receiveControl + slot * receiveControlSpace;
    const end = start + (words[(header + message.controlLength) >> 2] ?? 0);
    for (let at = start; at + control.data <= end; ) {
      const length = words[at >> 2] ?? 0;
      const level = words[(at + control.level) >> 2];
      const type = words[(at + control.type) >> 2];
      const data = at + control.data;
      if (level === SOL_SOCKET && type === SO_TIMESTAMPNS) {
        this.stampSeconds[slot] =
          ((words[data >> 2] ?? 0) >>> 0) + (words[(data >> 2) + 1] ?? 0) * 2 ** 32;
        this.stampNanoseconds[slot] = words[(data + 8) >> 2] ?? 0;
      } else if (level === IPPROTO_IP && type === IP_PKTINFO) {
        this.#packetInfo[slot] = data;
        this.interfaces[slot] = words[data >> 2] ?? 0;
      } else if (level === IPPROTO_IPV6 && type === IPV6_PKTINFO) {
        this.#packetInfo[slot] = data;
        this.interfaces[slot] = words[(data + 16) >> 2] ?? 0;
      }
      if (length < control.data) return;
      at += (length + 7) & ~7;
    }
  }

  /**
   * A control message that makes the reply leave from the address that was asked. One sent to a
   * group is answered from its interface; any other by the route, for it may come in on one
   * interface and be answered on another.
   */
  #echoPacketInfo(slot: number, at: number): number {
    const info = this.#packetInfo[slot] ?? 0;
    if (info === 0) return 0;
    const words = this.#words;
    const data = (at + control.data) >> 2;
    const from = info >> 2;
    if (this.#family(slot) === AF_INET) {
      const group = ((this.#bytes[info + 8] ?? 0) & 0xf0) === 0xe0;
      words[data] = group ? (words[from] ?? 0) : 0;
      // ipi_spec_dst: the kernel has put the local address there, for a group as well.
      words[data + 1] = words[from + 1] ?? 0;
      words[data + 2] = 0;
      return this.#writeControl(at, IPPROTO_IP, IP_PKTINFO, 12);
    }
    const first = this.#bytes[info] ?? 0;
    const second = this.#bytes[info + 1] ?? 0;
    const group = first === 0xff;
    const linkLocal = first === 0xfe && (second & 0xc0) === 0x80;
    for (let i = 0; i < 4; i++) words[data + i] = group ? 0 : (words[from + i] ?? 0);
    words[data + 4] = group || linkLocal ? (words[from + 4] ?? 0) : 0;
    return this.#writeControl(at, IPPROTO_IPV6, IPV6_PKTINFO, 20);
  }

  #askStamp(at: number): number {
    this.#words[(at + control.data) >> 2] = SOF_TIMESTAMPING_TX_SOFTWARE;
    return this.#writeControl(at, SOL_SOCKET, SO_TIMESTAMPING, 4);
  }

  #writeControl(at: number, level: number, type: number, length: number): number {
    this.#words[at >> 2] = control.data + length;
    this.#words[(at >> 2) + 1] = 0;
    this.#words[(at + control.level) >> 2] = level;
    this.#words[(at + control.type) >> 2] = type;
    return controlSpace(length);
  }
}

type Layout = ReturnType<typeof layout>;

/** Offsets of the arrays in the batch's memory. */
function layout() {
  let next = 0;
  const array = (size: number): number => {
    const start = next;
    next += size * slots;
    return start;
  };
  return {
    receive: array(message.size),
    send: array(message.size),
    receiveVector: array(vector.size),
    sendVector: array(vector.size),
    name: array(nameSpace),
    receiveControl: array(receiveControlSpace),
    sendControl: array(sendControlSpace),
    payload: array(payloadMax),
    reply: array(payloadMax),
    end: array(0),
  };
}
