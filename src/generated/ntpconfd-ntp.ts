// Generated from ntpconfd-ntp@2026-11-26 by scripts/generate.ts

import type { ClockState } from "./ietf-ntp.ts";

/** The clock has become synchronized, or no longer is. */
export interface ClockStateChangedNotification {
  /** What it was. */
  readonly "from": ClockState;
  /** What it is. */
  readonly "to": ClockState;
  /** Why, for a person. */
  readonly "reason": string;
}

/**
 * The sources agree on an offset that is above panic-threshold: the clock is left as it is. Told
 * once, until they are believed again.
 */
export interface PanicThresholdExceededNotification {
  /**
   * The offset; as in RFC 9249, negative where the local clock is behind.
   *
   * Decimal with 3 fraction digits. Unit: milliseconds.
   */
  readonly "offset": string;
  /**
   * The threshold.
   *
   * Decimal with 3 fraction digits. Unit: seconds.
   */
  readonly "threshold": string;
}

/** A server or peer answers that did not before. */
export interface AssociationUpNotification {
  /** Its address. */
  readonly "address": string;
  /** Why, for a person. */
  readonly "reason": string;
}

/** A server or peer no longer answers, or was ended. */
export interface AssociationDownNotification {
  /** Its address. */
  readonly "address": string;
  /** Why, for a person. */
  readonly "reason": string;
}

/**
 * An association did not come up, because there are as many as max-dynamic-sessions allows. Not
 * told again for the same address within a minute.
 */
export interface SessionLimitReachedNotification {
  /** Who was refused. */
  readonly "address": string;
  /**
   * The limit.
   *
   * uint8.
   */
  readonly "limit": number;
  /**
   * How often it has happened with this address since it was last told.
   *
   * uint32. Default: 0.
   */
  readonly "untold"?: number;
}

/** SessionLimitReachedNotification with the defaults in use. */
export interface EffectiveSessionLimitReachedNotification extends SessionLimitReachedNotification {
  readonly "untold": number;
}

/**
 * A packet that is signed could not be verified. Not told again for the same address within a
 * minute.
 */
export interface AuthenticationFailureNotification {
  /** Who sent it. */
  readonly "address": string;
  /**
   * The key that it names.
   *
   * uint32.
   */
  readonly "key-id"?: number;
  /**
   * How often it has happened with this address since it was last told.
   *
   * uint32. Default: 0.
   */
  readonly "untold"?: number;
}

/** AuthenticationFailureNotification with the defaults in use. */
export interface EffectiveAuthenticationFailureNotification
  extends AuthenticationFailureNotification {
  readonly "untold": number;
}

/**
 * malformed: See packet-drops.
 *
 * version: See packet-drops.
 *
 * mode: See packet-drops.
 *
 * unknown-key: See packet-drops.
 *
 * untrusted-key: See packet-drops.
 *
 * bad-mac: See packet-drops.
 *
 * access-denied: See packet-drops.
 *
 * rate-limited: See packet-drops.
 *
 * unsynchronized: See packet-drops.
 *
 * stratum: See packet-drops.
 *
 * loop: See packet-drops.
 *
 * not-manycast: See packet-drops.
 *
 * bogus-origin: See packet-drops.
 *
 * duplicate: See packet-drops.
 *
 * authentication-required: See packet-drops.
 *
 * server-disabled: See packet-drops.
 *
 * interface-disabled: See packet-drops.
 *
 * session-limit: See packet-drops.
 *
 * other: See packet-drops.
 */
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
  | "server-disabled"
  | "interface-disabled"
  | "session-limit"
  | "other";
