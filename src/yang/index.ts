// The YANG compiler: text → Statement → Schema, with types, patterns and XPath. It knows RFC 7950
// and nothing of instance data: no tree of values, no XML, no datastore. compile() is its one entry
// point.

export type { Compiled, CompileRequest } from "./compile.ts";
export { compile } from "./compile.ts";
export type { Diagnostic, Position } from "./diagnostic.ts";
export { hint } from "./hint.ts";
export type { IfFeatureExpression, IfFeatureFault } from "./if-feature.ts";
export { evaluateIfFeature, parseIfFeature } from "./if-feature.ts";
export { childNamed, moduleNamed, moduleOfNamespace, schemaPath } from "./lookup.ts";
export { parseStatements } from "./parser.ts";
export type { Pattern } from "./pattern.ts";
export { translatePattern } from "./pattern.ts";
export type { PatternFault } from "./pattern-parse.ts";
export { printTree } from "./print-tree.ts";
export { printYang } from "./print-yang.ts";
export { printYin } from "./print-yin.ts";
export type * from "./schema.ts";
export type { Source, SourceFinder } from "./source.ts";
export type { Statement } from "./statement.ts";
export type * from "./type.ts";
export { isValueFault, parseDefault, parseValue } from "./value.ts";
export { show as showValue } from "./value-fault.ts";
export type { ParsedValue, ValueFault, ValueNames } from "./value-names.ts";
export { holdsNames, jsonNames, modulesOfValue, printValue } from "./value-print.ts";
export type * from "./xpath.ts";
export { XPathLimitError } from "./xpath.ts";
export { compileXPath, isXPathFault } from "./xpath-compile.ts";
export { dependencies } from "./xpath-dependencies.ts";
export { inDocumentOrder, toBoolean, toNumber, toStringValue } from "./xpath-values.ts";
