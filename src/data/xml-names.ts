import type { Element, NamespaceScope } from "../xml/index.ts";
import { type Module, moduleOfNamespace, type Schema, type ValueNames } from "../yang/index.ts";

/**
 * The prefixes of values as the XML around them declares them (RFC 7950 sections 9.10.3, 9.13.2).
 * One reader is pointed at element after element, so that a leaf costs no object.
 */
export class XmlNames implements ValueNames {
  /** Instance-identifiers are held against it. */
  readonly schema: Schema;
  readonly explicit = true;
  isTerse = false;
  #scope: NamespaceScope | undefined;
  #namespace = "";

  constructor(schema: Schema) {
    this.schema = schema;
  }

  /** The same reader, for the values of that element. */
  at(element: Element, isTerse = false): this {
    this.isTerse = isTerse;
    this.#scope = element.scope;
    this.#namespace = element.namespace;
    return this;
  }

  module(prefix: string): Module | undefined {
    const declared = this.#scope?.lookup(prefix);
    if (prefix !== "") {
      return declared === undefined ? undefined : moduleOfNamespace(this.schema, declared);
    }
    // Where no default namespace is set, an unprefixed name can only mean the node's own.
    const namespace = declared === undefined || declared === "" ? this.#namespace : declared;
    return moduleOfNamespace(this.schema, namespace);
  }

  whyUnknown(prefix: string): string {
    const declared = this.#scope?.lookup(prefix);
    if (declared === undefined) return `which no xmlns:${prefix} declares`;
    return `and ${JSON.stringify(declared)} is the namespace of no module here`;
  }
}
