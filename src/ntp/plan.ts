import { addressOctets, canonicalAddress, isMulticast } from "./address.ts";
import type { AssociationSettings } from "./association.ts";
import { limitedBroadcast, type SenderRole } from "./broadcast.ts";
import type { InterfaceConfig, ManycastClientConfig, NtpConfig, UnicastConfig } from "./config.ts";
import type { GroupMembership, InDatagram, ServerSockets } from "./io.ts";

/** A manycast client with the interface that it is on. */
export interface RingRole {
  readonly interface: string;
  readonly config: ManycastClientConfig;
}

/** A server or peer that is configured. */
export interface PlannedUnicast {
  /** What a change of makes another association of it, not the same with other limits. */
  readonly identity: string;
  readonly mode: "client" | "active";
  readonly settings: AssociationSettings;
}

/** The port, and the groups in which somebody is to be heard. */
export function socketsOf(config: NtpConfig): ServerSockets {
  const groups = config.interfaces.flatMap((on) =>
    [...on.manycastServers, ...on.multicastClients].map((group) => ({
      interface: on.name,
      group: canonicalAddress(group).address,
    })),
  );
  const byName = new Map(groups.map((one) => [`${one.interface} ${one.group}`, one]));
  return { port: config.port, groups: [...byName.values()] };
}

/** Interfaces on which nothing is taken in. */
export function deafOf(config: NtpConfig | undefined): readonly string[] {
  return (config?.interfaces ?? []).flatMap((on) => (on.deaf === true ? [on.name] : []));
}

export function manycastGroups(config: NtpConfig): readonly GroupMembership[] {
  return config.interfaces.flatMap((on) =>
    on.manycastServers.map((group) => ({ interface: on.name, group })),
  );
}

export function unicastRoles(servers: readonly UnicastConfig[]): readonly PlannedUnicast[] {
  return servers.map((one) => {
    const { address, zone } = canonicalAddress(one.address);
    const { type, keyId, prefer, burst, iburst, minpoll, maxpoll, port, version, source } = one;
    const { interleaved } = one;
    const bound = zone ?? source;
    return {
      identity: JSON.stringify([type, address, keyId ?? 0, bound ?? "", port, version]),
      mode: type === "peer" ? "active" : "client",
      settings: {
        address,
        port,
        version,
        keyId,
        minpoll,
        maxpoll,
        burst,
        iburst,
        prefer,
        interleaved: interleaved === true && type === "server",
        interface: bound,
      },
    };
  });
}

export function ringRoles(config: NtpConfig): readonly RingRole[] {
  return config.interfaces.flatMap((on) =>
    on.manycastClients.map((client) => ({
      interface: on.name,
      config: { ...client, address: canonicalAddress(client.address).address },
    })),
  );
}

export function senderRoles(config: NtpConfig): readonly SenderRole[] {
  return config.interfaces.flatMap((on) => {
    const { name, broadcastServer, multicastServers } = on;
    const broadcast: readonly SenderRole[] =
      broadcastServer === undefined
        ? []
        : [
            {
              interface: name,
              mode: "broadcast-server",
              address: limitedBroadcast,
              config: broadcastServer,
            },
          ];
    const multicast = multicastServers.map((one): SenderRole => {
      const { address } = canonicalAddress(one.address);
      return { interface: name, mode: "multicast-server", address, config: one };
    });
    return [...broadcast, ...multicast];
  });
}

/** The role that a packet to all is heard by; undefined: nobody listens there. */
export function listenerRole(
  config: NtpConfig,
  { to, interface: name }: InDatagram,
  up: ReadonlySet<string>,
): { readonly name: string; readonly mode: "broadcast-client" | "multicast-client" } | undefined {
  const octets = to === undefined ? undefined : addressOctets(to);
  const group = octets !== undefined && isMulticast(octets);
  const listens = (on: InterfaceConfig): boolean => {
    if (!up.has(on.name) || (name !== undefined && on.name !== name)) return false;
    if (!group) return on.broadcastClient === true;
    return on.multicastClients.some((one) => canonicalAddress(one).address === to);
  };
  const found = config.interfaces.find(listens);
  if (found === undefined) return undefined;
  return { name: `listen ${found.name}`, mode: group ? "multicast-client" : "broadcast-client" };
}

/** In words, what cannot be run of a configuration; undefined: all can. */
export function addressFault(config: NtpConfig): string | undefined {
  const unicast = config.unicast.find(({ address }: UnicastConfig) => !isUnicast(address));
  if (unicast !== undefined) return `${unicast.address} is no unicast address`;
  const group = config.interfaces.flatMap(groupsOf).find((address) => !isGroup(address));
  return group === undefined ? undefined : `${group} is no multicast group`;
}

export function ringIdentity({ interface: name, config }: RingRole): string {
  return JSON.stringify([name, config.address, config.keyId ?? 0, config.port, config.version]);
}

/** A sender has no state to keep: any change makes another of it. */
export function senderIdentity(role: SenderRole): string {
  return JSON.stringify(role);
}

function groupsOf(on: InterfaceConfig): readonly string[] {
  return [
    ...on.manycastServers,
    ...on.multicastClients,
    ...on.manycastClients.map(({ address }) => address),
    ...on.multicastServers.map(({ address }) => address),
  ];
}

function isUnicast(address: string): boolean {
  const octets = addressOctets(address);
  return octets !== undefined && !isMulticast(octets);
}

function isGroup(address: string): boolean {
  const octets = addressOctets(address);
  return octets !== undefined && isMulticast(octets);
}
