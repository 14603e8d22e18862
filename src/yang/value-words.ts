/**
 * What a value is to be, in the words of those who type it, where the rule of a typedef is a
 * pattern that only its author reads. Behind "is no".
 */
const BY_TYPEDEF: ReadonlyMap<string, string> = new Map([
  ["ietf-inet-types:ip-address", "IPv4 or IPv6 address"],
  ["ietf-inet-types:ipv4-address", "IPv4 address"],
  ["ietf-inet-types:ipv6-address", "IPv6 address"],
  ["ietf-inet-types:ip-address-no-zone", "IPv4 or IPv6 address without a zone"],
  ["ietf-inet-types:ipv4-address-no-zone", "IPv4 address without a zone"],
  ["ietf-inet-types:ipv6-address-no-zone", "IPv6 address without a zone"],
  ["ietf-inet-types:ip-prefix", "prefix such as 192.0.2.0/24 or 2001:db8::/32"],
  ["ietf-inet-types:ipv4-prefix", "IPv4 prefix such as 192.0.2.0/24"],
  ["ietf-inet-types:ipv6-prefix", "IPv6 prefix such as 2001:db8::/32"],
  ["ietf-inet-types:domain-name", "domain name"],
  ["ietf-inet-types:host", "IP address or domain name"],
  ["ietf-routing-types:ip-multicast-group-address", "multicast group (224.0.0.0/4, ff00::/8)"],
  ["ietf-routing-types:ipv4-multicast-group-address", "IPv4 multicast group (224.0.0.0/4)"],
  ["ietf-routing-types:ipv6-multicast-group-address", "IPv6 multicast group (ff00::/8)"],
  ["ietf-yang-types:date-and-time", "date and time such as 2026-01-31T12:00:00Z"],
  ["ietf-yang-types:mac-address", "MAC address such as 00:00:5e:00:53:01"],
  ["ietf-yang-types:hex-string", "string of hexadecimal octets such as 0a:1b"],
  ["ietf-yang-types:uuid", "UUID"],
]);

/** undefined: the typedef has no plainer words than its rule. */
export function wordsOfTypedef(typedef: string | undefined): string | undefined {
  return typedef === undefined ? undefined : BY_TYPEDEF.get(typedef);
}
