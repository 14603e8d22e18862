import type { QName } from "../xml/index.ts";

/** Namespaces of the protocol, and what RFC 6241 and its neighbours call things in them. */
export const BASE = "urn:ietf:params:xml:ns:netconf:base:1.0";
export const MONITORING = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";
export const WITH_DEFAULTS = "urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults";
export const NMDA = "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda";
export const DATASTORES = "urn:ietf:params:xml:ns:yang:ietf-datastores";
export const ORIGIN = "urn:ietf:params:xml:ns:yang:ietf-origin";
export const PARTIAL_LOCK = "urn:ietf:params:xml:ns:netconf:partial-lock:1.0";
export const COMPARE = "urn:ietf:params:xml:ns:yang:ietf-nmda-compare";
export const SUBSCRIBED = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications";
export const PUSH = "urn:ietf:params:xml:ns:yang:ietf-yang-push";
export const NOTIFICATION = "urn:ietf:params:xml:ns:netconf:notification:1.0";
/** RFC 7950: <action>, and error-info of its own. */
export const YANG = "urn:ietf:params:xml:ns:yang:1";

export const BASE_1_0 = "urn:ietf:params:netconf:base:1.0";
export const BASE_1_1 = "urn:ietf:params:netconf:base:1.1";
export const CAPABILITY = "urn:ietf:params:netconf:capability:";

/**
 * Deviation: many managers leave the namespace off what stands inside the protocol's own elements
 * (`<config>`, `<filter>`, whole operations), so no namespace is read as the base one. Data nodes
 * stay strict.
 */
export function isProtocolElement(element: QName): boolean {
  return element.namespace === BASE || element.namespace === "";
}
