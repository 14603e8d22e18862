// Generated from ntpconfd-server@2026-11-26 by scripts/generate.ts

/** The top of ntpconfd-server in a datastore. */
export interface NtpconfdServer {
  /** How managers reach the agent. */
  readonly "ntpconfd-server:server": Server;
}

/** NtpconfdServer with the defaults in use. */
export interface EffectiveNtpconfdServer extends NtpconfdServer {
  readonly "ntpconfd-server:server": EffectiveServer;
}

/** How managers reach the agent. */
export interface Server {
  /** Where the agent waits for managers. */
  readonly "listen": ServerListen;
  /**
   * Managers that the agent connects to by itself, and is then the SSH or TLS server of (RFC 8071).
   */
  readonly "call-home": ServerCallHome;
  /** Bounds of NETCONF sessions. */
  readonly "sessions": ServerSessions;
  /** SSH, on all listeners and on calls home. */
  readonly "ssh": ServerSsh;
  /** TLS, on all listeners and on calls home. */
  readonly "tls": ServerTls;
}

/** Server with the defaults in use. */
export interface EffectiveServer extends Server {
  readonly "listen": EffectiveServerListen;
  readonly "call-home": EffectiveServerCallHome;
  readonly "sessions": EffectiveServerSessions;
  readonly "tls": EffectiveServerTls;
}

/** Where the agent waits for managers. */
export interface ServerListen {
  /**
   * An address and a port. A commit is refused where they cannot be had, with the system's reason;
   * at the start of the agent the listener is then down and tried again.
   *
   * Keyed by name.
   */
  readonly "listener"?: ReadonlyMap<string, ServerListenListener>;
}

/** ServerListen with the defaults in use. */
export interface EffectiveServerListen extends ServerListen {
  readonly "listener"?: ReadonlyMap<string, EffectiveServerListenListener>;
}

/**
 * An address and a port. A commit is refused where they cannot be had, with the system's reason; at
 * the start of the agent the listener is then down and tried again.
 */
export type ServerListenListener = {
  /** A name for it. */
  readonly "name": string;
  /**
   * Whether it is to be there.
   *
   * Default: true.
   */
  readonly "enabled"?: boolean;
  /** Whether it is there. */
  readonly "oper-status"?: "up" | "down";
  /** Why it is down, for a person. */
  readonly "down-reason"?: string;
} & ServerListenListenerTransportChoice;

/** ServerListenListener with the defaults in use. */
export type EffectiveServerListenListener = {
  readonly "name": string;
  readonly "enabled": boolean;
  readonly "oper-status"?: "up" | "down";
  readonly "down-reason"?: string;
} & EffectiveServerListenListenerTransportChoice;

/** What is spoken there. */
export type ServerListenListenerTransportChoice =
  | {
      /** NETCONF over SSH (RFC 6242). */
      readonly "ssh"?: ServerListenListenerSsh;
      readonly "tls"?: never;
    }
  | {
      /** NETCONF over TLS (RFC 7589). */
      readonly "tls"?: ServerListenListenerTls;
      readonly "ssh"?: never;
    };

/** What is spoken there. */
export type EffectiveServerListenListenerTransportChoice =
  | {
      readonly "ssh"?: EffectiveServerListenListenerSsh;
      readonly "tls"?: never;
    }
  | {
      readonly "tls"?: EffectiveServerListenListenerTls;
      readonly "ssh"?: never;
    };

/** NETCONF over SSH (RFC 6242). */
export interface ServerListenListenerSsh {
  /** An address of this machine; 0.0.0.0 is all of IPv4, :: all of IPv6. */
  readonly "address": string;
  /**
   * TCP port.
   *
   * uint16. Range 1..65535. Default: 830.
   */
  readonly "port"?: number;
}

/** ServerListenListenerSsh with the defaults in use. */
export interface EffectiveServerListenListenerSsh extends ServerListenListenerSsh {
  readonly "port": number;
}

