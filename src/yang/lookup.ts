import type {
  DataParent,
  DataSchemaNode,
  Module,
  Schema,
  SchemaNode,
  StructureSchema,
} from "./schema.ts";

/** What data children can be looked up in. */
type Parent = Schema | DataParent | StructureSchema;

type Named = DataSchemaNode | readonly DataSchemaNode[];

/** Made when a parent is first asked; the schema is frozen, so they never change. */
const indexes = new WeakMap<Parent, ReadonlyMap<string, Named>>();

/** The data child of a parent by name; an undefined namespace matches any. */
export function childNamed(
  parent: Parent,
  namespace: string | undefined,
  name: string,
): DataSchemaNode | undefined {
  const named = (indexes.get(parent) ?? index(parent)).get(name);
  if (named === undefined) return undefined;
  if ("kind" in named) {
    return namespace === undefined || named.module.namespace === namespace ? named : undefined;
  }
  return named.find((node) => namespace === undefined || node.module.namespace === namespace);
}

function index(parent: Parent): ReadonlyMap<string, Named> {
  const made = new Map<string, Named>();
  for (const child of parent.dataChildren) {
    const before = made.get(child.name);
    if (before === undefined) made.set(child.name, child);
    else if ("kind" in before) made.set(child.name, [before, child]);
    else made.set(child.name, [...before, child]);
  }
  indexes.set(parent, made);
  return made;
}

/** A module by name; the implemented revision, or else the newest. */
export function moduleNamed(schema: Schema, name: string): Module | undefined {
  return preferred(schema.modules, (module) => module.name === name);
}

/** A module by namespace; the implemented revision, or else the newest. */
export function moduleOfNamespace(schema: Schema, namespace: string): Module | undefined {
  return preferred(schema.modules, (module) => module.namespace === namespace);
}

function preferred(
  modules: readonly Module[],
  wanted: (module: Module) => boolean,
): Module | undefined {
  let found: Module | undefined;
  for (const module of modules) {
    if (!wanted(module)) continue;
    if (module.implemented) return module;
    found = module;
  }
  return found;
}

/** "/ietf-ntp:ntp/port": module names where the module changes; for messages. */
export function schemaPath(node: SchemaNode): string {
  const steps: string[] = [];
  for (let at: SchemaNode | undefined = node; at !== undefined; at = at.parent) {
    const named = at.parent === undefined || at.parent.module !== at.module;
    steps.push(named ? `${at.module.name}:${at.name}` : at.name);
  }
  return `/${steps.reverse().join("/")}`;
}
