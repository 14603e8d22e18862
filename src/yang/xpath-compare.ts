import type { XPathExpression, XPathNames, XPathNode } from "./xpath.ts";
import type { Evaluation } from "./xpath-axes.ts";
import { staticType } from "./xpath-check.ts";
import { identityOf, isNamed, readIdentityName } from "./xpath-identity.ts";
import type { Compiler, Frame, Run } from "./xpath-run.ts";
import { stringToNumber } from "./xpath-values.ts";

type Nodes = readonly XPathNode[];
type Binary = Extract<XPathExpression, { kind: "binary" }>;

/** `=` and `!=`, XPath 1.0 section 3.4: existential where a node set takes part. */
export function compileEquality(
  { operator, left, right }: Binary,
  compiler: Compiler,
): Run<boolean> {
  const equal = operator === "=";
  const types = [staticType(left), staticType(right)];
  if (types[0] === "nodes" && types[1] === "nodes") {
    const a = compiler.nodes(left);
    const b = compiler.nodes(right);
    return (node, frame) => nodesCompare(a(node, frame), b(node, frame), equal, frame);
  }
  if (types.includes("boolean")) {
    const a = compiler.boolean(left);
    const b = compiler.boolean(right);
    return (node, frame) => (a(node, frame) === b(node, frame)) === equal;
  }
  if (types[0] === "nodes") return nodesWith(left, right, equal, compiler);
  if (types[1] === "nodes") return nodesWith(right, left, equal, compiler);
  if (types.includes("number")) {
    const a = compiler.number(left);
    const b = compiler.number(right);
    return (node, frame) => (a(node, frame) === b(node, frame)) === equal;
  }
  const a = compiler.string(left);
  const b = compiler.string(right);
  return (node, frame) => (a(node, frame) === b(node, frame)) === equal;
}

/** A node set with a number or a string: true if it is true of one of the nodes. */
function nodesWith(
  set: XPathExpression,
  other: XPathExpression,
  equal: boolean,
  compiler: Compiler,
): Run<boolean> {
  const nodes = compiler.nodes(set);
  if (staticType(other) === "number") {
    const number = compiler.number(other);
    return (node, frame) => {
      const wanted = number(node, frame);
      const found = spent(nodes(node, frame), frame);
      const { evaluation } = frame;
      return found.some((n) => (stringToNumber(evaluation.text(n)) === wanted) === equal);
    };
  }
  const string = compiler.string(other);
  const { names } = compiler;
  return (node, frame) => {
    const found = spent(nodes(node, frame), frame);
    if (found.length === 0) return false;
    const wanted = string(node, frame);
    const { evaluation } = frame;
    return found.some((n) => hasText(n, wanted, names, evaluation) === equal);
  };
}

/**
 * RFC 7950 leaves open which prefix string() gives an identityref, so its prefix is read: the
 * expression's own prefixes say which identity is meant.
 */
function hasText(
  node: XPathNode,
  text: string,
  names: XPathNames,
  evaluation: Evaluation,
): boolean {
  const identity = identityOf(node);
  if (identity === undefined) return evaluation.text(node) === text;
  const wanted = readIdentityName(text, names);
  return wanted === undefined ? node.stringValue === text : isNamed(identity, wanted);
}

/** Sets beyond this size are compared by a table of their values. */
const PAIRWISE_MAX = 16;

function nodesCompare(a: Nodes, b: Nodes, equal: boolean, { evaluation }: Frame): boolean {
  const [first] = a;
  const [second] = b;
  if (first === undefined || second === undefined) return false;
  evaluation.spend(a.length + b.length);
  const same = (left: XPathNode, right: XPathNode) => sameValue(left, right, evaluation);
  if (!equal) {
    // Some pair differs unless all of both are the same as one of them.
    return b.some((n) => !same(first, n)) || a.some((n) => !same(n, second));
  }
  if (a.length * b.length <= PAIRWISE_MAX) return a.some((n) => b.some((m) => same(n, m)));
  const byText = new Map<string, XPathNode[]>();
  for (const node of b) {
    const text = evaluation.text(node);
    const others = byText.get(text);
    if (others === undefined) byText.set(text, [node]);
    else others.push(node);
  }
  return a.some((n) => byText.get(evaluation.text(n))?.some((m) => same(n, m)) === true);
}

/** Two identities are equal by module and name, not by a prefix that two modules may share. */
function sameValue(a: XPathNode, b: XPathNode, evaluation: Evaluation): boolean {
  if (evaluation.text(a) !== evaluation.text(b)) return false;
  const identity = identityOf(a);
  if (identity === undefined) return true;
  const other = identityOf(b);
  return other === undefined || a.value === b.value;
}

/** `<`, `<=`, `>` and `>=`: always of numbers. */
export function compileRelation(
  { operator, left, right }: Binary,
  compiler: Compiler,
): Run<boolean> {
  const flip = operator === ">" || operator === ">=";
  const strict = operator === "<" || operator === ">";
  const [low, high] = flip ? [right, left] : [left, right];
  const types = [staticType(low), staticType(high)];
  const sets = types.includes("nodes");
  if (!sets || types.includes("boolean")) {
    const a = compiler.number(booleanFirst(low, types));
    const b = compiler.number(booleanFirst(high, types));
    return (node, frame) => less(a(node, frame), b(node, frame), strict);
  }
  // Some pair is in order if the least of one side and the greatest of the other are.
  const least = extreme(low, compiler, Math.min, Number.POSITIVE_INFINITY);
  const greatest = extreme(high, compiler, Math.max, Number.NEGATIVE_INFINITY);
  return (node, frame) => {
    const a = least(node, frame);
    const b = greatest(node, frame);
    return a !== undefined && b !== undefined && less(a, b, strict);
  };
}

/** With a boolean on the other side, a node set counts as the boolean that it is. */
function booleanFirst(operand: XPathExpression, types: readonly string[]): XPathExpression {
  if (!types.includes("boolean") || staticType(operand) !== "nodes") return operand;
  return { kind: "call", name: "boolean", arguments: [operand] };
}

function less(a: number, b: number, strict: boolean): boolean {
  return strict ? a < b : a <= b;
}

/** The least or greatest number of a node set, those that are none left out. */
function extreme(
  operand: XPathExpression,
  compiler: Compiler,
  choose: (a: number, b: number) => number,
  start: number,
): Run<number | undefined> {
  if (staticType(operand) !== "nodes") return compiler.number(operand);
  const nodes = compiler.nodes(operand);
  return (node, frame) => {
    let result: number | undefined;
    for (const found of spent(nodes(node, frame), frame)) {
      const number = stringToNumber(frame.evaluation.text(found));
      if (!Number.isNaN(number)) result = choose(result ?? start, number);
    }
    return result;
  };
}

function spent(nodes: Nodes, frame: Frame): Nodes {
  frame.evaluation.spend(nodes.length);
  return nodes;
}
