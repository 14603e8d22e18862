import type { Attribute, Element, NamespaceScope } from "./element.ts";
import { noDeclarations, outermostScope } from "./parsed.ts";

/** What an element made by hand holds. */
export interface Content {
  readonly attributes?: readonly Attribute[];
  readonly children?: readonly Element[];
  readonly text?: string;
  /** Namespace declarations for prefixes that stand in text or attribute values. */
  readonly declarations?: ReadonlyMap<string, string>;
}

/** An element that was not read from text. Its default namespace is its own. */
export function element(namespace: string, name: string, content: Content = {}): Element {
  const declarations = content.declarations ?? noDeclarations;
  const scope: NamespaceScope = {
    lookup: (prefix) =>
      declarations.get(prefix) ?? (prefix === "" ? namespace : outermostScope.lookup(prefix)),
  };
  return {
    namespace,
    name,
    attributes: content.attributes ?? [],
    children: content.children ?? [],
    text: content.text ?? "",
    scope,
    declarations,
  };
}
