// The NTP engine: fed events, it returns effects. It knows no YANG, no XML and no datastore, opens
// no socket, sets no timer, reads no clock: time is an argument of everything. Its one entry point
// is Engine; requests of clients are answered apart from it, by `respond` from a snapshot.

export { addressOctets, isLinkLocal, isMulticast } from "./address.ts";
export type { SoftwareClockOptions } from "./clock.ts";
export type * from "./config.ts";
export { HEADER_LENGTH } from "./constants.ts";
export { CONTROL_HEADER, MODE_CONTROL } from "./control.ts";
export { dropReason } from "./drop.ts";
export type { EngineOptions, EnginePlan } from "./engine.ts";
export { Engine, EngineRefusal } from "./engine.ts";
export type * from "./io.ts";
export { dropReasons, serverSocket } from "./io.ts";
export type { Digester, DigesterOf, KeyTally } from "./mac.ts";
export { portableDigester } from "./mac.ts";
export { defaultPolicy } from "./policy.ts";
export type { Arrival } from "./responder.ts";
export { kissReason, respond } from "./responder.ts";
export type { CompiledSnapshot } from "./snapshot.ts";
export { compileSnapshot } from "./snapshot.ts";
export type * from "./state.ts";
export type { Timestamp } from "./time.ts";
export { difference } from "./time.ts";
