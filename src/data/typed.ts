import { assert, unreachable } from "../base/index.ts";
import type { Element } from "../xml/index.ts";
import {
  type DataSchemaNode,
  isValueFault,
  type LeafListSchema,
  type LeafSchema,
  type ListSchema,
  type Module,
  type ParsedValue,
  parseValue,
  type Schema,
  type Type,
  type ValueNames,
} from "../yang/index.ts";
import { inOrder, keyOf } from "./children.ts";
import { impliedChildren, impliedNode, isStateBelow } from "./defaults.ts";
import type { SchemaParent } from "./from-xml.ts";
import { noEntries } from "./key-order.ts";
import type { DataNode, LeafListEntry, ListEntry, ParentData } from "./node.ts";
import { type InstanceNode, whensHold, xpathRoot } from "./xpath-tree.ts";

// The typed form: what the types in generated/ describe. Names are the YANG names, with the module
// where it changes (RFC 7951 section 4); values are JavaScript's own as far as they are exact.

export interface TypedOptions {
  /** True: defaults in use are there as if they had been set. */
  readonly defaults: boolean;
}

type Typed = Record<string, unknown>;

/**
 * A tree, or what is below a container or list entry, in typed form. A `when` sees no more than
 * what is given here.
 */
export function toObject(parent: ParentData, { defaults }: TypedOptions): object {
  const all = partOf(parent);
  let root: InstanceNode | undefined;
  const node = (): InstanceNode => {
    root ??= xpathRoot({ kind: "tree", schema: undefined, children: parent.children }, all);
    return root;
  };
  return typed(parent, { defaults, all }, node);
}

/** The nodes that an object in typed form stands for. Values that are none are bugs. */
export function fromObject(parent: SchemaParent, object: object): readonly DataNode[] {
  const near = "module" in parent ? parent.module : undefined;
  const nodes: DataNode[] = [];
  const names = new Map(parent.dataChildren.map((child) => [propertyName(child, near), child]));
  for (const [name, value] of Object.entries(object)) {
    const schema = names.get(name);
    assert(schema !== undefined, `the schema has no ${name} here`);
    const node = value === undefined ? undefined : nodeFrom(schema, value);
    if (node !== undefined) nodes.push(node);
  }
  return inOrder(nodes);
}

type Locate = () => InstanceNode;

interface View extends TypedOptions {
  /** What the schema is, as far as the tree at hand goes. */
  readonly all: Schema;
}

function typed(parent: ParentData, view: View, node: Locate): Typed {
  const object: Typed = {};
  const holder = parent.schema ?? view.all;
  const near = "module" in holder ? holder.module : undefined;
  const nodes = [...parent.children];
  for (const schema of impliedChildren(holder, parent.children)) {
    if (!view.defaults && schema.kind !== "container") continue;
    // State that nobody gave is not known, whatever its default.
    if (isStateBelow(holder, schema)) continue;
    if (schema.whens.length > 0 && !whensHold(schema, node())) continue;
    nodes.push(impliedNode(schema, view.all));
  }
  for (const child of inOrder(nodes)) {
    object[propertyName(child.schema, near)] = typedNode(child, view, node);
  }
  return object;
}

function typedNode(child: DataNode, view: View, up: Locate): unknown {
  const within = (schema: DataSchemaNode, key?: string): Locate => {
    return () => {
      const node = up().child(schema, key);
      assert(node !== undefined, `${schema.name} is where it was found`);
      return node;
    };
  };
  switch (child.kind) {
    case "leaf":
      return typedValue(child.value, child.type, isUnion(child.schema.type));
    case "leaf-list": {
      const inUnion = isUnion(child.schema.type);
      return Array.from(child.entries, ({ value, type }) => typedValue(value, type, inUnion));
    }
    case "container":
      return typed(child, view, within(child.schema));
    case "list": {
      const entries = Array.from(child.entries, (entry): readonly [string, Typed] => [
        entry.key,
        typed(entry, view, within(child.schema, entry.key)),
      ]);
      return child.schema.keys.length > 0 ? new Map(entries) : entries.map(([, entry]) => entry);
    }
    case "any":
      return child.content;
    default:
      return unreachable(child);
  }
}

function propertyName(schema: DataSchemaNode, near: Module | undefined): string {
  return schema.module === near ? schema.name : `${schema.module.name}:${schema.name}`;
}

function isUnion(type: Type): boolean {
  return type.base === "union" || (type.base === "leafref" && type.realType.base === "union");
}

