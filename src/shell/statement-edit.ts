import { assert } from "../base/index.ts";
import { type Element, element, printElement } from "../xml/index.ts";
import type { ConfigCommand } from "./command.ts";
import type { Values } from "./grammar.ts";
import { BASE, namespaces } from "./names.ts";
import { type PathStep, parameterOf, parsePath } from "./node-path.ts";
import { parameters } from "./parameters.ts";

export type Operation = "merge" | "replace" | "remove" | "delete";

interface EditNode {
  readonly namespace: string;
  readonly name: string;
  readonly keys: ReadonlyMap<string, string>;
  readonly children: EditNode[];
  operation: Operation | undefined;
  text: string;
}

/** What goes into one <edit-config>: nodes are made once, however often they are spoken of. */
export class EditTree {
  readonly #top: EditNode[] = [];

  /** The node at a path of the table; what leads to it is made. */
  at(path: string, bound: ReadonlyMap<string, string>): EditNode {
    return this.#descend(this.#top, parsePath(path), bound);
  }

  below(node: EditNode, path: string, bound: ReadonlyMap<string, string>): EditNode {
    return this.#descend(node.children, parsePath(path), bound);
  }

  get isEmpty(): boolean {
    return this.#top.length === 0;
  }

  /** The content of <config>, or of a <filter>. */
  xml(): string {
    return this.#top.map((node) => printElement(toElement(node), BASE)).join("");
  }

  #descend(
    top: EditNode[],
    steps: readonly PathStep[],
    bound: ReadonlyMap<string, string>,
  ): EditNode {
    let nodes = top;
    let node: EditNode | undefined;
    for (const step of steps) {
      node = this.#step(nodes, step, bound);
      nodes = node.children;
    }
    assert(node !== undefined, "a path has a step");
    return node;
  }

  #step(nodes: EditNode[], step: PathStep, bound: ReadonlyMap<string, string>): EditNode {
    const { namespace, name, value } = step;
    const keys = new Map(step.keys.map(([leaf, key]) => [leaf, valueIn(key, bound)]));
    let node = nodes.find(
      (one) =>
        one.name === name &&
        one.namespace === namespace &&
        [...keys].every(([leaf, key]) => one.keys.get(leaf) === key),
    );
    if (node === undefined) {
      node = { namespace, name, keys, children: [], operation: undefined, text: "" };
      nodes.push(node);
    }
    if (value !== undefined) node.text = valueIn(value, bound);
    return node;
  }
}

/** What a value of the table is in the data. */
function valueIn(value: string, bound: ReadonlyMap<string, string>): string {
  const name = parameterOf(value);
  if (name === undefined) return value;
  const text = bound.get(name);
  assert(text !== undefined, `there is a ${name}`);
  return dataValue(name, text);
}

/** A parameter's text as the data has it. */
function dataValue(name: string, text: string): string {
  const type = parameters[name]?.type;
  return type?.kind === "words" ? (type.words[text]?.[0] ?? text) : text;
}

const valuePrefixes = new Map<string, string>([
  ["ntp", namespaces.ntp],
  ["nd", namespaces.nd],
]);

function toElement(node: EditNode): Element {
  const { namespace, name, keys, children, operation, text } = node;
  const leaves = [...keys].map(([leaf, key]) => leafElement(namespace, leaf, key));
  const attributes =
    operation === undefined
      ? []
      : [{ namespace: BASE, name: "operation", prefix: "nc", value: operation }];
  if (text !== "") return leafElement(namespace, name, text, attributes);
  const inside = [...leaves, ...children.map(toElement)];
  return element(namespace, name, { attributes, children: inside });
}

function leafElement(
  namespace: string,
  name: string,
  text: string,
  attributes: Element["attributes"] = [],
): Element {
  // Identities of the table are written with its own prefixes.
  const isIdentity = /^(ntp|nd):[a-z][\w-]*$/.test(text);
  return element(namespace, name, {
    attributes,
    text,
    ...(isIdentity && { declarations: valuePrefixes }),
  });
}

/** The path of a statement's node from the top; `<view>` stands for the interface of the view. */
export function fullPath({ view, at }: ConfigCommand): string {
  return view === "interface" ? `${viewPath}/${at}` : at;
}

/** Where the view of an interface is in the data. */
export const viewPath = "ntp/interfaces/interface[name=<view>]";

/** The parameters of a statement, those left out by what they stand for. */
export function withDefaults(
  { defaults = {} }: ConfigCommand,
  { parameters: said, words }: Values,
): Values {
  return { parameters: new Map([...Object.entries(defaults), ...said]), words };
}

/** Writes a statement into an edit. `values` has the defaults, and the view's interface. */
export function editStatement(tree: EditTree, command: ConfigCommand, values: Values): void {
  const { leaves = {}, replaces = false } = command;
  const { parameters: bound, words } = values;
  const node = tree.at(fullPath(command), bound);
  if (replaces) node.operation = "replace";
  for (const [name, leaf] of Object.entries(leaves)) {
    if (leaf.includes("=")) {
      if (words.has(name)) tree.below(node, leaf, bound);
    } else if (bound.has(name)) {
      tree.below(node, `${leaf}=<${name}>`, bound);
    }
  }
}

/**
 * Takes a statement back. What was named and is not there is refused by the agent; a leaf that is
 * not set, or an entry that is only meant, is no mistake.
 */
export function undoStatement(
  tree: EditTree,
  command: ConfigCommand,
  values: Values,
  named: boolean,
): void {
  const path = fullPath(command);
  const last = parsePath(path).at(-1);
  if (last?.value !== undefined && command.off !== undefined) {
    tree.at(path.replace(/=[^=/]*$/, `=${command.off}`), values.parameters);
    return;
  }
  const node = tree.at(
    last?.value === undefined ? path : path.replace(/=[^=/]*$/, ""),
    values.parameters,
  );
  node.operation = named && last !== undefined && last.keys.length > 0 ? "delete" : "remove";
}
