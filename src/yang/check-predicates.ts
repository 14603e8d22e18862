import { childNamed } from "./lookup.ts";
import type {
  DataParent,
  DataSchemaNode,
  LeafListSchema,
  LeafSchema,
  ListSchema,
  Schema,
} from "./schema.ts";
import type { XPath, XPathExpression, XPathNames, XPathStep } from "./xpath.ts";

/**
 * RFC 7950 section 9.9.2: the predicates of a leafref's path tie keys of lists to other leaves, and
 * each key once. What is wrong with them, or undefined.
 */
export function predicateFault(
  path: XPath,
  leaf: LeafSchema | LeafListSchema,
  schema: Schema,
): string | undefined {
  const { expression, names } = path;
  if (expression.kind !== "path" || typeof expression.from !== "string") return undefined;
  if (expression.steps.every((step) => step.predicates.length === 0)) return undefined;
  let at: DataSchemaNode | DataParent | undefined =
    expression.from === "context" ? leaf : undefined;
  for (const step of expression.steps) {
    at = stepFrom(at, step, names, schema);
    if (step.predicates.length === 0) continue;
    // That it leads nowhere is told already.
    if (at === undefined) return undefined;
    if (at.kind !== "list") return "has a predicate on what is no list";
    const fault = listFault(at, step.predicates, names, (path) => endOf(path, leaf, names, schema));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function stepFrom(
  at: DataSchemaNode | DataParent | undefined,
  { axis, test }: XPathStep,
  names: XPathNames,
  schema: Schema,
): DataSchemaNode | DataParent | undefined {
  if (axis === "parent") return at?.dataParent;
  if (test.kind !== "name") return at;
  const parent = at ?? schema;
  if (!("dataChildren" in parent)) return undefined;
  return childNamed(parent, namespaceOf(test.prefix, names), test.name);
}

function namespaceOf(prefix: string, names: XPathNames): string | undefined {
  return prefix === "" ? names.defaultNamespace : names.namespace(prefix);
}

/** What a path from current() leads to. */
type Follow = (steps: readonly XPathStep[]) => DataSchemaNode | DataParent | undefined;

function endOf(
  steps: readonly XPathStep[],
  leaf: LeafSchema | LeafListSchema,
  names: XPathNames,
  schema: Schema,
): DataSchemaNode | DataParent | undefined {
  let at: DataSchemaNode | DataParent | undefined = leaf;
  for (const step of steps) at = stepFrom(at, step, names, schema);
  return at;
}

function listFault(
  list: ListSchema,
  predicates: readonly XPathExpression[],
  names: XPathNames,
  follow: Follow,
): string | undefined {
  const seen = new Set<string>();
  for (const predicate of predicates) {
    if (predicate.kind !== "binary" || predicate.operator !== "=") {
      return "has a predicate that is no equality of a key";
    }
    const test = onlyName(predicate.left);
    if (test === undefined) return "has a predicate that names no key";
    const key = list.keys.find(
      ({ name, module }) =>
        name === test.name && module.namespace === namespaceOf(test.prefix, names),
    );
    if (key === undefined)
      return `has a predicate on "${test.name}", no key of list "${list.name}"`;
    if (seen.has(key.name)) return `has two predicates on the key "${key.name}"`;
    seen.add(key.name);
    const steps = stepsFromCurrent(predicate.right);
    if (steps === undefined) {
      return "has a predicate that does not compare with a path from current()";
    }
    const end = follow(steps);
    if (end?.kind !== "leaf") {
      return `has a predicate on "${test.name}" that compares with no leaf`;
    }
  }
  return undefined;
}

function onlyName(expression: XPathExpression): { prefix: string; name: string } | undefined {
  if (expression.kind !== "path" || expression.from !== "context") return undefined;
  const [step, second] = expression.steps;
  if (step === undefined || second !== undefined || step.predicates.length > 0) return undefined;
  return step.axis === "child" && step.test.kind === "name" ? step.test : undefined;
}

/** The steps of current()/../name: up, then down by names. */
function stepsFromCurrent(expression: XPathExpression): readonly XPathStep[] | undefined {
  if (expression.kind !== "path" || typeof expression.from === "string") return undefined;
  if (expression.from.kind !== "call" || expression.from.name !== "current") return undefined;
  const isPlain = expression.steps.every(
    ({ axis, predicates }) => (axis === "parent" || axis === "child") && predicates.length === 0,
  );
  return isPlain ? expression.steps : undefined;
}
