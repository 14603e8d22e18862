import { isFull, type RpcFault } from "../base/index.ts";
import { type Element, isBlank } from "../xml/index.ts";
import {
  type AnySchema,
  type ContainerSchema,
  childNamed,
  type DataParent,
  type DataSchemaNode,
  type InOutSchema,
  isValueFault,
  type LeafListSchema,
  type LeafSchema,
  type ListSchema,
  moduleOfNamespace,
  type NotificationSchema,
  type ParsedValue,
  parseValue,
  type Schema,
  type StructureSchema,
} from "../yang/index.ts";
import { checkDefaultMark, type Marks, readMarks, refuseEditMarks } from "./attributes.ts";
import { keyOf, treeOf } from "./children.ts";
import {
  badElement,
  holdsSecret,
  isEnough,
  missingKey,
  namedFault,
  noSuchNode,
  unknownElement,
  unknownNamespace,
  valueFault,
} from "./faults.ts";
import { Gathered } from "./gathered.ts";
import type { AnyData, DataNode, LeafData, Metadata, Tree } from "./node.ts";
import { type Place, placeOf } from "./path.ts";
import { XmlNames } from "./xml-names.ts";

/** Where elements are looked up: the top of the schema, or below a node. */
export type SchemaParent = Schema | DataParent | StructureSchema;

export interface ReadOptions {
  /** "config" refuses state data; "data" takes both. */
  readonly type: "config" | "data";
  /** What the elements are children of; the top of the schema where it is left out. */
  readonly parent?: DataParent | StructureSchema;
  /** Where that parent is, for error-paths. */
  readonly place?: Place;
}

/** A tree as far as it could be read, and all that was wrong. Usable only without faults. */
export interface ReadTree {
  readonly tree: Tree;
  readonly faults: readonly RpcFault[];
}

/**
 * Reads instance data strictly: nodes of the schema only, keys there, values of their types, one
 * case of each choice. What needs the whole tree (must, mandatory, leafref ...) is not looked at.
 */
export function readData(
  elements: readonly Element[],
  schema: Schema,
  options: ReadOptions,
): ReadTree {
  const reader = new XmlReader(schema, options.type);
  const { parent } = options;
  const children = reader.children(parent ?? schema, elements, options.place);
  return { tree: treeOf(children, messageOf(parent)), faults: reader.faults };
}

/** The operation or notification that a tree is the content of, if it is. */
export function messageOf(
  parent: ReadOptions["parent"],
): InOutSchema | NotificationSchema | undefined {
  if (parent === undefined || !("kind" in parent)) return undefined;
  return parent.kind === "container" || parent.kind === "list" ? undefined : parent;
}

/** Reads what stands inside an operation's element as its input or output, or a notification. */
export function readInput(
  element: Element,
  inout: InOutSchema | NotificationSchema,
  schema: Schema,
  place?: Place,
): ReadTree {
  const reader = new XmlReader(schema, "data");
  reader.refuseText(element, place);
  const children = reader.children(inout, element.children, place);
  return { tree: treeOf(children, inout), faults: reader.faults };
}

/**
 * What reading XML needs at every element, for trees and for edits: finds the schema node of an
 * element, its value, its key; faults are collected.
 */
export class XmlReader {
  readonly faults: RpcFault[] = [];
  readonly #schema: Schema;
  readonly #type: "config" | "data";
  readonly #names: XmlNames;
  /** The last value of each leaf: entry after entry often has the same. */
  readonly #last = new Map<LeafSchema | LeafListSchema, string>();
  readonly #leaves = new Map<LeafSchema, LeafData>();

  constructor(schema: Schema, type: "config" | "data") {
    this.#schema = schema;
    this.#type = type;
    this.#names = new XmlNames(schema);
  }

