import type { XPathExpression, XPathFault, XPathNames, XPathStep } from "./xpath.ts";
import { checkCall, staticType } from "./xpath-check.ts";
import { tokenize, type XPathToken } from "./xpath-lexer.ts";

/** Nesting that no sane expression reaches; it bounds the stack, here and in the evaluation. */
const DEPTH_MAX = 128;
const TREE_DEPTH_MAX = 512;
/** Steps of one path: each is a call inside the one before. */
const STEPS_MAX = 1_000;

/** Binary operators by how tightly they bind, XPath 1.0 section 3.4 and 3.5. */
const LEVELS: readonly (readonly string[])[] = [
  ["or"],
  ["and"],
  ["=", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "div", "mod"],
];

const AXES: ReadonlySet<string> = new Set<XPathStep["axis"]>([
  "child",
  "descendant",
  "parent",
  "ancestor",
  "following-sibling",
  "preceding-sibling",
  "following",
  "preceding",
  "attribute",
  "namespace",
  "self",
  "descendant-or-self",
  "ancestor-or-self",
]);

type Operator = Extract<XPathExpression, { kind: "binary" }>["operator"];

/**
 * Parses an expression and checks all that can be checked without data: syntax, prefixes,
 * functions, their arguments, and node sets where only those will do.
 */
export function parseXPath(text: string, names: XPathNames): XPathExpression | XPathFault {
  const tokens = tokenize(text);
  if ("message" in tokens) return tokens;
  const parser = new Parser(tokens, names);
  const expression = parser.expression();
  parser.expectEnd();
  if (parser.fault !== undefined) return parser.fault;
  return isDeep(expression)
    ? { message: "the expression is nested too deeply", offset: 0 }
    : expression;
}

/** Long sums grow a deep tree without any parenthesis. */
function isDeep(expression: XPathExpression): boolean {
  let level: readonly XPathExpression[] = [expression];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > TREE_DEPTH_MAX) return true;
    level = level.flatMap(parts);
  }
  return false;
}

function parts(expression: XPathExpression): readonly XPathExpression[] {
  switch (expression.kind) {
    case "number":
    case "literal":
      return [];
    case "negate":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "call":
      return expression.arguments;
    case "path": {
      const { from, predicates, steps } = expression;
      const inner = [...predicates, ...steps.flatMap((step) => step.predicates)];
      return typeof from === "object" ? [from, ...inner] : inner;
    }
  }
}

const EMPTY: XPathExpression = { kind: "literal", value: "" };
const ANY_NODE = { kind: "node" } as const;

/**
 * After the first fault the parser stands at the end, where every loop stops: so no method needs a
 * way out of its own.
 */
