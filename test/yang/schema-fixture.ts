import type {
  DataParent,
  DataSchemaNode,
  LeafListSchema,
  LeafSchema,
  ListSchema,
  Module,
  Schema,
  SchemaNode,
  Type,
  XPathNode,
} from "../../src/yang/index.ts";
import { T, typeOf } from "./fixture.ts";

/** A schema node in short: a leaf or leaf-list has a type, a list keys, a container children. */
export interface Outline {
  readonly kind: "container" | "list" | "leaf" | "leaf-list" | "choice" | "case" | "rpc";
  readonly name: string;
  readonly module?: Module;
  readonly type?: Type;
  readonly keys?: readonly string[];
  readonly config?: boolean;
  readonly children?: readonly Outline[];
}

const STRING = typeOf("type string;");

export const leaf = (name: string, type: Type = STRING, more: Partial<Outline> = {}): Outline => {
  return { kind: "leaf", name, type, ...more };
};
export const leafList = (name: string, type: Type = STRING): Outline => {
  return { kind: "leaf-list", name, type };
};
export const container = (name: string, ...children: Outline[]): Outline => {
  return { kind: "container", name, children };
};
export const list = (name: string, keys: string, ...children: Outline[]): Outline => {
  return { kind: "list", name, keys: keys.split(" ").filter((key) => key !== ""), children };
};
export const choice = (name: string, ...children: Outline[]): Outline => {
  return { kind: "choice", name, children };
};

/** A schema with these nodes at its top. */
export function schemaOf(...outlines: readonly Outline[]): Schema {
  const order = { next: 0 };
  const children = outlines.map((outline) => build(outline, undefined, undefined, order));
  return {
    modules: [T],
    children,
    dataChildren: dataChildrenOf(children),
    rpcs: [],
    notifications: [],
    identities: [],
    structures: [],
  };
}

/** Parents before children, as readonly types allow only by a cast. */
function build(
  outline: Outline,
  parent: SchemaNode | undefined,
  dataParent: DataParent | undefined,
  order: { next: number },
): SchemaNode {
  const { children: inner = [], keys = [], ...own } = outline;
  order.next += 1;
  const node: Record<string, unknown> = {
    module: T,
    config: true,
    ...own,
    parent,
    dataParent,
    order: order.next,
    whens: [],
    musts: [],
    extensions: [],
    actions: [],
    notifications: [],
    status: "current",
  };
  const self = node as unknown as SchemaNode;
  const holder = outline.kind === "choice" || outline.kind === "case" ? dataParent : self;
  const children = inner.map((child) => build(child, self, holder as DataParent, order));
  node.children = children;
  node.cases = children;
  node.dataChildren = dataChildrenOf(children);
  const leaves = children.filter((child): child is LeafSchema => child.kind === "leaf");
  node.keys = keys.flatMap((key) => leaves.filter((child) => child.name === key));
  return self;
}

function dataChildrenOf(children: readonly SchemaNode[]): readonly DataSchemaNode[] {
  return children.flatMap((child) =>
    child.kind === "choice" || child.kind === "case"
      ? dataChildrenOf(child.kind === "choice" ? child.cases : child.children)
      : [child as DataSchemaNode],
  );
}

/** The schema node at a path of names, choices and cases left out. */
export function at(schema: Schema, path: string): DataSchemaNode {
  let children = schema.dataChildren;
  let found: DataSchemaNode | undefined;
  for (const name of path.split("/")) {
    found = children.find((child) => child.name === name);
    children = found !== undefined && "dataChildren" in found ? found.dataChildren : [];
  }
  if (found === undefined) throw new Error(`no schema node ${path}`);
  return found;
}

/** A leaf is its canonical value, a leaf-list and a list arrays, a container an object. */
export type Data = { readonly [name: string]: string | Data | readonly (string | Data)[] };

