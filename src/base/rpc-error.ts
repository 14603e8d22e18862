/** RFC 6241 appendix A: the error-tags, all of them. */
export type ErrorTag =
  | "in-use"
  | "invalid-value"
  | "too-big"
  | "missing-attribute"
  | "bad-attribute"
  | "unknown-attribute"
  | "missing-element"
  | "bad-element"
  | "unknown-element"
  | "unknown-namespace"
  | "access-denied"
  | "lock-denied"
  | "resource-denied"
  | "rollback-failed"
  | "data-exists"
  | "data-missing"
  | "operation-not-supported"
  | "operation-failed"
  | "malformed-message";

/** RFC 6241 section 4.3: the layer at which an error occurred. */
export type ErrorType = "transport" | "rpc" | "protocol" | "application";

/**
 * An instance path fit to be printed in any document: the text uses module names as prefixes, and
 * `namespaces` says which namespace each of them stands for. Made by data/path.ts and nowhere else.
 */
export interface ErrorPath {
  readonly text: string;
  readonly namespaces: ReadonlyMap<string, string>;
}

/**
 * One entry of error-info: a leaf of the NETCONF base namespace unless `namespace` says otherwise.
 */
export interface ErrorInfo {
  readonly name: string;
  readonly value: string;
  readonly namespace?: string;
  /** Where the value is an instance path or an identity: what its prefixes stand for. */
  readonly namespaces?: ReadonlyMap<string, string>;
  /** For a container: what stands inside, in its namespace unless said otherwise. */
  readonly children?: readonly ErrorInfo[];
}

/** One rpc-error (RFC 6241 section 4.3). The severity is always "error". */
export interface RpcFault {
  readonly type: ErrorType;
  readonly tag: ErrorTag;
  /** For a person: what was refused, the value, what would do. It names the node. */
  readonly message: string;
  readonly path?: ErrorPath;
  /** RFC 7950 section 15, or the model's own error-app-tag. */
  readonly appTag?: string;
  readonly info?: readonly ErrorInfo[];
}

/** Mistakes of one request beyond which no more are looked for. */
const FAULTS_MAX = 10_000;

/** Whether as many mistakes were found as are told of one request. */
export function isFull(faults: readonly RpcFault[]): boolean {
  return faults.length >= FAULTS_MAX;
}

/** What is told of mistakes: where there are too many, the last one says so. */
export function toldOf(faults: readonly RpcFault[]): readonly RpcFault[] {
  if (!isFull(faults)) return faults;
  const message = `these are ${FAULTS_MAX} mistakes: what comes after them was not looked at`;
  const more = { type: "application", tag: "operation-failed", message } as const;
  return [...faults.slice(0, FAULTS_MAX), more];
}

/** A refusal that the manager reads: one rpc-error for each fault. Caught once, in netconf/. */
export class RpcError extends Error {
  readonly faults: readonly RpcFault[];

  constructor(faults: RpcFault | readonly RpcFault[]) {
    const list = "tag" in faults ? [faults] : toldOf(faults);
    super(list.map((fault) => fault.message).join("; "));
    this.faults = list;
  }
}

/** The common case: a refusal of the application layer. */
export function refuse(
  tag: ErrorTag,
  message: string,
  more: Partial<Omit<RpcFault, "tag" | "message">> = {},
): RpcError {
  return new RpcError({ type: "application", tag, message, ...more });
}
