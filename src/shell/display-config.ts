import type { Element } from "../xml/index.ts";
import type { Rule } from "./command.ts";
import type { Secrets } from "./secrets.ts";
import { statementLines } from "./statement-lines.ts";
import { childrenAt, textOf } from "./task.ts";

/** A part of a configuration: the statements of the system view, or of an interface. */
export interface Section {
  readonly title: string | undefined;
  readonly lines: readonly string[];
}

/** All statements that a configuration holds; each interface has a section of its own. */
export function sectionsOf(
  data: Element,
  rules: readonly Rule[],
  secrets: Secrets,
): readonly Section[] {
  const secret = (key: Element): string | undefined => secrets.ofKey(key);
  const entries = [
    ...childrenAt(data, "interfaces", "interface"),
    ...childrenAt(data, "ntp", "interfaces", "interface"),
  ];
  const names = new Set(entries.map((entry) => textOf(entry, "name")));
  return [
    { title: undefined, lines: statementLines(data, rules, undefined, secret) },
    ...[...names].map((name) => ({
      title: `interface ${name}`,
      lines: statementLines(data, rules, name, secret),
    })),
  ];
}

/** Sections as routers print them: what is said of an interface is set in by one. */
export function printSections(sections: readonly Section[]): readonly string[] {
  const lines = sections.flatMap(({ title, lines }) => {
    if (title === undefined) return lines.length === 0 ? [] : ["#", ...lines];
    return ["#", title, ...lines.map((line) => ` ${line}`)];
  });
  return [...lines, "#", "return"];
}

/** What has to be taken away from one configuration and added to it to make the other. */
export function printChanges(
  before: readonly Section[],
  after: readonly Section[],
): readonly string[] {
  const titles = new Set([...before, ...after].map(({ title }) => title));
  return [...titles].flatMap((title) => {
    const old = linesOf(before, title);
    const now = linesOf(after, title);
    const changes = [
      ...old.filter((line) => !now.includes(line)).map((line) => `-  ${line}`),
      ...now.filter((line) => !old.includes(line)).map((line) => `+  ${line}`),
    ];
    if (changes.length === 0) return [];
    return ["#", ...(title === undefined ? [] : [`   ${title}`]), ...changes];
  });
}

function linesOf(sections: readonly Section[], title: string | undefined): readonly string[] {
  return sections.find((section) => section.title === title)?.lines ?? [];
}
