import { precedes } from "./children.ts";
import type { DataNode, ListEntry, Tree } from "./node.ts";

/**
 * Two trees in one, such as running and state: what is in both is the second's, or both in one
 * where it holds children. What only one of them has is shared, not copied.
 */
export function mergeTrees(first: Tree, second: Tree): Tree {
  if (second.children.length === 0) return first;
  if (first.children.length === 0) return { ...second, schema: first.schema };
  return { ...first, children: mergeChildren(first.children, second.children) };
}

function mergeChildren(
  first: readonly DataNode[],
  second: readonly DataNode[],
): readonly DataNode[] {
  const merged: DataNode[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const a = first[i];
    const b = second[j];
    if (a === undefined) return [...merged, ...second.slice(j)];
    if (b === undefined) return [...merged, ...first.slice(i)];
    if (a.schema === b.schema) {
      merged.push(mergeNodes(a, b));
      i++;
      j++;
    } else if (precedes(a.schema, b.schema)) {
      merged.push(a);
      i++;
    } else {
      merged.push(b);
      j++;
    }
  }
}

function mergeNodes(a: DataNode, b: DataNode): DataNode {
  if (a.kind === "container" && b.kind === "container") {
    return { ...a, ...b, children: mergeChildren(a.children, b.children) };
  }
  if (a.kind === "list" && b.kind === "list") {
    const draft = a.entries.draft();
    for (const entry of b.entries) {
      const there = draft.get(entry.key);
      draft.set(entry.key, there === undefined ? entry : mergeEntries(there, entry));
    }
    return { ...a, entries: draft.finish() };
  }
  return b;
}

function mergeEntries(a: ListEntry, b: ListEntry): ListEntry {
  return { ...a, ...b, children: mergeChildren(a.children, b.children) };
}
