import type { LeafSchema, ListSchema } from "./schema.ts";
import type { Type } from "./type.ts";
import type { XPathExpression, XPathNode, XPathStep } from "./xpath.ts";
import { compileStep, type Evaluation } from "./xpath-axes.ts";
import { staticType } from "./xpath-check.ts";
import {
  type Compiler,
  dependsOnContext,
  dependsOnPosition,
  type Frame,
  type Run,
} from "./xpath-run.ts";
import { inDocumentOrder, numberToString } from "./xpath-values.ts";

type Path = Extract<XPathExpression, { kind: "path" }>;
type Nodes = readonly XPathNode[];

/** A compiled path, and what is known of its result before there is any. */
export interface CompiledPath {
  readonly run: Run<Nodes>;
  /** In document order, whatever the data. */
  readonly ordered: boolean;
}

/** What is known of a set of nodes: no two of them lie within each other; there is at most one. */
interface Known {
  readonly ordered: boolean;
  readonly flat: boolean;
  readonly single: boolean;
}

const NONE: Nodes = [];
const ONE: Known = { ordered: true, flat: true, single: true };

/** `from`: what a path that starts at an expression starts at, compiled by the caller. */
export function compilePath(
  path: Path,
  compiler: Compiler,
  from: CompiledPath | undefined,
): CompiledPath {
  let run: Run<Nodes>;
  let known: Known;
  if (from !== undefined) {
    run = filtered(path.predicates, from, compiler);
    known = isCurrent(path.from) ? ONE : { ordered: from.ordered, flat: false, single: false };
  } else {
    run = path.from === "root" ? (_node, frame) => [frame.evaluation.root] : (node) => [node];
    known = ONE;
  }
  for (const step of abbreviated(path.steps)) {
    const select = compileSelect(step, compiler);
    run = chain(run, select, known, step.axis);
    known = after(step.axis, known);
  }
  return { run, ordered: known.ordered };
}

function isCurrent(from: Path["from"]): boolean {
  return typeof from === "object" && from.kind === "call" && from.name === "current";
}

/** `//x` as one walk over the descendants, where the predicates of x do not count positions. */
export function abbreviated(steps: readonly XPathStep[]): readonly XPathStep[] {
  const result: XPathStep[] = [];
  for (const step of steps) {
    const before = result.at(-1);
    const anywhere =
      before?.axis === "descendant-or-self" &&
      before.test.kind === "node" &&
      before.predicates.length === 0;
    if (anywhere && step.axis === "child" && !step.predicates.some(isPositional)) {
      result[result.length - 1] = { ...step, axis: "descendant" };
    } else {
      result.push(step);
    }
  }
  return result;
}

function isPositional(predicate: XPathExpression): boolean {
  return staticType(predicate) === "number" || dependsOnPosition(predicate);
}

function after(axis: XPathStep["axis"], before: Known): Known {
  switch (axis) {
    case "self":
      return before;
    case "child":
      return { ordered: before.ordered && before.flat, flat: before.flat, single: false };
    case "parent":
      return before.single ? ONE : { ordered: false, flat: false, single: false };
    case "descendant":
    case "descendant-or-self":
      return { ordered: before.ordered && before.flat, flat: false, single: false };
    case "following-sibling":
    case "following":
      return { ordered: before.single, flat: false, single: false };
    default:
      return { ordered: false, flat: false, single: false };
  }
}

type Select = (node: XPathNode, frame: Frame) => Nodes;

function chain(
  before: Run<Nodes>,
  select: Select,
  known: Known,
  axis: XPathStep["axis"],
): Run<Nodes> {
  const overlaps = axis !== "self" && axis !== "child" && !known.single;
  return (node, frame) => {
    const contexts = before(node, frame);
    const [first] = contexts;
    if (first === undefined) return NONE;
    if (contexts.length === 1) return select(first, frame);
    if (overlaps) {
      const distinct = new Set<XPathNode>();
      for (const context of contexts) for (const n of select(context, frame)) distinct.add(n);
      return [...distinct];
    }
    const all: XPathNode[] = [];
    for (const context of contexts) for (const n of select(context, frame)) all.push(n);
    return all;
  };
}

