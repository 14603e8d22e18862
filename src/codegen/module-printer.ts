import type {
  ChoiceSchema,
  DataSchemaNode,
  LeafListSchema,
  LeafSchema,
  Module,
  OperationSchema,
  SchemaNode,
} from "../yang/index.ts";
import { type CodeFile, lineWidth } from "./code-file.ts";
import { memberDoc, propertyName } from "./member-text.ts";
import type { AliasHomes, ModuleContent } from "./module-content.ts";
import { typeName } from "./names.ts";
import { type Alternatives, aliasOf, alternativesOf } from "./value-types.ts";
import { isRequired, layoutOf, type Member, type View, viewsDiffer } from "./views.ts";

/** One tree to print: a node with children, a structure, the top of a module. */
interface Tree {
  /** What its name is kept under. */
  readonly key: object;
  readonly path: readonly string[];
  readonly doc: string;
  /** The module that unqualified member names are of; undefined: every name is qualified. */
  readonly module: Module | undefined;
  readonly config: boolean;
  readonly children: readonly SchemaNode[];
}

/** Prints the types of one module to its file. */
export class ModulePrinter {
  readonly #file: CodeFile;
  readonly #content: ModuleContent;
  readonly #homes: AliasHomes;
  #usesElement = false;

  constructor(file: CodeFile, content: ModuleContent, homes: AliasHomes) {
    this.#file = file;
    this.#content = content;
    this.#homes = homes;
  }

  print(): void {
    const { module, children, rpcs, notifications, structures } = this.#content;
    if (children.length > 0) {
      const doc = `The top of ${module.name} in a datastore.`;
      const path = [module.name];
      this.#tree({ key: module, path, doc, module: undefined, config: true, children }, []);
    }
    for (const rpc of rpcs) this.#halves(rpc, []);
    this.#operationTable(rpcs);
    for (const node of notifications) {
      const path = [node.name, "notification"];
      this.#tree({ ...treeOf(node, path), key: node, config: false }, path);
    }
    for (const structure of structures) {
      const path = [structure.name, "structure"];
      const doc = `The structure ${structure.name}.`;
      const { children: inside } = structure;
      this.#tree({ key: structure, path, doc, module, config: false, children: inside }, path);
    }
    this.#aliases();
    if (this.#usesElement) this.#element();
  }

  /** The tree's type in each view that it has, then the types of all below it. */
  #tree(tree: Tree, path: readonly string[]): void {
    const views: readonly View[] = tree.children.some(viewsDiffer)
      ? ["explicit", "effective"]
      : ["explicit"];
    for (const view of views) this.#declaration(tree, path, view);
    for (const choice of layoutOf(tree.children).choices) this.#choice(choice, tree, path);
    for (const child of inData(tree.children)) {
      if (child.kind !== "container" && child.kind !== "list") continue;
      const below = [...path, child.name];
      this.#tree(treeOf(child, below), below);
      for (const action of child.actions) this.#halves(action, below);
      for (const node of child.notifications) {
        const inner = [...below, node.name, "notification"];
        this.#tree({ ...treeOf(node, inner), config: false }, inner);
      }
    }
  }

  #declaration(tree: Tree, path: readonly string[], view: View): void {
    const { members, choices } = layoutOf(tree.children);
    const name = this.#name(tree.key, tree.path, undefined, view);
    const base = this.#name(tree.key, tree.path, undefined, "explicit");
    this.#file.doc(view === "explicit" ? tree.doc : `${base} with the defaults in use.`, "");
    if (choices.length === 0) {
      // An effective interface extends the explicit one: it holds only what differs.
      const head = `export interface ${name}`;
      const extending = view === "effective" ? `extends ${base} {` : "{";
      const isShort = head.length + 1 + extending.length <= lineWidth;
      const opening = isShort ? [`${head} ${extending}`] : [head, `  ${extending}`];
      const shown =
        view === "effective" ? members.filter(({ node }) => viewsDiffer(node)) : members;
      const lines = this.#members(shown, tree, path, view, "  ");
      this.#file.print(...opening, ...lines, "}", "");
      return;
    }
    const parts = choices.map((choice) => this.#choiceName(choice, path, view)).join(" & ");
    if (members.length === 0) {
      this.#file.print(...declared(name, [parts]), "");
      return;
    }
    const lines = this.#members(members, tree, path, view, "  ");
    this.#file.print(`export type ${name} = {`, ...lines, `} & ${parts};`, "");
  }

