import type { RpcError } from "../base/index.ts";
import type { DataNode, LeafListEntry, ListEntry, Tree } from "../data/index.ts";
import { type InstanceNode, noEntries, treeOf, xpathRoot } from "../data/index.ts";
import type { Element } from "../xml/index.ts";
import {
  compileXPath,
  type DataSchemaNode,
  inDocumentOrder,
  isXPathFault,
  type Schema,
  type XPath,
  type XPathAllowance,
  XPathLimitError,
} from "../yang/index.ts";
import { below, limitedTree, UNBOUNDED } from "./depth.ts";
import { workAdvice } from "./filter-work.ts";
import { mergeChildren } from "./merge.ts";
import { protocolError } from "./reply.ts";
import { expressionNames } from "./value-scope.ts";

/** Compiled expressions of this many filters are kept. */
const CACHE_SIZE = 256;

/** Compiles the expressions of filters, each once for the prefixes that stand around it. */
export class XPathFilters {
  readonly #schema: Schema;
  readonly #compiled = new Map<string, XPath>();

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  /** Throws RpcError: invalid-value with what is wrong (RFC 6241 section 8.9.5.1). */
  compile(text: string, element: Element): XPath {
    const key = cacheKey(text, element);
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const xpath = compileXPath(text, expressionNames(element, this.#schema));
    if (isXPathFault(xpath)) {
      const why = `${xpath.message} (at ${xpath.offset})`;
      throw badExpression(`"${text}" is no XPath expression: ${why}`, element);
    }
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size >= CACHE_SIZE && oldest !== undefined) this.#compiled.delete(oldest);
    this.#compiled.set(key, xpath);
    return xpath;
  }
}

/** Only prefixes that occur in the text can matter. */
function cacheKey(text: string, element: Element): string {
  let key = text;
  for (const [, prefix = ""] of text.matchAll(/([\p{L}_][\p{L}\p{N}._-]*):(?!:)/gu)) {
    key += `\n${prefix} ${element.scope.lookup(prefix) ?? ""}`;
  }
  return key;
}

interface EvaluationTerms {
  readonly appTag?: string;
  readonly allowance?: XPathAllowance | undefined;
}

interface XPathSelection {
  readonly at: Element;
  readonly levels: number;
  readonly allowance: XPathAllowance | undefined;
}

/**
 * What an expression selects, with what is below it, its ancestors, and the keys of those that are
 * list entries. `at`: the element of the expression. `allowance`: what it takes its work from, if
 * not from what each evaluation has. Throws RpcError.
 */
export function selectXPath(
  tree: Tree,
  xpath: XPath,
  schema: Schema,
  { at, levels, allowance }: XPathSelection,
): Tree {
  const root = xpathRoot(tree, schema);
  const picked = new Picked(levels);
  for (const node of evaluateNodes(xpath, root, at, { allowance })) picked.add(node);
  if (!picked.isWhole(root)) return treeOf(picked.childrenOf(root));
  return limitedTree(tree, levels);
}

/**
 * The nodes that an expression selects, in document order. Throws RpcError. `at`: the element that
 * it stands in; `appTag`: what the operation has for an expression that is a value and no node-set.
 */
export function evaluateNodes(
  xpath: XPath,
  root: InstanceNode,
  at: Element,
  { appTag, allowance }: EvaluationTerms = {},
): readonly InstanceNode[] {
  try {
    const value = xpath.evaluate({
      node: root,
      current: root,
      root,
      ...(allowance && { allowance }),
    });
    if (typeof value === "object") return inDocumentOrder(value) as readonly InstanceNode[];
  } catch (error) {
    if (!(error instanceof XPathLimitError)) throw error;
    throw tooCostly(xpath, allowance);
  }
  throw badExpression(`"${xpath.text}" selects no nodes, it is a value`, at, appTag);
}

/** The refusal of an expression whose work comes to more than there is for it. */
export function tooCostly({ text }: XPath, allowance: XPathAllowance | undefined): RpcError {
  const isSpent = allowance !== undefined && allowance.left <= 0;
  const alone = "it costs too much to evaluate: select by keys, or by a subtree filter";
  return protocolError("resource-denied", `"${text}": ${isSpent ? workAdvice : alone}`);
}

/** The nodes of a result, ordered into the tree that they span. */
class Picked {
  readonly #whole = new Set<InstanceNode>();
  readonly #children = new Map<InstanceNode, Set<InstanceNode>>();
  readonly #levels: number;

