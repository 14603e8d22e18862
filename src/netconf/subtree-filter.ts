import type {
  ContainerData,
  DataNode,
  LeafListEntry,
  ListData,
  ListEntry,
  Place,
  Tree,
} from "../data/index.ts";
import { keyOf, noEntries, placeOf, treeOf } from "../data/index.ts";
import { type Element, isBlank } from "../xml/index.ts";
import {
  childNamed,
  type DataParent,
  type DataSchemaNode,
  isValueFault,
  type LeafListSchema,
  type LeafSchema,
  type ListSchema,
  type NotificationSchema,
  parseValue,
  type Schema,
  type XPathAllowance,
} from "../yang/index.ts";
import { type ReadAccess, readable, readableEntry } from "./access.ts";
import { below, limited, UNBOUNDED } from "./depth.ts";
import { spend } from "./filter-work.ts";
import { mergeChildren, mergeEntries } from "./merge.ts";
import { elementNames } from "./value-scope.ts";

/** RFC 6241 section 6.2: what one element of a filter asks of the instances of its schema node. */
interface FilterNode {
  readonly schema: DataSchemaNode;
  /** undefined: a selection or content match node. */
  readonly below: SiblingSet | undefined;
}

/** Section 6.2.5: what the content of a containment node comes to. */
interface SiblingSet {
  /** All of them must hold. The values that would do, canonical. */
  readonly matches: readonly Match[];
  /** What is selected of the children; undefined: content match alone selects all of the parent. */
  readonly nodes: SubtreeFilter | undefined;
  /** Where all keys of a list are matched: the entry. */
  readonly key: string | undefined;
}

interface Match {
  readonly schema: LeafSchema | LeafListSchema;
  readonly values: readonly string[];
}

/** A subtree filter that is understood: what it could match under this schema. */
export type SubtreeFilter = ReadonlyMap<DataSchemaNode, readonly FilterNode[]>;

/** Names that no module has are no error: they match nothing (section 6.4.2 has it so). */
export function compileSubtree(elements: readonly Element[], schema: Schema): SubtreeFilter {
  return compileNodes(elements, schema, schema);
}

/** What bounds what is selected. */
interface View {
  readonly access: ReadAccess | undefined;
  /** Levels of each node that is selected; Infinity: all. */
  readonly levels: number;
  /** What it takes its work from. */
  readonly allowance: XPathAllowance | undefined;
}

/** What a filter selects, in the order of the schema, each instance once. Throws RpcError. */
export function selectSubtree(
  tree: Tree,
  filter: SubtreeFilter,
  access: ReadAccess | undefined,
  levels = UNBOUNDED,
  allowance?: XPathAllowance,
): Tree {
  return treeOf(selectChildren(tree.children, filter, undefined, { access, levels, allowance }));
}

const whole: View = { access: undefined, levels: UNBOUNDED, allowance: undefined };

/** Whether the content of an event has anything that a filter selects. */
export function matchesSubtree(
  event: Tree,
  elements: readonly Element[],
  parent: NotificationSchema,
  all: Schema,
): boolean {
  const siblings = compileSiblings(elements, parent, all);
  if (siblings === undefined) return false;
  const { matches, nodes } = siblings;
  const holds = matches.every((match) =>
    event.children.some((child) => child.schema === match.schema && matching(child, match)),
  );
  if (!holds || nodes === undefined) return holds;
  return matches.length > 0 || selectChildren(event.children, nodes, undefined, whole).length > 0;
}

function compileNodes(
  elements: readonly Element[],
  parent: Schema | DataParent,
  all: Schema,
): SubtreeFilter {
  const nodes = new Map<DataSchemaNode, FilterNode[]>();
  for (const element of elements) {
    for (const schema of schemasOf(element, parent)) {
      const node = compileNode(element, schema, all);
      if (node === undefined) continue;
      const alike = nodes.get(schema);
      if (alike === undefined) nodes.set(schema, [node]);
      else alike.push(node);
    }
  }
  return nodes;
}

