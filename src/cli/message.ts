import { assert, type RpcFault } from "../base/index.ts";
import {
  type DataNode,
  keyOf,
  type LeafData,
  type ListEntry,
  namedFault,
  noEntries,
  type PathStep,
  type Place,
  placeOf,
  type ReadTree,
  readInput,
  readJson,
  stepsOf,
  type Tree,
  treeOf,
  XmlReader,
} from "../data/index.ts";
import type { Element } from "../xml/index.ts";
import {
  childNamed,
  type DataParent,
  type InOutSchema,
  type ListSchema,
  type Module,
  moduleNamed,
  type NotificationSchema,
  type OperationSchema,
  type Schema,
} from "../yang/index.ts";
import type { InstanceDocument } from "./document.ts";

type Called = OperationSchema | NotificationSchema;
type Inside = InOutSchema | NotificationSchema;

/** A message: what is called or told, and where. */
export interface Message {
  readonly called: Called;
  /** Of the node that the action or notification belongs to; empty at the top of a module. */
  readonly path: readonly PathStep[];
  /** What the message says of that node: its ancestors and their keys. */
  readonly ancestors: Tree;
  /** Reads what stands inside as input, output or notification. */
  readonly read: (inside: Inside) => ReadTree;
}

/** One element, or one member of an object (one of its values where it holds an array). */
interface Item {
  readonly name: string;
  readonly namespace: string;
  readonly inside: () => readonly Item[];
  /** The key leaves of a list entry, as far as they are there and right. */
  readonly keys: (list: ListSchema, place: Place, faults: RpcFault[]) => readonly LeafData[];
  readonly read: (inside: Inside, place: Place | undefined) => ReadTree;
}

/**
 * Finds the operation or notification that a document names: at its top, or down where an action
 * (RFC 7950 section 7.15.2) or a nested notification (section 7.16.2) stands.
 */
export function findMessages(
  document: InstanceDocument,
  schema: Schema,
  among: "operations" | "notifications",
): { readonly messages: readonly Message[]; readonly faults: readonly RpcFault[] } {
  const items =
    document.form === "xml"
      ? document.elements.map((element) => xmlItem(element, schema))
      : jsonItems(document.value, undefined, schema);
  const faults: RpcFault[] = [];
  const tops = among === "operations" ? schema.rpcs : schema.notifications;
  const messages = items.flatMap((item) => {
    const called = calledIn<Called>(tops, item);
    if (called !== undefined) return [messageOf(called, item, undefined, [])];
    const found = below(item, schema, { place: undefined, leaves: [] }, { schema, among, faults });
    return found === undefined ? [] : [found];
  });
  return { messages, faults };
}

interface Search {
  readonly schema: Schema;
  readonly among: "operations" | "notifications";
  readonly faults: RpcFault[];
}

/** How far down, and the keys of each step. */
interface Descent {
  readonly place: Place | undefined;
  readonly leaves: readonly (readonly LeafData[])[];
}

function below(
  item: Item,
  parent: Schema | DataParent,
  { place, leaves }: Descent,
  search: Search,
): Message | undefined {
  const { faults, among } = search;
  const node = childNamed(parent, item.namespace, item.name);
  if (node?.kind !== "container" && node?.kind !== "list") {
    const what = among === "operations" ? "rpc or action" : "notification";
    const name = `<${item.name}> of namespace "${item.namespace}"`;
    faults.push(namedFault(place, "unknown-element", `${name} is no ${what} known here`));
    return undefined;
  }
  const at = placeOf(place, node);
  const keys = node.kind === "list" ? item.keys(node, at, faults) : [];
  if (node.kind === "list" && keys.length < node.keys.length) return undefined;
  const here = node.kind === "list" ? placeOf(place, node, keyText(node, keys)) : at;
  const rest = item.inside().filter(({ name }) => !keys.some((key) => key.schema.name === name));
  const [next, second] = rest;
  if (next === undefined || second !== undefined) {
    const message =
      next === undefined ? "nothing is called in it" : "it leads to one node, not to several";
    faults.push(namedFault(here, "bad-element", message));
    return undefined;
  }
  const inside = [...leaves, keys];
  const called = calledIn<Called>(among === "operations" ? node.actions : node.notifications, next);
  if (called !== undefined) return messageOf(called, next, here, inside);
  return below(next, node, { place: here, leaves: inside }, search);
}

