import { hint } from "./hint.ts";
import { translatePattern } from "./pattern.ts";
import type { XPathExpression, XPathNames } from "./xpath.ts";

/** What an expression gives: without variables XPath 1.0 knows it before there is any data. */
export type XPathStaticType = "nodes" | "string" | "number" | "boolean";

interface Signature {
  readonly result: XPathStaticType;
  readonly least: number;
  readonly most: number;
  /** Arguments that must be node sets, by their position; all others are converted. */
  readonly nodes?: readonly number[];
}

function signature(
  result: XPathStaticType,
  least: number,
  most = least,
  nodes: readonly number[] = [],
): Signature {
  return { result, least, most, nodes };
}

/** XPath 1.0 section 4 and RFC 7950 section 10. */
const FUNCTIONS: ReadonlyMap<string, Signature> = new Map([
  ["last", signature("number", 0)],
  ["position", signature("number", 0)],
  ["count", signature("number", 1, 1, [0])],
  ["id", signature("nodes", 1)],
  ["local-name", signature("string", 0, 1, [0])],
  ["namespace-uri", signature("string", 0, 1, [0])],
  ["name", signature("string", 0, 1, [0])],
  ["string", signature("string", 0, 1)],
  ["concat", signature("string", 2, Number.POSITIVE_INFINITY)],
  ["starts-with", signature("boolean", 2)],
  ["contains", signature("boolean", 2)],
  ["substring-before", signature("string", 2)],
  ["substring-after", signature("string", 2)],
  ["substring", signature("string", 2, 3)],
  ["string-length", signature("number", 0, 1)],
  ["normalize-space", signature("string", 0, 1)],
  ["translate", signature("string", 3)],
  ["boolean", signature("boolean", 1)],
  ["not", signature("boolean", 1)],
  ["true", signature("boolean", 0)],
  ["false", signature("boolean", 0)],
  ["lang", signature("boolean", 1)],
  ["number", signature("number", 0, 1)],
  ["sum", signature("number", 1, 1, [0])],
  ["floor", signature("number", 1)],
  ["ceiling", signature("number", 1)],
  ["round", signature("number", 1)],
  ["current", signature("nodes", 0)],
  ["re-match", signature("boolean", 2)],
  ["deref", signature("nodes", 1, 1, [0])],
  ["derived-from", signature("boolean", 2, 2, [0])],
  ["derived-from-or-self", signature("boolean", 2, 2, [0])],
  ["enum-value", signature("number", 1, 1, [0])],
  ["bit-is-set", signature("boolean", 2, 2, [0])],
]);

/** What an expression gives. */
export function staticType(expression: XPathExpression): XPathStaticType {
  switch (expression.kind) {
    case "number":
    case "negate":
      return "number";
    case "literal":
      return "string";
    case "path":
      return "nodes";
    case "call":
      return FUNCTIONS.get(expression.name)?.result ?? "string";
    case "binary":
      return binaryType(expression.operator);
  }
}

function binaryType(operator: Extract<XPathExpression, { kind: "binary" }>["operator"]) {
  switch (operator) {
    case "|":
      return "nodes";
    case "+":
    case "-":
    case "*":
    case "div":
    case "mod":
      return "number";
    default:
      return "boolean";
  }
}

/** What is wrong with a call; undefined if nothing is. */
export function checkCall(
  name: string,
  args: readonly XPathExpression[],
  names: XPathNames,
): string | undefined {
  const known = FUNCTIONS.get(name);
  if (known === undefined) return `there is no function ${name}()${hint(name, FUNCTIONS.keys())}`;
  if (args.length < known.least || args.length > known.most) {
    return `${name}() takes ${arity(known)}, not ${args.length}`;
  }
  for (const [i, argument] of args.entries()) {
    if (known.nodes?.includes(i) && staticType(argument) !== "nodes") {
      return `argument ${i + 1} of ${name}() must be a node set`;
    }
  }
  const second = args[1];
  if (second?.kind !== "literal") return undefined;
  if (name === "re-match") return badPattern(second.value);
  return name.startsWith("derived-from") ? badIdentity(second.value, names) : undefined;
}

function arity({ least, most }: Signature): string {
  if (most === Number.POSITIVE_INFINITY) return `at least ${least} arguments`;
  const count = least === most ? `${least}` : `${least} or ${most}`;
  return `${count === "0" ? "no" : count} ${most === 1 ? "argument" : "arguments"}`;
}

function badPattern(text: string): string | undefined {
  const pattern = translatePattern(text);
  return "message" in pattern ? `pattern "${text}": ${pattern.message}` : undefined;
}

function badIdentity(text: string, names: XPathNames): string | undefined {
  const colon = text.indexOf(":");
  if (colon < 0 || names.namespace(text.slice(0, colon)) !== undefined) return undefined;
  return `prefix "${text.slice(0, colon)}" of identity "${text}" is not declared`;
}
