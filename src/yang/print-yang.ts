import type { Statement } from "./statement.ts";

const INDENT = 2;
const WIDTH = 80;

/** What needs no quotes: no white space, no character with a meaning, no comment. */
const PLAIN = /^(?!.*(?:\/\/|\/\*|\*\/))[^\s"';{}+\\][^\s"';{}\\]*$/;

/** Statements whose argument is text for people: always quoted, on a line of its own. */
const PROSE: ReadonlySet<string> = new Set(["contact", "description", "organization", "reference"]);

/** A module as YANG text (RFC 7950 section 6.3), a line each; comments are not kept. */
export function printYang(statement: Statement): readonly string[] {
  const lines: string[] = [];
  print(statement, 0, lines);
  return lines;
}

function print(statement: Statement, indent: number, lines: string[]): void {
  const { keyword, argument, substatements } = statement;
  const margin = " ".repeat(indent);
  const end = substatements.length === 0 ? ";" : " {";
  const head = margin + keyword;
  if (argument === undefined) lines.push(head + end);
  else lines.push(...withArgument(head, statement, indent, end));
  if (substatements.length === 0) return;
  for (const sub of substatements) print(sub, indent + INDENT, lines);
  lines.push(`${margin}}`);
}

function withArgument(
  head: string,
  { keyword, argument = "" }: Statement,
  indent: number,
  end: string,
): readonly string[] {
  const isProse = PROSE.has(keyword);
  if (PLAIN.test(argument) && !isProse) return [`${head} ${argument}${end}`];
  if (argument.includes("\\") && !/['\n]/.test(argument)) return [`${head} '${argument}'${end}`];
  const isFolded = canFold(argument);
  const text = isFolded ? argument.split("\n").map(quoted) : [quoted(argument)];
  const single = `${head} "${text[0]}"${end}`;
  if (text.length === 1 && !(isProse && single.length > WIDTH)) return [single];
  const margin = " ".repeat(indent + INDENT);
  const folded = text.map((line, i) => {
    if (i === 0) return `${margin}"${line}`;
    return line === "" ? "" : `${margin} ${line}`;
  });
  folded[folded.length - 1] += `"${end}`;
  return [head, ...folded];
}

/**
 * A line break in the text can be one in the file if nothing that would be trimmed is beside it.
 */
function canFold(text: string): boolean {
  return !/[ \t\r]\n|\r|\n$|\t/.test(text);
}

function quoted(text: string): string {
  return text.replace(/[\\"\n\t]/g, (c) => (c === "\n" ? "\\n" : c === "\t" ? "\\t" : `\\${c}`));
}
