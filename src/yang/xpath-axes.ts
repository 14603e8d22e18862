import type { XPathNames, XPathNode, XPathStep } from "./xpath.ts";
import { XPathLimitError } from "./xpath.ts";
import { nameInPaths } from "./xpath-identity.ts";

/** What one evaluation carries along. */
export class Evaluation {
  readonly current: XPathNode;
  readonly root: XPathNode;
  /** Work that may still be done. */
  left: number;
  readonly #texts = new Map<XPathNode, XPathNode>();
  readonly #known = new Map<unknown, readonly XPathNode[]>();

  constructor(current: XPathNode, root: XPathNode, workLimit: number) {
    this.current = current;
    this.root = root;
    this.left = workLimit;
  }

  /** Every node that is looked at costs one, and so do eight characters of a text that is built. */
  spend(work: number): void {
    this.left -= work;
    if (this.left < 0) throw new XPathLimitError("the expression costs too much to evaluate");
  }

  /** string() of a node. That of a parent is put together here, so that it is paid for. */
  text(node: XPathNode): string {
    if (node.value !== undefined || !isParent(node)) return node.stringValue;
    const children = node.children();
    this.spend(children.length + 1);
    const text = children.map((child) => this.text(child)).join("");
    this.spend(text.length / 8);
    return text;
  }

  /** Nodes that are the same wherever they are asked for in this evaluation. */
  once(key: unknown, find: () => readonly XPathNode[]): readonly XPathNode[] {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = find();
    this.#known.set(key, found);
    return found;
  }

  /** The text node inside a leaf, the same one each time. */
  textOf(leaf: XPathNode): XPathNode {
    let text = this.#texts.get(leaf);
    if (text === undefined) {
      text = new TextNode(leaf);
      this.#texts.set(leaf, text);
    }
    return text;
  }
}

function isParent(node: XPathNode): boolean {
  const kind = node.schema?.kind;
  if (kind === undefined) return !(node instanceof TextNode);
  return kind !== "leaf" && kind !== "leaf-list" && kind !== "anydata" && kind !== "anyxml";
}

/** Instance trees have no text nodes; text() makes one that leads back to its leaf. */
export class TextNode implements XPathNode {
  readonly schema: undefined;
  readonly parent: XPathNode;
  readonly value: undefined;
  readonly stringValue: string;

  constructor(leaf: XPathNode) {
    this.parent = leaf;
    this.stringValue = leaf.stringValue;
  }

  children(): readonly XPathNode[] {
    return [];
  }

  childrenNamed(): readonly XPathNode[] {
    return [];
  }
}

/** The nodes of a step from one context node, in the order of the axis. */
export type StepNodes = (node: XPathNode, evaluation: Evaluation) => readonly XPathNode[];

const NONE: readonly XPathNode[] = [];

/** Compiles axis and node test of a step; its predicates are the caller's. */
export function compileStep(step: XPathStep, names: XPathNames): StepNodes {
  const { axis, test } = step;
  if (axis === "attribute" || axis === "namespace") return () => NONE;
  if (test.kind === "comment" || test.kind === "processing-instruction") return () => NONE;
  if (axis === "child" && test.kind === "name") return childNamed(test, names);
  if (axis === "parent" && test.kind === "node") return (node) => alone(node.parent);
  if (axis === "self" && test.kind === "node") return (node) => [node];
  const accepts = nodeTest(test, names);
  const texts = test.kind === "text" || test.kind === "node";
  const walk = axisWalk(axis, texts);
  return (node, evaluation) => {
    const found: XPathNode[] = [];
    walk(node, evaluation, (candidate) => {
      evaluation.spend(1);
      if (accepts(candidate)) found.push(candidate);
    });
    return found;
  };
}

/** The commonest step by far goes straight to the node's own index. */
function childNamed(
  test: { readonly prefix: string; readonly name: string },
  names: XPathNames,
): StepNodes {
  const { name } = test;
  const namespace = test.prefix === "" ? names.defaultNamespace : names.namespace(test.prefix);
  return (node, evaluation) => {
    const found = node.childrenNamed(namespace, name);
    evaluation.spend(found.length + 1);
    return found;
  };
}

