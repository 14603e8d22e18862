import type { Module, Status } from "./schema.ts";
import type { Statement } from "./statement.ts";
import { substatement, substatements } from "./substatement.ts";
import type { TreeNode } from "./tree-lines.ts";

type Access = "" | "rw" | "ro" | "-w";

const NODES: ReadonlySet<string> = new Set([
  "action",
  "anydata",
  "anyxml",
  "case",
  "choice",
  "container",
  "input",
  "leaf",
  "leaf-list",
  "list",
  "notification",
  "output",
  "uses",
]);

const STATUS: ReadonlyMap<string, string> = new Map<Status, string>([
  ["deprecated", "x"],
  ["obsolete", "o"],
]);

/** The groupings of a module by name, as they are written: a uses in one is not followed. */
export function groupingTrees(
  module: Module,
): readonly (readonly [name: string, nodes: readonly TreeNode[]])[] {
  const files = [module.statement, ...module.submodules.map(({ statement }) => statement)];
  return files
    .flatMap((file) => substatements(file, "grouping"))
    .map((grouping) => [grouping.argument ?? "", nodesIn(grouping, "")] as const);
}

function nodesIn(parent: Statement, access: Access): readonly TreeNode[] {
  const nodes = parent.substatements.filter(({ keyword }) => NODES.has(keyword));
  if (parent.keyword !== "choice") {
    const keys = keysOf(parent);
    return nodes.map((node) => treeNode(node, access, keys.includes(node.argument ?? "")));
  }
  return nodes.map((node) => {
    if (node.keyword === "case") return treeNode(node, access);
    // RFC 7950 section 7.9.2: the case that a shorthand leaves out.
    const children = [treeNode(node, access)];
    const { mark, name } = plain(node, `${status(node)}--:`);
    return { mark, name, isEnclosed: true, options: "", type: "", suffix: "", children };
  });
}

function treeNode(statement: Statement, outer: Access, isKey = false): TreeNode {
  const access = accessIn(statement, outer);
  const flags = flagsOf(statement.keyword, access);
  const isCase = statement.keyword === "case";
  const mark = `${status(statement)}--${isCase ? ":" : `${flags} `}`;
  return {
    ...plain(statement, mark),
    isEnclosed: isCase || statement.keyword === "choice",
    options: isKey ? "" : optionsOf(statement),
    type: typeOf(statement),
    suffix: suffixOf(statement),
    children: nodesIn(statement, access),
  };
}

function plain({ keyword, argument = keyword }: Statement, mark: string) {
  return { mark, name: argument };
}

function accessIn(statement: Statement, outer: Access): Access {
  if (statement.keyword === "input") return "-w";
  if (statement.keyword === "output" || statement.keyword === "notification") return "ro";
  if (outer === "-w" || outer === "ro") return outer;
  const config = substatement(statement, "config")?.argument;
  return config === undefined ? outer : config === "false" ? "ro" : "rw";
}

function flagsOf(keyword: string, access: Access): string {
  if (keyword === "uses") return "-u";
  if (keyword === "action") return "-x";
  return keyword === "notification" ? "-n" : access;
}

function status(statement: Statement): string {
  return STATUS.get(substatement(statement, "status")?.argument ?? "") ?? "+";
}

function optionsOf(statement: Statement): string {
  const isMandatory = substatement(statement, "mandatory")?.argument === "true";
  switch (statement.keyword) {
    case "leaf":
    case "choice":
    case "anydata":
    case "anyxml":
      return isMandatory ? "" : "?";
    case "container":
      return substatement(statement, "presence") === undefined ? "" : "!";
    case "list":
    case "leaf-list":
      return "*";
    default:
      return "";
  }
}

function typeOf(statement: Statement): string {
  if (statement.keyword === "anydata" || statement.keyword === "anyxml") {
    return `<${statement.keyword}>`;
  }
  const type = substatement(statement, "type");
  const path = type === undefined ? undefined : substatement(type, "path")?.argument;
  return path === undefined ? (type?.argument ?? "") : `-> ${path.replace(/\s+/g, " ")}`;
}

function suffixOf(statement: Statement): string {
  const keys = keysOf(statement).join(" ");
  const features = substatements(statement, "if-feature").map(({ argument }) => argument);
  const hanging = features.length === 0 ? "" : ` {${features.join(",")}}?`;
  return `${keys === "" ? "" : ` [${keys}]`}${hanging}`;
}

function keysOf(statement: Statement): readonly string[] {
  const names = substatement(statement, "key")?.argument?.split(/\s+/) ?? [];
  return names.filter((name) => name !== "");
}
