import type { RpcFault } from "../base/index.ts";
import type { Attribute, Element } from "../xml/index.ts";
import {
  type LeafListSchema,
  type LeafSchema,
  type Module,
  moduleOfNamespace,
  parseValue,
  type Schema,
  type Type,
} from "../yang/index.ts";
import { attributeFault, namedFault } from "./faults.ts";
import type { Metadata } from "./node.ts";
import type { Place } from "./path.ts";
import { XmlNames } from "./xml-names.ts";

const NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0";
const YANG = "urn:ietf:params:xml:ns:yang:1";
const WITH_DEFAULTS = "urn:ietf:params:xml:ns:netconf:default:1.0";
const XML = "http://www.w3.org/XML/1998/namespace";
const SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

/** The name under which RFC 6243's wd:default is kept as metadata. */
export const DEFAULT_MARK = "ietf-netconf-with-defaults:default";

/** What the attributes of a data element say. */
export interface Marks {
  /** As written; judged by the edit. */
  readonly operation?: Attribute;
  readonly insert?: Attribute;
  readonly key?: Attribute;
  readonly value?: Attribute;
  /** wd:default="true". */
  readonly isDefault?: boolean;
  readonly metadata?: Metadata;
}

const noMarks: Marks = {};

/** Reads the attributes of a data element; those that nobody knows are faults. */
export function readMarks(
  element: Element,
  schema: Schema,
  place: Place | undefined,
  faults: RpcFault[],
): Marks {
  if (element.attributes.length === 0) return noMarks;
  const marks: { -readonly [K in keyof Marks]: Marks[K] } = {};
  const metadata = new Map<string, string>();
  for (const attribute of element.attributes) {
    const { namespace, name, value } = attribute;
    // A name without a prefix is what Ansible's own examples send.
    const isProtocol = namespace === NETCONF || namespace === "";
    if (isProtocol && name === "operation") marks.operation = attribute;
    else if (namespace === YANG && name === "insert") marks.insert = attribute;
    else if (namespace === YANG && name === "key") marks.key = attribute;
    else if (namespace === YANG && name === "value") marks.value = attribute;
    else if (namespace === WITH_DEFAULTS && name === "default") {
      const isDefault = booleanOf(value);
      if (isDefault === undefined) {
        const message = `default="${value}" is neither true nor false`;
        faults.push(attributeFault(place, "bad-attribute", name, element, message));
      } else if (isDefault) {
        marks.isDefault = true;
        metadata.set(DEFAULT_MARK, "true");
      }
    } else if (namespace === XML || namespace === SCHEMA_INSTANCE) {
      // Notes for XML's own tools: no data.
    } else {
      const module = namespace === "" ? undefined : moduleOfNamespace(schema, namespace);
      if (module === undefined || !isAnnotation(module, name)) {
        faults.push(unknown(attribute, element, place));
        continue;
      }
      const type = annotationType(module, name);
      const names = new XmlNames(schema).at(element);
      const parsed = type === undefined ? { value } : parseValue(type, value, names);
      if ("value" in parsed) metadata.set(`${module.name}:${name}`, parsed.value);
      else {
        const why = parsed.errorMessage ?? parsed.message;
        const message = `annotation ${module.name}:${name}: ${why}`;
        faults.push(attributeFault(place, "bad-attribute", name, element, message));
      }
    }
  }
  if (metadata.size > 0) marks.metadata = metadata;
  return marks;
}

/** Whether a module defines an annotation of that name (RFC 7952 section 3). */
export function isAnnotation(module: Module, name: string): boolean {
  return `${module.name}:${name}` === DEFAULT_MARK || module.annotations.has(name);
}

/** The type that values of an annotation are held against; undefined: they are not. */
export function annotationType(module: Module, name: string): Type | undefined {
  const type = module.annotations.get(name);
  return type === undefined || refers(type) ? undefined : type;
}

/** What a value refers to by a path is looked for from nodes of the schema alone. */
function refers(type: Type): boolean {
  return type.base === "leafref" || (type.base === "union" && type.members.some(refers));
}

/** RFC 6243 section 4.5.1: wd:default="true" may only stand on the schema's default value. */
export function checkDefaultMark(
  schema: LeafSchema | LeafListSchema,
  value: string,
  place: Place,
  faults: RpcFault[],
): void {
  const defaults = schema.kind === "leaf" ? [schema.default] : schema.defaults;
  if (defaults.includes(value)) return;
  const message = `"${value}" is marked as default, but is not the schema's default`;
  faults.push(namedFault(place, "invalid-value", message));
}

/** Attributes that only an edit may carry, where there is none. */
export function refuseEditMarks(
  marks: Marks,
  element: Element,
  place: Place | undefined,
  faults: RpcFault[],
): void {
  for (const attribute of [marks.operation, marks.insert, marks.key, marks.value]) {
    if (attribute !== undefined) faults.push(unknown(attribute, element, place));
  }
}

function unknown(attribute: Attribute, element: Element, place: Place | undefined): RpcFault {
  const { prefix, name } = attribute;
  const written = prefix === "" ? name : `${prefix}:${name}`;
  const message = `<${element.name}> cannot have an attribute "${written}" here`;
  return attributeFault(place, "unknown-attribute", name, element, message);
}

/** RFC 6243's schema types it xs:boolean. */
function booleanOf(text: string): boolean | undefined {
  switch (text.trim()) {
    case "true":
    case "1":
      return true;
    case "false":
    case "0":
      return false;
    default:
      return undefined;
  }
}
