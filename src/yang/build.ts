import { listKeys, listUniques } from "./build-list.ts";
import {
  buildMusts,
  buildWhens,
  defaultDenyOf,
  extensionsOf,
  ifFeaturesOf,
  statusOf,
} from "./build-parts.ts";
import type { Building } from "./building.ts";
import { type Draft, property, scopeOf } from "./draft.ts";
import { hint } from "./hint.ts";
import type { LinkedModule } from "./link.ts";
import type { Names } from "./names.ts";
import type { Report } from "./report.ts";
import type {
  AnySchema,
  CaseSchema,
  ChoiceSchema,
  ContainerSchema,
  DataParent,
  DataSchemaNode,
  InOutSchema,
  LeafListSchema,
  LeafSchema,
  ListSchema,
  Module,
  NotificationSchema,
  OperationSchema,
  SchemaNode,
  Status,
  When,
} from "./schema.ts";
import type { Type } from "./type.ts";
import { inherited, resolveType, type TypeHooks } from "./types.ts";

/** A leaf or leaf-list whose leafrefs and defaults are still to be seen to. */
export interface PendingLeaf {
  readonly node: Building<LeafSchema> | Building<LeafListSchema>;
  readonly draft: Draft;
}

/**
 * Undefined: config means nothing here (operations, notifications, structures). Unknown: it depends
 * on who uses the grouping.
 */
type Config = boolean | "unknown" | undefined;

/** What a node takes from those above it. */
interface Surroundings {
  readonly parent: SchemaNode | undefined;
  readonly dataParent: DataParent | undefined;
  readonly config: Config;
  readonly status: Status;
  /** Of the choices and cases right above. */
  readonly whens: readonly When[];
  readonly defaultDeny: "all" | "write" | undefined;
}

/** What a draft's children become. */
export interface Built {
  readonly children: SchemaNode[];
  readonly dataChildren: DataSchemaNode[];
  readonly operations: OperationSchema[];
  readonly notifications: NotificationSchema[];
}

/** Drafts → schema nodes, types and expressions included. */
export class Builder {
  readonly leaves: PendingLeaf[] = [];
  readonly lists: { readonly node: ListSchema; readonly draft: Draft }[] = [];
  /** Every node made, and its draft, in the order of the schema. */
  readonly made: { readonly node: SchemaNode; readonly draft: Draft }[] = [];
  readonly #names: Names;
  readonly #hooks: TypeHooks;
  readonly #modules: ReadonlyMap<LinkedModule, Module>;
  readonly #report: Report;

  constructor(parts: {
    readonly names: Names;
    readonly hooks: TypeHooks;
    readonly modules: ReadonlyMap<LinkedModule, Module>;
    readonly report: Report;
  }) {
    this.#names = parts.names;
    this.#hooks = parts.hooks;
    this.#modules = parts.modules;
    this.#report = parts.report;
  }

  /** The nodes at the top of a module or structure. */
  top(root: Draft, config: Config): Built {
    const built = nothing();
    const around: Surroundings = {
      parent: undefined,
      dataParent: undefined,
      config,
      status: "current",
      whens: [],
      defaultDeny: undefined,
    };
    this.#children(root, around, built);
    return built;
  }

