import type { XPathExpression, XPathNames, XPathNode } from "./xpath.ts";
import type { Evaluation } from "./xpath-axes.ts";

/** Where an expression is evaluated, but for the node. */
export interface Frame {
  readonly evaluation: Evaluation;
  readonly position: number;
  readonly size: number;
}

/** A compiled expression. Each static type has closures of its own, and no value is boxed. */
export type Run<T> = (node: XPathNode, frame: Frame) => T;

/** Compiles an expression to the type that is wanted of it, with XPath's conversions. */
export interface Compiler {
  readonly names: XPathNames;
  /** For predicates: what is the same for every node is found once for all of them. */
  readonly inPredicates: Compiler;
  nodes(expression: XPathExpression): Run<readonly XPathNode[]>;
  /** Nodes of which the first is the first in document order. */
  first(expression: XPathExpression): Run<XPathNode | undefined>;
  boolean(expression: XPathExpression): Run<boolean>;
  number(expression: XPathExpression): Run<number>;
  string(expression: XPathExpression): Run<string>;
}

/** True if the value hangs on the context node, the position or the size. */
export function dependsOnContext(expression: XPathExpression): boolean {
  switch (expression.kind) {
    case "number":
    case "literal":
      return false;
    case "negate":
      return dependsOnContext(expression.operand);
    case "binary":
      return dependsOnContext(expression.left) || dependsOnContext(expression.right);
    case "call":
      if (expression.arguments.some(dependsOnContext)) return true;
      return CONTEXTUAL.has(expression.name) && expression.arguments.length === 0;
    case "path":
      // What stands in the predicates has a context of its own.
      if (expression.from === "context") return true;
      return expression.from !== "root" && dependsOnContext(expression.from);
  }
}

/** Without an argument these are about the context. lang() always is, but is always false. */
const CONTEXTUAL: ReadonlySet<string> = new Set([
  "position",
  "last",
  "string",
  "number",
  "name",
  "local-name",
  "namespace-uri",
  "string-length",
  "normalize-space",
]);

/** True if a predicate asks for the position or the size. */
export function dependsOnPosition(expression: XPathExpression): boolean {
  switch (expression.kind) {
    case "number":
    case "literal":
      return false;
    case "negate":
      return dependsOnPosition(expression.operand);
    case "binary":
      return dependsOnPosition(expression.left) || dependsOnPosition(expression.right);
    case "call":
      if (expression.name === "position" || expression.name === "last") return true;
      return expression.arguments.some(dependsOnPosition);
    case "path":
      return typeof expression.from === "object" && dependsOnPosition(expression.from);
  }
}