/** Without a namespace an element stands for all nodes of its name. */
function schemasOf(element: Element, parent: Schema | DataParent): readonly DataSchemaNode[] {
  if (element.namespace === "") {
    return parent.dataChildren.filter((child) => child.name === element.name);
  }
  const found = childNamed(parent, element.namespace, element.name);
  return found === undefined ? [] : [found];
}

function compileNode(
  element: Element,
  schema: DataSchemaNode,
  all: Schema,
): FilterNode | undefined {
  // Section 6.2.2: attributes must match too, and data modelled in YANG has none.
  if (element.attributes.length > 0) return undefined;
  if (element.children.length === 0) {
    return isBlank(element.text) ? { schema, below: undefined } : undefined;
  }
  if (schema.kind !== "container" && schema.kind !== "list") return undefined;
  const below = compileSiblings(element.children, schema, all);
  return below === undefined ? undefined : { schema, below };
}

/** undefined: it cannot match anything. */
function compileSiblings(
  elements: readonly Element[],
  parent: DataParent,
  all: Schema,
): SiblingSet | undefined {
  const matches: Match[] = [];
  const others: Element[] = [];
  for (const element of elements) {
    if (element.children.length > 0 || isBlank(element.text)) {
      others.push(element);
      continue;
    }
    const match = compileMatch(element, parent, all);
    if (match === undefined) return undefined;
    matches.push(match);
  }
  const nodes = others.length === 0 ? undefined : compileNodes(others, parent, all);
  return { matches, nodes, key: keyMatched(matches, parent) };
}

function compileMatch(element: Element, parent: DataParent, all: Schema): Match | undefined {
  if (element.attributes.length > 0) return undefined;
  const schema = schemasOf(element, parent).find(isLeaf);
  if (schema === undefined) return undefined;
  const names = elementNames(element, schema.module, all);
  const values = new Set<string>();
  // White space around a value does not count, but a string may hold it.
  for (const text of [element.text, element.text.trim()]) {
    const parsed = parseValue(schema.type, text, names);
    if (!isValueFault(parsed)) values.add(parsed.value);
  }
  return values.size === 0 ? undefined : { schema, values: [...values] };
}

function isLeaf(schema: DataSchemaNode): schema is LeafSchema | LeafListSchema {
  return schema.kind === "leaf" || schema.kind === "leaf-list";
}

function keyMatched(matches: readonly Match[], parent: DataParent): string | undefined {
  if (parent.kind !== "list" || parent.keys.length === 0) return undefined;
  const values: string[] = [];
  for (const key of parent.keys) {
    const match = matches.find((candidate) => candidate.schema === key);
    const [value] = match?.values ?? [];
    if (value === undefined || match?.values.length !== 1) return undefined;
    values.push(value);
  }
  return keyOf(parent, values);
}

function selectChildren(
  children: readonly DataNode[],
  nodes: SubtreeFilter,
  up: Place | undefined,
  view: View,
): readonly DataNode[] {
  const selected: DataNode[] = [];
  for (const child of children) {
    const filters = nodes.get(child.schema);
    if (filters === undefined) continue;
    const found = selectNode(child, filters, up, view);
    if (found !== undefined) selected.push(found);
  }
  return selected;
}

/** What several filters for one schema node select together. */
function selectNode(
  node: DataNode,
  filters: readonly FilterNode[],
  up: Place | undefined,
  view: View,
): DataNode | undefined {
  if (filters.some((filter) => filter.below === undefined)) {
    const left = readable(node, up, view.access);
    return left && limited(left, view.levels);
  }
  if (node.kind === "list") return selectEntries(node, filters, up, view);
  if (node.kind !== "container") return undefined;
  const place = placeOf(up, node.schema);
  if (isHidden(place, view.access)) return undefined;
  const found = selectInside(node, node.schema, filters, place, view);
  return found && { ...node, children: found };
}

