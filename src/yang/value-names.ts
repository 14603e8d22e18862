import type { Module, Schema } from "./schema.ts";
import type { Type } from "./type.ts";

/**
 * How the qualified names inside a value are read: prefixes of the XML in scope, or module names
 * in JSON.
 */
export interface ValueNames {
  /** The module of a prefix; "" is what an unprefixed name means there. */
  module(prefix: string): Module | undefined;
  /** True: no effort goes into telling what was meant. Strangers' mistakes must stay cheap. */
  readonly isTerse?: boolean;
  /** Why a prefix has none, behind a comma, where more can be said than that. */
  whyUnknown?(prefix: string): string;
  /**
   * If it is there, instance-identifiers are held against it, and the key values in them made
   * canonical.
   */
  readonly schema?: Schema;
  /** Every name in an instance-identifier must have a prefix (RFC 7950 section 9.13.2: XML). */
  readonly explicit?: true;
}

/** A legal value. */
export interface ParsedValue {
  /**
   * Canonical (RFC 7950 section 9): the one string that stands for the value in data trees, keys
   * and
   * comparisons. identityref: "module-name:name"; instance-identifier: RFC 7951 section 6.11;
   * empty: ""; an expression of yang:xpath1.0: module names as prefixes.
   */
  readonly value: string;
  /** The member that took it, for a union; else the type itself (a leafref's realType). */
  readonly type: Type;
}

/** Why a text is no value of a type. */
export interface ValueFault {
  /** For a person: "300 is not in the range 0..255". Does not name the node. */
  readonly message: string;
  /** The restriction's own message, where the module gives one: it goes to the manager as it is. */
  readonly errorMessage?: string;
  readonly errorAppTag?: string;
}
