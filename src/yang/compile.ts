import { annotate } from "./annotations.ts";
import { augmentAll } from "./augment.ts";
import { Builder, type Built, type PendingLeaf } from "./build.ts";
import { buildMusts } from "./build-parts.ts";
import { checkGrammar } from "./check-grammar.ts";
import { checkLeafrefs } from "./check-leafrefs.ts";
import { checkNodes, type MadeNode } from "./check-nodes.ts";
import { checkStatuses } from "./check-status.ts";
import { checkTypedefs } from "./check-typedefs.ts";
import { checkWhens } from "./check-whens.ts";
import { Defaults } from "./defaults.ts";
import { deviateAll } from "./deviate.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Draft } from "./draft.ts";
import { Expansion } from "./expand.ts";
import { extensionRule, knownExtension } from "./extensions.ts";
import { type FeatureRequest, Features } from "./features.ts";
import { freezeSchema } from "./freeze.ts";
import { Identities } from "./identities.ts";
import { implementedModules } from "./implemented.ts";
import { type LinkedModule, Linker } from "./link.ts";
import { Scopes } from "./module-scope.ts";
import { createModules } from "./modules.ts";
import { Names } from "./names.ts";
import { prune } from "./prune.ts";
import { Report } from "./report.ts";
import { resolvePaths } from "./resolve-paths.ts";
import type { Identity, Module, Schema } from "./schema.ts";
import type { SourceFinder } from "./source.ts";
import { expandStructures, rootDraft, type StructureDraft } from "./structures.ts";
import { substatement } from "./substatement.ts";
import type { TypeHooks } from "./types.ts";

/** Which modules, and what of them. */
export interface CompileRequest extends FeatureRequest {
  readonly implement: readonly { readonly name: string; readonly revision?: string | undefined }[];
  /** Modules of deviations: they are implemented too. */
  readonly deviations?: readonly string[];
}

export interface Compiled {
  /** To be used only if no diagnostic is an error. */
  readonly schema: Schema;
  /** Of all modules, by file and place. */
  readonly diagnostics: readonly Diagnostic[];
}

const EMPTY: Schema = {
  modules: [],
  children: [],
  dataChildren: [],
  rpcs: [],
  notifications: [],
  identities: [],
  structures: [],
};

/**
 * Modules → schema. Mistakes in the modules are diagnostics; it does not throw. The later phases
 * need what the earlier ones found, so they do not run over modules that cannot be read.
 */
export function compile(request: CompileRequest, finder: SourceFinder): Compiled {
  const report = new Report();
  const linked = link(request, finder, report);
  if (report.hasErrors) return { schema: EMPTY, diagnostics: report.sorted() };
  const scopes = new Scopes(linked.all, report);
  checkTexts(linked.all, scopes, report);
  const schema = report.hasErrors ? EMPTY : build(linked, request, scopes, report);
  return { schema, diagnostics: report.sorted() };
}

interface Linked {
  readonly all: readonly LinkedModule[];
  readonly wanted: readonly LinkedModule[];
}

/** RFC 7950 sections 5.1, 6 and 14: find, parse, import, include. */
function link(request: CompileRequest, finder: SourceFinder, report: Report): Linked {
  const deviations = (request.deviations ?? []).map((name) => ({ name, revision: undefined }));
  const asked = [...request.implement, ...deviations];
  const preferred = new Map(asked.map(({ name, revision }) => [name, revision] as const));
  const linker = new Linker(finder, report, preferred);
  const wanted = asked.flatMap(
    ({ name, revision }) => linker.load(name, revision, undefined) ?? [],
  );
  return { all: linker.modules, wanted };
}

/** Section 14: the grammar, of every file. */
function checkTexts(modules: readonly LinkedModule[], scopes: Scopes, report: Report): void {
  for (const { units } of modules) {
    for (const unit of units) {
      const rule = (use: Parameters<typeof extensionRule>[0]) =>
        extensionRule(use, unit, scopes, report);
      checkGrammar(unit.statement, unit.version, rule, report);
    }
  }
}

