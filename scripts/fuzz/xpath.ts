import { readData, xpathRoot } from "../../src/data/index.ts";
import { isXmlFault, parseXml } from "../../src/xml/index.ts";
import {
  compileXPath,
  dependencies,
  isXPathFault,
  toStringValue,
  XPathLimitError,
} from "../../src/yang/index.ts";
import type { Chance } from "./chance.ts";
import { sampleConfig, sampleSchema } from "./schemas.ts";
import { holds, once, textTarget } from "./target.ts";

const functions = [
  ...["last", "position", "count", "name", "local-name", "namespace-uri", "string", "concat"],
  ...["starts-with", "contains", "substring", "substring-before", "substring-after", "not"],
  ...["string-length", "normalize-space", "translate", "boolean", "true", "false", "lang", "id"],
  ...["number", "sum", "floor", "ceiling", "round", "current", "re-match", "deref", "no-such"],
  ...["derived-from", "derived-from-or-self", "enum-value", "bit-is-set"],
];
const axes = [
  ...["child", "descendant", "parent", "ancestor", "following-sibling", "preceding-sibling"],
  ...["following", "preceding", "self", "descendant-or-self", "ancestor-or-self", "attribute"],
  ...["namespace", "sideways"],
];
const tests = [
  ...["s:top", "top", "item", "s:item", "id", "pair", "step", "*", "s:*", "node()", "text()"],
  ...["comment()", "processing-instruction('x')", "no:such", "seq", "ref", "who", "dflts", "any"],
];
const operators = ["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "|"];
const literals = ["'a'", '"b"', "''", "1", "0", ".5", "1e9", "99999999999999999999", "'s:cat'"];
const tokens = [
  ...functions,
  ...axes,
  ...tests,
  ...operators,
  "(",
  ")",
  "[",
  "]",
  "::",
  "..",
  "$v",
];
const names = {
  namespace: (prefix: string) => ({ s: "urn:sample", o: "urn:other" })[prefix],
  defaultNamespace: undefined,
};

const root = once(() => {
  const document = parseXml(`<config>${sampleConfig}</config>`);
  if (isXmlFault(document)) throw new Error(document.message);
  const { tree, faults } = readData(document.children, sampleSchema(), { type: "data" });
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join("\n"));
  return xpathRoot(tree, sampleSchema(), undefined, "data");
});

/** XPath expressions: a fault inside the text, or a value, the same each time. */
export const xpath = textTarget({
  name: "xpath",
  quick: 500,
  make(chance) {
    const text = expression(chance, 0);
    return chance.happens(0.4) ? chance.damagedText(text, tokens) : text;
  },
  run(text) {
    const compiled = compileXPath(text, names);
    if (isXPathFault(compiled)) {
      const isInside = compiled.offset >= 0 && compiled.offset <= text.length;
      holds(isInside && compiled.message !== "", () => `a fault at ${compiled.offset}`);
      return;
    }
    dependencies(compiled, undefined, sampleSchema());
    const [first, second] = [evaluated(compiled), evaluated(compiled)];
    holds(first === second, () => `once it is ${first}, then ${second}`);
  },
});

function evaluated(xpath: Exclude<ReturnType<typeof compileXPath>, { offset: number }>): string {
  const node = root();
  try {
    const allowance = { left: 100_000 };
    const value = xpath.evaluate({ node, current: node, root: node, allowance });
    return `${typeof value} ${toStringValue(value)}`;
  } catch (error) {
    if (error instanceof XPathLimitError) return "too much work";
    throw error;
  }
}

/** Any expression, over the names of the sample modules. */
export function xpathText(chance: Chance): string {
  return expression(chance, 0);
}

function expression(chance: Chance, depth: number): string {
  if (depth > 5) return chance.pick(literals);
  const inner = (): string => expression(chance, depth + 1);
  return chance.oneOf(
    () => chance.pick(literals),
    () => path(chance, depth),
    () => path(chance, depth),
    () => `${inner()} ${chance.pick(operators)} ${inner()}`,
    () => `${chance.pick(functions)}(${chance.join(4, inner, ", ")})`,
    () => `(${inner()})${predicate(chance, depth)}`,
    () => `-${inner()}`,
    () => `(${inner()})/${path(chance, depth)}`,
  );
}

function path(chance: Chance, depth: number): string {
  const step = (): string => {
    const axis = chance.happens(0.4) ? `${chance.pick(axes)}::` : chance.pick(["", "", "", "@"]);
    const where = chance.happens(0.2)
      ? chance.pick([".", "..", ".", "current()"])
      : axis + chance.pick(tests);
    return where + predicate(chance, depth);
  };
  const steps = [step(), ...chance.some(4, step)];
  return (
    chance.pick(["", "/", "//", "/s:top/", "/s:top/s:item/"]) +
    steps.join(chance.pick(["/", "/", "//"]))
  );
}

function predicate(chance: Chance, depth: number): string {
  return chance.happens(0.3) ? `[${expression(chance, depth + 1)}]` : "";
}
