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
  readonly interfaces: readonly InterfaceConfig[];
  /** By RFC 9249 access-mode; the first that matches decides, none configured permits all. */
  readonly accessRules: readonly AccessRule[];
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
  /** Interface whose address is the source; undefined: the route decides. */
  readonly source: string | undefined;
  readonly minpoll: number;
  readonly maxpoll: number;
  readonly port: number;
  readonly version: number;
}

export interface InterfaceConfig {
  readonly name: string;
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
