import type {
  CaseSchema,
  ChoiceSchema,
  DataSchemaNode,
  LeafListSchema,
  ListSchema,
} from "../yang/index.ts";
import { addChild, childOf } from "./children.ts";
import { choicesOf } from "./choices.ts";
import type { EntriesDraft } from "./entries.ts";
import { noEntries } from "./key-order.ts";
import type { DataNode, LeafListEntry, ListEntry } from "./node.ts";

/** The children of one parent while they are being changed; what they came from stays as it is. */
export class ChildrenDraft {
  #nodes: readonly DataNode[];
  readonly #lists = new Map<ListSchema, EntriesDraft<ListEntry>>();
  readonly #leafLists = new Map<LeafListSchema, EntriesDraft<LeafListEntry>>();

  constructor(from: readonly DataNode[]) {
    this.#nodes = from;
  }

  /** A child other than a list or leaf-list. */
  get<S extends DataSchemaNode>(schema: S): Extract<DataNode, { schema: S }> | undefined {
    return childOf({ children: this.#nodes }, schema);
  }

  set(node: DataNode): void {
    this.#nodes = addChild(this.#nodes, node);
  }

  remove(schema: DataSchemaNode): void {
    if (schema.kind === "list") this.#lists.set(schema, noEntries<ListEntry>(schema).draft());
    else if (schema.kind === "leaf-list") {
      this.#leafLists.set(schema, noEntries<LeafListEntry>(schema).draft());
    } else this.#nodes = without(this.#nodes, schema);
  }

  entries(schema: ListSchema): EntriesDraft<ListEntry> {
    let draft = this.#lists.get(schema);
    if (draft === undefined) {
      const there = childOf({ children: this.#nodes }, schema);
      draft = (there?.entries ?? noEntries<ListEntry>(schema)).draft();
      this.#lists.set(schema, draft);
    }
    return draft;
  }

  values(schema: LeafListSchema): EntriesDraft<LeafListEntry> {
    let draft = this.#leafLists.get(schema);
    if (draft === undefined) {
      const there = childOf({ children: this.#nodes }, schema);
      draft = (there?.entries ?? noEntries<LeafListEntry>(schema)).draft();
      this.#leafLists.set(schema, draft);
    }
    return draft;
  }

  /** RFC 7950 section 7.9: a node of one case makes those of the other cases go. */
  chooseCaseOf(schema: DataSchemaNode): void {
    for (const { choice, chosen } of choicesOf(schema)) {
      for (const node of this.#nodes) {
        if (isOfOtherCase(node.schema, choice, chosen)) this.remove(node.schema);
      }
      for (const list of this.#lists.keys()) {
        if (isOfOtherCase(list, choice, chosen)) this.remove(list);
      }
      for (const leafList of this.#leafLists.keys()) {
        if (isOfOtherCase(leafList, choice, chosen)) this.remove(leafList);
      }
    }
  }

  /** The children as they are now; the same array if nothing was changed. */
  finish(): readonly DataNode[] {
    for (const [schema, draft] of this.#lists) {
      const entries = draft.finish();
      if (entries.size === 0) this.#nodes = without(this.#nodes, schema);
      else if (childOf({ children: this.#nodes }, schema)?.entries !== entries) {
        this.set({ kind: "list", schema, entries });
      }
    }
    for (const [schema, draft] of this.#leafLists) {
      const entries = draft.finish();
      if (entries.size === 0) this.#nodes = without(this.#nodes, schema);
      else if (childOf({ children: this.#nodes }, schema)?.entries !== entries) {
        this.set({ kind: "leaf-list", schema, entries });
      }
    }
    return this.#nodes;
  }
}

function without(nodes: readonly DataNode[], schema: DataSchemaNode): readonly DataNode[] {
  const at = nodes.findIndex((node) => node.schema === schema);
  return at < 0 ? nodes : nodes.toSpliced(at, 1);
}

function isOfOtherCase(schema: DataSchemaNode, choice: ChoiceSchema, chosen: CaseSchema): boolean {
  return choicesOf(schema).some((other) => other.choice === choice && other.chosen !== chosen);
}
