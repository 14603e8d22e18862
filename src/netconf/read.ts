import type { Raw } from "../base/index.ts";
import {
  type DataNode,
  emptyTree,
  type ListEntry,
  noEntries,
  type ParentData,
  type Tree,
  withDefaults,
} from "../data/index.ts";
import type { DatastoreName, Datastores } from "../datastore/index.ts";
import type { DataSchemaNode, Schema, XPathAllowance } from "../yang/index.ts";
import { type ReadAccess, withReadableChildren } from "./access.ts";
import { limitedTree, UNBOUNDED } from "./depth.ts";
import { sizeOf, spend } from "./filter-work.ts";
import { mergeTrees } from "./merge.ts";
import { type NmdaSelection, nmdaView } from "./nmda-view.ts";
import type { DefaultsMode, Filter, ReadableDatastore } from "./operation.ts";
import { compileSubtree, selectSubtree } from "./subtree-filter.ts";
import { selectXPath, type XPathFilters } from "./xpath-filter.ts";

export interface ReaderOptions {
  readonly schema: Schema;
  readonly datastores: Datastores;
  readonly operational: (at: Raw, wanted: Wanted | undefined) => Tree;
  readonly xpaths: XPathFilters;
}

/** What the reading operations have in common. */
export type ReadRequest = {
  readonly filter: Filter | undefined;
  readonly withDefaults: DefaultsMode;
} & (
  | { readonly kind: "get" }
  | { readonly kind: "get-config"; readonly source: DatastoreName }
  | {
      readonly kind: "get-data";
      readonly source: ReadableDatastore;
      readonly selection: NmdaSelection;
    }
);

/** Selects what a manager asks for out of a datastore, as far as it may be read. */
export class Reader {
  readonly #options: ReaderOptions;
  /** What was read of state at this moment, by what was wanted; undefined: it is not shared. */
  #looks: Map<string, Tree> | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** All that is selected while `act` runs sees one reading of state. It must be one moment. */
  atOnce(act: () => void): void {
    this.#looks = new Map();
    try {
      act();
    } finally {
      this.#looks = undefined;
    }
  }

  /** `allowance`: what a filter takes its work from, if it is not only its own. Throws RpcError. */
  select(request: ReadRequest, at: Raw, access?: ReadAccess, allowance?: XPathAllowance): Tree {
    const { schema, xpaths } = this.#options;
    const { filter, withDefaults: mode } = request;
    const levels = request.kind === "get-data" ? request.selection.maxDepth : UNBOUNDED;
    if (filter?.kind === "subtree") {
      spend(allowance, sizeOf(filter.elements));
      const compiled = compileSubtree(filter.elements, schema);
      if (compiled.size === 0) return emptyTree;
      const tree = this.#tree(request, at, new Set(compiled.keys()));
      const shown = withDefaults(tree, schema, mode);
      const selected = selectSubtree(shown, compiled, access, levels, allowance);
      return this.#marked(request, selected, tree);
    }
    const xpath = filter && {
      compiled: xpaths.compile(filter.select, filter.element),
      at: filter.element,
    };
    const tree = this.#tree(request, at, undefined);
    const shown = withDefaults(tree, schema, mode);
    const readable = withReadableChildren(shown, undefined, access);
    if (xpath === undefined) return this.#marked(request, limitedTree(readable, levels), tree);
    const from = mode === "explicit" ? readable : made(readable);
    return this.#marked(
      request,
      selectXPath(from, xpath.compiled, schema, { at: xpath.at, levels, allowance }),
      tree,
    );
  }

  /** Configuration and state together: what <get> has, and what operations see around them. */
  everything(at: Raw, wanted?: Wanted): Tree {
    const { datastores, operational } = this.#options;
    const running = datastores.read("running");
    if (wanted !== undefined && ![...wanted].some(hasState)) return running;
    const name = wanted === undefined ? "" : [...wanted].map(nameOf).sort().join(" ");
    const known = this.#looks?.get(name);
    if (known !== undefined) return known;
    const all = mergeTrees(running, operational(at, wanted));
    this.#looks?.set(name, all);
    return all;
  }

  #tree(request: ReadRequest, at: Raw, wanted: Wanted | undefined): Tree {
    const { datastores } = this.#options;
    if (request.kind === "get" || request.source === "operational") {
      return this.everything(at, wanted);
    }
    return datastores.read(request.source === "intended" ? "running" : request.source);
  }

  /** What <get-data> asks for of what was selected; `explicit`: where it was selected from. */
  #marked(request: ReadRequest, selected: Tree, explicit: Tree): Tree {
    if (request.kind !== "get-data") return selected;
    const running = this.#options.datastores.read("running");
    return nmdaView(selected, request.selection, { running, explicit });
  }
}

/** Top-level nodes that a request can select; what lies elsewhere need not be computed. */
export type Wanted = ReadonlySet<DataSchemaNode>;

function nameOf({ module, name }: DataSchemaNode): string {
  return `${module.name}:${name}`;
}

function hasState(schema: DataSchemaNode): boolean {
  const known = stateful.get(schema);
  if (known !== undefined) return known;
  const has = !schema.config || ("dataChildren" in schema && schema.dataChildren.some(hasState));
  stateful.set(schema, has);
  return has;
}

/** Derived from frozen schemas, so the cache can never be stale. */
const stateful = new WeakMap<DataSchemaNode, boolean>();

/** A view with its nodes made: XPath tells nodes apart by identity, a view makes them anew. */
function made<P extends ParentData>(parent: P): P {
  return { ...parent, children: parent.children.map(madeNode) };
}

function madeNode(node: DataNode): DataNode {
  if (node.kind === "container") return made(node);
  if (node.kind !== "list") return node;
  const draft = noEntries<ListEntry>(node.schema).draft();
  for (const entry of node.entries) draft.set(entry.key, made(entry));
  return { ...node, entries: draft.finish() };
}
