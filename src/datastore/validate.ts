import { isFull, type RpcFault } from "../base/index.ts";
import {
  badElement,
  childOf,
  type DataNode,
  diff,
  faultAt,
  type Instance,
  type InstanceNode,
  impliedChildren,
  type ListEntry,
  namedFault,
  nodeAt,
  type PathStep,
  type Place,
  placeFrom,
  placeOf,
  readablePath,
  stepsOf,
  type Tree,
  whensHold,
  xpathRoot,
} from "../data/index.ts";
import {
  type DataSchemaNode,
  type Must,
  type Schema,
  toBoolean,
  XPathLimitError,
} from "../yang/index.ts";
import { type ChangeNode, changeTree } from "./change-tree.ts";
import { follow, leafIndex } from "./list-index.ts";
import { breaksByLossAlone, References } from "./reference.ts";
import { type Rule, Rules } from "./rules.ts";
import { checkStructure } from "./structure.ts";
import { Touched } from "./touched.ts";
import { checkUnique } from "./unique.ts";

/**
 * RFC 7950 sections 8.1, 8.3.3 and 15 on a whole tree: all faults. Held against a previous tree
 * that
 * is valid, only what the difference can have altered is looked at; the verdict is the same.
 */
export function validateTree(tree: Tree, schema: Schema, previous?: Tree): readonly RpcFault[] {
  if (tree === previous) return [];
  const faults: RpcFault[] = [];
  const root = xpathRoot(tree, schema);
  if (previous === undefined) new Validation(root, schema, faults, false).whole();
  else new Validation(root, schema, faults, true).changed(previous, tree);
  return faults;
}

/** The same for a whole tree that holds state beside configuration: of that, too, all is asked. */
export function validateData(tree: Tree, schema: Schema): readonly RpcFault[] {
  const faults: RpcFault[] = [];
  new Validation(xpathRoot(tree, schema, undefined, "data"), schema, faults, false).whole();
  return faults;
}

/**
 * The same for an operation's input or output or a notification, which sees the datastore beside it
 * (RFC 7950 section 6.4.1). `path`: where an action was called.
 */
export function validateInput(
  input: Tree,
  schema: Schema,
  datastore: Tree,
  path: readonly PathStep[] = [],
): readonly RpcFault[] {
  const faults: RpcFault[] = [];
  const root = xpathRoot(datastore, schema);
  const holder = nodeAt(root, path);
  if (holder === undefined) return [namedFault(placeFrom(path), "data-missing", "it is not there")];
  const validation = new Validation(root, schema, faults, true);
  validation.added(holder.addOperation(input), placeFrom(path));
  return faults;
}

/** Whose `when` is false: the explicit nodes that must not be there. */
export function falseWhens(
  tree: Tree,
  schema: Schema,
  previous: Tree,
): readonly (readonly PathStep[])[] {
  const found: (readonly PathStep[])[] = [];
  const root = xpathRoot(tree, schema);
  const validation = new Validation(root, schema, [], true, (path) => found.push(path));
  validation.changed(previous, tree);
  return found;
}

/** Derived from frozen schemas, so the cache can never be stale. */
const rulesOf = new WeakMap<Schema, Rules>();

class Validation {
  readonly #root: InstanceNode;
  readonly #schema: Schema;
  readonly #faults: RpcFault[];
  readonly #rules: Rules;
  readonly #references: References;
  /** True: little is looked at of much, so lists are worth an index. */
  readonly #indexed: boolean;
  /** Instances whose reference was asked because of what it may have lost. */
  readonly #askedReferrers = new Set<Instance>();
  /** Set where only the whens are asked, and what is false is told here. */
  readonly #tellFalse: ((path: readonly PathStep[]) => void) | undefined;

  constructor(
    root: InstanceNode,
    schema: Schema,
    faults: RpcFault[],
    indexed: boolean,
    tellFalse?: (path: readonly PathStep[]) => void,
  ) {
    this.#root = root;
    this.#schema = schema;
    this.#faults = faults;
    this.#tellFalse = tellFalse;
    this.#indexed = indexed;
    this.#references = new References(schema, indexed);
    let rules = rulesOf.get(schema);
    if (rules === undefined) {
      rules = new Rules(schema);
      rulesOf.set(schema, rules);
    }
    this.#rules = rules;
  }

