// Text ↔ elements with namespaces, bounded and strict. It knows no NETCONF and no YANG.

export type { Attribute, Element, NamespaceScope, QName } from "./element.ts";
