import { abiHolds } from "./abi-check.ts";
import type { Libc } from "./libc.ts";
import type { HostClock } from "./raw-clock.ts";
import type { SocketHandlers, Sockets } from "./sockets.ts";
import { DgramSockets } from "./udp-dgram.ts";
import { KoffiSockets } from "./udp-koffi.ts";

/**
 * The better form of UDP that works here. `form` (NTPCONFD_UDP in the environment) asks for one of
 * them: for tests.
 */
export function openSockets(
  libc: Libc | undefined,
  clock: HostClock,
  handlers: SocketHandlers,
  form: string | undefined,
): Sockets {
  if (libc !== undefined && form !== "dgram" && abiHolds(libc)) {
    return new KoffiSockets(libc, clock, handlers);
  }
  if (form === "koffi") throw new Error("NTPCONFD_UDP=koffi: koffi does not work on this machine");
  return new DgramSockets(clock, handlers);
}
