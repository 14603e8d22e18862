// The YANG compiler: text → Statement → Schema, with types, patterns and XPath. It knows RFC 7950
// and
// nothing of instance data: no tree of values, no XML, no datastore. compile() is its one entry
// point.

export type { Diagnostic, Position } from "./diagnostic.ts";
export type * from "./schema.ts";
export type { Source, SourceFinder } from "./source.ts";
export type { Statement } from "./statement.ts";
export type * from "./type.ts";
export type { ParsedValue, ValueFault, ValueNames } from "./value-names.ts";
export type * from "./xpath.ts";
