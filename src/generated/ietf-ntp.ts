// Generated from ietf-ntp@2022-07-05 by scripts/generate.ts

import type { DropReason } from "./ntpconfd-ntp.ts";

/** The top of ietf-ntp in a datastore. */
export interface IetfNtp {
  /**
   * The NTP service: while this container is there, the host answers NTP requests.
   *
   * Present: NTP is enabled and system should attempt to synchronize the system clock with an NTP
   * server from the 'ntp/associations' list.
   */
  readonly "ietf-ntp:ntp"?: Ntp;
}

/** IetfNtp with the defaults in use. */
export interface EffectiveIetfNtp extends IetfNtp {
  readonly "ietf-ntp:ntp"?: EffectiveNtp;
}

/** The NTP service: while this container is there, the host answers NTP requests. */
export interface Ntp {
  /**
   * UDP port that requests are answered on: 123, or 1024 and up.
   *
   * uint16. Range 123 | 1024..max. Default: 123.
   */
  readonly "port"?: number;
  /**
   * The local clock is a reference in its own right: the host gives its time although it follows
   * nobody.
   *
   * Present: NTP master clock is enabled.
   */
  readonly "refclock-master"?: NtpRefclockMaster;
  /** Keys, and whether they are asked for. */
  readonly "authentication": NtpAuthentication;
  /** Who may have which service: an access list for each kind of access. */
  readonly "access-rules": NtpAccessRules;
  /** State of the local clock. */
  readonly "clock-state"?: NtpClockState;
  /**
   * A server or peer that is known by its address.
   *
   * Keyed by address type.
   */
  readonly "unicast-configuration"?: ReadonlyMap<string, NtpUnicastConfiguration>;
  /** The associations that there are now. */
  readonly "associations": NtpAssociations;
  /** What NTP does on each interface besides unicast. */
  readonly "interfaces": NtpInterfaces;
  /** Packet counters of all associations together. */
  readonly "ntp-statistics"?: NtpNtpStatistics;
  /**
   * How many associations that came up by themselves (manycast, multicast, broadcast, symmetric
   * passive) there may be. Lowering it ends none, it only refuses new ones; 0 refuses all.
   *
   * uint8. Range 0..100. Default: 100.
   */
  readonly "ntpconfd-ntp:max-dynamic-sessions"?: number;
  /** How requests of clients are met. */
  readonly "ntpconfd-ntp:server": NtpServer;
  /** What of its sources the clock believes. */
  readonly "ntpconfd-ntp:clock": NtpClock;
  /**
   * A server that is known by its name. The system's resolver is asked for its addresses when it is
   * configured, again and ever more rarely (2 s to an hour) while that fails, and anew when none of
   * an address's last eight polls has been answered. An address that answers stays in use, whatever
   * the name has become. One that unicast-configuration has too is left to that. No commit waits
   * for an answer.
   *
   * Keyed by name.
   */
  readonly "ntpconfd-ntp:named-server"?: ReadonlyMap<string, NtpNamedServer>;
  /**
   * How many associations that came up by themselves there are now.
   *
   * uint32. Unit: associations.
   */
  readonly "ntpconfd-ntp:dynamic-sessions"?: number;
  /**
   * How many associations did not come up because max-dynamic-sessions was reached.
   *
   * uint64. Unit: associations.
   */
  readonly "ntpconfd-ntp:dynamic-sessions-refused"?: bigint;
  /** Packets received that were not used, by the reason. */
  readonly "ntpconfd-ntp:packet-drops"?: NtpPacketDrops;
  /** What the clock has followed. */
  readonly "ntpconfd-ntp:synchronization-history"?: NtpSynchronizationHistory;
}

/** Ntp with the defaults in use. */
export interface EffectiveNtp extends Ntp {
  readonly "port": number;
  readonly "refclock-master"?: EffectiveNtpRefclockMaster;
  readonly "authentication": EffectiveNtpAuthentication;
  readonly "unicast-configuration"?: ReadonlyMap<string, EffectiveNtpUnicastConfiguration>;
  readonly "associations": EffectiveNtpAssociations;
  readonly "interfaces": EffectiveNtpInterfaces;
  readonly "ntpconfd-ntp:max-dynamic-sessions": number;
  readonly "ntpconfd-ntp:server": EffectiveNtpServer;
  readonly "ntpconfd-ntp:clock": EffectiveNtpClock;
  readonly "ntpconfd-ntp:named-server"?: ReadonlyMap<string, EffectiveNtpNamedServer>;
}

/**
 * The local clock is a reference in its own right: the host gives its time although it follows
 * nobody.
 */
export interface NtpRefclockMaster {
  /**
   * Stratum at which the local clock stands as a reference.
   *
   * uint8. Range 1..16. Default: 16.
   */
  readonly "master-stratum"?: number;
}

/** NtpRefclockMaster with the defaults in use. */
export interface EffectiveNtpRefclockMaster extends NtpRefclockMaster {
  readonly "master-stratum": number;
}

/** Keys, and whether they are asked for. */
export interface NtpAuthentication {
  /**
   * True: time is taken only from associations that have a key.
   *
   * Default: false.
   */
  readonly "auth-enabled"?: boolean;
  /**
   * One symmetric key.
   *
   * Keyed by keyid.
   */
  readonly "authentication-keys"?: ReadonlyMap<string, NtpAuthenticationAuthenticationKeys>;
  /**
   * True: keys may use MD5 and SHA-1, which RFC 8573 advises against. While false, a configuration
   * with such a key is refused.
   *
   * Default: false.
   */
  readonly "ntpconfd-ntp:weak-algorithms-enabled"?: boolean;
  /**
   * True: a keystring has 12 characters at least, among them a lower-case letter, an upper-case
   * letter, a digit and a special character (anything else). False: 1 to 255 characters, whatever
   * they are.
   *
   * Default: true.
   */
  readonly "ntpconfd-ntp:complexity-check"?: boolean;
  /**
   * True: an association comes up by itself only where a trusted key signed what brings it up,
   * whatever auth-enabled says: the broadcasts of a server, or its answer to a manycast client. A
   * symmetric passive association needs a key in any case.
   *
   * Default: false.
   */
  readonly "ntpconfd-ntp:dynamic-sessions-authenticated"?: boolean;
}

