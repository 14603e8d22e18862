import type { NtpEffect } from "../ntp/index.ts";
import type { ChannelId } from "./event.ts";

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
  | Exclude<NtpEffect, { readonly kind: "event" }>;
