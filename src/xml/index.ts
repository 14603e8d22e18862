// Text ↔ elements with namespaces, bounded and strict: parseXml() reads, XmlWriter prints. It knows
// no NETCONF and no YANG.

export type { Content } from "./build.ts";
export { element } from "./build.ts";
export type { Attribute, Element, NamespaceScope, QName } from "./element.ts";
export { escapeAttribute, escapeText } from "./escape.ts";
export type { XmlFault, XmlLimits } from "./parse.ts";
export { isXmlFault, ownXmlLimits, parseXml, xmlLimits } from "./parse.ts";
export { isBlank } from "./parsed.ts";
export type { WrittenAttribute } from "./writer.ts";
export { printElement, XmlWriter } from "./writer.ts";
