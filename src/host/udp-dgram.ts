import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import type { PreparedSockets } from "../agent/index.ts";
import type {
  GroupMembership,
  NetworkInterface,
  OutDatagram,
  ServerCounters,
  ServerSockets,
  SocketId,
  Transmitted,
} from "../ntp/index.ts";
import { addressOctets, isMulticast, serverSocket } from "../ntp/index.ts";
import { Answerer } from "./answerer.ts";
import { addressText, needsScope } from "./ip-address.ts";
import { payloadMax } from "./packet-batch.ts";
import type { HostClock } from "./raw-clock.ts";
import { bindError, type SocketEffect, type SocketHandlers, type Sockets } from "./sockets.ts";
import { SharedCounters } from "./worker-channel.ts";

const MODE_CLIENT = 3;
const MODE_BROADCAST = 5;

/** A socket of the server, and what a datagram on it was sent to. */
interface Bound {
  readonly socket: Socket;
  /**
   * undefined: a wildcard. It holds the port and sends. What it hears beside broadcasts, the socket
   * of a group or an address hears as well; and a broadcast cannot be told from what was sent to a
   * group: where groups are joined, broadcasts go unheard.
   */
  readonly address: string | undefined;
}

interface Serving {
  readonly port: number;
  /** By the address that each is bound to, with its zone; "4" and "6" for the wildcards. */
  readonly bound: Map<string, Bound>;
  /** Groups that were joined: socket's key, then interface. */
  readonly joined: Set<string>;
}

/**
 * UDP through node:dgram, which tells neither the destination of a datagram nor its interface and
 * has no stamps: so each local address and each group has a socket of its own, by which a
 * datagram's
 * destination is known and a reply leaves from the right address.
 */
export class DgramSockets implements Sockets {
  readonly form = "dgram";
  readonly #clock: HostClock;
  readonly #handlers: SocketHandlers;
  readonly #counters = new SharedCounters();
  readonly #answerer: Answerer;
  readonly #reply = new Uint8Array(payloadMax);
  readonly #clients = new Map<SocketId, Socket>();
  #serving: Serving | undefined;
  #groups: readonly GroupMembership[] = [];
  #list: readonly NetworkInterface[] = [];

  constructor(clock: HostClock, handlers: SocketHandlers) {
    this.#clock = clock;
    this.#handlers = handlers;
    this.#answerer = new Answerer(this.#counters, () => Number(clock.now()));
  }

  prepare(plan: ServerSockets | undefined): PreparedSockets {
    const before = this.#serving;
    if (plan !== undefined && plan.port === before?.port) {
      return {
        commit: () => {
          this.#groups = plan.groups;
          this.#follow();
        },
        abort: () => undefined,
      };
    }
    const serving = plan === undefined ? undefined : this.#open(plan.port);
    return {
      commit: () => {
        if (before !== undefined) closeAll(before);
        this.#serving = serving;
        this.#groups = plan?.groups ?? [];
        this.#follow();
      },
      abort: () => {
        if (serving !== undefined) closeAll(serving);
      },
    };
  }

  perform(effect: SocketEffect): Transmitted | undefined {
    switch (effect.kind) {
      case "open-socket": {
        const bound = bindNow(effect.family, { port: 0 }, (socket) =>
          this.#listen(socket, effect.socket, undefined),
        );
        if ("code" in bound) this.#handlers.log("warn", `no client socket: ${bound.code}`, {});
        else this.#clients.set(effect.socket, bound.socket);
        return undefined;
      }
      case "close-socket":
        this.#clients.get(effect.socket)?.close();
        this.#clients.delete(effect.socket);
        return undefined;
      case "publish":
        this.#answerer.use(effect.snapshot);
        return undefined;
      case "send":
        return this.#send(effect);
    }
  }

  interfaces(list: readonly NetworkInterface[]): void {
    this.#list = list;
    this.#follow();
  }

  onInterfacesChanged(): void {
    // Nobody tells: polling must do.
  }

  counters(): ServerCounters {
    return this.#counters.read();
  }

