import {
  AF_INET,
  AF_INET6,
  control,
  controlSpace,
  IP_PKTINFO,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_HOPLIMIT,
  IPV6_PKTINFO,
  MSG_DONTWAIT,
  MSG_ERRQUEUE,
  message,
  name,
  SO_TIMESTAMPING,
  SOL_SOCKET,
  vector,
} from "./abi.ts";
import { needsScope } from "./ip-address.ts";
import type { Libc } from "./libc.ts";
import { payloadMax } from "./packet-batch.ts";

export interface Outgoing {
  /** 4 or 16 octets. */
  readonly to: Uint8Array;
  readonly port: number;
  /** Index of the interface that it leaves by; 0: the route decides. */
  readonly interfaceIndex: number;
  readonly ttl: number | undefined;
  readonly bytes: Uint8Array;
}

const at = { header: 0, vector: 64, name: 80, control: 112, payload: 368 } as const;
const controlMax = at.payload - at.control;
const nanosecond = 1_000_000_000n;

/** Sends single datagrams, and reads back when they left. */
export class PacketOut {
  readonly #libc: Libc;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #base: bigint;

  constructor(libc: Libc) {
    this.#libc = libc;
    const arena = libc.arena(at.payload + payloadMax);
    this.#base = arena.address;
    this.#view = new DataView(arena.buffer);
    this.#bytes = new Uint8Array(arena.buffer);
    const header = this.#view;
    header.setBigUint64(at.header + message.name, this.#base + BigInt(at.name), true);
    header.setBigUint64(at.header + message.vector, this.#base + BigInt(at.vector), true);
    header.setBigUint64(at.header + message.control, this.#base + BigInt(at.control), true);
    header.setBigUint64(at.vector + vector.base, this.#base + BigInt(at.payload), true);
  }

  /** Writes all that `send` needs, so that nothing is left to do after the clock was read. */
  prepare(out: Outgoing): void {
    const four = out.to.length === 4;
    const view = this.#view;
    this.#bytes.fill(0, at.name, at.payload);
    view.setUint16(at.name + name.family, four ? AF_INET : AF_INET6, true);
    view.setUint16(at.name + name.port, out.port, false);
    this.#bytes.set(out.to, at.name + (four ? name.address4 : name.address6));
    if (needsScope(out.to)) view.setUint32(at.name + name.scope6, out.interfaceIndex, true);
    view.setUint32(at.header + message.nameLength, four ? name.size4 : name.size6, true);
    view.setBigUint64(at.header + message.vectorLength, 1n, true);
    this.#bytes.set(out.bytes, at.payload);
    view.setBigUint64(at.vector + vector.length, BigInt(out.bytes.length), true);
    let end: number = at.control;
    if (out.interfaceIndex !== 0) {
      const data = end + control.data + (four ? 0 : 16);
      view.setInt32(data, out.interfaceIndex, true);
      end = four
        ? this.#control(end, IPPROTO_IP, IP_PKTINFO, 12)
        : this.#control(end, IPPROTO_IPV6, IPV6_PKTINFO, 20);
    }
    if (out.ttl !== undefined) {
      view.setInt32(end + control.data, out.ttl, true);
      end = four
        ? this.#control(end, IPPROTO_IP, IP_TTL, 4)
        : this.#control(end, IPPROTO_IPV6, IPV6_HOPLIMIT, 4);
    }
    view.setBigUint64(at.header + message.controlLength, BigInt(end - at.control), true);
  }

  /** Sends what was prepared; false where `errorName` says why not. */
  send(fd: number): boolean {
    return this.#libc.sendmsg(fd, this.#base, MSG_DONTWAIT) >= 0;
  }

  /**
   * The kernel's stamps, oldest first, of what was sent on a socket that asks for them: ns by
   * CLOCK_REALTIME. Takes them all off the socket's error queue.
   */
  transmitStamps(fd: number): readonly bigint[] {
    const stamps: bigint[] = [];
    const view = this.#view;
    for (;;) {
      view.setUint32(at.header + message.nameLength, 0, true);
      view.setBigUint64(at.header + message.vectorLength, 0n, true);
      view.setBigUint64(at.header + message.controlLength, BigInt(controlMax), true);
      if (this.#libc.recvmsg(fd, this.#base, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return stamps;
      const stamp = this.#stamp();
      if (stamp !== undefined) stamps.push(stamp);
    }
  }

  #stamp(): bigint | undefined {
    const view = this.#view;
    const length = Number(view.getBigUint64(at.header + message.controlLength, true));
    for (let here: number = at.control; here + control.data <= at.control + length; ) {
      const level = view.getInt32(here + control.level, true);
      const type = view.getInt32(here + control.type, true);
      const data = here + control.data;
      if (level === SOL_SOCKET && type === SO_TIMESTAMPING) {
        const seconds = view.getBigInt64(data, true);
        // Software stamps are the first of three.
        if (seconds !== 0n) return seconds * nanosecond + view.getBigInt64(data + 8, true);
      }
      const size = Number(view.getBigUint64(here, true));
      if (size < control.data) return undefined;
      here += (size + 7) & ~7;
    }
    return undefined;
  }

  #control(start: number, level: number, type: number, length: number): number {
    this.#view.setBigUint64(start, BigInt(control.data + length), true);
    this.#view.setInt32(start + control.level, level, true);
    this.#view.setInt32(start + control.type, type, true);
    return start + controlSpace(length);
  }
}
