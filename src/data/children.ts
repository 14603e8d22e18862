import type { DataSchemaNode, InOutSchema, ListSchema, NotificationSchema } from "../yang/index.ts";
import { KEY_SEPARATOR } from "./key-order.ts";
import type { DataNode, ListData, ListEntry, Tree } from "./node.ts";

/** Beyond this many children a look-up halves instead of walking. */
const WALKED_CHILDREN_MAX = 8;

/** The one DataNode of that schema under a parent. */
export function childOf<S extends DataSchemaNode>(
  parent: { readonly children: readonly DataNode[] },
  schema: S,
): Extract<DataNode, { readonly schema: S }> | undefined;
export function childOf(
  parent: { readonly children: readonly DataNode[] },
  schema: DataSchemaNode,
): DataNode | undefined {
  const { children } = parent;
  if (children.length <= WALKED_CHILDREN_MAX) {
    for (const child of children) if (child.schema === schema) return child;
    return undefined;
  }
  const child = children[positionOf(children, schema)];
  return child?.schema === schema ? child : undefined;
}

/** Children with one added or replaced. */
export function addChild(children: readonly DataNode[], node: DataNode): readonly DataNode[] {
  const last = children[children.length - 1];
  // Not spread: that leaves room for as many again, and more.
  if (last === undefined || precedes(last.schema, node.schema)) return children.concat(node);
  const at = positionOf(children, node.schema);
  const there = children[at];
  if (there === node) return children;
  return there?.schema === node.schema ? children.with(at, node) : children.toSpliced(at, 0, node);
}

/**
 * Whether `a` stands before `b` among siblings: keys first, in the order of the key statement, then
 * the order of the schema.
 */
export function precedes(a: DataSchemaNode, b: DataSchemaNode): boolean {
  return rank(a) < rank(b);
}

/** Sorts what was gathered in any order. */
export function inOrder(nodes: readonly DataNode[]): readonly DataNode[] {
  for (let i = 1; i < nodes.length; i++) {
    const [before, after] = [nodes[i - 1], nodes[i]];
    if (before !== undefined && after !== undefined && !precedes(before.schema, after.schema)) {
      return nodes.toSorted((a, b) => rank(a.schema) - rank(b.schema));
    }
  }
  return nodes;
}

function rank(schema: DataSchemaNode): number {
  if (schema.kind !== "leaf" || !schema.isKey || schema.dataParent?.kind !== "list") {
    return schema.order;
  }
  const { keys } = schema.dataParent;
  return keys.indexOf(schema) - keys.length;
}

/** Where a child of that schema is or would be. */
function positionOf(children: readonly DataNode[], schema: DataSchemaNode): number {
  const wanted = rank(schema);
  let low = 0;
  let high = children.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const child = children[middle];
    if (child !== undefined && rank(child.schema) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The key of an entry: the canonical values of its key leaves, in the order of the key statement.
 */
export function keyOf(_schema: ListSchema, values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? "") : values.join(KEY_SEPARATOR);
}

/** keyOf() undone. */
export function keyValues(schema: ListSchema, key: string): readonly string[] {
  return schema.keys.length === 1 ? [key] : key.split(KEY_SEPARATOR);
}

/** The entry with those canonical key values. */
export function entryOf(list: ListData | undefined, key: string): ListEntry | undefined {
  return list?.entries.get(key);
}

/** A tree of the children given: a datastore's, or an operation's or notification's. */
export function treeOf(
  children: readonly DataNode[],
  schema?: InOutSchema | NotificationSchema,
): Tree {
  return { kind: "tree", schema, children: inOrder(children) };
}
