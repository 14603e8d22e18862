// Generated from ietf-system@2014-08-06 by scripts/generate.ts

/** The top of ietf-system in a datastore. */
export interface IetfSystem {
  /** Configuration of the host. */
  readonly "ietf-system:system": System;
  /** State of the host. */
  readonly "ietf-system:system-state"?: SystemState;
}

/** IetfSystem with the defaults in use. */
export interface EffectiveIetfSystem extends IetfSystem {
  readonly "ietf-system:system": EffectiveSystem;
}

/** Configuration of the host. */
export interface System {
  /** Whom to ask about the host. */
  readonly "contact"?: string;
  /** Name of the host, a label or a full domain name. */
  readonly "hostname"?: string;
  /** Where the host stands. */
  readonly "location"?: string;
  /** Date and time. */
  readonly "clock": SystemClock;
  /**
   * NTP servers. Not served here: ietf-ntp is.
   *
   * Present: Enables the NTP client unless the 'enabled' leaf (which defaults to 'true') is set to
   * 'false'.
   */
  readonly "ntp"?: SystemNtp;
  /** The DNS resolver. */
  readonly "dns-resolver": SystemDnsResolver;
  /** The RADIUS client. */
  readonly "radius": SystemRadius;
  /** Who may log in. */
  readonly "authentication": SystemAuthentication;
}

/** System with the defaults in use. */
export interface EffectiveSystem extends System {
  readonly "ntp"?: EffectiveSystemNtp;
  readonly "dns-resolver": EffectiveSystemDnsResolver;
  readonly "radius": EffectiveSystemRadius;
}

/** Date and time. */
export type SystemClock = SystemClockTimezoneChoice;

/** The time zone. */
export type SystemClockTimezoneChoice =
  | {
      /** Name of the time zone. */
      readonly "timezone-name"?: string;
      readonly "timezone-utc-offset"?: never;
    }
  | {
      /**
       * Minutes to add to UTC; negative west of Greenwich.
       *
       * int16. Range -1500 .. 1500. Unit: minutes.
       */
      readonly "timezone-utc-offset"?: number;
      readonly "timezone-name"?: never;
    }
  | {
      readonly "timezone-name"?: never;
      readonly "timezone-utc-offset"?: never;
    };

/** NTP servers. Not served here: ietf-ntp is. */
export interface SystemNtp {
  /**
   * Whether the clock is to follow the servers.
   *
   * Default: true.
   */
  readonly "enabled"?: boolean;
  /**
   * One server.
   *
   * Keyed by name.
   */
  readonly "server"?: ReadonlyMap<string, SystemNtpServer>;
}

/** SystemNtp with the defaults in use. */
export interface EffectiveSystemNtp extends SystemNtp {
  readonly "enabled": boolean;
  readonly "server"?: ReadonlyMap<string, EffectiveSystemNtpServer>;
}

/** One server. */
export interface SystemNtpServer {
  /** Any name. */
  readonly "name": string;
  /** Over UDP. */
  readonly "udp"?: SystemNtpServerUdp;
  /**
   * How it is used.
   *
   * Default: server.
   */
  readonly "association-type"?: "server" | "peer" | "pool";
  /**
   * Begin with a burst of packets.
   *
   * Default: false.
   */
  readonly "iburst"?: boolean;
  /**
   * Take it before others.
   *
   * Default: false.
   */
  readonly "prefer"?: boolean;
}

/** SystemNtpServer with the defaults in use. */
export interface EffectiveSystemNtpServer extends SystemNtpServer {
  readonly "udp"?: EffectiveSystemNtpServerUdp;
  readonly "association-type": "server" | "peer" | "pool";
  readonly "iburst": boolean;
  readonly "prefer": boolean;
}

/** Over UDP. */
export interface SystemNtpServerUdp {
  /** Address or name. */
  readonly "address": string;
  /**
   * UDP port.
   *
   * uint16. Range 0..65535. Default: 123.
   */
  readonly "port"?: number;
}

