import type { Type } from "./type.ts";
import { tokenize, type XPathToken } from "./xpath-lexer.ts";

/** RFC 6991: a string that is an expression, whose prefixes are those of the document around it. */
const EXPRESSION = "ietf-yang-types:xpath1.0";

/** True for the type of expressions and all that is derived from it. */
export function isExpressionType(type: Type): boolean {
  return type.base === "string" && type.typedefs.includes(EXPRESSION);
}

/**
 * An expression with other prefixes. `rename` gives undefined for those that stay. What cannot be
 * read stays as it is: that is for whoever evaluates it to say.
 */
export function renamePrefixes(
  text: string,
  rename: (prefix: string) => string | undefined,
): string {
  let renamed = "";
  let from = 0;
  for (const { offset, prefix } of prefixesOf(text)) {
    const other = rename(prefix);
    if (other === undefined) continue;
    renamed += text.slice(from, offset) + other;
    from = offset + prefix.length;
  }
  return renamed + text.slice(from);
}

/** The prefixes that an expression uses, each once. */
export function prefixesIn(text: string): readonly string[] {
  return [...new Set(prefixesOf(text).map(({ prefix }) => prefix))];
}

interface Prefix {
  readonly prefix: string;
  readonly offset: number;
}

function prefixesOf(text: string): readonly Prefix[] {
  if (!text.includes(":")) return [];
  const tokens = tokenize(text);
  if ("message" in tokens) return [];
  const found: Prefix[] = [];
  for (const [i, token] of tokens.entries()) {
    const colon = token.text.indexOf(":");
    if (colon <= 0) continue;
    const prefix = token.text.slice(0, colon);
    if (token.kind === "name") found.push({ prefix, offset: token.offset });
    // RFC 7950 section 10.4: the identity that these are asked for is named in a literal.
    const isIdentity = token.kind === "literal" && identityTests.has(calledAt(tokens, i) ?? "");
    if (isIdentity) found.push({ prefix, offset: token.offset + 1 });
  }
  return found;
}

const identityTests: ReadonlySet<string> = new Set(["derived-from", "derived-from-or-self"]);

/** The function that a token is an argument of. */
function calledAt(tokens: readonly XPathToken[], index: number): string | undefined {
  let depth = 0;
  for (let i = index - 1; i > 0; i--) {
    const text = tokens[i]?.kind === "symbol" ? tokens[i]?.text : undefined;
    if (text === ")") depth += 1;
    if (text === "(" && depth-- === 0) return tokens[i - 1]?.text;
  }
  return undefined;
}
