import { isFull, RpcError, type RpcFault } from "../base/index.ts";
import {
  type Change,
  type ChangedData,
  type DataNode,
  namedFault,
  type PathStep,
  placeFrom,
} from "../data/index.ts";

/** What is done to a data node, in RFC 8341's words. */
export type AccessAction = "create" | "update" | "delete";

/** Whether whoever asks may do that to the node: RFC 8341's write check, asked node by node. */
export type Authorize = (action: AccessAction, path: readonly PathStep[]) => boolean;

/**
 * RFC 8341 sections 3.2.3 to 3.2.8: every node that would be different has to be permitted, those
 * that come or go with a subtree among them. All refusals at once.
 */
export function authorizeChanges(changes: readonly Change[], authorize: Authorize): void {
  const faults: RpcFault[] = [];
  const ask = (action: AccessAction, path: readonly PathStep[]): void => {
    if (authorize(action, path)) return;
    if (isFull(faults)) throw new RpcError(faults);
    const message = `no permission to ${action} it`;
    faults.push(namedFault(placeFrom(path), "access-denied", message));
  };
  for (const { kind, path, before, after } of changes) {
    if (kind === "create" && after !== undefined) askAll("create", after, path, ask);
    else if (kind === "delete" && before !== undefined) askAll("delete", before, path, ask);
    else ask("update", path);
  }
  if (faults.length > 0) throw new RpcError(faults);
}

type Ask = (action: AccessAction, path: readonly PathStep[]) => void;

function askAll(
  action: AccessAction,
  data: ChangedData,
  path: readonly PathStep[],
  ask: Ask,
): void {
  const children = "children" in data ? data.children : [];
  // A non-presence container comes and goes with what it holds.
  const isWrapper =
    "kind" in data && data.kind === "container" && data.schema.presence === undefined;
  if (!isWrapper || children.length === 0) ask(action, path);
  for (const child of children) askChild(action, child, path, ask);
}

function askChild(
  action: AccessAction,
  child: DataNode,
  path: readonly PathStep[],
  ask: Ask,
): void {
  const { schema } = child;
  if (child.kind !== "list" && child.kind !== "leaf-list") {
    askAll(action, child, [...path, { schema }], ask);
    return;
  }
  for (const key of child.entries.keys()) {
    const entry = child.entries.get(key);
    if (entry !== undefined) askAll(action, entry, [...path, { schema, key }], ask);
  }
}
