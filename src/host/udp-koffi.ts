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
import { AF_NETLINK, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_RAW } from "./abi.ts";
import { CounterSum } from "./counter-sum.ts";
import type { Libc } from "./libc.ts";
import { Memberships } from "./memberships.ts";
import { PacketOut } from "./packet-out.ts";
import type { HostClock } from "./raw-clock.ts";
import { closeServing, openServing, type Serving } from "./server-sockets.ts";
import { bindError, type SocketEffect, type SocketHandlers, type Sockets } from "./sockets.ts";
import { openUdp } from "./udp-socket.ts";
import { UdpThread } from "./udp-thread.ts";
import type { FromWorker, ToWorker } from "./worker-channel.ts";

interface ClientSocket {
  readonly fd: number;
  readonly family: 4 | 6;
}

/**
 * UDP through the C library: sockets are opened here, where a refusal can be told at once, and read
 * by threads of their own, which answer clients themselves.
 */
export class KoffiSockets implements Sockets {
  readonly form = "koffi";
  readonly #libc: Libc;
  readonly #clock: HostClock;
  readonly #handlers: SocketHandlers;
  readonly #routes: number;
  /** The first one leads. */
  readonly #threads: readonly [UdpThread, ...UdpThread[]];
  readonly #counters: CounterSum;
  readonly #memberships: Memberships;
  readonly #out: PacketOut;
  readonly #clients = new Map<SocketId, ClientSocket>();
  #serving: Serving | undefined;
  #indexes: ReadonlyMap<string, number> = new Map();
  #interfacesChanged: () => void = () => undefined;
  #closing = false;

  /** `threads`: how many answer clients. */
  constructor(libc: Libc, clock: HostClock, handlers: SocketHandlers, threads: number) {
    this.#libc = libc;
    this.#clock = clock;
    this.#handlers = handlers;
    this.#memberships = new Memberships(libc);
    this.#out = new PacketOut(libc);
    this.#routes = openRoutes(libc);
    const start = (leads: boolean): UdpThread =>
      new UdpThread(
        libc,
        { leads, routes: leads ? this.#routes : -1 },
        { told: (message) => this.#take(message), failed: (error) => handlers.failed(error) },
      );
    const others = Array.from({ length: threads - 1 }, () => start(false));
    this.#threads = [start(true), ...others];
    this.#counters = new CounterSum(
      this.#threads.map(
        ({ counters }) =>
          () =>
            counters.read(),
      ),
    );
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
          if (isNew) this.#each(serving, (thread, fd) => thread.watch(fd, serverSocket));
          if (before === undefined || before === serving) return;
          this.#each(before, (thread, fd) => thread.dismiss(fd));
        },
        abort: () => {
          groups.abort();
          if (isNew) closeServing(this.#libc, serving);
        },
      };
    } catch (error) {
      if (isNew) closeServing(this.#libc, serving);
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
        if (client !== undefined) this.#threads[0].dismiss(client.fd);
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
    await Promise.all(this.#threads.map((thread) => thread.close()));
    this.#memberships.close();
    for (const { fd } of this.#clients.values()) this.#libc.close(fd);
    if (this.#routes >= 0) this.#libc.close(this.#routes);
    if (this.#serving !== undefined) closeServing(this.#libc, this.#serving);
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
    for (const datagram of datagrams) {
      // One that was closed meanwhile gets nothing more.
      const known = datagram.socket === serverSocket || this.#clients.has(datagram.socket);
      if (known) this.#handlers.received(datagram);
    }
  }

  #open(port: number): Serving {
    // The port may be one that was given up a moment ago.
    for (const thread of this.#threads) thread.awaitDismissed();
    return openServing(this.#libc, port, this.#threads.length);
  }

  /** Each socket of the server's with the thread that reads it. */
  #each({ fds }: Serving, visit: (thread: UdpThread, fd: number) => void): void {
    for (const list of fds.values()) {
      for (const [i, thread] of this.#threads.entries()) visit(thread, list[i] ?? -1);
    }
  }

  #openClient(socket: SocketId, family: 4 | 6): void {
    const opened = openUdp(this.#libc, { family, port: 0, transmitStamps: true, shared: false });
    if (typeof opened !== "number") {
      const { message } = bindError(opened.code, 0, family);
      this.#handlers.log("warn", message, {});
      return;
    }
    this.#clients.set(socket, { fd: opened, family });
    this.#threads[0].watch(opened, socket);
  }

  #send(datagram: OutDatagram): Transmitted | undefined {
    const to = addressOctets(datagram.to);
    const index = datagram.interface === undefined ? 0 : this.#indexes.get(datagram.interface);
    if (to === undefined || index === undefined) return undefined;
    const family = to.length === 4 ? 4 : 6;
    const client = this.#clients.get(datagram.socket);
    const fd = client?.fd ?? this.#serving?.fds.get(family)?.[0];
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

  #tell(message: ToWorker): void {
    for (const thread of this.#threads) thread.tell(message);
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