/** NtpAuthentication with the defaults in use. */
export interface EffectiveNtpAuthentication extends NtpAuthentication {
  readonly "auth-enabled": boolean;
  readonly "ntpconfd-ntp:weak-algorithms-enabled": boolean;
  readonly "ntpconfd-ntp:complexity-check": boolean;
  readonly "ntpconfd-ntp:dynamic-sessions-authenticated": boolean;
}

/** One symmetric key. */
export interface NtpAuthenticationAuthenticationKeys {
  /**
   * Key identifier: the number that signed packets carry.
   *
   * uint32. Range 1..max.
   */
  readonly "keyid": number;
  /** What the key is used with. RFC 8573 asks for AES-CMAC. */
  readonly "algorithm"?: CryptoAlgorithm;
  /** The secret. */
  readonly "key": NtpAuthenticationAuthenticationKeysKey;
  /**
   * True: a packet that this key signed is taken as authentic. A key that is not trusted verifies
   * nothing.
   */
  readonly "istrusted"?: boolean;
  /**
   * Octets of digest on the wire: what the algorithm gives, cut to so many from the left. Without
   * it all of them: MD5 and AES-CMAC 16, SHA-1 20, HMAC-SHA256 32. Other implementations cut
   * HMAC-SHA256 to 20.
   *
   * uint8. Range 16 | 20 | 32. Unit: octets.
   */
  readonly "ntpconfd-ntp:digest-length"?: number;
  /**
   * Packets, by this host as a client and as a server, since the discontinuity time of
   * ntp-statistics.
   */
  readonly "ntpconfd-ntp:key-statistics"?: NtpAuthenticationAuthenticationKeysKeyStatistics;
}

/** The secret. */
export type NtpAuthenticationAuthenticationKeysKey =
  NtpAuthenticationAuthenticationKeysKeyKeyStringStyleChoice;

/** How the secret is written. */
export type NtpAuthenticationAuthenticationKeysKeyKeyStringStyleChoice =
  | {
      /** The secret as text. */
      readonly "keystring"?: string;
      readonly "hexadecimal-string"?: never;
      readonly "ntpconfd-ntp:cipher-string"?: never;
    }
  | {
      /**
       * The secret's octets in hexadecimal, two digits each, colons between: it may hold any
       * octets, so that it is harder to guess.
       */
      readonly "hexadecimal-string"?: string;
      readonly "keystring"?: never;
      readonly "ntpconfd-ntp:cipher-string"?: never;
    }
  | {
      /**
       * The secret encrypted under this agent's at-rest key, as ntpconfd encrypt-key prints it.
       * Whether it can be decrypted is seen at commit.
       */
      readonly "ntpconfd-ntp:cipher-string"?: string;
      readonly "keystring"?: never;
      readonly "hexadecimal-string"?: never;
    }
  | {
      readonly "keystring"?: never;
      readonly "hexadecimal-string"?: never;
      readonly "ntpconfd-ntp:cipher-string"?: never;
    };

/**
 * Packets, by this host as a client and as a server, since the discontinuity time of
 * ntp-statistics.
 */
export interface NtpAuthenticationAuthenticationKeysKeyStatistics {
  /**
   * Packets that were signed with it.
   *
   * uint64. Unit: packets.
   */
  readonly "signed"?: bigint;
  /**
   * Packets that it was found to have signed.
   *
   * uint64. Unit: packets.
   */
  readonly "verified"?: bigint;
  /**
   * Packets that name it, but were not signed with it.
   *
   * uint64. Unit: packets.
   */
  readonly "failed"?: bigint;
}

/** Who may have which service: an access list for each kind of access. */
export interface NtpAccessRules {
  /**
   * The addresses that one kind of access is open to.
   *
   * Keyed by access-mode.
   */
  readonly "access-rule"?: ReadonlyMap<string, NtpAccessRulesAccessRule>;
}

/** The addresses that one kind of access is open to. */
export interface NtpAccessRulesAccessRule {
  /** The kind of access. */
  readonly "access-mode": AccessMode;
  /**
   * The access list that names the addresses.
   *
   * Refers to /acl:acls/acl:acl/acl:name.
   */
  readonly "acl"?: string;
}

/** State of the local clock. */
export interface NtpClockState {
  /** The system variables of the NTP service. */
  readonly "system-status": NtpClockStateSystemStatus;
}

/** The system variables of the NTP service. */
export interface NtpClockStateSystemStatus {
  /** Synchronized or not. */
  readonly "clock-state": ClockState;
  /**
   * Stratum of this host: one more than that of the system peer; 16 while unsynchronized.
   *
   * uint8. Range 1..16.
   */
  readonly "clock-stratum": number;
  /** What this host synchronizes to: see refid. */
  readonly "clock-refid": string | number;
  /**
   * Address of the association.
   *
   * Refers to /ntp:ntp/ntp:associations/ntp:association/ntp:address.
   */
  readonly "associations-address"?: string;
  /**
   * Mode of the association.
   *
   * Refers to /ntp:ntp/ntp:associations/ntp:association/ntp:local-mode.
   */
  readonly "associations-local-mode"?: AssociationMode;
  /**
   * Whether the association was configured or came up by itself.
   *
   * Refers to /ntp:ntp/ntp:associations/ntp:association/ntp:isconfigured.
   */
  readonly "associations-isconfigured"?: boolean;
  /**
   * Frequency that the local oscillator should have, Hz.
   *
   * Decimal with 4 fraction digits. Unit: Hz.
   */
  readonly "nominal-freq": string;
  /**
   * Frequency that the local oscillator was found to have, Hz.
   *
   * Decimal with 4 fraction digits. Unit: Hz.
   */
  readonly "actual-freq": string;
  /**
   * Precision of the local clock, log2 s.
   *
   * int8.
   */
  readonly "clock-precision": number;
  /**
   * Offset from the selected source, ms; negative where the local clock is behind it.
   *
   * Decimal with 3 fraction digits. Unit: milliseconds.
   */
  readonly "clock-offset"?: string;
  /**
   * Round-trip delay to the reference clock, ms.
   *
   * Decimal with 3 fraction digits. Unit: milliseconds.
   */
  readonly "root-delay"?: string;
  /**
   * Largest error against the reference clock as estimated, ms.
   *
   * Decimal with 3 fraction digits. Unit: milliseconds.
   */
  readonly "root-dispersion"?: string;
  /** When the clock was last set or corrected. */
  readonly "reference-time"?: string | number;
  /** State of the clock discipline. */
  readonly "sync-state": NtpSyncState;
}

