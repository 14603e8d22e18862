// The NTP engine: fed events, it returns effects. It knows no YANG, no XML and no datastore, opens
// no
// socket, sets no timer, reads no clock: time is an argument of everything.

export type * from "./config.ts";
export type * from "./io.ts";
export { serverSocket } from "./io.ts";
export type * from "./state.ts";
export type { Timestamp } from "./time.ts";
