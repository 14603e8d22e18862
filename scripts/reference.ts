/// <reference path="../src/yang/xspattern.d.ts" />
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { yangFolders } from "../src/host/yang-folders.ts";
import { commandsByNode } from "../src/shell/reference.ts";
import {
  compile,
  type DataParent,
  type DataSchemaNode,
  type LeafListSchema,
  type LeafSchema,
  type Must,
  type OperationSchema,
  type Schema,
  schemaPath,
  type Type,
} from "../src/yang/index.ts";

// Writes docs/reference-ntp.md: `npm run reference`. A test holds what is committed against it.

const served = ["ietf-ntp", "ntpconfd-ntp"];
const deviations = ["ntpconfd-ntp-deviations"];

const introduction = `# Reference: every node of \`/ntp\`

What a manager can set and read of NTP, made from the YANG modules: ietf-ntp (RFC 9249) with every
feature, and our own ntpconfd-ntp, whose nodes have the prefix \`nd:\`. Paths stand as they do in an
XPath filter, where \`nd:\` is \`urn:ntpconfd:yang:ntp\`; keys of lists are in brackets.

*Asked by ntpconfd* is what the module ntpconfd-ntp-deviations adds to RFC 9249: a configuration that
does not have it is refused when it is validated, with the words given here. A table's last column has
the same for one leaf. *Typed* is the beginning of the command that sets the node at the command line of
router engineers: [reference-commands.md](reference-commands.md) has the whole of it. Nodes marked
*state* are read only.

\`npm run reference\` writes this page.
`;

type DataRow = Exclude<DataSchemaNode, DataParent>;

/** The text of docs/reference-ntp.md. */
export function referencePage(checkout: string): string {
  const plain = new Map<string, readonly string[]>();
  for (const node of allNodes(compiled(checkout, []))) {
    plain.set(
      schemaPath(node),
      node.musts.map(({ xpath }) => xpath.text),
    );
  }
  const whole = compiled(checkout, deviations);
  const added = (node: DataSchemaNode): readonly Must[] =>
    node.musts.filter(({ xpath }) => plain.get(schemaPath(node))?.includes(xpath.text) !== true);
  const [top] = whole.dataChildren.filter(({ module }) => module.name === "ietf-ntp");
  if (top === undefined || !isParent(top)) throw new Error("ietf-ntp has no container at its top");
  const rpcs = whole.rpcs.filter(({ module }) => module.name === "ietf-ntp");
  const identities = whole.identities.filter(({ module }) => served.includes(module.name));
  const identityRows = identities.map(
    ({ name, module, bases, description }) =>
      `| \`${module.name}:${name}\` | ${bases.map((b) => `\`${b.name}\``).join(", ")} | ` +
      `${cell(description ?? "")} |`,
  );
  return [
    introduction,
    ...sections(top, added),
    ...rpcs.flatMap(operation),
    "## Identities\n",
    "| identity | derived from | meaning |\n| --- | --- | --- |",
    ...identityRows,
    "",
  ].join("\n");
}

function compiled(checkout: string, withDeviations: readonly string[]): Schema {
  const { schema, diagnostics } = compile(
    {
      implement: served.map((name) => ({ name })),
      deviations: withDeviations,
      features: new Map(),
      otherFeatures: "all",
    },
    yangFolders([join(checkout, "yang")]),
  );
  const [error] = diagnostics.filter(({ severity }) => severity === "error");
  if (error !== undefined) throw new Error(`${error.position.file}: ${error.message}`);
  return schema;
}

function allNodes(schema: Schema): readonly DataSchemaNode[] {
  const below = (node: DataSchemaNode): readonly DataSchemaNode[] => [
    node,
    ...(isParent(node) ? node.dataChildren.flatMap(below) : []),
  ];
  return schema.dataChildren.flatMap(below);
}

function isParent(node: DataSchemaNode): node is Extract<DataSchemaNode, DataParent> {
  return node.kind === "container" || node.kind === "list";
}

type Added = (node: DataSchemaNode) => readonly Must[];

/** One section for each container and list: what it is, and a row for each leaf in it. */
function sections(node: Extract<DataSchemaNode, DataParent>, added: Added): readonly string[] {
  const below = node.dataChildren.filter(isParent);
  const leaves = node.dataChildren.filter((child): child is DataRow => !isParent(child));
  const asked = added(node).map((must) => `- ${words(must)}`);
  return [
    `## \`${path(node)}\`\n`,
    `*${facts(node).join(", ")}.* ${flat(node.description ?? "")}\n`,
    ...(typed(node).length === 0 ? [] : [`Typed: ${typed(node).join("; ")}.\n`]),
    ...(asked.length === 0 ? [] : [`Asked by ntpconfd:\n\n${asked.join("\n")}\n`]),
    ...(leaves.length === 0 ? [] : [table(leaves, added)]),
    ...below.flatMap((child) => sections(child, added)),
  ];
}

