import type { DataNode, LeafData, ListData, Tree } from "../data/index.ts";
import type { DataSchemaNode, Schema, Type } from "../yang/index.ts";
import type { PasswordHashes } from "./doors.ts";

/** RFC 7317 section 2.4: what follows is the password itself, to be hashed as it arrives. */
const clear = "$0$";

/**
 * Replaces every clear-text crypt-hash in what arrives by its hash, so that no datastore ever keeps
 * one. The hash that is there already stays where it is of that password: who sends the same
 * configuration twice changes nothing. Trees without any are given back as they are.
 */
export class PasswordArrival {
  readonly #hashes: PasswordHashes;
  /** Every node that is such a leaf or has one below: all else is passed over. */
  readonly #holders = new Set<DataSchemaNode>();

  constructor(schema: Schema, hashes: PasswordHashes) {
    this.#hashes = hashes;
    for (const node of schema.dataChildren) this.#find(node);
  }

  /** `before`: what the tree takes the place of. */
  tree(tree: Tree, before: Tree): Tree {
    const children = this.#children(tree.children, before.children);
    return children === tree.children ? tree : { ...tree, children };
  }

  #children(children: readonly DataNode[], before: readonly DataNode[]): readonly DataNode[] {
    let changed = children;
    for (const [i, child] of children.entries()) {
      if (!this.#holders.has(child.schema)) continue;
      const kept = before.find(({ schema }) => schema === child.schema);
      const after = child === kept ? child : this.#node(child, kept);
      if (after !== child) changed = changed.with(i, after);
    }
    return changed;
  }

  #node(node: DataNode, kept: DataNode | undefined): DataNode {
    switch (node.kind) {
      case "leaf":
        return this.#leaf(node, kept?.kind === "leaf" ? kept : undefined);
      case "container": {
        const before = kept?.kind === "container" ? kept.children : [];
        const children = this.#children(node.children, before);
        return children === node.children ? node : { ...node, children };
      }
      case "list":
        return this.#list(node, kept?.kind === "list" ? kept : undefined);
      default:
        return node;
    }
  }

  #leaf(leaf: LeafData, kept: LeafData | undefined): LeafData {
    if (!leaf.value.startsWith(clear)) return leaf;
    const password = leaf.value.slice(clear.length);
    if (kept !== undefined && this.#hashes.matches(password, kept.value)) return kept;
    return { ...leaf, value: this.#hashes.hash(password) };
  }

  #list(list: ListData, kept: ListData | undefined): ListData {
    let entries = list.entries;
    for (const entry of list.entries) {
      const before = kept?.entries.get(entry.key);
      if (entry === before) continue;
      const children = this.#children(entry.children, before?.children ?? []);
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