/** NETCONF over TLS (RFC 7589). */
export interface ServerListenListenerTls {
  /** An address of this machine; 0.0.0.0 is all of IPv4, :: all of IPv6. */
  readonly "address": string;
  /**
   * TCP port.
   *
   * uint16. Range 1..65535. Default: 6513.
   */
  readonly "port"?: number;
  /**
   * What the agent shows there.
   *
   * Refers to /srv:server/srv:tls/srv:identity/srv:name.
   */
  readonly "identity": string;
}

/** ServerListenListenerTls with the defaults in use. */
export interface EffectiveServerListenListenerTls extends ServerListenListenerTls {
  readonly "port": number;
}

/**
 * Managers that the agent connects to by itself, and is then the SSH or TLS server of (RFC 8071).
 */
export interface ServerCallHome {
  /**
   * A manager.
   *
   * Keyed by name.
   */
  readonly "peer"?: ReadonlyMap<string, ServerCallHomePeer>;
}

/** ServerCallHome with the defaults in use. */
export interface EffectiveServerCallHome extends ServerCallHome {
  readonly "peer"?: ReadonlyMap<string, EffectiveServerCallHomePeer>;
}

/** A manager. */
export type ServerCallHomePeer = {
  /** A name for it. */
  readonly "name": string;
  /**
   * Whether it is called. A connection that there is stays.
   *
   * Default: true.
   */
  readonly "enabled"?: boolean;
  /**
   * Where it can be, in order.
   *
   * Keyed by name. Ordered by the user.
   */
  readonly "endpoint"?: ReadonlyMap<string, ServerCallHomePeerEndpoint>;
  /**
   * When it is called.
   *
   * Present: It is called from time to time. Otherwise there is to be a connection at all times.
   */
  readonly "periodic"?: ServerCallHomePeerPeriodic;
  /** What is done where a connection does not come. */
  readonly "reconnect-strategy": ServerCallHomePeerReconnectStrategy;
  /** How TCP finds out that the manager is gone. */
  readonly "keep-alives": ServerCallHomePeerKeepAlives;
  /** How it stands with this manager. */
  readonly "state"?: ServerCallHomePeerState;
} & ServerCallHomePeerTransportChoice;

/** ServerCallHomePeer with the defaults in use. */
export type EffectiveServerCallHomePeer = {
  readonly "name": string;
  readonly "enabled": boolean;
  readonly "endpoint"?: ReadonlyMap<string, ServerCallHomePeerEndpoint>;
  readonly "periodic"?: EffectiveServerCallHomePeerPeriodic;
  readonly "reconnect-strategy": EffectiveServerCallHomePeerReconnectStrategy;
  readonly "keep-alives": EffectiveServerCallHomePeerKeepAlives;
  readonly "state"?: ServerCallHomePeerState;
} & ServerCallHomePeerTransportChoice;

/** What is spoken with it. */
export type ServerCallHomePeerTransportChoice =
  | {
      /**
       * NETCONF over SSH: the manager logs in as a user of the agent.
       *
       * Present: The manager is called over SSH.
       */
      readonly "ssh"?: ServerCallHomePeerSsh;
      readonly "tls"?: never;
    }
  | {
      /** NETCONF over TLS: the manager's certificate says who it is. */
      readonly "tls"?: ServerCallHomePeerTls;
      readonly "ssh"?: never;
    };

/** NETCONF over SSH: the manager logs in as a user of the agent. */
export interface ServerCallHomePeerSsh {
}

/** NETCONF over TLS: the manager's certificate says who it is. */
export interface ServerCallHomePeerTls {
  /**
   * What the agent shows to it.
   *
   * Refers to /srv:server/srv:tls/srv:identity/srv:name.
   */
  readonly "identity": string;
}

