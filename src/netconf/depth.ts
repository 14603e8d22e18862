import { type DataNode, type ListEntry, noEntries, type Tree } from "../data/index.ts";

/** All levels. */
export const UNBOUNDED = Number.POSITIVE_INFINITY;

/**
 * RFC 8526 section 3.1.1, max-depth: so many levels of a node that is selected, itself the first of
 * them. Entries keep their keys.
 */
export function limited(node: DataNode, levels: number): DataNode {
  if (levels === UNBOUNDED) return node;
  if (node.kind === "container") return { ...node, children: below(node.children, levels) };
  if (node.kind !== "list") return node;
  const draft = noEntries<ListEntry>(node.schema).draft();
  for (const entry of node.entries) draft.set(entry.key, limitedEntry(entry, levels));
  return { ...node, entries: draft.finish() };
}

/** The same for every top-level node. */
export function limitedTree(tree: Tree, levels: number): Tree {
  if (levels === UNBOUNDED) return tree;
  return { ...tree, children: tree.children.map((child) => limited(child, levels)) };
}

function limitedEntry(entry: ListEntry, levels: number): ListEntry {
  return levels === UNBOUNDED ? entry : { ...entry, children: below(entry.children, levels) };
}

/** What stands below a node of which so many levels are shown. */
export function below(children: readonly DataNode[], levels: number): readonly DataNode[] {
  if (levels > 1) return children.map((child) => limited(child, levels - 1));
  return children.filter(({ schema }) => schema.kind === "leaf" && schema.isKey);
}
