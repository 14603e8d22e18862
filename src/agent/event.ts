import type { Raw } from "../base/index.ts";
import type { ChannelId, Peer } from "../netconf/index.ts";
import type {
  InDatagram,
  NameAnswer,
  NetworkInterface,
  ServerCounters,
  Transmitted,
} from "../ntp/index.ts";
import type { CallId } from "./server-plan.ts";

export type { ChannelId, Peer };

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
  | { readonly kind: "name-resolved"; readonly at: Raw; readonly answer: NameAnswer }
  | { readonly kind: "transmitted"; readonly at: Raw; readonly transmitted: Transmitted }
  | {
      readonly kind: "interfaces";
      readonly at: Raw;
      readonly interfaces: readonly NetworkInterface[];
    }
  | { readonly kind: "server-counters"; readonly at: Raw; readonly counters: ServerCounters }
  | {
      readonly kind: "call-progress";
      readonly at: Raw;
      readonly call: CallId;
      /** TCP has a connection; somebody has logged in on it. */
      readonly to: "connected" | "established";
    }
  | {
      readonly kind: "call-ended";
      readonly at: Raw;
      readonly call: CallId;
      readonly reason: string;
    }
  /** A listener that was thought to be up is down. */
  | {
      readonly kind: "listener-failed";
      readonly at: Raw;
      readonly name: string;
      readonly reason: string;
    }
  /** A connection over TLS was ended for the certificate that it showed, or for want of one. */
  | { readonly kind: "certificate-refused"; readonly at: Raw; readonly isRevoked: boolean }
  | { readonly kind: "shutdown"; readonly at: Raw };