/** SystemNtpServerUdp with the defaults in use. */
export interface EffectiveSystemNtpServerUdp extends SystemNtpServerUdp {
  readonly "port": number;
}

/** The DNS resolver. */
export interface SystemDnsResolver {
  /** Domains that short names are looked up in, in order. */
  readonly "search"?: readonly string[];
  /**
   * One DNS server.
   *
   * Keyed by name. Ordered by the user.
   */
  readonly "server"?: ReadonlyMap<string, SystemDnsResolverServer>;
  /** How long and how often to ask. */
  readonly "options": SystemDnsResolverOptions;
}

/** SystemDnsResolver with the defaults in use. */
export interface EffectiveSystemDnsResolver extends SystemDnsResolver {
  readonly "server"?: ReadonlyMap<string, EffectiveSystemDnsResolverServer>;
  readonly "options": EffectiveSystemDnsResolverOptions;
}

/** One DNS server. */
export interface SystemDnsResolverServer {
  /** Any name. */
  readonly "name": string;
  /** Over UDP and TCP. */
  readonly "udp-and-tcp"?: SystemDnsResolverServerUdpAndTcp;
}

/** SystemDnsResolverServer with the defaults in use. */
export interface EffectiveSystemDnsResolverServer extends SystemDnsResolverServer {
  readonly "udp-and-tcp"?: EffectiveSystemDnsResolverServerUdpAndTcp;
}

/** Over UDP and TCP. */
export interface SystemDnsResolverServerUdpAndTcp {
  /** Address of the server. */
  readonly "address": string;
  /**
   * Port of the server, UDP and TCP.
   *
   * uint16. Range 0..65535. Default: 53.
   */
  readonly "port"?: number;
}

/** SystemDnsResolverServerUdpAndTcp with the defaults in use. */
export interface EffectiveSystemDnsResolverServerUdpAndTcp
  extends SystemDnsResolverServerUdpAndTcp {
  readonly "port": number;
}

/** How long and how often to ask. */
export interface SystemDnsResolverOptions {
  /**
   * How long to wait for an answer before the next server is asked, s.
   *
   * uint8. Range 1..max. Unit: seconds. Default: 5.
   */
  readonly "timeout"?: number;
  /**
   * How often all servers are asked before giving up.
   *
   * uint8. Range 1..max. Default: 2.
   */
  readonly "attempts"?: number;
}

/** SystemDnsResolverOptions with the defaults in use. */
export interface EffectiveSystemDnsResolverOptions extends SystemDnsResolverOptions {
  readonly "timeout": number;
  readonly "attempts": number;
}

/** The RADIUS client. */
export interface SystemRadius {
  /**
   * One RADIUS server.
   *
   * Keyed by name. Ordered by the user.
   */
  readonly "server"?: ReadonlyMap<string, SystemRadiusServer>;
  /** How long and how often to ask. */
  readonly "options": SystemRadiusOptions;
}

/** SystemRadius with the defaults in use. */
export interface EffectiveSystemRadius extends SystemRadius {
  readonly "server"?: ReadonlyMap<string, EffectiveSystemRadiusServer>;
  readonly "options": EffectiveSystemRadiusOptions;
}

/** One RADIUS server. */
export interface SystemRadiusServer {
  /** Any name. */
  readonly "name": string;
  /** Over UDP. */
  readonly "udp"?: SystemRadiusServerUdp;
  /**
   * How the password is carried.
   *
   * Default: ietf-system:radius-pap.
   */
  readonly "authentication-type"?: RadiusAuthenticationType;
}

/** SystemRadiusServer with the defaults in use. */
export interface EffectiveSystemRadiusServer extends SystemRadiusServer {
  readonly "udp"?: EffectiveSystemRadiusServerUdp;
  readonly "authentication-type": RadiusAuthenticationType;
}