  /** A union of the cases: who sets a node of one sets none of another. */
  #choice(choice: ChoiceSchema, tree: Tree, path: readonly string[]): void {
    const views: readonly View[] = viewsDiffer(choice) ? ["explicit", "effective"] : ["explicit"];
    const cases = choice.cases.filter((branch) => branch.dataChildren.length > 0);
    for (const view of views) {
      const lines = cases.flatMap((branch) => {
        const layout = layoutOf(branch.children, "alternative");
        const others = cases.filter((other) => other !== branch);
        const nested = layout.choices.map((one) => ` & ${this.#choiceName(one, path, view)}`);
        return [
          "  | {",
          ...this.#members(layout.members, tree, path, view, "      "),
          ...absent(
            others.flatMap((other) => other.dataChildren),
            tree.module,
          ),
          `    }${nested.join("")}`,
        ];
      });
      if (!choice.mandatory && !(view === "effective" && choice.defaultCase !== undefined)) {
        const all = cases.flatMap((branch) => branch.dataChildren);
        lines.push("  | {", ...absent(all, tree.module), "    }");
      }
      this.#file.doc(choice.description ?? "", "");
      this.#file.print(`export type ${this.#choiceName(choice, path, view)} =`);
      this.#file.print(...lines.slice(0, -1), `${lines.at(-1) ?? ""};`, "");
    }
    for (const branch of cases) {
      for (const inner of layoutOf(branch.children).choices) this.#choice(inner, tree, path);
    }
  }

  #members(
    members: readonly Member[],
    tree: Tree,
    path: readonly string[],
    view: View,
    indent: string,
  ): readonly string[] {
    return members.flatMap((member) => {
      const mark = isRequired(member, tree.config, view) ? "" : "?";
      const name = `${propertyName(member.node, tree.module)}${mark}`;
      const type = this.#type(member.node, path, view);
      // Editors show the explicit member's text for the effective one too.
      const doc = view === "explicit" ? memberDoc(member.node, indent) : [];
      return [...doc, ...property(name, type, indent)];
    });
  }

  #type(node: DataSchemaNode, path: readonly string[], view: View): Alternatives {
    switch (node.kind) {
      case "leaf":
        return this.#valueType(node);
      case "leaf-list": {
        const items = this.#valueType(node);
        const one = items.join(" | ");
        return [`readonly ${items.length > 1 ? `(${one})` : one}[]`];
      }
      case "container":
        return [this.#nodeName(node, path, view)];
      case "list": {
        const entry = this.#nodeName(node, path, view);
        if (node.keys.length === 0) return [`readonly ${entry}[]`];
        return [`ReadonlyMap<string, ${entry}>`];
      }
      case "anydata":
      case "anyxml":
        this.#usesElement = true;
        return ["readonly XmlElement[]"];
    }
  }

  #valueType(node: LeafSchema | LeafListSchema): Alternatives {
    const alias = aliasOf(node.type);
    const user = this.#content.module.name;
    const found = alias === undefined ? undefined : this.#homes.find(alias, user);
    if (alias === undefined || found === undefined) return alternativesOf(node.type);
    if (found.home === user) return [found.name];
    const local = this.#homes.names(user).of(alias.id, found.name);
    this.#file.importType(`./${found.home}.ts`, found.name, local);
    return [local];
  }

  /** Input and output of an operation, where they hold anything. */
  #halves(operation: OperationSchema, path: readonly string[]): void {
    for (const half of [operation.input, operation.output]) {
      if (half.children.length === 0) continue;
      const below = [...path, operation.name, half.kind];
      const doc = `The ${half.kind} of ${operation.name}.`;
      this.#tree({ ...treeOf(half, below), doc, config: false }, below);
    }
  }

  #operationTable(rpcs: readonly OperationSchema[]): void {
    if (rpcs.length === 0) return;
    const name = this.#homes
      .names(this.#content.module.name)
      .of("operations", typeName([this.#content.module.name, "operations"]));
    this.#file.doc("The module's rpcs: what goes in and what comes out.", "");
    this.#file.print(`export interface ${name} {`);
    for (const rpc of rpcs) {
      this.#file.doc(rpc.description ?? "", "  ");
      this.#file.print(`  readonly "${rpc.module.name}:${rpc.name}": {`);
      for (const half of [rpc.input, rpc.output]) {
        const empty = half.children.length === 0;
        const type = empty
          ? "Readonly<Record<string, never>>"
          : this.#name(half, [rpc.name, half.kind], undefined, "explicit");
        this.#file.print(`    readonly ${half.kind}: ${type};`);
      }
      this.#file.print("  };");
    }
    this.#file.print("}", "");
  }

  #aliases(): void {
    const { name: module } = this.#content.module;
    for (const alias of this.#homes.of(module)) {
      const name = this.#homes.find(alias, module)?.name ?? alias.name;
      this.#file.doc(alias.description, "");
      this.#file.print(...declared(name, alias.alternatives), "");
    }
  }

  #element(): void {
    this.#file.doc("What stands inside anydata and anyxml: one XML element, resolved.", "");
    this.#file.print(
      "export interface XmlElement {",
      '  readonly "namespace": string;',
      '  readonly "name": string;',
      '  readonly "children": readonly XmlElement[];',
      '  readonly "text": string;',
      "}",
      "",
    );
  }

  #nodeName(node: DataSchemaNode, path: readonly string[], view: View): string {
    return this.#name(
      node,
      [...path, node.name],
      node.module,
      viewsDiffer(node) ? view : "explicit",
    );
  }

  #choiceName(choice: ChoiceSchema, path: readonly string[], view: View): string {
    const shown = viewsDiffer(choice) ? view : "explicit";
    return this.#name(choice, [...path, choice.name, "choice"], choice.module, shown);
  }

  #name(key: object, path: readonly string[], module: Module | undefined, view: View): string {
    const names = this.#homes.names(this.#content.module.name);
    const wanted = typeName(path);
    const qualified = typeName([...path.slice(0, -1), module?.name ?? "", path.at(-1) ?? ""]);
    const name = names.of(key, wanted, qualified);
    return view === "explicit" ? name : names.of(`effective ${name}`, `Effective${name}`);
  }
}

