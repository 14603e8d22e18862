import { keyValues, type PathStep } from "../data/index.ts";
import {
  childNamed,
  type DataParent,
  type DataSchemaNode,
  isValueFault,
  type LeafSchema,
  type Module,
  moduleNamed,
  type NotificationSchema,
  type OperationSchema,
  parseValue,
  type Schema,
  type ValueNames,
} from "../yang/index.ts";

/** RFC 8341's node-instance-identifier: keys may be left out, then every entry is meant. */
export interface RulePath {
  /** Empty: "/", which is everything. */
  readonly steps: readonly RuleStep[];
  /** The action or notification at its end, where it names one. */
  readonly end: OperationSchema | NotificationSchema | undefined;
  /** True if some step names a value: which instances match is then a question of their keys. */
  readonly hasKeys: boolean;
}

interface RuleStep {
  readonly schema: DataSchemaNode;
  /** Canonical values that key leaves must have. */
  readonly keys: readonly (readonly [key: LeafSchema, value: string])[];
  /** The value that a leaf-list entry must have. */
  readonly value: string | undefined;
}

/**
 * Reads a rule's path; undefined: it leads nowhere in this schema, so it matches nothing. Prefixes
 * are names of modules, or what modules call themselves: the document's own are not kept.
 */
export function parseRulePath(text: string, schema: Schema): RulePath | undefined {
  const steps: RuleStep[] = [];
  let rest = text.trim();
  if (rest === "/") return { steps, end: undefined, hasKeys: false };
  let parent: Schema | DataParent | undefined = schema;
  const names = moduleNames(schema);
  while (rest !== "") {
    const found = firstStep(rest);
    if (found === undefined || parent === undefined) return undefined;
    const [whole = "", prefix = "", name = "", predicates = ""] = found;
    rest = rest.slice(whole.length).trimStart();
    const module: Module | undefined = prefix === "" ? parentModule(parent) : names.module(prefix);
    const node: DataSchemaNode | undefined = module && childNamed(parent, module.namespace, name);
    if (node === undefined) {
      const end = rest === "" ? endOf(parent, name) : undefined;
      return end && { steps, end, hasKeys: steps.some(isKeyed) };
    }
    const step = readPredicates(node, predicates, names);
    if (step === undefined) return undefined;
    steps.push(step);
    parent = node.kind === "container" || node.kind === "list" ? node : undefined;
  }
  return { steps, end: undefined, hasKeys: steps.some(isKeyed) };
}

/** True if the path leads to that instance, or to one of its ancestors. */
export function matchesInstance(path: RulePath, instance: readonly PathStep[]): boolean {
  if (path.steps.length > instance.length) return false;
  return path.steps.every((step, i) => {
    const at = instance[i];
    return at !== undefined && at.schema === step.schema && hasKeys(step, at);
  });
}

function hasKeys({ schema, keys, value }: RuleStep, { key }: PathStep): boolean {
  if (value !== undefined && value !== key) return false;
  if (keys.length === 0) return true;
  if (schema.kind !== "list" || key === undefined) return false;
  const values = keyValues(schema, key);
  return keys.every(([leaf, wanted]) => values[schema.keys.indexOf(leaf)] === wanted);
}

const name = "[A-Za-z_][\\w.-]*";
const literal = `(?:'[^']*'|"[^"]*")`;
const test = `\\[\\s*(?:\\.|(?:${name}:)?${name})\\s*=\\s*${literal}\\s*\\]`;
const stepSyntax = new RegExp(`^/\\s*(?:(${name}):)?(${name})((?:\\s*${test})*)`);
const predicateSyntax = new RegExp(
  `\\[\\s*(?:(\\.)|(?:${name}:)?(${name}))\\s*=\\s*(${literal})\\s*\\]`,
  "g",
);

function firstStep(text: string): readonly string[] | undefined {
  return stepSyntax.exec(text) ?? undefined;
}

function readPredicates(
  schema: DataSchemaNode,
  predicates: string,
  names: ValueNames,
): RuleStep | undefined {
  const keys: (readonly [LeafSchema, string])[] = [];
  let value: string | undefined;
  for (const [, dot, name, quoted = ""] of predicates.matchAll(predicateSyntax)) {
    const leaf =
      schema.kind === "list"
        ? schema.keys.find((key) => key.name === name)
        : schema.kind === "leaf-list" && dot !== undefined
          ? schema
          : undefined;
    if (leaf === undefined) return undefined;
    const parsed = parseValue(leaf.type, quoted.slice(1, -1), names);
    if (isValueFault(parsed)) return undefined;
    if (leaf.kind === "leaf") keys.push([leaf, parsed.value]);
    else value = parsed.value;
  }
  return { schema, keys, value };
}

function isKeyed({ keys, value }: RuleStep): boolean {
  return keys.length > 0 || value !== undefined;
}

function moduleNames(schema: Schema): ValueNames {
  return {
    module: (prefix) =>
      moduleNamed(schema, prefix) ??
      schema.modules.find((module) => module.implemented && module.prefix === prefix),
  };
}

function parentModule(parent: Schema | DataParent): Module | undefined {
  return "module" in parent ? parent.module : undefined;
}

function endOf(
  parent: Schema | DataParent,
  name: string,
): OperationSchema | NotificationSchema | undefined {
  if (!("actions" in parent)) return undefined;
  return (
    parent.actions.find((action) => action.name === name) ??
    parent.notifications.find((notification) => notification.name === name)
  );
}
