import {
  type DataParent,
  type DataSchemaNode,
  dependencies,
  type LeafListSchema,
  type LeafSchema,
  type ListSchema,
  type Must,
  type Schema,
  type SchemaNode,
  type Type,
  type When,
  type XPath,
} from "../yang/index.ts";
import { levelsUp } from "./reach.ts";
import { type Requirement, requirementsOf } from "./structure.ts";

/** Where a rule is asked: on each instance of a data node, or once for the whole tree. */
export type RuleHolder = DataParent | DataSchemaNode | undefined;

/** Schema nodes that are read; "unknown": any. */
export type Reads = ReadonlySet<SchemaNode> | "unknown";

interface RuleCommon {
  /** The rule is asked on each instance of this node. */
  readonly holder: RuleHolder;
  /** Nodes whose existence or value can alter the verdict. */
  readonly reads: Reads;
  /**
   * The closest ancestor of the holder inside whose instance all of it is read; undefined: root.
   */
  readonly anchor: DataParent | undefined;
}

/** One rule of RFC 7950 section 8.1 that a tree has to obey. */
export type Rule =
  | (RuleCommon & { readonly kind: "must"; readonly must: Must })
  | (RuleCommon & { readonly kind: "when" })
  | (RuleCommon & { readonly kind: "reference"; readonly leaf: LeafSchema | LeafListSchema })
  | (RuleCommon & { readonly kind: "unique"; readonly list: ListSchema })
  | (RuleCommon & { readonly kind: "structure"; readonly required: readonly Requirement[] });

