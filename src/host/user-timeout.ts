import type { Socket } from "node:net";
import { IPPROTO_TCP, TCP_USER_TIMEOUT } from "./abi.ts";
import type { Libc } from "./libc.ts";

const silenceMaxMs = 45_000;

/**
 * Ends a connection whose peer has acknowledged nothing for so long (RFC 5482): without it, what
 * was sent to a peer that is gone is sent again for a quarter of an hour, and its locks stay.
 */
export function boundSilence(libc: Libc): (socket: Socket) => void {
  return (socket) => {
    // Node tells no descriptor of a socket: its handle does. Should it not, keep-alive remains.
    const handle: unknown = Reflect.get(socket, "_handle");
    const fd: unknown = handle instanceof Object ? Reflect.get(handle, "fd") : undefined;
    if (typeof fd !== "number" || !Number.isInteger(fd) || fd < 0) return;
    libc.setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, Int32Array.of(silenceMaxMs), 4);
  };
}
