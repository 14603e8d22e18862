import type { Change, ChangedData, DataNode, LeafData, ListEntry } from "../data/index.ts";
import { childOf } from "../data/index.ts";
import { pathText } from "./data-path.ts";

/** What is printed in the place of a secret. */
const hidden = "(secret)";

/** Instance data as indented lines, a leaf each. What is for nobody's eyes is not shown. */
export function dataLines(nodes: readonly DataNode[], indent = ""): readonly string[] {
  const leaves = nodes.filter((node) => node.kind === "leaf" || node.kind === "leaf-list");
  const width = Math.max(0, ...leaves.map(({ schema }) => schema.name.length));
  return nodes.flatMap((node) => nodeLines(node, indent, width));
}

function nodeLines(node: DataNode, indent: string, width: number): readonly string[] {
  const { name } = node.schema;
  switch (node.kind) {
    case "leaf":
      return [`${indent}${name.padEnd(width)}  ${valueText(node)}`.trimEnd()];
    case "leaf-list":
      return Array.from(node.entries, (entry) => {
        return `${indent}${name.padEnd(width)}  ${shown(node.schema, entry)}`;
      });
    case "container":
      return [indent + name, ...dataLines(node.children, `${indent}  `)];
    case "list":
      return Array.from(node.entries).flatMap((entry) => entryLines(entry, indent));
    case "any":
      return [`${indent}${name}  ${node.text || "…"}`];
  }
}

function entryLines(entry: ListEntry, indent: string): readonly string[] {
  const { schema } = entry;
  const keys = schema.keys.map((leaf) => {
    const found = childOf(entry, leaf);
    return found === undefined ? "" : ` ${valueText(found)}`;
  });
  const others = entry.children.filter(
    ({ schema: child }) => child.kind !== "leaf" || !child.isKey,
  );
  return [`${indent}${schema.name}${keys.join("")}`, ...dataLines(others, `${indent}  `)];
}

/** The value of a leaf, or what stands for it. */
export function valueText(leaf: LeafData): string {
  return shown(leaf.schema, leaf);
}

/** An identity of the leaf's own module needs no module name, here as in JSON. */
function shown({ defaultDeny, module }: DataNode["schema"], { value, type }: LeafValue): string {
  if (defaultDeny === "all") return hidden;
  const own = `${module.name}:`;
  return type.base === "identityref" && value.startsWith(own) ? value.slice(own.length) : value;
}

type LeafValue = Pick<LeafData, "value" | "type">;

/** One line with + or - for all that comes or goes, below the path that it stands at. */
export function changeLines(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ path, before, after, kind }) => {
    const where = pathText(path);
    if (kind === "move") return [`~ ${where} stands elsewhere`];
    return [
      ...(before === undefined ? [] : sideLines("-", where, before)),
      ...(after === undefined ? [] : sideLines("+", where, after)),
    ];
  });
}

function sideLines(sign: string, where: string, data: ChangedData): readonly string[] {
  if (!("kind" in data)) return [`${sign} ${where}`];
  switch (data.kind) {
    case "leaf":
      return [`${sign} ${where} ${valueText(data)}`];
    case "entry": {
      const [, ...lines] = entryLines(data, "");
      return [`${sign} ${where}`, ...lines.map((line) => `${sign} ${line}`)];
    }
    case "container":
      return [
        `${sign} ${where}`,
        ...dataLines(data.children, "  ").map((line) => `${sign} ${line}`),
      ];
    case "any":
      return [`${sign} ${where} ${data.text || "…"}`];
  }
}
