import {
  BPF_ABSOLUTE_WORD,
  BPF_MOD,
  BPF_MULTIPLY,
  BPF_RETURN_A,
  BPF_SHIFT_RIGHT,
  BPF_TO_X,
  BPF_XOR_X,
  SKF_NET_OFF,
  SO_ATTACH_REUSEPORT_CBPF,
  SO_REUSEPORT,
  SOL_SOCKET,
} from "./abi.ts";
import type { Libc } from "./libc.ts";
import { bindError } from "./sockets.ts";
import { openUdp } from "./udp-socket.ts";

/** The server's sockets: of each family that the machine has, one for each thread. */
export interface Serving {
  readonly port: number;
  readonly fds: ReadonlyMap<4 | 6, readonly number[]>;
}

/** Opens a port for so many threads, or throws SocketError, and then nothing is open. */
export function openServing(libc: Libc, port: number, threads: number): Serving {
  const fds = new Map<4 | 6, readonly number[]>();
  for (const family of [4, 6] as const) {
    const opened = openFamily(libc, family, port, threads);
    if (typeof opened !== "string") {
      fds.set(family, opened);
      continue;
    }
    // A machine may do without IPv6, or without IPv4.
    if (opened === "EAFNOSUPPORT") continue;
    closeServing(libc, { port, fds });
    throw bindError(opened, port, family);
  }
  if (fds.size === 0) throw bindError("EAFNOSUPPORT", port, 4);
  return { port, fds };
}

/** Closes sockets that no thread has heard of, or whose threads are gone. */
export function closeServing(libc: Libc, { fds }: Serving): void {
  for (const fd of [...fds.values()].flat()) libc.close(fd);
}

/** One socket for each thread, or the system's word for what it has refused. */
function openFamily(
  libc: Libc,
  family: 4 | 6,
  port: number,
  threads: number,
): readonly number[] | string {
  const fds: number[] = [];
  for (let i = 0; i < threads; i++) {
    // The first one shares with nobody while it is bound: who has the port already is found out.
    const opened = openUdp(libc, { family, port, transmitStamps: false, shared: i > 0 });
    if (typeof opened !== "number") {
      for (const fd of fds) libc.close(fd);
      return opened.code;
    }
    fds.push(opened);
    const on = Int32Array.of(1);
    if (threads > 1) libc.setsockopt(opened, SOL_SOCKET, SO_REUSEPORT, on, 4);
  }
  const [first] = fds;
  if (first !== undefined && threads > 1) spread(libc, first, family, threads);
  return fds;
}

/**
 * Gives all that one client sends to the same thread, whatever port it asks from (RFC 9109 changes
 * it for each request): the thread remembers how often it asked, and what it was answered. A client
 * is an IPv4 address or an IPv6 /64. Where the kernel refuses, it spreads by address and port.
 */
function spread(libc: Libc, fd: number, family: 4 | 6, threads: number): void {
  // Where the source address stands in the header.
  const load =
    family === 4
      ? [instruction(BPF_ABSOLUTE_WORD, SKF_NET_OFF + 12)]
      : [
          instruction(BPF_ABSOLUTE_WORD, SKF_NET_OFF + 8),
          instruction(BPF_TO_X, 0),
          instruction(BPF_ABSOLUTE_WORD, SKF_NET_OFF + 12),
          instruction(BPF_XOR_X, 0),
        ];
  const program = [
    ...load,
    instruction(BPF_MULTIPLY, 0x9e37_79b1),
    instruction(BPF_SHIFT_RIGHT, 16),
    instruction(BPF_MOD, threads),
    instruction(BPF_RETURN_A, 0),
  ];
  // struct sock_fprog, and behind it what it points to: both are copied by the kernel.
  const arena = libc.arena(16 + program.length * 8);
  const view = new DataView(arena.buffer);
  view.setUint16(0, program.length, true);
  view.setBigUint64(8, arena.address + 16n, true);
  program.forEach((one, i) => {
    view.setBigUint64(16 + i * 8, one, true);
  });
  libc.setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, arena.address, 16);
}

/** struct sock_filter without jumps. */
function instruction(code: number, operand: number): bigint {
  return (BigInt(operand >>> 0) << 32n) | BigInt(code);
}
