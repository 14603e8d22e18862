import type { Change } from "../data/index.ts";
import type { DataSchemaNode } from "../yang/index.ts";

/** Changes as a tree: what lies between the root and what changed. */
export interface ChangeNode {
  /** undefined: the root. */
  readonly schema: DataSchemaNode | undefined;
  readonly key: string | undefined;
  /** What happened to this very node; undefined: only to something below it. */
  kind: Change["kind"] | undefined;
  readonly children: Map<DataSchemaNode, Map<string | undefined, ChangeNode>>;
}

export function changeTree(changes: readonly Change[]): ChangeNode {
  const root = nodeOf(undefined, undefined);
  for (const { path, kind } of changes) {
    let at = root;
    for (const { schema, key } of path) {
      let byKey = at.children.get(schema);
      if (byKey === undefined) {
        byKey = new Map();
        at.children.set(schema, byKey);
      }
      let next = byKey.get(key);
      if (next === undefined) {
        next = nodeOf(schema, key);
        byKey.set(key, next);
      }
      at = next;
    }
    // An entry may have been moved and changed inside; that it moved is told by the schema node.
    if (kind !== "move") at.kind = kind;
  }
  return root;
}

function nodeOf(schema: DataSchemaNode | undefined, key: string | undefined): ChangeNode {
  return { schema, key, kind: undefined, children: new Map() };
}