  /** The schema node of an element under a parent; undefined: a fault was noted. */
  resolve(
    parent: SchemaParent,
    element: Element,
    place: Place | undefined,
  ): DataSchemaNode | undefined {
    const found = childNamed(parent, element.namespace, element.name);
    if (found === undefined) {
      const isKnown = moduleOfNamespace(this.#schema, element.namespace)?.implemented === true;
      this.faults.push(
        isKnown
          ? unknownElement(place, element, noSuchNode(element.name, parent, this.faults))
          : unknownNamespace(place, element, parent),
      );
      return undefined;
    }
    if (!found.config && this.#type === "config") {
      this.faults.push(
        namedFault(placeOf(place, found), "unknown-element", "state data cannot be configured", {
          info: [badElement(element.name)],
        }),
      );
      return undefined;
    }
    return found;
  }

  marks(element: Element, place: Place | undefined): Marks {
    return readMarks(element, this.#schema, place, this.faults);
  }

  /** The value of a leaf or leaf-list entry; undefined: a fault was noted. */
  value(
    schema: LeafSchema | LeafListSchema,
    element: Element,
    place: Place,
  ): ParsedValue | undefined {
    if (element.children.length > 0) {
      for (const child of element.children) {
        if (isFull(this.faults)) break;
        this.faults.push(unknownElement(place, child, "a leaf has no children"));
      }
      return undefined;
    }
    const names = this.#names.at(element, isEnough(this.faults));
    const parsed = parseValue(schema.type, element.text, names);
    if (!isValueFault(parsed)) return { value: this.#own(schema, parsed.value), type: parsed.type };
    this.faults.push(valueFault(place, parsed, element.text));
    return undefined;
  }

  #own(schema: LeafSchema | LeafListSchema, value: string): string {
    const last = this.#last.get(schema);
    if (last === value) return last;
    const own = detached(value);
    this.#last.set(schema, own);
    return own;
  }

  /**
   * A leaf that is to be kept. Nodes are immutable and know no parent, so that a leaf of the same
   * value as the last of its schema is that one again: of many entries most leaves are alike.
   */
  leaf(schema: LeafSchema, { value, type }: ParsedValue): LeafData {
    const last = this.#leaves.get(schema);
    if (last?.value === value && last.type === type) return last;
    const leaf: LeafData = { kind: "leaf", schema, value, type };
    this.#leaves.set(schema, leaf);
    return leaf;
  }

  /** Character data has no place between child elements. */
  refuseText(element: Element, place: Place | undefined): void {
    if (element.text === "" || isBlank(element.text)) return;
    const isSecret = place !== undefined && holdsSecret(place);
    const text = isSecret ? "text" : `text "${element.text.trim()}"`;
    this.faults.push(
      namedFault(place, "unknown-element", `${text} among its children`, {
        info: [badElement(element.name)],
      }),
    );
  }

  /**
   * The key leaves of a list entry, wherever they stand in the element (RFC 7950 section 7.8.5 asks
   * managers to send them first). Without a key, faults were noted.
   */
  entryKey(schema: ListSchema, element: Element, place: Place): EntryKey {
    const leaves: LeafData[] = [];
    const elements: Element[] = [];
    for (const key of schema.keys) {
      const child = element.children.find(
        ({ name, namespace }) => name === key.name && namespace === key.module.namespace,
      );
      if (child === undefined) {
        this.faults.push(missingKey(place, key.name));
        continue;
      }
      elements.push(child);
      const parsed = this.value(key, child, placeOf(place, key));
      if (parsed === undefined) continue;
      leaves.push({ kind: "leaf", schema: key, value: parsed.value, type: parsed.type });
    }
    if (leaves.length < schema.keys.length) return { key: undefined, leaves, elements };
    const values = leaves.map((leaf) => leaf.value);
    return { key: keyOf(schema, values), leaves, elements };
  }

  /** All children of a parent, in order; those of an entry without its key leaves. */
  children(
    parent: SchemaParent,
    elements: readonly Element[],
    place: Place | undefined,
    read?: EntryKey,
  ): readonly DataNode[] {
    const gathered = new Gathered(place, this.faults, read?.leaves);
    for (const element of elements) {
      if (isFull(this.faults)) break;
      if (read?.elements.includes(element) && element.attributes.length === 0) continue;
      const schema = this.resolve(parent, element, place);
      if (schema !== undefined) this.#child(schema, element, gathered, read);
    }
    return gathered.finish();
  }

  #child(
    schema: DataSchemaNode,
    element: Element,
    gathered: Gathered,
    read: EntryKey | undefined,
  ): void {
    const place = placeOf(gathered.place, schema);
    const marks = this.marks(element, place);
    refuseEditMarks(marks, element, place, this.faults);
    if (read?.elements.includes(element) || !gathered.admits(schema, place)) return;
    if (schema.kind === "container") this.#container(schema, element, place, marks, gathered);
    else if (schema.kind === "list") this.#entry(schema, element, place, marks, gathered);
    else if (schema.kind === "leaf" || schema.kind === "leaf-list") {
      this.#leaf(schema, element, place, marks, gathered);
    } else {
      // RFC 7950 section 7.10: it holds nodes; only in anyxml may there be text beside them.
      if (schema.kind === "anydata") this.refuseText(element, place);
      gathered.add(anyData(schema, element, marks));
    }
  }

  #leaf(
    schema: LeafSchema | LeafListSchema,
    element: Element,
    place: Place,
    marks: Marks,
    gathered: Gathered,
  ): void {
    const parsed = this.value(schema, element, place);
    if (parsed === undefined) {
      gathered.seen(schema);
      return;
    }
    if (marks.isDefault === true && this.#type === "config") {
      this.checkDefault(schema, parsed.value, place);
      return;
    }
    if (schema.kind === "leaf-list") gathered.addValue(schema, { ...parsed, ...kept(marks) });
    else if (marks.metadata === undefined) gathered.add(this.leaf(schema, parsed));
    else gathered.add({ ...this.leaf(schema, parsed), metadata: marks.metadata });
  }

