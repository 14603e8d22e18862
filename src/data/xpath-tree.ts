import { assert } from "../base/index.ts";
import {
  childNamed,
  type DataSchemaNode,
  type InOutSchema,
  type ListSchema,
  type NotificationSchema,
  type Schema,
  type Type,
  toBoolean,
  type When,
  type XPathNode,
} from "../yang/index.ts";
import { childOf, keyOf, precedes } from "./children.ts";
import { type ImpliedSchema, impliedChildren, impliedNode, isStateBelow } from "./defaults.ts";
import type { SchemaParent } from "./from-xml.ts";
import type { DataNode, LeafListEntry, ParentData, Tree } from "./node.ts";
import type { PathStep } from "./path.ts";

/** What one XPath node stands for: a DataNode, or one entry of a list or leaf-list. */
export type Instance =
  | ParentData
  | Exclude<DataNode, { readonly entries: unknown }>
  | LeafListEntry;

type NodeSchema = DataSchemaNode | InOutSchema | NotificationSchema;

/**
 * A tree as XPath sees it (RFC 7950 section 6.4.1): defaults in use and non-presence containers are
 * there; those of state only in "data". `operation`: an rpc's input or output, or a notification,
 * that stands beside the datastore (for an action see addOperation()).
 */
export function xpathRoot(
  tree: Tree,
  schema: Schema,
  operation?: Tree,
  type: "config" | "data" = "config",
): InstanceNode {
  const shared = { schema, type, deciding: 0 };
  const root = new InstanceNode(undefined, undefined, tree, shared, false);
  if (operation !== undefined) root.addOperation(operation);
  return root;
}

/** The node that a path leads to, defaults in use among them. */
export function nodeAt(root: InstanceNode, steps: readonly PathStep[]): InstanceNode | undefined {
  let at: InstanceNode | undefined = root;
  for (const step of steps) at = at?.child(step.schema, step.key);
  return at;
}

/** Whether every when of a child holds under this parent (RFC 7950 section 7.21.5). */
export function whensHold(schema: DataSchemaNode, parent: InstanceNode): boolean {
  return schema.whens.length === 0 || parent.allows(schema);
}

function whenHolds({ xpath, context }: When, self: InstanceNode): boolean {
  const node = context === "self" ? self : (self.parent ?? self);
  return toBoolean(xpath.evaluate({ node, current: node, root: self.root() }));
}

/** What all nodes of one tree share. */
interface Shared {
  readonly schema: Schema;
  readonly type: "config" | "data";
  /** How many whens are being evaluated, one for the sake of another. */
  deciding: number;
}

/** One instance. The children of a node are made when they are asked for, each of them once. */
export class InstanceNode implements XPathNode {
  readonly schema: NodeSchema | undefined;
  readonly parent: InstanceNode | undefined;
  /** undefined: only thought of, to ask whether its `when` would hold. */
  readonly instance: Instance | undefined;
  /** True: a default in use, or a non-presence container that nobody set. */
  readonly isImplied: boolean;
  readonly #shared: Shared;
  readonly #made = new Map<object, InstanceNode>();
  #children: readonly InstanceNode[] | undefined;
  #allowed: Map<DataSchemaNode, boolean> | undefined;
  #implied: readonly ImpliedSchema[] | undefined;
  /** Those whose `when` is being evaluated: meanwhile they are not there. */
  #deciding: Set<DataSchemaNode> | undefined;
  #operation: InstanceNode | undefined;

  constructor(
    schema: NodeSchema | undefined,
    parent: InstanceNode | undefined,
    instance: Instance | undefined,
    shared: Shared,
    isImplied: boolean,
  ) {
    this.schema = schema;
    this.parent = parent;
    this.instance = instance;
    this.#shared = shared;
    this.isImplied = isImplied;
  }

  get value(): string | undefined {
    const { instance } = this;
    return instance !== undefined && "value" in instance ? instance.value : undefined;
  }

