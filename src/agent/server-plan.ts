/** What the agent proves to be over TLS: all in DER. */
export interface TlsIdentity {
  /** Its own first, each of the others the issuer of the one before it. */
  readonly certificates: readonly Uint8Array[];
  readonly privateKey: Uint8Array | UnopenedKey;
}

/** A private key that was encrypted, and why it is not to be had. */
export interface UnopenedKey {
  readonly fault: string;
}

/** An entry of the list cert-to-name (RFC 7407). */
export interface CertToName {
  /** The octet of the hash algorithm, and the hash: tls-fingerprint. */
  readonly fingerprint: Uint8Array;
  readonly map:
    | { readonly kind: "specified"; readonly name: string }
    | {
        readonly kind:
          | "san-rfc822-name"
          | "san-dns-name"
          | "san-ip-address"
          | "san-any"
          | "common-name";
      };
}

export type Transport =
  | { readonly kind: "ssh" }
  /** `identity`: by name. */
  | { readonly kind: "tls"; readonly identity: string };

/** A connection that the agent asks its host to make. */
export type CallId = number;

/** How TCP asks a silent peer whether it is there: seconds, and how often. */
export interface KeepAlives {
  readonly idleTime: number;
  readonly maxProbes: number;
  readonly probeInterval: number;
}

export interface ListenerPlan {
  readonly name: string;
  readonly transport: Transport;
  readonly address: string;
  readonly port: number;
}

/** The algorithms on offer, the best first; empty: all that there are, as they are. */
export interface SshAlgorithmsPlan {
  readonly keyExchange: readonly string[];
  readonly encryption: readonly string[];
  readonly mac: readonly string[];
  readonly hostKey: readonly string[];
}

/** How managers are to reach the agent, as the datastores have it. */
export interface ServerPlan {
  readonly listeners: readonly ListenerPlan[];
  readonly identities: ReadonlyMap<string, TlsIdentity>;
  /** X.509 in DER. */
  readonly trustAnchors: ReadonlyMap<string, Uint8Array>;
  /** Certificate lists (RFC 5280 section 5) in DER. */
  readonly revocationLists: ReadonlyMap<string, Uint8Array>;
  /** By number, in the order in which they are tried. */
  readonly certToName: ReadonlyMap<number, CertToName>;
  readonly minimumVersion: "tls1.2" | "tls1.3";
  readonly sshAlgorithms: SshAlgorithmsPlan;
  readonly unauthenticatedMax: number;
  /** s */
  readonly loginTimeout: number;
}

/** A part of a plan that cannot be, and why. */
export interface ServerFault {
  readonly part: "listener" | "identity" | "trust-anchor" | "revocation-list" | "cert-to-name";
  readonly name: string;
  readonly reason: string;
}

/** What is seen of a certificate once it is read. */
export interface CertificateFacts {
  /** As tls-fingerprint has it, over SHA-256. */
  readonly fingerprint: string;
  /** date-and-time */
  readonly expires: string;
}

/** What is seen of a revocation list once it is read. */
export interface RevocationFacts {
  /** By name; undefined: it is of none of them. */
  readonly trustAnchor: string | undefined;
  /** Both date-and-time; a list need not say until when it is good. */
  readonly thisUpdate: string;
  readonly nextUpdate: string | undefined;
  readonly revoked: number;
}

/** A plan made ready beside what is in use, but for what is at fault in it. */
export interface PreparedServer {
  /** One of the two is called, once. Neither may fail. */
  commit(): void;
  abort(): void;
  /** What can be and yet will not do what was surely meant. */
  readonly warnings: readonly string[];
  readonly faults: readonly ServerFault[];
  readonly identities: ReadonlyMap<string, CertificateFacts>;
  readonly trustAnchors: ReadonlyMap<string, CertificateFacts>;
  readonly revocationLists: ReadonlyMap<string, RevocationFacts>;
}

/**
 * The synchronous door to listeners and their keys. It never throws: whoever may refuse refuses for
 * the faults, and whoever may not does without what is at fault.
 */
export interface ServerDoor {
  prepare(plan: ServerPlan): PreparedServer;
}