/** An instance tree; `indexed`: whether its nodes can look list entries up. */
export function treeOf(schema: Schema, data: Data, indexed = true): XPathNode {
  return new TestNode(schema, undefined, undefined, data, indexed);
}

class TestNode implements XPathNode {
  readonly schema: DataSchemaNode | undefined;
  readonly parent: XPathNode | undefined;
  readonly value: string | undefined;
  readonly childSchema?: NonNullable<XPathNode["childSchema"]>;
  readonly entryByKeys?: NonNullable<XPathNode["entryByKeys"]>;
  readonly #children: readonly XPathNode[];
  #named: Map<string | undefined, XPathNode[]> | undefined;

  constructor(
    all: Schema,
    schema: DataSchemaNode | undefined,
    parent: XPathNode | undefined,
    data: string | Data,
    indexed: boolean,
  ) {
    this.schema = schema;
    this.parent = parent;
    this.value = typeof data === "string" ? data : undefined;
    const above = schema === undefined ? all : schema;
    const schemas = "dataChildren" in above ? above.dataChildren : [];
    this.#children = schemas.flatMap((child) => {
      const given = typeof data === "string" ? undefined : data[child.name];
      const instances = given === undefined ? [] : Array.isArray(given) ? given : [given];
      return instances.map((one: string | Data) => new TestNode(all, child, this, one, indexed));
    });
    if (!indexed) return;
    this.childSchema = (namespace, name) =>
      schemas.find(
        (s) => s.name === name && s.module.namespace === (namespace ?? s.module.namespace),
      );
    this.entryByKeys = (of, keys) => this.#entry(of, keys);
  }

  #entry(of: ListSchema, keys: readonly string[]): XPathNode | undefined {
    const found = this.childrenNamed(of.module.namespace, of.name);
    return found.find((entry) =>
      of.keys.every((key, i) =>
        entry.children().some((child) => child.schema === key && child.value === keys[i]),
      ),
    );
  }

  get stringValue(): string {
    const { schema } = this;
    const typed = schema?.kind === "leaf" || schema?.kind === "leaf-list" ? schema.type : undefined;
    const identity = typed?.base === "identityref" ? typed.values.get(this.value ?? "") : undefined;
    if (identity !== undefined) return `${identity.module.prefix}:${identity.name}`;
    return this.value ?? this.#children.map((child) => child.stringValue).join("");
  }

  children(): readonly XPathNode[] {
    return this.#children;
  }

  childrenNamed(namespace: string | undefined, name: string): readonly XPathNode[] {
    if (this.#named === undefined) {
      this.#named = new Map();
      for (const child of this.#children) {
        const same = this.#named.get(child.schema?.name);
        if (same === undefined) this.#named.set(child.schema?.name, [child]);
        else same.push(child);
      }
    }
    const found = this.#named.get(name) ?? [];
    const fits = (child: XPathNode) => child.schema?.module.namespace === namespace;
    return namespace === undefined || found.every(fits) ? found : found.filter(fits);
  }
}

/** Every node of a tree in document order, the root first. */
export function allNodes(root: XPathNode): readonly XPathNode[] {
  return [root, ...root.children().flatMap(allNodes)];
}

/** How tests name a node: /a/b[2]/c, counted where there are several. */
export function pathOf(node: XPathNode): string {
  const { parent, schema } = node;
  if (parent === undefined || schema === undefined) return "/";
  const same = parent.childrenNamed(schema.module.namespace, schema.name);
  const index = same.length > 1 ? `[${same.indexOf(node) + 1}]` : "";
  const above = pathOf(parent);
  return `${above === "/" ? "" : above}/${schema.name}${index}`;
}

export type AnyLeaf = LeafSchema | LeafListSchema;

export function leafAt(schema: Schema, path: string): AnyLeaf {
  const found = at(schema, path);
  if (found.kind !== "leaf" && found.kind !== "leaf-list") throw new Error(`${path} is no leaf`);
  return found;
}
