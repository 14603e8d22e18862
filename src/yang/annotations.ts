import type { Building } from "./building.ts";
import { knownExtension } from "./extensions.ts";
import type { Features } from "./features.ts";
import type { LinkedModule } from "./link.ts";
import type { Scopes } from "./module-scope.ts";
import type { Names } from "./names.ts";
import type { Module } from "./schema.ts";
import { substatement } from "./substatement.ts";
import type { Type } from "./type.ts";
import { resolveType, type TypeHooks } from "./types.ts";

/** Gives modules their annotations (RFC 7952 section 3), with the types of their values. */
export function annotate(
  modules: ReadonlyMap<LinkedModule, Module>,
  ground: { scopes: Scopes; names: Names; hooks: TypeHooks; features: Features },
): void {
  const { scopes, names, hooks, features } = ground;
  for (const [module, made] of modules) {
    const types = new Map<string, Type>();
    for (const unit of module.units) {
      const scope = names.types(scopes.top(unit), module);
      for (const statement of unit.statement.substatements) {
        const type = substatement(statement, "type");
        if (type === undefined || knownExtension(statement, unit) !== "annotation") continue;
        const resolved = resolveType(type, scope, hooks);
        if (features.allow(statement, unit)) types.set(statement.argument ?? "", resolved);
      }
    }
    const building: Building<Module> = made;
    building.annotations = types;
  }
}