/** A server or peer that is known by its address. */
export interface NtpUnicastConfiguration {
  /** Address of the server or peer. */
  readonly "address": string;
  /** Server or peer. */
  readonly "type": UnicastConfigurationType;
  /** The association's key. */
  readonly "authentication": NtpUnicastConfigurationAuthentication;
  /**
   * True: taken before others where it is among the survivors.
   *
   * Default: false.
   */
  readonly "prefer"?: boolean;
  /**
   * True: eight packets at each poll instead of one, while the server is reachable.
   *
   * Default: false.
   */
  readonly "burst"?: boolean;
  /**
   * True: eight packets instead of one, while the server is not reachable.
   *
   * Default: false.
   */
  readonly "iburst"?: boolean;
  /**
   * The interface whose address is the packets' source.
   *
   * Refers to /if:interfaces/if:interface/if:name.
   */
  readonly "source"?: string;
  /**
   * Shortest interval between polls, log2 s.
   *
   * int8. Default: 6.
   */
  readonly "minpoll"?: number;
  /**
   * Longest interval between polls, log2 s.
   *
   * int8. Default: 10.
   */
  readonly "maxpoll"?: number;
  /**
   * UDP port that packets are sent to.
   *
   * uint16. Range 123 | 1024..max. Default: 123.
   */
  readonly "port"?: number;
  /**
   * NTP version of the packets that are sent.
   *
   * uint8. Range 3..max. Default: 4.
   */
  readonly "version"?: number;
  /**
   * True: the server is asked in the interleaved mode, in which it tells with each answer when the
   * one before really left, and not when it was about to. Each measurement is complete one poll
   * later, so keep the polls short. A server that does not know the mode, or has forgotten, answers
   * in the basic mode, and that is taken as well; whether it does is shown by interleaved of the
   * association.
   *
   * Default: false.
   */
  readonly "ntpconfd-ntp:interleaved"?: boolean;
}

/** NtpUnicastConfiguration with the defaults in use. */
export interface EffectiveNtpUnicastConfiguration extends NtpUnicastConfiguration {
  readonly "prefer": boolean;
  readonly "burst": boolean;
  readonly "iburst": boolean;
  readonly "minpoll": number;
  readonly "maxpoll": number;
  readonly "port": number;
  readonly "version": number;
  readonly "ntpconfd-ntp:interleaved": boolean;
}

/** The association's key. */
export interface NtpUnicastConfigurationAuthentication {
  /**
   * The key that signs what is sent and verifies what is received.
   *
   * Refers to /ntp:ntp/ntp:authentication/ntp:authentication-keys/ntp:keyid.
   */
  readonly "keyid"?: number;
}

/** The associations that there are now. */
export interface NtpAssociations {
  /**
   * An association, configured or dynamic. It takes three keys to tell one from another: a server
   * may be configured and found by manycast as well.
   *
   * Keyed by address local-mode isconfigured.
   */
  readonly "association"?: ReadonlyMap<string, NtpAssociationsAssociation>;
}

/** NtpAssociations with the defaults in use. */
export interface EffectiveNtpAssociations extends NtpAssociations {
  readonly "association"?: ReadonlyMap<string, EffectiveNtpAssociationsAssociation>;
}

/**
 * An association, configured or dynamic. It takes three keys to tell one from another: a server may
 * be configured and found by manycast as well.
 */
