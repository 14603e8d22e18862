import { RpcError } from "../base/index.ts";
import {
  badElement,
  changeAt,
  type DataNode,
  namedFault,
  type PathStep,
  type Place,
  removal,
  stepsOf,
  type Tree,
} from "../data/index.ts";
import type { Schema } from "../yang/index.ts";
import { falseWhens } from "./validate.ts";

/**
 * RFC 7950 sections 7.21.5 and 8.3.2: what an edit made impossible goes by itself, and then what
 * hung on that; what the edit itself set must not be among it.
 */
export function settle(
  tree: Tree,
  previous: Tree,
  conditional: readonly Place[],
  schema: Schema,
): Tree {
  const settled = applyWhens(tree, previous, schema);
  if (settled === tree) return tree;
  const faults = conditional
    .filter(
      (place) => holds(tree.children, stepsOf(place)) && !holds(settled.children, stepsOf(place)),
    )
    .map((place) => {
      const conditions = place.schema.whens.map(({ xpath }) => xpath.text).join(" and ");
      const message = `it can only be there when ${conditions}`;
      return namedFault(place, "unknown-element", message, {
        info: [badElement(place.schema.name)],
      });
    });
  if (faults.length > 0) throw new RpcError(faults);
  return settled;
}

/** The tree without the nodes whose `when` is false, held against a tree that has none. */
export function applyWhens(tree: Tree, previous: Tree, schema: Schema): Tree {
  let at = tree;
  for (;;) {
    const paths = falseWhens(at, schema, previous);
    if (paths.length === 0) return at;
    let { children } = at;
    for (const path of paths) children = changeAt(children, path, removal);
    at = { ...at, children };
  }
}

function holds(children: readonly DataNode[], [step, ...rest]: readonly PathStep[]): boolean {
  if (step === undefined) return true;
  const data = children.find((child) => child.schema === step.schema);
  if (data === undefined) return false;
  if (data.kind === "list") {
    const entry = data.entries.get(step.key ?? "");
    return entry !== undefined && holds(entry.children, rest);
  }
  if (data.kind === "leaf-list") return data.entries.has(step.key ?? "");
  return rest.length === 0 || (data.kind === "container" && holds(data.children, rest));
}
