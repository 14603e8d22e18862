import { MessageChannel, Worker } from "node:worker_threads";
import type { PreparedSockets } from "../agent/index.ts";
import type { Raw } from "../base/index.ts";
import type {
  InDatagram,
  NetworkInterface,
  OutDatagram,
  ServerCounters,
  ServerSockets,
  SocketId,
  Transmitted,
} from "../ntp/index.ts";
import { addressOctets, serverSocket } from "../ntp/index.ts";
import {
  AF_NETLINK,
  EFD_CLOEXEC,
  EFD_NONBLOCK,
  EPOLL_CLOEXEC,
  EPOLL_CTL_ADD,
  EPOLLET,
  EPOLLIN,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_RAW,
} from "./abi.ts";
import type { Libc } from "./libc.ts";
import { Memberships } from "./memberships.ts";
import { PacketOut } from "./packet-out.ts";
import type { HostClock } from "./raw-clock.ts";
import { bindError, type SocketEffect, type SocketHandlers, type Sockets } from "./sockets.ts";
import { openUdp } from "./udp-socket.ts";
import {
  type FromWorker,
  SharedCounters,
  type ToWorker,
  tally,
  type WorkerStart,
} from "./worker-channel.ts";

const closeWaitMs = 5_000;

/** The server's sockets: one for each family that the machine has. */
interface Serving {
  readonly port: number;
  readonly fds: ReadonlyMap<4 | 6, number>;
}

interface ClientSocket {
  readonly fd: number;
  readonly family: 4 | 6;
}

/**
 * UDP through the C library: sockets are opened here, where a refusal can be told at once, and read
 * by a thread of their own, which answers clients itself.
 */
export class KoffiSockets implements Sockets {
  readonly form = "koffi";
  readonly #libc: Libc;
  readonly #clock: HostClock;
  readonly #handlers: SocketHandlers;
  readonly #epoll: number;
  readonly #wake: number;
  readonly #routes: number;
  readonly #worker: Worker;
  readonly #port: MessageChannel["port1"];
  readonly #counters = new SharedCounters();
  readonly #tallies = new Int32Array(new SharedArrayBuffer(12));
  readonly #memberships: Memberships;
  readonly #out: PacketOut;
  readonly #clients = new Map<SocketId, ClientSocket>();
  readonly #ended: Promise<void>;
  #serving: Serving | undefined;
  #indexes: ReadonlyMap<string, number> = new Map();
  #interfacesChanged: () => void = () => undefined;
  #closing = false;
  /** Descriptors that the thread was told to close. */
  #dismissed = 0;

