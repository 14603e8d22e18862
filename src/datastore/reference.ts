import type { RpcFault } from "../base/index.ts";
import {
  childOf,
  type DataNode,
  faultAt,
  type InstanceNode,
  nodeAt,
  type Place,
  parseInstancePath,
  readablePath,
} from "../data/index.ts";
import {
  type DataParent,
  type DataSchemaNode,
  isValueFault,
  jsonNames,
  type LeafListSchema,
  type LeafrefType,
  type LeafSchema,
  parseValue,
  type Schema,
  type SchemaNode,
  type Type,
  type XPathExpression,
} from "../yang/index.ts";
import { leafIndex } from "./list-index.ts";

/**
 * RFC 7950 sections 8.1, 9.9 and 9.13: what a leafref or an instance-identifier names has to be
 * there. One object serves one validation: what it has looked through it remembers.
 */
export class References {
  readonly #schema: Schema;
  readonly #indexed: boolean;
  /** The values below a node's data at the end of a path, where they had to be gathered. */
  readonly #values = new Map<object, Map<SchemaNode, ReadonlySet<string>>>();

  /** `indexed`: few are asked, time and again, so that remembering what lists hold pays. */
  constructor(schema: Schema, indexed: boolean) {
    this.#schema = schema;
    this.#indexed = indexed;
  }

  /** Checks the value of a leaf or leaf-list entry. */
  check(
    node: InstanceNode,
    leaf: LeafSchema | LeafListSchema,
    place: Place,
    faults: RpcFault[],
  ): void {
    const { value } = node;
    if (value === undefined || this.#holds(leaf.type, value, node)) return;
    const message = `${readablePath(place)}: ${missing(leaf.type, value)}`;
    faults.push(faultAt(place, "data-missing", message, { appTag: "instance-required" }));
  }

  #holds(type: Type, value: string, node: InstanceNode): boolean {
    switch (type.base) {
      case "leafref":
        return !type.requireInstance || this.#hasTarget(type, value, node);
      case "instance-identifier":
        return !type.requireInstance || this.#hasInstance(value, node);
      case "union":
        return this.#holdsInUnion(type.members, value, node);
      default:
        return true;
    }
  }

  /**
   * A member that needs an instance takes the value only if there is one; then the next is tried.
   */
  #holdsInUnion(members: readonly Type[], value: string, node: InstanceNode): boolean {
    const names = jsonNames(this.#schema);
    return members.some((member) => {
      const parsed = parseValue(member, value, names);
      return !isValueFault(parsed) && parsed.value === value && this.#holds(member, value, node);
    });
  }

  #hasInstance(value: string, node: InstanceNode): boolean {
    const steps = parseInstancePath(value, this.#schema);
    return steps !== undefined && nodeAt(node.root(), steps) !== undefined;
  }

  #hasTarget(type: LeafrefType, value: string, node: InstanceNode): boolean {
    const way = wayOf(type.path.expression);
    if (way === undefined || !isSettable(type.target)) return evaluated(type, value, node);
    const base = ancestorOf(node, way);
    if (base === undefined) return false;
    const from = base.schema;
    const path = pathBetween(from === undefined ? undefined : (from as DataParent), type.target);
    if (path === undefined) return evaluated(type, value, node);
    const { instance } = base;
    if (instance === undefined || !("children" in instance)) return false;
    return this.#isAmong(instance.children, path, value);
  }

  /** Whether a leaf at the end of a path has the value. */
  #isAmong(
    children: readonly DataNode[],
    [schema, ...rest]: readonly DataSchemaNode[],
    value: string,
  ): boolean {
    const data = schema && childOf({ children }, schema);
    switch (data?.kind) {
      case "leaf":
        return data.value === value;
      case "leaf-list":
        return data.entries.has(value);
      case "container":
        return this.#isAmong(data.children, rest, value);
      case "list": {
        const [leaf] = rest;
        const { keys } = data.schema;
        if (rest.length === 1 && keys.length === 1 && keys[0] === leaf)
          return data.entries.has(value);
        const index = this.#indexed ? leafIndex(data.entries, rest) : undefined;
        if (index !== undefined) return index.has(value);
        return this.#gathered(data, rest).has(value);
      }
      default:
        return false;
    }
  }

  #gathered(
    list: Extract<DataNode, { readonly kind: "list" }>,
    path: readonly DataSchemaNode[],
  ): ReadonlySet<string> {
    const target = path[path.length - 1];
    let byTarget = this.#values.get(list);
    if (byTarget === undefined) {
      byTarget = new Map();
      this.#values.set(list, byTarget);
    }
    const known = target && byTarget.get(target);
    if (known !== undefined) return known;
    const values = new Set<string>();
    for (const entry of list.entries) gather(entry.children, path, values);
    if (target !== undefined) byTarget.set(target, values);
    return values;
  }
}