export interface NtpAssociationsAssociation {
  /** Address of the other end. */
  readonly "address": string;
  /** What this host is in the association. */
  readonly "local-mode": AssociationMode;
  /** True: configured; false: it came up by itself. */
  readonly "isconfigured": boolean;
  /**
   * Stratum of the other end.
   *
   * uint8. Range 1..16.
   */
  readonly "stratum"?: number;
  /** What the other end synchronizes to: see refid. */
  readonly "refid"?: string | number;
  /**
   * The key that the association uses.
   *
   * Refers to /ntp:ntp/ntp:authentication/ntp:authentication-keys/ntp:keyid.
   */
  readonly "authentication"?: number;
  /**
   * Whether the association is a preferred one.
   *
   * Default: false.
   */
  readonly "prefer"?: boolean;
  /**
   * The interface that the packets pass.
   *
   * Refers to /if:interfaces/if:interface/if:name.
   */
  readonly "peer-interface"?: string;
  /**
   * Shortest interval between polls, log2 s.
   *
   * int8. Default: 6.
   */
  readonly "minpoll"?: number;
  /**
   * Longest interval between polls, log2 s.
   *
   * int8. Default: 10.
   */
  readonly "maxpoll"?: number;
  /**
   * UDP port that packets are sent to.
   *
   * uint16. Range 123 | 1024..max. Default: 123.
   */
  readonly "port"?: number;
  /**
   * NTP version of the packets that are sent.
   *
   * uint8. Range 3..max. Default: 4.
   */
  readonly "version"?: number;
  /**
   * Reachability register: each poll shifts in a bit, 1 where it was answered.
   *
   * uint8.
   */
  readonly "reach"?: number;
  /**
   * How long the reachability register has been 0, s.
   *
   * uint8. Unit: seconds.
   */
  readonly "unreach"?: number;
  /**
   * Interval between polls now, log2 s.
   *
   * int8.
   */
  readonly "poll"?: number;
  /**
   * Time since the last packet was received, s.
   *
   * uint32. Unit: seconds.
   */
  readonly "now"?: number;
  /**
   * Offset of the local clock from the other end's, ms; negative where the local clock is behind.
   *
   * Decimal with 3 fraction digits. Unit: milliseconds.
   */
  readonly "offset"?: string;
  /**
   * Round-trip delay to the other end, ms.
   *
   * Decimal with 3 fraction digits. Unit: milliseconds.
   */
  readonly "delay"?: string;
  /**
   * Dispersion of the samples from the other end, ms.
   *
   * Decimal with 3 fraction digits. Unit: milliseconds.
   */
  readonly "dispersion"?: string;
  /** When the last request left here (T1). */
  readonly "originate-time"?: string | number;
  /** When it arrived at the other end (T2); 0 while the other end is unreachable. */
  readonly "receive-time"?: string | number;
  /** When the answer left the other end (T3); 0 while the other end is unreachable. */
  readonly "transmit-time"?: string | number;
  /** When the answer arrived here (T4); 0 while the other end is unreachable. */
  readonly "input-time"?: string | number;
  /** Packet counters of the association. */
  readonly "ntp-statistics": NtpAssociationsAssociationNtpStatistics;
  /**
   * What this host is in the association, with multicast and manycast told apart:
   * nd:manycast-client for a server that was found by soliciting a group.
   */
  readonly "ntpconfd-ntp:mode"?: AssociationMode;
  /**
   * The key that the association signs and verifies with; absent where there is none.
   *
   * uint32. Range 1..max.
   */
  readonly "ntpconfd-ntp:key-id"?: number;
  /** Whether the last packet that gave time was in the interleaved mode. */
  readonly "ntpconfd-ntp:interleaved"?: boolean;
  /**
   * Root mean square of the differences between recent offsets, ms.
   *
   * Decimal with 6 fraction digits. Unit: milliseconds.
   */
  readonly "ntpconfd-ntp:jitter"?: string;
  /** The last 64 polls, the oldest first: 1 for one that was answered with time. */
  readonly "ntpconfd-ntp:reach-history"?: string;
  /** What came of it when the sources were chosen last. */
  readonly "ntpconfd-ntp:selection"?:
    | "system-peer"
    | "survivor"
    | "outlier"
    | "falseticker"
    | "rejected";
  /** Why it is not among those that are chosen from. */
  readonly "ntpconfd-ntp:rejection-reason"?:
    | "unreachable"
    | "no-sample"
    | "loop"
    | "stratum"
    | "distance";
  /** Why the last packet from there that was not used was not. */
  readonly "ntpconfd-ntp:last-drop-reason"?: DropReason;
  /** When that was. */
  readonly "ntpconfd-ntp:last-drop-time"?: string | number;
  /**
   * What the clock filter holds: the last measurements, the newest first.
   *
   * Keyed by number.
   */
  readonly "ntpconfd-ntp:sample"?: ReadonlyMap<string, NtpAssociationsAssociationSample>;
}

/** NtpAssociationsAssociation with the defaults in use. */
export interface EffectiveNtpAssociationsAssociation extends NtpAssociationsAssociation {
  readonly "prefer": boolean;
  readonly "minpoll": number;
  readonly "maxpoll": number;
  readonly "port": number;
  readonly "version": number;
}

/** Packet counters of the association. */
export interface NtpAssociationsAssociationNtpStatistics {
  /** When the counters last began again at 0; where they never did, when counting began. */
  readonly "discontinuity-time"?: string | number;
  /**
   * Packets handed to the network.
   *
   * uint32.
   */
  readonly "packet-sent"?: number;
  /**
   * Packets that could not be sent.
   *
   * uint32.
   */
  readonly "packet-sent-fail"?: number;
  /**
   * Packets received, those dropped later among them.
   *
   * uint32.
   */
  readonly "packet-received"?: number;
  /**
   * Packets received that were not used.
   *
   * uint32.
   */
  readonly "packet-dropped"?: number;
}

/** What the clock filter holds: the last measurements, the newest first. */
export interface NtpAssociationsAssociationSample {
  /**
   * 1 for the newest.
   *
   * uint8.
   */
  readonly "number": number;
  /**
   * How long ago it was made.
   *
   * uint32. Unit: seconds.
   */
  readonly "age"?: number;
  /**
   * The offset as it would be now; negative where the local clock is behind.
   *
   * Decimal with 6 fraction digits. Unit: milliseconds.
   */
  readonly "offset"?: string;
  /**
   * The round trip.
   *
   * Decimal with 6 fraction digits. Unit: milliseconds.
   */
  readonly "delay"?: string;
  /**
   * The largest error that the clocks may have added.
   *
   * Decimal with 6 fraction digits. Unit: milliseconds.
   */
  readonly "dispersion"?: string;
}

/** What NTP does on each interface besides unicast. */
export interface NtpInterfaces {
  /**
   * The roles of one interface.
   *
   * Keyed by name.
   */
  readonly "interface"?: ReadonlyMap<string, NtpInterfacesInterface>;
}

/** NtpInterfaces with the defaults in use. */
export interface EffectiveNtpInterfaces extends NtpInterfaces {
  readonly "interface"?: ReadonlyMap<string, EffectiveNtpInterfacesInterface>;
}