  #children(draft: Draft, around: Surroundings, into: Built): void {
    for (const child of draft.children) {
      const node = this.#node(child, around);
      switch (node.kind) {
        case "rpc":
        case "action":
          into.operations.push(node);
          break;
        case "notification":
          into.notifications.push(node);
          break;
        case "choice":
          into.children.push(node);
          for (const each of node.cases) into.dataChildren.push(...each.dataChildren);
          break;
        case "case":
        case "input":
        case "output":
          into.children.push(node);
          break;
        default:
          into.children.push(node);
          into.dataChildren.push(node);
      }
    }
  }

  #node(draft: Draft, around: Surroundings): SchemaNode {
    switch (draft.kind) {
      case "leaf":
        return this.#leaf(draft, around);
      case "leaf-list":
        return this.#leafList(draft, around);
      case "container":
        return this.#container(draft, around);
      case "list":
        return this.#list(draft, around);
      case "choice":
        return this.#choice(draft, around);
      case "case":
        return this.#case(draft, around);
      case "rpc":
      case "action":
        return this.#operation(draft, draft.kind, around);
      case "input":
      case "output":
        return this.#inOut(draft, draft.kind, around);
      case "notification":
        return this.#notification(draft, around);
      default:
        return this.#any(draft, draft.kind === "anydata" ? "anydata" : "anyxml", around);
    }
  }

  #common(draft: Draft, around: Surroundings) {
    const { parent, dataParent } = around;
    const extensions = extensionsOf(draft);
    const config = this.#config(draft, around);
    return {
      name: draft.name,
      module: this.#moduleOf(draft.module),
      parent,
      dataParent,
      config: config === true || config === "unknown",
      status: statusOf(draft, around.status),
      description: property(draft, "description")?.argument,
      reference: property(draft, "reference")?.argument,
      whens: buildWhens(draft, around.whens, this.#names, this.#report),
      defaultDeny: defaultDenyOf(extensions, around.defaultDeny),
      extensions,
      ifFeatures: ifFeaturesOf(draft),
      order: this.made.length,
    };
  }

  #made<T extends SchemaNode>(node: T, draft: Draft): T {
    this.made.push({ node, draft });
    return node;
  }

  #moduleOf(module: LinkedModule): Module {
    const found = this.#modules.get(module);
    if (found === undefined) throw new Error(`module ${module.name} was not made`);
    return found;
  }

  /** Section 7.21.1. */
  #config(draft: Draft, { config }: Surroundings): Config {
    const own = config === undefined ? undefined : property(draft, "config");
    if (own === undefined) return config;
    if (own.argument === "true" && config === false) {
      const message = `${draft.kind} "${draft.name}" cannot be configuration below what is not`;
      this.#report.error(own, message);
      return false;
    }
    return own.argument === "true";
  }

  #below(node: SchemaNode, around: Surroundings, draft: Draft): Surroundings {
    const isData = node.kind === "container" || node.kind === "list";
    return {
      parent: node,
      dataParent: isData ? node : around.dataParent,
      config: this.#config(draft, around),
      status: node.status,
      whens: isData ? [] : node.whens,
      defaultDeny: node.defaultDeny,
    };
  }

  #container(draft: Draft, around: Surroundings): ContainerSchema {
    const built = nothing();
    const node: ContainerSchema = {
      kind: "container",
      ...this.#common(draft, around),
      children: built.children,
      dataChildren: built.dataChildren,
      musts: buildMusts(draft, this.#names, this.#report),
      presence: property(draft, "presence")?.argument,
      actions: built.operations,
      notifications: built.notifications,
    };
    this.#made(node, draft);
    this.#children(draft, this.#below(node, around, draft), built);
    return node;
  }

  #list(draft: Draft, around: Surroundings): ListSchema {
    const built = nothing();
    const node: Building<ListSchema> = {
      kind: "list",
      ...this.#common(draft, around),
      children: built.children,
      dataChildren: built.dataChildren,
      musts: buildMusts(draft, this.#names, this.#report),
      keys: [],
      uniques: [],
      ...limits(draft),
      actions: built.operations,
      notifications: built.notifications,
    };
    this.#made(node, draft);
    this.#children(draft, this.#below(node, around, draft), built);
    const hasConfig = this.#config(draft, around) === true;
    node.keys = listKeys(draft, node, hasConfig, this.#report);
    node.uniques = listUniques(draft, node, this.#report);
    this.lists.push({ node, draft });
    return node;
  }

  #type(draft: Draft): Type {
    const statement = property(draft, "type") ?? draft.statement;
    const scope = this.#names.types(scopeOf(draft, statement), draft.module);
    return resolveType(statement, scope, this.#hooks);
  }

  #units(draft: Draft): string | undefined {
    const own = property(draft, "units");
    const type = property(draft, "type");
    if (own !== undefined || type === undefined) return own?.argument;
    const scope = this.#names.types(scopeOf(draft, type), draft.module);
    return inherited("units", type, scope)?.statement.argument;
  }

  #leaf(draft: Draft, around: Surroundings): LeafSchema {
    const node: Building<LeafSchema> = {
      kind: "leaf",
      ...this.#common(draft, around),
      musts: buildMusts(draft, this.#names, this.#report),
      type: this.#type(draft),
      units: this.#units(draft),
      mandatory: property(draft, "mandatory")?.argument === "true",
      default: undefined,
      isKey: false,
    };
    this.leaves.push({ node, draft });
    return this.#made(node, draft);
  }

  #leafList(draft: Draft, around: Surroundings): LeafListSchema {
    const node: Building<LeafListSchema> = {
      kind: "leaf-list",
      ...this.#common(draft, around),
      musts: buildMusts(draft, this.#names, this.#report),
      type: this.#type(draft),
      units: this.#units(draft),
      defaults: [],
      ...limits(draft),
    };
    this.leaves.push({ node, draft });
    return this.#made(node, draft);
  }

  #any(draft: Draft, kind: "anydata" | "anyxml", around: Surroundings): AnySchema {
    const node: AnySchema = {
      kind,
      ...this.#common(draft, around),
      musts: buildMusts(draft, this.#names, this.#report),
      mandatory: property(draft, "mandatory")?.argument === "true",
    };
    return this.#made(node, draft);
  }

  #choice(draft: Draft, around: Surroundings): ChoiceSchema {
    const cases: CaseSchema[] = [];
    const node: Building<ChoiceSchema> = {
      kind: "choice",
      ...this.#common(draft, around),
      mandatory: property(draft, "mandatory")?.argument === "true",
      cases,
      defaultCase: undefined,
    };
    this.#made(node, draft);
    const below = this.#below(node, around, draft);
    for (const child of draft.children) cases.push(this.#case(child, below));
    const wanted = property(draft, "default");
    if (wanted?.argument === undefined) return node;
    const name = wanted.argument.replace(/^.*:/, "");
    node.defaultCase = cases.find((each) => each.name === name);
    if (node.defaultCase === undefined) {
      const meant = hint(
        name,
        cases.map((each) => each.name),
      );
      this.#report.error(wanted, `choice "${draft.name}" has no case "${wanted.argument}"${meant}`);
    }
    return node;
  }

  #case(draft: Draft, around: Surroundings): CaseSchema {
    const built = nothing();
    const node: CaseSchema = {
      kind: "case",
      ...this.#common(draft, around),
      children: built.children,
      dataChildren: built.dataChildren,
    };
    this.#made(node, draft);
    this.#children(draft, this.#below(node, around, draft), built);
    return node;
  }

  #operation(draft: Draft, kind: "rpc" | "action", around: Surroundings): OperationSchema {
    const common = this.#common(draft, { ...around, config: undefined });
    const node: Partial<Building<OperationSchema>> & SchemaNodeStart = { kind, ...common };
    const operation = node as OperationSchema;
    this.#made(operation, draft);
    const below = this.#below(operation, { ...around, config: undefined }, draft);
    for (const child of draft.children) {
      if (child.kind === "input") node.input = this.#inOut(child, "input", below);
      else if (child.kind === "output") node.output = this.#inOut(child, "output", below);
    }
    return operation;
  }

  #inOut(draft: Draft, kind: "input" | "output", around: Surroundings): InOutSchema {
    const built = nothing();
    const node: InOutSchema = {
      kind,
      ...this.#common(draft, around),
      children: built.children,
      dataChildren: built.dataChildren,
      musts: buildMusts(draft, this.#names, this.#report),
    };
    this.#made(node, draft);
    this.#children(draft, { ...this.#below(node, around, draft), dataParent: node }, built);
    return node;
  }

  #notification(draft: Draft, around: Surroundings): NotificationSchema {
    const built = nothing();
    const outside = { ...around, config: undefined };
    const node: NotificationSchema = {
      kind: "notification",
      ...this.#common(draft, outside),
      children: built.children,
      dataChildren: built.dataChildren,
      musts: buildMusts(draft, this.#names, this.#report),
    };
    this.#made(node, draft);
    this.#children(draft, { ...this.#below(node, outside, draft), dataParent: node }, built);
    return node;
  }
}

/** An operation before its input and output are there. */
type SchemaNodeStart = Omit<OperationSchema, "input" | "output">;

function nothing(): Built {
  return { children: [], dataChildren: [], operations: [], notifications: [] };
}

/** Sections 7.7.5 to 7.7.7. */
function limits(draft: Draft) {
  const max = property(draft, "max-elements")?.argument;
  return {
    minElements: Number(property(draft, "min-elements")?.argument ?? 0),
    maxElements: max === undefined || max === "unbounded" ? Number.POSITIVE_INFINITY : Number(max),
    orderedBy: property(draft, "ordered-by")?.argument === "user" ? "user" : "system",
  } as const;
}
