import type {
  NtpAssociationsAssociation as AssociationEntry,
  NtpInterfacesInterface as InterfaceEntry,
  NtpAuthenticationAuthenticationKeys as KeyEntry,
  AssociationMode as ModeIdentity,
  NtpNamedServer as NamedEntry,
  Ntp,
  NtpInterfacesInterfaceManycastClientRing as RingEntry,
  NtpNtpStatistics as Statistics,
  NtpClockStateSystemStatus as SystemStatus,
} from "../generated/ietf-ntp.ts";
import type {
  AssociationMode,
  AssociationState,
  KeyTally,
  LastDrop,
  NamedServerState,
  NtpState,
  NtpStatistics,
  RingState,
  SyncChange,
} from "../ntp/index.ts";
import { addressOctets, isLinkLocal } from "../ntp/index.ts";
import { decimal, familyOf, ntpDateAndTime, referenceIdentifier } from "./values.ts";

/** The software clock counts nanoseconds: what is told of frequencies is relative to that. */
const nominalHertz = 1_000_000_000;
const unsynchronizedStratum = 16;

/** RFC 9249 knows six modes of association; nd:mode tells the others apart. */
const localModes: Readonly<Record<AssociationMode, ModeIdentity>> = {
  active: "ietf-ntp:active",
  passive: "ietf-ntp:passive",
  client: "ietf-ntp:client",
  "manycast-client": "ietf-ntp:client",
  "manycast-server": "ietf-ntp:server",
  "broadcast-server": "ietf-ntp:broadcast-server",
  "multicast-server": "ietf-ntp:broadcast-server",
  "broadcast-client": "ietf-ntp:broadcast-client",
  "multicast-client": "ietf-ntp:broadcast-client",
};

/** All nine, as nd:mode has them. */
const modes: Readonly<Record<AssociationMode, ModeIdentity>> = {
  active: "ietf-ntp:active",
  passive: "ietf-ntp:passive",
  client: "ietf-ntp:client",
  "manycast-client": "ntpconfd-ntp:manycast-client",
  "manycast-server": "ntpconfd-ntp:manycast-server",
  "broadcast-server": "ietf-ntp:broadcast-server",
  "multicast-server": "ntpconfd-ntp:multicast-server",
  "broadcast-client": "ietf-ntp:broadcast-client",
  "multicast-client": "ntpconfd-ntp:multicast-client",
};

const syncStates: Readonly<Record<NtpState["syncState"], SystemStatus["sync-state"]>> = {
  "clock-not-set": "ietf-ntp:clock-never-set",
  "freq-set-by-cfg": "ietf-ntp:freq-set-by-cfg",
  spike: "ietf-ntp:spike",
  freq: "ietf-ntp:freq",
  "clock-synchronized": "ietf-ntp:clock-synchronized",
};

/** What /ntp shows beside its configuration. */
export type NtpOperational = Pick<
  Ntp,
  | "clock-state"
  | "associations"
  | "ntp-statistics"
  | "ntpconfd-ntp:dynamic-sessions"
  | "ntpconfd-ntp:dynamic-sessions-refused"
  | "ntpconfd-ntp:packet-drops"
  | "ntpconfd-ntp:synchronization-history"
> & {
  readonly interfaces: { readonly interface: ReadonlyMap<string, InterfaceOperational> };
  readonly "ntpconfd-ntp:named-server": ReadonlyMap<string, NamedOperational>;
  readonly authentication: { readonly "authentication-keys": ReadonlyMap<string, KeyOperational> };
};

/** A configured key comes together with this. */
type KeyOperational = Pick<KeyEntry, "keyid" | "ntpconfd-ntp:key-statistics">;

/** As is a name. */
type NamedOperational = Pick<NamedEntry, "name" | "resolution">;

/** The configured entries come together with these when the two trees are merged. */
type InterfaceOperational = Pick<InterfaceEntry, "name"> & {
  readonly "manycast-client": ReadonlyMap<
    string,
    { readonly address: string; readonly "ntpconfd-ntp:ring": RingEntry }
  >;
};

