// Generated from ietf-yang-library@2019-01-04 by scripts/generate.ts

/** The top of ietf-yang-library in a datastore. */
export interface IetfYangLibrary {
  /** The modules, schemas and datastores of the server. */
  readonly "ietf-yang-library:yang-library"?: YangLibrary;
  /** The library in the form that came before datastores; use /yang-library. */
  readonly "ietf-yang-library:modules-state"?: ModulesState;
}

/** The modules, schemas and datastores of the server. */
export interface YangLibrary {
  /**
   * A set of modules that schemas are made of.
   *
   * Keyed by name.
   */
  readonly "module-set"?: ReadonlyMap<string, YangLibraryModuleSet>;
  /**
   * A schema: sets of modules that stand together.
   *
   * Keyed by name.
   */
  readonly "schema"?: ReadonlyMap<string, YangLibrarySchema>;
  /**
   * A datastore of the server.
   *
   * Keyed by name.
   */
  readonly "datastore"?: ReadonlyMap<string, YangLibraryDatastore>;
  /** Changes whenever anything in the library does. */
  readonly "content-id": string;
}

/** A set of modules that schemas are made of. */
export interface YangLibraryModuleSet {
  /** Any name. */
  readonly "name": string;
  /**
   * A module that is implemented: its data, operations and notifications are served.
   *
   * Keyed by name.
   */
  readonly "module"?: ReadonlyMap<string, YangLibraryModuleSetModule>;
  /**
   * A module of which only types, groupings, features and identities are used.
   *
   * Keyed by name revision.
   */
  readonly "import-only-module"?: ReadonlyMap<string, YangLibraryModuleSetImportOnlyModule>;
}

/** A module that is implemented: its data, operations and notifications are served. */
export interface YangLibraryModuleSetModule {
  /** Name of the module or submodule. */
  readonly "name": string;
  /** Its revision; absent where it has none. */
  readonly "revision"?: string;
  /** XML namespace of the module. */
  readonly "namespace": string;
  /** A URL of the module's or submodule's text. */
  readonly "location"?: readonly string[];
  /**
   * A submodule of the module.
   *
   * Keyed by name.
   */
  readonly "submodule"?: ReadonlyMap<string, YangLibraryModuleSetModuleSubmodule>;
  /** A feature that the server has. */
  readonly "feature"?: readonly string[];
  /**
   * A module whose deviations change this one.
   *
   * Refers to ../../module/name.
   */
  readonly "deviation"?: readonly string[];
}

/** A submodule of the module. */
export interface YangLibraryModuleSetModuleSubmodule {
  /** Name of the module or submodule. */
  readonly "name": string;
  /** Its revision; absent where it has none. */
  readonly "revision"?: string;
  /** A URL of the module's or submodule's text. */
  readonly "location"?: readonly string[];
}

/** A module of which only types, groupings, features and identities are used. */
export interface YangLibraryModuleSetImportOnlyModule {
  /** Name of the module. */
  readonly "name": string;
  /** Its revision; empty where it has none. */
  readonly "revision": string;
  /** XML namespace of the module. */
  readonly "namespace": string;
  /** A URL of the module's or submodule's text. */
  readonly "location"?: readonly string[];
  /**
   * A submodule of the module.
   *
   * Keyed by name.
   */
  readonly "submodule"?: ReadonlyMap<string, YangLibraryModuleSetImportOnlyModuleSubmodule>;
}

/** A submodule of the module. */
export interface YangLibraryModuleSetImportOnlyModuleSubmodule {
  /** Name of the module or submodule. */
  readonly "name": string;
  /** Its revision; absent where it has none. */
  readonly "revision"?: string;
  /** A URL of the module's or submodule's text. */
  readonly "location"?: readonly string[];
}

/** A schema: sets of modules that stand together. */
export interface YangLibrarySchema {
  /** Any name. */
  readonly "name": string;
  /**
   * A set that is part of the schema.
   *
   * Refers to ../../module-set/name.
   */
  readonly "module-set"?: readonly string[];
}

/** A datastore of the server. */
export interface YangLibraryDatastore {
  /** Which datastore. */
  readonly "name": Datastore;
  /**
   * The schema that holds for it.
   *
   * Refers to ../../schema/name.
   */
  readonly "schema": string;
}

/** The library in the form that came before datastores; use /yang-library. */
export interface ModulesState {
  /** Changes whenever anything in the list does. */
  readonly "module-set-id": string;
  /**
   * One revision of one module.
   *
   * Keyed by name revision.
   */
  readonly "module"?: ReadonlyMap<string, ModulesStateModule>;
}

/** One revision of one module. */
export interface ModulesStateModule {
  /** Name of the module or submodule. */
  readonly "name": string;
  /** Its revision; empty where it has none. */
  readonly "revision": string;
  /** A URL of the module's or submodule's text. */
  readonly "schema"?: string;
  /** XML namespace of the module. */
  readonly "namespace": string;
  /** A feature that the server has. */
  readonly "feature"?: readonly string[];
  /**
   * A module whose deviations change this one.
   *
   * Keyed by name revision.
   */
  readonly "deviation"?: ReadonlyMap<string, ModulesStateModuleDeviation>;
  /** Whether it is implemented. */
  readonly "conformance-type": "implement" | "import";
  /**
   * A submodule of the module.
   *
   * Keyed by name revision.
   */
  readonly "submodule"?: ReadonlyMap<string, ModulesStateModuleSubmodule>;
}

/** A module whose deviations change this one. */
export interface ModulesStateModuleDeviation {
  /** Name of the module or submodule. */
  readonly "name": string;
  /** Its revision; empty where it has none. */
  readonly "revision": string;
}

/** A submodule of the module. */
export interface ModulesStateModuleSubmodule {
  /** Name of the module or submodule. */
  readonly "name": string;
  /** Its revision; empty where it has none. */
  readonly "revision": string;
  /** A URL of the module's or submodule's text. */
  readonly "schema"?: string;
}

/** Something in the library changed. */
export interface YangLibraryUpdateNotification {
  /**
   * The content-id now.
   *
   * Refers to /yanglib:yang-library/yanglib:content-id.
   */
  readonly "content-id": string;
}

/** Something in the list changed; use yang-library-update. */
export interface YangLibraryChangeNotification {
  /**
   * The module-set-id now.
   *
   * Refers to /yanglib:modules-state/yanglib:module-set-id.
   */
  readonly "module-set-id": string;
}

/** A datastore. */
export type Datastore = never;
