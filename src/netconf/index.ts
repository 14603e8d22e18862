// NETCONF (RFC 6241, 6242 and their neighbours): octets of sessions in, octets and the end of
// sessions out. NetconfServer is its one entry point. It knows no SSH, no socket, no clock, and
// nothing of NTP.

export type { NetconfEffect } from "./effect.ts";
export type { EventStore } from "./event-store.ts";
export type { BadFraming, FramingMode } from "./framing.ts";
export { FrameEncoder, FrameReader, isBadFraming } from "./framing.ts";
export { defaultLimits, type Limits } from "./limits.ts";
export type { Caller, HandlerContext, OperationHandler } from "./operations.ts";
export type { ChannelId, Peer, SessionId } from "./peer.ts";
export { type NetconfOptions, NetconfServer } from "./server.ts";
