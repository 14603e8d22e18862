// What every room may lean on: assertions, the refusal that a manager reads, and the doors to
// chance
// and to the disk as interfaces. It imports nothing, and knows no XML, no YANG and no network.

export { assert, unreachable } from "./assert.ts";
export { nearest } from "./nearest.ts";
export type { Random } from "./random.ts";
export type { ErrorInfo, ErrorPath, ErrorTag, ErrorType, RpcFault } from "./rpc-error.ts";
export { isFull, RpcError, refuse, toldOf } from "./rpc-error.ts";
export type { Storage } from "./storage.ts";
export { StorageError } from "./storage.ts";
export type { Raw } from "./time.ts";