/** What names mean: all that has to be known before nodes can be made. */
interface Ground {
  readonly scopes: Scopes;
  readonly features: Features;
  readonly identities: Identities;
  readonly names: Names;
  readonly hooks: TypeHooks;
  readonly modules: ReadonlyMap<LinkedModule, Module>;
  /** Those that are implemented, by name. */
  readonly active: readonly LinkedModule[];
  readonly report: Report;
}

function build(linked: Linked, request: CompileRequest, scopes: Scopes, report: Report): Schema {
  const ground = settle(linked, request, scopes, report);
  if (!checkTypedefs(linked.all, scopes, report)) return EMPTY;
  annotate(ground.modules, ground);
  const drafts = draft(ground);
  if (drafts === undefined) return EMPTY;
  const trees = construct(drafts, ground);
  const schema = assemble(trees, ground);
  resolvePaths(schema, trees, report);
  checkTypes(trees, ground);
  checkTrees(trees, schema, ground);
  return report.hasErrors
    ? schema
    : freezeSchema(
        schema,
        trees.made.map(({ node }) => node),
      );
}

/** Sections 5.6.5, 7.18, 7.20: what is implemented, features, identities, names. */
function settle(linked: Linked, request: CompileRequest, scopes: Scopes, report: Report): Ground {
  const features = new Features(request, scopes, report);
  for (const module of linked.all) {
    for (const unit of module.units) features.check(unit);
    features.checkRequest(module);
  }
  const implemented = implementedModules(linked.wanted, scopes, features);
  const isActive = (module: LinkedModule) => implemented.get(module.name) === module;
  const active = linked.all.filter(isActive);
  const modules = createModules(linked.all, implemented, scopes, features);
  const newestLast = linked.all.filter((module) => !isActive(module));
  const preferred = [...active, ...newestLast.reverse()].flatMap((module) => {
    const made = modules.get(module);
    return made === undefined ? [] : [[module, made] as const];
  });
  const identities = new Identities(preferred, scopes, features, report);
  const names = new Names({ scopes, identities, features, modules, report });
  const hooks = { derived: (base: Identity) => identities.derived(base), typedefs: new Map() };
  checkNamespaces(active, report);
  for (const module of active) checkStatuses(module, scopes, report);
  return { scopes, features, identities, names, hooks, modules, active, report };
}

/** Section 5.3: what is implemented is told apart by namespace. */
function checkNamespaces(active: readonly LinkedModule[], report: Report): void {
  const seen = new Map<string, LinkedModule>();
  for (const module of active) {
    const other = seen.get(module.namespace);
    if (other === undefined) seen.set(module.namespace, module);
    else {
      const message = `module "${other.name}" has the namespace "${module.namespace}" too`;
      report.error(substatement(module.statement, "namespace") ?? module.statement, message);
    }
  }
}

interface Drafts {
  readonly roots: ReadonlyMap<string, Draft>;
  readonly structures: readonly StructureDraft[];
  /** Of groupings that nothing uses: they are checked all the same. */
  readonly groupings: readonly Draft[];
}

/**
 * Sections 7.13, 7.17 and 7.20.3: uses, augment, deviation; then what features switch off goes.
 * Undefined: it was too much.
 */
function draft({ scopes, features, active, report }: Ground): Drafts | undefined {
  const expansion = new Expansion(scopes, features, report);
  const roots = new Map<string, Draft>();
  for (const module of active) {
    const root = rootDraft(module.statement, module, scopes);
    for (const unit of module.units) {
      expansion.fill(unit.statement, { parent: root, module, scope: scopes.top(unit) });
    }
    roots.set(module.name, root);
  }
  const structures = expandStructures(active, { scopes, expansion, report });
  augmentAll(active, { roots, scopes, expansion, report });
  deviateAll(active, roots, scopes, report);
  const groupings = unusedGroupings(active, scopes, expansion);
  if (expansion.exhausted) return undefined;
  for (const root of [...roots.values(), ...groupings]) prune(root);
  for (const { root } of structures) prune(root);
  return { roots, structures, groupings };
}

