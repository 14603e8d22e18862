import type { Attribute, Element, NamespaceScope } from "./element.ts";
import { innerScope, isBlank, outermostScope, ParsedElement, XML_NAMESPACE } from "./parsed.ts";

// What managers send is nearly always plain: elements, attributes and text, names in ASCII, no
// comments, no CDATA. This reads plain documents several times faster than the parser for all of
// XML does. Anything else is not understood, and nothing is ever refused here: that is the other
// parser's to say. So a document that this one understands must be one that the other reads alike.

/** What bounds a document; more than that is not understood. */
interface PlainLimits {
  readonly depth: number;
  readonly attributes: number;
  /** Elements and attributes of all of it. */
  readonly parts: number;
}

/** The root of a plain document; undefined: it is not plain, or not well-formed. */
export function parsePlain(text: string, limits: PlainLimits): Element | undefined {
  return new PlainReader(text, limits).document();
}

const TAB = 0x09;
const LF = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x22;
const AMPERSAND = 0x26;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const COLON = 0x3a;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
/** The last character before the surrogates: up to it all but control characters are legal. */
const LAST_PLAIN = 0xd7ff;

const XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/";
const declaration = /<\?xml version=(["'])1\.0\1( encoding=(["'])([Uu][Tt][Ff]-8|us-ascii)\3)?\?>/y;
const references: ReadonlyMap<string, string> = new Map([
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&amp;", "&"],
  ["&quot;", '"'],
  ["&apos;", "'"],
]);

/** What a character may do in a name: one bit each. */
const STARTS = 1;
const CONTINUES = 2;
const nameCharacters = new Uint8Array(128);
for (const one of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") {
  nameCharacters[one.charCodeAt(0)] = STARTS | CONTINUES;
}
for (const one of "0123456789.-") nameCharacters[one.charCodeAt(0)] = CONTINUES;

/** A name as written, known by its characters: each is cut out of the text once. */
interface Name {
  readonly written: string;
  readonly prefix: string;
  readonly local: string;
}

const NAME_SLOTS = 256;

class PlainReader {
  readonly #text: string;
  readonly #limits: PlainLimits;
  #at = 0;
  #parts = 0;
  /** By a hash of their characters; the last one at a place holds it. */
  readonly #names: (Name | undefined)[] = [];
  /** Children of all open elements, outermost first: each list is cut out at its exact size. */
  readonly #children: Element[] = [];

  constructor(text: string, limits: PlainLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  document(): Element | undefined {
    this.#space();
    declaration.lastIndex = this.#at;
    if (declaration.test(this.#text)) this.#at = declaration.lastIndex;
    this.#space();
    if (this.#text.charCodeAt(this.#at) !== LESS) return undefined;
    const root = this.#element(outermostScope, "", 1);
    this.#space();
    return this.#at === this.#text.length ? root : undefined;
  }

  /** An element, from its "<" on. `namespace`: the default one in force. */
  #element(outer: NamespaceScope, namespace: string, depth: number): Element | undefined {
    if (depth > this.#limits.depth || ++this.#parts > this.#limits.parts) return undefined;
    const text = this.#text;
    this.#at += 1;
    const name = this.#name();
    if (name === undefined) return undefined;
    let element: ParsedElement | undefined;
    let inside = namespace;
    const next = text.charCodeAt(this.#at);
    if (next === GREATER || next === SLASH) {
      const uri = name.prefix === "" ? namespace : outer.lookup(name.prefix);
      if (uri === undefined) return undefined;
      element = new ParsedElement(uri, name.local, outer, undefined, undefined);
    } else {
      element = this.#withAttributes(name, outer);
      inside = element?.declarations.get("") ?? namespace;
    }
    if (element === undefined) return undefined;
    if (text.charCodeAt(this.#at) === SLASH) {
      if (text.charCodeAt(this.#at + 1) !== GREATER) return undefined;
      this.#at += 2;
      return element;
    }
    if (text.charCodeAt(this.#at) !== GREATER) return undefined;
    this.#at += 1;
    return this.#content(element, inside, depth) && this.#end(name) ? element : undefined;
  }

  /** What stands between the tags. False: not understood. */
  #content(element: ParsedElement, namespace: string, depth: number): boolean {
    const text = this.#text;
    const all = this.#children;
    const start = all.length;
    for (;;) {
      if (text.charCodeAt(this.#at) !== LESS) {
        const characters = this.#characters(LESS);
        if (characters === undefined) return false;
        element.text = element.text === "" ? characters : element.text + characters;
      }
      const next = text.charCodeAt(this.#at + 1);
      if (next === SLASH) break;
      const child = this.#element(element.scope, namespace, depth + 1);
      if (child === undefined) return false;
      all.push(child);
    }
    if (all.length === start) return true;
    element.children = all.slice(start);
    all.length = start;
    // Text and elements side by side are for the parser that keeps their order.
    return element.text === "" || isBlank(element.text);
  }

  #end({ written }: Name): boolean {
    const text = this.#text;
    const at = this.#at + 2;
    if (!text.startsWith(written, at)) return false;
    this.#at = at + written.length;
    this.#space();
    if (text.charCodeAt(this.#at) !== GREATER) return false;
    this.#at += 1;
    return true;
  }

  /** The rest of a start tag that holds more than its name, up to its "/" or ">". */
  #withAttributes(name: Name, outer: NamespaceScope): ParsedElement | undefined {
    const written: WrittenAttribute[] = [];
    let declarations: Map<string, string> | undefined;
    for (let count = 0; !this.#tagEnds(); count += 1) {
      const attribute = count < this.#limits.attributes ? this.#attribute() : undefined;
      if (attribute === undefined || ++this.#parts > this.#limits.parts) return undefined;
      const declared = declaredPrefix(attribute.name);
      if (declared === undefined) {
        if (written.some(({ name: other }) => other.local === attribute.name.local)) {
          return undefined;
        }
        written.push(attribute);
        continue;
      }
      declarations ??= new Map();
      if (declarations.has(declared) || !mayDeclare(declared, attribute.value)) return undefined;
      declarations.set(declared, attribute.value);
    }
    const scope = innerScope(outer, declarations);
    const uri = scope.lookup(name.prefix);
    const attributes = attributesIn(scope, written);
    if (uri === undefined || attributes === undefined) return undefined;
    return new ParsedElement(uri, name.local, scope, declarations, attributes);
  }

  #tagEnds(): boolean {
    const isApart = this.#space();
    const next = this.#text.charCodeAt(this.#at);
    return next === GREATER || next === SLASH || !isApart;
  }

  #attribute(): WrittenAttribute | undefined {
    const text = this.#text;
    const name = this.#name();
    if (name === undefined || text.charCodeAt(this.#at) !== EQUALS) return undefined;
    const quote = text.charCodeAt(this.#at + 1);
    if (quote !== QUOTE && quote !== APOSTROPHE) return undefined;
    this.#at += 2;
    const value = this.#characters(quote);
    this.#at += 1;
    return value === undefined ? undefined : { name, value };
  }

  /** Characters up to `end`, references resolved: of an element, or of an attribute's value. */
  #characters(end: number): string | undefined {
    const text = this.#text;
    const isValue = end !== LESS;
    let done = "";
    let from = this.#at;
    let at = from;
    for (let code = text.charCodeAt(at); code !== end; code = text.charCodeAt(at)) {
      if (code === AMPERSAND) {
        const close = text.indexOf(";", at) + 1;
        const character = close > 0 ? referenced(text.slice(at, close)) : undefined;
        if (character === undefined) return undefined;
        done += text.slice(from, at) + character;
        at = close;
        from = at;
        continue;
      }
      if (!(code >= SPACE && code <= LAST_PLAIN)) {
        // Past the end it is NaN. In a value white space would be normalized.
        if (isValue || (code !== LF && code !== TAB)) return undefined;
      } else if (code === (isValue ? LESS : GREATER)) {
        return undefined;
      }
      at += 1;
    }
    this.#at = at;
    const rest = text.slice(from, at);
    return done === "" ? rest : done + rest;
  }

  #name(): Name | undefined {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    let colon = -1;
    let hash = 0;
    let wanted = STARTS;
    for (;;) {
      const code = text.charCodeAt(at);
      if (((nameCharacters[code] ?? 0) & wanted) !== 0) wanted = CONTINUES;
      else if (code !== COLON || wanted === STARTS || colon >= 0) break;
      else {
        colon = at;
        wanted = STARTS;
      }
      hash = (hash * 31 + code) | 0;
      at += 1;
    }
    if (wanted === STARTS) return undefined;
    this.#at = at;
    const slot = (hash ^ (hash >>> 8)) & (NAME_SLOTS - 1);
    const known = this.#names[slot];
    if (known?.written.length === at - start && text.startsWith(known.written, start)) {
      return known;
    }
    const name = {
      written: text.slice(start, at),
      prefix: colon < 0 ? "" : text.slice(start, colon),
      local: text.slice(colon < 0 ? start : colon + 1, at),
    };
    this.#names[slot] = name;
    return name;
  }

  /** Passes over white space; true if there was any. A carriage return is not plain. */
  #space(): boolean {
    const text = this.#text;
    const from = this.#at;
    let at = from;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== SPACE && code !== LF && code !== TAB) break;
      at += 1;
    }
    this.#at = at;
    return at > from;
  }
}

interface WrittenAttribute {
  readonly name: Name;
  readonly value: string;
}

/** The prefix that an attribute declares, "" for the default namespace. */
function declaredPrefix({ prefix, local }: Name): string | undefined {
  if (prefix === "xmlns") return local;
  return prefix === "" && local === "xmlns" ? "" : undefined;
}

/** Namespaces in XML 1.0, section 3: what is reserved, and what cannot be taken away. */
function mayDeclare(prefix: string, namespace: string): boolean {
  if (prefix === "xml" || prefix === "xmlns") return false;
  if (namespace === XML_NAMESPACE || namespace === XMLNS_NAMESPACE) return false;
  if (namespace === "") return prefix === "";
  return namespace.trim() === namespace;
}

/** undefined: a prefix is not declared. */
function attributesIn(
  scope: NamespaceScope,
  written: readonly WrittenAttribute[],
): readonly Attribute[] | undefined {
  const attributes: Attribute[] = [];
  for (const { name, value } of written) {
    const namespace = name.prefix === "" ? "" : scope.lookup(name.prefix);
    if (namespace === undefined) return undefined;
    attributes.push({ namespace, name: name.local, prefix: name.prefix, value });
  }
  return attributes;
}

/** What a reference such as "&lt;" or "&#10;" stands for; undefined: that is not plain. */
function referenced(reference: string): string | undefined {
  const named = references.get(reference);
  if (named !== undefined) return named;
  const [, hex, decimal] = /^&#(?:x([0-9a-fA-F]{1,4})|([0-9]{1,5}));$/.exec(reference) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const isLegal = code === TAB || code === LF || code === 0x0d || code >= SPACE;
  return isLegal && code <= LAST_PLAIN ? String.fromCharCode(code) : undefined;
}
