import type { NtpEffect } from "../ntp/index.ts";
import type { ChannelId } from "./event.ts";
import type { CallId, KeepAlives, Transport } from "./server-plan.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** All that the agent does to the world. Storage, Random and Sockets are doors of their own. */
export type Effect =
  | { readonly kind: "send-bytes"; readonly channel: ChannelId; readonly bytes: Uint8Array }
  /** After what was sent before it has gone out. `refusal`: there never was a session, and why. */
  | { readonly kind: "close-session"; readonly channel: ChannelId; readonly refusal?: string }
  | {
      readonly kind: "log";
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: Readonly<Record<string, string | number | boolean>>;
    }
  /** Connects, and is then the server of that connection: answered by "call-..." events. */
  | {
      readonly kind: "call";
      readonly call: CallId;
      readonly transport: Transport;
      /** An address, or a name of the DNS. */
      readonly address: string;
      readonly port: number;
      /** Where it comes from; undefined: as the system likes. */
      readonly localAddress: string | undefined;
      /** Seconds for the TCP connection to come. */
      readonly maxWait: number;
      readonly keepAlives: KeepAlives;
      /** Seconds without an <rpc>, where its sessions have a limit of their own. */
      readonly idleTimeout?: number;
    }
  | { readonly kind: "end-call"; readonly call: CallId }
  | Exclude<NtpEffect, { readonly kind: "event" }>;