function table(leaves: readonly DataRow[], added: Added): string {
  const rows = leaves.map((leaf) => {
    const columns = [
      `\`${qualified(leaf)}\`${isKey(leaf) ? " (key)" : ""}`,
      isLeaf(leaf) ? cell(typeWords(leaf.type)) : leaf.kind,
      defaultWords(leaf),
      cell([meaning(leaf), ...conditions(leaf)].filter((text) => text !== "").join(" ")),
      cell(typed(leaf).join("; ")),
      cell(added(leaf).map(words).join("; ")),
    ];
    return `| ${columns.join(" | ")} |`;
  });
  const head =
    "| leaf | type | default | meaning | typed | asked by ntpconfd |\n" +
    "| --- | --- | --- | --- | --- | --- |";
  return `${head}\n${rows.join("\n")}\n`;
}

function operation({ name, description, input }: OperationSchema): readonly string[] {
  const leaves = input.dataChildren.filter((child): child is DataRow => !isParent(child));
  return [
    `## rpc \`${name}\`\n`,
    `${flat(description ?? "")}\n`,
    ...(leaves.length === 0 ? [] : [table(leaves, () => [])]),
  ];
}

/** The commands that set a node. */
function typed(node: DataSchemaNode): readonly string[] {
  const found = commandsByNode().get(path(node).replace(/\[[^\]]*\]/g, ""));
  return (found ?? []).map((command) => `\`${command}\``);
}

function facts(node: Extract<DataSchemaNode, DataParent>): readonly string[] {
  const found = [node.config ? "configuration" : "state"];
  if (node.kind === "list")
    found.push(`a list by ${node.keys.map((k) => `\`${k.name}\``).join(", ")}`);
  else if (node.presence !== undefined) found.push("there or not: it means something by itself");
  return [...found, ...node.ifFeatures.map((feature) => `feature \`${feature}\``)];
}

function conditions(node: DataRow): readonly string[] {
  const found = node.config ? [] : ["*State.*"];
  if (isLeaf(node) && node.units !== undefined) found.push(`Unit: ${node.units}.`);
  if (node.status !== "current") found.push(`*${node.status}*`);
  return [...found, ...node.ifFeatures.map((feature) => `Feature \`${feature}\`.`)];
}

function meaning({ description }: DataRow): string {
  const text = flat(description ?? "");
  return text === "" || /[.!]$/.test(text) ? text : `${text}.`;
}

function words({ errorMessage, description, xpath }: Must): string {
  return flat(errorMessage ?? description ?? `\`${xpath.text}\``);
}

function path(node: DataSchemaNode): string {
  const above = node.dataParent;
  const before = above?.kind === "container" || above?.kind === "list" ? path(above) : "";
  const keys = node.kind === "list" ? `[${node.keys.map(({ name }) => name).join("][")}]` : "";
  return `${before}/${qualified(node)}${keys}`;
}

function qualified({ name, module }: DataSchemaNode): string {
  return module.name === "ntpconfd-ntp" ? `nd:${name}` : name;
}

function isLeaf(node: DataRow): node is LeafSchema | LeafListSchema {
  return node.kind === "leaf" || node.kind === "leaf-list";
}

function isKey(node: DataRow): boolean {
  return node.kind === "leaf" && node.isKey;
}

function defaultWords(node: DataRow): string {
  if (node.kind === "leaf" && node.default !== undefined) return `\`${node.default}\``;
  if (node.kind === "leaf" && node.mandatory && node.config) return "must be given";
  return "";
}

/** A type as a manager needs it: what may be written there. */
function typeWords(type: Type): string {
  switch (type.base) {
    case "leafref":
      return `the \`${type.target.name}\` of a \`${type.target.dataParent?.name ?? ""}\` entry`;
    case "identityref":
      return `identity of ${type.bases.map(({ name }) => `\`${name}\``).join(", ")}`;
    case "enumeration":
      return [...type.enums.keys()].map((name) => `\`${name}\``).join(", ");
    case "bits":
      return [...type.bits.keys()].map((name) => `\`${name}\``).join(" ");
    case "union":
      return type.typedef === undefined ? type.members.map(typeWords).join(" or ") : named(type);
    default:
      return `${named(type)}${limits(type)}`;
  }
}

function named(type: Type): string {
  return type.typedef?.replace(/^.*:/, "") ?? type.base;
}

function limits(type: Type): string {
  const texts = [
    ...("ranges" in type ? type.ranges : []),
    ...("lengths" in type ? type.lengths : []),
  ].map(({ text }) => text);
  return texts.length === 0 ? "" : ` (${texts.join(", ")})`;
}

function flat(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function cell(text: string): string {
  return flat(text).replaceAll("|", "\\|");
}

if (process.argv[1] !== undefined && resolve(process.argv[1]).endsWith("/scripts/reference.js")) {
  writeFileSync(join(process.cwd(), "docs/reference-ntp.md"), referencePage(process.cwd()));
}
