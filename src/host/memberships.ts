import type { GroupMembership, NetworkInterface } from "../ntp/index.ts";
import { addressOctets } from "../ntp/index.ts";
import {
  AF_INET,
  AF_INET6,
  IP_ADD_MEMBERSHIP,
  IP_DROP_MEMBERSHIP,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_ADD_MEMBERSHIP,
  IPV6_DROP_MEMBERSHIP,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
} from "./abi.ts";
import type { Libc } from "./libc.ts";
import { SocketError } from "./sockets.ts";

interface Joined {
  readonly membership: GroupMembership;
  /** The socket that holds it. */
  readonly fd: number;
  readonly index: number;
}

/**
 * Groups joined on interfaces. Sockets of their own hold them, for the kernel lets one socket hold
 * but a few (igmp_max_memberships); the host hears a group as long as any socket holds it.
 */
export class Memberships {
  readonly #libc: Libc;
  readonly #holders = new Map<4 | 6, number[]>();
  readonly #joined = new Map<string, Joined>();
  #wanted: readonly GroupMembership[] = [];
  #indexes: ReadonlyMap<string, number> = new Map();

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /**
   * Joins what is new, where the interface is there. Throws SocketError if the kernel refuses, and
   * then nothing has changed.
   */
  prepare(wanted: readonly GroupMembership[]): { commit(): void; abort(): void } {
    const before = new Set(this.#joined.keys());
    const abort = (): void => {
      for (const [key, joined] of this.#joined) if (!before.has(key)) this.#leave(key, joined);
    };
    try {
      for (const membership of wanted) this.#join(membership);
    } catch (error) {
      abort();
      throw error;
    }
    return {
      abort,
      commit: () => {
        this.#wanted = wanted;
        const keys = new Set(wanted.map(keyOf));
        for (const [key, joined] of this.#joined) if (!keys.has(key)) this.#leave(key, joined);
      },
    };
  }

  /** Takes note of the interfaces; the messages say what of it the kernel refused. */
  interfaces(list: readonly NetworkInterface[]): readonly string[] {
    this.#indexes = new Map(list.map((one) => [one.name, one.index]));
    for (const [key, joined] of this.#joined) {
      if (this.#indexes.get(joined.membership.interface) !== joined.index) this.#leave(key, joined);
    }
    const refusals: string[] = [];
    for (const membership of this.#wanted) {
      try {
        this.#join(membership);
      } catch (error) {
        refusals.push(error instanceof Error ? error.message : String(error));
      }
    }
    return refusals;
  }

  close(): void {
    for (const fd of [...this.#holders.values()].flat()) this.#libc.close(fd);
    this.#holders.clear();
    this.#joined.clear();
    this.#wanted = [];
  }

  #join(membership: GroupMembership): void {
    const key = keyOf(membership);
    const index = this.#indexes.get(membership.interface);
    const group = addressOctets(membership.group);
    if (index === undefined || this.#joined.has(key)) return;
    if (group === undefined) throw refusal(membership, "EINVAL");
    const family = group.length === 4 ? 4 : 6;
    for (const fresh of [false, true]) {
      const fd = this.#holder(family, fresh);
      if (fd === undefined) throw refusal(membership, this.#libc.errorName());
      const code = this.#change(fd, group, index, true);
      if (code === undefined || code === "EADDRINUSE") {
        this.#joined.set(key, { membership, fd, index });
        return;
      }
      // Gone meanwhile, or without this family: as good as not there. It is tried again.
      if (code === "ENODEV" || code === "EADDRNOTAVAIL") return;
      const full = code === "ENOBUFS" || code === "ENOMEM";
      if (fresh || !full) throw refusal(membership, code);
    }
  }

  #leave(key: string, { membership, fd, index }: Joined): void {
    const group = addressOctets(membership.group);
    if (group !== undefined) this.#change(fd, group, index, false);
    this.#joined.delete(key);
  }

  #change(fd: number, group: Uint8Array, index: number, join: boolean): string | undefined {
    const four = group.length === 4;
    // struct ip_mreqn: group, local address, index; struct ipv6_mreq: group, index.
    const request = new DataView(new ArrayBuffer(four ? 12 : 20));
    group.forEach((octet, i) => {
      request.setUint8(i, octet);
    });
    request.setInt32(four ? 8 : 16, index, true);
    const level = four ? IPPROTO_IP : IPPROTO_IPV6;
    const add = four ? IP_ADD_MEMBERSHIP : IPV6_ADD_MEMBERSHIP;
    const drop = four ? IP_DROP_MEMBERSHIP : IPV6_DROP_MEMBERSHIP;
    const length = request.byteLength;
    const status = this.#libc.setsockopt(fd, level, join ? add : drop, request, length);
    return status < 0 ? this.#libc.errorName() : undefined;
  }

  #holder(family: 4 | 6, fresh: boolean): number | undefined {
    const holders = this.#holders.get(family) ?? [];
    const last = holders.at(-1);
    if (last !== undefined && !fresh) return last;
    const domain = family === 4 ? AF_INET : AF_INET6;
    const fd = this.#libc.socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return undefined;
    this.#holders.set(family, [...holders, fd]);
    return fd;
  }
}

function keyOf(membership: GroupMembership): string {
  return `${membership.interface} ${membership.group}`;
}

function refusal({ group, interface: name }: GroupMembership, code: string): SocketError {
  return new SocketError(code, `cannot join group ${group} on interface ${name}: ${code}`);
}
