import { type InstanceStep, readInstanceIdentifier } from "./instance-identifier.ts";
import type { DataSchemaNode, InOutSchema, NotificationSchema } from "./schema.ts";
import type { LeafrefType, Type } from "./type.ts";
import type { XPathNode } from "./xpath.ts";
import type { Evaluation } from "./xpath-axes.ts";
import { typeOf } from "./xpath-identity.ts";

/** deref(), RFC 7950 section 10.3.1: what a leafref or an instance-identifier refers to. */
export function dereference(leaf: XPathNode, evaluation: Evaluation): readonly XPathNode[] {
  const { schema } = leaf;
  if (schema?.kind !== "leaf" && schema?.kind !== "leaf-list") return [];
  const referred = referredBy(leaf, schema.type, evaluation);
  if (referred.length > 0 || typeOf(leaf)?.base !== "instance-identifier") return referred;
  return instance(leaf.value ?? "", evaluation);
}

function referredBy(leaf: XPathNode, type: Type, evaluation: Evaluation): readonly XPathNode[] {
  if (type.base === "leafref") return leafrefTargets(leaf, type, evaluation);
  if (type.base !== "union") return [];
  // Of a union it is not recorded which leafref took the value: the first that leads anywhere.
  for (const member of type.members) {
    const found = referredBy(leaf, member, evaluation);
    if (found.length > 0) return found;
  }
  return [];
}

function leafrefTargets(
  leaf: XPathNode,
  type: LeafrefType,
  evaluation: Evaluation,
): readonly XPathNode[] {
  // What the path takes is taken from the whole: there may be a leafref for each node.
  const found = type.path.evaluate({
    ...{ node: leaf, current: leaf, root: evaluation.root },
    allowance: evaluation,
  });
  if (typeof found !== "object") return [];
  evaluation.spend(found.length + 1);
  return found.filter((target) => target.value === leaf.value);
}

/** Walks the canonical form of RFC 7951 section 6.11, e.g. /m:list[key='v']/leaf-list[.='w']. */
function instance(value: string, evaluation: Evaluation): readonly XPathNode[] {
  const steps = readInstanceIdentifier(value);
  let nodes: readonly XPathNode[] = steps === undefined ? [] : [evaluation.root];
  let module: string | undefined;
  for (const step of steps ?? []) {
    module = step.module ?? module;
    nodes = nodes.flatMap((node) => stepInto(node, step, module, evaluation));
  }
  return nodes;
}

function stepInto(
  node: XPathNode,
  step: InstanceStep,
  module: string | undefined,
  evaluation: Evaluation,
): readonly XPathNode[] {
  const sample = node.children().find((child) => isNamed(child.schema, step.name, module));
  if (sample?.schema === undefined) return [];
  const entries = node.childrenNamed(sample.schema.module.namespace, step.name);
  evaluation.spend(entries.length + 1);
  return entries.filter((entry, i) =>
    step.predicates.every((predicate) => {
      if (predicate.kind === "position") return i + 1 === predicate.position;
      if (predicate.name === ".") return entry.value === predicate.value;
      const inner = predicate.module ?? sample.schema?.module.name;
      return entry
        .children()
        .some((key) => isNamed(key.schema, predicate.name, inner) && key.value === predicate.value);
    }),
  );
}

type Named = DataSchemaNode | InOutSchema | NotificationSchema | undefined;

function isNamed(schema: Named, name: string, module: string | undefined): boolean {
  return schema?.name === name && schema.module.name === module;
}
