import type { Statement } from "./statement.ts";
import type { Type } from "./type.ts";
import type { XPath } from "./xpath.ts";

/** A module as compiled. Submodules are merged into it. */
export interface Module {
  readonly name: string;
  readonly revision: string | undefined;
  readonly namespace: string;
  readonly prefix: string;
  readonly yangVersion: "1" | "1.1";
  /** False: only imported, its data nodes are not part of the schema (RFC 7950 section 5.6.5). */
  readonly implemented: boolean;
  /** Enabled features. */
  readonly features: ReadonlySet<string>;
  readonly declaredFeatures: ReadonlySet<string>;
  readonly submodules: readonly Submodule[];
  /** Names of the modules whose deviations changed this one, sorted. */
  readonly deviations: readonly string[];
  /** The module's text, to the byte, for get-schema. */
  readonly text: string;
  readonly statement: Statement;
  /** By name, the types of their values (RFC 7952 section 3). */
  readonly annotations: ReadonlyMap<string, Type>;
  /** Prefixes that stand in the module's own XPath expressions and values: prefix → module. */
  readonly prefixes: ReadonlyMap<string, Module>;
}

export interface Submodule {
  readonly name: string;
  readonly revision: string | undefined;
  readonly text: string;
  readonly statement: Statement;
}

/** An identity; two are equal if they are the same object. */
export interface Identity {
  readonly module: Module;
  readonly name: string;
  readonly bases: readonly Identity[];
  readonly description: string | undefined;
}

export type Status = "current" | "deprecated" | "obsolete";

/** RFC 7950 section 7.5.3. */
export interface Must {
  readonly xpath: XPath;
  readonly errorMessage: string | undefined;
  readonly errorAppTag: string | undefined;
  readonly description: string | undefined;
}

/**
 * RFC 7950 section 7.21.5, with its context node decided at compile time: a `when` of the node
 * itself
 * is evaluated on the node, one from uses, augment, choice or case on the closest data ancestor.
 */
export interface When {
  readonly xpath: XPath;
  readonly context: "self" | "parent";
}

/** A use of an extension that the compiler keeps for others, e.g. nacm:default-deny-all. */
export interface ExtensionUse {
  readonly module: string;
  readonly name: string;
  readonly argument: string | undefined;
  readonly statement: Statement;
}

interface SchemaCommon {
  readonly name: string;
  /** The module whose namespace the node lives in: an augmenting module for augmented nodes. */
  readonly module: Module;
  /** Schema parent, choices and cases included; undefined at the top of a module. */
  readonly parent: SchemaNode | undefined;
  /** Closest ancestor that appears in data (choices and cases skipped); undefined at the top. */
  readonly dataParent: DataParent | undefined;
  readonly config: boolean;
  readonly status: Status;
  readonly description: string | undefined;
  readonly reference: string | undefined;
  /** Every when that applies, those of uses, augment, choice and case above it included. */
  readonly whens: readonly When[];
  /** nacm:default-deny-*, as it applies here (RFC 8341 section 3.4.5: also to all below). */
  readonly defaultDeny: "all" | "write" | undefined;
  readonly extensions: readonly ExtensionUse[];
  /** The if-feature expressions that the node itself hangs on: all of them hold. */
  readonly ifFeatures: readonly string[];
  /** Position among all nodes of the schema in document order: siblings are printed by it. */
  readonly order: number;
}

interface WithChildren {
  /** Schema children in order, choices and cases among them. */
  readonly children: readonly SchemaNode[];
  /** Children that can appear in data, choices and cases looked through, in order. */
  readonly dataChildren: readonly DataSchemaNode[];
}

interface WithMusts {
  readonly musts: readonly Must[];
}

export interface ContainerSchema extends SchemaCommon, WithChildren, WithMusts {
  readonly kind: "container";
  /** The presence statement's text; undefined: a non-presence container. */
  readonly presence: string | undefined;
  readonly actions: readonly OperationSchema[];
  readonly notifications: readonly NotificationSchema[];
}

export interface ListSchema extends SchemaCommon, WithChildren, WithMusts {
  readonly kind: "list";
  /** In the order of the key statement; empty for a list without keys. */
  readonly keys: readonly LeafSchema[];
  /** Each unique statement as paths of descendant leaves. */
  readonly uniques: readonly (readonly LeafSchema[])[];
  readonly minElements: number;
  /** Infinity: unbounded. */
  readonly maxElements: number;
  readonly orderedBy: "system" | "user";
  readonly actions: readonly OperationSchema[];
  readonly notifications: readonly NotificationSchema[];
}

export interface LeafSchema extends SchemaCommon, WithMusts {
  readonly kind: "leaf";
  readonly type: Type;
  readonly units: string | undefined;
  readonly mandatory: boolean;
  /** Canonical value of the default (own or the typedef's); undefined where there is none. */
  readonly default: string | undefined;
  /** True for a key leaf of its list. */
  readonly isKey: boolean;
}

export interface LeafListSchema extends SchemaCommon, WithMusts {
  readonly kind: "leaf-list";
  readonly type: Type;
  readonly units: string | undefined;
  /** Canonical defaults; empty where there are none. */
  readonly defaults: readonly string[];
  readonly minElements: number;
  readonly maxElements: number;
  readonly orderedBy: "system" | "user";
}

export interface AnySchema extends SchemaCommon, WithMusts {
  readonly kind: "anydata" | "anyxml";
  readonly mandatory: boolean;
}

export interface ChoiceSchema extends SchemaCommon {
  readonly kind: "choice";
  readonly mandatory: boolean;
  readonly cases: readonly CaseSchema[];
  readonly defaultCase: CaseSchema | undefined;
}

export interface CaseSchema extends SchemaCommon, WithChildren {
  readonly kind: "case";
}

/** rpc at the top of a module, action inside a container or list. */
export interface OperationSchema extends SchemaCommon {
  readonly kind: "rpc" | "action";
  readonly input: InOutSchema;
  readonly output: InOutSchema;
}

export interface InOutSchema extends SchemaCommon, WithChildren, WithMusts {
  readonly kind: "input" | "output";
}

export interface NotificationSchema extends SchemaCommon, WithChildren, WithMusts {
  readonly kind: "notification";
}

/** Nodes with instances in a data tree. */
export type DataSchemaNode = ContainerSchema | ListSchema | LeafSchema | LeafListSchema | AnySchema;

/** Nodes whose instances hold children. */
export type DataParent = ContainerSchema | ListSchema | InOutSchema | NotificationSchema;

export type SchemaNode =
  | DataSchemaNode
  | ChoiceSchema
  | CaseSchema
  | OperationSchema
  | InOutSchema
  | NotificationSchema;

/** sx:structure (RFC 8791) and rc:yang-data (RFC 8040): trees outside the datastores. */
export interface StructureSchema {
  readonly extension: "structure" | "yang-data";
  readonly module: Module;
  readonly name: string;
  readonly children: readonly SchemaNode[];
  readonly dataChildren: readonly DataSchemaNode[];
}

/** Everything that is served: frozen. */
export interface Schema {
  /** Implemented and imported modules, by name then revision. */
  readonly modules: readonly Module[];
  /** Top-level schema children of all implemented modules, in the order of the modules. */
  readonly children: readonly SchemaNode[];
  readonly dataChildren: readonly DataSchemaNode[];
  readonly rpcs: readonly OperationSchema[];
  readonly notifications: readonly NotificationSchema[];
  readonly identities: readonly Identity[];
  readonly structures: readonly StructureSchema[];
}
