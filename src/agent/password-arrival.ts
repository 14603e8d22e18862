import type { DataNode, LeafData, ListData, Tree } from "../data/index.ts";
import type { DataSchemaNode, Schema, Type } from "../yang/index.ts";

/** RFC 7317 section 2.4: what follows is the password itself, to be hashed as it arrives. */
const clear = "$0$";

/**
 * Replaces every clear-text crypt-hash in what arrives by its hash, so that no datastore ever keeps
 * one. Trees without any are given back as they are.
 */
export class PasswordArrival {
  readonly #hash: (password: string) => string;
  /** Every node that is such a leaf or has one below: all else is passed over. */
  readonly #holders = new Set<DataSchemaNode>();

  constructor(schema: Schema, hash: (password: string) => string) {
    this.#hash = hash;
    for (const node of schema.dataChildren) this.#find(node);
  }

  tree(tree: Tree): Tree {
    const children = this.#children(tree.children);
    return children === tree.children ? tree : { ...tree, children };
  }

  #children(children: readonly DataNode[]): readonly DataNode[] {
    let changed = children;
    for (const [i, child] of children.entries()) {
      if (!this.#holders.has(child.schema)) continue;
      const after = this.#node(child);
      if (after !== child) changed = changed.with(i, after);
    }
    return changed;
  }

  #node(node: DataNode): DataNode {
    switch (node.kind) {
      case "leaf":
        return this.#leaf(node);
      case "container": {
        const children = this.#children(node.children);
        return children === node.children ? node : { ...node, children };
      }
      case "list":
        return this.#list(node);
      default:
        return node;
    }
  }

  #leaf(leaf: LeafData): LeafData {
    if (!leaf.value.startsWith(clear)) return leaf;
    return { ...leaf, value: this.#hash(leaf.value.slice(clear.length)) };
  }

  #list(list: ListData): ListData {
    let entries = list.entries;
    for (const entry of list.entries) {
      const children = this.#children(entry.children);
      if (children !== entry.children) entries = entries.set(entry.key, { ...entry, children });
    }
    return entries === list.entries ? list : { ...list, entries };
  }

  #find(node: DataSchemaNode): boolean {
    const holds =
      node.kind === "container" || node.kind === "list"
        ? node.dataChildren.map((child) => this.#find(child)).includes(true)
        : node.kind === "leaf" && isCryptHash(node.type);
    if (holds) this.#holders.add(node);
    return holds;
  }
}

function isCryptHash(type: Type): boolean {
  const real = type.base === "leafref" ? type.realType : type;
  return real.typedefs.includes("iana-crypt-hash:crypt-hash");
}