/** Over UDP. */
export interface SystemRadiusServerUdp {
  /** Address or name. */
  readonly "address": string;
  /**
   * UDP port.
   *
   * uint16. Range 0..65535. Default: 1812.
   */
  readonly "authentication-port"?: number;
  /** The secret shared with the server. */
  readonly "shared-secret": string;
}

/** SystemRadiusServerUdp with the defaults in use. */
export interface EffectiveSystemRadiusServerUdp extends SystemRadiusServerUdp {
  readonly "authentication-port": number;
}

/** How long and how often to ask. */
export interface SystemRadiusOptions {
  /**
   * How long to wait for an answer before the next server is asked, s.
   *
   * uint8. Range 1..max. Unit: seconds. Default: 5.
   */
  readonly "timeout"?: number;
  /**
   * How often all servers are asked before giving up.
   *
   * uint8. Range 1..max. Default: 2.
   */
  readonly "attempts"?: number;
}

/** SystemRadiusOptions with the defaults in use. */
export interface EffectiveSystemRadiusOptions extends SystemRadiusOptions {
  readonly "timeout": number;
  readonly "attempts": number;
}

/** Who may log in. */
export interface SystemAuthentication {
  /** Ways to check a password, in the order in which they are tried. */
  readonly "user-authentication-order"?: readonly AuthenticationMethod[];
  /**
   * One user.
   *
   * Keyed by name.
   */
  readonly "user"?: ReadonlyMap<string, SystemAuthenticationUser>;
}

/** One user. */
export interface SystemAuthenticationUser {
  /** Name that the user logs in with. */
  readonly "name": string;
  /** The password, kept as a hash. */
  readonly "password"?: string;
  /**
   * A public SSH key that the user may log in with.
   *
   * Keyed by name.
   */
  readonly "authorized-key"?: ReadonlyMap<string, SystemAuthenticationUserAuthorizedKey>;
}

/** A public SSH key that the user may log in with. */
export interface SystemAuthenticationUserAuthorizedKey {
  /** Any name. */
  readonly "name": string;
  /** Algorithm of the key, by its SSH name. */
  readonly "algorithm": string;
  /** The key as SSH sends it (RFC 4253 section 6.6). */
  readonly "key-data": Uint8Array;
}

/** State of the host. */
export interface SystemState {
  /** Hardware and operating system. */
  readonly "platform": SystemStatePlatform;
  /** The host's clock. */
  readonly "clock": SystemStateClock;
}

/** Hardware and operating system. */
export interface SystemStatePlatform {
  /** Name of the operating system. */
  readonly "os-name"?: string;
  /** Release of the operating system. */
  readonly "os-release"?: string;
  /** Version of the operating system. */
  readonly "os-version"?: string;
  /** Kind of hardware. */
  readonly "machine"?: string;
}

/** The host's clock. */
export interface SystemStateClock {
  /** What time it is. */
  readonly "current-datetime"?: string;
  /** When the host last started. */
  readonly "boot-datetime"?: string;
}

/** The input of set-current-datetime. */
export interface SetCurrentDatetimeInput {
  /** The time to set. */
  readonly "current-datetime": string;
}

/** The module's rpcs: what goes in and what comes out. */
export interface IetfSystemOperations {
  /** Sets the clock. While NTP sets it, the answer is the error ntp-active. */
  readonly "ietf-system:set-current-datetime": {
    readonly input: SetCurrentDatetimeInput;
    readonly output: Readonly<Record<string, never>>;
  };
  /** Restarts the host. */
  readonly "ietf-system:system-restart": {
    readonly input: Readonly<Record<string, never>>;
    readonly output: Readonly<Record<string, never>>;
  };
  /** Shuts the host down. */
  readonly "ietf-system:system-shutdown": {
    readonly input: Readonly<Record<string, never>>;
    readonly output: Readonly<Record<string, never>>;
  };
}

/** How RADIUS carries a password. */
export type RadiusAuthenticationType = "ietf-system:radius-chap" | "ietf-system:radius-pap";

/** A way to check who logs in. */
export type AuthenticationMethod = "ietf-system:local-users" | "ietf-system:radius";
