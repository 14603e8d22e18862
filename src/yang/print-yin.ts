import type { Module } from "./schema.ts";
import type { Statement } from "./statement.ts";

const YIN = "urn:ietf:params:xml:ns:yang:yin:1";

/**
 * RFC 7950 section 13.2: the name of the argument; `<name>`: it is an element, not an attribute.
 */
const ARGUMENTS: Readonly<Record<string, string>> = {
  augment: "target-node",
  base: "name",
  "belongs-to": "module",
  config: "value",
  contact: "<text>",
  default: "value",
  description: "<text>",
  deviate: "value",
  deviation: "target-node",
  "error-app-tag": "value",
  "error-message": "<value>",
  "fraction-digits": "value",
  "if-feature": "name",
  import: "module",
  include: "module",
  key: "value",
  length: "value",
  mandatory: "value",
  "max-elements": "value",
  "min-elements": "value",
  modifier: "value",
  must: "condition",
  namespace: "uri",
  "ordered-by": "value",
  organization: "<text>",
  path: "value",
  pattern: "value",
  position: "value",
  prefix: "value",
  presence: "value",
  range: "value",
  reference: "<text>",
  refine: "target-node",
  "require-instance": "value",
  revision: "date",
  "revision-date": "date",
  status: "value",
  unique: "tag",
  value: "value",
  when: "condition",
  "yang-version": "value",
  "yin-element": "value",
};

/** A module in YIN (RFC 7950 section 13), a line each. */
export function printYin(module: Module): readonly string[] {
  const declarations = [`xmlns="${YIN}"`];
  for (const [prefix, { namespace }] of module.prefixes) {
    declarations.push(`xmlns:${prefix}="${escapeAttribute(namespace)}"`);
  }
  const { keyword, argument = "", substatements } = module.statement;
  const margin = " ".repeat(keyword.length + 2);
  const attributes = [`name="${escapeAttribute(argument)}"`, ...declarations].join(`\n${margin}`);
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  lines.push(...`<${keyword} ${attributes}>`.split("\n"));
  for (const sub of substatements) print(sub, 2, module, lines);
  lines.push(`</${keyword}>`);
  return lines;
}

function print(statement: Statement, indent: number, module: Module, lines: string[]): void {
  const { keyword, argument, substatements } = statement;
  const margin = " ".repeat(indent);
  const name = argument === undefined ? undefined : argumentName(statement, module);
  const element = name === undefined ? undefined : /^<(.*)>$/.exec(name)?.[1];
  const attribute =
    name === undefined || element !== undefined
      ? ""
      : ` ${name}="${escapeAttribute(argument ?? "")}"`;
  if (substatements.length === 0 && element === undefined) {
    lines.push(`${margin}<${keyword}${attribute}/>`);
    return;
  }
  lines.push(`${margin}<${keyword}${attribute}>`);
  if (element !== undefined) {
    const prefix = keyword.includes(":") ? `${keyword.split(":")[0]}:` : "";
    const tag = `${prefix}${element}`;
    lines.push(...`${margin}  <${tag}>${escapeText(argument ?? "")}</${tag}>`.split("\n"));
  }
  for (const sub of substatements) print(sub, indent + 2, module, lines);
  lines.push(`${margin}</${keyword}>`);
}

function argumentName({ keyword }: Statement, module: Module): string | undefined {
  if (!keyword.includes(":")) return ARGUMENTS[keyword] ?? "name";
  const [prefix = "", name] = keyword.split(":");
  const owner = module.prefixes.get(prefix);
  if (owner === undefined) return undefined;
  for (const file of [owner.statement, ...owner.submodules.map((s) => s.statement)]) {
    const extension = file.substatements.find(
      (s) => s.keyword === "extension" && s.argument === name,
    );
    const argument = extension?.substatements.find((s) => s.keyword === "argument");
    if (argument?.argument === undefined) continue;
    const yin = argument.substatements.find((s) => s.keyword === "yin-element");
    return yin?.argument === "true" ? `<${argument.argument}>` : argument.argument;
  }
  return undefined;
}

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (c) => (c === "&" ? "&amp;" : c === "<" ? "&lt;" : "&gt;"));
}

/** In an attribute a parser would turn line breaks and tabs into blanks. */
function escapeAttribute(text: string): string {
  return escapeText(text).replace(/["\n\t]/g, (c) =>
    c === '"' ? "&quot;" : `&#${c.charCodeAt(0)};`,
  );
}