  constructor(libc: Libc, clock: HostClock, handlers: SocketHandlers) {
    this.#libc = libc;
    this.#clock = clock;
    this.#handlers = handlers;
    this.#memberships = new Memberships(libc);
    this.#out = new PacketOut(libc);
    this.#epoll = libc.epoll_create1(EPOLL_CLOEXEC);
    this.#wake = libc.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    this.#routes = openRoutes(libc);
    this.#watch(this.#wake, serverSocket);
    if (this.#routes >= 0) this.#watch(this.#routes, serverSocket);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const start: WorkerStart = {
      port: port2,
      epoll: this.#epoll,
      wake: this.#wake,
      routes: this.#routes,
      counters: this.#counters.memory,
      tallies: this.#tallies.buffer,
    };
    // Beside this file as built: a thread starts from JavaScript alone.
    const file = new URL("./udp-worker.js", import.meta.url);
    this.#worker = new Worker(file, { workerData: start, transferList: [port2] });
    this.#ended = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.once("error", (error) => handlers.failed(error));
    port1.on("message", (message: FromWorker) => this.#take(message));
  }

  prepare(plan: ServerSockets | undefined): PreparedSockets {
    const before = this.#serving;
    const opened =
      plan === undefined || plan.port === before?.port ? before : this.#open(plan.port);
    const serving = plan === undefined ? undefined : opened;
    const isNew = serving !== undefined && serving !== before;
    try {
      const groups = this.#memberships.prepare(plan?.groups ?? []);
      return {
        commit: () => {
          groups.commit();
          this.#serving = serving;
          if (isNew) for (const fd of serving.fds.values()) this.#watch(fd, serverSocket);
          if (before === undefined || before === serving) return;
          for (const fd of before.fds.values()) this.#dismiss(fd);
        },
        abort: () => {
          groups.abort();
          if (isNew) this.#drop(serving);
        },
      };
    } catch (error) {
      if (isNew) this.#drop(serving);
      throw error;
    }
  }

  perform(effect: SocketEffect): Transmitted | undefined {
    switch (effect.kind) {
      case "open-socket":
        this.#openClient(effect.socket, effect.family);
        return undefined;
      case "close-socket": {
        const client = this.#clients.get(effect.socket);
        this.#clients.delete(effect.socket);
        if (client !== undefined) this.#dismiss(client.fd);
        return undefined;
      }
      case "publish":
        this.#tell({ kind: "snapshot", snapshot: effect.snapshot });
        return undefined;
      case "send":
        return this.#send(effect);
    }
  }

  interfaces(list: readonly NetworkInterface[]): void {
    this.#indexes = new Map(list.map((one) => [one.name, one.index]));
    const names = new Map(list.map((one) => [one.index, one.name]));
    this.#tell({ kind: "interfaces", names });
    for (const refusal of this.#memberships.interfaces(list)) {
      this.#handlers.log("warn", refusal, {});
    }
  }

  onInterfacesChanged(listener: () => void): void {
    this.#interfacesChanged = listener;
  }

  counters(): ServerCounters {
    return this.#counters.read();
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#tell({ kind: "stop" });
    await this.#ended;
    this.#port.close();
    this.#memberships.close();
    const clients = [...this.#clients.values()].map((client) => client.fd);
    for (const fd of [...clients, this.#epoll, this.#wake, this.#routes]) {
      if (fd >= 0) this.#libc.close(fd);
    }
    if (this.#serving !== undefined) this.#drop(this.#serving);
    this.#serving = undefined;
    this.#clients.clear();
  }

  #take(message: FromWorker): void {
    switch (message.kind) {
      case "scheduled":
        this.#handlers.log("info", "the UDP thread runs", { precedence: message.precedence });
        break;
      case "interfaces-changed":
        this.#interfacesChanged();
        break;
      case "datagrams":
        this.#takeDatagrams(message.datagrams);
        break;
    }
  }

  #takeDatagrams(datagrams: readonly InDatagram[]): void {
    Atomics.add(this.#tallies, tally.taken, datagrams.length);
    for (const datagram of datagrams) {
      // One that was closed meanwhile gets nothing more.
      const known = datagram.socket === serverSocket || this.#clients.has(datagram.socket);
      if (known) this.#handlers.received(datagram);
    }
  }

  #open(port: number): Serving {
    // The port may be one that was given up a moment ago.
    this.#awaitDismissed();
    const fds = new Map<4 | 6, number>();
    for (const family of [4, 6] as const) {
      const opened = openUdp(this.#libc, { family, port, transmitStamps: false });
      if (typeof opened === "number") {
        fds.set(family, opened);
        continue;
      }
      // A machine may do without IPv6, or without IPv4.
      if (opened.code === "EAFNOSUPPORT") continue;
      this.#drop({ port, fds });
      throw bindError(opened.code, port, family);
    }
    if (fds.size === 0) throw bindError("EAFNOSUPPORT", port, 4);
    return { port, fds };
  }

  #openClient(socket: SocketId, family: 4 | 6): void {
    const opened = openUdp(this.#libc, { family, port: 0, transmitStamps: true });
    if (typeof opened !== "number") {
      const { message } = bindError(opened.code, 0, family);
      this.#handlers.log("warn", message, {});
      return;
    }
    this.#clients.set(socket, { fd: opened, family });
    this.#watch(opened, socket);
  }

  #send(datagram: OutDatagram): Transmitted | undefined {
    const to = addressOctets(datagram.to);
    const index = datagram.interface === undefined ? 0 : this.#indexes.get(datagram.interface);
    if (to === undefined || index === undefined) return undefined;
    const family = to.length === 4 ? 4 : 6;
    const client = this.#clients.get(datagram.socket);
    const fd = client?.fd ?? this.#serving?.fds.get(family);
    if (fd === undefined || (datagram.socket !== serverSocket && client === undefined)) {
      return undefined;
    }
    const { port, ttl, bytes, token } = datagram;
    this.#out.prepare({ to, port, interfaceIndex: index, ttl, bytes });
    const before = this.#clock.now();
    if (!this.#out.send(fd)) {
      const reason = this.#libc.errorName();
      this.#handlers.log("debug", "a datagram could not be sent", { to: datagram.to, reason });
      return undefined;
    }
    const at = client === undefined ? before : this.#transmitTime(fd, before);
    return { token, at };
  }

  /**
   * The kernel's stamp, where the driver made one before the call returned: as most do. It must lie
   * between the call and now, or it is of another datagram, or the clock was stepped.
   */
  #transmitTime(fd: number, before: Raw): Raw {
    const stamp = this.#out.transmitStamps(fd).at(-1);
    if (stamp === undefined) return before;
    const { at, unix } = this.#clock.wall();
    const left = (at - (unix - stamp)) as Raw;
    return left > before && left <= at ? left : before;
  }

  #watch(fd: number, socket: SocketId): void {
    const event = new DataView(new ArrayBuffer(16));
    // struct epoll_event is packed on x86 alone.
    const data = process.arch === "x64" ? 4 : 8;
    event.setUint32(0, (EPOLLIN | EPOLLET) >>> 0, true);
    event.setUint32(data, fd, true);
    event.setUint32(data + 4, socket, true);
    this.#libc.epoll_ctl(this.#epoll, EPOLL_CTL_ADD, fd, event);
  }

  /** The thread may be about to read it: it closes it itself. */
  #dismiss(fd: number): void {
    this.#dismissed = (this.#dismissed + 1) | 0;
    this.#tell({ kind: "close", fd });
  }

  /** Until the thread has closed what it was told to: moments, unless it is gone. */
  #awaitDismissed(): void {
    for (;;) {
      const closed = Atomics.load(this.#tallies, tally.closed);
      if (closed === this.#dismissed) return;
      if (Atomics.wait(this.#tallies, tally.closed, closed, closeWaitMs) === "timed-out") return;
    }
  }

  /** Closes what the thread has never heard of, or when it is gone. */
  #drop(serving: Serving): void {
    for (const fd of serving.fds.values()) this.#libc.close(fd);
  }

  #tell(message: ToWorker): void {
    this.#port.postMessage(message);
    this.#libc.eventfd_write(this.#wake, 1);
  }
}

const NETLINK_ROUTE = 0;
/** Links, and addresses of both families. */
const routeGroups = 0x1 | 0x10 | 0x100;

/** A routing socket that hears of links and addresses; -1: there is none, and polling must do. */
function openRoutes(libc: Libc): number {
  const fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return -1;
  const address = new DataView(new ArrayBuffer(12));
  address.setUint16(0, AF_NETLINK, true);
  address.setUint32(8, routeGroups, true);
  if (libc.bind(fd, address, 12) === 0) return fd;
  libc.close(fd);
  return -1;
}