/** The nodes of one step, predicates applied, from one context node. */
function compileSelect(step: XPathStep, compiler: Compiler): Select {
  const walk = compileStep(step, compiler.names);
  if (step.predicates.length === 0) return (node, frame) => walk(node, frame.evaluation);
  const filters = step.predicates.map((predicate) =>
    compilePredicate(predicate, compiler.inPredicates),
  );
  const scan: Select = (node, frame) => {
    let found = walk(node, frame.evaluation);
    for (const filter of filters) found = filter(found, frame.evaluation);
    return found;
  };
  return byKeys(step, compiler, scan) ?? scan;
}

/** Predicates of a filter expression count in document order, XPath 1.0 section 3.3. */
function filtered(
  predicates: readonly XPathExpression[],
  from: CompiledPath,
  compiler: Compiler,
): Run<Nodes> {
  if (predicates.length === 0) return from.run;
  const filters = predicates.map((predicate) => compilePredicate(predicate, compiler.inPredicates));
  const sort = !from.ordered && predicates.some(isPositional);
  return (node, frame) => {
    const nodes = from.run(node, frame);
    let found = sort ? inDocumentOrder(nodes) : nodes;
    for (const filter of filters) found = filter(found, frame.evaluation);
    return found;
  };
}

type Filter = (nodes: Nodes, evaluation: Evaluation) => Nodes;

/** XPath 1.0 section 2.4. */
function compilePredicate(predicate: XPathExpression, compiler: Compiler): Filter {
  if (predicate.kind === "number") {
    const index = predicate.value - 1;
    return (nodes) => {
      const chosen = nodes[index];
      return chosen === undefined ? NONE : [chosen];
    };
  }
  if (staticType(predicate) === "number") {
    const wanted = compiler.number(predicate);
    return positional((node, frame) => wanted(node, frame) === frame.position);
  }
  const holds = compiler.boolean(predicate);
  if (dependsOnPosition(predicate)) return positional(holds);
  return (nodes, evaluation) => {
    evaluation.spend(nodes.length);
    const frame: Frame = { evaluation, position: 1, size: nodes.length };
    return nodes.filter((node) => holds(node, frame));
  };
}

function positional(holds: Run<boolean>): Filter {
  return (nodes, evaluation) => {
    evaluation.spend(nodes.length);
    const size = nodes.length;
    return nodes.filter((node, i) => holds(node, { evaluation, position: i + 1, size }));
  };
}

/** A predicate `name = value` whose value is the same for every entry. */
interface KeyTest {
  readonly name: string;
  readonly namespace: string | undefined;
  /** The text that the key must be; undefined: none fits; SCAN where that cannot be said. */
  readonly text: (node: XPathNode, frame: Frame, key: LeafSchema) => KeyText;
}

const SCAN = Symbol("scan");

type KeyText = string | undefined | typeof SCAN;

/**
 * `list[key = value]` as one look-up, where predicates give every key and the nodes can look up.
 * Other predicates are applied to the entry that was found.
 */
