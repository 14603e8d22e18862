import type { Raw } from "../base/index.ts";
import type { InDatagram, NetworkInterface, ServerCounters, Transmitted } from "../ntp/index.ts";

export type ChannelId = number;

/** Who is at the other end of a session: authenticated by the host. */
export interface Peer {
  readonly user: string;
  /** True for the recovery user, who passes access control (RFC 8341 section 3.2). */
  readonly recovery: boolean;
  readonly host: string;
  readonly transport: "netconf-ssh" | "netconf-tls";
}

/** All that happens to the agent: nothing else does. */
export type Event =
  | { readonly kind: "timer"; readonly at: Raw }
  | {
      readonly kind: "session-opened";
      readonly at: Raw;
      readonly channel: ChannelId;
      readonly peer: Peer;
    }
  | {
      readonly kind: "session-bytes";
      readonly at: Raw;
      readonly channel: ChannelId;
      readonly bytes: Uint8Array;
    }
  /** The channel took what was written: the next piece of a reply may follow. */
  | { readonly kind: "session-drained"; readonly at: Raw; readonly channel: ChannelId }
  | { readonly kind: "session-closed"; readonly at: Raw; readonly channel: ChannelId }
  | { readonly kind: "datagram"; readonly at: Raw; readonly datagram: InDatagram }
  | { readonly kind: "transmitted"; readonly at: Raw; readonly transmitted: Transmitted }
  | {
      readonly kind: "interfaces";
      readonly at: Raw;
      readonly interfaces: readonly NetworkInterface[];
    }
  | { readonly kind: "server-counters"; readonly at: Raw; readonly counters: ServerCounters }
  | { readonly kind: "shutdown"; readonly at: Raw };
