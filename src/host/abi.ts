// Numbers of Linux's generic kernel headers, and the layout of its structures on 64-bit
// little-endian machines. A self-test holds the layouts against the running kernel.

export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0x800;
export const SOCK_CLOEXEC = 0x80000;
export const EFD_NONBLOCK = 0x800;
export const EFD_CLOEXEC = 0x80000;
export const EPOLL_CLOEXEC = 0x80000;
export const EPOLL_CTL_ADD = 1;
export const EPOLLIN = 1;
export const EPOLLET = 2 ** 31;

export const MSG_DONTWAIT = 0x40;
export const MSG_TRUNC = 0x20;
export const MSG_ERRQUEUE = 0x2000;

export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_BROADCAST = 6;
export const SO_RCVBUF = 8;
export const SO_REUSEPORT = 15;
export const SO_TIMESTAMPNS = 35;
export const SO_TIMESTAMPING = 37;
export const SO_ATTACH_REUSEPORT_CBPF = 51;
export const SOF_TIMESTAMPING_TX_SOFTWARE = 1 << 1;
export const SOF_TIMESTAMPING_SOFTWARE = 1 << 4;
export const SOF_TIMESTAMPING_OPT_ID = 1 << 7;
export const SOF_TIMESTAMPING_OPT_TSONLY = 1 << 11;
export const IP_RECVERR = 11;
export const IPV6_RECVERR = 25;

export const IPPROTO_IP = 0;
export const IP_TTL = 2;
export const IP_PKTINFO = 8;
export const IP_MULTICAST_LOOP = 34;
export const IP_ADD_MEMBERSHIP = 35;
export const IP_DROP_MEMBERSHIP = 36;

export const IPPROTO_TCP = 6;
export const TCP_KEEPINTVL = 5;
export const TCP_KEEPCNT = 6;
export const TCP_USER_TIMEOUT = 18;

export const IPPROTO_IPV6 = 41;
export const IPV6_MULTICAST_LOOP = 19;
export const IPV6_ADD_MEMBERSHIP = 20;
export const IPV6_DROP_MEMBERSHIP = 21;
export const IPV6_V6ONLY = 26;
export const IPV6_RECVPKTINFO = 49;
export const IPV6_PKTINFO = 50;
export const IPV6_HOPLIMIT = 52;

export const ADJ_FREQUENCY = 0x2;
export const ADJ_MAXERROR = 0x4;
export const ADJ_ESTERROR = 0x8;
export const ADJ_STATUS = 0x10;
export const ADJ_SETOFFSET = 0x100;
export const ADJ_NANO = 0x2000;
export const ADJ_TICK = 0x4000;
export const STA_INS = 0x10;
export const STA_DEL = 0x20;
export const STA_UNSYNC = 0x40;
export const TIME_OOP = 3;
export const TIME_WAIT = 4;

/** Classic BPF: the codes of instructions, and where the network header begins. */
export const BPF_ABSOLUTE_WORD = 0x20;
export const BPF_TO_X = 0x07;
export const BPF_XOR_X = 0xac;
export const BPF_MULTIPLY = 0x24;
export const BPF_SHIFT_RIGHT = 0x74;
export const BPF_MOD = 0x94;
export const BPF_RETURN_A = 0x16;
export const SKF_NET_OFF = -0x100000;

export const SCHED_OTHER = 0;
export const SCHED_FIFO = 1;
export const SCHED_FLAG_RESET_ON_FORK = 1;
/** The number of sched_setattr(2), which older C libraries do not name; x86-64 has its own. */
export const schedSetattr = { x64: 314, others: 274 } as const;
export const CLOCK_THREAD_CPUTIME_ID = 3;

/** struct sched_attr, as Linux has had it from the first. */
export const scheduling = {
  size: 48,
  policy: 4,
  flags: 8,
  nice: 16,
  priority: 20,
  runtime: 24,
} as const;

/** struct timex, and of its time the seconds and the part of one. */
export const timex = {
  size: 208,
  modes: 0,
  frequency: 16,
  maxError: 24,
  estimatedError: 32,
  status: 40,
  seconds: 72,
  part: 80,
  tick: 88,
  tai: 160,
} as const;

/** struct mmsghdr: a msghdr, and then how much of it was received or sent. */
export const message = {
  size: 64,
  name: 0,
  nameLength: 8,
  vector: 16,
  vectorLength: 24,
  control: 32,
  controlLength: 40,
  flags: 48,
  length: 56,
} as const;

/** struct iovec */
export const vector = { size: 16, base: 0, length: 8 } as const;

/** struct cmsghdr; the data follows, and the whole is rounded up to 8 octets. */
export const control = { length: 0, level: 8, type: 12, data: 16 } as const;

/** struct sockaddr_in and sockaddr_in6 */
export const name = {
  family: 0,
  port: 2,
  address4: 4,
  size4: 16,
  address6: 8,
  scope6: 24,
  size6: 28,
} as const;

export function controlSpace(dataLength: number): number {
  return control.data + Math.ceil(dataLength / 8) * 8;
}
