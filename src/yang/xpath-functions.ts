import { assert } from "../base/index.ts";
import { type Pattern, translatePattern } from "./pattern.ts";
import type { XPathExpression, XPathNode } from "./xpath.ts";
import { dereference } from "./xpath-deref.ts";
import {
  identityOf,
  isDerived,
  isNamed,
  nameInPaths,
  readIdentityName,
  typeOf,
} from "./xpath-identity.ts";
import type { Compiler, Run } from "./xpath-run.ts";
import { stringToNumber } from "./xpath-values.ts";

type Call = Extract<XPathExpression, { kind: "call" }>;

/** Functions that give a node set. */
export function compileNodesCall(call: Call, compiler: Compiler): Run<readonly XPathNode[]> {
  if (call.name === "current") return (_node, frame) => [frame.evaluation.current];
  if (call.name === "deref") {
    const first = compiler.first(argument(call, 0));
    return (node, frame) => {
      const leaf = first(node, frame);
      return leaf === undefined ? [] : dereference(leaf, frame.evaluation);
    };
  }
  // id(): instance data has no attributes that are IDs.
  return () => [];
}

/** Functions that give a boolean. */
export function compileBooleanCall(call: Call, compiler: Compiler): Run<boolean> {
  const { name } = call;
  switch (name) {
    case "true":
      return () => true;
    case "not": {
      const inner = compiler.boolean(argument(call, 0));
      return (node, frame) => !inner(node, frame);
    }
    case "boolean":
      return compiler.boolean(argument(call, 0));
    case "starts-with":
      return ofTexts(call, compiler, (a, b) => a.startsWith(b));
    case "contains":
      return ofTexts(call, compiler, (a, b) => a.includes(b));
    case "re-match":
      return reMatch(call, compiler);
    case "derived-from":
    case "derived-from-or-self":
      return derivedFrom(call, compiler, name === "derived-from-or-self");
    case "bit-is-set": {
      const first = compiler.first(argument(call, 0));
      const bit = compiler.string(argument(call, 1));
      return (node, frame) => {
        const leaf = first(node, frame);
        if (leaf === undefined || typeOf(leaf)?.base !== "bits") return false;
        return (leaf.value ?? "").split(" ").includes(bit(node, frame));
      };
    }
    default:
      // false(); and lang(), for which there are no xml:lang attributes.
      return () => false;
  }
}

/** Functions that give a number. */
export function compileNumberCall(call: Call, compiler: Compiler): Run<number> {
  switch (call.name) {
    case "last":
      return (_node, frame) => frame.size;
    case "position":
      return (_node, frame) => frame.position;
    case "count": {
      const nodes = compiler.nodes(argument(call, 0));
      return (node, frame) => nodes(node, frame).length;
    }
    case "sum": {
      const nodes = compiler.nodes(argument(call, 0));
      return (node, frame) =>
        nodes(node, frame).reduce((sum, n) => sum + stringToNumber(frame.evaluation.text(n)), 0);
    }
    case "string-length": {
      const text = textOrContext(call, compiler);
      return (node, frame) => characters(text(node, frame)).length;
    }
    case "number": {
      if (call.arguments.length > 0) return compiler.number(argument(call, 0));
      return (node, frame) => stringToNumber(frame.evaluation.text(node));
    }
    case "enum-value": {
      const first = compiler.first(argument(call, 0));
      return (node, frame) => {
        const leaf = first(node, frame);
        const type = leaf === undefined ? undefined : typeOf(leaf);
        if (type?.base !== "enumeration") return Number.NaN;
        return type.enums.get(leaf?.value ?? "") ?? Number.NaN;
      };
    }
    default:
      return rounding(call, compiler);
  }
}

function rounding(call: Call, compiler: Compiler): Run<number> {
  const number = compiler.number(argument(call, 0));
  const round = { floor: Math.floor, ceiling: Math.ceil, round: Math.round }[call.name];
  assert(round !== undefined, `${call.name}() gives a number`);
  return (node, frame) => round(number(node, frame));
}

/** Functions that give a string. */
export function compileStringCall(call: Call, compiler: Compiler): Run<string> {
  switch (call.name) {
    case "local-name":
      return nameOf(call, compiler, nameInPaths);
    case "namespace-uri":
      return nameOf(call, compiler, ({ module }) => module.namespace);
    case "name":
      return nameOf(call, compiler, (schema) => `${schema.module.prefix}:${nameInPaths(schema)}`);
    case "string":
      return textOrContext(call, compiler);
    case "concat": {
      const parts = call.arguments.map((part) => compiler.string(part));
      return (node, frame) => {
        const text = parts.map((part) => part(node, frame)).join("");
        frame.evaluation.spend(text.length / 8);
        return text;
      };
    }
    case "substring-before":
      return ofTexts(call, compiler, (a, b) => a.slice(0, Math.max(a.indexOf(b), 0)));
    case "substring-after":
      return ofTexts(call, compiler, (a, b) =>
        a.includes(b) ? a.slice(a.indexOf(b) + b.length) : "",
      );
    case "substring":
      return substring(call, compiler);
    case "normalize-space": {
      const text = textOrContext(call, compiler);
      return (node, frame) =>
        text(node, frame)
          .replace(/[ \t\r\n]+/g, " ")
          .replace(/^ | $/g, "");
    }
    default:
      return translate(call, compiler);
  }
}

