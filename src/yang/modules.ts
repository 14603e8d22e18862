import type { Building } from "./building.ts";
import { readPath } from "./draft.ts";
import type { Features } from "./features.ts";
import type { LinkedModule } from "./link.ts";
import type { Scopes } from "./module-scope.ts";
import type { Module } from "./schema.ts";
import { substatements } from "./substatement.ts";

/** The modules of the schema, by what they were linked from. */
export function createModules(
  linked: readonly LinkedModule[],
  implemented: ReadonlyMap<string, LinkedModule>,
  scopes: Scopes,
  features: Features,
): ReadonlyMap<LinkedModule, Module> {
  const deviations = deviatedBy(implemented, scopes);
  const modules = new Map<LinkedModule, Module>();
  const prefixes = new Map<LinkedModule, Map<string, Module>>();
  for (const module of linked) {
    const [main, ...submodules] = module.units;
    const own = new Map<string, Module>();
    prefixes.set(module, own);
    const { enabled, declared } = features.of(module);
    const made: Building<Module> = {
      name: module.name,
      revision: module.revision,
      namespace: module.namespace,
      prefix: module.prefix,
      yangVersion: module.version,
      implemented: implemented.get(module.name) === module,
      features: enabled,
      declaredFeatures: declared,
      submodules: submodules.map(({ name, revision, source, statement }) => ({
        name,
        revision,
        text: source.text,
        statement,
      })),
      deviations: [...(deviations.get(module.name) ?? [])].sort(),
      text: main?.source.text ?? "",
      statement: module.statement,
      prefixes: own,
      annotations: new Map(),
    };
    if (!made.implemented) made.deviations = [];
    modules.set(module, made);
  }
  for (const [module, own] of prefixes) {
    for (const [prefix, target] of module.units[0]?.prefixes ?? []) {
      const found = target === undefined ? undefined : modules.get(target);
      if (found !== undefined) own.set(prefix, found);
    }
  }
  return modules;
}

/** Which modules deviate nodes of which. */
function deviatedBy(
  implemented: ReadonlyMap<string, LinkedModule>,
  scopes: Scopes,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const module of implemented.values()) {
    for (const unit of module.units) {
      for (const deviation of substatements(unit.statement, "deviation")) {
        const path = readPath(deviation.argument ?? "", scopes.top(unit), module);
        const target = path.at(-1)?.module?.name;
        if (target === undefined) continue;
        found.set(target, (found.get(target) ?? new Set<string>()).add(module.name));
      }
    }
  }
  return found;
}
