import type { DataSchemaNode, LeafListSchema, ListSchema, Schema } from "../yang/index.ts";
import { DEFAULT_MARK } from "./attributes.ts";
import { inOrder } from "./children.ts";
import { impliedChildren, impliedNode, impliesAnything, isStateBelow } from "./defaults.ts";
import type { Entries, EntriesDraft } from "./entries.ts";
import { noEntries } from "./key-order.ts";
import type {
  ContainerData,
  DataNode,
  LeafListEntry,
  ListEntry,
  Metadata,
  ParentData,
  Tree,
} from "./node.ts";
import { type InstanceNode, whensHold, xpathRoot } from "./xpath-tree.ts";

/** RFC 6243 section 3. */
export type WithDefaults = "explicit" | "trim" | "report-all" | "report-all-tagged";

/**
 * A tree as a with-defaults mode shows it (basic-mode explicit): with the defaults in use as nodes
 * of their own, or without what was set to its default. Made as it is walked, so that a filter
 * pays for what it looks at. "data": the tree holds state, and the defaults of state show, too.
 */
export function withDefaults(
  tree: Tree,
  schema: Schema,
  mode: WithDefaults,
  type: "config" | "data" = "config",
): Tree {
  if (mode === "explicit") return tree;
  const view = new View(schema, mode, type);
  let root: InstanceNode | undefined;
  const node = (): InstanceNode => {
    root ??= xpathRoot(tree, schema, undefined, type);
    return root;
  };
  return new ViewedTree(tree, view, node);
}

type Locate = () => InstanceNode;

/** Parents whose children are made when they are first asked for. */
class ViewedTree implements Tree {
  readonly kind = "tree";
  readonly schema: Tree["schema"];
  readonly #children: () => readonly DataNode[];

  constructor(tree: Tree, view: View, node: Locate) {
    this.schema = tree.schema;
    this.#children = once(() => view.children(tree, node));
  }

  get children(): readonly DataNode[] {
    return this.#children();
  }
}

class ViewedContainer implements ContainerData {
  readonly kind = "container";
  readonly schema: ContainerData["schema"];
  readonly metadata?: Metadata;
  readonly #children: () => readonly DataNode[];

  constructor(container: ContainerData, view: View, node: Locate) {
    this.schema = container.schema;
    if (container.metadata !== undefined) this.metadata = container.metadata;
    this.#children = once(() => view.children(container, node));
  }

  get children(): readonly DataNode[] {
    return this.#children();
  }
}

class ViewedEntry implements ListEntry {
  readonly kind = "entry";
  readonly schema: ListSchema;
  readonly key: string;
  readonly metadata?: Metadata;
  readonly #children: () => readonly DataNode[];

  constructor(entry: ListEntry, view: View, node: Locate) {
    this.schema = entry.schema;
    this.key = entry.key;
    if (entry.metadata !== undefined) this.metadata = entry.metadata;
    this.#children = once(() => view.children(entry, node));
  }

  get children(): readonly DataNode[] {
    return this.#children();
  }
}

class ViewedEntries implements Entries<ListEntry> {
  readonly #entries: Entries<ListEntry>;
  readonly #view: (entry: ListEntry) => ListEntry;
  readonly #schema: ListSchema;

  constructor(
    entries: Entries<ListEntry>,
    schema: ListSchema,
    view: (entry: ListEntry) => ListEntry,
  ) {
    this.#entries = entries;
    this.#schema = schema;
    this.#view = view;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): ListEntry | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#view(entry);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  keys(): Iterable<string> {
    return this.#entries.keys();
  }

  *[Symbol.iterator](): Iterator<ListEntry> {
    for (const entry of this.#entries) yield this.#view(entry);
  }

  set(key: string, entry: ListEntry): Entries<ListEntry> {
    return this.#made().set(key, entry);
  }

  delete(key: string): Entries<ListEntry> {
    return this.#made().delete(key);
  }

  insert(
    key: string,
    entry: ListEntry,
    where: "before" | "after",
    anchor: string | undefined,
  ): Entries<ListEntry> {
    return this.#made().insert(key, entry, where, anchor);
  }

  draft(): EntriesDraft<ListEntry> {
    return this.#made().draft();
  }

  /** A view cannot be changed; what it shows can. */
  #made(): Entries<ListEntry> {
    const draft = noEntries<ListEntry>(this.#schema).draft();
    for (const entry of this) draft.set(entry.key, entry);
    return draft.finish();
  }
}

const tagged: Metadata = new Map([[DEFAULT_MARK, "true"]]);

class View {
  readonly #schema: Schema;
  readonly #mode: WithDefaults;
  readonly #type: "config" | "data";

  constructor(schema: Schema, mode: WithDefaults, type: "config" | "data") {
    this.#schema = schema;
    this.#mode = mode;
    this.#type = type;
  }

  children(parent: ParentData, node: Locate): readonly DataNode[] {
    const shown: DataNode[] = [];
    for (const child of parent.children) {
      const seen = this.#node(child, node);
      if (seen !== undefined) shown.push(seen);
    }
    if (this.#mode === "trim") return shown;
    const holder = parent.schema ?? this.#schema;
    for (const schema of impliedChildren(holder, parent.children)) {
      if (this.#type === "config" && isStateBelow(holder, schema)) continue;
      if (schema.kind === "container" && !impliesAnything(schema)) continue;
      if (schema.whens.length > 0 && !whensHold(schema, node())) continue;
      const metadata = this.#mode === "report-all-tagged" ? tagged : undefined;
      const made = impliedNode(schema, this.#schema, metadata);
      const seen = made.kind === "container" ? this.#container(made, node) : made;
      if (seen !== undefined) shown.push(seen);
    }
    return inOrder(shown);
  }

  #node(child: DataNode, up: Locate): DataNode | undefined {
    switch (child.kind) {
      case "container":
        return this.#container(child, up);
      case "list": {
        const { schema } = child;
        const view = (entry: ListEntry): ListEntry =>
          new ViewedEntry(entry, this, within(up, schema, entry.key));
        return { kind: "list", schema, entries: new ViewedEntries(child.entries, schema, view) };
      }
      case "leaf":
        return this.#mode === "trim" && isTrimmed(child) ? undefined : child;
      case "leaf-list":
        return this.#mode === "trim" && isDefaultList(child.schema, child.entries)
          ? undefined
          : child;
      case "any":
        return child;
    }
  }

  /** A non-presence container shows only with something in it. */
  #container(container: ContainerData, up: Locate): ContainerData | undefined {
    const seen = new ViewedContainer(container, this, within(up, container.schema));
    const isAlways = container.schema.presence !== undefined;
    return isAlways || seen.children.length > 0 ? seen : undefined;
  }
}

function isTrimmed({ schema, value }: Extract<DataNode, { readonly kind: "leaf" }>): boolean {
  return !schema.isKey && schema.default === value;
}

function isDefaultList(schema: LeafListSchema, entries: Entries<LeafListEntry>): boolean {
  if (schema.defaults.length === 0 || entries.size !== schema.defaults.length) return false;
  if (schema.orderedBy === "system") return schema.defaults.every((value) => entries.has(value));
  return [...entries.keys()].every((value, i) => value === schema.defaults[i]);
}

/** Where a child is, found only if a `when` asks. */
function within(up: Locate, schema: DataSchemaNode, key?: string): Locate {
  return () => {
    const node = up().child(schema, key);
    if (node === undefined) throw new Error(`${schema.name} is not where it was shown`);
    return node;
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
