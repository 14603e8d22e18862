import { abiHolds } from "./abi-check.ts";
import type { Libc } from "./libc.ts";
import type { HostClock } from "./raw-clock.ts";
import type { SocketHandlers, Sockets } from "./sockets.ts";
import { DgramSockets } from "./udp-dgram.ts";
import { KoffiSockets } from "./udp-koffi.ts";

/** How UDP is to be done. */
export interface UdpTerms {
  /** Which form (NTPCONFD_UDP in the environment), for tests; else the better one that works. */
  readonly form: string | undefined;
  /** How many threads answer clients, where there are any: the form "koffi" alone has them. */
  readonly threads: number;
}

/** The better form of UDP that works here. */
export function openSockets(
  libc: Libc | undefined,
  clock: HostClock,
  handlers: SocketHandlers,
  { form, threads }: UdpTerms,
): Sockets {
  if (libc !== undefined && form !== "dgram" && abiHolds(libc)) {
    return new KoffiSockets(libc, clock, handlers, threads);
  }
  if (form === "koffi") throw new Error("NTPCONFD_UDP=koffi: koffi does not work on this machine");
  if (threads > 1) handlers.log("warn", "without koffi NTP clients are answered by one thread", {});
  return new DgramSockets(clock, handlers);
}
