import type {
  ExtensionUse,
  Module,
  Schema,
  SchemaNode,
  Status,
  StructureSchema,
} from "./schema.ts";
import { substatement, substatements } from "./substatement.ts";
import { groupingTrees } from "./tree-groupings.ts";
import { type TreeNode, treeLines } from "./tree-lines.ts";
import type { Type } from "./type.ts";

const STATUS: Readonly<Record<Status, string>> = { current: "+", deprecated: "x", obsolete: "o" };

/** RFC 8340 section 2.6: what a node may do where it stands; "" where that says nothing. */
type Access = "" | "rw" | "ro" | "-w" | "-x" | "-n" | "mp";

/** A module as a tree diagram (RFC 8340), a line each. */
export function printTree(schema: Schema, module: Module): readonly string[] {
  const tree = new TreePrinter(module);
  const ours = (node: SchemaNode): boolean => node.module === module;
  const datastores = [schema.children, schema.rpcs, schema.notifications].flat();
  tree.section(`module: ${module.name}`, schema.children.filter(ours), 2);
  for (const [parent, nodes] of augmented(datastores, module)) {
    tree.section(`  augment ${tree.path(parent)}:`, nodes, 4);
  }
  tree.section("  rpcs:", schema.rpcs.filter(ours), 4);
  tree.section("  notifications:", schema.notifications.filter(ours), 4);
  for (const structure of schema.structures) structureSections(tree, structure, module);
  for (const [name, nodes] of groupingTrees(module)) tree.nodes(`  grouping ${name}:`, nodes, 4);
  return tree.lines;
}

/** RFC 8340 section 2.4, RFC 8791 section 3: the module's own, and what it adds to others. */
function structureSections(tree: TreePrinter, structure: StructureSchema, module: Module): void {
  const { extension, name, children } = structure;
  if (structure.module === module) {
    tree.section(`  ${extension} ${name}:`, children, 4, "bare");
    return;
  }
  const top = tree.qualified(structure.module, name);
  const added = children.filter((node) => node.module === module);
  if (added.length > 0) tree.section(`  augment-structure /${top}:`, added, 4, "bare");
  for (const [parent, nodes] of augmented(children, module)) {
    tree.section(`  augment-structure /${top}${tree.path(parent)}:`, nodes, 4, "bare");
  }
}

/** What the module adds to others, by where. */
function augmented(
  tops: readonly SchemaNode[],
  module: Module,
): ReadonlyMap<SchemaNode, readonly SchemaNode[]> {
  const found = new Map<SchemaNode, SchemaNode[]>();
  const visit = (node: SchemaNode): void => {
    const { parent } = node;
    if (node.module === module && parent !== undefined && parent.module !== module) {
      const known = found.get(parent);
      if (known === undefined) found.set(parent, [node]);
      else known.push(node);
    }
    for (const child of childrenOf(node)) visit(child);
  };
  for (const node of tops) visit(node);
  return found;
}

function childrenOf(node: SchemaNode): readonly SchemaNode[] {
  switch (node.kind) {
    case "container":
    case "list":
      return [...node.children, ...node.actions, ...node.notifications];
    case "choice":
      return node.cases;
    case "rpc":
    case "action":
      return [node.input, node.output].filter((inOut) => inOut.children.length > 0);
    case "case":
    case "input":
    case "output":
    case "notification":
      return node.children;
    default:
      return [];
  }
}

class TreePrinter {
  readonly lines: string[] = [];
  readonly #module: Module;
  readonly #prefixes: ReadonlyMap<Module, string>;

  constructor(module: Module) {
    this.#module = module;
    this.#prefixes = new Map([...module.prefixes].map(([prefix, other]) => [other, prefix]));
  }