function byKeys(step: XPathStep, compiler: Compiler, scan: Select): Select | undefined {
  const { test } = step;
  if (step.axis !== "child" || test.kind !== "name") return undefined;
  if (step.predicates.some(isPositional)) return undefined;
  const conjuncts = step.predicates.flatMap(conjunction);
  const tests = conjuncts.flatMap((conjunct) => keyTest(conjunct, compiler.inPredicates) ?? []);
  if (tests.length === 0) return undefined;
  const { names } = compiler;
  const namespace = test.prefix === "" ? names.defaultNamespace : names.namespace(test.prefix);
  const filters = step.predicates.map((predicate) =>
    compilePredicate(predicate, compiler.inPredicates),
  );
  let plannedFor: ListSchema | undefined;
  let plan: readonly KeyTest[] | undefined;
  return (node, frame) => {
    const list = node.childSchema?.(namespace, test.name);
    if (list?.kind !== "list" || node.entryByKeys === undefined) return scan(node, frame);
    if (list !== plannedFor) {
      plannedFor = list;
      plan = planKeys(list, tests);
    }
    if (plan === undefined) return scan(node, frame);
    const keys: string[] = [];
    for (const [i, key] of list.keys.entries()) {
      const text = plan[i]?.text(node, frame, key);
      if (text === undefined) return NONE;
      if (text === SCAN) return scan(node, frame);
      keys.push(text);
    }
    frame.evaluation.spend(1);
    const entry = node.entryByKeys(list, keys);
    if (entry === undefined) return NONE;
    // Key tests hold by construction; what else was asked is asked now.
    if (conjuncts.length === list.keys.length) return [entry];
    let found: Nodes = [entry];
    for (const filter of filters) found = filter(found, frame.evaluation);
    return found;
  };
}

function conjunction(predicate: XPathExpression): readonly XPathExpression[] {
  if (predicate.kind !== "binary" || predicate.operator !== "and") return [predicate];
  return [...conjunction(predicate.left), ...conjunction(predicate.right)];
}

function keyTest(conjunct: XPathExpression, compiler: Compiler): KeyTest | undefined {
  if (conjunct.kind !== "binary" || conjunct.operator !== "=") return undefined;
  const { left, right } = conjunct;
  return keyEquals(left, right, compiler) ?? keyEquals(right, left, compiler);
}

function keyEquals(
  key: XPathExpression,
  value: XPathExpression,
  compiler: Compiler,
): KeyTest | undefined {
  if (key.kind !== "path" || key.from !== "context" || key.steps.length !== 1) return undefined;
  const [step] = key.steps;
  if (step?.axis !== "child" || step.test.kind !== "name" || step.predicates.length > 0) {
    return undefined;
  }
  if (dependsOnContext(value)) return undefined;
  const { prefix, name } = step.test;
  const { names } = compiler;
  const namespace = prefix === "" ? names.defaultNamespace : names.namespace(prefix);
  const text = keyText(value, compiler);
  return text === undefined ? undefined : { name, namespace, text };
}

function keyText(value: XPathExpression, compiler: Compiler): KeyTest["text"] | undefined {
  switch (staticType(value)) {
    case "string":
      return compiler.string(value);
    case "nodes": {
      const nodes = compiler.nodes(value);
      return (node, frame) => {
        const found = nodes(node, frame);
        const [only] = found;
        if (found.length > 1) return SCAN;
        return only === undefined ? undefined : frame.evaluation.text(only);
      };
    }
    case "number": {
      const number = compiler.number(value);
      return (node, frame, key) => {
        const wanted = number(node, frame);
        const exact = Number.isSafeInteger(wanted) && /^u?int/.test(key.type.base);
        return exact ? numberToString(wanted) : SCAN;
      };
    }
    default:
      return undefined;
  }
}

/** One test for each key, in their order; undefined if a key has none or compares otherwise. */
function planKeys(list: ListSchema, tests: readonly KeyTest[]): readonly KeyTest[] | undefined {
  if (list.keys.length === 0) return undefined;
  const plan = list.keys.flatMap((key) => {
    const { namespace } = key.module;
    const found = tests.find(
      (test) =>
        test.name === key.name && (test.namespace === undefined || test.namespace === namespace),
    );
    return found !== undefined && comparesAsText(key.type) ? [found] : [];
  });
  return plan.length === list.keys.length ? plan : undefined;
}

/** False where string() may differ from the canonical value, or prefixes have a meaning. */
function comparesAsText(type: Type): boolean {
  switch (type.base) {
    case "identityref":
    case "instance-identifier":
      return false;
    case "leafref":
      return comparesAsText(type.realType);
    case "union":
      return type.members.every(comparesAsText);
    default:
      return true;
  }
}
