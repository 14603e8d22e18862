import type { Address, DropReason } from "./io.ts";
import type { KeyTally } from "./mac.ts";
import type { Timestamp } from "./time.ts";

/**
 * What <get> shows, at one moment. Seconds throughout, signs of RFC 5905 (positive: the server is
 * ahead).
 */
export interface NtpState {
  readonly synchronized: boolean;
  /** Why, in the words of RFC 9249's clock-state and sync-state identities. */
  readonly syncState: "clock-not-set" | "freq-set-by-cfg" | "spike" | "freq" | "clock-synchronized";
  readonly leap: 0 | 1 | 2 | 3;
  readonly stratum: number;
  /** The system peer; undefined where there is none, or the local clock is the reference. */
  readonly systemPeer: { readonly address: Address; readonly dynamic: boolean } | undefined;
  readonly referenceId: number;
  /** IPv4 address, or 4 ASCII characters, or a number: as the source's family and stratum say. */
  readonly precision: number;
  readonly offset: number;
  readonly rootDelay: number;
  readonly rootDispersion: number;
  readonly referenceTime: Timestamp;
  /** s/s: what the discipline has found the local oscillator to gain (positive) or lose. */
  readonly frequency: number;
  readonly associations: readonly AssociationState[];
  readonly rings: readonly RingState[];
  readonly names: readonly NamedServerState[];
  readonly dynamicSessions: number;
  readonly dynamicSessionsRefused: bigint;
  readonly statistics: NtpStatistics;
  readonly drops: Readonly<Record<DropReason, bigint>>;
  /** The newest first; those of clients' requests are not among them. */
  readonly lastDrops: readonly LastDrop[];
  /** What each configured key was used for. */
  readonly keys: ReadonlyMap<number, KeyTally>;
  /** The newest first. */
  readonly history: readonly SyncChange[];
}

/** A packet that was not used. */
export interface LastDrop {
  readonly time: Timestamp;
  readonly reason: DropReason;
  readonly address: Address;
}

/** A change of what the clock follows, or something that was done to it at one blow. */
export interface SyncChange {
  readonly time: Timestamp;
  readonly kind:
    | "synchronized"
    | "unsynchronized"
    | "source-changed"
    | "stratum-changed"
    | "stepped"
    | "leap-second"
    | "panic";
  /** What the clock followed then; undefined: nothing, or the local clock. */
  readonly source: Address | undefined;
  readonly stratum: number;
  /** s */
  readonly offset: number;
  /** Why, for a person. */
  readonly reason: string;
}

export type AssociationMode =
  | "client"
  | "active"
  | "passive"
  | "broadcast-server"
  | "broadcast-client"
  | "multicast-server"
  | "multicast-client"
  | "manycast-server"
  | "manycast-client";

export interface AssociationState {
  readonly address: Address;
  readonly mode: AssociationMode;
  readonly configured: boolean;
  readonly leap: number;
  /** log2 s */
  readonly precision: number;
  readonly stratum: number;
  readonly referenceId: number;
  readonly keyId: number | undefined;
  readonly prefer: boolean;
  /** Interface whose group brought it up, or that it is bound to. */
  readonly interface: string | undefined;
  /** The last packet that gave time was in the interleaved mode. */
  readonly interleaved: boolean;
  readonly burst: boolean;
  readonly iburst: boolean;
  readonly reach: number;
  /** s since the last packet that was used; undefined: none yet. */
  readonly unreach: number;
  readonly poll: number;
  readonly minpoll: number;
  readonly maxpoll: number;
  readonly port: number;
  readonly version: number;
  readonly offset: number;
  readonly delay: number;
  readonly dispersion: number;
  readonly jitter: number;
  readonly rootDelay: number;
  readonly rootDispersion: number;
  readonly referenceTime: Timestamp;
  readonly originTime: Timestamp;
  readonly receiveTime: Timestamp;
  readonly transmitTime: Timestamp;
  readonly inputTime: Timestamp;
  /** s since the last packet was received. */
  readonly now: number | undefined;
  readonly selected: "system-peer" | "survivor" | "outlier" | "falseticker" | "rejected";
  /** Why it is not among those chosen from; undefined: it is, or it only speaks. */
  readonly rejection: "unreachable" | "no-sample" | "loop" | "stratum" | "distance" | undefined;
  readonly statistics: NtpStatistics;
  /** Up to 64 polls, the oldest first: "1" for one that was answered with time. */
  readonly reachHistory: string;
  /** The last packet from it that was not used. */
  readonly lastDrop: Omit<LastDrop, "address"> | undefined;
  /** Up to eight, the newest first. */
  readonly samples: readonly SampleState[];
}

/** One of the last samples of a source, with its offset brought to now. s */
export interface SampleState {
  readonly age: number;
  readonly offset: number;
  readonly delay: number;
  readonly dispersion: number;
}

/** The expanding ring of one manycast client. */
export interface RingState {
  readonly interface: string;
  readonly group: Address;
  readonly ttl: number;
  readonly solicitations: bigint;
  readonly answers: bigint;
  readonly survivors: number;
  /** log2 s until the next solicitation. */
  readonly interval: number;
}

/** What a server's name has come to. */
export interface NamedServerState {
  readonly name: string;
  /** Those in use. */
  readonly addresses: readonly Address[];
  /** When the name last had addresses; undefined: not yet. */
  readonly resolved: Timestamp | undefined;
  readonly lastFailure: { readonly reason: string; readonly time: Timestamp } | undefined;
}

/** RFC 9249's common statistics: all since the time of discontinuity. */
export interface NtpStatistics {
  readonly discontinuity: Timestamp;
  readonly sent: number;
  readonly sentFailed: number;
  readonly received: number;
  readonly dropped: number;
}