/** Where it can be, in order. */
export interface ServerCallHomePeerEndpoint {
  /** A name for it. */
  readonly "name": string;
  /** An address, or a name of the DNS. */
  readonly "address": string;
  /**
   * TCP port; 4334 for SSH and 4335 for TLS where it is left out.
   *
   * uint16. Range 1..65535.
   */
  readonly "port"?: number;
  /**
   * The address of this machine that the call comes from; the system chooses where it is left out.
   * A name is then asked for addresses of this family alone.
   */
  readonly "local-address"?: string;
}

/** When it is called. */
export interface ServerCallHomePeerPeriodic {
  /**
   * From the start of one connection to that of the next.
   *
   * uint16. Range 1..max. Unit: minutes. Default: 60.
   */
  readonly "period"?: number;
  /**
   * Connections start at whole multiples of period before and after this moment, by the agent's
   * clock. Where it is left out the first one starts at once.
   */
  readonly "anchor-time"?: string;
  /**
   * A session without an rpc for so long is ended, unless it has a subscription; 0: never for that.
   *
   * uint16. Unit: seconds. Default: 180.
   */
  readonly "idle-timeout"?: number;
}

/** ServerCallHomePeerPeriodic with the defaults in use. */
export interface EffectiveServerCallHomePeerPeriodic extends ServerCallHomePeerPeriodic {
  readonly "period": number;
  readonly "idle-timeout": number;
}

/** What is done where a connection does not come. */
export interface ServerCallHomePeerReconnectStrategy {
  /**
   * Which endpoint is tried first.
   *
   * Default: first-listed.
   */
  readonly "start-with"?: "first-listed" | "last-connected" | "random-selection";
  /**
   * A TCP connection that has not come by then does not come.
   *
   * uint16. Range 1..600. Unit: seconds. Default: 5.
   */
  readonly "max-wait"?: number;
  /**
   * So often in a row an endpoint is tried before the next one is.
   *
   * uint8. Range 1..max. Default: 3.
   */
  readonly "max-attempts"?: number;
  /**
   * The wait between two attempts is one second at first and twice as long each time, up to this,
   * and starts over once somebody has logged in. A part of each wait is left to chance.
   *
   * uint16. Range 1..max. Unit: seconds. Default: 60.
   */
  readonly "max-delay"?: number;
}

/** ServerCallHomePeerReconnectStrategy with the defaults in use. */
export interface EffectiveServerCallHomePeerReconnectStrategy
  extends ServerCallHomePeerReconnectStrategy {
  readonly "start-with": "first-listed" | "last-connected" | "random-selection";
  readonly "max-wait": number;
  readonly "max-attempts": number;
  readonly "max-delay": number;
}

/** How TCP finds out that the manager is gone. */
export interface ServerCallHomePeerKeepAlives {
  /**
   * Of silence before it is asked.
   *
   * uint16. Range 1..max. Unit: seconds. Default: 30.
   */
  readonly "idle-time"?: number;
  /**
   * Questions without an answer.
   *
   * uint8. Range 1..127. Default: 3.
   */
  readonly "max-probes"?: number;
  /**
   * Between two questions.
   *
   * uint16. Range 1..max. Unit: seconds. Default: 10.
   */
  readonly "probe-interval"?: number;
}

/** ServerCallHomePeerKeepAlives with the defaults in use. */
export interface EffectiveServerCallHomePeerKeepAlives extends ServerCallHomePeerKeepAlives {
  readonly "idle-time": number;
  readonly "max-probes": number;
  readonly "probe-interval": number;
}

/** How it stands with this manager. */
export interface ServerCallHomePeerState {
  /** What goes on. */
  readonly "status"?: "disabled" | "waiting" | "connecting" | "connected" | "established";
  /** The endpoint in use, or tried last. */
  readonly "endpoint"?: string;
  /** When it is called next. */
  readonly "next-attempt"?: string;
  /** When the connection came about. */
  readonly "connected-since"?: string;
  /**
   * Calls since the agent started.
   *
   * uint32.
   */
  readonly "attempts"?: number;
  /**
   * Calls on which the manager has logged in.
   *
   * uint32.
   */
  readonly "established"?: number;
  /** Why the last call that came to nothing did. */
  readonly "last-failure"?: string;
}