  async close(): Promise<void> {
    if (this.#serving !== undefined) closeAll(this.#serving);
    for (const socket of this.#clients.values()) socket.close();
    this.#serving = undefined;
    this.#clients.clear();
  }

  #open(port: number): Serving {
    const serving: Serving = { port, bound: new Map(), joined: new Set() };
    for (const family of [4, 6] as const) {
      // Sockets that share a port do not see that somebody else has it: one that does not share
      // is tried first.
      const probe = bindNow(family, { port });
      if (!("code" in probe)) probe.socket.close();
      else if (probe.code === "EAFNOSUPPORT") continue;
      else {
        closeAll(serving);
        throw bindError(probe.code, port, family);
      }
      const wildcard = this.#bind(family, port, undefined);
      if ("code" in wildcard) throw bindError(wildcard.code, port, family);
      serving.bound.set(String(family), wildcard);
    }
    return serving;
  }

  #bind(family: 4 | 6, port: number, address: string | undefined): Bound | { code: string } {
    const to = address?.replace(/%.*$/, "");
    const options = { port, reuseAddr: true, ...(address === undefined ? {} : { address }) };
    const bound = bindNow(family, options, (socket) => this.#listen(socket, serverSocket, to));
    return "code" in bound ? bound : { socket: bound.socket, address: to };
  }

  /** Makes the sockets those of the addresses and groups that there are now. */
  #follow(): void {
    const serving = this.#serving;
    if (serving === undefined) return;
    const wanted = new Map<string, 4 | 6>();
    for (const { name, addresses } of this.#list) {
      for (const address of addresses) wanted.set(zoned(address, name), familyOf(address));
    }
    for (const { group, interface: name } of this.#groups) {
      if (this.#isThere(name)) wanted.set(zoned(group, name), familyOf(group));
    }
    for (const [key, bound] of serving.bound) {
      if (key === "4" || key === "6" || wanted.has(key)) continue;
      bound.socket.close();
      serving.bound.delete(key);
      for (const join of serving.joined)
        if (join.startsWith(`${key} `)) serving.joined.delete(join);
    }
    for (const [key, family] of wanted) {
      if (serving.bound.has(key)) continue;
      const bound = this.#bind(family, serving.port, key);
      if (!("code" in bound)) serving.bound.set(key, bound);
    }
    this.#joinGroups(serving);
  }

  #joinGroups(serving: Serving): void {
    const wanted = new Set<string>();
    for (const { group, interface: name } of this.#groups) {
      const key = zoned(group, name);
      wanted.add(`${key} ${name}`);
      const socket = serving.bound.get(key)?.socket;
      if (socket === undefined || serving.joined.has(`${key} ${name}`)) continue;
      if (this.#membership(socket, group, name, true)) serving.joined.add(`${key} ${name}`);
    }
    for (const join of serving.joined) {
      if (wanted.has(join)) continue;
      const [key = "", name = ""] = join.split(" ");
      const socket = serving.bound.get(key)?.socket;
      if (socket !== undefined) this.#membership(socket, key.replace(/%.*$/, ""), name, false);
      serving.joined.delete(join);
    }
  }

  #membership(socket: Socket, group: string, name: string, join: boolean): boolean {
    const by = this.#interfaceAddress(group, name);
    if (by === undefined) return false;
    try {
      if (join) socket.addMembership(group, by);
      else socket.dropMembership(group, by);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (join) this.#handlers.log("warn", `cannot join ${group} on ${name}: ${reason}`, {});
      return false;
    }
  }

