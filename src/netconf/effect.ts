import type { ChannelId } from "./peer.ts";

/** All that this room asks of the world. */
export type NetconfEffect =
  | { readonly kind: "send-bytes"; readonly channel: ChannelId; readonly bytes: Uint8Array }
  /** After what was sent before it has gone out. */
  | { readonly kind: "close-session"; readonly channel: ChannelId }
  | {
      readonly kind: "log";
      readonly level: "debug" | "info" | "warn" | "error";
      readonly message: string;
      readonly fields: Readonly<Record<string, string | number | boolean>>;
    };
