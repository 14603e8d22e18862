import type { DataNode, ListData, ListEntry, ParentData, Tree } from "../data/index.ts";
import { precedes } from "../data/index.ts";

/** Two trees as one. */
export function mergeTrees(a: Tree, b: Tree): Tree {
  return mergeParents(a, b);
}

/**
 * Both together: two selections out of one tree, or configuration and state. Where both have a
 * leaf, the second one's counts.
 */
export function mergeChildren(a: readonly DataNode[], b: readonly DataNode[]): readonly DataNode[] {
  if (a.length === 0 || a === b) return b;
  if (b.length === 0) return a;
  const merged: DataNode[] = [];
  let i = 0;
  for (const second of b) {
    let first = a[i];
    while (
      first !== undefined &&
      first.schema !== second.schema &&
      precedes(first.schema, second.schema)
    ) {
      merged.push(first);
      first = a[++i];
    }
    if (first?.schema === second.schema) {
      merged.push(mergeNodes(first, second));
      i += 1;
    } else {
      merged.push(second);
    }
  }
  merged.push(...a.slice(i));
  return merged;
}

function mergeNodes(a: DataNode, b: DataNode): DataNode {
  if (a === b) return a;
  if (a.kind === "container" && b.kind === "container") return mergeParents(a, b);
  if (a.kind === "list" && b.kind === "list") return mergeLists(a, b);
  if (a.kind === "leaf-list" && b.kind === "leaf-list") {
    const draft = a.entries.draft();
    for (const entry of b.entries) draft.set(entry.value, entry);
    return { ...a, entries: draft.finish() };
  }
  return b;
}

function mergeLists(a: ListData, b: ListData): ListData {
  const draft = a.entries.draft();
  for (const entry of b.entries) {
    const there = draft.get(entry.key);
    draft.set(entry.key, there === undefined ? entry : mergeEntries(there, entry));
  }
  return { ...a, entries: draft.finish() };
}

/** Two selections out of one entry, or its configuration and its state. */
export function mergeEntries(a: ListEntry, b: ListEntry): ListEntry {
  return a === b ? a : mergeParents(a, b);
}

function mergeParents<P extends ParentData>(a: P, b: P): P {
  const children = mergeChildren(a.children, b.children);
  if (children === b.children) return b;
  return { ...a, children };
}
