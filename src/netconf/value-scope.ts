import type { Element } from "../xml/index.ts";
import {
  type Module,
  moduleNamed,
  moduleOfNamespace,
  type Schema,
  type ValueNames,
  type XPathNames,
} from "../yang/index.ts";

/**
 * How qualified names inside an element's text are read: by the prefixes in scope, and without one
 * in the element's own namespace, or in `fallback` where it has none.
 */
export function elementNames(element: Element, fallback: Module, schema: Schema): ValueNames {
  return {
    module(prefix: string): Module | undefined {
      const declared = element.scope.lookup(prefix) ?? "";
      if (declared !== "") return moduleOfNamespace(schema, declared);
      return prefix === "" ? fallback : moduleNamed(schema, prefix);
    },
  };
}

/**
 * How the names of an expression are read: by the prefixes in scope. Deviation: a prefix that is
 * not declared may be the name of a module, and names without a prefix match in any namespace,
 * because some managers cannot declare any.
 */
export function expressionNames(element: Element, schema: Schema): XPathNames {
  return {
    namespace: (prefix) => element.scope.lookup(prefix) ?? moduleNamed(schema, prefix)?.namespace,
    defaultNamespace: undefined,
  };
}