class Parser {
  fault: XPathFault | undefined;
  readonly #tokens: readonly XPathToken[];
  readonly #names: XPathNames;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly XPathToken[], names: XPathNames) {
    this.#tokens = tokens;
    this.#names = names;
  }

  /** [14] Expr */
  expression(): XPathExpression {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) this.#fail("the expression is nested too deeply");
    const result = this.#binary(0);
    this.#depth -= 1;
    return result;
  }

  expectEnd(): void {
    const token = this.#peek();
    if (token.kind !== "end") this.#fail(`"${token.text}" is not expected here`);
  }

  /** [21] OrExpr to [26] MultiplicativeExpr */
  #binary(level: number): XPathExpression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    if (level < 2) return this.#chain(left, level === 0 ? "or" : "and", level + 1);
    for (;;) {
      const token = this.#peek();
      if (token.kind !== "operator" || !operators.includes(token.text)) return left;
      this.#at += 1;
      const right = this.#binary(level + 1);
      left = { kind: "binary", operator: token.text as Operator, left, right };
    }
  }

  #chain(first: XPathExpression, operator: "and" | "or", level: number): XPathExpression {
    const operands = [first];
    while (this.#accept("operator", operator)) operands.push(this.#binary(level));
    return balanced(operator, operands);
  }

  /** [27] UnaryExpr */
  #unary(): XPathExpression {
    let negations = 0;
    while (this.#accept("operator", "-")) negations += 1;
    const operand = this.#union();
    if (negations === 0) return operand;
    const negated: XPathExpression = { kind: "negate", operand };
    return negations % 2 === 1 ? negated : { kind: "negate", operand: negated };
  }

  /** [18] UnionExpr */
  #union(): XPathExpression {
    const start = this.#peek();
    const operands = [this.#path()];
    while (this.#accept("operator", "|")) operands.push(this.#path());
    if (operands.length > 1) for (const operand of operands) this.#expectNodes(operand, start);
    return balanced("|", operands);
  }

  /** [19] PathExpr */
  #path(): XPathExpression {
    const token = this.#peek();
    if (token.kind === "operator" && (token.text === "/" || token.text === "//")) {
      this.#at += 1;
      const bare = token.text === "/" && !this.#stepFollows();
      const steps = bare ? [] : this.#steps(token.text === "//");
      return { kind: "path", from: "root", predicates: [], steps };
    }
    if (this.#stepFollows()) {
      return { kind: "path", from: "context", predicates: [], steps: this.#steps(false) };
    }
    return this.#filter();
  }

  /** [20] FilterExpr, and the steps after it */
  #filter(): XPathExpression {
    const start = this.#peek();
    const from = this.#primary();
    const predicates = this.#predicates();
    const slash = this.#accept("operator", "/") ?? this.#accept("operator", "//");
    if (predicates.length === 0 && slash === undefined) return from;
    this.#expectNodes(from, start);
    const steps = slash === undefined ? [] : this.#steps(slash.text === "//");
    return { kind: "path", from, predicates, steps };
  }

  /** [15] PrimaryExpr */
  #primary(): XPathExpression {
    const token = this.#peek();
    this.#at += 1;
    switch (token.kind) {
      case "number":
        return { kind: "number", value: Number(token.text) };
      case "literal":
        return { kind: "literal", value: token.text };
      case "function":
        return this.#call(token);
      case "variable":
        return this.#fail(`there is no variable "${token.text}"`, token);
      case "symbol":
        if (token.text === "(") {
          const inner = this.expression();
          this.#expect(")");
          return inner;
        }
        break;
      default:
        break;
    }
    const what = token.kind === "end" ? "the expression ends too early" : undefined;
    return this.#fail(what ?? `"${token.text}" is not expected here`, token);
  }

  /** [16] FunctionCall */
  #call(token: XPathToken): XPathExpression {
    this.#expect("(");
    const args: XPathExpression[] = [];
    if (this.#accept("symbol", ")") === undefined) {
      do args.push(this.expression());
      while (this.#accept("symbol", ","));
      this.#expect(")");
    }
    const message = checkCall(token.text, args, this.#names);
    if (message !== undefined) return this.#fail(message, token);
    return { kind: "call", name: token.text, arguments: args };
  }

  /** [3] RelativeLocationPath; `//` before a step is descendant-or-self::node() */
  #steps(anywhere: boolean): readonly XPathStep[] {
    const steps: XPathStep[] = [];
    const everything: XPathStep = { axis: "descendant-or-self", test: ANY_NODE, predicates: [] };
    if (anywhere) steps.push(everything);
    steps.push(this.#step());
    for (;;) {
      const slash = this.#accept("operator", "/") ?? this.#accept("operator", "//");
      if (slash === undefined) return steps;
      if (steps.length >= STEPS_MAX) this.#fail("the path has too many steps");
      if (slash.text === "//") steps.push(everything);
      steps.push(this.#step());
    }
  }

  /** [4] Step */
  #step(): XPathStep {
    if (this.#accept("symbol", ".")) return { axis: "self", test: ANY_NODE, predicates: [] };
    if (this.#accept("symbol", "..")) return { axis: "parent", test: ANY_NODE, predicates: [] };
    let axis: XPathStep["axis"] = "child";
    const named = this.#accept("axis");
    if (named !== undefined) {
      if (!AXES.has(named.text)) this.#fail(`there is no axis "${named.text}"`, named);
      axis = named.text as XPathStep["axis"];
      this.#expect("::");
    } else if (this.#accept("symbol", "@")) axis = "attribute";
    const test = this.#nodeTest();
    return { axis, test, predicates: this.#predicates() };
  }

  /** [7] NodeTest */
  #nodeTest(): XPathStep["test"] {
    const type = this.#accept("node-type");
    if (type !== undefined) {
      this.#expect("(");
      const target = this.#accept("literal")?.text;
      this.#expect(")");
      const kind = type.text as "node" | "text" | "comment" | "processing-instruction";
      if (kind === "processing-instruction") return { kind, target };
      if (target !== undefined) this.#fail(`${kind}() takes no argument`, type);
      return { kind };
    }
    const token = this.#accept("name");
    if (token === undefined) {
      this.#fail(
        this.#peek().kind === "end" ? "a step is missing at the end" : "a step is missing",
      );
      return ANY_NODE;
    }
    const colon = token.text.indexOf(":");
    const prefix = token.text.slice(0, Math.max(colon, 0));
    if (colon >= 0 && this.#names.namespace(prefix) === undefined) {
      this.#fail(`prefix "${prefix}" is not declared`, token);
    }
    const name = token.text.slice(colon + 1);
    if (name === "*") return { kind: "any", prefix: colon < 0 ? undefined : prefix };
    return { kind: "name", prefix, name };
  }

  /** [8] Predicate */
  #predicates(): readonly XPathExpression[] {
    const predicates: XPathExpression[] = [];
    while (this.#accept("symbol", "[")) {
      predicates.push(this.expression());
      this.#expect("]");
    }
    return predicates;
  }

  #stepFollows(): boolean {
    const { kind, text } = this.#peek();
    if (kind === "name" || kind === "axis" || kind === "node-type") return true;
    return kind === "symbol" && (text === "." || text === ".." || text === "@");
  }

  #expectNodes(expression: XPathExpression, at: XPathToken): void {
    if (staticType(expression) !== "nodes") this.#fail("a node set is needed here", at);
  }

  #expect(symbol: string): void {
    if (this.#accept("symbol", symbol) !== undefined) return;
    const token = this.#peek();
    const found = token.kind === "end" ? "the end" : `"${token.text}"`;
    this.#fail(`"${symbol}" is expected, not ${found}`);
  }

  #accept(kind: XPathToken["kind"], text?: string): XPathToken | undefined {
    const token = this.#peek();
    if (token.kind !== kind || (text !== undefined && token.text !== text)) return undefined;
    this.#at += 1;
    return token;
  }

  #peek(): XPathToken {
    const last = this.#tokens.length - 1;
    return this.#tokens[Math.min(this.#at, last)] ?? { kind: "end", text: "", offset: 0 };
  }

  #fail(message: string, at = this.#peek()): XPathExpression {
    this.fault ??= { message, offset: at.offset };
    this.#at = this.#tokens.length;
    return EMPTY;
  }
}

/** These operators associate: a long chain of them need not be a deep tree. */
function balanced(
  operator: "and" | "or" | "|",
  operands: readonly XPathExpression[],
): XPathExpression {
  const [only] = operands;
  if (only === undefined || operands.length === 1) return only ?? EMPTY;
  const half = operands.length >> 1;
  const left = balanced(operator, operands.slice(0, half));
  return { kind: "binary", operator, left, right: balanced(operator, operands.slice(half)) };
}
