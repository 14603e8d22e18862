import { unreachable } from "../base/index.ts";
import type { XPathExpression, XPathStep } from "../yang/index.ts";

/**
 * How many levels above its context node an expression can look; Infinity: anywhere. Whatever it
 * reads lies inside that ancestor, so a change outside cannot alter its value.
 */
export function levelsUp(expression: XPathExpression): number {
  return -lowest(expression, 0).seen;
}

/**
 * Levels relative to the context node: the highest place looked at, and where a node set begins.
 */
interface Levels {
  readonly seen: number;
  readonly at: number;
}

function lowest(expression: XPathExpression, context: number): Levels {
  switch (expression.kind) {
    case "number":
    case "literal":
      return { seen: 0, at: context };
    case "negate":
      return lowest(expression.operand, context);
    case "binary": {
      const left = lowest(expression.left, context);
      const right = lowest(expression.right, context);
      return { seen: Math.min(left.seen, right.seen), at: Math.min(left.at, right.at) };
    }
    case "call":
      return call(expression, context);
    case "path":
      return path(expression, context);
    default:
      return unreachable(expression);
  }
}

function call(
  expression: Extract<XPathExpression, { readonly kind: "call" }>,
  context: number,
): Levels {
  // A reference leads anywhere.
  if (expression.name === "deref") return { seen: -Infinity, at: -Infinity };
  let seen = 0;
  for (const argument of expression.arguments) {
    seen = Math.min(seen, lowest(argument, context).seen);
  }
  return { seen, at: expression.name === "current" ? 0 : context };
}

function path(
  expression: Extract<XPathExpression, { readonly kind: "path" }>,
  context: number,
): Levels {
  const { from } = expression;
  if (from === "root") return { seen: -Infinity, at: -Infinity };
  let { seen, at } = from === "context" ? { seen: 0, at: context } : lowest(from, context);
  seen = Math.min(seen, at, 0);
  for (const predicate of expression.predicates) {
    seen = Math.min(seen, lowest(predicate, at).seen);
  }
  for (const step of expression.steps) {
    at += rise(step);
    // Siblings are children of the parent.
    const looked = step.axis.endsWith("sibling") ? at - 1 : at;
    seen = Math.min(seen, looked);
    for (const predicate of step.predicates) seen = Math.min(seen, lowest(predicate, at).seen);
  }
  return { seen, at };
}

/** How much deeper the shallowest node of a step can be. */
function rise({ axis, test }: XPathStep): number {
  // The text of a leaf is taken to be the leaf itself.
  if (test.kind === "text" && (axis === "child" || axis === "descendant")) return 0;
  switch (axis) {
    case "child":
    case "descendant":
    case "attribute":
    case "namespace":
      return 1;
    case "parent":
      return -1;
    case "self":
    case "descendant-or-self":
    case "following-sibling":
    case "preceding-sibling":
      return 0;
    case "ancestor":
    case "ancestor-or-self":
    case "following":
    case "preceding":
      return -Infinity;
    default:
      return unreachable(axis);
  }
}
