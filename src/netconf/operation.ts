import type { DatastoreName } from "../datastore/index.ts";
import type { Element } from "../xml/index.ts";
import type { OperationSchema } from "../yang/index.ts";
import type { NmdaSelection } from "./nmda-view.ts";

/** What <get>, <get-config> and <get-data> select. */
export type Filter =
  | { readonly kind: "subtree"; readonly elements: readonly Element[] }
  /** `element`: where the expression stood, for its prefixes. */
  | { readonly kind: "xpath"; readonly select: string; readonly element: Element };

/** RFC 6243 section 3; "explicit" is our basic mode. */
export type DefaultsMode = "explicit" | "trim" | "report-all" | "report-all-tagged";

/** RFC 8342: what <get-data> reads; "intended" is running, "operational" what <get> has. */
export type ReadableDatastore = DatastoreName | "intended" | "operational";

/** A configuration that stands in the request, or in a file (RFC 6241 section 8.8). */
export type Content =
  | { readonly kind: "config"; readonly elements: readonly Element[] }
  | { readonly kind: "url"; readonly file: string };

/** Where a configuration can go. */
export type Target =
  | { readonly kind: "datastore"; readonly name: DatastoreName }
  | { readonly kind: "url"; readonly file: string };

/** Where a configuration can come from. */
export type Source = Target | Content;

export interface Edit {
  /** RFC 6241 section 7.2: startup is no target of an edit. */
  readonly target: "running" | "candidate";
  readonly defaultOperation: "merge" | "replace" | "none";
  readonly testOption: "test-then-set" | "set" | "test-only";
  /**
   * Deviation: stop-on-error and continue-on-error are served as rollback-on-error: an edit is
   * whole or not at all.
   */
  readonly errorOption: "stop-on-error" | "continue-on-error" | "rollback-on-error";
  readonly content: Content;
}

/** RFC 6241 section 8.4. */
export interface Commit {
  readonly confirmed: { readonly timeout: number; readonly persist?: string } | undefined;
  readonly persistId: string | undefined;
}

/** RFC 9144 section 4. */
export interface Comparison {
  readonly source: ReadableDatastore;
  readonly target: ReadableDatastore;
  readonly filter: Filter | undefined;
  /** Nodes too that only one of the two can have: state. */
  readonly all: boolean;
  readonly reportOrigin: boolean;
}

/** RFC 5277 section 2.1.1. Times in ms, as Date.parse() gives them. */
export interface SubscriptionRequest {
  readonly stream: string;
  readonly filter: Filter | undefined;
  readonly startMs: number | undefined;
  readonly stopMs: number | undefined;
}

/** A request that is understood: one member for each protocol operation. */
export type Operation =
  | {
      readonly kind: "get";
      readonly filter: Filter | undefined;
      readonly withDefaults: DefaultsMode;
    }
  | {
      readonly kind: "get-config";
      readonly source: DatastoreName;
      readonly filter: Filter | undefined;
      readonly withDefaults: DefaultsMode;
    }
  | {
      readonly kind: "get-data";
      readonly source: ReadableDatastore;
      readonly filter: Filter | undefined;
      readonly withDefaults: DefaultsMode;
      readonly selection: NmdaSelection;
    }
  | { readonly kind: "edit-config"; readonly edit: Edit }
  | {
      readonly kind: "copy-config";
      readonly source: Source;
      readonly target: Target;
      /** RFC 6243 section 4.4: how defaults are written to a file. */
      readonly withDefaults: DefaultsMode;
    }
  | { readonly kind: "delete-config"; readonly target: Target }
  | { readonly kind: "lock"; readonly target: DatastoreName }
  | { readonly kind: "unlock"; readonly target: DatastoreName }
  | { readonly kind: "validate"; readonly source: Source }
  | { readonly kind: "commit"; readonly commit: Commit }
  | { readonly kind: "cancel-commit"; readonly persistId: string | undefined }
  | { readonly kind: "discard-changes" }
  | { readonly kind: "close-session" }
  | { readonly kind: "kill-session"; readonly session: number }
  | {
      readonly kind: "get-schema";
      readonly identifier: string;
      readonly version: string | undefined;
      readonly format: string;
    }
  | { readonly kind: "compare"; readonly comparison: Comparison }
  | { readonly kind: "partial-lock"; readonly selects: readonly Element[] }
  | { readonly kind: "partial-unlock"; readonly lockId: number }
  | { readonly kind: "create-subscription"; readonly request: SubscriptionRequest }
  /** An rpc of a served module that is none of the above. */
  | { readonly kind: "rpc"; readonly schema: OperationSchema; readonly element: Element }
  /** RFC 7950 section 7.15: what stands in <action>. */
  | { readonly kind: "action"; readonly element: Element };
