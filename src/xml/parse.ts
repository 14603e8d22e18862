import { SaxesParser, type SaxesTagNS } from "saxes";
import type { Attribute, Element, NamespaceScope } from "./element.ts";

/** What a document may be at most. */
export interface XmlLimits {
  /** Elements inside each other. */
  readonly depth: number;
  /** Attributes of one element, namespace declarations among them. */
  readonly attributes: number;
  /** Octets of the whole document; UTF-16 units where text was handed in. */
  readonly octets: number;
}

export const xmlLimits: XmlLimits = { depth: 256, attributes: 256, octets: 128 * 1024 * 1024 };

/** Why a text is no document that we read. Line and column count from 1. */
export interface XmlFault {
  readonly kind: "xml-fault";
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export function isXmlFault(result: Element | XmlFault): result is XmlFault {
  return "kind" in result;
}

/**
 * Reads one document: well-formed, namespaces declared, UTF-8, no document type declaration (RFC
 * 6241 section 3). White space before the XML declaration is passed over, because real managers
 * send it.
 */
export function parseXml(
  input: string | Uint8Array,
  limits: XmlLimits = xmlLimits,
): Element | XmlFault {
  if (input.length > limits.octets) {
    return fault(`the document has more than ${limits.octets} octets`, 1, 1);
  }
  const text = typeof input === "string" ? input : decodeUtf8(input);
  if (text === undefined) return fault("the document is not UTF-8", 1, 1);
  const parser = new SaxesParser(parserOptions);
  const builder = new Builder(parser, limits);
  let encoding = "utf-8";
  try {
    parser.write(text.charCodeAt(0) === LESS_THAN ? text : text.trimStart());
    encoding = parser.xmlDecl.encoding ?? encoding;
    parser.close();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return fault(error.message, parser.line, Math.max(1, parser.column));
  }
  if (!/^(utf-8|us-ascii)$/i.test(encoding)) {
    return fault(`the encoding ${encoding} is not UTF-8`, 1, 1);
  }
  return builder.root ?? fault("there is no element", 1, 1);
}

const LESS_THAN = 0x3c;
const parserOptions = {
  xmlns: true,
  position: false,
  defaultXMLVersion: "1.0",
  forceXMLVersion: true,
} as const;

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function fault(message: string, line: number, column: number): XmlFault {
  return { kind: "xml-fault", message, line, column };
}

/** Ends the parse from inside a handler; never leaves this file. */
class Refusal extends Error {}

class Scope implements NamespaceScope {
  readonly #outer: NamespaceScope;
  readonly #declarations: ReadonlyMap<string, string>;

  constructor(outer: NamespaceScope, declarations: ReadonlyMap<string, string>) {
    this.#outer = outer;
    this.#declarations = declarations;
  }

  lookup(prefix: string): string | undefined {
    const own = this.#declarations.get(prefix);
    // xmlns="" takes the default away, which lookup() reports as no namespace.
    return own !== undefined ? own : this.#outer.lookup(prefix);
  }
}

/** What is in scope before anything is declared (Namespaces in XML 1.0, section 3). */
export const outermostScope: NamespaceScope = {
  lookup(prefix: string): string | undefined {
    if (prefix === "") return "";
    if (prefix === "xml") return "http://www.w3.org/XML/1998/namespace";
    return undefined;
  },
};

export const noDeclarations: ReadonlyMap<string, string> = new Map();
const noAttributes: readonly Attribute[] = [];
const noChildren: readonly Element[] = [];

/** An Element while it is being read; written to by the builder alone. */
class Growing implements Element {
  readonly namespace: string;
  readonly name: string;
  readonly scope: NamespaceScope;
  readonly declarations: ReadonlyMap<string, string>;
  readonly attributes: readonly Attribute[];
  children: readonly Element[] = noChildren;
  text = "";
  mixed?: (Element | string)[];

