import {
  type Change,
  type ChangedData,
  type DataNode,
  diff,
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
import { COMPARE } from "./names.ts";

/** RFC 9144: what leads from one tree to another, as a patch in the form of RFC 8072. */
export function printDifferences(source: Tree, target: Tree, schema: Schema): string {
  const writer = new XmlWriter();
  writer.open(COMPARE, "differences").open(COMPARE, "yang-patch");
  writer.leaf(COMPARE, "patch-id", "differences");
  for (const [i, change] of diff(source, target).entries()) {
    writer.open(COMPARE, "edit").leaf(COMPARE, "edit-id", String(i + 1));
    printEdit(change, target, schema, writer);
    writer.close();
  }
  return writer.close().close().toString();
}

/** The filter selected nothing on either side. */
export const noMatches = `<no-matches xmlns="${COMPARE}"/>`;

function printEdit(change: Change, target: Tree, schema: Schema, writer: XmlWriter): void {
  const { kind, path, before, after } = change;
  const operation = kind === "modify" ? "replace" : kind;
  writer.leaf(COMPARE, "operation", operation).leaf(COMPARE, "target", resourcePath(path));
  if (kind === "move") {
    const point = predecessor(path, target, schema);
    if (point !== undefined) writer.leaf(COMPARE, "point", resourcePath(point));
    writer.leaf(COMPARE, "where", point === undefined ? "first" : "after");
  }
  if (kind !== "move" && after !== undefined) value("value", after, change, schema, writer);
  if (kind !== "move" && before !== undefined) {
    value("source-value", before, change, schema, writer);
  }
}

function value(
  name: "value" | "source-value",
  data: ChangedData,
  { path }: Change,
  schema: Schema,
  writer: XmlWriter,
): void {
  const node = asNode(data, path);
  const text = node === undefined ? "" : printXml([node], { schema, namespace: COMPARE });
  writer.open(COMPARE, name).raw(text).close();
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
function resourcePath(path: readonly PathStep[]): string {
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
