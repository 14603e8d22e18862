import { addressOctets, isMulticast } from "./address.ts";
import type { InterfaceConfig, ManycastClientConfig, NtpConfig, UnicastConfig } from "./config.ts";
import type { GroupMembership, ServerSockets } from "./io.ts";

/** A manycast client with the interface that it is on. */
export interface RingRole {
  readonly interface: string;
  readonly config: ManycastClientConfig;
}

/** The port, and the groups in which somebody is to be heard. */
export function socketsOf(config: NtpConfig): ServerSockets {
  const groups = config.interfaces.flatMap((on) =>
    [...on.manycastServers, ...on.multicastClients].map((group) => ({ interface: on.name, group })),
  );
  return { port: config.port, groups: distinct(groups) };
}

export function manycastGroups(config: NtpConfig): readonly GroupMembership[] {
  return config.interfaces.flatMap((on) =>
    on.manycastServers.map((group) => ({ interface: on.name, group })),
  );
}

export function ringRoles(config: NtpConfig): readonly RingRole[] {
  return config.interfaces.flatMap((on) =>
    on.manycastClients.map((client) => ({ interface: on.name, config: client })),
  );
}

/** In words, what cannot be run of a configuration; undefined: all can. */
export function addressFault(config: NtpConfig): string | undefined {
  const unicast = config.unicast.find(({ address }) => !isUnicast(address));
  if (unicast !== undefined) return `${unicast.address} is no unicast address`;
  const group = config.interfaces.flatMap(groupsOf).find((address) => !isGroup(address));
  return group === undefined ? undefined : `${group} is no multicast group`;
}

/** What a change of makes another association of it, not the same with other limits. */
export function unicastIdentity(unicast: UnicastConfig): string {
  const { address, type, keyId, source, port, version } = unicast;
  return JSON.stringify([type, address, keyId ?? 0, source ?? "", port, version]);
}

export function ringIdentity({ interface: name, config }: RingRole): string {
  return JSON.stringify([name, config.address, config.keyId ?? 0, config.port, config.version]);
}

function groupsOf(on: InterfaceConfig): readonly string[] {
  return [
    ...on.manycastServers,
    ...on.multicastClients,
    ...on.manycastClients.map(({ address }) => address),
    ...on.multicastServers.map(({ address }) => address),
  ];
}

function distinct(groups: readonly GroupMembership[]): readonly GroupMembership[] {
  const byName = new Map(groups.map((one) => [`${one.interface} ${one.group}`, one]));
  return [...byName.values()];
}

function isUnicast(address: string): boolean {
  const octets = addressOctets(address);
  return octets !== undefined && !isMulticast(octets);
}

function isGroup(address: string): boolean {
  const octets = addressOctets(address);
  return octets !== undefined && isMulticast(octets);
}
