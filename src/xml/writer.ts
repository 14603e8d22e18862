import { assert } from "../base/index.ts";
import type { Element } from "./element.ts";
import { escapeAttribute, escapeText } from "./escape.ts";
import { XML_NAMESPACE } from "./parsed.ts";

/** An attribute to be written; one in a namespace needs the prefix that is declared for it. */
export interface WrittenAttribute {
  readonly name: string;
  readonly value: string;
  readonly namespace?: string;
  readonly prefix?: string;
}

/**
 * Prints elements without prefixes: a default namespace is declared where it changes. Output is
 * ASCII and has no white space of its own.
 */
export class XmlWriter {
  #text = "";
  /** Names and namespaces of what is open; the namespace under the bottom is what is in force. */
  readonly #names: string[] = [];
  readonly #namespaces: string[];

  /** `namespace`: the default namespace in force where the output will stand. */
  constructor(namespace = "") {
    this.#namespaces = [namespace];
  }

  open(namespace: string, name: string, attributes?: readonly WrittenAttribute[]): this {
    this.#start(namespace, name, attributes);
    this.#text += ">";
    this.#names.push(name);
    this.#namespaces.push(namespace);
    return this;
  }

  close(): this {
    const name = this.#names.pop();
    assert(name !== undefined, "an element is open");
    this.#namespaces.pop();
    this.#text += `</${name}>`;
    return this;
  }

  /** An element with text alone; without text an empty one. */
  leaf(
    namespace: string,
    name: string,
    text: string,
    attributes?: readonly WrittenAttribute[],
  ): this {
    this.#start(namespace, name, attributes);
    this.#text += text === "" ? "/>" : `>${escapeText(text)}</${name}>`;
    return this;
  }

  /** An element as it was read. */
  element(element: Element): this {
    this.#text += printElement(element, this.#namespace());
    return this;
  }

  text(text: string): this {
    this.#text += escapeText(text);
    return this;
  }

  /** What already is XML. */
  raw(xml: string): this {
    this.#text += xml;
    return this;
  }

  toString(): string {
    return this.#text;
  }

  #namespace(): string {
    return this.#namespaces[this.#namespaces.length - 1] ?? "";
  }

  #start(
    namespace: string,
    name: string,
    attributes: readonly WrittenAttribute[] | undefined,
  ): void {
    this.#text += `<${name}`;
    if (namespace !== this.#namespace()) this.#text += ` xmlns="${escapeAttribute(namespace)}"`;
    if (attributes === undefined) return;
    const declared = new Set<string>();
    for (const { name: attribute, value, namespace: uri = "", prefix = "" } of attributes) {
      if (uri !== "" && prefix !== "xml" && !declared.has(prefix)) {
        declared.add(prefix);
        this.#text += ` xmlns:${prefix}="${escapeAttribute(uri)}"`;
      }
      const qualified = uri === "" ? attribute : `${prefix}:${attribute}`;
      this.#text += ` ${qualified}="${escapeAttribute(value)}"`;
    }
  }
}

/**
 * An element as it was read, names of elements without prefixes. The prefixes of attributes, and
 * those that its text could use, are declared even where the declaration lay further out.
 */
export function printElement(element: Element, namespaceInForce: string): string {
  return print(element, namespaceInForce, noPrefixes);
}

const noPrefixes: ReadonlyMap<string, string> = new Map();

/** `inForce`: the prefixes that what is printed around it has declared. */
function print(element: Element, namespace: string, inForce: ReadonlyMap<string, string>): string {
  // That namespace cannot be the default one (Namespaces in XML, section 3): its prefix stays.
  const isXml = element.namespace === XML_NAMESPACE;
  const written = isXml ? `xml:${element.name}` : element.name;
  const around = isXml ? namespace : element.namespace;
  let text = `<${written}`;
  if (around !== namespace) text += ` xmlns="${escapeAttribute(around)}"`;
  const declared = prefixesOf(element, inForce);
  for (const [prefix, uri] of declared) {
    if (inForce.get(prefix) !== uri) text += ` xmlns:${prefix}="${escapeAttribute(uri)}"`;
  }
  for (const { name, prefix, value } of element.attributes) {
    text += ` ${prefix === "" ? name : `${prefix}:${name}`}="${escapeAttribute(value)}"`;
  }
  const content = printContent(element, around, declared);
  return content === "" ? `${text}/>` : `${text}>${content}</${written}>`;
}

function prefixesOf(
  element: Element,
  inForce: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  for (const [prefix, uri] of element.declarations) {
    if (prefix !== "") wanted.set(prefix, uri);
  }
  for (const { prefix, namespace } of element.attributes) {
    if (prefix !== "" && prefix !== "xml") wanted.set(prefix, namespace);
  }
  for (const [, prefix = ""] of element.text.matchAll(/([A-Za-z_][\w.-]*):/g)) {
    const uri = element.scope.lookup(prefix);
    if (uri !== undefined && prefix !== "xml") wanted.set(prefix, uri);
  }
  return wanted.size === 0 ? inForce : new Map([...inForce, ...wanted]);
}

function printContent(
  element: Element,
  namespace: string,
  prefixes: ReadonlyMap<string, string>,
): string {
  if (element.mixed !== undefined) {
    return element.mixed
      .map((part) =>
        typeof part === "string" ? escapeText(part) : print(part, namespace, prefixes),
      )
      .join("");
  }
  if (element.children.length === 0) return escapeText(element.text);
  return element.children.map((child) => print(child, namespace, prefixes)).join("");
}
