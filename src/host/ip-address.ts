import { isIPv4, isIPv6 } from "node:net";

/** The octets of an IP address, 4 or 16; undefined: no address. A zone is no part of it. */
export function addressOctets(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split("."), Number);
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const hexadecimal = (high = "0", low = "0"): string =>
    ((Number(high) << 8) | Number(low)).toString(16);
  const plain = dotted
    ? `${dotted[1]}${hexadecimal(dotted[2], dotted[3])}:${hexadecimal(dotted[4], dotted[5])}`
    : text;
  const [head = "", tail] = plain.split("::");
  const groups = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const left = groups(head);
  const right = groups(tail ?? "");
  const zeros = new Array<number>(8 - left.length - right.length).fill(0);
  return Uint8Array.from([...left, ...zeros, ...right].flatMap((group) => [group >> 8, group]));
}

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

export function isMulticast(octets: Uint8Array): boolean {
  const first = octets[0] ?? 0;
  return octets.length === 4 ? first >> 4 === 0xe : first === 0xff;
}

/** An IPv6 address that means nothing without its interface: link-local, unicast or group. */
export function needsScope(octets: Uint8Array): boolean {
  const [first = 0, second = 0] = octets;
  if (octets.length === 4) return false;
  const group = first === 0xff && ((second & 0xf) === 1 || (second & 0xf) === 2);
  return group || (first === 0xfe && (second & 0xc0) === 0x80);
}
