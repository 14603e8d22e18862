import { writeSync } from "node:fs";
import { AF_UNIX, SO_TIMESTAMPNS, SOCK_CLOEXEC, SOCK_DGRAM, SOL_SOCKET } from "./abi.ts";
import type { Libc } from "./libc.ts";
import { PacketBatch } from "./packet-batch.ts";

/**
 * Whether the kernel fills the structures as abi.ts describes them: a datagram through a pair of
 * local sockets must come out with its length, octets and stamp. It needs no network.
 */
export function abiHolds(libc: Libc): boolean {
  const pair = new Int32Array(2);
  if (libc.socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0) return false;
  const [near = -1, far = -1] = pair;
  try {
    libc.setsockopt(far, SOL_SOCKET, SO_TIMESTAMPNS, Int32Array.of(1), 4);
    const sent = Uint8Array.from({ length: 48 }, (_, i) => 255 - i);
    writeSync(near, sent);
    const batch = new PacketBatch(libc);
    const count = batch.receive(far);
    const received = batch.payloads[0]?.subarray(0, batch.length(0)) ?? new Uint8Array();
    const age = Date.now() / 1_000 - (batch.stampSeconds[0] ?? 0);
    return count === 1 && Buffer.compare(received, sent) === 0 && Math.abs(age) < 60;
  } finally {
    libc.close(near);
    libc.close(far);
  }
}