/** The engine's state in the words and units of RFC 9249. */
export function ntpOperational(state: NtpState): NtpOperational {
  return {
    "clock-state": { "system-status": systemStatus(state) },
    associations: { association: associations(state.associations) },
    "ntp-statistics": statistics(state.statistics),
    interfaces: { interface: rings(state.rings) },
    "ntpconfd-ntp:named-server": new Map(state.names.map(named)),
    "ntpconfd-ntp:dynamic-sessions": state.dynamicSessions,
    "ntpconfd-ntp:dynamic-sessions-refused": state.dynamicSessionsRefused,
    "ntpconfd-ntp:packet-drops": { ...state.drops, last: numbered(state.lastDrops, lastDrop) },
    "ntpconfd-ntp:synchronization-history": { change: numbered(state.history, change) },
    authentication: { "authentication-keys": new Map([...state.keys].map(keyEntry)) },
  };
}

/** Its address as it stands in its key: a link-local one means nothing without its zone. */
export function shownAddress({ address, interface: name }: AssociationState): string {
  const octets = addressOctets(address);
  const linkLocal = octets !== undefined && isLinkLocal(octets);
  return linkLocal && name !== undefined ? `${address}%${name}` : address;
}

/** The local-mode identity of an association, as it stands in its key. */
export function localMode(mode: AssociationMode): ModeIdentity {
  return localModes[mode];
}

function systemStatus(state: NtpState): SystemStatus {
  const { systemPeer, associations: all } = state;
  const peer = all.find(
    ({ address, configured }) =>
      address === systemPeer?.address && configured === !systemPeer.dynamic,
  );
  return {
    "clock-state": state.synchronized ? "ietf-ntp:synchronized" : "ietf-ntp:unsynchronized",
    "clock-stratum": shownStratum(state.stratum),
    "clock-refid": referenceIdentifier(
      state.referenceId,
      state.stratum,
      familyOf(systemPeer?.address ?? ""),
    ),
    ...(peer && {
      "associations-address": shownAddress(peer),
      "associations-local-mode": localMode(peer.mode),
      "associations-isconfigured": peer.configured,
    }),
    "nominal-freq": decimal(nominalHertz, 4),
    "actual-freq": decimal(nominalHertz * (1 + state.frequency), 4),
    "clock-precision": state.precision,
    "clock-offset": offsetMilliseconds(state.offset),
    "root-delay": milliseconds(state.rootDelay),
    "root-dispersion": milliseconds(state.rootDispersion),
    "reference-time": ntpDateAndTime(state.referenceTime),
    "sync-state": syncStates[state.syncState],
  };
}

/**
 * By the list's own key: two groups may lead to one server, and then the association that is of
 * more use to the clock is the one that is shown.
 */
function associations(all: readonly AssociationState[]): ReadonlyMap<string, AssociationEntry> {
  const rank = ["system-peer", "survivor", "outlier", "falseticker", "rejected"];
  const byUse = all.toSorted((a, b) => rank.indexOf(b.selected) - rank.indexOf(a.selected));
  return new Map(
    byUse.map((one) => [
      `${shownAddress(one)} ${localMode(one.mode)} ${one.configured}`,
      association(one),
    ]),
  );
}

function association(one: AssociationState): AssociationEntry {
  return {
    address: shownAddress(one),
    "local-mode": localMode(one.mode),
    isconfigured: one.configured,
    stratum: shownStratum(one.stratum),
    refid: referenceIdentifier(one.referenceId, one.stratum, familyOf(one.address)),
    ...(one.keyId !== undefined && {
      authentication: one.keyId,
      "ntpconfd-ntp:key-id": one.keyId,
    }),
    prefer: one.prefer,
    ...(one.interface !== undefined && { "peer-interface": one.interface }),
    minpoll: one.minpoll,
    maxpoll: one.maxpoll,
    port: one.port,
    version: one.version,
    reach: one.reach,
    unreach: Math.min(255, Math.round(one.unreach)),
    poll: one.poll,
    ...(one.now !== undefined && { now: Math.max(0, Math.round(one.now)) }),
    offset: offsetMilliseconds(one.offset),
    delay: milliseconds(one.delay),
    dispersion: milliseconds(one.dispersion),
    "originate-time": ntpDateAndTime(one.originTime),
    "receive-time": ntpDateAndTime(one.receiveTime),
    "transmit-time": ntpDateAndTime(one.transmitTime),
    "input-time": ntpDateAndTime(one.inputTime),
    "ntp-statistics": statistics(one.statistics),
    "ntpconfd-ntp:mode": modes[one.mode],
    "ntpconfd-ntp:interleaved": one.interleaved,
    "ntpconfd-ntp:jitter": decimal(one.jitter * 1_000, 6),
    "ntpconfd-ntp:reach-history": one.reachHistory,
    "ntpconfd-ntp:selection": one.selected,
    ...(one.rejection && { "ntpconfd-ntp:rejection-reason": one.rejection }),
    ...(one.lastDrop && {
      "ntpconfd-ntp:last-drop-reason": one.lastDrop.reason,
      "ntpconfd-ntp:last-drop-time": ntpDateAndTime(one.lastDrop.time),
    }),
    "ntpconfd-ntp:sample": numbered(one.samples, (sample) => ({
      age: Math.max(0, Math.round(sample.age)),
      offset: decimal(-sample.offset * 1_000, 6),
      delay: decimal(sample.delay * 1_000, 6),
      dispersion: decimal(sample.dispersion * 1_000, 6),
    })),
  };
}