/** The roles of one interface. */
export interface NtpInterfacesInterface {
  /**
   * Name of the interface, from the list of interfaces of RFC 8343.
   *
   * Refers to /if:interfaces/if:interface/if:name.
   */
  readonly "name": string;
  /**
   * Broadcasts time on the interface.
   *
   * Present: NTP broadcast-server is configured on this interface.
   */
  readonly "broadcast-server"?: NtpInterfacesInterfaceBroadcastServer;
  /**
   * Takes time from broadcasts on the interface.
   *
   * Present: NTP broadcast-client is configured on this interface.
   */
  readonly "broadcast-client"?: NtpInterfacesInterfaceBroadcastClient;
  /**
   * Sends time to a multicast group.
   *
   * Keyed by address.
   */
  readonly "multicast-server"?: ReadonlyMap<string, NtpInterfacesInterfaceMulticastServer>;
  /**
   * Takes time from a multicast group.
   *
   * Keyed by address.
   */
  readonly "multicast-client"?: ReadonlyMap<string, NtpInterfacesInterfaceMulticastClient>;
  /**
   * Answers the solicitations that manycast clients send to a group.
   *
   * Keyed by address.
   */
  readonly "manycast-server"?: ReadonlyMap<string, NtpInterfacesInterfaceManycastServer>;
  /**
   * Finds servers by soliciting a group with growing time to live; each one that answers becomes an
   * association.
   *
   * Keyed by address.
   */
  readonly "manycast-client"?: ReadonlyMap<string, NtpInterfacesInterfaceManycastClient>;
  /**
   * False: NTP packets that come in on the interface are dropped unread.
   *
   * Default: true.
   */
  readonly "ntpconfd-ntp:receive-enabled"?: boolean;
}

/** NtpInterfacesInterface with the defaults in use. */
export interface EffectiveNtpInterfacesInterface extends NtpInterfacesInterface {
  readonly "broadcast-server"?: EffectiveNtpInterfacesInterfaceBroadcastServer;
  readonly "multicast-server"?: ReadonlyMap<string, EffectiveNtpInterfacesInterfaceMulticastServer>;
  readonly "manycast-client"?: ReadonlyMap<string, EffectiveNtpInterfacesInterfaceManycastClient>;
  readonly "ntpconfd-ntp:receive-enabled": boolean;
}

/** Broadcasts time on the interface. */
export interface NtpInterfacesInterfaceBroadcastServer {
  /**
   * Time to live of the packets sent.
   *
   * uint8.
   */
  readonly "ttl"?: number;
  /** The role's key. */
  readonly "authentication": NtpInterfacesInterfaceBroadcastServerAuthentication;
  /**
   * Shortest interval between polls, log2 s.
   *
   * int8. Default: 6.
   */
  readonly "minpoll"?: number;
  /**
   * Longest interval between polls, log2 s.
   *
   * int8. Default: 10.
   */
  readonly "maxpoll"?: number;
  /**
   * UDP port that packets are sent to.
   *
   * uint16. Range 123 | 1024..max. Default: 123.
   */
  readonly "port"?: number;
  /**
   * NTP version of the packets that are sent.
   *
   * uint8. Range 3..max. Default: 4.
   */
  readonly "version"?: number;
}

/** NtpInterfacesInterfaceBroadcastServer with the defaults in use. */
export interface EffectiveNtpInterfacesInterfaceBroadcastServer
  extends NtpInterfacesInterfaceBroadcastServer {
  readonly "minpoll": number;
  readonly "maxpoll": number;
  readonly "port": number;
  readonly "version": number;
}

/** The role's key. */
export interface NtpInterfacesInterfaceBroadcastServerAuthentication {
  /**
   * The key that signs what is sent and verifies what is received.
   *
   * Refers to /ntp:ntp/ntp:authentication/ntp:authentication-keys/ntp:keyid.
   */
  readonly "keyid"?: number;
}

/** Takes time from broadcasts on the interface. */
export interface NtpInterfacesInterfaceBroadcastClient {
}

/** Sends time to a multicast group. */
export interface NtpInterfacesInterfaceMulticastServer {
  /** The group. */
  readonly "address": string;
  /**
   * Time to live, or hop limit, of the packets sent.
   *
   * uint8.
   */
  readonly "ttl"?: number;
  /** The role's key. */
  readonly "authentication": NtpInterfacesInterfaceMulticastServerAuthentication;
  /**
   * Shortest interval between polls, log2 s.
   *
   * int8. Default: 6.
   */
  readonly "minpoll"?: number;
  /**
   * Longest interval between polls, log2 s.
   *
   * int8. Default: 10.
   */
  readonly "maxpoll"?: number;
  /**
   * UDP port that packets are sent to.
   *
   * uint16. Range 123 | 1024..max. Default: 123.
   */
  readonly "port"?: number;
  /**
   * NTP version of the packets that are sent.
   *
   * uint8. Range 3..max. Default: 4.
   */
  readonly "version"?: number;
}

/** NtpInterfacesInterfaceMulticastServer with the defaults in use. */
export interface EffectiveNtpInterfacesInterfaceMulticastServer
  extends NtpInterfacesInterfaceMulticastServer {
  readonly "minpoll": number;
  readonly "maxpoll": number;
  readonly "port": number;
  readonly "version": number;
}

/** The role's key. */
export interface NtpInterfacesInterfaceMulticastServerAuthentication {
  /**
   * The key that signs what is sent and verifies what is received.
   *
   * Refers to /ntp:ntp/ntp:authentication/ntp:authentication-keys/ntp:keyid.
   */
  readonly "keyid"?: number;
}

/** Takes time from a multicast group. */
export interface NtpInterfacesInterfaceMulticastClient {
  /** The group. */
  readonly "address": string;
}

/** Answers the solicitations that manycast clients send to a group. */
export interface NtpInterfacesInterfaceManycastServer {
  /** The group. */
  readonly "address": string;
}

/**
 * Finds servers by soliciting a group with growing time to live; each one that answers becomes an
 * association.
 */
export interface NtpInterfacesInterfaceManycastClient {
  /** The group. */
  readonly "address": string;
  /** The role's key. */
  readonly "authentication": NtpInterfacesInterfaceManycastClientAuthentication;
  /**
   * Largest time to live, or hop limit, that the search goes to.
   *
   * uint8.
   */
  readonly "ttl"?: number;
  /**
   * Survivors that are enough: the search goes on until there are as many.
   *
   * uint8.
   */
  readonly "minclock"?: number;
  /**
   * Largest number of candidates that are kept.
   *
   * uint8.
   */
  readonly "maxclock"?: number;
  /**
   * Interval at which the search starts over, log2 s: once the ring has reached its limit without
   * enough servers, the interval grows up to this.
   *
   * int8.
   */
  readonly "beacon"?: number;
  /**
   * Shortest interval between polls, log2 s.
   *
   * int8. Default: 6.
   */
  readonly "minpoll"?: number;
  /**
   * Longest interval between polls, log2 s.
   *
   * int8. Default: 10.
   */
  readonly "maxpoll"?: number;
  /**
   * UDP port that packets are sent to.
   *
   * uint16. Range 123 | 1024..max. Default: 123.
   */
  readonly "port"?: number;
  /**
   * NTP version of the packets that are sent.
   *
   * uint8. Range 3..max. Default: 4.
   */
  readonly "version"?: number;
  /** The expanding ring. The client itself is no association; the servers that it found are. */
  readonly "ntpconfd-ntp:ring"?: NtpInterfacesInterfaceManycastClientRing;
}

