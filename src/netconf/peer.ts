export type ChannelId = number;

/** RFC 6241 section 8.1: 1 and up; 0 is nobody. */
export type SessionId = number;

/** Who is at the other end of a session: authenticated by the host. */
export interface Peer {
  readonly user: string;
  /** True for the recovery user, who passes access control (RFC 8341 section 3.2). */
  readonly recovery: boolean;
  readonly host: string;
  readonly transport: "netconf-ssh" | "netconf-tls";
  /** Seconds without an <rpc>, where this session has a limit of its own; 0: none. */
  readonly idleTimeout?: number;
}
