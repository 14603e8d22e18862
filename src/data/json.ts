import { type RpcFault, unreachable } from "../base/index.ts";
import { type Element, element } from "../xml/index.ts";
import {
  childNamed,
  type DataSchemaNode,
  isValueFault,
  jsonNames,
  type LeafListSchema,
  type LeafSchema,
  type ListSchema,
  type Module,
  moduleNamed,
  parseValue,
  type Schema,
  type Type,
  type ValueNames,
} from "../yang/index.ts";
import { keyOf, treeOf } from "./children.ts";
import { badElement, missingKey, namedFault, valueFault } from "./faults.ts";
import type { ReadOptions, ReadTree, SchemaParent } from "./from-xml.ts";
import { Gathered } from "./gathered.ts";
import type { AnyData, DataNode, LeafData, LeafListEntry } from "./node.ts";
import { type Place, placeOf } from "./path.ts";

/** What JSON text is made of; its null never stands for a node of ours but for `[null]`, empty. */
export type JsonValue = string | number | boolean | object | undefined;

/** RFC 7951: instance data as what JSON.stringify() prints. */
export function writeJson(nodes: readonly DataNode[]): Readonly<Record<string, JsonValue>> {
  return jsonObject(nodes, undefined);
}

function jsonObject(
  nodes: readonly DataNode[],
  near: Module | undefined,
): Readonly<Record<string, JsonValue>> {
  const object: Record<string, JsonValue> = {};
  for (const node of nodes) {
    const { module, name } = node.schema;
    object[module === near ? name : `${module.name}:${name}`] = jsonNode(node);
  }
  return object;
}

function jsonNode(node: DataNode): JsonValue {
  switch (node.kind) {
    case "leaf":
      return jsonValue(node.value, node.type, node.schema.module);
    case "leaf-list":
      return Array.from(node.entries, ({ value, type }) =>
        jsonValue(value, type, node.schema.module),
      );
    case "container":
      return jsonObject(node.children, node.schema.module);
    case "list":
      return Array.from(node.entries, ({ children }) => jsonObject(children, node.schema.module));
    case "any":
      return jsonAny(node);
    default:
      return unreachable(node);
  }
}

/** RFC 7951 section 6: 64-bit and decimal numbers are strings, so that no digit is lost. */
function jsonValue(value: string, type: Type, near: Module): JsonValue {
  switch (type.base) {
    case "int8":
    case "int16":
    case "int32":
    case "uint8":
    case "uint16":
    case "uint32":
      return Number(value);
    case "boolean":
      return value === "true";
    case "empty":
      return EMPTY;
    case "identityref":
      // Section 6.8: the leaf's own module may be left out.
      return value.startsWith(`${near.name}:`) ? value.slice(near.name.length + 1) : value;
    default:
      return value;
  }
}

/** Section 6.9: `[null]`. */
const EMPTY: object = JSON.parse("[null]");

/** Section 5.5 for anydata: without a schema all leaves are strings. */
function jsonAny({ content, text }: AnyData): JsonValue {
  return content.length === 0 ? text : jsonElements(content);
}

function jsonElements(elements: readonly Element[]): Readonly<Record<string, JsonValue>> {
  // No object to look names up in: an element may be called "constructor".
  const members = new Map<string, JsonValue>();
  for (const { name, children, text } of elements) {
    const value = children.length === 0 ? text : jsonElements(children);
    const there = members.get(name);
    if (there === undefined) members.set(name, value);
    else members.set(name, Array.isArray(there) ? [...there, value] : [there, value]);
  }
  return Object.fromEntries(members);
}

/** Reads what JSON.parse() made of a text, as strictly as readData() reads XML. */
export function readJson(json: unknown, schema: Schema, options: ReadOptions): ReadTree {
  const reader = new JsonReader(schema, options.type);
  const children = reader.children(options.parent ?? schema, json, options.place, undefined);
  return { tree: treeOf(children), faults: reader.faults };
}

class JsonReader {
  readonly faults: RpcFault[] = [];
  readonly #schema: Schema;
  readonly #type: ReadOptions["type"];

  constructor(schema: Schema, type: ReadOptions["type"]) {
    this.#schema = schema;
    this.#type = type;
  }

  children(
    parent: SchemaParent,
    json: unknown,
    place: Place | undefined,
    near: Module | undefined,
  ): readonly DataNode[] {
    const gathered = new Gathered(place, this.faults);
    if (!isObject(json)) {
      this.faults.push(namedFault(place, "invalid-value", "an object is wanted here"));
      return [];
    }
    for (const [member, value] of Object.entries(json)) {
      // RFC 7952 section 5.2: metadata, which nothing here needs.
      if (member.startsWith("@")) continue;
      const schema = this.#resolve(parent, member, place, near);
      if (schema !== undefined) this.#member(schema, value, gathered);
    }
    return gathered.finish();
  }

