import { translatePattern } from "../yang/index.ts";
import { splitLine } from "./words.ts";

/** What `| include X` and its like leave of an answer. */
export type OutputFilter = (lines: readonly string[]) => readonly string[];

export const filterNames = {
  include: "Only lines in which the expression is found",
  exclude: "Only lines in which it is not found",
  begin: "All from the first line in which it is found",
} as const;

type FilterName = keyof typeof filterNames;

/**
 * Reads what stands behind a bar: a filter and a regular expression, whose time grows with the
 * text alone.
 */
export function readFilter(text: string): OutputFilter | { readonly fault: string } {
  const [word, ...more] = splitLine(text).words;
  const names = Object.keys(filterNames) as FilterName[];
  const [name] = names.filter((one) => word !== undefined && one.startsWith(word.text));
  if (word === undefined || name === undefined)
    return { fault: "a filter is include, exclude or begin" };
  const [first] = more;
  if (first === undefined) return { fault: `${name} takes an expression` };
  const sought = more.length === 1 ? first.text : text.slice(first.start).trim();
  const found = finder(sought);
  if (typeof found === "string") return { fault: found };
  switch (name) {
    case "include":
      return (lines) => lines.filter(found);
    case "exclude":
      return (lines) => lines.filter((line) => !found(line));
    case "begin":
      return (lines) => {
        const start = lines.findIndex(found);
        return start < 0 ? [] : lines.slice(start);
      };
  }
}

/** The expressions of XML Schema stand for whole texts and know no anchors: these are added. */
function finder(sought: string): ((line: string) => boolean) | string {
  const [, start = "", inner = "", end = ""] = /^(\^?)(.*?)(\$?)$/s.exec(sought) ?? [];
  const pattern = translatePattern(`${start ? "" : ".*"}(${inner})${end ? "" : ".*"}`);
  return "message" in pattern
    ? `the expression cannot be read: ${pattern.message}`
    : pattern.matches;
}
