import type { ClockStart, Event, Platform } from "../../agent/index.ts";
import type { Raw } from "../../base/index.ts";
import type { NetworkInterface } from "../../ntp/index.ts";
import type { Source } from "../../yang/index.ts";
import type { ModuleFeatures } from "../served-modules.ts";
import type { Deed } from "./deed.ts";
import type { Answer } from "./tape.ts";

/** What an agent was started with, but for what its doors answer. */
export interface RecordHead {
  /** Of the program. */
  readonly version: string;
  /** One moment on the raw clock and by the time of day: ns since 1970. */
  readonly wall: { readonly at: Raw; readonly unix: bigint };
  readonly schema: {
    readonly hasStartup: boolean;
    readonly implement: readonly ModuleFeatures[];
    readonly features: readonly ModuleFeatures[];
  };
  /** Every module that was asked for, and what was found: the serialized list, deflated. */
  readonly modules: Uint8Array;
  readonly platform: Platform;
  readonly interfaces: readonly NetworkInterface[];
  readonly clock: ClockStart;
  /** Which of the doors are there that need not be. */
  readonly hasFiles: boolean;
  readonly hasEvents: boolean;
  readonly factoryDefault?: Uint8Array;
  readonly factoryName?: string;
}

/** One question to the folders of modules. */
export interface FoundModule {
  readonly name: string;
  readonly revision: string | undefined;
  readonly source: Source | undefined;
}

/** An event, or the start of the loop before the first of them. */
export type Happening = Event | { readonly kind: "start"; readonly at: Raw };

/** What came of something that happened. */
export interface Outcome {
  /** By the doors, in the order in which they were asked. */
  readonly answers: readonly Answer[];
  /** All that was asked and done. */
  readonly deeds: readonly Deed[];
  /** What the agent threw: a mistake of ours. */
  readonly failed?: string;
}

/** `before`: what came of the entry before; undefined: that is not known. */
export type RecordEntry =
  | { readonly kind: "head"; readonly head: RecordHead }
  | { readonly kind: "event"; readonly before: Outcome | undefined; readonly event: Happening }
  | { readonly kind: "end"; readonly before: Outcome | undefined };