  /** undefined: of what is no leaf. */
  get type(): Type | undefined {
    const { instance, schema } = this;
    if (instance !== undefined && "value" in instance) return instance.type;
    return schema?.kind === "leaf" || schema?.kind === "leaf-list" ? schema.type : undefined;
  }

  get stringValue(): string {
    const { instance } = this;
    if (instance === undefined) return "";
    if ("value" in instance) return leafText(instance.value, instance.type);
    if ("text" in instance) return instance.text;
    return this.children()
      .map((child) => child.stringValue)
      .join("");
  }

  /** Whether the tree is one of state beside configuration. */
  get holdsState(): boolean {
    return this.#shared.type === "data";
  }

  root(): InstanceNode {
    let at: InstanceNode = this;
    while (at.parent !== undefined) at = at.parent;
    return at;
  }

  children(): readonly InstanceNode[] {
    if (this.#shared.deciding > 0) return this.#children ?? this.#list();
    this.#children ??= this.#list();
    return this.#children;
  }

  childrenNamed(namespace: string | undefined, name: string): readonly InstanceNode[] {
    const found: InstanceNode[] = [];
    for (const schema of this.#schemasNamed(namespace, name))
      found.push(...this.#instances(schema));
    const operation = this.#operation;
    if (operation !== undefined && operationName(operation) === name) found.push(operation);
    return found;
  }

  childSchema(namespace: string | undefined, name: string): DataSchemaNode | undefined {
    return this.#schemasNamed(namespace, name)[0];
  }

  entryByKeys(list: ListSchema, keys: readonly string[]): InstanceNode | undefined {
    return this.child(list, keyOf(list, keys));
  }

  /** The instance of a child; for a list or leaf-list the entry of that key. */
  child(schema: DataSchemaNode, key?: string): InstanceNode | undefined {
    const parent = this.#parentData();
    const data = parent === undefined ? undefined : childOf(parent, schema);
    if (data === undefined) {
      const implied = this.#impliedNamed(schema);
      return key === undefined ? implied[0] : implied.find((node) => node.value === key);
    }
    if (data.kind !== "list" && data.kind !== "leaf-list") return this.#node(schema, data);
    const entry = key === undefined ? undefined : data.entries.get(key);
    return entry && this.#node(schema, entry);
  }

  /**
   * Whether every when of a child holds here. While that is asked, a default child is not there.
   */
  allows(schema: DataSchemaNode): boolean {
    const known = this.#allowed?.get(schema);
    if (known !== undefined) return known;
    this.#deciding ??= new Set();
    if (this.#deciding.has(schema)) return false;
    this.#deciding.add(schema);
    this.#shared.deciding++;
    try {
      const dummy = new InstanceNode(schema, this, undefined, this.#shared, true);
      const holds = schema.whens.every((when) => whenHolds(when, dummy));
      // What was found while another when waits for it may have missed that one's node.
      if (this.#shared.deciding === 1) {
        this.#allowed ??= new Map();
        this.#allowed.set(schema, holds);
      }
      return holds;
    } finally {
      this.#deciding.delete(schema);
      this.#shared.deciding--;
    }
  }

  /** The node of a child that the caller took from this node's own data. */
  instanceOf(schema: DataSchemaNode, instance: Instance): InstanceNode {
    return this.#node(schema, instance);
  }

  /** The instances of a child, one for each entry of a list or leaf-list. */
  instances(schema: DataSchemaNode): readonly InstanceNode[] {
    return this.#instances(schema);
  }

  /** Lets go of a child that was made, so that walking a long list does not hold all of it. */
  release(child: InstanceNode): void {
    // Among siblings that were listed it stays the one that it is.
    if (this.#children !== undefined || child.instance === undefined) return;
    this.#made.delete(child.instance);
  }

  /** Hangs an operation's input, output or a notification below this node. */
  addOperation(tree: Tree): InstanceNode {
    assert(tree.schema !== undefined, "an operation's tree has its schema");
    this.#operation = new InstanceNode(tree.schema, this, tree, this.#shared, false);
    this.#children = undefined;
    return this.#operation;
  }

  #schemaParent(): SchemaParent | undefined {
    const { schema } = this;
    if (schema === undefined) return this.#shared.schema;
    return "dataChildren" in schema ? schema : undefined;
  }

  #parentData(): ParentData | undefined {
    const { instance } = this;
    return instance !== undefined && "children" in instance ? instance : undefined;
  }

  #schemasNamed(namespace: string | undefined, name: string): readonly DataSchemaNode[] {
    const parent = this.#schemaParent();
    if (parent === undefined) return [];
    if (namespace === undefined) return parent.dataChildren.filter((child) => child.name === name);
    const found = childNamed(parent, namespace, name);
    return found === undefined ? [] : [found];
  }

  #instances(schema: DataSchemaNode): readonly InstanceNode[] {
    const parent = this.#parentData();
    const data = parent && childOf(parent, schema);
    return data === undefined ? this.#impliedNamed(schema) : this.#expand(data, false);
  }

  #expand(data: DataNode, isImplied: boolean): readonly InstanceNode[] {
    if (data.kind !== "list" && data.kind !== "leaf-list") {
      return [this.#node(data.schema, data, isImplied)];
    }
    const nodes: InstanceNode[] = [];
    for (const entry of data.entries) nodes.push(this.#node(data.schema, entry, isImplied));
    return nodes;
  }

  #node(schema: DataSchemaNode, instance: Instance, isImplied = false): InstanceNode {
    let node = this.#made.get(instance);
    if (node === undefined) {
      node = new InstanceNode(schema, this, instance, this.#shared, isImplied);
      this.#made.set(instance, node);
    }
    return node;
  }

  #list(): readonly InstanceNode[] {
    const present = this.#parentData()?.children ?? [];
    const implied = this.#candidates().filter((schema) => this.#isInUse(schema));
    const nodes: InstanceNode[] = [];
    let next = 0;
    for (const data of present) {
      let schema = implied[next];
      while (schema !== undefined && precedes(schema, data.schema)) {
        nodes.push(...this.#makeImplied(schema));
        schema = implied[++next];
      }
      nodes.push(...this.#expand(data, false));
    }
    for (const schema of implied.slice(next)) nodes.push(...this.#makeImplied(schema));
    if (this.#operation !== undefined) nodes.push(this.#operation);
    return nodes;
  }

  #impliedNamed(schema: DataSchemaNode): readonly InstanceNode[] {
    const found = this.#candidates().find((candidate) => candidate === schema);
    return found !== undefined && this.#isInUse(found) ? this.#makeImplied(found) : [];
  }

  #candidates(): readonly ImpliedSchema[] {
    const parent = this.#schemaParent();
    if (parent === undefined || this.instance === undefined) return [];
    if (this.#implied === undefined) {
      const implied = impliedChildren(parent, this.#parentData()?.children ?? []);
      const isConfig = this.#shared.type === "config";
      this.#implied = isConfig ? implied.filter((s) => !isStateBelow(parent, s)) : implied;
    }
    return this.#implied;
  }

  #isInUse(schema: ImpliedSchema): boolean {
    return schema.whens.length === 0 || this.allows(schema);
  }

  #makeImplied(schema: ImpliedSchema): readonly InstanceNode[] {
    const known = this.#impliedData?.get(schema);
    const data = known ?? impliedNode(schema, this.#shared.schema);
    if (known === undefined) {
      this.#impliedData ??= new Map();
      this.#impliedData.set(schema, data);
    }
    return this.#expand(data, true);
  }

  #impliedData: Map<ImpliedSchema, DataNode> | undefined;
}

/** The name that an operation's node has in XPath: that of the rpc, action or notification. */
function operationName({ schema }: InstanceNode): string | undefined {
  if (schema?.kind === "input" || schema?.kind === "output") return schema.parent?.name;
  return schema?.name;
}

/** RFC 7950 section 9.10.3: XPath sees an identityref with the prefix its module calls itself. */
function leafText(value: string, type: Type): string {
  if (type.base !== "identityref") return value;
  const identity = type.values.get(value);
  return identity === undefined ? value : `${identity.module.prefix}:${identity.name}`;
}
