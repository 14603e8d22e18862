import { printElement } from "../xml/index.ts";
import type { DataSchemaNode } from "../yang/index.ts";
import { precedes } from "./children.ts";
import { diffEntries, sameOrder } from "./entries.ts";
import type {
  AnyData,
  ContainerData,
  DataNode,
  LeafData,
  LeafListData,
  LeafListEntry,
  ListData,
  ListEntry,
  Tree,
} from "./node.ts";
import { type PathStep, type Place, placeOf, stepsOf } from "./path.ts";

/** What a change is about: one instance, never a whole list. */
export type ChangedData = ContainerData | ListEntry | LeafData | LeafListEntry | AnyData;

/**
 * One difference between two trees. What comes or goes is told once, at its top: all that lies
 * below came or went with it. "move": an entry that the user put elsewhere, its content told apart.
 */
export interface Change {
  readonly path: readonly PathStep[];
  readonly schema: DataSchemaNode;
  readonly kind: "create" | "delete" | "modify" | "move";
  readonly before?: ChangedData;
  readonly after?: ChangedData;
}

/** Takes each list that is in both trees and is not the same. */
export type ListPair = (before: ListData["entries"], after: ListData["entries"]) => void;

/** All differences, in the order of the schema and of keys; what the trees share costs nothing. */
export function diff(before: Tree, after: Tree, onLists?: ListPair): readonly Change[] {
  const changes = new Changes(onLists);
  diffChildren(before.children, after.children, undefined, changes);
  return changes.all;
}

class Changes {
  readonly all: Change[] = [];
  readonly onLists: ListPair | undefined;

  constructor(onLists: ListPair | undefined) {
    this.onLists = onLists;
  }

  push(change: Change): void {
    this.all.push(change);
  }
}

function diffChildren(
  before: readonly DataNode[],
  after: readonly DataNode[],
  up: Place | undefined,
  changes: Changes,
): void {
  if (before === after) return;
  let i = 0;
  let j = 0;
  for (;;) {
    const was = before[i];
    const is = after[j];
    if (was === undefined && is === undefined) return;
    if (is === undefined || (was !== undefined && precedes(was.schema, is.schema))) {
      if (was !== undefined) whole(was, "delete", up, changes);
      i++;
    } else if (was === undefined || was.schema !== is.schema) {
      whole(is, "create", up, changes);
      j++;
    } else {
      if (was !== is) diffNode(was, is, up, changes);
      i++;
      j++;
    }
  }
}

function diffNode(was: DataNode, is: DataNode, up: Place | undefined, changes: Changes): void {
  if (was.kind === "container" && is.kind === "container") {
    diffChildren(was.children, is.children, placeOf(up, is.schema), changes);
  } else if (was.kind === "list" && is.kind === "list") {
    diffList(was, is, up, changes);
  } else if (was.kind === "leaf-list" && is.kind === "leaf-list") {
    diffLeafList(was, is, up, changes);
  } else if (was.kind === "leaf" && is.kind === "leaf") {
    if (was.value !== is.value) note("modify", placeOf(up, is.schema), was, is, changes);
  } else if (was.kind === "any" && is.kind === "any") {
    if (printAny(was) !== printAny(is)) note("modify", placeOf(up, is.schema), was, is, changes);
  }
}

function diffList(was: ListData, is: ListData, up: Place | undefined, changes: Changes): void {
  if (was.entries !== is.entries) changes.onLists?.(was.entries, is.entries);
  diffEntries(was.entries, is.entries, (key, before, after) => {
    const place = placeOf(up, is.schema, key);
    if (before === undefined) note("create", place, undefined, after, changes);
    else if (after === undefined) note("delete", place, before, undefined, changes);
    else diffChildren(before.children, after.children, place, changes);
  });
  diffOrder(was, is, up, changes);
}

function diffLeafList(
  was: LeafListData,
  is: LeafListData,
  up: Place | undefined,
  changes: Changes,
): void {
  diffEntries(was.entries, is.entries, (key, before, after) => {
    const place = placeOf(up, is.schema, key);
    if (before === undefined) note("create", place, undefined, after, changes);
    else if (after === undefined) note("delete", place, before, undefined, changes);
  });
  diffOrder(was, is, up, changes);
}

/** The fewest entries whose moving explains the new order. */
function diffOrder(
  was: ListData | LeafListData,
  is: ListData | LeafListData,
  up: Place | undefined,
  changes: Changes,
): void {
  if (sameOrder<ListEntry | LeafListEntry>(was.entries, is.entries)) return;
  const stood = new Map<string, number>();
  for (const key of was.entries.keys()) stood.set(key, stood.size);
  const keys = [...is.entries.keys()].filter((key) => stood.has(key));
  const kept = longestIncrease(keys.map((key) => stood.get(key) ?? 0));
  for (const [i, key] of keys.entries()) {
    if (kept.has(i)) continue;
    const place = placeOf(up, is.schema, key);
    note("move", place, was.entries.get(key), is.entries.get(key), changes);
  }
}

/** Indices of a longest increasing subsequence of distinct numbers. */
function longestIncrease(numbers: readonly number[]): ReadonlySet<number> {
  const tails: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [i, number] of numbers.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[tails[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    previous.push(low === 0 ? undefined : tails[low - 1]);
    tails[low] = i;
  }
  const kept = new Set<number>();
  let at = tails[tails.length - 1];
  while (at !== undefined) {
    kept.add(at);
    at = previous[at];
  }
  return kept;
}

function whole(
  node: DataNode,
  kind: "create" | "delete",
  up: Place | undefined,
  changes: Changes,
): void {
  if (node.kind === "list" || node.kind === "leaf-list") {
    for (const key of node.entries.keys()) {
      const entry = node.entries.get(key);
      const place = placeOf(up, node.schema, key);
      if (kind === "create") note(kind, place, undefined, entry, changes);
      else note(kind, place, entry, undefined, changes);
    }
    return;
  }
  const place = placeOf(up, node.schema);
  if (kind === "create") note(kind, place, undefined, node, changes);
  else note(kind, place, node, undefined, changes);
}

function note(
  kind: Change["kind"],
  place: Place,
  before: ChangedData | undefined,
  after: ChangedData | undefined,
  changes: Changes,
): void {
  changes.push({
    path: stepsOf(place),
    schema: place.schema,
    kind,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

function printAny(node: AnyData): string {
  return node.text + node.content.map((element) => printElement(element, "")).join("");
}