/** Bounds of NETCONF sessions. */
export interface ServerSessions {
  /**
   * At the same time, over all transports.
   *
   * uint16. Range 1..4096. Default: 256.
   */
  readonly "max-sessions"?: number;
  /**
   * From the opening of a session to its hello; 0: no limit.
   *
   * uint16. Unit: seconds. Default: 60.
   */
  readonly "hello-timeout"?: number;
  /**
   * Without an rpc, for sessions without a subscription; 0: no limit.
   *
   * uint32. Unit: seconds. Default: 3600.
   */
  readonly "idle-timeout"?: number;
  /**
   * Of one message, and of all that waits behind it on one session.
   *
   * uint32. Range 65536..1073741824. Unit: octets. Default: 134217728.
   */
  readonly "max-message-size"?: number;
  /**
   * Connections of one address (of IPv6: one network of 64 bits) on which nobody has logged in yet;
   * of all addresses together there are twice as many.
   *
   * uint16. Range 1..4096. Default: 64.
   */
  readonly "max-unauthenticated"?: number;
  /**
   * How long a connection may take to log in.
   *
   * uint16. Range 1..600. Unit: seconds. Default: 30.
   */
  readonly "login-timeout"?: number;
}

/** ServerSessions with the defaults in use. */
export interface EffectiveServerSessions extends ServerSessions {
  readonly "max-sessions": number;
  readonly "hello-timeout": number;
  readonly "idle-timeout": number;
  readonly "max-message-size": number;
  readonly "max-unauthenticated": number;
  readonly "login-timeout": number;
}

/** SSH, on all listeners and on calls home. */
export interface ServerSsh {
  /**
   * What is offered, the best first. A list without entries is all that its type has, in the order
   * of the type.
   */
  readonly "algorithms": ServerSshAlgorithms;
}

/**
 * What is offered, the best first. A list without entries is all that its type has, in the order of
 * the type.
 */
export interface ServerSshAlgorithms {
  /** Key exchanges. */
  readonly "key-exchange"?: readonly KeyExchange[];
  /** Ciphers. */
  readonly "encryption"?: readonly Encryption[];
  /** Message authentication. */
  readonly "mac"?: readonly Mac[];
  /** Kinds of host keys. */
  readonly "host-key"?: readonly HostKey[];
}

/** TLS, on all listeners and on calls home. */
export interface ServerTls {
  /**
   * Nothing older is spoken.
   *
   * Default: tls1.2.
   */
  readonly "minimum-version"?: "tls1.2" | "tls1.3";
  /**
   * A certificate of the agent's, with its private key.
   *
   * Keyed by name.
   */
  readonly "identity"?: ReadonlyMap<string, ServerTlsIdentity>;
  /**
   * A certificate that vouches for managers: of an authority, or a manager's own that is signed by
   * itself.
   *
   * Keyed by name.
   */
  readonly "trust-anchor"?: ReadonlyMap<string, ServerTlsTrustAnchor>;
  /**
   * A list of certificates that their authority has revoked. As soon as there is one here, each
   * authority that a manager's certificate comes from, up to the trust anchor, has to have one that
   * is current: without it, or after next-update, none of its certificates is accepted.
   *
   * Keyed by name.
   */
  readonly "revocation-list"?: ReadonlyMap<string, ServerTlsRevocationList>;
  /**
   * Connections that were ended for the certificate that they showed, or for want of one, since the
   * agent started.
   *
   * uint32.
   */
  readonly "certificates-refused"?: number;
  /**
   * Those of them whose certificate was on a revocation-list.
   *
   * uint32.
   */
  readonly "certificates-revoked"?: number;
  /**
   * Tried in the order of their numbers. An entry is for a certificate with its fingerprint, and
   * for those that the certificate authority with its fingerprint vouches for. Where an entry makes
   * no name, the next one is tried.
   *
   * Keyed by id.
   */
  readonly "cert-to-name"?: ReadonlyMap<string, ServerTlsCertToName>;
}