/** NtpInterfacesInterfaceManycastClient with the defaults in use. */
export interface EffectiveNtpInterfacesInterfaceManycastClient
  extends NtpInterfacesInterfaceManycastClient {
  readonly "minpoll": number;
  readonly "maxpoll": number;
  readonly "port": number;
  readonly "version": number;
}

/** The role's key. */
export interface NtpInterfacesInterfaceManycastClientAuthentication {
  /**
   * The key that signs what is sent and verifies what is received.
   *
   * Refers to /ntp:ntp/ntp:authentication/ntp:authentication-keys/ntp:keyid.
   */
  readonly "keyid"?: number;
}

/** The expanding ring. The client itself is no association; the servers that it found are. */
export interface NtpInterfacesInterfaceManycastClientRing {
  /**
   * Time to live, or hop limit, of the last solicitation; 0 before the first one.
   *
   * uint8.
   */
  readonly "ttl"?: number;
  /**
   * Solicitations sent.
   *
   * uint64. Unit: packets.
   */
  readonly "solicitations"?: bigint;
  /**
   * Answers to solicitations that were good.
   *
   * uint64. Unit: packets.
   */
  readonly "answers"?: bigint;
  /**
   * Servers found that survive the selection now.
   *
   * uint32. Unit: associations.
   */
  readonly "survivors"?: number;
  /**
   * Time between solicitations now, log2 s.
   *
   * int8.
   */
  readonly "interval"?: number;
}

/** Packet counters of all associations together. */
export interface NtpNtpStatistics {
  /** When the counters last began again at 0; where they never did, when counting began. */
  readonly "discontinuity-time"?: string | number;
  /**
   * Packets handed to the network.
   *
   * uint32.
   */
  readonly "packet-sent"?: number;
  /**
   * Packets that could not be sent.
   *
   * uint32.
   */
  readonly "packet-sent-fail"?: number;
  /**
   * Packets received, those dropped later among them.
   *
   * uint32.
   */
  readonly "packet-received"?: number;
  /**
   * Packets received that were not used.
   *
   * uint32.
   */
  readonly "packet-dropped"?: number;
}

/** How requests of clients are met. */
export interface NtpServer {
  /**
   * Whether clients are answered over IPv4: their requests, and what they ask manycast groups.
   *
   * Default: true.
   */
  readonly "ipv4-enabled"?: boolean;
  /**
   * The same over IPv6.
   *
   * Default: true.
   */
  readonly "ipv6-enabled"?: boolean;
  /**
   * True: a client of NTP version 4 that is refused is told so, with a kiss-o'-death packet: DENY
   * if the access rules keep it out, RATE if it asks too often. Not again within the average
   * interval of discard (32 s where there is none), and never to what was sent to a group.
   *
   * Default: false.
   */
  readonly "kod-enabled"?: boolean;
  /**
   * True: a client that asks in the interleaved mode is told when the reply before really left, as
   * the kernel saw it where the host can ask it, and not when it was about to. Some sixteen
   * thousand replies are remembered for that, four at most for one address; who is not remembered
   * is answered in the basic mode.
   *
   * Default: false.
   */
  readonly "interleaved"?: boolean;
  /**
   * True: control messages that read (readstat and readvar of mode 6, as ntpq sends them) are
   * answered, those of this host itself and those from addresses to which access rules give peer,
   * server or query access. Without access rules nobody else is answered: an answer is larger than
   * its question, and a question's sender can be forged. Nothing can be written.
   *
   * Default: false.
   */
  readonly "control-queries-enabled"?: boolean;
  /**
   * The rate at which one client is answered: one IPv4 address, one /64 of IPv6, or one link-local
   * address. The eight thousand and more clients that asked last are remembered. One request in
   * four that is too early is answered all the same, so that nobody can silence a client by asking
   * in its name.
   *
   * Present: Limits how often one client is answered.
   */
  readonly "discard"?: NtpServerDiscard;
}

/** NtpServer with the defaults in use. */
export interface EffectiveNtpServer extends NtpServer {
  readonly "ipv4-enabled": boolean;
  readonly "ipv6-enabled": boolean;
  readonly "kod-enabled": boolean;
  readonly "interleaved": boolean;
  readonly "control-queries-enabled": boolean;
  readonly "discard"?: EffectiveNtpServerDiscard;
}

/**
 * The rate at which one client is answered: one IPv4 address, one /64 of IPv6, or one link-local
 * address. The eight thousand and more clients that asked last are remembered. One request in four
 * that is too early is answered all the same, so that nobody can silence a client by asking in its
 * name.
 */
export interface NtpServerDiscard {
  /**
   * Shortest time between two answers; packets that the network has brought half a second closer
   * are let through.
   *
   * uint8. Range 1..8. Unit: log2 seconds. Default: 1.
   */
  readonly "minimum-interval"?: number;
  /**
   * Time between two answers in the long run; up to eight may come at once.
   *
   * uint8. Range 1..8. Unit: log2 seconds. Default: 5.
   */
  readonly "average-interval"?: number;
}

/** NtpServerDiscard with the defaults in use. */
export interface EffectiveNtpServerDiscard extends NtpServerDiscard {
  readonly "minimum-interval": number;
  readonly "average-interval": number;
}