  /** How node:dgram wants an interface named: by its IPv4 address, or as a zone. */
  #interfaceAddress(group: string, name: string): string | undefined {
    if (familyOf(group) === 6) return `::%${name}`;
    return this.#list
      .find((one) => one.name === name)
      ?.addresses.find((address) => familyOf(address) === 4);
  }

  #isThere(name: string): boolean {
    return this.#list.some((one) => one.name === name);
  }

  #listen(socket: Socket, id: SocketId, to: string | undefined): void {
    socket.on("message", (bytes, from) => this.#take(socket, id, to, bytes, from));
    socket.on("error", (error) => this.#handlers.log("debug", error.message, {}));
  }

  #take(socket: Socket, id: SocketId, to: string | undefined, bytes: Buffer, from: RemoteInfo) {
    const received = this.#clock.now();
    const [address = "", zone] = from.address.split("%");
    const octets = addressOctets(address) ?? new Uint8Array();
    const group = this.#groupOf(to, zone);
    const mode = (bytes[0] ?? 0) & 7;
    if (this.#answerer.isShort(bytes, bytes.length) || bytes.length > payloadMax) {
      if (id === serverSocket && to === undefined) return;
      this.#counters.received();
      this.#counters.dropped("malformed");
    } else if (id === serverSocket && to === undefined && !this.#isBroadcast(mode)) {
      return;
    } else if (id === serverSocket && mode === MODE_CLIENT) {
      const arrival = {
        raw: Number(received),
        from: octets,
        fromPort: from.port,
        to: to === undefined ? undefined : addressOctets(to),
        interface: zone ?? group?.interface,
      };
      const replied = this.#answerer.answer(bytes, bytes.length, arrival, this.#reply);
      if (replied === 0) return;
      socket.send(this.#reply.slice(0, replied), from.port, from.address, (error) =>
        this.#counters.sent(error ? 0 : 1, error ? 1 : 0),
      );
    } else {
      this.#handlers.received({
        socket: id,
        bytes: new Uint8Array(bytes),
        from: addressText(octets),
        fromPort: from.port,
        to,
        interface: zone ?? group?.interface,
        received,
      });
    }
  }

  #isBroadcast(mode: number): boolean {
    return mode === MODE_BROADCAST && this.#serving?.joined.size === 0;
  }

  /** The membership that a datagram to a group came by, where it can be but one. */
  #groupOf(to: string | undefined, zone: string | undefined): GroupMembership | undefined {
    if (to === undefined || !isMulticast(addressOctets(to) ?? new Uint8Array())) return undefined;
    const possible = this.#groups.filter(
      (one) => one.group === to && (zone === undefined || one.interface === zone),
    );
    return possible[0];
  }

  #send(datagram: OutDatagram): Transmitted | undefined {
    const octets = addressOctets(datagram.to);
    const name = datagram.interface;
    if (octets === undefined || (name !== undefined && !this.#isThere(name))) return undefined;
    const family = octets.length === 4 ? 4 : 6;
    const socket =
      datagram.socket === serverSocket
        ? this.#serving?.bound.get(String(family))?.socket
        : this.#clients.get(datagram.socket);
    if (socket === undefined) return undefined;
    try {
      if (isMulticast(octets)) {
        const by = name === undefined ? undefined : this.#interfaceAddress(datagram.to, name);
        if (by !== undefined) socket.setMulticastInterface(by);
        socket.setMulticastTTL(datagram.ttl ?? 1);
        socket.setMulticastLoopback(true);
      } else if (family === 4) socket.setBroadcast(true);
      const zone = needsScope(octets) && name !== undefined ? `%${name}` : "";
      const at = this.#clock.now();
      socket.send(datagram.bytes, datagram.port, datagram.to + zone, (error) => {
        if (error) this.#handlers.log("debug", error.message, { to: datagram.to });
      });
      return { token: datagram.token, at };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#handlers.log("debug", "a datagram could not be sent", { to: datagram.to, reason });
      return undefined;
    }
  }
}

interface BindOptions {
  readonly port: number;
  readonly address?: string;
  readonly reuseAddr?: boolean;
}

/** What dgram takes for its callback when told synchronously. */
type Found = (error: undefined, address: string, family: number) => void;

/** Binds before it returns: with names left out of it, dgram does nothing later. */
function bindNow(
  family: 4 | 6,
  { reuseAddr = false, ...where }: BindOptions,
  prepare: (socket: Socket) => void = () => undefined,
): { readonly socket: Socket } | { readonly code: string } {
  const socket = createSocket({
    type: family === 4 ? "udp4" : "udp6",
    reuseAddr,
    ipv6Only: family === 6,
    lookup: (name, _options, found) => {
      (found as unknown as Found)(undefined, name === "localhost" ? "" : name, family);
    },
  });
  let failure: string | undefined;
  const refused = (error: Error & { code?: string }): void => {
    failure = error.code ?? error.message;
  };
  socket.on("error", refused);
  socket.bind({ address: family === 4 ? "0.0.0.0" : "::", exclusive: true, ...where });
  socket.off("error", refused);
  if (failure === undefined) {
    prepare(socket);
    return { socket };
  }
  socket.close();
  return { code: failure };
}

function closeAll(serving: Serving): void {
  for (const { socket } of serving.bound.values()) socket.close();
  serving.bound.clear();
}

function familyOf(address: string): 4 | 6 {
  return address.includes(":") ? 6 : 4;
}

function zoned(address: string, name: string): string {
  return needsScope(addressOctets(address) ?? new Uint8Array()) ? `${address}%${name}` : address;
}
