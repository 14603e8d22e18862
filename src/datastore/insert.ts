import type { RpcFault } from "../base/index.ts";
import { attributeFault, type Marks, type Place, parseKeys, XmlNames } from "../data/index.ts";
import type { Element } from "../xml/index.ts";
import { type DataSchemaNode, isValueFault, parseValue, type Schema } from "../yang/index.ts";

/** Where an entry of a list or leaf-list that the user orders is to go. */
export interface Position {
  readonly where: "before" | "after";
  /** The key of the entry that it goes next to; undefined: the start or the end. */
  readonly anchor: string | undefined;
  /** The attribute that named the anchor, and what it said. */
  readonly attribute: "key" | "value";
  readonly written: string;
}

/**
 * RFC 7950 sections 7.7.9 and 7.8.6: yang:insert with yang:key or yang:value. undefined: nothing is
 * asked for, or faults were noted.
 */
export function readPosition(
  marks: Marks,
  schema: DataSchemaNode,
  element: Element,
  place: Place,
  all: Schema,
  faults: RpcFault[],
): Position | undefined {
  const { insert } = marks;
  const attribute = schema.kind === "list" ? "key" : "value";
  const isOrderable = schema.kind === "list" || schema.kind === "leaf-list";
  if (!isOrderable || schema.orderedBy !== "user") {
    for (const mark of [insert, marks.key, marks.value]) {
      if (mark === undefined) continue;
      const message = `"${mark.name}" has no meaning where entries are not ordered by the user`;
      faults.push(attributeFault(place, "unknown-attribute", mark.name, element, message));
    }
    return undefined;
  }
  if (insert === undefined) return undefined;
  const written = insert.value.trim();
  if (written === "first" || written === "last") {
    const where = written === "first" ? "before" : "after";
    return { where, anchor: undefined, attribute, written };
  }
  if (written !== "before" && written !== "after") {
    const message = `insert "${written}" is none of first, last, before, after`;
    faults.push(attributeFault(place, "bad-attribute", "insert", element, message));
    return undefined;
  }
  const named = attribute === "key" ? marks.key : marks.value;
  if (named === undefined) {
    const message = `insert "${written}" needs the attribute "${attribute}"`;
    faults.push(attributeFault(place, "missing-attribute", attribute, element, message));
    return undefined;
  }
  const anchor = anchorKey(schema, named.value, element, all);
  if (anchor === undefined) {
    const message = `${attribute} "${named.value}" names no entry`;
    faults.push(attributeFault(place, "bad-attribute", attribute, element, message));
    return undefined;
  }
  return { where: written, anchor, attribute, written: named.value };
}

function anchorKey(
  schema: Extract<DataSchemaNode, { readonly kind: "list" | "leaf-list" }>,
  text: string,
  element: Element,
  all: Schema,
): string | undefined {
  const names = new XmlNames(all).at(element);
  if (schema.kind === "list") return parseKeys(text, schema, names);
  const parsed = parseValue(schema.type, text, names);
  return isValueFault(parsed) ? undefined : parsed.value;
}