/** What of its sources the clock believes. */
export interface NtpClock {
  /**
   * A source whose root distance is larger gives no time.
   *
   * Decimal with 3 fraction digits. Range 0.001..16. Unit: seconds. Default: 1.5.
   */
  readonly "max-distance"?: string;
  /**
   * Once the clock has been set, it jumps over a larger offset and works off a smaller one; 0: it
   * works off any.
   *
   * Decimal with 3 fraction digits. Range 0 | 0.001..1000000. Unit: seconds. Default: 0.128.
   */
  readonly "step-threshold"?: string;
  /**
   * Once the clock has been set, a larger offset is not believed: the clock goes on as it is, and
   * the notification panic-threshold-exceeded tells of it. 0: any is believed.
   *
   * Decimal with 3 fraction digits. Range 0 | 0.001..1000000000. Unit: seconds. Default: 1000.0.
   */
  readonly "panic-threshold"?: string;
}

/** NtpClock with the defaults in use. */
export interface EffectiveNtpClock extends NtpClock {
  readonly "max-distance": string;
  readonly "step-threshold": string;
  readonly "panic-threshold": string;
}

/**
 * A server that is known by its name. The system's resolver is asked for its addresses when it is
 * configured, again and ever more rarely (2 s to an hour) while that fails, and anew when none of
 * an address's last eight polls has been answered. An address that answers stays in use, whatever
 * the name has become. One that unicast-configuration has too is left to that. No commit waits for
 * an answer.
 */
export interface NtpNamedServer {
  /** The name, of the DNS or of the hosts file. */
  readonly "name": string;
  /**
   * Of which family the addresses are.
   *
   * Default: any.
   */
  readonly "address-family"?: "any" | "ipv4" | "ipv6";
  /**
   * How many of the addresses that the name has are servers at the same time at most. A pool has
   * more than one.
   *
   * uint8. Range 1..16. Unit: associations. Default: 1.
   */
  readonly "max-addresses"?: number;
  /** The key of its associations. */
  readonly "authentication": NtpNamedServerAuthentication;
  /**
   * True: taken before others where it is among the survivors.
   *
   * Default: false.
   */
  readonly "prefer"?: boolean;
  /**
   * True: eight packets at each poll instead of one, while the server is reachable.
   *
   * Default: false.
   */
  readonly "burst"?: boolean;
  /**
   * True: eight packets instead of one, while the server is not reachable.
   *
   * Default: false.
   */
  readonly "iburst"?: boolean;
  /**
   * True: the server is asked in the interleaved mode, as in unicast-configuration.
   *
   * Default: false.
   */
  readonly "interleaved"?: boolean;
  /**
   * The interface whose address is the packets' source.
   *
   * Refers to /if:interfaces/if:interface/if:name.
   */
  readonly "source"?: string;
  /**
   * Shortest interval between polls, log2 s.
   *
   * int8. Default: 6.
   */
  readonly "minpoll"?: number;
  /**
   * Longest interval between polls, log2 s.
   *
   * int8. Default: 10.
   */
  readonly "maxpoll"?: number;
  /**
   * UDP port that packets are sent to.
   *
   * uint16. Range 123 | 1024..max. Default: 123.
   */
  readonly "port"?: number;
  /**
   * NTP version of the packets that are sent.
   *
   * uint8. Range 3..max. Default: 4.
   */
  readonly "version"?: number;
  /** What the name has come to. */
  readonly "resolution"?: NtpNamedServerResolution;
}

/** NtpNamedServer with the defaults in use. */
export interface EffectiveNtpNamedServer extends NtpNamedServer {
  readonly "address-family": "any" | "ipv4" | "ipv6";
  readonly "max-addresses": number;
  readonly "prefer": boolean;
  readonly "burst": boolean;
  readonly "iburst": boolean;
  readonly "interleaved": boolean;
  readonly "minpoll": number;
  readonly "maxpoll": number;
  readonly "port": number;
  readonly "version": number;
}

/** The key of its associations. */
export interface NtpNamedServerAuthentication {
  /**
   * The key that signs what is sent and verifies what is received.
   *
   * Refers to /ntp:ntp/ntp:authentication/ntp:authentication-keys/ntp:keyid.
   */
  readonly "keyid"?: number;
}

/** What the name has come to. */
export interface NtpNamedServerResolution {
  /** The addresses in use. Each has an entry among the associations. */
  readonly "address"?: readonly string[];
  /** When the name last had addresses; absent while it has had none. */
  readonly "resolved-time"?: string | number;
  /** Why it could not be resolved when that last failed, for a person. */
  readonly "last-failure"?: string;
  /** When that was. */
  readonly "last-failure-time"?: string | number;
}

