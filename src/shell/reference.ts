import type { Command, ConfigCommand } from "./command.ts";
import { commands } from "./commands.ts";
import { elementsOf, parseSyntax } from "./grammar.ts";
import { type Parameter, parameters } from "./parameters.ts";
import { fullPath } from "./statement-edit.ts";

const introduction = `# Commands

The command line of ntpconfd, in the manner of the routers' own: \`ssh -p 1830 admin@host\`, or
\`ntpconfd cli\` on the host itself. It is a front end over the candidate datastore: what is typed
here is an edit of NETCONF, under the same access control, and nothing runs before \`commit\`.

Notation: words stand for themselves, \`<x>\` is a parameter, \`{ a | b }\` one of several,
\`[ a | b ]\` one or none, \`[ a | b ] *\` any of them in any order. Words may be abbreviated as
far as they stay clear; \`?\` shows what may come next, Tab completes. A key that holds spaces is
typed in double quotes. Behind any command \`| include X\`, \`| exclude X\` and \`| begin X\` show
a part of its answer; X is a regular expression.

This page is made from the table of commands: \`scripts/reference-commands.ts\` writes it.
`;

/** The reference page of all commands, in Markdown. */
export function referencePage(): string {
  const of = (keep: (command: Command) => boolean): string =>
    commands.filter(keep).map(entry).join("\n");
  return [
    introduction,
    "## Views, display, commit\n",
    of(({ kind }) => kind === "action"),
    "## System view\n",
    of((command) => command.kind === "config" && command.view === "system"),
    "## Interface view\n",
    "In YANG: below `/ntp/interfaces/interface[name]`.\n",
    of((command) => command.kind === "config" && command.view === "interface"),
    "## Parameters\n",
    "| parameter | takes | what it is |\n| --- | --- | --- |",
    Object.entries(parameters).map(parameterRow).join("\n"),
    "",
  ].join("\n");
}

/**
 * How each node is typed: its path without keys (`/ntp/nd:max-dynamic-sessions`) → the beginnings
 * of commands, with the parameter or word that stands for a leaf.
 */
export function commandsByNode(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const note = (path: string, typed: string): void => {
    const node = `/${path.replace(/\[[^\]]*\]/g, "").replace(/=.*$/, "")}`;
    const there = found.get(node);
    if (there === undefined) found.set(node, [typed]);
    else if (!there.includes(typed)) there.push(typed);
  };
  for (const command of commands) {
    if (command.kind !== "config") continue;
    const [head = ""] = /^[^<{[]*/.exec(command.syntax) ?? [];
    const at = fullPath(command);
    const parameter = /=(<[^>]*>)$/.exec(at)?.[1];
    note(at, [head.trim(), ...(parameter === undefined ? [] : [parameter])].join(" "));
    for (const [name, leaf] of Object.entries(command.leaves ?? {})) {
      note(`${at}/${leaf}`, `${head.trim()} … ${leaf.includes("=") ? name : `<${name}>`}`);
    }
  }
  return found;
}

function entry(command: Command): string {
  const lines = [`### \`${command.syntax}\`\n`, `${command.help}.`];
  if (command.note !== undefined) lines.push(command.note);
  if (command.kind === "action") return `${lines.join(" ")}\n`.replace("\n ", "\n\n");
  return `${lines.join(" ")}\n\n${facts(command).join("\n")}\n`.replace("\n ", "\n\n");
}

function facts(command: ConfigCommand): readonly string[] {
  const { undo, defaults = {} } = command;
  const used = new Set(
    elementsOf(parseSyntax(command.syntax)).flatMap((one) =>
      one.kind === "parameter" ? [one.name] : [],
    ),
  );
  const left = Object.entries(defaults).filter(([name]) => used.has(name));
  return [
    `- YANG: \`/${fullPath(command).replace("interface[name=<view>]", "interface[name]")}\``,
    ...leafList(command),
    ...(undo === undefined ? [] : [`- undo: \`undo ${undo}\`${undoMeaning(command)}`]),
    ...left.map(([name, value]) => `- \`<${name}>\` left out: ${value}`),
  ];
}

function undoMeaning({ off, at }: ConfigCommand): string {
  if (off === undefined) return "";
  return `, which sets \`${at.slice(at.lastIndexOf("/") + 1).replace(/=.*/, "")}\` to ${off}`;
}

function leafList({ leaves = {} }: ConfigCommand): readonly string[] {
  const all = Object.entries(leaves).map(([name, leaf]) =>
    leaf.includes("=") ? `\`${name}\` → \`${leaf}\`` : `\`<${name}>\` → \`${leaf}\``,
  );
  return all.length === 0 ? [] : [`- below it: ${all.join(", ")}`];
}

function parameterRow([name, { type, help }]: readonly [string, Parameter]): string {
  return `| \`<${name}>\` | ${takes(type)} | ${help} |`;
}

function takes(type: Parameter["type"]): string {
  switch (type.kind) {
    case "integer":
      return type.ranges.map(([a, b]) => (a === b ? String(a) : `${a} to ${b}`)).join(", or ");
    case "decimal":
      return type.ranges.map(([a, b]) => (a === b ? String(a) : `${a} to ${b}`)).join(", or ");
    case "address":
      return `an IPv${type.family} ${type.group ? "group" : "address"}`;
    case "words":
      return Object.entries(type.words)
        .map(([word, [data = ""]]) => `\`${word}\` (${data})`)
        .join(", ");
    case "name":
      return type.what;
    case "text":
      return `text of up to ${type.lengthMax} characters`;
  }
}
