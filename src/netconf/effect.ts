import type { ChannelId } from "./peer.ts";

/** All that this room asks of the world. */
export type NetconfEffect =
  | { readonly kind: "send-bytes"; readonly channel: ChannelId; readonly bytes: Uint8Array }
  /** After what was sent before it has gone out. `refusal`: there never was a session, and why. */
  | { readonly kind: "close-session"; readonly channel: ChannelId; readonly refusal?: string }
  | {
      readonly kind: "log";
      readonly level: "debug" | "info" | "warn" | "error";
      readonly message: string;
      readonly fields: Readonly<Record<string, string | number | boolean>>;
    };
