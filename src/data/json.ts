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
  type ParsedValue,
  parseValue,
  type Schema,
  type Type,
  type ValueFault,
  type ValueNames,
} from "../yang/index.ts";
import { annotationType, checkDefaultMark, DEFAULT_MARK, isAnnotation } from "./attributes.ts";
import { keyOf, treeOf } from "./children.ts";
import { badElement, isEnough, missingKey, namedFault, noSuchNode, valueFault } from "./faults.ts";
import { messageOf, type ReadOptions, type ReadTree, type SchemaParent } from "./from-xml.ts";
import { Gathered } from "./gathered.ts";
import type {
  AnyData,
  ContainerData,
  DataNode,
  LeafData,
  LeafListEntry,
  ListEntry,
  Metadata,
} from "./node.ts";
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
  const members: [string, JsonValue][] = [];
  for (const node of nodes) {
    const { module, name } = node.schema;
    const member = module === near ? name : `${module.name}:${name}`;
    members.push([member, jsonNode(node)]);
    const notes = notesOf(node);
    if (notes !== undefined) members.push([`@${member}`, notes]);
  }
  // Not by assignment: a node may be called __proto__.
  return Object.fromEntries(members);
}

/** RFC 7952 section 5.2.2 and 5.2.3: what stands beside a leaf, a leaf-list or anydata. */
function notesOf(node: DataNode): JsonValue {
  if (node.kind === "leaf" || node.kind === "any") return jsonNotes(node.metadata);
  if (node.kind !== "leaf-list") return undefined;
  const notes = Array.from(node.entries, ({ metadata }) => jsonNotes(metadata));
  const last = notes.findLastIndex((one) => one !== undefined);
  // A hole is printed as null: that entry has none.
  return last < 0 ? undefined : notes.slice(0, last + 1);
}

function jsonNotes(metadata: Metadata | undefined): JsonValue {
  if (metadata === undefined) return undefined;
  return Object.fromEntries(
    Array.from(metadata, ([name, value]) => [name, name === DEFAULT_MARK ? true : value] as const),
  );
}

/** RFC 7952 section 5.2.1: of a container or list entry it stands inside, first. */
function jsonParent(parent: ContainerData | ListEntry): JsonValue {
  const children = jsonObject(parent.children, parent.schema.module);
  const notes = jsonNotes(parent.metadata);
  return notes === undefined ? children : { "@": notes, ...children };
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
      return jsonParent(node);
    case "list":
      return Array.from(node.entries, jsonParent);
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
    else if (Array.isArray(there)) there.push(value);
    else members.set(name, [there, value]);
  }
  return Object.fromEntries(members);
}

/** Reads what JSON.parse() made of a text, as strictly as readData() reads XML. */
export function readJson(json: unknown, schema: Schema, options: ReadOptions): ReadTree {
  const reader = new JsonReader(schema, options.type);
  const { parent, place } = options;
  // RFC 7951 section 4: below a node of the same module names need no module.
  const children = reader.children(parent ?? schema, json, place, parent?.module);
  return { tree: treeOf(children, messageOf(parent)), faults: reader.faults };
}