function argument(call: Call, index: number): XPathExpression {
  const found = call.arguments[index];
  assert(found !== undefined, `${call.name}() was parsed with its arguments`);
  return found;
}

function ofTexts<T>(call: Call, compiler: Compiler, f: (a: string, b: string) => T): Run<T> {
  const a = compiler.string(argument(call, 0));
  const b = compiler.string(argument(call, 1));
  return (node, frame) => f(a(node, frame), b(node, frame));
}

function textOrContext(call: Call, compiler: Compiler): Run<string> {
  const [given] = call.arguments;
  return given === undefined
    ? (node, frame) => frame.evaluation.text(node)
    : compiler.string(given);
}

type Named = NonNullable<XPathNode["schema"]>;

function nameOf(call: Call, compiler: Compiler, name: (schema: Named) => string): Run<string> {
  const [given] = call.arguments;
  const first = given === undefined ? (node: XPathNode) => node : compiler.first(given);
  return (node, frame) => {
    const schema = first(node, frame)?.schema;
    return schema === undefined ? "" : name(schema);
  };
}

const NO_PATTERN: Pattern = { matches: () => false, size: 0 };

/** RFC 7950 section 10.2.1. */
function reMatch(call: Call, compiler: Compiler): Run<boolean> {
  const text = compiler.string(argument(call, 0));
  const expression = compiler.string(argument(call, 1));
  let known: { readonly text: string; readonly pattern: Pattern } | undefined;
  return (node, frame) => {
    const wanted = expression(node, frame);
    if (known?.text !== wanted) {
      const pattern = translatePattern(wanted);
      // A pattern that data make up and that is none matches nothing.
      known = { text: wanted, pattern: "message" in pattern ? NO_PATTERN : pattern };
      frame.evaluation.spend(wanted.length);
    }
    const subject = text(node, frame);
    const { pattern } = known;
    frame.evaluation.spend((subject.length / 8) * (1 + pattern.size / 8));
    return pattern.matches(subject);
  };
}

/** RFC 7950 section 10.4. */
function derivedFrom(call: Call, compiler: Compiler, orSelf: boolean): Run<boolean> {
  const nodes = compiler.nodes(argument(call, 0));
  const base = compiler.string(argument(call, 1));
  return (node, frame) => {
    const found = nodes(node, frame);
    if (found.length === 0) return false;
    const wanted = readIdentityName(base(node, frame), compiler.names);
    if (wanted === undefined) return false;
    frame.evaluation.spend(found.length);
    return found.some((leaf) => {
      const identity = identityOf(leaf);
      if (identity === undefined) return false;
      return isDerived(identity, wanted) || (orSelf && isNamed(identity, wanted));
    });
  };
}

/** What XPath counts as characters are code points, not UTF-16 units. */
function characters(text: string): string | readonly string[] {
  return /[\uD800-\uDFFF]/.test(text) ? Array.from(text) : text;
}

/** XPath 1.0 section 4.2, with its rounding and its NaN. */
function substring(call: Call, compiler: Compiler): Run<string> {
  const text = compiler.string(argument(call, 0));
  const start = compiler.number(argument(call, 1));
  const [, , third] = call.arguments;
  const length = third === undefined ? () => Number.POSITIVE_INFINITY : compiler.number(third);
  return (node, frame) => {
    const all = characters(text(node, frame));
    const from = Math.round(start(node, frame));
    const to = from + Math.round(length(node, frame));
    if (!(from < to)) return "";
    const part = all.slice(Math.max(from, 1) - 1, Math.max(to, 1) - 1);
    return typeof part === "string" ? part : part.join("");
  };
}

function translate(call: Call, compiler: Compiler): Run<string> {
  const text = compiler.string(argument(call, 0));
  const before = compiler.string(argument(call, 1));
  const after = compiler.string(argument(call, 2));
  return (node, frame) => {
    const to = Array.from(after(node, frame));
    const table = new Map<string, string>();
    for (const [i, char] of Array.from(before(node, frame)).entries()) {
      if (!table.has(char)) table.set(char, to[i] ?? "");
    }
    const subject = text(node, frame);
    frame.evaluation.spend(subject.length / 8);
    return Array.from(subject, (char) => table.get(char) ?? char).join("");
  };
}
