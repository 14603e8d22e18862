import { type Raw, RpcError } from "../base/index.ts";
import type { Tree } from "../data/index.ts";
import { NO_SESSION, type SessionId } from "./lock.ts";

/** RFC 6241 section 8.4.5.1: confirm-timeout where none is given, in seconds. */
export const CONFIRM_TIMEOUT_DEFAULT = 600;

/** What a <commit> with <confirmed/> asks for. */
export interface ConfirmRequest {
  /** In seconds; 600 where it is left out. */
  readonly timeout?: number;
  readonly persist?: string;
}

/** A commit that is undone unless it is confirmed (RFC 6241 section 8.4). */
export interface PendingCommit {
  /** Running before the first of the confirmed commits. */
  readonly before: Tree;
  readonly deadline: Raw;
  /** In seconds, for the notification. */
  readonly timeout: number;
  /** undefined: it ends with the session that made it. */
  readonly persist: string | undefined;
  /** NO_SESSION: it is gone, and a persist-id keeps the commit. */
  readonly owner: SessionId;
}

/**
 * RFC 6241 sections 8.4.1, 8.4.4.1 and 8.4.5.1: whether a session may follow up, confirm or cancel
 * what is pending with the persist-id it gives.
 */
export function admit(
  pending: PendingCommit | undefined,
  persistId: string | undefined,
  session: SessionId,
): void {
  if (persistId !== undefined && persistId !== pending?.persist) {
    const message =
      pending === undefined
        ? `persist-id "${persistId}" names no confirmed commit: none is pending`
        : `persist-id "${persistId}" is not that of the pending confirmed commit`;
    throw new RpcError({ type: "protocol", tag: "invalid-value", message });
  }
  if (pending === undefined || persistId !== undefined) return;
  if (pending.persist !== undefined) {
    const message = "a persistent confirmed commit is pending: its persist-id has to be given";
    throw new RpcError({ type: "protocol", tag: "operation-failed", message });
  }
  if (pending.owner !== session) {
    const message = `session ${pending.owner} has a confirmed commit pending`;
    throw new RpcError({ type: "protocol", tag: "operation-failed", message });
  }
}

/**
 * What is pending after a commit with <confirmed/>: the first one's state stays what to go back
 * to.
 */
export function follow(
  pending: PendingCommit | undefined,
  running: Tree,
  request: ConfirmRequest,
  session: SessionId,
  at: Raw,
): PendingCommit {
  const timeout = request.timeout ?? CONFIRM_TIMEOUT_DEFAULT;
  return {
    before: pending?.before ?? running,
    deadline: (at + BigInt(timeout) * 1_000_000_000n) as Raw,
    timeout,
    persist: request.persist ?? pending?.persist,
    owner: session,
  };
}

/** What is pending after a session ended: the same, or undefined if it has to be undone. */
export function afterSession(
  pending: PendingCommit,
  session: SessionId,
): PendingCommit | undefined {
  if (pending.owner !== session) return pending;
  return pending.persist === undefined ? undefined : { ...pending, owner: NO_SESSION };
}
