import type { Raw } from "../base/index.ts";
import type { Change, Tree } from "../data/index.ts";

/** A running configuration about to be replaced. */
export interface TreeChange {
  readonly before: Tree;
  readonly after: Tree;
  readonly changes: readonly Change[];
  readonly at: Raw;
  /** False at boot and when a confirmed commit is reverted: then nobody may refuse. */
  readonly mayRefuse: boolean;
}

/** Ready for a change: one of the two is called, once, and neither may fail. */
export interface Prepared {
  apply(): void;
  abort(): void;
}

/** Who acts on the running configuration. */
export interface Subscriber {
  /** Gets ready, beside what is in use; throws RpcError to refuse, where that is allowed. */
  prepare(change: TreeChange): Prepared;
}

/**
 * All subscribers, ready; or none, and the refusal of the first that would not be.
 */
export function prepareAll(subscribers: readonly Subscriber[], change: TreeChange): Prepared {
  const ready: Prepared[] = [];
  const abort = (): void => {
    for (const prepared of ready.toReversed()) prepared.abort();
  };
  try {
    for (const subscriber of subscribers) ready.push(subscriber.prepare(change));
  } catch (refusal) {
    abort();
    throw refusal;
  }
  return {
    abort,
    apply: () => {
      for (const prepared of ready) prepared.apply();
    },
  };
}