function unusedGroupings(
  active: readonly LinkedModule[],
  scopes: Scopes,
  expansion: Expansion,
): readonly Draft[] {
  return active.flatMap((module) =>
    module.units.flatMap((unit) =>
      scopes.definitionsOf(unit).flatMap(({ statement, scope }) => {
        if (statement.keyword !== "grouping" || expansion.used.has(statement)) return [];
        const root = rootDraft(statement, module, scopes);
        expansion.tryGrouping(statement, { parent: root, module, scope });
        return [root];
      }),
    ),
  );
}

interface Structure {
  readonly kind: StructureDraft["kind"];
  readonly name: string;
  readonly module: Module;
  readonly built: Built;
  readonly leaves: readonly PendingLeaf[];
}

interface Trees {
  readonly tops: readonly Built[];
  readonly structures: readonly Structure[];
  readonly groupings: readonly Built[];
  readonly made: readonly MadeNode[];
  readonly madeInGroupings: readonly MadeNode[];
  readonly leaves: readonly PendingLeaf[];
  readonly leavesInGroupings: readonly PendingLeaf[];
}

/** Drafts → schema nodes: the datastores' first, so that they are counted in order. */
function construct(drafts: Drafts, { names, hooks, modules, report }: Ground): Trees {
  const builder = new Builder({ names, hooks, modules, report });
  const tops = [...drafts.roots.values()].map((root) => builder.top(root, true));
  const leaves = builder.leaves.slice();
  const structures = drafts.structures.flatMap(({ root, kind }) => {
    const before = builder.leaves.length;
    const built = builder.top(root, undefined);
    buildMusts(root, names, report);
    const module = modules.get(root.module);
    if (module === undefined) return [];
    return [{ kind, name: root.name, module, built, leaves: builder.leaves.slice(before) }];
  });
  const inGroupings = new Builder({ names, hooks, modules, report });
  const groupings = drafts.groupings.map((root) => inGroupings.top(root, "unknown"));
  return {
    tops,
    structures,
    groupings,
    made: builder.made,
    madeInGroupings: inGroupings.made,
    leaves,
    leavesInGroupings: inGroupings.leaves,
  };
}

function assemble({ tops, structures }: Trees, { modules, identities }: Ground): Schema {
  return {
    modules: [...modules.values()],
    children: tops.flatMap((top) => top.children),
    dataChildren: tops.flatMap((top) => top.dataChildren),
    rpcs: tops.flatMap((top) => top.operations),
    notifications: tops.flatMap((top) => top.notifications),
    identities: identities.all,
    structures: structures.map(({ kind, name, module, built }) => ({
      extension: kind,
      name,
      module,
      children: built.children,
      dataChildren: built.dataChildren,
    })),
  };
}

/** Sections 7.3.4, 7.6.4, 7.7.4: defaults fit their types, in typedefs too. */
function checkTypes(
  trees: Trees,
  { names, identities, hooks, report, scopes, active }: Ground,
): void {
  const defaults = new Defaults({ names, identities, hooks, report });
  for (const leaf of trees.leaves) defaults.settle(leaf);
  for (const structure of trees.structures) {
    for (const leaf of structure.leaves) defaults.settle(leaf);
  }
  for (const leaf of trees.leavesInGroupings) defaults.settle(leaf);
  for (const { units } of active) {
    for (const unit of units) {
      for (const definition of scopes.definitionsOf(unit)) {
        if (definition.statement.keyword === "typedef") defaults.checkTypedef(definition);
      }
      for (const statement of unit.statement.substatements) {
        if (knownExtension(statement, unit) === "annotation") {
          defaults.checkAnnotation({ statement, scope: scopes.top(unit) });
        }
      }
    }
  }
}

/** Section 7 again, over the finished trees. */
function checkTrees(trees: Trees, schema: Schema, { features, report }: Ground): void {
  const drafts = new Map(trees.made.map(({ node, draft }) => [node, draft] as const));
  checkLeafrefs(trees.leaves, drafts, { schema, features, report });
  checkWhens(drafts, schema, report);
  const inTrees = [...trees.tops, ...trees.structures.map(({ built }) => built)];
  checkNodes(trees.made, inTrees, report);
  checkNodes(trees.madeInGroupings, trees.groupings, report);
}
