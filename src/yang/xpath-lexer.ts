import type { XPathFault } from "./xpath.ts";

/** A token of XPath 1.0 section 3.7, what it is already told apart by what stands around it. */
export interface XPathToken {
  readonly kind:
    | "number"
    | "literal"
    | "operator"
    | "name"
    | "function"
    | "node-type"
    | "axis"
    | "variable"
    | "symbol"
    | "end";
  /** A literal's text without its quotes; a name with its prefix. */
  readonly text: string;
  readonly offset: number;
}

const SPACE = /[ \t\r\n]*/y;
const NAME = /[\p{L}_][\p{L}\p{M}\p{Nd}_.\-·]*/uy;
const NUMBER = /\d+(?:\.\d*)?|\.\d+/y;
const SYMBOL = /\.\.|::|[()[\].@,]/y;
const OPERATOR = /\/\/|!=|<=|>=|[/|+\-=<>]/y;
const NODE_TYPES: ReadonlySet<string> = new Set([
  "comment",
  "text",
  "processing-instruction",
  "node",
]);
const NAMED_OPERATORS: ReadonlySet<string> = new Set(["and", "or", "mod", "div"]);

/** The tokens of an expression, closed by one of kind "end"; or the first fault. */
export function tokenize(text: string): readonly XPathToken[] | XPathFault {
  const tokens: XPathToken[] = [];
  let offset = 0;
  for (;;) {
    offset = after(SPACE, text, offset) ?? offset;
    if (offset === text.length) break;
    const found = next(text, offset, tokens.at(-1));
    if ("message" in found) return found;
    tokens.push(found.token);
    offset = found.end;
  }
  tokens.push({ kind: "end", text: "", offset });
  return tokens;
}

interface Found {
  readonly token: XPathToken;
  readonly end: number;
}

function next(text: string, offset: number, before: XPathToken | undefined): Found | XPathFault {
  const found = (kind: XPathToken["kind"], end: number): Found => {
    return { token: { kind, text: text.slice(offset, end), offset }, end };
  };
  const char = text[offset] ?? "";
  if (char === '"' || char === "'") {
    const end = text.indexOf(char, offset + 1);
    if (end < 0) return { message: "a literal without its closing quote", offset };
    const token = { kind: "literal", text: text.slice(offset + 1, end), offset } as const;
    return { token, end: end + 1 };
  }
  const number = after(NUMBER, text, offset);
  if (number !== undefined) return found("number", number);
  const symbol = after(SYMBOL, text, offset);
  if (symbol !== undefined) return found("symbol", symbol);
  const operator = after(OPERATOR, text, offset);
  if (operator !== undefined) return found("operator", operator);
  if (char === "*") return found(operandBefore(before) ? "operator" : "name", offset + 1);
  if (char === "$") {
    const end = after(NAME, text, offset + 1);
    return end === undefined ? stray(char, offset) : found("variable", end);
  }
  const name = after(NAME, text, offset);
  if (name === undefined) return stray(String.fromCodePoint(text.codePointAt(offset) ?? 0), offset);
  if (operandBefore(before)) {
    const word = text.slice(offset, name);
    if (NAMED_OPERATORS.has(word)) return found("operator", name);
    return { message: `an operator is missing before "${word}"`, offset };
  }
  return found(...nameToken(text, offset, name));
}

function stray(char: string, offset: number): XPathFault {
  return { message: `"${char}" does not belong in an expression`, offset };
}

/** A name test, function, node type or axis; `end` is where the first NCName ends. */
function nameToken(
  text: string,
  offset: number,
  end: number,
): [kind: XPathToken["kind"], end: number] {
  let last = end;
  if (text[end] === ":" && text[end + 1] !== ":") {
    if (text[end + 1] === "*") return ["name", end + 2];
    last = after(NAME, text, end + 1) ?? end;
  }
  const follow = after(SPACE, text, last) ?? last;
  if (text[follow] === "(") {
    return [NODE_TYPES.has(text.slice(offset, last)) ? "node-type" : "function", last];
  }
  return [text.startsWith("::", follow) ? "axis" : "name", last];
}

/** XPath 1.0 section 3.7: after an operand, `*` multiplies and a name is an operator. */
function operandBefore(before: XPathToken | undefined): boolean {
  if (before === undefined || before.kind === "operator") return false;
  return before.kind !== "symbol" || !["@", "::", "(", "[", ","].includes(before.text);
}

function after(pattern: RegExp, text: string, offset: number): number | undefined {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
