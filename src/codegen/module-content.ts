import { assert } from "../base/index.ts";
import type {
  DataSchemaNode,
  Module,
  NotificationSchema,
  OperationSchema,
  Schema,
  SchemaNode,
  StructureSchema,
} from "../yang/index.ts";
import { Names, typeName } from "./names.ts";
import { type Alias, aliasOf } from "./value-types.ts";

/** What of a schema goes into the file of one module. Augmented nodes are where they hang. */
export interface ModuleContent {
  readonly module: Module;
  /** Top-level nodes. */
  readonly children: readonly SchemaNode[];
  readonly rpcs: readonly OperationSchema[];
  readonly notifications: readonly NotificationSchema[];
  readonly structures: readonly StructureSchema[];
}

export function contentOf(schema: Schema, module: Module): ModuleContent {
  return {
    module,
    children: schema.children.filter((node) => node.module === module),
    rpcs: schema.rpcs.filter((rpc) => rpc.module === module),
    notifications: schema.notifications.filter((one) => one.module === module),
    structures: schema.structures.filter((structure) => structure.module === module),
  };
}

/** Where the named value types of all files live: with their module, or else with their user. */
export class AliasHomes {
  /** The names of each file, by its module; aliases come first. */
  readonly #names = new Map<string, Names>();
  readonly #aliases = new Map<string, Alias[]>();
  readonly #seen = new Map<string, Alias>();

  constructor(contents: readonly ModuleContent[]) {
    for (const { module } of contents) this.#names.set(module.name, new Names());
    for (const content of contents) {
      for (const node of allData(content)) this.#meet(node, content.module.name);
    }
  }

  names(module: string): Names {
    const names = this.#names.get(module);
    assert(names !== undefined, "every generated module has its names");
    return names;
  }

  /** The aliases that a module's file declares, by name. */
  of(module: string): readonly Alias[] {
    return this.#aliases.get(module) ?? [];
  }

  /** Where the alias is declared for a user; undefined: another type goes by that name. */
  find(alias: Alias, user: string): { readonly home: string; readonly name: string } | undefined {
    const home = this.#homeOf(alias, user);
    const known = this.#seen.get(`${home} ${alias.id}`);
    if (known === undefined || !sameAlternatives(known, alias)) return undefined;
    return { home, name: this.names(home).of(alias.id, typeName([alias.name])) };
  }

  #meet(node: DataSchemaNode, user: string): void {
    const alias = "type" in node ? aliasOf(node.type) : undefined;
    if (alias === undefined) return;
    const home = this.#homeOf(alias, user);
    const key = `${home} ${alias.id}`;
    if (this.#seen.has(key)) return;
    this.#seen.set(key, alias);
    this.#aliases.set(home, [...this.of(home), alias]);
    this.names(home).of(alias.id, typeName([alias.name]));
  }

  #homeOf(alias: Alias, user: string): string {
    return this.#names.has(alias.module) ? alias.module : user;
  }
}

/** A typedef that a leaf restricts further keeps its name, but is another type. */
function sameAlternatives(a: Alias, b: Alias): boolean {
  return a.alternatives.join() === b.alternatives.join();
}

function allData(content: ModuleContent): readonly DataSchemaNode[] {
  const trees: readonly SchemaNode[] = [
    ...content.children,
    ...content.rpcs,
    ...content.notifications,
    ...content.structures.flatMap((structure) => structure.children),
  ];
  return trees.flatMap(dataBelow);
}

function dataBelow(node: SchemaNode): readonly DataSchemaNode[] {
  switch (node.kind) {
    case "leaf":
    case "leaf-list":
    case "anydata":
    case "anyxml":
      return [node];
    case "container":
    case "list":
      return [
        node,
        ...[...node.children, ...node.actions, ...node.notifications].flatMap(dataBelow),
      ];
    case "choice":
      return node.cases.flatMap(dataBelow);
    case "case":
    case "input":
    case "output":
    case "notification":
      return node.children.flatMap(dataBelow);
    case "rpc":
    case "action":
      return [node.input, node.output].flatMap(dataBelow);
  }
}
