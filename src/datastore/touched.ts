import { type Change, type ChangedData, choicesOf, type DataNode } from "../data/index.ts";
import type {
  ChoiceSchema,
  DataSchemaNode,
  LeafListSchema,
  LeafSchema,
  SchemaNode,
} from "../yang/index.ts";
import { breaksByLossAlone } from "./reference.ts";
import type { Reads, Rule } from "./rules.ts";

/** What differs between two trees, in schema nodes. */
export class Touched {
  readonly #nodes = new Set<SchemaNode>();
  /** Of these an instance is gone, has another value or another place. */
  readonly #lost = new Set<SchemaNode>();
  readonly #choices = new Set<ChoiceSchema>();
  readonly #changes: readonly Change[];

  constructor(changes: readonly Change[]) {
    this.#changes = changes;
    for (const { schema, kind } of changes) {
      const isLoss = kind !== "create";
      if (kind === "modify" || kind === "move") {
        this.#nodes.add(schema);
        this.#lost.add(schema);
        continue;
      }
      this.#all(schema, isLoss);
      // Another case may be in force now, its defaults with it.
      for (const { choice } of choicesOf(schema)) this.#choice(choice);
    }
  }

  /** Whether the verdict of a rule can have changed where nothing of its holder did. */
  mayAlter(rule: Rule): boolean {
    if (rule.kind === "reference") return this.#mayBreak(rule.reads, rule.leaf);
    return rule.reads === "unknown" || meets(rule.reads, this.#nodes);
  }

  /** The values that instances of a leaf had and may not have any more. */
  lostValues(target: LeafSchema | LeafListSchema): ReadonlySet<string> {
    const values = new Set<string>();
    for (const { before } of this.#changes)
      if (before !== undefined) valuesIn(before, target, values);
    return values;
  }

  #mayBreak(reads: Reads, leaf: LeafSchema | LeafListSchema): boolean {
    // What was set anew can do away with a default that an instance-identifier names.
    if (reads === "unknown") return true;
    return meets(reads, breaksByLossAlone(leaf) ? this.#lost : this.#nodes);
  }

  #choice(choice: ChoiceSchema): void {
    if (this.#choices.has(choice)) return;
    this.#choices.add(choice);
    for (const one of choice.cases) for (const child of one.children) this.#all(child, true);
  }

  /** A node and all below it. */
  #all(schema: SchemaNode, isLoss: boolean): void {
    if (this.#nodes.has(schema) && (!isLoss || this.#lost.has(schema))) return;
    this.#nodes.add(schema);
    if (isLoss) this.#lost.add(schema);
    if ("cases" in schema) for (const one of schema.cases) this.#all(one, isLoss);
    else if ("children" in schema) for (const child of schema.children) this.#all(child, isLoss);
  }
}

function valuesIn(
  data: ChangedData | DataNode,
  target: LeafSchema | LeafListSchema,
  values: Set<string>,
): void {
  if (!("kind" in data)) {
    values.add(data.value);
  } else if (data.kind === "leaf") {
    if (data.schema === target) values.add(data.value);
  } else if (data.kind === "leaf-list") {
    if (data.schema === target) for (const { value } of data.entries) values.add(value);
  } else if (data.kind === "list") {
    if (isAbove(data.schema, target)) {
      for (const entry of data.entries) valuesIn(entry, target, values);
    }
  } else if (data.kind !== "any" && isAbove(data.schema, target)) {
    for (const child of data.children) valuesIn(child, target, values);
  }
}

function isAbove(schema: DataSchemaNode, target: LeafSchema | LeafListSchema): boolean {
  for (let at = target.dataParent; at !== undefined; at = at.dataParent) {
    if (at === schema) return true;
  }
  return false;
}

function meets(
  reads: ReadonlySet<SchemaNode>,
  nodes: ReadonlySet<SchemaNode | DataSchemaNode>,
): boolean {
  const [small, large] = reads.size < nodes.size ? [reads, nodes] : [nodes, reads];
  for (const node of small) if (large.has(node)) return true;
  return false;
}
