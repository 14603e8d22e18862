import type { ErrorInfo, RpcFault } from "../base/index.ts";
import {
  faultAt,
  type InstanceNode,
  instancePath,
  type Place,
  placeOf,
  readablePath,
  stepsOf,
} from "../data/index.ts";
import type { DataSchemaNode, LeafSchema, ListSchema } from "../yang/index.ts";

const YANG = "urn:ietf:params:xml:ns:yang:1";
const SEPARATOR = "\u0000";

/**
 * RFC 7950 sections 7.8.3 and 15.1: no two entries may have the same values in all the leaves of a
 * unique statement; an entry that lacks one of them, its default included, is left out.
 */
export function checkUnique(
  parent: InstanceNode,
  place: Place | undefined,
  list: ListSchema,
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
    const first = new Map<string, string>();
    for (const entry of data.entries) {
      const node = parent.instanceOf(list, entry);
      const values = paths.map((path) => valueAt(node, path));
      parent.release(node);
      if (!values.every((value) => value !== undefined)) continue;
      const combined = values.join(SEPARATOR);
      const other = first.get(combined);
      if (other === undefined) first.set(combined, entry.key);
      else faults.push(notUnique(place, list, leaves, paths, values, [other, entry.key]));
    }
  }
}

function notUnique(
  place: Place | undefined,
  list: ListSchema,
  leaves: readonly LeafSchema[],
  paths: readonly (readonly DataSchemaNode[])[],
  values: readonly string[],
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

function valueAt(entry: InstanceNode, path: readonly DataSchemaNode[]): string | undefined {
  let at: InstanceNode | undefined = entry;
  for (const schema of path) at = at?.child(schema);
  return at?.value;
}
