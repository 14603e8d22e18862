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
import type { Schema } from "../yang/index.ts";
import { type ReadAccess, withReadableChildren } from "./access.ts";
import { mergeTrees } from "./merge.ts";
import type { DefaultsMode, Filter } from "./operation.ts";
import { compileSubtree, selectSubtree } from "./subtree-filter.ts";
import { selectXPath, type XPathFilters } from "./xpath-filter.ts";

export interface ReaderOptions {
  readonly schema: Schema;
  readonly datastores: Datastores;
  readonly operational: (at: Raw) => Tree;
  readonly xpaths: XPathFilters;
}

/** What the reading operations have in common. */
export type ReadRequest = {
  readonly filter: Filter | undefined;
  readonly withDefaults: DefaultsMode;
} & ({ readonly kind: "get" } | { readonly kind: "get-config"; readonly source: DatastoreName });

/** Selects what a manager asks for out of a datastore, as far as it may be read. */
export class Reader {
  readonly #options: ReaderOptions;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** Throws RpcError. */
  select(request: ReadRequest, at: Raw, access?: ReadAccess): Tree {
    const { schema, xpaths } = this.#options;
    const { filter, withDefaults: mode } = request;
    if (filter === undefined) {
      const shown = withDefaults(this.#tree(request, at), schema, mode);
      return withReadableChildren(shown, undefined, access);
    }
    if (filter.kind === "subtree") {
      const compiled = compileSubtree(filter.elements, schema);
      if (compiled.size === 0) return emptyTree;
      const shown = withDefaults(this.#tree(request, at), schema, mode);
      return selectSubtree(shown, compiled, access);
    }
    const xpath = xpaths.compile(filter.select, filter.element);
    const shown = withDefaults(this.#tree(request, at), schema, mode);
    const readable = withReadableChildren(shown, undefined, access);
    return selectXPath(mode === "explicit" ? readable : made(readable), xpath, schema);
  }

  /** Configuration and state together: what <get> has, and what operations see around them. */
  everything(at: Raw): Tree {
    const { datastores, operational } = this.#options;
    return mergeTrees(datastores.read("running"), operational(at));
  }

  #tree(request: ReadRequest, at: Raw): Tree {
    if (request.kind === "get") return this.everything(at);
    return this.#options.datastores.read(request.source);
  }
}

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
