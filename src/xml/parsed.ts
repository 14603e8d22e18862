import type { Attribute, Element, NamespaceScope } from "./element.ts";

/** What is in scope before anything is declared (Namespaces in XML 1.0, section 3). */
export const outermostScope: NamespaceScope = {
  lookup(prefix: string): string | undefined {
    if (prefix === "") return "";
    if (prefix === "xml") return XML_NAMESPACE;
    return undefined;
  },
};

export const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
export const noDeclarations: ReadonlyMap<string, string> = new Map();
const noAttributes: readonly Attribute[] = [];
const noChildren: readonly Element[] = [];

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

/** The scope inside an element that declares something. */
export function innerScope(
  outer: NamespaceScope,
  declarations: ReadonlyMap<string, string> | undefined,
): NamespaceScope {
  return declarations === undefined ? outer : new Scope(outer, declarations);
}

/**
 * An Element while it is being read; written to by its reader alone. One class for all readers:
 * whatever looks at elements sees one shape.
 */
export class ParsedElement implements Element {
  readonly namespace: string;
  readonly name: string;
  readonly scope: NamespaceScope;
  readonly declarations: ReadonlyMap<string, string>;
  readonly attributes: readonly Attribute[];
  children: readonly Element[] = noChildren;
  text = "";
  mixed?: (Element | string)[];

  /** `scope`: with the element's own declarations. */
  constructor(
    namespace: string,
    name: string,
    scope: NamespaceScope,
    declarations: ReadonlyMap<string, string> | undefined,
    attributes: readonly Attribute[] | undefined,
  ) {
    this.namespace = namespace;
    this.name = name;
    this.scope = scope;
    this.declarations = declarations ?? noDeclarations;
    this.attributes = attributes ?? noAttributes;
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