/** The entries of a list that is keyed by its order, from 1. */
function numbered<T, E extends object>(
  all: readonly T[],
  entry: (one: T) => E,
): ReadonlyMap<string, E & { readonly number: number }> {
  return new Map(all.map((one, i) => [String(i + 1), { number: i + 1, ...entry(one) }]));
}

function lastDrop({ time, address, reason }: LastDrop) {
  return { time: ntpDateAndTime(time), address, reason };
}

function change({ time, kind, source, stratum, offset, reason }: SyncChange) {
  return {
    time: ntpDateAndTime(time),
    event: kind,
    ...(source !== undefined && { source }),
    stratum: shownStratum(stratum),
    offset: offsetMilliseconds(offset),
    reason,
  };
}

function named(state: NamedServerState): [string, NamedOperational] {
  const { name, addresses, resolved, lastFailure } = state;
  const resolution = {
    address: addresses,
    ...(resolved !== undefined && { "resolved-time": ntpDateAndTime(resolved) }),
    ...(lastFailure && {
      "last-failure": lastFailure.reason,
      "last-failure-time": ntpDateAndTime(lastFailure.time),
    }),
  };
  return [name, { name, resolution }];
}

function keyEntry([keyid, tally]: readonly [number, KeyTally]): [string, KeyOperational] {
  const { signed, verified, failed } = tally;
  const counted = { signed: BigInt(signed), verified: BigInt(verified), failed: BigInt(failed) };
  return [String(keyid), { keyid, "ntpconfd-ntp:key-statistics": counted }];
}

function statistics(counted: NtpStatistics): Statistics {
  return {
    "discontinuity-time": ntpDateAndTime(counted.discontinuity),
    "packet-sent": counter32(counted.sent),
    "packet-sent-fail": counter32(counted.sentFailed),
    "packet-received": counter32(counted.received),
    "packet-dropped": counter32(counted.dropped),
  };
}

function rings(all: readonly RingState[]): ReadonlyMap<string, InterfaceOperational> {
  const names = new Set(all.map((ring) => ring.interface));
  return new Map(
    [...names].map((name) => {
      const here = all.filter((ring) => ring.interface === name);
      const clients = new Map(
        here.map((ring) => [
          ring.group,
          { address: ring.group, "ntpconfd-ntp:ring": ringEntry(ring) },
        ]),
      );
      return [name, { name, "manycast-client": clients }];
    }),
  );
}

function ringEntry({ ttl, solicitations, answers, survivors, interval }: RingState): RingEntry {
  return { ttl, solicitations, answers, survivors, interval };
}

/** RFC 9249's ntp-stratum starts at 1 and says 16 for what is not synchronized. */
function shownStratum(stratum: number): number {
  return stratum < 1 || stratum > unsynchronizedStratum ? unsynchronizedStratum : stratum;
}

function milliseconds(seconds: number): string {
  return decimal(seconds * 1_000, 3);
}

/**
 * RFC 5905 section 8: theta is the offset of the server's clock relative to the client's, so it is
 * positive where the local clock is behind. RFC 9249 has the same offset with the other sign, and
 * says of `offset` and `clock-offset` that a negative one means a local clock behind its source.
 * Here, and nowhere else, the sign is turned.
 */
export function offsetMilliseconds(theta: number): string {
  return milliseconds(-theta);
}

/** RFC 6991: a counter32 wraps. */
function counter32(count: number): number {
  return count % 2 ** 32;
}
