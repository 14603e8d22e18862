/** The canonical text of an address's 4 or 16 octets (RFC 5952). */
export function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join(".");
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${octets.subarray(12).join(".")}`;
  }
  const { start, length } = longestZeros(groups);
  const part = (from: number, to?: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return length < 2 ? part(0) : `${part(0, start)}::${part(start + length)}`;
}

/** Section 4.2 of RFC 5952: the longest run of zero groups, the first of equals. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let run = 0;
  groups.forEach((group, i) => {
    run = group === 0 ? run + 1 : 0;
    if (run > best.length) best = { start: i - run + 1, length: run };
  });
  return best;
}

/** An IPv6 address that means nothing without its interface: link-local, unicast or group. */
export function needsScope(octets: Uint8Array): boolean {
  const [first = 0, second = 0] = octets;
  if (octets.length === 4) return false;
  const group = first === 0xff && ((second & 0xf) === 1 || (second & 0xf) === 2);
  return group || (first === 0xfe && (second & 0xc0) === 0x80);
}

/**
 * Who counts as one: an IPv4 address; of IPv6 a /64, since who has one address has all of it. But
 * all hosts of a link share fe80::/64: of them each counts by itself, with the zone of its link.
 */
export function networkOf(address: string): string {
  if (!address.includes(":") || /^fe[89ab]/i.test(address)) return address;
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const after = tail?.split(":").filter((group) => group !== "") ?? [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  return [...groups, ...Array.from({ length: zeros }, () => "0"), ...after].slice(0, 4).join(":");
}
