import { escapeAttribute, escapeText, printElement } from "../xml/index.ts";
import {
  type DataSchemaNode,
  holdsNames,
  moduleNamed,
  modulesOfValue,
  printValue,
  type Schema,
  type Type,
} from "../yang/index.ts";
import { DEFAULT_MARK } from "./attributes.ts";
import type { DataNode, LeafData, LeafListEntry, ListEntry, Metadata } from "./node.ts";

/** A piece is handed over when it has grown beyond this. */
const PIECE_LENGTH = 8192;

export interface WriteOptions {
  readonly schema: Schema;
  /** The default namespace in force where the output will stand; none where it is left out. */
  readonly namespace?: string;
  /** What to print in the place of a node; undefined: the node. */
  readonly instead?: (node: DataNode) => string | undefined;
}

/**
 * Prints nodes as XML without prefixes and without white space, lazily, in pieces of some KiB.
 * Default
 * namespaces are declared where they change, prefixes only for values and attributes that need
 * them.
 * What is printed is what the nodes hold: for with-defaults see withDefaults().
 */
export function writeXml(nodes: readonly DataNode[], options: WriteOptions): Iterable<string> {
  return { [Symbol.iterator]: () => new XmlPieces(nodes, options) };
}

/** All pieces joined: for what is known to be small. */
export function printXml(nodes: readonly DataNode[], options: WriteOptions): string {
  let text = "";
  for (const piece of writeXml(nodes, options)) text += piece;
  return text;
}

/** Children still to be printed, and what closes their parent; or the entries of a list. */
interface Frame {
  readonly nodes: readonly DataNode[];
  next: number;
  readonly entries: Iterator<ListEntry> | undefined;
  readonly namespace: string;
  readonly close: string;
}

class XmlPieces implements Iterator<string> {
  readonly #schema: Schema;
  readonly #stack: Frame[];
  readonly #instead: WriteOptions["instead"];
  #text = "";

  constructor(nodes: readonly DataNode[], { schema, namespace = "", instead }: WriteOptions) {
    this.#schema = schema;
    this.#instead = instead;
    this.#stack = [{ nodes, next: 0, entries: undefined, namespace, close: "" }];
  }

  next(): IteratorResult<string, undefined> {
    for (;;) {
      const frame = this.#stack[this.#stack.length - 1];
      if (frame === undefined) break;
      if (frame.entries !== undefined) this.#nextEntry(frame, frame.entries);
      else this.#nextNodes(frame);
      if (this.#text.length >= PIECE_LENGTH) break;
    }
    if (this.#text === "") return { done: true, value: undefined };
    const value = this.#text;
    this.#text = "";
    return { done: false, value };
  }

  #nextEntry(frame: Frame, entries: Iterator<ListEntry>): void {
    const { value: entry, done } = entries.next();
    if (done === true) this.#stack.pop();
    else this.#open(entry.schema, entry.children, entry.metadata, frame.namespace);
  }

  /** Prints leaves as they come; stops where a node with children was opened. */
  #nextNodes(frame: Frame): void {
    const { nodes, namespace } = frame;
    while (frame.next < nodes.length) {
      const node = nodes[frame.next++];
      if (node === undefined) continue;
      const other = this.#instead?.(node);
      if (other !== undefined) {
        this.#text += other;
      } else if (node.kind === "leaf") {
        this.#leaf(node.schema, node, namespace);
      } else if (node.kind === "container") {
        this.#open(node.schema, node.children, node.metadata, namespace);
        return;
      } else if (node.kind === "list") {
        const entries = node.entries[Symbol.iterator]();
        this.#stack.push({ nodes: [], next: 0, entries, namespace, close: "" });
        return;
      } else if (node.kind === "leaf-list") {
        for (const entry of node.entries) this.#leaf(node.schema, entry, namespace);
      } else {
        this.#any(node, namespace);
      }
    }
    this.#text += frame.close;
    this.#stack.pop();
  }

  #open(
    schema: DataSchemaNode,
    children: readonly DataNode[],
    metadata: Metadata | undefined,
    namespace: string,
  ): void {
    const tags = tagsOf(schema);
    const own = schema.module.namespace;
    this.#text += own === namespace ? tags.start : tags.startInNamespace;
    if (metadata !== undefined) this.#metadata(metadata);
    if (children.length === 0) {
      this.#text += "/>";
      return;
    }
    this.#text += ">";
    const close = tags.end;
    this.#stack.push({ nodes: children, next: 0, entries: undefined, namespace: own, close });
  }

  #leaf(schema: DataSchemaNode, leaf: LeafData | LeafListEntry, namespace: string): void {
    const tags = tagsOf(schema);
    this.#text += schema.module.namespace === namespace ? tags.start : tags.startInNamespace;
    if (leaf.metadata !== undefined) this.#metadata(leaf.metadata);
    const { value, type } = leaf;
    if (value === "") this.#text += "/>";
    else if (holdsNames(type)) this.#qualified(schema, value, type, tags.end);
    else this.#text += `>${escapeText(value)}${tags.end}`;
  }

  /** An identity of the leaf's own module needs no prefix: the default namespace is the leaf's. */
  #qualified(schema: DataSchemaNode, value: string, type: Type, end: string): void {
    const own = schema.module.name;
    if (type.base === "identityref" && value.startsWith(`${own}:`)) {
      this.#text += `>${value.slice(own.length + 1)}${end}`;
      return;
    }
    for (const name of modulesOfValue(value, type)) {
      const namespace = moduleNamed(this.#schema, name)?.namespace;
      if (namespace === undefined) continue;
      this.#text += ` xmlns:${name}="${escapeAttribute(namespace)}"`;
    }
    this.#text += `>${escapeText(printValue(value, type, (name) => name))}${end}`;
  }

  #any(node: Extract<DataNode, { readonly kind: "any" }>, namespace: string): void {
    const tags = tagsOf(node.schema);
    const own = node.schema.module.namespace;
    this.#text += own === namespace ? tags.start : tags.startInNamespace;
    if (node.metadata !== undefined) this.#metadata(node.metadata);
    if (node.content.length === 0 && node.text === "") {
      this.#text += "/>";
      return;
    }
    this.#text += `>${escapeText(node.text)}`;
    for (const element of node.content) this.#text += printElement(element, own);
    this.#text += tags.end;
  }

  #metadata(metadata: Metadata): void {
    for (const [name, value] of metadata) {
      const [module = "", local = ""] = name.split(":");
      if (name === DEFAULT_MARK) {
        this.#text += ` xmlns:wd="urn:ietf:params:xml:ns:netconf:default:1.0" wd:default="true"`;
        continue;
      }
      const namespace = moduleNamed(this.#schema, module)?.namespace;
      if (namespace === undefined) continue;
      const declared = ` xmlns:${module}="${escapeAttribute(namespace)}"`;
      this.#text += `${declared} ${module}:${local}="${escapeAttribute(value)}"`;
    }
  }
}

/** The parts of a node's tags that are always the same. */
interface Tags {
  readonly start: string;
  readonly startInNamespace: string;
  readonly end: string;
}

function tagsOf(schema: DataSchemaNode): Tags {
  const known = tags.get(schema);
  if (known !== undefined) return known;
  const made = {
    start: `<${schema.name}`,
    startInNamespace: `<${schema.name} xmlns="${escapeAttribute(schema.module.namespace)}"`,
    end: `</${schema.name}>`,
  };
  tags.set(schema, made);
  return made;
}

/** Derived from frozen schemas, so the cache can never be stale. */
const tags = new WeakMap<DataSchemaNode, Tags>();