  constructor(levels: number) {
    this.#levels = levels;
  }

  add(node: InstanceNode): void {
    // A default in use is selected by the expression, but with-defaults decides if it is there.
    if (node.isImplied) return;
    this.#whole.add(node);
    let child = node;
    for (let at = node.parent; at !== undefined; at = at.parent) {
      const known = this.#children.get(at);
      if (known?.has(child)) return;
      if (known === undefined) this.#children.set(at, new Set([child]));
      else known.add(child);
      child = at;
    }
  }

  isWhole(node: InstanceNode): boolean {
    return this.#whole.has(node);
  }

  #isShownWhole(node: InstanceNode): boolean {
    return this.#levels === UNBOUNDED && this.isWhole(node);
  }

  childrenOf(parent: InstanceNode): readonly DataNode[] {
    const made: DataNode[] = [];
    const lists = new Map<DataSchemaNode, InstanceNode[]>();
    for (const child of this.#children.get(parent) ?? []) {
      const { schema, instance } = child;
      if (schema === undefined || instance === undefined) continue;
      if (schema.kind === "list" || schema.kind === "leaf-list") {
        const entries = lists.get(schema);
        if (entries === undefined) lists.set(schema, [child]);
        else entries.push(child);
      } else {
        const node = this.#single(child);
        if (node !== undefined) made.push(node);
      }
    }
    for (const entries of lists.values()) {
      const list = this.#list(entries);
      if (list !== undefined) made.push(list);
    }
    return treeOf(made).children;
  }

  #single(node: InstanceNode): DataNode | undefined {
    const { instance } = node;
    if (instance === undefined || !("kind" in instance)) return undefined;
    if (instance.kind === "container" && !this.#isShownWhole(node)) {
      return { ...instance, children: this.#inside(node, instance.children) };
    }
    return instance.kind === "tree" || instance.kind === "entry" ? undefined : instance;
  }

  /** In the order of the list that they are from, which a user may have given it. */
  #list(nodes: readonly InstanceNode[]): DataNode | undefined {
    const [first] = nodes;
    const schema = first?.schema;
    if (schema?.kind === "leaf-list") {
      const draft = noEntries<LeafListEntry>(schema).draft();
      for (const { instance } of nodes) {
        if (instance !== undefined && !("kind" in instance)) draft.set(instance.value, instance);
      }
      return { kind: "leaf-list", schema, entries: draft.finish() };
    }
    if (schema?.kind !== "list") return undefined;
    const draft = noEntries<ListEntry>(schema).draft();
    for (const node of nodes) {
      const entry = node.instance;
      if (entry === undefined || !("kind" in entry) || entry.kind !== "entry") continue;
      const children = this.#inside(node, entry.children, schema.keys);
      draft.set(entry.key, this.#isShownWhole(node) ? entry : { ...entry, children });
    }
    return { kind: "list", schema, entries: draft.finish() };
  }

  /** What is shown below a node; `keys`: of an entry, which it always has. */
  #inside(
    node: InstanceNode,
    children: readonly DataNode[],
    keys: readonly unknown[] = [],
  ): readonly DataNode[] {
    const own = this.isWhole(node) ? below(children, this.#levels) : children.slice(0, keys.length);
    return mergeChildren(own, this.childrenOf(node));
  }
}

/** `at`: where it stands, in an attribute or as the text of a parameter of its own. */
function badExpression(message: string, { name, attributes }: Element, appTag?: string): Error {
  const isAttribute = attributes.some((attribute) => attribute.name === "select");
  const element = { name: "bad-element", value: name };
  return protocolError("invalid-value", message, {
    ...(appTag !== undefined && { appTag }),
    info: isAttribute ? [{ name: "bad-attribute", value: "select" }, element] : [element],
  });
}
