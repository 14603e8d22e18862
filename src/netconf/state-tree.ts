import { assert } from "../base/index.ts";
import { readData, type Tree } from "../data/index.ts";
import { type Element, element } from "../xml/index.ts";
import type { Schema } from "../yang/index.ts";

// State of the protocol itself is written down as elements and read like any data, so that it is
// held against its modules whenever it is made.

/** Makes elements of one namespace. */
export interface ElementMaker {
  leaf(name: string, text: string | number): Element;
  /** A leaf whose value has a prefix. */
  qualified(name: string, prefix: string, namespace: string, value: string): Element;
  node(name: string, children: readonly Element[]): Element;
}

export function elementsIn(namespace: string): ElementMaker {
  return {
    leaf: (name, text) => element(namespace, name, { text: String(text) }),
    qualified: (name, prefix, uri, value) =>
      element(namespace, name, {
        text: `${prefix}:${value}`,
        declarations: new Map([[prefix, uri]]),
      }),
    node: (name, children) => element(namespace, name, { children }),
  };
}

/** State that is ours: that it does not fit its module is a bug. */
export function stateTree(elements: readonly Element[], schema: Schema): Tree {
  const { tree, faults } = readData(elements, schema, { type: "data" });
  const messages = faults.map((fault) => fault.message);
  assert(messages.length === 0, `state fits its module: ${messages.join("; ")}`);
  return tree;
}