  whole(): void {
    this.added(this.#root, undefined);
  }

  changed(previous: Tree, tree: Tree): void {
    const changes = diff(previous, tree, follow);
    if (changes.length === 0) return;
    this.#visit(changeTree(changes), this.#root, undefined, new Touched(changes), noRules);
  }

  /** All rules of an instance that is new, and of all below it. `done`: asked already. */
  added(node: InstanceNode, place: Place | undefined, done: ReadonlySet<Rule> = noRules): void {
    for (const rule of this.#rules.of(holderOf(node))) {
      if (!done.has(rule) && !this.#wasAsked(rule, node)) this.#ask(rule, node, place);
    }
    const { instance, schema } = node;
    if (instance === undefined || !("children" in instance)) return;
    for (const child of instance.children) {
      if (!this.#isBearing(child.schema)) continue;
      if (child.kind === "list" || child.kind === "leaf-list") {
        for (const key of child.entries.keys()) {
          const entry = child.entries.get(key);
          if (entry === undefined) continue;
          const inner = node.instanceOf(child.schema, entry);
          this.added(inner, placeOf(place, child.schema, key), done);
          node.release(inner);
        }
      } else {
        this.added(node.instanceOf(child.schema, child), placeOf(place, child.schema), done);
      }
    }
    const parent =
      schema === undefined ? this.#schema : "dataChildren" in schema ? schema : undefined;
    if (parent === undefined) return;
    for (const implied of impliedChildren(parent, instance.children)) {
      if (!this.#isBearing(implied)) continue;
      for (const inner of node.instances(implied)) this.added(inner, placeOf(place, implied), done);
    }
  }

  /** A node that is in both trees and has changes below it. */
  #visit(
    change: ChangeNode,
    node: InstanceNode,
    place: Place | undefined,
    touched: Touched,
    before: ReadonlySet<Rule>,
  ): void {
    const fired = this.#rules
      .anchoredAt(anchorOf(node))
      .filter((rule) => this.#isAsked(rule) && !before.has(rule) && touched.mayAlter(rule));
    const done = new Set(before);
    for (const rule of fired) {
      const path = this.#pathTo(rule, node);
      const ask = (instance: InstanceNode, at: Place | undefined): void => {
        this.#ask(rule, instance, at);
      };
      const lost = lostValues(rule, touched);
      if (lost !== undefined) {
        this.#referrers(node, place, path, lost, ask);
      } else {
        this.#everywhere(node, place, path, ask);
        done.add(rule);
      }
    }
    for (const rule of this.#rules.of(holderOf(node))) {
      // Children came or went.
      if (rule.kind === "structure" && !done.has(rule)) this.#ask(rule, node, place);
    }
    for (const [schema, byKey] of change.children) {
      if (!this.#isBearing(schema)) continue;
      for (const [key, below] of byKey) {
        const child = node.child(schema, key);
        // undefined: it is gone, and no default stands in for it.
        if (child === undefined) continue;
        const at = placeOf(place, schema, key);
        if (below.kind === undefined) this.#visit(below, child, at, touched, done);
        else this.added(child, at, done);
        if (key !== undefined) node.release(child);
      }
    }
  }

  #wasAsked({ kind }: Rule, { instance }: InstanceNode): boolean {
    return kind === "reference" && instance !== undefined && this.#askedReferrers.has(instance);
  }

  #isAsked(rule: Rule): boolean {
    return this.#tellFalse === undefined || rule.kind === "when";
  }

  #isBearing(schema: DataSchemaNode): boolean {
    return this.#rules.isBearing(schema, this.#tellFalse === undefined ? undefined : "when");
  }

  /** The data nodes from below a rule's anchor down to its holder. */
  #pathTo(rule: Rule, from: InstanceNode): readonly DataSchemaNode[] {
    const path: DataSchemaNode[] = [];
    const top = anchorOf(from);
    for (let at = rule.holder; at !== undefined && at !== top; at = at.dataParent) {
      path.unshift(at as DataSchemaNode);
    }
    return path;
  }

  #everywhere(
    node: InstanceNode,
    place: Place | undefined,
    [schema, ...rest]: readonly DataSchemaNode[],
    act: (node: InstanceNode, place: Place | undefined) => void,
  ): void {
    if (schema === undefined) {
      act(node, place);
      return;
    }
    const { instance } = node;
    const data =
      instance !== undefined && "children" in instance
        ? instance.children.find((child) => child.schema === schema)
        : undefined;
    if (data?.kind === "list" || data?.kind === "leaf-list") {
      for (const key of data.entries.keys()) {
        const entry = data.entries.get(key);
        if (entry === undefined) continue;
        const inner = node.instanceOf(schema, entry);
        this.#everywhere(inner, placeOf(place, schema, key), rest, act);
        node.release(inner);
      }
      return;
    }
    for (const inner of node.instances(schema)) {
      this.#everywhere(inner, placeOf(place, schema), rest, act);
    }
  }