function gather(
  children: readonly DataNode[],
  [schema, ...rest]: readonly DataSchemaNode[],
  values: Set<string>,
): void {
  const data = schema && childOf({ children }, schema);
  switch (data?.kind) {
    case "leaf":
      values.add(data.value);
      break;
    case "leaf-list":
      for (const entry of data.entries) values.add(entry.value);
      break;
    case "container":
      gather(data.children, rest, values);
      break;
    case "list":
      for (const entry of data.entries) gather(entry.children, rest, values);
      break;
    default:
  }
}

/** A leaf that is only there where it was set: no default to be found by XPath alone. */
function isSettable(target: LeafSchema | LeafListSchema): boolean {
  return target.kind === "leaf" ? target.default === undefined : target.defaults.length === 0;
}

function evaluated(type: LeafrefType, value: string, node: InstanceNode): boolean {
  const found = type.path.evaluate({ node, current: node, root: node.root() });
  return typeof found === "object" && found.some((target) => target.value === value);
}

/** A path of names alone: from the root, or up so many levels and down again. */
type Way = { readonly from: "root" } | { readonly from: "context"; readonly up: number };

function wayOf(expression: XPathExpression): Way | undefined {
  const known = ways.get(expression);
  if (known !== undefined) return known === "other" ? undefined : known;
  const way = plainWay(expression);
  ways.set(expression, way ?? "other");
  return way;
}

/** Derived from frozen expressions, so the cache can never be stale. */
const ways = new WeakMap<XPathExpression, Way | "other">();

/**
 * Whether a reference can break by nothing but the loss of an instance that was set: its path is
 * made of names alone, so that more to refer to does no harm, and no default comes and goes at
 * either end.
 */
export function breaksByLossAlone(leaf: LeafSchema | LeafListSchema): boolean {
  const { type } = leaf;
  if (type.base !== "leafref" || wayOf(type.path.expression) === undefined) return false;
  return isSettable(leaf) && isSettable(type.target);
}

function plainWay(expression: XPathExpression): Way | undefined {
  if (expression.kind !== "path" || typeof expression.from === "object") return undefined;
  if (expression.predicates.length > 0) return undefined;
  let up = 0;
  let isDown = false;
  for (const { axis, test, predicates } of expression.steps) {
    if (predicates.length > 0) return undefined;
    if (axis === "parent" && test.kind === "node" && !isDown) up++;
    else if (axis === "child" && test.kind === "name") isDown = true;
    else return undefined;
  }
  if (expression.from === "root") return up === 0 ? { from: "root" } : undefined;
  return { from: "context", up };
}

function ancestorOf(node: InstanceNode, way: Way): InstanceNode | undefined {
  if (way.from === "root") return node.root();
  let at: InstanceNode | undefined = node;
  for (let level = 0; level < way.up; level++) at = at?.parent;
  return at;
}

/** The data nodes from below an ancestor down to a node. */
function pathBetween(
  ancestor: DataParent | undefined,
  target: DataSchemaNode,
): readonly DataSchemaNode[] | undefined {
  const path: DataSchemaNode[] = [target];
  let at = target.dataParent;
  while (at !== ancestor) {
    if (at === undefined || (at.kind !== "container" && at.kind !== "list")) return undefined;
    path.unshift(at);
    at = at.dataParent;
  }
  return path;
}

function missing(type: Type, value: string): string {
  if (type.base === "instance-identifier") return `there is no instance "${value}"`;
  if (type.base !== "leafref") return `"${value}" refers to nothing that is there`;
  return `there is no "${type.target.name}" of value "${value}" at ${type.path.text}`;
}