/** ServerTls with the defaults in use. */
export interface EffectiveServerTls extends ServerTls {
  readonly "minimum-version": "tls1.2" | "tls1.3";
}

/** A certificate of the agent's, with its private key. */
export type ServerTlsIdentity = {
  /** A name for it. */
  readonly "name": string;
  /**
   * X.509 in DER: the agent's own first, and then each the issuer of the one before it. The base64
   * lines of a PEM file are just this.
   */
  readonly "certificate"?: readonly Uint8Array[];
  /** Of the first certificate, SHA-256. */
  readonly "fingerprint"?: string;
  /** When the first certificate does. */
  readonly "expires"?: string;
  /** Why it cannot be used, where that came to light when nothing could be refused any more. */
  readonly "fault"?: string;
} & ServerTlsIdentityPrivateKeyFormChoice;

/** How the key of the first certificate is given. */
export type ServerTlsIdentityPrivateKeyFormChoice =
  | {
      /**
       * In clear, in DER: PKCS #8, or the older forms SEC 1 (elliptic curves) and PKCS #1 (RSA).
       */
      readonly "private-key"?: Uint8Array;
      readonly "encrypted-private-key"?: never;
    }
  | {
      /**
       * A PEM file with the key in one of these forms, encrypted under this agent's at-rest key:
       * what ntpconfd encrypt-key prints for it. It can be read, kept and given again, and opens
       * for this agent alone.
       */
      readonly "encrypted-private-key"?: string;
      readonly "private-key"?: never;
    };

/**
 * A certificate that vouches for managers: of an authority, or a manager's own that is signed by
 * itself.
 */
export interface ServerTlsTrustAnchor {
  /** A name for it. */
  readonly "name": string;
  /** X.509 in DER. */
  readonly "certificate": Uint8Array;
  /** SHA-256: what an entry of cert-to-name refers to it by. */
  readonly "fingerprint"?: string;
  /** When it does. */
  readonly "expires"?: string;
  /** Why it cannot be used, where that came to light when nothing could be refused any more. */
  readonly "fault"?: string;
}

/**
 * A list of certificates that their authority has revoked. As soon as there is one here, each
 * authority that a manager's certificate comes from, up to the trust anchor, has to have one that
 * is current: without it, or after next-update, none of its certificates is accepted.
 */
export interface ServerTlsRevocationList {
  /** A name for it. */
  readonly "name": string;
  /** The whole list in DER, signed by the authority; delta and indirect lists are not used. */
  readonly "crl": Uint8Array;
  /** The trust anchor whose list it is; not there where it is of an authority below one. */
  readonly "trust-anchor"?: string;
  /** When it was made. */
  readonly "this-update"?: string;
  /** Until when it is current. */
  readonly "next-update"?: string;
  /**
   * How many certificates are on it.
   *
   * uint32.
   */
  readonly "revoked-certificates"?: number;
  /** Why it cannot be used, where that came to light when nothing could be refused any more. */
  readonly "fault"?: string;
}

/**
 * Tried in the order of their numbers. An entry is for a certificate with its fingerprint, and for
 * those that the certificate authority with its fingerprint vouches for. Where an entry makes no
 * name, the next one is tried.
 */
export interface ServerTlsCertToName {
  /**
   * Lower numbers are tried first.
   *
   * uint32.
   */
  readonly "id": number;
  /** Of the peer's certificate, or of one above it. */
  readonly "fingerprint": string;
  /** How the name is made. */
  readonly "map-type": CertToName;
  /** The NETCONF username, where it is specified. */
  readonly "name"?: string;
}