  checkDefault(schema: LeafSchema | LeafListSchema, value: string, place: Place): void {
    checkDefaultMark(schema, value, place, this.faults);
  }

  #container(
    schema: ContainerSchema,
    element: Element,
    place: Place,
    marks: Marks,
    gathered: Gathered,
  ): void {
    this.refuseText(element, place);
    const children = this.children(schema, element.children, place);
    // A non-presence container has no meaning of its own: empty, it is not kept.
    if (children.length === 0 && schema.presence === undefined) {
      gathered.seen(schema);
      return;
    }
    gathered.add({ kind: "container", schema, children, ...kept(marks) });
  }

  #entry(
    schema: ListSchema,
    element: Element,
    place: Place,
    marks: Marks,
    gathered: Gathered,
  ): void {
    this.refuseText(element, place);
    const read = this.entryKey(schema, element, place);
    const key = schema.keys.length === 0 ? String(gathered.sizeOf(schema) + 1) : read.key;
    const at = key === undefined ? place : placeOf(gathered.place, schema, key);
    const children = this.children(schema, element.children, at, read);
    if (key !== undefined) {
      gathered.addEntry(schema, { kind: "entry", schema, key, children, ...kept(marks) });
    }
  }
}

/** Of a list entry: undefined key where a key leaf is missing or has no legal value. */
export interface EntryKey {
  readonly key: string | undefined;
  readonly leaves: readonly LeafData[];
  readonly elements: readonly Element[];
}

/** From this length on V8 makes a part of a text a view of the whole. */
const VIEW_LENGTH_MIN = 13;

/** The same text, but no view of the message that it was read from: one would keep all of it. */
function detached(text: string): string {
  return text.length < VIEW_LENGTH_MIN ? text : [text.slice(0, 1), text.slice(1)].join("");
}

/** What an anydata or anyxml element holds, as it is. */
export function anyData(schema: AnySchema, element: Element, marks: Marks): AnyData {
  return {
    kind: "any",
    schema,
    content: element.children,
    text: element.children.length === 0 ? element.text : "",
    ...kept(marks),
  };
}

const nothing = {};

function kept(marks: Marks): { readonly metadata?: Metadata } {
  return marks.metadata === undefined ? nothing : { metadata: marks.metadata };
}