  constructor(name: string, tag: SaxesTagNS, outer: NamespaceScope, limits: XmlLimits) {
    this.namespace = tag.uri;
    this.name = name;
    let declarations: Map<string, string> | undefined;
    let attributes: Attribute[] | undefined;
    let count = 0;
    for (const key in tag.attributes) {
      const found = tag.attributes[key];
      if (found === undefined) continue;
      count += 1;
      if (key === "xmlns" || found.prefix === "xmlns") {
        declarations ??= new Map();
        declarations.set(key === "xmlns" ? "" : found.local, found.value);
      } else {
        attributes ??= [];
        const { uri, local, prefix, value } = found;
        attributes.push({ namespace: uri, name: local, prefix, value });
      }
    }
    if (count > limits.attributes) {
      throw new Refusal(`<${tag.name}> has more than ${limits.attributes} attributes`);
    }
    this.declarations = declarations ?? noDeclarations;
    this.scope = declarations === undefined ? outer : new Scope(outer, declarations);
    this.attributes = attributes ?? noAttributes;
  }
}

/** Turns the events of saxes into elements. */
class Builder {
  root: Element | undefined;
  #current: Growing | undefined;
  /** The elements around the current one. */
  readonly #open: Growing[] = [];
  /** Children of all open elements, outermost first: each list is cut out at its exact size. */
  readonly #children: Element[] = [];
  /** Where the children of the current element start, and of those around it. */
  #start = 0;
  readonly #starts: number[] = [];
  /** One string for each name: it is hashed once, and compared by identity afterwards. */
  readonly #names = new Map<string, string>();
  readonly #limits: XmlLimits;

  /**
   * Six handlers and no more: with a seventh V8 keeps the parser as a dictionary, and it reads
   * five times slower.
   */
  constructor(parser: SaxesParser<typeof parserOptions>, limits: XmlLimits) {
    this.#limits = limits;
    parser.on("error", (error) => {
      throw new Refusal(error.message);
    });
    parser.on("doctype", () => {
      throw new Refusal("a document type declaration is not allowed");
    });
    parser.on("opentag", (tag) => this.#opened(tag));
    parser.on("closetag", () => this.#closed());
    parser.on("text", (text) => this.#characters(text));
    parser.on("cdata", (text) => this.#characters(text));
  }

  #opened(tag: SaxesTagNS): void {
    const parent = this.#current;
    const name = this.#name(tag.local);
    if (parent === undefined) {
      this.#current = new Growing(name, tag, outermostScope, this.#limits);
      this.root = this.#current;
      return;
    }
    const element = new Growing(name, tag, parent.scope, this.#limits);
    this.#open.push(parent);
    if (this.#open.length >= this.#limits.depth) {
      throw new Refusal(`<${tag.name}> lies more than ${this.#limits.depth} elements deep`);
    }
    if (parent.mixed !== undefined) parent.mixed.push(element);
    else if (parent.text !== "" && !isBlank(parent.text)) parent.mixed = [parent.text, element];
    this.#children.push(element);
    this.#starts.push(this.#start);
    this.#start = this.#children.length;
    this.#current = element;
  }

  #closed(): void {
    const element = this.#current;
    const all = this.#children;
    if (element !== undefined && all.length > this.#start) {
      element.children = all.slice(this.#start);
      all.length = this.#start;
    }
    this.#start = this.#starts.pop() ?? 0;
    this.#current = this.#open.pop();
  }

  #characters(text: string): void {
    const element = this.#current;
    if (element === undefined) return;
    if (element.mixed !== undefined) element.mixed.push(text);
    else if (this.#children.length > this.#start && !isBlank(text)) {
      element.mixed = [...this.#children.slice(this.#start), text];
    }
    element.text += text;
  }

  #name(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, name);
    return name;
  }
}

/** True for XML white space alone (XML 1.0, production 3). */
export function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code !== 0x20 && code !== 0x0a && code !== 0x09 && code !== 0x0d) return false;
  }
  return true;
}