/**
 * A listener that is to be there is down, or up again. What a commit opens or closes as it should
 * is told by that commit.
 */
export interface ListenerStateChangedNotification {
  /** Its name. */
  readonly "listener": string;
  /** What it has become. */
  readonly "oper-status": "up" | "down";
  /** Why it is down, for a person. */
  readonly "reason"?: string;
}

/** A manager that was called has logged in. */
export interface CallHomeEstablishedNotification {
  /** Its name. */
  readonly "peer": string;
  /** The name of the endpoint. */
  readonly "endpoint": string;
}

/** A connection with a manager that had logged in is gone. */
export interface CallHomeEndedNotification {
  /** Its name. */
  readonly "peer": string;
  /** The name of the endpoint. */
  readonly "endpoint": string;
}

/**
 * An endpoint is given up after max-attempts calls in a row that came to nothing; the next one is
 * tried.
 */
export interface CallHomeFailedNotification {
  /** Its name. */
  readonly "peer": string;
  /** The name of the endpoint. */
  readonly "endpoint": string;
  /**
   * How many calls there were.
   *
   * uint8.
   */
  readonly "attempts": number;
  /** Why the last of them came to nothing. */
  readonly "reason": string;
}

/**
 * curve25519-sha256: RFC 8731.
 *
 * curve25519-sha256@libssh.org: The same by its older name.
 *
 * ecdh-sha2-nistp256: RFC 5656.
 *
 * ecdh-sha2-nistp384: RFC 5656.
 *
 * ecdh-sha2-nistp521: RFC 5656.
 *
 * diffie-hellman-group16-sha512: RFC 8268, 4096 bits.
 *
 * diffie-hellman-group18-sha512: RFC 8268, 8192 bits.
 *
 * diffie-hellman-group14-sha256: RFC 8268, 2048 bits.
 */
export type KeyExchange =
  | "curve25519-sha256"
  | "curve25519-sha256@libssh.org"
  | "ecdh-sha2-nistp256"
  | "ecdh-sha2-nistp384"
  | "ecdh-sha2-nistp521"
  | "diffie-hellman-group16-sha512"
  | "diffie-hellman-group18-sha512"
  | "diffie-hellman-group14-sha256";

/**
 * aes128-gcm@openssh.com: AES in GCM mode, a key of 128 bits.
 *
 * aes256-gcm@openssh.com: AES in GCM mode, a key of 256 bits.
 *
 * aes128-ctr: RFC 4344.
 *
 * aes192-ctr: RFC 4344.
 *
 * aes256-ctr: RFC 4344.
 */
export type Encryption =
  | "aes128-gcm@openssh.com"
  | "aes256-gcm@openssh.com"
  | "aes128-ctr"
  | "aes192-ctr"
  | "aes256-ctr";

/**
 * hmac-sha2-256-etm@openssh.com: HMAC-SHA-256 over what is encrypted.
 *
 * hmac-sha2-512-etm@openssh.com: HMAC-SHA-512 over what is encrypted.
 *
 * hmac-sha2-256: RFC 6668.
 *
 * hmac-sha2-512: RFC 6668.
 */
export type Mac =
  | "hmac-sha2-256-etm@openssh.com"
  | "hmac-sha2-512-etm@openssh.com"
  | "hmac-sha2-256"
  | "hmac-sha2-512";

/**
 * ssh-ed25519: RFC 8709.
 *
 * ecdsa-sha2-nistp256: RFC 5656.
 */
export type HostKey = "ssh-ed25519" | "ecdsa-sha2-nistp256";

/** A way to make a name of a certificate. */
export type CertToName =
  | "ietf-x509-cert-to-name:common-name"
  | "ietf-x509-cert-to-name:san-any"
  | "ietf-x509-cert-to-name:san-dns-name"
  | "ietf-x509-cert-to-name:san-ip-address"
  | "ietf-x509-cert-to-name:san-rfc822-name"
  | "ietf-x509-cert-to-name:specified";
