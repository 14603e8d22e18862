import type { Address, DropReason } from "./io.ts";
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
  readonly dynamicSessions: number;
  readonly dynamicSessionsRefused: bigint;
  readonly statistics: NtpStatistics;
  /** Statistics of each interface by name, where the host tells interfaces apart. */
  readonly interfaceStatistics: ReadonlyMap<string, NtpStatistics>;
  readonly drops: Readonly<Record<DropReason, bigint>>;
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
  readonly stratum: number;
  readonly referenceId: number;
  readonly keyId: number | undefined;
  readonly prefer: boolean;
  /** Interface whose group brought it up, or that it is bound to. */
  readonly interface: string | undefined;
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
  readonly statistics: NtpStatistics;
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

/** RFC 9249's common statistics: all since the time of discontinuity. */
export interface NtpStatistics {
  readonly discontinuity: Timestamp;
  readonly sent: number;
  readonly sentFailed: number;
  readonly received: number;
  readonly dropped: number;
}
