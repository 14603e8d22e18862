// Instance data: immutable trees, their paths, their XML and JSON forms, defaults, differences, and
// how XPath sees them. It knows no datastore, no operation and no session. readData() and
// writeXml()
// are where most begin.

export type { Marks } from "./attributes.ts";
export {
  addChild,
  childOf,
  entryOf,
  inOrder,
  keyOf,
  keyValues,
  precedes,
  treeOf,
} from "./children.ts";
export { ChildrenDraft } from "./children-draft.ts";
export { choicesOf } from "./choices.ts";
export {
  type ImpliedSchema,
  impliedChildren,
  impliedNode,
  isImplied,
  presentCase,
} from "./defaults.ts";
export { type Change, type ChangedData, diff } from "./diff.ts";
export { diffEntries, type Entries, type EntriesDraft } from "./entries.ts";
export { attributeFault, badElement, faultAt, namedFault, occursTwice } from "./faults.ts";
export {
  anyData,
  type ReadOptions,
  type ReadTree,
  readData,
  readInput,
  type SchemaParent,
  XmlReader,
} from "./from-xml.ts";
export { type JsonValue, readJson, writeJson } from "./json.ts";
export { noEntries } from "./key-order.ts";
export type * from "./node.ts";
export { emptyTree } from "./node.ts";
export {
  errorPath,
  instancePath,
  type PathStep,
  type Place,
  placeFrom,
  placeOf,
  readablePath,
  stepsOf,
} from "./path.ts";
export { parseInstancePath, parseKeys } from "./predicates.ts";
export { printXml, type WriteOptions, writeXml } from "./to-xml.ts";
export { fromObject, type TypedOptions, toObject } from "./typed.ts";
export { changeAt, removal } from "./update.ts";
export { type WithDefaults, withDefaults } from "./with-defaults.ts";
export { XmlNames } from "./xml-names.ts";
export { type Instance, type InstanceNode, nodeAt, whensHold, xpathRoot } from "./xpath-tree.ts";
