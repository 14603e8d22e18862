import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Element } from "../xml/index.ts";
import { type Module, moduleNamed, type Schema, type Submodule } from "../yang/index.ts";
import { DATASTORES } from "./names.ts";
import { elementsIn } from "./state-tree.ts";

export const LIBRARY = "urn:ietf:params:xml:ns:yang:ietf-yang-library";
const { leaf, qualified, node } = elementsIn(LIBRARY);

/** One set, one schema, and every datastore has it. */
const ALL = "all";

/**
 * Names all that is served: another set of modules, revisions, features or deviations has another
 * one (RFC 8525 section 3).
 */
export function contentIdOf(schema: Schema): string {
  const listing = schema.modules.map((module) => [
    module.name,
    module.revision ?? "",
    module.implemented,
    [...module.features].sort(),
    module.deviations,
    module.submodules.map((submodule) => [submodule.name, submodule.revision ?? ""]),
  ]);
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(listing)))).slice(0, 16);
}

/** RFC 8525 section 3: what is served has changed. */
export function libraryUpdate(contentId: string): Element {
  return node("yang-library-update", [leaf("content-id", contentId)]);
}

/**
 * RFC 8525's yang-library, and the modules-state that RFC 7895 had in its place, which managers
 * still ask for. Nothing where the module is not served.
 */
export function libraryElements(
  schema: Schema,
  contentId: string,
  datastores: readonly string[],
): readonly Element[] {
  if (moduleNamed(schema, "ietf-yang-library")?.implemented !== true) return [];
  return [yangLibrary(schema, contentId, datastores), modulesState(schema, contentId)];
}

function yangLibrary(schema: Schema, contentId: string, datastores: readonly string[]): Element {
  const set = node("module-set", [
    leaf("name", ALL),
    ...schema.modules.map((module) =>
      module.implemented ? implementedModule(module) : importedModule(module),
    ),
  ]);
  const known = schema.identities.filter((identity) => identity.module.namespace === DATASTORES);
  return node("yang-library", [
    set,
    node("schema", [leaf("name", ALL), leaf("module-set", ALL)]),
    ...datastores
      .filter((name) => known.some((identity) => identity.name === name))
      .map((name) =>
        node("datastore", [qualified("name", "ds", DATASTORES, name), leaf("schema", ALL)]),
      ),
    leaf("content-id", contentId),
  ]);
}

function implementedModule(module: Module): Element {
  return node("module", [
    leaf("name", module.name),
    ...revision(module),
    leaf("namespace", module.namespace),
    ...submodules(module),
    ...[...module.features].map((name) => leaf("feature", name)),
    ...module.deviations.map((name) => leaf("deviation", name)),
  ]);
}

function importedModule(module: Module): Element {
  return node("import-only-module", [
    leaf("name", module.name),
    // Part of the key here: empty where the module has none.
    leaf("revision", module.revision ?? ""),
    leaf("namespace", module.namespace),
    ...submodules(module),
  ]);
}

function submodules(module: Module): readonly Element[] {
  return module.submodules.map((submodule) =>
    node("submodule", [leaf("name", submodule.name), ...revision(submodule)]),
  );
}

function revision(of: Module | Submodule): readonly Element[] {
  return of.revision === undefined ? [] : [leaf("revision", of.revision)];
}

function modulesState(schema: Schema, contentId: string): Element {
  return node("modules-state", [
    leaf("module-set-id", contentId),
    ...schema.modules.map((module) =>
      node("module", [
        leaf("name", module.name),
        leaf("revision", module.revision ?? ""),
        leaf("namespace", module.namespace),
        ...(module.implemented ? [...module.features].map((name) => leaf("feature", name)) : []),
        ...module.deviations.map((name) =>
          node("deviation", [
            leaf("name", name),
            leaf("revision", moduleNamed(schema, name)?.revision ?? ""),
          ]),
        ),
        leaf("conformance-type", module.implemented ? "implement" : "import"),
        ...module.submodules.map((submodule) =>
          node("submodule", [
            leaf("name", submodule.name),
            leaf("revision", submodule.revision ?? ""),
          ]),
        ),
      ]),
    ),
  ]);
}
