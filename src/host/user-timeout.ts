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
    const fd = descriptorOf(socket);
    if (fd === undefined) return;
    libc.setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, Int32Array.of(silenceMaxMs), 4);
  };
}

/** Node tells no descriptor of a socket: its handle does. undefined: it does not. */
export function descriptorOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, "_handle");
  const fd: unknown = handle instanceof Object ? Reflect.get(handle, "fd") : undefined;
  return typeof fd === "number" && Number.isInteger(fd) && fd >= 0 ? fd : undefined;
}