function selectEntries(
  list: ListData,
  filters: readonly FilterNode[],
  up: Place | undefined,
  view: View,
): ListData | undefined {
  const draft = noEntries<ListEntry>(list.schema).draft();
  for (const filter of filters) {
    const key = filter.below?.key;
    const single = key === undefined ? undefined : list.entries.get(key);
    const candidates = key === undefined ? list.entries : single === undefined ? [] : [single];
    for (const entry of candidates) {
      const place = placeOf(up, list.schema, entry.key);
      if (isHidden(place, view.access)) continue;
      const children = selectInside(entry, list.schema, [filter], place, view);
      if (children === undefined) continue;
      const found = children === entry.children ? entry : { ...entry, children };
      const before = draft.get(entry.key);
      draft.set(entry.key, before === undefined ? found : mergeEntries(before, found));
    }
  }
  return draft.size === 0 ? undefined : { ...list, entries: draft.finish() };
}

/** The children that are selected; undefined: the instance does not match. */
function selectInside(
  parent: ContainerData | ListEntry,
  schema: DataSchemaNode,
  filters: readonly FilterNode[],
  place: Place,
  view: View,
): readonly DataNode[] | undefined {
  let selected: readonly DataNode[] | undefined;
  for (const { below } of filters) {
    if (below === undefined) continue;
    const found = selectSiblings(parent, schema, below, place, view);
    if (found !== undefined) selected = mergeChildren(selected ?? [], found);
  }
  return selected;
}

function selectSiblings(
  parent: ContainerData | ListEntry,
  schema: DataSchemaNode,
  { matches, nodes }: SiblingSet,
  place: Place,
  view: View,
): readonly DataNode[] | undefined {
  spend(view.allowance, 1 + matches.length + parent.children.length);
  const matched: DataNode[] = [];
  for (const match of matches) {
    const leaf = parent.children.find((child) => child.schema === match.schema);
    const found = leaf && matching(leaf, match);
    if (found === undefined || isHidden(placeOf(place, match.schema), view.access))
      return undefined;
    matched.push(found);
  }
  if (nodes === undefined) {
    const all = readableChildren(parent, place, view.access);
    return view.levels === UNBOUNDED ? all : mergeChildren(below(all, view.levels), matched);
  }
  const selected = selectChildren(parent.children, nodes, place, view);
  // Section 6.2.5: matched nodes are part of what is selected, but they alone do not select.
  if (selected.length === 0 && matches.length === 0) return undefined;
  const keys = schema.kind === "list" ? keyLeaves(parent, schema) : [];
  let all = mergeChildren(keys, selected);
  for (const node of matched) all = mergeChildren(all, [node]);
  return all;
}

/** The leaf, or those entries of a leaf-list, that have one of the values. */
function matching(node: DataNode, { values }: Match): DataNode | undefined {
  if (node.kind === "leaf") return values.includes(node.value) ? node : undefined;
  if (node.kind !== "leaf-list") return undefined;
  const draft = noEntries<LeafListEntry>(node.schema).draft();
  for (const value of values) {
    const entry = node.entries.get(value);
    if (entry !== undefined) draft.set(value, entry);
  }
  return draft.size === 0 ? undefined : { ...node, entries: draft.finish() };
}

function keyLeaves(parent: ContainerData | ListEntry, list: ListSchema): readonly DataNode[] {
  return parent.children.slice(0, list.keys.length);
}

function readableChildren(
  parent: ContainerData | ListEntry,
  place: Place,
  access: ReadAccess | undefined,
): readonly DataNode[] {
  if (parent.kind === "entry") {
    return readableEntry(parent, place.up, access)?.children ?? [];
  }
  const left = readable(parent, place.up, access);
  return left?.kind === "container" ? left.children : [];
}

function isHidden(place: Place, access: ReadAccess | undefined): boolean {
  return access !== undefined && !access.isOpen(place.schema) && !access.mayRead(place);
}
