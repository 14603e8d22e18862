import type { Raw } from "../base/index.ts";
import type { AccessRule, Algorithm, PolicyConfig } from "./config.ts";
import type { KeyTally } from "./mac.ts";
import type { Timestamp } from "./time.ts";

/** An IP address in its canonical text (RFC 5952 for IPv6), without a zone. */
export type Address = string;

/** A network interface as the kernel has it now. */
export interface NetworkInterface {
  readonly name: string;
  readonly index: number;
  readonly up: boolean;
  readonly addresses: readonly Address[];
}

/** The sockets that a configuration wants for serving: one port, and groups on interfaces. */
export interface ServerSockets {
  readonly port: number;
  readonly groups: readonly GroupMembership[];
}

export interface GroupMembership {
  readonly interface: string;
  readonly group: Address;
}

/**
 * A client socket by number, chosen by the engine: a random port each (RFC 9109). 0 is the
 * server's.
 */
export type SocketId = number;
export const serverSocket: SocketId = 0;

/** A datagram that came in, other than one that the responder answered. */
export interface InDatagram {
  readonly socket: SocketId;
  readonly bytes: Uint8Array;
  readonly from: Address;
  readonly fromPort: number;
  /**
   * Destination address: tells a group from a unicast address. undefined where the host cannot see
   * it.
   */
  readonly to: Address | undefined;
  /** Name of the interface it came in on; undefined where the host cannot see it. */
  readonly interface: string | undefined;
  /** When it arrived: the kernel's stamp where there is one. */
  readonly received: Raw;
}

/** What the engine wants done. */
export type NtpEffect =
  | { readonly kind: "open-socket"; readonly socket: SocketId; readonly family: 4 | 6 }
  | { readonly kind: "close-socket"; readonly socket: SocketId }
  | OutDatagram
  | NameQuery
  /** The software or kernel clock was steered: the responder's view changes. */
  | { readonly kind: "publish"; readonly snapshot: ServerSnapshot }
  | { readonly kind: "event"; readonly event: NtpEvent };

/** A name whose addresses are wanted; answered by one NameAnswer, sooner or later. */
export interface NameQuery {
  readonly kind: "resolve-name";
  /** Names this question in its answer. */
  readonly query: number;
  readonly name: string;
  /** 0: either. */
  readonly family: 0 | 4 | 6;
}

export interface NameAnswer {
  readonly query: number;
  readonly name: string;
  /** In the order in which they are to be tried; none where it failed. */
  readonly addresses: readonly string[];
  /** Why there are none, for a person. */
  readonly failure: string | undefined;
}

export interface OutDatagram {
  readonly kind: "send";
  readonly socket: SocketId;
  readonly to: Address;
  readonly port: number;
  /** Outgoing interface: needed for groups and link-local addresses. */
  readonly interface: string | undefined;
  /** TTL or hop limit; undefined: the system's. */
  readonly ttl: number | undefined;
  readonly bytes: Uint8Array;
  /**
   * Names this datagram when the host reports its transmit time ("transmitted" below). The host
   * reads
   * the raw clock as late as it can before the system call, or takes the kernel's stamp.
   */
  readonly token: number;
}

/** When a datagram really left. The host reports it before it hands in any later datagram. */
export interface Transmitted {
  readonly token: number;
  readonly at: Raw;
}

/** What happens in the engine that others want to hear of. */
export type NtpEvent =
  | {
      readonly kind: "clock-state";
      readonly from: "synchronized" | "unsynchronized";
      readonly to: "synchronized" | "unsynchronized";
      readonly reason: string;
    }
  | {
      readonly kind: "association-up" | "association-down";
      readonly address: Address;
      readonly reason: string;
    }
  | { readonly kind: "session-limit"; readonly address: Address; readonly limit: number }
  | { readonly kind: "authentication-failure"; readonly address: Address; readonly keyId: number }
  /** The sources want more than is believed: the clock is left as it is. s, s */
  | { readonly kind: "panic"; readonly offset: number; readonly threshold: number }
  | { readonly kind: "warning"; readonly message: string };

/**
 * All that answering a mode-3 request needs; a pure function of it and the request makes the reply.
 * Cooked time at raw time r is `base + (r - baseRaw) × (1 + frequency)`, and while a slew lasts
 * `slew` times the time that it has lasted more.
 */
export interface ServerSnapshot {
  /** False: nothing is answered (no /ntp in running). */
  readonly serving: boolean;
  readonly port: number;
  readonly leap: number;
  readonly stratum: number;
  /** log2 s */
  readonly precision: number;
  /** s */
  readonly rootDelay: number;
  /** s at baseRaw; it grows by PHI. */
  readonly rootDispersion: number;
  /** 4 octets. */
  readonly referenceId: number;
  readonly referenceTime: Timestamp;
  readonly base: Timestamp;
  readonly baseRaw: Raw;
  /** Seconds of NTP time for each second of raw time, minus 1. */
  readonly frequency: number;
  /** Until `slewUntil`, so much is added to the frequency: an offset is being worked off. */
  readonly slew: number;
  readonly slewUntil: Raw;
  readonly keys: readonly ServerKey[];
  readonly manycast: readonly GroupMembership[];
  /** The reference ids that this machine's own addresses have: a client that shows one has us. */
  readonly ownReferenceIds: readonly number[];
  readonly accessRules: readonly AccessRule[];
  readonly policy: PolicyConfig;
  /** Interfaces on which nothing is taken in. */
  readonly deaf: readonly string[];
  /** 32 bits that nobody outside knows. */
  readonly seed: number;
}

export interface ServerKey {
  readonly id: number;
  readonly algorithm: Algorithm;
  readonly secret: Uint8Array;
  readonly digestLength: number;
  readonly trusted: boolean;
}

/** Counts of what the responder did, by the interface's name where it is known. Cumulative. */
export interface ServerCounters {
  readonly received: number;
  readonly sent: number;
  readonly sendFailed: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** What each key was used for. */
  readonly keys: ReadonlyMap<number, KeyTally>;
}

/** Why a datagram was not answered or not used: a closed list, shown in nd:packet-drops. */
export type DropReason =
  | "malformed"
  | "version"
  | "mode"
  | "unknown-key"
  | "untrusted-key"
  | "bad-mac"
  | "access-denied"
  | "rate-limited"
  | "unsynchronized"
  | "stratum"
  | "loop"
  | "not-manycast"
  | "bogus-origin"
  | "duplicate"
  | "authentication-required"
  | "session-limit"
  | "server-disabled"
  | "interface-disabled"
  | "other";

export const dropReasons: readonly DropReason[] = [
  "malformed",
  "version",
  "mode",
  "unknown-key",
  "untrusted-key",
  "bad-mac",
  "access-denied",
  "rate-limited",
  "unsynchronized",
  "stratum",
  "loop",
  "not-manycast",
  "bogus-origin",
  "duplicate",
  "authentication-required",
  "session-limit",
  "server-disabled",
  "interface-disabled",
  "other",
];
