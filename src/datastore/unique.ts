import { type ErrorInfo, isFull, type RpcFault } from "../base/index.ts";
import {
  childOf,
  type DataNode,
  faultAt,
  type InstanceNode,
  instancePath,
  isImplied,
  type ListEntry,
  type Place,
  placeOf,
  readablePath,
  stepsOf,
} from "../data/index.ts";
import type { DataSchemaNode, LeafSchema, ListSchema } from "../yang/index.ts";
import { indexOf } from "./list-index.ts";

const YANG = "urn:ietf:params:xml:ns:yang:1";
const SEPARATOR = "\u0000";

/**
 * RFC 7950 sections 7.8.3 and 15.1: no two entries may have the same values in all the leaves of a
 * unique statement; an entry that lacks one of them, its default included, is left out. `indexed`:
 * the list is looked at again and again, so that remembering its values pays.
 */
export function checkUnique(
  parent: InstanceNode,
  place: Place | undefined,
  list: ListSchema,
  indexed: boolean,
  faults: RpcFault[],
): void {
  const { instance } = parent;
  const data =
    instance !== undefined && "children" in instance
      ? instance.children.find((child) => child.schema === list)
      : undefined;
  if (data?.kind !== "list" || data.entries.size < 2) return;
  for (const leaves of list.uniques) {
    const paths = leaves.map((leaf) => pathTo(list, leaf));
    const isOwn = paths.every((path) => path.every(({ whens }) => whens.length === 0));
    const own = (entry: ListEntry) => paths.map((path) => ownValue(entry.children, path));
    if (indexed && isOwn) {
      const index = indexOf(data.entries, leaves, (entry) => combined(own(entry)));
      if (index?.isUnique === true) continue;
    }
    const first = new Map<string, string>();
    for (const entry of data.entries) {
      if (isFull(faults)) return;
      const values = isOwn ? own(entry) : valuesOf(parent, list, entry, paths);
      for (const value of combined(values)) {
        const other = first.get(value);
        if (other === undefined) first.set(value, entry.key);
        else faults.push(notUnique(place, list, leaves, paths, values, [other, entry.key]));
      }
    }
  }
}

/** Nothing, if one of the values is missing. */
function combined(values: readonly (string | undefined)[]): readonly string[] {
  return values.includes(undefined) ? [] : [values.join(SEPARATOR)];
}

function notUnique(
  place: Place | undefined,
  list: ListSchema,
  leaves: readonly LeafSchema[],
  paths: readonly (readonly DataSchemaNode[])[],
  values: readonly (string | undefined)[],
  keys: readonly [string, string],
): RpcFault {
  const info = keys.flatMap((key) =>
    paths.map((path): ErrorInfo => {
      const steps = [...stepsOf(placeOf(place, list, key)), ...path.map((schema) => ({ schema }))];
      const { text, namespaces } = instancePath(steps);
      return { name: "non-unique", namespace: YANG, value: text, namespaces };
    }),
  );
  const entries = keys.map((key) => readablePath(placeOf(place, list, key))).join(" and ");
  const same = leaves.map((leaf, i) => `${leaf.name} "${values[i]}"`).join(", ");
  const message = `${entries} have the same ${same}, which must be unique`;
  const at = placeOf(place, list);
  return faultAt(at, "operation-failed", message, { appTag: "data-not-unique", info });
}

/** The nodes from below the list down to the leaf. */
function pathTo(list: ListSchema, leaf: LeafSchema): readonly DataSchemaNode[] {
  const path: DataSchemaNode[] = [leaf];
  for (let at = leaf.dataParent; at !== undefined && at !== list; at = at.dataParent) {
    if (at.kind === "container") path.unshift(at);
  }
  return path;
}

/** The value of a leaf below an entry that no `when` decides about. */
function ownValue(
  children: readonly DataNode[],
  path: readonly DataSchemaNode[],
): string | undefined {
  let at = children;
  for (const schema of path) {
    const data = childOf({ children: at }, schema);
    if (data === undefined) {
      if (!isImplied(schema, at)) return undefined;
      if (schema.kind === "leaf") return schema.default;
      at = [];
    } else if (data.kind === "leaf") return data.value;
    else if (data.kind === "container") at = data.children;
  }
  return undefined;
}

function valuesOf(
  parent: InstanceNode,
  list: ListSchema,
  entry: ListEntry,
  paths: readonly (readonly DataSchemaNode[])[],
): readonly (string | undefined)[] {
  const node = parent.instanceOf(list, entry);
  const values = paths.map((path) => {
    let at: InstanceNode | undefined = node;
    for (const schema of path) at = at?.child(schema);
    return at?.value;
  });
  parent.release(node);
  return values;
}
