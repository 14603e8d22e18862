/** RFC 7950 section 7.20.2. */
export type IfFeatureExpression =
  | { readonly kind: "feature"; readonly prefix: string | undefined; readonly name: string }
  | { readonly kind: "not"; readonly operand: IfFeatureExpression }
  | {
      readonly kind: "and" | "or";
      readonly left: IfFeatureExpression;
      readonly right: IfFeatureExpression;
    };

export interface IfFeatureFault {
  readonly message: string;
  /** In UTF-16 units. */
  readonly offset: number;
}

const TOKEN = /[ \t\r\n]*([()]|[^ \t\r\n()]+)/y;
const REFERENCE = /^(?:([A-Za-z_][A-Za-z0-9_.-]*):)?([A-Za-z_][A-Za-z0-9_.-]*)$/;
/** Both bound the stack. */
const DEPTH_MAX = 64;
const TOKENS_MAX = 2000;

/** Parses an if-feature argument; in YANG 1 it is one name. */
export function parseIfFeature(
  text: string,
  yangVersion: "1" | "1.1",
): IfFeatureExpression | IfFeatureFault {
  const parser = new IfFeatureParser(text, yangVersion);
  const expression = yangVersion === "1" ? parser.feature() : parser.expression();
  return parser.finish(expression);
}

/**
 * True if the expression holds. `enabled` says so of one feature, by the prefix as written; what it
 * does not know counts as off.
 */
export function evaluateIfFeature(
  expression: IfFeatureExpression,
  enabled: (prefix: string | undefined, name: string) => boolean | undefined,
): boolean {
  switch (expression.kind) {
    case "feature":
      return enabled(expression.prefix, expression.name) ?? false;
    case "not":
      return !evaluateIfFeature(expression.operand, enabled);
    case "and":
      return (
        evaluateIfFeature(expression.left, enabled) && evaluateIfFeature(expression.right, enabled)
      );
    case "or":
      return (
        evaluateIfFeature(expression.left, enabled) || evaluateIfFeature(expression.right, enabled)
      );
  }
}

interface Token {
  readonly text: string;
  readonly offset: number;
}

const KEYWORDS: ReadonlySet<string> = new Set(["and", "or", "not"]);

/** After the first fault it stands at the end, so that every loop stops. */
class IfFeatureParser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  readonly #yangVersion: "1" | "1.1";
  #at = 0;
  #depth = 0;
  #fault: IfFeatureFault | undefined;

  constructor(text: string, yangVersion: "1" | "1.1") {
    const tokens: Token[] = [];
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
      const word = match[1] ?? "";
      tokens.push({ text: word, offset: TOKEN.lastIndex - word.length });
    }
    this.#tokens = tokens;
    this.#end = text.length;
    this.#yangVersion = yangVersion;
    if (tokens.length > TOKENS_MAX) this.#fail("the expression is too long");
  }

  finish(expression: IfFeatureExpression): IfFeatureExpression | IfFeatureFault {
    const token = this.#tokens[this.#at];
    if (token !== undefined) {
      const hint = this.#yangVersion === "1" ? "; expressions need yang-version 1.1" : "";
      this.#fail(`"${token.text}" is not expected here${hint}`);
    }
    return this.#fault ?? expression;
  }

  /** if-feature-expr: `or` binds least, and groups to the right in the grammar. */
  expression(): IfFeatureExpression {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) this.#fail("the expression is nested too deeply");
    let left = this.#term();
    while (this.#accept("or")) left = { kind: "or", left, right: this.#term() };
    this.#depth -= 1;
    return left;
  }

  #term(): IfFeatureExpression {
    let left = this.#factor();
    while (this.#accept("and")) left = { kind: "and", left, right: this.#factor() };
    return left;
  }

  #factor(): IfFeatureExpression {
    let negated = false;
    while (this.#accept("not")) negated = !negated;
    const operand = this.#accept("(") ? this.#group() : this.feature();
    return negated ? { kind: "not", operand } : operand;
  }

  #group(): IfFeatureExpression {
    const inner = this.expression();
    if (!this.#accept(")")) this.#fail('")" is expected');
    return inner;
  }

  feature(): IfFeatureExpression {
    const token = this.#tokens[this.#at];
    const match = token === undefined ? undefined : REFERENCE.exec(token.text);
    const keyword = this.#yangVersion === "1.1" && KEYWORDS.has(token?.text ?? "");
    if (match === undefined || match === null || keyword) {
      const found = token === undefined ? "the end" : `"${token.text}"`;
      this.#fail(`the name of a feature is expected, not ${found}`);
      return { kind: "feature", prefix: undefined, name: "" };
    }
    this.#at += 1;
    return { kind: "feature", prefix: match[1], name: match[2] ?? "" };
  }

  #accept(text: string): boolean {
    if (this.#tokens[this.#at]?.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #fail(message: string): void {
    this.#fault ??= { message, offset: this.#tokens[this.#at]?.offset ?? this.#end };
    this.#at = this.#tokens.length;
  }
}