function typedValue(value: string, type: Type, inUnion: boolean): unknown {
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
    case "int64":
    case "uint64":
      return inUnion ? value : BigInt(value);
    case "empty":
      return inUnion ? value : true;
    case "bits":
      return inUnion ? value : new Set(value === "" ? [] : value.split(" "));
    case "binary":
      return inUnion ? value : Uint8Array.from(atob(value), (octet) => octet.charCodeAt(0));
    case "leafref":
      return typedValue(value, type.realType, inUnion);
    default:
      return value;
  }
}

function nodeFrom(schema: DataSchemaNode, value: unknown): DataNode | undefined {
  switch (schema.kind) {
    case "leaf":
      return { kind: "leaf", schema, ...parsed(schema, value) };
    case "leaf-list": {
      const draft = noEntries<LeafListEntry>(schema).draft();
      for (const one of arrayOf(value)) {
        const entry = parsed(schema, one);
        draft.set(entry.value, entry);
      }
      const entries = draft.finish();
      return entries.size === 0 ? undefined : { kind: "leaf-list", schema, entries };
    }
    case "container": {
      const children = fromObject(schema, objectOf(value));
      if (children.length === 0 && schema.presence === undefined) return undefined;
      return { kind: "container", schema, children };
    }
    case "list": {
      const draft = noEntries<ListEntry>(schema).draft();
      const given = value instanceof Map ? [...value.values()] : arrayOf(value);
      for (const [i, one] of given.entries()) {
        const entry = entryFrom(schema, objectOf(one), i);
        draft.set(entry.key, entry);
      }
      const entries = draft.finish();
      return entries.size === 0 ? undefined : { kind: "list", schema, entries };
    }
    case "anydata":
    case "anyxml":
      return { kind: "any", schema, content: arrayOf(value) as readonly Element[], text: "" };
    default:
      return unreachable(schema);
  }
}

function entryFrom(schema: ListSchema, object: object, index: number): ListEntry {
  const children = fromObject(schema, object);
  const values = schema.keys.map((key) => {
    const leaf = children.find((child) => child.schema === key);
    assert(leaf?.kind === "leaf", `an entry of ${schema.name} has its key ${key.name}`);
    return leaf.value;
  });
  const key = schema.keys.length === 0 ? String(index + 1) : keyOf(schema, values);
  return { kind: "entry", schema, key, children };
}

function parsed(schema: LeafSchema | LeafListSchema, value: unknown): ParsedValue {
  // In typed form an empty leaf is true.
  const text = schema.type.base === "empty" ? "" : textOf(value);
  const result = parseValue(schema.type, text, namesNear(schema));
  assert(!isValueFault(result), `${schema.name} cannot be "${text}"`);
  return { value: result.value, type: result.type };
}

/**
 * Names carry their module's: an identity's type knows all that are legal, a module its imports.
 */
function namesNear({ type, module }: LeafSchema | LeafListSchema): ValueNames {
  const near = [module, ...module.prefixes.values()];
  return { module: (name) => moduleIn(type, name) ?? near.find((other) => other.name === name) };
}

function moduleIn(type: Type, name: string): Module | undefined {
  switch (type.base) {
    case "identityref":
      for (const { module } of type.values.values()) if (module.name === name) return module;
      return undefined;
    case "leafref":
      return moduleIn(type.realType, name);
    case "union":
      for (const member of type.members) {
        const found = moduleIn(member, name);
        if (found !== undefined) return found;
      }
      return undefined;
    default:
      return undefined;
  }
}

function textOf(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
      return String(value);
    case "boolean":
      return value === true ? "true" : "false";
    default:
      if (value instanceof Uint8Array) {
        return btoa(Array.from(value, (octet) => String.fromCharCode(octet)).join(""));
      }
      assert(value instanceof Set, "a value is a primitive, a Set or a Uint8Array");
      return [...value].join(" ");
  }
}

function arrayOf(value: unknown): readonly unknown[] {
  assert(Array.isArray(value), "several values are an array");
  return value;
}

function objectOf(value: unknown): object {
  assert(
    typeof value === "object" && value !== undefined && value,
    "a node with children is an object",
  );
  return value;
}

/** Of the schema only what a tree of its own needs: whatever is not in it is not there anyway. */
function partOf(parent: ParentData): Schema {
  const dataChildren = parent.children.map((child) => child.schema);
  const modules = new Set<Module>();
  for (const { module } of dataChildren) {
    modules.add(module);
    for (const other of module.prefixes.values()) modules.add(other);
  }
  return {
    modules: [...modules],
    children: dataChildren,
    dataChildren,
    rpcs: [],
    notifications: [],
    identities: [],
    structures: [],
  };
}
