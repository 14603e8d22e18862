import {
  type Change,
  type ChangedData,
  type DataNode,
  keyValues,
  type LeafListEntry,
  type ListEntry,
  nodeAt,
  noEntries,
  type PathStep,
  printXml,
  type Tree,
  xpathRoot,
} from "../data/index.ts";
import { XmlWriter } from "../xml/index.ts";
import type { Schema } from "../yang/index.ts";

/** How a patch is told: what uses the grouping of RFC 8072 has it in a namespace of its own. */
export interface PatchForm {
  readonly schema: Schema;
  readonly namespace: string;
  readonly patchId: string;
  /** RFC 9144: what was there before is told too. */
  readonly hasSource: boolean;
}

/** The operations of RFC 8072 section 2.5 that a difference can come to. */
export type PatchOperation = "create" | "delete" | "insert" | "move" | "replace";

/** What a change is called: what comes into a list that users order comes to a place in it. */
export function patchOperation({ kind, schema }: Change): PatchOperation {
  if (kind === "modify") return "replace";
  if (kind !== "create") return kind;
  const isList = schema.kind === "list" || schema.kind === "leaf-list";
  return isList && schema.orderedBy === "user" ? "insert" : "create";
}

/** A <yang-patch> (RFC 8072): what leads to `target`, edit by edit. */
export function printPatch(changes: readonly Change[], target: Tree, form: PatchForm): string {
  const { namespace, patchId } = form;
  const writer = new XmlWriter(namespace).open(namespace, "yang-patch");
  writer.leaf(namespace, "patch-id", patchId);
  for (const [i, change] of changes.entries()) {
    writer.open(namespace, "edit").leaf(namespace, "edit-id", String(i + 1));
    printEdit(change, target, form, writer);
    writer.close();
  }
  return writer.close().toString();
}

function printEdit(change: Change, target: Tree, form: PatchForm, writer: XmlWriter): void {
  const { schema, namespace, hasSource } = form;
  const { kind, path, before, after } = change;
  const operation = patchOperation(change);
  writer.leaf(namespace, "operation", operation);
  writer.leaf(namespace, "target", resourcePath(path));
  if (operation === "move" || operation === "insert") {
    const point = predecessor(path, target, schema);
    if (point !== undefined) writer.leaf(namespace, "point", resourcePath(point));
    writer.leaf(namespace, "where", point === undefined ? "first" : "after");
  }
  if (kind !== "move" && after !== undefined) value("value", after, change, form, writer);
  if (kind !== "move" && before !== undefined && hasSource) {
    value("source-value", before, change, form, writer);
  }
}

function value(
  name: "value" | "source-value",
  data: ChangedData,
  { path }: Change,
  { schema, namespace }: PatchForm,
  writer: XmlWriter,
): void {
  const node = asNode(data, path);
  const text = node === undefined ? "" : printXml([node], { schema, namespace });
  writer.open(namespace, name).raw(text).close();
}

/** One entry as the list that holds it alone. */
function asNode(data: ChangedData, path: readonly PathStep[]): DataNode | undefined {
  if ("kind" in data && data.kind === "entry") {
    const { schema } = data;
    return { kind: "list", schema, entries: noEntries<ListEntry>(schema).set(data.key, data) };
  }
  if ("kind" in data) return data;
  const schema = path[path.length - 1]?.schema;
  if (schema?.kind !== "leaf-list") return undefined;
  const entries = noEntries<LeafListEntry>(schema).set(data.value, data);
  return { kind: "leaf-list", schema, entries };
}

/** RFC 8040 section 3.5.3: module names where they change, keys behind "=". */
export function resourcePath(path: readonly PathStep[]): string {
  let text = "";
  let near: string | undefined;
  for (const { schema, key } of path) {
    const { name, module } = schema;
    text += near === module.name ? `/${name}` : `/${module.name}:${name}`;
    near = module.name;
    if (key === undefined) continue;
    const values = schema.kind === "list" ? keyValues(schema, key) : [key];
    text += `=${values.map(encodeURIComponent).join(",")}`;
  }
  return text;
}

/** The entry that a moved one comes after, in the order of the user. */
function predecessor(
  path: readonly PathStep[],
  target: Tree,
  schema: Schema,
): readonly PathStep[] | undefined {
  const last = path[path.length - 1];
  if (last?.key === undefined) return undefined;
  const parent = nodeAt(xpathRoot(target, schema), path.slice(0, -1))?.instance;
  const children = parent !== undefined && "children" in parent ? parent.children : [];
  const list = children.find((child) => child.schema === last.schema);
  if (list === undefined || !("entries" in list)) return undefined;
  const key = list.entries.draft().before(last.key);
  return key === undefined ? undefined : [...path.slice(0, -1), { schema: last.schema, key }];
}