/** All rules of a schema, found by the node that holds them or by their anchor. */
export class Rules {
  readonly #schema: Schema;
  readonly #held = new Map<RuleHolder, readonly Rule[]>();
  readonly #anchored = new Map<DataParent | undefined, Rule[]>();
  readonly #bearing = new Map<DataSchemaNode, boolean>();
  readonly #bearingWhens = new Map<DataSchemaNode, boolean>();

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#gather(undefined, schema.dataChildren);
    for (const rules of this.#held.values()) {
      for (const rule of rules) {
        const there = this.#anchored.get(rule.anchor);
        if (there === undefined) this.#anchored.set(rule.anchor, [rule]);
        else there.push(rule);
      }
    }
  }

  /** Rules asked on each instance of a node. Those of operations are compiled when asked for. */
  of(holder: RuleHolder): readonly Rule[] {
    let rules = this.#held.get(holder);
    if (rules === undefined) {
      rules = this.#compile(holder);
      this.#held.set(holder, rules);
    }
    return rules;
  }

  /** Rules that look no further than an instance of this node, and further than what lies below. */
  anchoredAt(anchor: DataParent | undefined): readonly Rule[] {
    return this.#anchored.get(anchor) ?? [];
  }

  /** Whether a node or anything below it holds a rule, or, `only` asked for, a when. */
  isBearing(schema: DataSchemaNode, only?: "when"): boolean {
    const known = only === undefined ? this.#bearing : this.#bearingWhens;
    let bearing = known.get(schema);
    if (bearing === undefined) {
      const own = this.of(schema).some(({ kind }) => only === undefined || kind === only);
      bearing =
        own ||
        ("dataChildren" in schema &&
          schema.dataChildren.some((child) => this.isBearing(child, only)));
      known.set(schema, bearing);
    }
    return bearing;
  }

  #gather(holder: RuleHolder, children: readonly DataSchemaNode[]): void {
    this.of(holder);
    for (const child of children) {
      if ("dataChildren" in child) this.#gather(child, child.dataChildren);
      else this.of(child);
    }
  }

  #compile(holder: RuleHolder): readonly Rule[] {
    const rules: Rule[] = [];
    if (holder !== undefined && "musts" in holder) {
      for (const must of holder.musts) {
        const reading = this.#reading(must.xpath, holder, holder);
        rules.push({ kind: "must", must, holder, ...this.#closed(reading, holder) });
      }
    }
    if (holder !== undefined && holder.whens.length > 0 && isData(holder)) {
      rules.push({ kind: "when", holder, ...this.#closed(this.#whens(holder), holder) });
    }
    if (holder?.kind === "leaf" || holder?.kind === "leaf-list") {
      const reading = this.#references(holder.type, holder);
      if (reading !== undefined) {
        rules.push({ kind: "reference", leaf: holder, holder, ...this.#closed(reading, holder) });
      }
      return rules;
    }
    const children = (holder ?? this.#schema) as {
      readonly dataChildren?: readonly DataSchemaNode[];
    };
    for (const list of children.dataChildren ?? []) {
      if (list.kind !== "list" || list.uniques.length === 0) continue;
      const reads = new Set<SchemaNode>([list, ...list.uniques.flat()]);
      const anchor = anchorOf(holder);
      rules.push({ kind: "unique", list, holder, ...this.#closed({ reads, anchor }, holder) });
    }
    const structure = this.#structure(holder);
    if (structure !== undefined) rules.push(structure);
    return rules;
  }

  #structure(holder: RuleHolder): Rule | undefined {
    const required = requirementsOf(holder, this.#schema);
    if (required.length === 0) return undefined;
    let reading: Reading = { reads: new Set(), anchor: anchorOf(holder) };
    for (const node of required) {
      for (const when of node.whens) {
        const context = when.context === "self" ? node : node.dataParent;
        reading = joined(reading, this.#reading(when.xpath, context, holder));
      }
    }
    return { kind: "structure", required, holder, ...this.#closed(reading, holder) };
  }

  #whens(node: SchemaNode): Reading {
    let reading: Reading = { reads: new Set(), anchor: anchorOf(node) };
    for (const when of node.whens) reading = joined(reading, this.#when(when, node));
    return reading;
  }

  #when({ xpath, context }: When, node: SchemaNode): Reading {
    const from = context === "self" ? node : node.dataParent;
    return this.#reading(xpath, from, node);
  }

  /** What an expression reads, and where the highest of it is. */
  #reading(
    xpath: XPath,
    context: SchemaNode | undefined,
    _holder: RuleHolder | SchemaNode,
  ): Reading {
    const reads = dependencies(xpath, context, this.#schema);
    return { reads, anchor: ancestor(context, levelsUp(xpath.expression)) };
  }

  /** What a leafref or instance-identifier has to find, through unions; undefined: nothing. */
  #references(type: Type, leaf: LeafSchema | LeafListSchema): Reading | undefined {
    switch (type.base) {
      case "leafref": {
        if (!type.requireInstance) return undefined;
        const reading = this.#reading(type.path, leaf, leaf);
        return joined(reading, {
          reads: new Set<SchemaNode>([type.target]),
          anchor: anchorOf(leaf),
        });
      }
      case "instance-identifier":
        return type.requireInstance ? { reads: "unknown", anchor: undefined } : undefined;
      case "union": {
        const found = type.members.map((member) => this.#references(member, leaf));
        return found.reduce((a, b) =>
          a === undefined || b === undefined ? (a ?? b) : joined(a, b),
        );
      }
      default:
        return undefined;
    }
  }

  /**
   * Nodes that are there by default hang on their own `when`: what decides about a node that is
   * read
   * is read, too. That they hang on the choice they stand in is seen to by Touched.
   */
  #closed(reading: Reading, holder: RuleHolder): Reading {
    if (reading.reads === "unknown") return { reads: "unknown", anchor: undefined };
    const reads = new Set<SchemaNode>();
    let { anchor } = reading;
    const queue: SchemaNode[] = [...reading.reads];
    // The holder itself may come and go unset; a rule comes and goes with it.
    for (let at: SchemaNode | undefined = holder; at !== undefined; at = at.dataParent) {
      if (!isImpliable(at)) break;
      queue.push(at);
      // Another case may be in force: then it is its parent that changed, and not the node itself.
      if (at.parent?.kind === "case") anchor = higher(anchor, at.dataParent);
    }
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (reads.has(node)) continue;
      reads.add(node);
      if (!isImpliable(node)) continue;
      if (node.whens.length > 0) {
        const whens = this.#whens(node);
        if (whens.reads === "unknown") return { reads: "unknown", anchor: undefined };
        queue.push(...whens.reads);
        anchor = higher(anchor, whens.anchor);
      }
      if (node.dataParent !== undefined && isImpliable(node.dataParent))
        queue.push(node.dataParent);
    }
    return { reads, anchor };
  }
}

interface Reading {
  readonly reads: Reads;
  readonly anchor: DataParent | undefined;
}

function joined(a: Reading, b: Reading): Reading {
  const reads =
    a.reads === "unknown" || b.reads === "unknown"
      ? ("unknown" as const)
      : new Set([...a.reads, ...b.reads]);
  return { reads, anchor: higher(a.anchor, b.anchor) };
}

/** Of two ancestors of one node the one that is further up. */
function higher(a: DataParent | undefined, b: DataParent | undefined): DataParent | undefined {
  for (let at = a; at !== undefined; at = at.dataParent) if (at === b) return b;
  for (let at = b; at !== undefined; at = at.dataParent) if (at === a) return a;
  return undefined;
}

/** The data parent that a number of levels up stands at, counting from a node. */
function ancestor(node: SchemaNode | undefined, levels: number): DataParent | undefined {
  let at: RuleHolder = dataNode(node);
  for (let level = 0; level < levels && at !== undefined; level++) at = at.dataParent;
  return anchorOf(at);
}

function dataNode(node: SchemaNode | undefined): RuleHolder {
  if (node === undefined) return undefined;
  switch (node.kind) {
    case "choice":
    case "case":
    case "rpc":
    case "action":
      return node.dataParent;
    default:
      return node;
  }
}

/** Leaves hold nothing: what looks at itself alone is anchored at its parent. */
function anchorOf(node: SchemaNode | undefined): DataParent | undefined {
  const at = dataNode(node);
  return at === undefined || "dataChildren" in at ? at : at.dataParent;
}

function isData(holder: DataParent | DataSchemaNode): holder is DataSchemaNode {
  return holder.kind !== "input" && holder.kind !== "output" && holder.kind !== "notification";
}

function isImpliable(node: SchemaNode): node is DataSchemaNode {
  switch (node.kind) {
    case "leaf":
      return node.default !== undefined;
    case "leaf-list":
      return node.defaults.length > 0;
    case "container":
      return node.presence === undefined;
    default:
      return false;
  }
}