function treeOf(
  node: Extract<SchemaNode, { readonly children: readonly SchemaNode[] }>,
  path: readonly string[],
): Tree {
  const { module, config, children, description: doc = "" } = node;
  return { key: node, path, doc, module, config, children };
}

/** Children as they stand in data: choices and cases looked through. */
function inData(children: readonly SchemaNode[]): readonly SchemaNode[] {
  return children.flatMap((child) =>
    child.kind === "choice" ? child.cases.flatMap((branch) => inData(branch.children)) : [child],
  );
}

function property(name: string, alternatives: Alternatives, indent: string): readonly string[] {
  const line = `${indent}readonly ${name}: ${alternatives.join(" | ")};`;
  if (line.length <= lineWidth || alternatives.length === 1) return [line];
  const branches = alternatives.map((text) => `${indent}  | ${text}`);
  return [`${indent}readonly ${name}:`, ...branches.slice(0, -1), `${branches.at(-1) ?? ""};`];
}

/** A type alias, over as many lines as it takes. */
function declared(name: string, alternatives: Alternatives): readonly string[] {
  const line = `export type ${name} = ${alternatives.join(" | ")};`;
  if (line.length <= lineWidth) return [line];
  const branches = alternatives.map((text) => (alternatives.length === 1 ? text : `| ${text}`));
  return [`export type ${name} =`, ...branches.map((text) => `  ${text}`)].with(
    -1,
    `  ${branches.at(-1) ?? ""};`,
  );
}

function absent(nodes: readonly DataSchemaNode[], module: Module | undefined): readonly string[] {
  return nodes.map((node) => `      readonly ${propertyName(node, module)}?: never;`);
}
