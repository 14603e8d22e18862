import type { Identity, LeafListSchema, LeafSchema } from "./schema.ts";
import type { XPath } from "./xpath.ts";

/** error-message and error-app-tag of a restriction (RFC 7950 sections 9.2.4, 9.4.4, 9.4.5). */
export interface RestrictionText {
  readonly errorMessage: string | undefined;
  readonly errorAppTag: string | undefined;
}

/**
 * Inclusive parts, ascending. For decimal64 the bounds are unscaled (value × 10^fraction-digits).
 */
export interface RangeRestriction extends RestrictionText {
  readonly parts: readonly (readonly [min: bigint, max: bigint])[];
  /** As written, for messages. */
  readonly text: string;
}

export interface LengthRestriction extends RestrictionText {
  readonly parts: readonly (readonly [min: number, max: number])[];
  readonly text: string;
}

export interface PatternRestriction extends RestrictionText {
  readonly text: string;
  readonly invert: boolean;
  /** True if the whole string matches the XSD expression (invert not yet applied). */
  readonly matches: (text: string) => boolean;
  /** The typedef whose rule it is, "module:name"; undefined: that of the place of use. */
  readonly typedef?: string;
}

interface TypeCommon {
  /** The typedef it was named by, "module:name"; undefined for a built-in type used directly. */
  readonly typedef: string | undefined;
  /** Every typedef in the chain from the use to the built-in type, "module:name" each. */
  readonly typedefs: readonly string[];
}

export type IntegerBase =
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64";

export interface IntegerType extends TypeCommon {
  readonly base: IntegerBase;
  readonly ranges: readonly RangeRestriction[];
}
export interface Decimal64Type extends TypeCommon {
  readonly base: "decimal64";
  readonly fractionDigits: number;
  readonly ranges: readonly RangeRestriction[];
}
export interface StringType extends TypeCommon {
  readonly base: "string";
  readonly lengths: readonly LengthRestriction[];
  readonly patterns: readonly PatternRestriction[];
}
export interface BinaryType extends TypeCommon {
  readonly base: "binary";
  readonly lengths: readonly LengthRestriction[];
}
export interface BooleanType extends TypeCommon {
  readonly base: "boolean";
}
export interface EmptyType extends TypeCommon {
  readonly base: "empty";
}
export interface EnumerationType extends TypeCommon {
  readonly base: "enumeration";
  /** name → value, in order of the module. */
  readonly enums: ReadonlyMap<string, number>;
  readonly descriptions: ReadonlyMap<string, string>;
}
export interface BitsType extends TypeCommon {
  readonly base: "bits";
  /** name → position, in order of position. */
  readonly bits: ReadonlyMap<string, number>;
  readonly descriptions: ReadonlyMap<string, string>;
}
export interface IdentityrefType extends TypeCommon {
  readonly base: "identityref";
  readonly bases: readonly Identity[];
  /** Every identity that is a legal value, by canonical value "module-name:name". */
  readonly values: ReadonlyMap<string, Identity>;
}
export interface LeafrefType extends TypeCommon {
  readonly base: "leafref";
  readonly path: XPath;
  readonly requireInstance: boolean;
  /** The leaf that the path leads to. */
  readonly target: LeafSchema | LeafListSchema;
  /** The type of the end of the chain: what values look like. Never a leafref. */
  readonly realType: Exclude<Type, LeafrefType>;
}
export interface InstanceIdentifierType extends TypeCommon {
  readonly base: "instance-identifier";
  readonly requireInstance: boolean;
}
export interface UnionType extends TypeCommon {
  readonly base: "union";
  /** In the order in which they are tried (RFC 7950 section 9.12). */
  readonly members: readonly Type[];
}

export type Type =
  | IntegerType
  | Decimal64Type
  | StringType
  | BinaryType
  | BooleanType
  | EmptyType
  | EnumerationType
  | BitsType
  | IdentityrefType
  | LeafrefType
  | InstanceIdentifierType
  | UnionType;
