/** The namespaces that commands speak of, by the prefixes that the table uses. */
export const namespaces = {
  ntp: "urn:ietf:params:xml:ns:yang:ietf-ntp",
  nd: "urn:ntpconfd:yang:ntp",
  sys: "urn:ietf:params:xml:ns:yang:ietf-system",
  if: "urn:ietf:params:xml:ns:yang:ietf-interfaces",
} as const;

export const BASE = "urn:ietf:params:xml:ns:netconf:base:1.0";
export const COMPARE = "urn:ietf:params:xml:ns:yang:ietf-nmda-compare";
export const DATASTORES = "urn:ietf:params:xml:ns:yang:ietf-datastores";