function alone(node: XPathNode | undefined): readonly XPathNode[] {
  return node === undefined ? NONE : [node];
}

function nodeTest(test: XPathStep["test"], names: XPathNames): (node: XPathNode) => boolean {
  switch (test.kind) {
    case "name": {
      const { name, prefix } = test;
      const namespace = prefix === "" ? names.defaultNamespace : names.namespace(prefix);
      return ({ schema }) =>
        schema !== undefined &&
        nameInPaths(schema) === name &&
        (namespace === undefined || schema.module.namespace === namespace);
    }
    case "any": {
      const namespace = test.prefix === undefined ? undefined : names.namespace(test.prefix);
      return ({ schema }) =>
        schema !== undefined && (namespace === undefined || schema.module.namespace === namespace);
    }
    case "text":
      return (node) => node instanceof TextNode;
    case "node":
      return () => true;
    default:
      return () => false;
  }
}

type Visit = (node: XPathNode) => void;
type Walk = (node: XPathNode, evaluation: Evaluation, visit: Visit) => void;

/** `texts`: whether the node test can take text nodes, which need not be made otherwise. */
function axisWalk(axis: XPathStep["axis"], texts: boolean): Walk {
  const childrenOf = (node: XPathNode, evaluation: Evaluation): readonly XPathNode[] => {
    if (!texts || node.value === undefined) return node.children();
    return [evaluation.textOf(node)];
  };
  const descend: Walk = (node, evaluation, visit) => {
    for (const child of childrenOf(node, evaluation)) {
      visit(child);
      descend(child, evaluation, visit);
    }
  };
  const within: Walk = (node, evaluation, visit) => {
    visit(node);
    descend(node, evaluation, visit);
  };
  const withinBackwards: Walk = (node, evaluation, visit) => {
    for (const child of childrenOf(node, evaluation).toReversed()) {
      withinBackwards(child, evaluation, visit);
    }
    visit(node);
  };
  switch (axis) {
    case "child":
      return (node, evaluation, visit) => childrenOf(node, evaluation).forEach(visit);
    case "descendant":
      return descend;
    case "descendant-or-self":
      return within;
    case "self":
      return (node, _evaluation, visit) => visit(node);
    case "parent":
      return (node, _evaluation, visit) => alone(node.parent).forEach(visit);
    case "ancestor":
      return (node, _evaluation, visit) => ascend(node.parent, visit);
    case "ancestor-or-self":
      return (node, _evaluation, visit) => ascend(node, visit);
    case "following-sibling":
      return (node, evaluation, visit) => siblings(node, 1, evaluation).forEach(visit);
    case "preceding-sibling":
      return (node, evaluation, visit) => siblings(node, -1, evaluation).forEach(visit);
    case "following":
      return beyond(1, within);
    case "preceding":
      return beyond(-1, withinBackwards);
    default:
      return () => {};
  }
}

function ascend(node: XPathNode | undefined, visit: Visit): void {
  for (let at = node; at !== undefined; at = at.parent) visit(at);
}

/** Those after the node, or those before it, closest first. */
function siblings(
  node: XPathNode,
  direction: 1 | -1,
  evaluation: Evaluation,
): readonly XPathNode[] {
  const all = node.parent?.children() ?? NONE;
  evaluation.spend(all.length / 8);
  const at = all.indexOf(node);
  if (at < 0) return NONE;
  return direction === 1 ? all.slice(at + 1) : all.slice(0, at).reverse();
}

/** The following and preceding axes: for each ancestor, all within the siblings on that side. */
function beyond(direction: 1 | -1, within: Walk): Walk {
  return (node, evaluation, visit) => {
    for (let at: XPathNode | undefined = node; at !== undefined; at = at.parent) {
      for (const sibling of siblings(at, direction, evaluation)) within(sibling, evaluation, visit);
    }
  };
}
