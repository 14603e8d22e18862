import type { Raw } from "../base/index.ts";
import { emptyTree, type Tree, treeOf } from "../data/index.ts";
import type { DatastoreName, Datastores } from "../datastore/index.ts";
import type { Schema } from "../yang/index.ts";
import { type ReadAccess, withReadableChildren } from "./access.ts";
import { mergeChildren } from "./merge.ts";
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
    const { filter } = request;
    if (filter === undefined)
      return withReadableChildren(this.#tree(request, at), undefined, access);
    if (filter.kind === "subtree") {
      const compiled = compileSubtree(filter.elements, schema);
      if (compiled.size === 0) return emptyTree;
      return selectSubtree(this.#tree(request, at), compiled, access);
    }
    const xpath = xpaths.compile(filter.select, filter.element);
    const readable = withReadableChildren(this.#tree(request, at), undefined, access);
    return selectXPath(readable, xpath, schema);
  }

  #tree(request: ReadRequest, at: Raw): Tree {
    const { datastores, operational } = this.#options;
    if (request.kind === "get-config") return datastores.read(request.source);
    const running = datastores.read("running");
    return treeOf(mergeChildren(running.children, operational(at).children));
  }
}
