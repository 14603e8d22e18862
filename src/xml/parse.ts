import { SaxesParser, type SaxesTagNS } from "saxes";
import type { Attribute, Element, NamespaceScope } from "./element.ts";
import { innerScope, isBlank, outermostScope, ParsedElement } from "./parsed.ts";
import { parsePlain } from "./plain.ts";

/** What a document may be at most. */
export interface XmlLimits {
  /** Elements inside each other. */
  readonly depth: number;
  /** Attributes of one element, namespace declarations among them. */
  readonly attributes: number;
  /** Elements and attributes of the whole document: a short one costs thirty times its octets. */
  readonly parts: number;
  /** Octets of the whole document; UTF-16 units where text was handed in. */
  readonly octets: number;
}

/** For what strangers send. */
export const xmlLimits: XmlLimits = {
  depth: 256,
  attributes: 256,
  parts: 5_000_000,
  octets: 128 * 1024 * 1024,
};

/** For what we have written ourselves: however much it has become, it has to be read again. */
export const ownXmlLimits: XmlLimits = {
  ...xmlLimits,
  parts: Number.POSITIVE_INFINITY,
  octets: Number.POSITIVE_INFINITY,
};

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
  return parsePlain(text, limits) ?? parseAll(text, limits);
}

/** For what is not plain, and for what is at fault: it says where and why. */
function parseAll(text: string, limits: XmlLimits): Element | XmlFault {
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

/** An element as saxes tells it. */
function elementOf(
  name: string,
  tag: SaxesTagNS,
  outer: NamespaceScope,
  limits: XmlLimits,
): ParsedElement {
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
  const scope = innerScope(outer, declarations);
  return new ParsedElement(tag.uri, name, scope, declarations, attributes);
}

/** Turns the events of saxes into elements. */
class Builder {
  root: Element | undefined;
  #current: ParsedElement | undefined;
  /** The elements around the current one. */
  readonly #open: ParsedElement[] = [];
  /** Children of all open elements, outermost first: each list is cut out at its exact size. */
  readonly #children: Element[] = [];
  /** Where the children of the current element start, and of those around it. */
  #start = 0;
  readonly #starts: number[] = [];
  /** One string for each name: it is hashed once, and compared by identity afterwards. */
  readonly #names = new Map<string, string>();
  readonly #limits: XmlLimits;
  #parts = 0;

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
    this.#parts += 1 + Object.keys(tag.attributes).length;
    if (this.#parts > this.#limits.parts) {
      throw new Refusal(`there are more than ${this.#limits.parts} elements and attributes`);
    }
    if (parent === undefined) {
      this.#current = elementOf(name, tag, outermostScope, this.#limits);
      this.root = this.#current;
      return;
    }
    const element = elementOf(name, tag, parent.scope, this.#limits);
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