  #resolve(
    parent: SchemaParent,
    member: string,
    place: Place | undefined,
    near: Module | undefined,
  ): DataSchemaNode | undefined {
    const colon = member.indexOf(":");
    const module = colon < 0 ? near : moduleNamed(this.#schema, member.slice(0, colon));
    const name = member.slice(colon + 1);
    const found = module && childNamed(parent, module.namespace, name);
    if (found !== undefined && (found.config || this.#type === "data")) return found;
    const why = found === undefined ? "there is no such node here" : "state cannot be configured";
    const info = [badElement(name)];
    this.faults.push(namedFault(place, "unknown-element", `"${member}": ${why}`, { info }));
    return undefined;
  }

  #member(schema: DataSchemaNode, json: unknown, gathered: Gathered): void {
    const place = placeOf(gathered.place, schema);
    if (!gathered.admits(schema, place)) return;
    switch (schema.kind) {
      case "leaf": {
        const value = this.#value(schema, json, place);
        if (value !== undefined) gathered.add({ kind: "leaf", schema, ...value });
        break;
      }
      case "leaf-list":
        for (const one of this.#array(json, place)) {
          const value = this.#value(schema, one, place);
          if (value !== undefined) gathered.addValue(schema, value);
        }
        break;
      case "container": {
        const children = this.children(schema, json, place, schema.module);
        if (children.length > 0 || schema.presence !== undefined) {
          gathered.add({ kind: "container", schema, children });
        }
        break;
      }
      case "list":
        for (const one of this.#array(json, place)) this.#entry(schema, one, place, gathered);
        break;
      case "anydata":
      case "anyxml":
        // RFC 7951 section 5.5: anydata is an object, anyxml whatever JSON there is.
        if (schema.kind === "anydata" && !isObject(json)) {
          this.faults.push(namedFault(place, "invalid-value", "an object is wanted here"));
        } else gathered.add(this.#any(schema, json, place));
        break;
      default:
        unreachable(schema);
    }
  }

  #entry(schema: ListSchema, json: unknown, place: Place, gathered: Gathered): void {
    const serial = String(gathered.sizeOf(schema) + 1);
    const at = placeOf(gathered.place, schema, schema.keys.length === 0 ? serial : undefined);
    const children = this.children(schema, json, at, schema.module);
    const values: string[] = [];
    for (const key of schema.keys) {
      const leaf = children.find((child): child is LeafData => child.schema === key);
      if (leaf !== undefined) values.push(leaf.value);
      else if (isObject(json) && !(key.name in json)) this.faults.push(missingKey(place, key.name));
    }
    if (values.length < schema.keys.length) return;
    const key = schema.keys.length === 0 ? serial : keyOf(schema, values);
    gathered.addEntry(schema, { kind: "entry", schema, key, children });
  }

  #value(
    schema: LeafSchema | LeafListSchema,
    json: unknown,
    place: Place,
  ): LeafListEntry | undefined {
    const text = textOf(json, schema.type);
    const names: ValueNames = jsonNames(this.#schema, schema.module);
    const parsed =
      text === undefined
        ? { message: `${JSON.stringify(json)} is no JSON form of ${schema.type.base}` }
        : parseValue(schema.type, text, names);
    if (!isValueFault(parsed)) return parsed;
    this.faults.push(valueFault(place, parsed));
    return undefined;
  }

  #any(schema: AnyData["schema"], json: unknown, place: Place): AnyData {
    if (!isObject(json)) return { kind: "any", schema, content: [], text: String(json) };
    const content = this.#elements(schema.module.namespace, json, place);
    return { kind: "any", schema, content, text: "" };
  }

  /** RFC 7951 section 4: a member's name is a node's, that of its module before it or not. */
  #elements(namespace: string, json: object, place: Place): readonly Element[] {
    return Object.entries(json).flatMap(([member, value]: [string, unknown]) => {
      const [, prefix, name] = MEMBER.exec(member) ?? [];
      const module = prefix === undefined ? undefined : moduleNamed(this.#schema, prefix);
      if (name === undefined || (prefix !== undefined && module === undefined)) {
        const why = name === undefined ? "no name of a node" : "in no module that is known here";
        this.faults.push(namedFault(place, "invalid-value", `"${member}" is ${why}`));
        return [];
      }
      const own = module?.namespace ?? namespace;
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      return values.map((one) =>
        isObject(one)
          ? element(own, name, { children: this.#elements(own, one, place) })
          : element(own, name, { text: String(one) }),
      );
    });
  }

  #array(json: unknown, place: Place): readonly unknown[] {
    if (Array.isArray(json)) return json;
    this.faults.push(namedFault(place, "invalid-value", "an array is wanted here"));
    return [];
  }
}

const MEMBER = /^(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)$/;

/** The lexical form of a JSON value; undefined: the type has another JSON form (section 6). */
function textOf(json: unknown, type: Type): string | undefined {
  switch (type.base) {
    case "leafref":
      return textOf(json, type.realType);
    case "union":
      if (Array.isArray(json))
        return textOf(json, { base: "empty", typedef: undefined, typedefs: [] });
      return typeof json === "object" ? undefined : String(json);
    case "empty":
      return Array.isArray(json) && json.length === 1 && json[0] === null ? "" : undefined;
    case "boolean":
      return typeof json === "boolean" ? String(json) : undefined;
    case "int8":
    case "int16":
    case "int32":
    case "uint8":
    case "uint16":
    case "uint32":
      return typeof json === "number" ? String(json) : undefined;
    default:
      return typeof json === "string" ? json : undefined;
  }
}

function isObject(json: unknown): json is object {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
