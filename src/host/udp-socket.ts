import {
  AF_INET,
  AF_INET6,
  IP_MULTICAST_LOOP,
  IP_PKTINFO,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_MULTICAST_LOOP,
  IPV6_RECVPKTINFO,
  IPV6_V6ONLY,
  name,
  SO_BROADCAST,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SO_TIMESTAMPING,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOF_TIMESTAMPING_OPT_TSONLY,
  SOF_TIMESTAMPING_SOFTWARE,
  SOF_TIMESTAMPING_TX_SOFTWARE,
  SOL_SOCKET,
} from "./abi.ts";
import type { Libc } from "./libc.ts";

export interface UdpOptions {
  readonly family: 4 | 6;
  /** 0: a random one. */
  readonly port: number;
  /** Ask the kernel when what is sent has left. */
  readonly transmitStamps: boolean;
  /** Others that say so too may have the port as well. */
  readonly shared: boolean;
  /** At this address alone; all addresses where it is left out. */
  readonly address?: Uint8Array;
}

const receiveBuffer = 1 << 20;
const transmitFlags =
  SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY;

/** A bound UDP socket, with stamps and destination addresses on. */
export function openUdp(libc: Libc, options: UdpOptions): number | { readonly code: string } {
  const four = options.family === 4;
  const type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const fd = libc.socket(four ? AF_INET : AF_INET6, type, 0);
  if (fd < 0) return { code: libc.errorName() };
  const set = (level: number, option: number, value: number): void => {
    libc.setsockopt(fd, level, option, Int32Array.of(value), 4);
  };
  set(SOL_SOCKET, SO_TIMESTAMPNS, 1);
  set(SOL_SOCKET, SO_RCVBUF, receiveBuffer);
  if (options.shared) set(SOL_SOCKET, SO_REUSEPORT, 1);
  if (options.address !== undefined) set(SOL_SOCKET, SO_REUSEADDR, 1);
  if (options.transmitStamps) set(SOL_SOCKET, SO_TIMESTAMPING, transmitFlags);
  if (four) {
    set(SOL_SOCKET, SO_BROADCAST, 1);
    set(IPPROTO_IP, IP_PKTINFO, 1);
    set(IPPROTO_IP, IP_MULTICAST_LOOP, 1);
  } else {
    set(IPPROTO_IPV6, IPV6_V6ONLY, 1);
    set(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    set(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 1);
  }
  const address = new DataView(new ArrayBuffer(name.size6));
  address.setUint16(name.family, four ? AF_INET : AF_INET6, true);
  address.setUint16(name.port, options.port, false);
  const at = four ? name.address4 : name.address6;
  new Uint8Array(address.buffer).set(options.address ?? [], at);
  if (libc.bind(fd, address, four ? name.size4 : name.size6) === 0) return fd;
  const code = libc.errorName();
  libc.close(fd);
  return { code };
}
