import type { Module, Schema, SchemaNode, Status } from "./schema.ts";
import type { Type } from "./type.ts";

const STATUS: Readonly<Record<Status, string>> = { current: "+", deprecated: "x", obsolete: "o" };

/** RFC 8340 section 2.6: what a node may do where it stands. */
type Access = "rw" | "ro" | "-w";

/** A module as a tree diagram (RFC 8340), a line each. */
export function printTree(schema: Schema, module: Module): readonly string[] {
  const tree = new TreePrinter(module);
  const ours = (node: SchemaNode): boolean => node.module === module;
  tree.section(`module: ${module.name}`, schema.children.filter(ours), 2);
  for (const [parent, nodes] of augmented(schema, module)) {
    tree.section(`  augment ${tree.path(parent)}:`, nodes, 4);
  }
  tree.section("  rpcs:", schema.rpcs.filter(ours), 4);
  tree.section("  notifications:", schema.notifications.filter(ours), 4);
  for (const structure of schema.structures) {
    if (structure.module !== module) continue;
    tree.section(`  structure ${structure.name}:`, structure.children, 4);
  }
  return tree.lines;
}

/** What the module adds to others, by where. */
function augmented(schema: Schema, module: Module): ReadonlyMap<SchemaNode, readonly SchemaNode[]> {
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
  const structures = schema.structures.flatMap(({ children }) => children);
  for (const top of [schema.children, schema.rpcs, schema.notifications, structures]) {
    for (const node of top) visit(node);
  }
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

  section(title: string, nodes: readonly SchemaNode[], indent: number): void {
    const isModule = this.lines.length === 0;
    if (nodes.length === 0 && !isModule) return;
    if (!isModule) this.lines.push("");
    this.lines.push(title);
    this.#siblings(nodes, " ".repeat(indent));
  }

  /** A schema node identifier, with the prefixes that the module uses. */
  path(node: SchemaNode): string {
    const steps: string[] = [];
    for (let at: SchemaNode | undefined = node; at !== undefined; at = at.parent) {
      steps.push(`${this.#prefixOf(at.module)}:${at.name}`);
    }
    return `/${steps.reverse().join("/")}`;
  }

  #siblings(nodes: readonly SchemaNode[], margin: string): void {
    const width = Math.max(0, ...nodes.filter(isTyped).map((node) => this.#plain(node).length + 1));
    nodes.forEach((node, i) => {
      this.lines.push(margin + this.#line(node, width));
      const isLast = i === nodes.length - 1;
      this.#siblings(childrenOf(node), `${margin}${isLast ? " " : "|"}  `);
    });
  }

  #line(node: SchemaNode, width: number): string {
    const status = STATUS[node.status];
    const { ifFeatures } = node;
    const features = ifFeatures.length === 0 ? "" : ` {${ifFeatures.join(",")}}?`;
    if (node.kind === "case") return `${status}--:(${this.#plain(node)})${features}`;
    if (node.kind === "input") return `${status}---w input`;
    if (node.kind === "output") return `${status}--ro output`;
    const name = this.#name(node);
    const type = this.#type(node);
    const padded = type === "" ? name : `${name.padEnd(width)}   ${type}`;
    const keys = node.kind === "list" && node.keys.length > 0 ? keysOf(node.keys) : "";
    return `${status}--${access(node)} ${padded}${keys}${features}`;
  }

  #name(node: SchemaNode): string {
    const name = this.#plain(node);
    return node.kind === "choice" ? `(${name})${options(node)}` : `${name}${options(node)}`;
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
    return type.typedef;
  }
}

function keysOf(keys: readonly { readonly name: string }[]): string {
  return ` [${keys.map(({ name }) => name).join(" ")}]`;
}

function isTyped({ kind }: SchemaNode): boolean {
  return ["leaf", "leaf-list", "anydata", "anyxml"].includes(kind);
}

function access(node: SchemaNode): Access | "-x" | "-n" {
  if (node.kind === "rpc" || node.kind === "action") return "-x";
  if (node.kind === "notification") return "-n";
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (at.kind === "input") return "-w";
    if (at.kind === "output" || at.kind === "notification") return "ro";
  }
  return node.config ? "rw" : "ro";
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