class JsonReader {
  readonly faults: RpcFault[] = [];
  readonly #schema: Schema;
  readonly #type: ReadOptions["type"];
  /** By the module of the leaf. */
  readonly #names = new Map<Module, ValueNames>();

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
    const members = new Map<string, unknown>(Object.entries(json));
    for (const [member, value] of members) {
      if (member.startsWith("@")) {
        if (member === "@" || members.has(member.slice(1))) continue;
        const message = `"${member}" annotates what is not there`;
        this.faults.push(namedFault(place, "missing-element", message));
        continue;
      }
      const schema = this.#resolve(parent, member, place, near);
      if (schema !== undefined) this.#member(schema, value, members.get(`@${member}`), gathered);
    }
    return gathered.finish();
  }

  /** RFC 7952 section 5.2: an object of annotations, each with the name of its module. */
  #notes(notes: unknown, place: Place): { readonly metadata?: Metadata } {
    if (notes === undefined || notes === null) return {};
    const metadata = new Map<string, string>();
    for (const [name, value] of Object.entries(isObject(notes) ? notes : { "": notes })) {
      const colon = name.indexOf(":");
      const module = moduleNamed(this.#schema, name.slice(0, Math.max(colon, 0)));
      if (module !== undefined && isAnnotation(module, name.slice(colon + 1))) {
        const written = this.#note(module, name.slice(colon + 1), value, place);
        if (written !== undefined && (name !== DEFAULT_MARK || value === true)) {
          metadata.set(name, written);
        }
        continue;
      }
      const message =
        name === "" ? "annotations are an object" : `there is no annotation "${name}"`;
      this.faults.push(namedFault(place, "unknown-attribute", message));
    }
    return metadata.size === 0 ? {} : { metadata };
  }

  /** The value of an annotation; undefined: a fault was noted. */
  #note(module: Module, name: string, json: unknown, place: Place): string | undefined {
    const type = annotationType(module, name);
    // What writeJson() makes of any value is a string.
    if (type === undefined) return String(json);
    const names = this.#namesOf(module);
    const parsed =
      typeof json === "string" ? parseValue(type, json, names) : parseJsonValue(type, json, names);
    if (!isValueFault(parsed)) return parsed.value;
    const message = `annotation ${module.name}:${name}: ${parsed.errorMessage ?? parsed.message}`;
    this.faults.push(namedFault(place, "bad-attribute", message));
    return undefined;
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
    const why =
      found === undefined ? noSuchNode(name, parent, this.faults) : "state cannot be configured";
    const info = [badElement(name)];
    this.faults.push(namedFault(place, "unknown-element", `"${member}": ${why}`, { info }));
    return undefined;
  }

  #member(schema: DataSchemaNode, json: unknown, notes: unknown, gathered: Gathered): void {
    const place = placeOf(gathered.place, schema);
    if (!gathered.admits(schema, place)) return;
    switch (schema.kind) {
      case "leaf": {
        const value = this.#value(schema, json, place, notes);
        if (value !== undefined) gathered.add({ kind: "leaf", schema, ...value });
        break;
      }
      case "leaf-list":
        for (const [i, one] of this.#array(json, place).entries()) {
          const value = this.#value(schema, one, place, Array.isArray(notes) ? notes[i] : notes);
          if (value !== undefined) gathered.addValue(schema, value);
        }
        break;
      case "container": {
        const children = this.children(schema, json, place, schema.module);
        if (children.length > 0 || schema.presence !== undefined) {
          gathered.add({ kind: "container", schema, children, ...this.#inside(json, place) });
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
        } else gathered.add({ ...this.#any(schema, json, place), ...this.#notes(notes, place) });
        break;
      default:
        unreachable(schema);
    }
  }

  #entry(schema: ListSchema, json: unknown, place: Place, gathered: Gathered): void {
    const serial = String(gathered.sizeOf(schema) + 1);
    const named = schema.keys.length === 0 ? serial : this.#keyIn(schema, json);
    const at = placeOf(gathered.place, schema, named);
    const children = this.children(schema, json, at, schema.module);
    const values: string[] = [];
    for (const key of schema.keys) {
      const leaf = children.find((child): child is LeafData => child.schema === key);
      if (leaf !== undefined) values.push(leaf.value);
      else if (isObject(json) && memberFor(key, json) === undefined) {
        this.faults.push(missingKey(place, key.name));
      }
    }
    if (values.length < schema.keys.length) return;
    const key = schema.keys.length === 0 ? serial : keyOf(schema, values);
    gathered.addEntry(schema, { kind: "entry", schema, key, children, ...this.#inside(json, at) });
  }

  /** The key of an entry before it is read, to name it by where it is at fault. */
  #keyIn(schema: ListSchema, json: unknown): string | undefined {
    if (!isObject(json)) return undefined;
    const values: string[] = [];
    for (const key of schema.keys) {
      const parsed = parseJsonValue(key.type, memberFor(key, json), this.#namesOf(key.module));
      if (isValueFault(parsed)) return undefined;
      values.push(parsed.value);
    }
    return keyOf(schema, values);
  }

  #namesOf(module: Module): ValueNames {
    let names = this.#names.get(module);
    if (names === undefined) {
      names = jsonNames(this.#schema, module);
      this.#names.set(module, names);
    }
    return isEnough(this.faults) ? { ...names, isTerse: true } : names;
  }

  #inside(json: unknown, place: Place): { readonly metadata?: Metadata } {
    return isObject(json) && "@" in json ? this.#notes(json["@"], place) : {};
  }

  #value(
    schema: LeafSchema | LeafListSchema,
    json: unknown,
    place: Place,
    notes: unknown,
  ): LeafListEntry | undefined {
    const parsed = parseJsonValue(schema.type, json, this.#namesOf(schema.module));
    if (isValueFault(parsed)) {
      this.faults.push(valueFault(place, parsed, json));
      return undefined;
    }
    const kept = this.#notes(notes, place);
    if (kept.metadata?.has(DEFAULT_MARK) !== true || this.#type !== "config") {
      return { ...parsed, ...kept };
    }
    checkDefaultMark(schema, parsed.value, place, this.faults);
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

/** RFC 7951 section 6.10: of a union the first member that has this form and takes the value. */
function parseJsonValue(type: Type, json: unknown, names: ValueNames): ParsedValue | ValueFault {
  if (type.base === "leafref") return parseJsonValue(type.realType, json, names);
  if (type.base === "union") {
    for (const member of type.members) {
      const parsed = parseJsonValue(member, json, names);
      if (!isValueFault(parsed)) return parsed;
    }
    const written = typeof json === "string" ? parseValue(type, json, names) : undefined;
    if (written !== undefined && isValueFault(written)) return written;
    return { message: `${JSON.stringify(json)} is no JSON form of any member of the union` };
  }
  const text = textOf(json, type);
  if (text !== undefined) return parseValue(type, text, names);
  return { message: `${JSON.stringify(json)} is no JSON form of ${type.base}` };
}

/** The lexical form of a JSON value; undefined: the type has another JSON form (section 6). */
function textOf(json: unknown, type: Type): string | undefined {
  switch (type.base) {
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

/** What an object has for a node, by its name or by that with its module; else undefined. */
function memberFor({ name, module }: LeafSchema, json: object): unknown {
  // Its own alone: a node may be called "constructor".
  const own = [name, `${module.name}:${name}`].find((member) => Object.hasOwn(json, member));
  return own === undefined ? undefined : Reflect.get(json, own);
}

function isObject(json: unknown): json is object {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