  /** "bare": outside the datastores, where nothing is configuration or state. */
  section(
    title: string,
    nodes: readonly SchemaNode[],
    indent: number,
    form: "data" | "bare" = "data",
  ): void {
    const made = nodes.map((node) => this.#node(node, form));
    this.nodes(title, made, indent);
  }

  nodes(title: string, nodes: readonly TreeNode[], indent: number): void {
    const isModule = this.lines.length === 0;
    if (nodes.length === 0 && !isModule) return;
    if (!isModule) this.lines.push("");
    this.lines.push(title, ...treeLines(nodes, " ".repeat(indent)));
  }

  /** A schema node identifier, with the prefixes that the module uses. */
  path(node: SchemaNode): string {
    const steps: string[] = [];
    for (let at: SchemaNode | undefined = node; at !== undefined; at = at.parent) {
      steps.push(this.qualified(at.module, at.name));
    }
    return `/${steps.reverse().join("/")}`;
  }

  qualified(module: Module, name: string): string {
    return `${this.#prefixOf(module)}:${name}`;
  }

  #node(node: SchemaNode, form: "data" | "bare"): TreeNode {
    const isCase = node.kind === "case";
    const flags = isCase ? ":" : `${access(node, form)} `;
    const keys = node.kind === "list" && node.keys.length > 0 ? keysOf(node.keys) : "";
    const { ifFeatures } = node;
    const features = ifFeatures.length === 0 ? "" : ` {${ifFeatures.join(",")}}?`;
    return {
      mark: `${STATUS[node.status]}--${flags}`,
      name: this.#plain(node),
      isEnclosed: isCase || node.kind === "choice",
      options: options(node),
      type: this.#type(node),
      suffix: `${keys}${features}`,
      children: childrenOf(node).map((child) => this.#node(child, form)),
    };
  }

  #plain(node: SchemaNode): string {
    const { module, name, parent } = node;
    const isForeign = module !== this.#module && parent?.module !== module;
    return isForeign ? `${this.#prefixOf(module)}:${name}` : name;
  }

  #prefixOf(module: Module): string {
    return this.#prefixes.get(module) ?? module.prefix;
  }

  #type(node: SchemaNode): string {
    if (node.kind === "anydata" || node.kind === "anyxml") return `<${node.kind}>`;
    if (node.kind !== "leaf" && node.kind !== "leaf-list") return "";
    return this.#typeName(node.type);
  }

  #typeName(type: Type): string {
    if (type.typedef === undefined) {
      return type.base === "leafref" ? `-> ${type.path.text.replace(/\s+/g, " ")}` : type.base;
    }
    const [owner, name = ""] = type.typedef.split(":");
    if (owner === this.#module.name) return name;
    for (const [prefix, { name: other }] of this.#module.prefixes) {
      if (other === owner) return `${prefix}:${name}`;
    }
    const prefix = submodulePrefix(this.#module, owner);
    return prefix === undefined ? type.typedef : `${prefix}:${name}`;
  }
}

function keysOf(keys: readonly { readonly name: string }[]): string {
  return ` [${keys.map(({ name }) => name).join(" ")}]`;
}

/** The prefix of a module that a submodule alone imports. */
function submodulePrefix({ submodules }: Module, name: string | undefined): string | undefined {
  for (const { statement } of submodules) {
    const own = substatements(statement, "import").find(({ argument }) => argument === name);
    const prefix = own === undefined ? undefined : substatement(own, "prefix")?.argument;
    if (prefix !== undefined) return prefix;
  }
  return undefined;
}

function access(node: SchemaNode, form: "data" | "bare"): Access {
  if (node.kind === "input") return "-w";
  if (node.kind === "output") return "ro";
  if (node.kind === "rpc" || node.kind === "action") return "-x";
  if (node.kind === "notification") return "-n";
  if (node.extensions.some(isMountPoint)) return "mp";
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (at.kind === "input") return "-w";
    if (at.kind === "output" || at.kind === "notification") return "ro";
  }
  if (form === "bare") return "";
  return node.config ? "rw" : "ro";
}

/** RFC 8528. */
function isMountPoint({ module, name }: ExtensionUse): boolean {
  return module === "ietf-yang-schema-mount" && name === "mount-point";
}

/** Section 2.6: `?` optional, `!` presence, `*` several. */
function options(node: SchemaNode): string {
  switch (node.kind) {
    case "leaf":
      return node.mandatory || node.isKey ? "" : "?";
    case "choice":
    case "anydata":
    case "anyxml":
      return node.mandatory ? "" : "?";
    case "container":
      return node.presence === undefined ? "" : "!";
    case "list":
    case "leaf-list":
      return "*";
    default:
      return "";
  }
}
