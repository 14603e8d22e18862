/** What the engine is told to do: plain data, made by agent/ from the running datastore. */
export interface NtpConfig {
  /** UDP port that the server answers on and that peers use; 123, or 1024 and up. */
  readonly port: number;
  /** The local clock as a reference; undefined: none. */
  readonly refclockMaster: { readonly stratum: number } | undefined;
  /** True: time is refused from associations without a key. */
  readonly authEnabled: boolean;
  readonly keys: readonly KeyConfig[];
  /** 0..100: how many dynamic associations there may be before new ones are refused. */
  readonly maxDynamicSessions: number;
  readonly unicast: readonly UnicastConfig[];
  readonly named?: readonly NamedServerConfig[];
  readonly interfaces: readonly InterfaceConfig[];
  /** By RFC 9249 access-mode; the first that matches decides, none configured permits all. */
  readonly accessRules: readonly AccessRule[];
  readonly policy: PolicyConfig;
}

/** How often one client is answered, as powers of two in seconds. */
export interface RatePolicy {
  /** log2 s between two packets that are answered. */
  readonly minimumInterval: number;
  /** log2 s between packets in the long run. */
  readonly averageInterval: number;
}

/** What routers have beyond RFC 9249. */
export interface PolicyConfig {
  /** Whether clients are answered, by the family that they ask over. */
  readonly server: { readonly ipv4: boolean; readonly ipv6: boolean };
  /** Clients that are refused are told so (RFC 5905 section 7.4). */
  readonly kissOfDeath: boolean;
  /** Requests in the interleaved mode are answered so (RFC 9769). */
  readonly interleaved: boolean;
  /** How often one client is answered; undefined: as often as it asks. */
  readonly discard: RatePolicy | undefined;
  /** s: sources whose root distance is larger give no time. */
  readonly maxDistance: number;
  /** s: a larger offset is jumped over; undefined: none is, once the clock is set. */
  readonly stepThreshold: number | undefined;
  /** s: a larger offset is not believed, once the clock is set; undefined: any is. */
  readonly panicThreshold: number | undefined;
  /** Control messages (mode 6) that only read are answered, where it is permitted to query. */
  readonly controlQueries: boolean;
  /** Dynamic associations come up only where a trusted key has signed. */
  readonly dynamicAuthentication: boolean;
}

export type Algorithm = "md5" | "sha-1" | "hmac-sha256" | "aes-128-cmac" | "aes-256-cmac";

export interface KeyConfig {
  readonly id: number;
  readonly algorithm: Algorithm;
  /** The key's octets as used: AES keys already padded to 16 or 32. */
  readonly secret: Uint8Array;
  /** Octets of digest on the wire. */
  readonly digestLength: number;
  readonly trusted: boolean;
}

export interface UnicastConfig {
  readonly address: string;
  readonly type: "server" | "peer";
  readonly keyId: number | undefined;
  readonly prefer: boolean;
  readonly burst: boolean;
  readonly iburst: boolean;
  /** The interleaved mode is asked for (RFC 9769); of servers, not of peers. */
  readonly interleaved?: boolean;
  /** Interface whose address is the source; undefined: the route decides. */
  readonly source: string | undefined;
  readonly minpoll: number;
  readonly maxpoll: number;
  readonly port: number;
  readonly version: number;
}

/** A server that is known by a name of the DNS. */
export interface NamedServerConfig extends Omit<UnicastConfig, "address" | "type"> {
  readonly name: string;
  /** How many of its addresses are servers of ours at most. */
  readonly maxAddresses: number;
  /** 0: either. */
  readonly family: 0 | 4 | 6;
}

export interface InterfaceConfig {
  readonly name: string;
  /** Whatever comes in on it is dropped unread. */
  readonly deaf?: boolean;
  readonly broadcastServer?: BroadcastServerConfig;
  readonly broadcastClient?: boolean;
  readonly multicastServers: readonly MulticastServerConfig[];
  readonly multicastClients: readonly string[];
  readonly manycastServers: readonly string[];
  readonly manycastClients: readonly ManycastClientConfig[];
}

export interface BroadcastServerConfig {
  readonly keyId: number | undefined;
  readonly ttl: number;
  readonly minpoll: number;
  readonly maxpoll: number;
  readonly port: number;
  readonly version: number;
}

export interface MulticastServerConfig extends BroadcastServerConfig {
  readonly address: string;
}

export interface ManycastClientConfig {
  /** The group. */
  readonly address: string;
  readonly keyId: number | undefined;
  /** Largest TTL or hop limit of the ring, 1..255. */
  readonly ttl: number;
  readonly minclock: number;
  readonly maxclock: number;
  /** log2 s: the interval at which the ring starts over. */
  readonly beacon: number;
  readonly minpoll: number;
  readonly maxpoll: number;
  readonly port: number;
  readonly version: number;
}

export interface AccessRule {
  readonly mode: "peer" | "server" | "server-only" | "query-only";
  readonly entries: readonly { readonly prefix: string; readonly permit: boolean }[];
}
