import {
  childOf,
  type DataNode,
  type LeafListEntry,
  type ListEntry,
  type Metadata,
  noEntries,
  type ParentData,
  type Tree,
} from "../data/index.ts";
import type { DataSchemaNode } from "../yang/index.ts";

/** RFC 8526 section 3.1.1: what <get-data> asks for beside a filter. */
export interface NmdaSelection {
  /** True: configuration alone; false: state alone. */
  readonly config: boolean | undefined;
  /** Levels of each node that is selected, which is the first; Infinity: all. */
  readonly maxDepth: number;
  readonly withOrigin: boolean;
  /** Names of identities of ietf-origin: only from there, or not from there. */
  readonly origins: { readonly names: ReadonlySet<string>; readonly negated: boolean } | undefined;
}

/** Of what a filter selects, all. */
export const everything: NmdaSelection = {
  config: undefined,
  maxDepth: Number.POSITIVE_INFINITY,
  withOrigin: false,
  origins: undefined,
};

/** Where a node is looked up to learn where it comes from. */
export interface OriginTrees {
  /** What is configured: "intended". */
  readonly running: Tree;
  /** All that is there without defaults; what is in neither is a default in use. */
  readonly explicit: Tree;
}

type Origin = "intended" | "system" | "default";

/** RFC 7952's name of the annotation of RFC 8342. */
const ORIGIN = "ietf-origin:origin";

/** What is left of what was selected, with origins where asked for (RFC 8342 section 5.3.4). */
export function nmdaView(tree: Tree, selection: NmdaSelection, from: OriginTrees): Tree {
  const { config, withOrigin, origins } = selection;
  const isWhole = config === undefined && origins === undefined;
  if (isWhole && !withOrigin) return tree;
  const view = new View(selection);
  return { ...tree, children: view.children(tree, from.explicit, from.running, undefined) };
}

/** `metadata`: to be spread over the node; empty where nothing is to be said. */
interface Told {
  readonly origin: Origin | undefined;
  readonly metadata: { readonly metadata?: Metadata };
}

class View {
  readonly #selection: NmdaSelection;

  constructor(selection: NmdaSelection) {
    this.#selection = selection;
  }

  children(
    parent: ParentData,
    explicit: ParentData | undefined,
    running: ParentData | undefined,
    inherited: Origin | undefined,
  ): readonly DataNode[] {
    return parent.children.flatMap((node) => {
      const { schema } = node;
      if (this.#selection.config === true && !schema.config) return [];
      const there = explicit && childOf(explicit, schema);
      const set = running && childOf(running, schema);
      const seen = this.#node(node, there, set, inherited);
      return seen === undefined ? [] : [seen];
    });
  }

  #node(
    node: DataNode,
    explicit: DataNode | undefined,
    running: DataNode | undefined,
    inherited: Origin | undefined,
  ): DataNode | undefined {
    switch (node.kind) {
      case "container": {
        const { origin, metadata } = this.#origin(node, explicit, running, inherited);
        const below = (of: DataNode | undefined): ParentData | undefined =>
          of?.kind === "container" ? of : undefined;
        const children = this.children(node, below(explicit), below(running), origin);
        if (children.length === 0 && !this.#keeps(node.schema, origin)) return undefined;
        return { ...node, ...metadata, children };
      }
      case "list": {
        const draft = noEntries<ListEntry>(node.schema).draft();
        for (const entry of node.entries) {
          const there = explicit?.kind === "list" ? explicit.entries.get(entry.key) : undefined;
          const set = running?.kind === "list" ? running.entries.get(entry.key) : undefined;
          const seen = this.#entry(entry, there, set, inherited);
          if (seen !== undefined) draft.set(entry.key, seen);
        }
        return draft.size === 0 ? undefined : { ...node, entries: draft.finish() };
      }
      case "leaf-list": {
        const draft = noEntries<LeafListEntry>(node.schema).draft();
        const { origin, metadata } = this.#origin(node, explicit, running, inherited);
        if (!this.#keeps(node.schema, origin)) return undefined;
        for (const entry of node.entries) draft.set(entry.value, { ...entry, ...metadata });
        return { ...node, entries: draft.finish() };
      }
      default: {
        const { origin, metadata } = this.#origin(node, explicit, running, inherited);
        return this.#keeps(node.schema, origin) ? { ...node, ...metadata } : undefined;
      }
    }
  }

  #entry(
    entry: ListEntry,
    explicit: ListEntry | undefined,
    running: ListEntry | undefined,
    inherited: Origin | undefined,
  ): ListEntry | undefined {
    const { origin, metadata } = this.#origin(entry, explicit, running, inherited);
    const children = this.children(entry, explicit, running, origin);
    const isBare = children.length <= entry.schema.keys.length;
    if (isBare && !this.#keeps(entry.schema, origin)) return undefined;
    return { ...entry, ...metadata, children };
  }

  /** Where a node comes from, and the annotation if its parent's does not say it already. */
  #origin(
    node: { readonly schema: DataSchemaNode; readonly metadata?: Metadata } | DataNode,
    explicit: object | undefined,
    running: object | undefined,
    inherited: Origin | undefined,
  ): Told {
    if (!node.schema.config) return { origin: undefined, metadata: {} };
    const origin: Origin =
      running !== undefined ? "intended" : explicit !== undefined ? "system" : "default";
    if (!this.#selection.withOrigin || origin === inherited) return { origin, metadata: {} };
    const before = "metadata" in node ? (node.metadata ?? []) : [];
    const metadata = new Map([...before, [ORIGIN, `ietf-origin:${origin}`]]);
    return { origin, metadata: { metadata } };
  }

  /** Whether a node stays for its own sake, not only for what is below it. */
  #keeps(schema: DataSchemaNode, origin: Origin | undefined): boolean {
    const { config, origins } = this.#selection;
    const isKey = schema.kind === "leaf" && schema.isKey;
    if (isKey) return true;
    if (config !== undefined && schema.config !== config) return false;
    if (origins === undefined || origin === undefined) return true;
    // Every identity of the module is derived from "origin".
    const isNamed = origins.names.has(origin) || origins.names.has("origin");
    return isNamed !== origins.negated;
  }
}