  /** The leaves at the end of a path that have one of the values: looked for in the data alone. */
  #referrers(
    node: InstanceNode,
    place: Place | undefined,
    path: readonly DataSchemaNode[],
    values: ReadonlySet<string>,
    act: (node: InstanceNode, place: Place | undefined) => void,
  ): void {
    const { instance } = node;
    if (values.size === 0 || instance === undefined || !("children" in instance)) return;
    for (const at of placesOf(instance.children, path, values, place)) {
      const found = nodeAt(this.#root, stepsOf(at));
      if (found?.instance === undefined || this.#askedReferrers.has(found.instance)) continue;
      act(found, at);
      this.#askedReferrers.add(found.instance);
    }
  }

  #ask(rule: Rule, node: InstanceNode, place: Place | undefined): void {
    if (!this.#isAsked(rule) || isFull(this.#faults)) return;
    try {
      this.#judge(rule, node, place);
    } catch (limit) {
      if (!(limit instanceof XPathLimitError)) throw limit;
      const message = `${readablePath(place)}: ${limit.message}`;
      this.#faults.push(faultAt(place, "resource-denied", message));
    }
  }

  #judge(rule: Rule, node: InstanceNode, place: Place | undefined): void {
    switch (rule.kind) {
      case "must":
        this.#must(rule.must, node, place);
        break;
      case "when":
        this.#when(node, place);
        break;
      case "reference":
        if (place !== undefined) this.#references.check(node, rule.leaf, place, this.#faults);
        break;
      case "unique":
        checkUnique(node, place, rule.list, this.#indexed, this.#faults);
        break;
      case "structure":
        checkStructure(node, place, rule.required, this.#faults);
        break;
    }
  }

  /** RFC 7950 sections 7.5.3 and 15.4. */
  #must(must: Must, node: InstanceNode, place: Place | undefined): void {
    // Deviation: RFC 7950 section 7.5.3 asks the musts of a non-presence container that nobody put
    // anything into, too. Then many a module, the RFC's own example among them, could never be
    // empty.
    if (node.isImplied && node.schema?.kind === "container") return;
    const { xpath, errorMessage, errorAppTag = "must-violation" } = must;
    if (toBoolean(xpath.evaluate({ node, current: node, root: this.#root }))) return;
    const message = errorMessage ?? `${readablePath(place)}: must be that ${xpath.text}`;
    this.#faults.push(faultAt(place, "operation-failed", message, { appTag: errorAppTag }));
  }

  /** RFC 7950 section 8.3.2. */
  #when(node: InstanceNode, place: Place | undefined): void {
    const { schema, parent } = node;
    if (node.isImplied || parent === undefined || place === undefined) return;
    if (schema === undefined || !("whens" in schema) || whensHold(place.schema, parent)) return;
    if (this.#tellFalse !== undefined) {
      this.#tellFalse(stepsOf(place));
      return;
    }
    const conditions = place.schema.whens.map(({ xpath }) => xpath.text).join(" and ");
    const message = `it can only be there when ${conditions}`;
    const info = [badElement(place.schema.name)];
    this.#faults.push(namedFault(place, "unknown-element", message, { info }));
  }
}

const noRules: ReadonlySet<Rule> = new Set();

/** What a reference by plain path can have lost; undefined: to be asked in full. */
function lostValues(rule: Rule, touched: Touched): ReadonlySet<string> | undefined {
  if (rule.kind !== "reference" || !breaksByLossAlone(rule.leaf)) return undefined;
  const { type } = rule.leaf;
  return type.base === "leafref" ? touched.lostValues(type.target) : undefined;
}

function* placesOf(
  children: readonly DataNode[],
  [schema, ...rest]: readonly DataSchemaNode[],
  values: ReadonlySet<string>,
  up: Place | undefined,
): Generator<Place> {
  const data = schema && childOf({ children }, schema);
  switch (data?.kind) {
    case "leaf":
      if (values.has(data.value)) yield placeOf(up, data.schema);
      break;
    case "leaf-list":
      for (const { value } of data.entries) {
        if (values.has(value)) yield placeOf(up, data.schema, value);
      }
      break;
    case "container":
      yield* placesOf(data.children, rest, values, placeOf(up, data.schema));
      break;
    case "list":
      for (const entry of entriesWith(data, rest, values)) {
        yield* placesOf(entry.children, rest, values, placeOf(up, data.schema, entry.key));
      }
      break;
    default:
  }
}

/** The entries that may have one of the values at the end of a path. */
function* entriesWith(
  { entries }: Extract<DataNode, { readonly kind: "list" }>,
  path: readonly DataSchemaNode[],
  values: ReadonlySet<string>,
): Generator<ListEntry> {
  const index = leafIndex(entries, path);
  if (index === undefined) {
    yield* entries;
    return;
  }
  const keys = new Set<string>();
  for (const value of values) for (const key of index.keysOf(value)) keys.add(key);
  for (const key of keys) {
    const entry = entries.get(key);
    if (entry !== undefined) yield entry;
  }
}

function holderOf(node: InstanceNode): Rule["holder"] {
  return node.schema;
}

function anchorOf({ schema }: InstanceNode): Rule["anchor"] {
  return schema !== undefined && "dataChildren" in schema ? schema : undefined;
}
