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

// Writes docs/reference-ntp.md and docs/reference-server.md: `npm run reference`. A test holds what
// is committed against it.

/** A page of the manual: every node of a container at the top, and what belongs to it. */
interface Page {
  readonly file: string;
  readonly introduction: string;
  /** The module of the container, its rpcs and notifications first, then what augments it. */
  readonly modules: readonly [string, ...string[]];
  /** What they ask beside the modules. */
  readonly deviations: readonly string[];
  /** Whether its tables leave out a column that would be empty. */
  readonly isNarrow: boolean;
}

const ntpIntroduction = `# Reference: every node of \`/ntp\`

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

const serverIntroduction = `# Reference: every node of \`/server\`

How managers reach the agent and how it reaches them, made from our own YANG module ntpconfd-server
(namespace \`urn:ntpconfd:yang:server\`): listeners, calls home, TLS, SSH, and the bounds of sessions.
[tls-and-call-home.md](tls-and-call-home.md) shows it in use. Keys of lists are in brackets.

A commit puts a change to work at once, without a restart, for connections from then on: what is open
stays open. *Asked by ntpconfd* is what refuses a configuration when it is validated, in the words given
here. Nodes marked *state* are read only. To write any of it takes a rule of access control
(\`nacm:default-deny-write\`), to read a private key in clear another one
(\`nacm:default-deny-all\`).

\`npm run reference\` writes this page.
`;

export const pages: readonly Page[] = [
  {
    file: "docs/reference-ntp.md",
    introduction: ntpIntroduction,
    modules: ["ietf-ntp", "ntpconfd-ntp"],
    deviations: ["ntpconfd-ntp-deviations"],
    isNarrow: false,
  },
  {
    file: "docs/reference-server.md",
    introduction: serverIntroduction,
    modules: ["ntpconfd-server"],
    deviations: [],
    isNarrow: true,
  },
];

type DataRow = Exclude<DataSchemaNode, DataParent>;

/** The text of a page. */
export function referencePage(checkout: string, page: Page): string {
  const { modules, deviations } = page;
  const [first] = modules;
  const whole = compiled(checkout, page, deviations);
  const asked = askedBeside(checkout, page);
  const [top] = whole.dataChildren.filter(({ module }) => module.name === first);
  if (top === undefined || !isParent(top)) throw new Error(`${first} has no container at its top`);
  const rpcs = whole.rpcs.filter(({ module }) => module.name === first);
  const notifications = whole.notifications.filter(({ module }) => modules.includes(module.name));
  const identities = whole.identities.filter(({ module }) => modules.includes(module.name));
  const identityRows = identities.map(
    ({ name, module, bases, description }) =>
      `| \`${module.name}:${name}\` | ${bases.map((b) => `\`${b.name}\``).join(", ")} | ` +
      `${cell(description ?? "")} |`,
  );
  const manner = { asked, isNarrow: page.isNarrow };
  const identityTable = [
    "## Identities\n",
    "| identity | derived from | meaning |\n| --- | --- | --- |",
    ...identityRows,
    "",
  ];
  return [
    page.introduction,
    ...sections(top, manner),
    ...rpcs.flatMap((rpc) => apart(`rpc \`${rpc.name}\``, rpc, rpc.input, manner)),
    ...notifications.flatMap((one) => apart(`notification \`${one.name}\``, one, one, manner)),
    ...(identityRows.length === 0 ? [] : identityTable),
  ].join("\n");
}

/** What a node asks: of the published modules, that alone which our deviations add. */
function askedBeside(checkout: string, page: Page): (node: DataSchemaNode) => readonly Must[] {
  if (page.deviations.length === 0) return ({ musts }) => musts;
  const plain = new Map<string, readonly string[]>();
  for (const node of allNodes(compiled(checkout, page, []))) {
    plain.set(
      schemaPath(node),
      node.musts.map(({ xpath }) => xpath.text),
    );
  }
  return (node) =>
    node.musts.filter(({ xpath }) => plain.get(schemaPath(node))?.includes(xpath.text) !== true);
}

function compiled(checkout: string, { modules }: Page, deviations: readonly string[]): Schema {
  const { schema, diagnostics } = compile(
    {
      implement: modules.map((name) => ({ name })),
      deviations,
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

/** What a section is made with. */
interface Manner {
  readonly asked: (node: DataSchemaNode) => readonly Must[];
  readonly isNarrow: boolean;
}

/** One section for each container and list: what it is, and a row for each leaf in it. */
function sections(node: Extract<DataSchemaNode, DataParent>, manner: Manner): readonly string[] {
  const below = node.dataChildren.filter(isParent);
  const leaves = node.dataChildren.filter((child): child is DataRow => !isParent(child));
  const asked = manner.asked(node).map((must) => `- ${words(must)}`);
  return [
    `## \`${path(node)}\`\n`,
    `*${facts(node).join(", ")}.* ${flat(node.description ?? "")}\n`,
    ...(typed(node).length === 0 ? [] : [`Typed: ${typed(node).join("; ")}.\n`]),
    ...(asked.length === 0 ? [] : [`Asked by ntpconfd:\n\n${asked.join("\n")}\n`]),
    ...(leaves.length === 0 ? [] : [table(leaves, manner)]),
    ...below.flatMap((child) => sections(child, manner)),
  ];
}

const heads = ["leaf", "type", "default", "meaning", "typed", "asked by ntpconfd"];

function table(leaves: readonly DataRow[], { asked, isNarrow }: Manner): string {
  const rows = leaves.map((leaf) => {
    return [
      `\`${qualified(leaf)}\`${isKey(leaf) ? " (key)" : ""}`,
      isLeaf(leaf) ? cell(typeWords(leaf.type)) : leaf.kind,
      defaultWords(leaf),
      cell([meaning(leaf), ...conditions(leaf)].filter((text) => text !== "").join(" ")),
      cell(typed(leaf).join("; ")),
      cell(asked(leaf).map(words).join("; ")),
    ];
  });
  // The last two are the exception where there are no commands.
  const isKept = heads.map((_, i) => !isNarrow || i < 4 || rows.some((row) => row[i] !== ""));
  const line = (cells: readonly string[]): string =>
    `| ${cells.filter((_, i) => isKept[i]).join(" | ")} |`;
  return `${[heads, heads.map(() => "---"), ...rows].map(line).join("\n")}\n`;
}

/** What is no part of the datastores: the leaves of an rpc's input, or of a notification. */
function apart(
  title: string,
  { description }: Pick<OperationSchema, "description">,
  { dataChildren }: Pick<OperationSchema["input"], "dataChildren">,
  { isNarrow }: Manner,
): readonly string[] {
  const leaves = dataChildren.filter((child): child is DataRow => !isParent(child));
  return [
    `## ${title}\n`,
    `${flat(description ?? "")}\n`,
    ...(leaves.length === 0 ? [] : [table(leaves, { asked: () => [], isNarrow })]),
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
  const where = node.dataParent?.kind;
  const isState = !node.config && where !== "input" && where !== "notification";
  const found = isState ? ["*State.*"] : [];
  if (isLeaf(node) && node.units !== undefined) found.push(`Unit: ${node.units}.`);
  const choice = node.parent?.parent;
  if (choice?.kind === "choice" && choice.mandatory && choice.cases.length > 1) {
    const names = choice.cases.map(({ name }) => `\`${name}\``).join(", ");
    found.push(`One of ${names} must be given.`);
  }
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
  const checkout = process.cwd();
  for (const page of pages) writeFileSync(join(checkout, page.file), referencePage(checkout, page));
}