/** Packets received that were not used, by the reason. */
export interface NtpPacketDrops {
  /**
   * Too short, or with a tail that is neither extension nor digest.
   *
   * uint64. Unit: packets.
   */
  readonly "malformed"?: bigint;
  /**
   * Of an NTP version that is not served.
   *
   * uint64. Unit: packets.
   */
  readonly "version"?: bigint;
  /**
   * Of a mode that nothing here waits for.
   *
   * uint64. Unit: packets.
   */
  readonly "mode"?: bigint;
  /**
   * Signed with a key that is not configured.
   *
   * uint64. Unit: packets.
   */
  readonly "unknown-key"?: bigint;
  /**
   * Signed with a key that is not trusted.
   *
   * uint64. Unit: packets.
   */
  readonly "untrusted-key"?: bigint;
  /**
   * With a digest that is not the key's.
   *
   * uint64. Unit: packets.
   */
  readonly "bad-mac"?: bigint;
  /**
   * From an address that the access rules keep out.
   *
   * uint64. Unit: packets.
   */
  readonly "access-denied"?: bigint;
  /**
   * From an address that sends too often.
   *
   * uint64. Unit: packets.
   */
  readonly "rate-limited"?: bigint;
  /**
   * Solicitations that came while there was no time to give, and answers from servers that had
   * none.
   *
   * uint64. Unit: packets.
   */
  readonly "unsynchronized"?: bigint;
  /**
   * Solicitations from a stratum better than that of this host.
   *
   * uint64. Unit: packets.
   */
  readonly "stratum"?: bigint;
  /**
   * From this host itself, by whatever address, or from a server that takes its time from here.
   *
   * uint64. Unit: packets.
   */
  readonly "loop"?: bigint;
  /**
   * To a group in which this interface is no manycast server.
   *
   * uint64. Unit: packets.
   */
  readonly "not-manycast"?: bigint;
  /**
   * That answer no request of this host.
   *
   * uint64. Unit: packets.
   */
  readonly "bogus-origin"?: bigint;
  /**
   * That came before.
   *
   * uint64. Unit: packets.
   */
  readonly "duplicate"?: bigint;
  /**
   * Without a signature where one is asked for.
   *
   * uint64. Unit: packets.
   */
  readonly "authentication-required"?: bigint;
  /**
   * Requests over an address family for which the server is disabled.
   *
   * uint64. Unit: packets.
   */
  readonly "server-disabled"?: bigint;
  /**
   * On an interface that takes nothing in.
   *
   * uint64. Unit: packets.
   */
  readonly "interface-disabled"?: bigint;
  /**
   * That would have brought up one association too many.
   *
   * uint64. Unit: packets.
   */
  readonly "session-limit"?: bigint;
  /**
   * For another reason.
   *
   * uint64. Unit: packets.
   */
  readonly "other"?: bigint;
  /**
   * The packets that were dropped last, the newest first; requests of clients, which never wait for
   * the engine, are only counted.
   *
   * Keyed by number.
   */
  readonly "last"?: ReadonlyMap<string, NtpPacketDropsLast>;
}

/**
 * The packets that were dropped last, the newest first; requests of clients, which never wait for
 * the engine, are only counted.
 */
export interface NtpPacketDropsLast {
  /**
   * 1 for the newest.
   *
   * uint8.
   */
  readonly "number": number;
  /** When. */
  readonly "time"?: string | number;
  /** Who sent it. */
  readonly "address"?: string;
  /** Why it was not used. */
  readonly "reason"?: DropReason;
}

/** What the clock has followed. */
export interface NtpSynchronizationHistory {
  /**
   * The last changes, the newest first.
   *
   * Keyed by number.
   */
  readonly "change"?: ReadonlyMap<string, NtpSynchronizationHistoryChange>;
}

/** The last changes, the newest first. */
export interface NtpSynchronizationHistoryChange {
  /**
   * 1 for the newest.
   *
   * uint8.
   */
  readonly "number": number;
  /** When, by the clock as it was after the change. */
  readonly "time"?: string | number;
  /** What has changed. */
  readonly "event"?:
    | "synchronized"
    | "unsynchronized"
    | "source-changed"
    | "stratum-changed"
    | "stepped"
    | "leap-second"
    | "panic";
  /** What the clock followed then; absent for the local clock, and where it followed nothing. */
  readonly "source"?: string;
  /**
   * The stratum of this host then.
   *
   * uint8. Range 1..16.
   */
  readonly "stratum"?: number;
  /**
   * The clock's offset then; negative where it was behind.
   *
   * Decimal with 3 fraction digits. Unit: milliseconds.
   */
  readonly "offset"?: string;
  /** Why, for a person. */
  readonly "reason"?: string;
}

/** The input of statistics-reset. */
export interface StatisticsResetInput {
  /**
   * Address of the association.
   *
   * Refers to /ntp:ntp/ntp:associations/ntp:association/ntp:address.
   */
  readonly "associations-address"?: string;
  /**
   * Mode of the association.
   *
   * Refers to /ntp:ntp/ntp:associations/ntp:association/ntp:local-mode.
   */
  readonly "associations-local-mode"?: AssociationMode;
  /**
   * Whether the association was configured or came up by itself.
   *
   * Refers to /ntp:ntp/ntp:associations/ntp:association/ntp:isconfigured.
   */
  readonly "associations-isconfigured"?: boolean;
}

/** The module's rpcs: what goes in and what comes out. */
export interface IetfNtpOperations {
  /** Sets packet counters back to 0. */
  readonly "ietf-ntp:statistics-reset": {
    readonly input: StatisticsResetInput;
    readonly output: Readonly<Record<string, never>>;
  };
}

/** Algorithm of a symmetric key. */
export type CryptoAlgorithm =
  | "ietf-ntp:aes-cmac"
  | "ietf-ntp:hmac-sha-1"
  | "ietf-ntp:hmac-sha1-12"
  | "ietf-ntp:md5"
  | "ietf-ntp:sha-1"
  | "ntpconfd-ntp:aes-128-cmac"
  | "ntpconfd-ntp:aes-256-cmac"
  | "ntpconfd-ntp:hmac-sha256";

/** What the addresses permitted by an access list may do. */
export type AccessMode =
  | "ietf-ntp:peer-access-mode"
  | "ietf-ntp:query-only-access-mode"
  | "ietf-ntp:server-access-mode"
  | "ietf-ntp:server-only-access-mode";

/** Whether the local clock is synchronized. */
export type ClockState = "ietf-ntp:synchronized" | "ietf-ntp:unsynchronized";

/** The part that this host plays in an association. */
export type AssociationMode =
  | "ietf-ntp:active"
  | "ietf-ntp:broadcast-client"
  | "ietf-ntp:broadcast-server"
  | "ietf-ntp:client"
  | "ietf-ntp:passive"
  | "ietf-ntp:server"
  | "ntpconfd-ntp:manycast-client"
  | "ntpconfd-ntp:manycast-server"
  | "ntpconfd-ntp:multicast-client"
  | "ntpconfd-ntp:multicast-server";

/** State of the clock discipline. */
export type NtpSyncState =
  | "ietf-ntp:clock-never-set"
  | "ietf-ntp:clock-synchronized"
  | "ietf-ntp:freq"
  | "ietf-ntp:freq-set-by-cfg"
  | "ietf-ntp:spike";

/** How a configured unicast association works. */
export type UnicastConfigurationType = "ietf-ntp:uc-peer" | "ietf-ntp:uc-server";