function calledIn<T extends Called>(among: readonly T[], item: Item): T | undefined {
  return among.find(
    ({ name, module }) => name === item.name && module.namespace === item.namespace,
  );
}

/** A list without keys is entered at its first entry: the message shows no other. */
function keyText(list: ListSchema, keys: readonly LeafData[]): string {
  if (list.keys.length === 0) return "1";
  return keyOf(
    list,
    keys.map(({ value }) => value),
  );
}

function messageOf(
  called: Called,
  item: Item,
  place: Place | undefined,
  leaves: readonly (readonly LeafData[])[],
): Message {
  const path = stepsOf(place);
  let children: readonly DataNode[] = [];
  for (const [i, { schema, key }] of [...path.entries()].reverse()) {
    children = [ancestor(schema, key, [...(leaves[i] ?? []), ...children])];
  }
  return { called, path, ancestors: treeOf(children), read: (inside) => item.read(inside, place) };
}

function ancestor(
  schema: PathStep["schema"],
  key: string | undefined,
  children: readonly DataNode[],
): DataNode {
  if (schema.kind === "container") return { kind: "container", schema, children };
  assert(schema.kind === "list" && key !== undefined, "a path leads through parents");
  const draft = noEntries<ListEntry>(schema).draft();
  draft.set(key, { kind: "entry", schema, key, children });
  return { kind: "list", schema, entries: draft.finish() };
}

function xmlItem(element: Element, schema: Schema): Item {
  return {
    name: element.name,
    namespace: element.namespace,
    inside: () => element.children.map((child) => xmlItem(child, schema)),
    keys: (list, place, faults) => {
      const reader = new XmlReader(schema, "data");
      const { leaves } = reader.entryKey(list, element, place);
      faults.push(...reader.faults);
      return leaves;
    },
    read: (inside, place) => readInput(element, inside, schema, place),
  };
}

function jsonItems(value: unknown, near: Module | undefined, schema: Schema): readonly Item[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([member, inside]: [string, unknown]) => {
    const colon = member.indexOf(":");
    const module = colon < 0 ? near : moduleNamed(schema, member.slice(0, colon));
    const values: readonly unknown[] = Array.isArray(inside) ? inside : [inside];
    return values.map((one) => jsonItem(member.slice(colon + 1), module, one, schema));
  });
}

function jsonItem(name: string, module: Module | undefined, value: unknown, schema: Schema): Item {
  return {
    name,
    namespace: module?.namespace ?? "",
    inside: () => jsonItems(value, module, schema),
    keys: (list, place, faults) => {
      const named = new Set(list.keys.map((key) => key.name));
      const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
      const own = entries.filter(([member]) => named.has(member.replace(/^.*:/, "")));
      const object = Object.fromEntries(own);
      const read = readJson(object, schema, { type: "data", parent: list, place });
      faults.push(...read.faults);
      const leaves = list.keys.map((key) => read.tree.children.find((c) => c.schema === key));
      const missing = list.keys.filter((_, i) => leaves[i] === undefined);
      if (read.faults.length === 0) {
        for (const key of missing) {
          const message = `an entry lacks its key leaf "${key.name}"`;
          faults.push(namedFault(place, "missing-element", message));
        }
      }
      return leaves.filter((leaf): leaf is LeafData => leaf?.kind === "leaf");
    },
    read: (parent, place) =>
      readJson(value, schema, { type: "data", parent, ...(place === undefined ? {} : { place }) }),
  };
}
