/**
 * The canonical form that a typedef asks for beyond that of its built-in type. It is given a text
 * that the typedef's patterns took. RFC 6991 and RFC 9911.
 */
const BY_TYPEDEF: ReadonlyMap<string, (text: string) => string> = new Map([
  ["ietf-inet-types:ipv6-address", ipv6Zoned],
  ["ietf-inet-types:ipv6-address-no-zone", ipv6Zoned],
  ["ietf-inet-types:ipv6-address-link-local", ipv6Zoned],
  ["ietf-inet-types:ipv6-address-and-prefix", ipv6AndPrefix],
  ["ietf-inet-types:ipv4-prefix", ipv4Prefix],
  ["ietf-inet-types:ipv6-prefix", ipv6Prefix],
  ["ietf-inet-types:domain-name", lower],
  ["ietf-inet-types:host-name", lower],
  ["ietf-yang-types:phys-address", lower],
  ["ietf-yang-types:mac-address", lower],
  ["ietf-yang-types:hex-string", lower],
  ["ietf-yang-types:uuid", lower],
]);

/** By the closest typedef in the chain that has a form of its own. */
export function canonicalByTypedef(typedefs: readonly string[], text: string): string {
  for (const name of typedefs) {
    const canonical = BY_TYPEDEF.get(name);
    if (canonical !== undefined) return canonical(text);
  }
  return text;
}

/** ASCII only: that is all these types hold. */
function lower(text: string): string {
  return text.toLowerCase();
}

/**
 * Most addresses come as they should be, and this knows the commonest of them: no group is zero,
 * none has a zero in front, and with six colons at most `::` stands for two groups or more.
 */
const CANONICAL_IPV6 =
  /^(?=(?:[^:]*:){2,6}[^:]*$)(?:[1-9a-f][0-9a-f]{0,3}:)+(?::[1-9a-f][0-9a-f]{0,3})*:?$/;

function ipv6Zoned(text: string): string {
  if (CANONICAL_IPV6.test(text)) return text;
  const percent = text.indexOf("%");
  const address = percent < 0 ? text : text.slice(0, percent);
  const groups = readIpv6(address);
  if (groups === undefined) return text;
  return printIpv6(groups) + (percent < 0 ? "" : text.slice(percent));
}

function ipv6AndPrefix(text: string): string {
  const [address = "", length = ""] = text.split("/");
  const groups = readIpv6(address);
  return groups === undefined ? text : `${printIpv6(groups)}/${Number(length)}`;
}

/** RFC 6991: the bits beyond the prefix are zero. */
function ipv6Prefix(text: string): string {
  const [address = "", length = ""] = text.split("/");
  const groups = readIpv6(address);
  if (groups === undefined) return text;
  const masked = groups.map((group, i) => group & mask(Number(length) - 16 * i, 16));
  return `${printIpv6(masked)}/${Number(length)}`;
}

function ipv4Prefix(text: string): string {
  const [address = "", length = ""] = text.split("/");
  const octets = address.split(".").map(Number);
  const masked = octets.map((octet, i) => octet & mask(Number(length) - 8 * i, 8));
  return `${masked.join(".")}/${Number(length)}`;
}

/** `bits` leading ones in a field of `width`. */
function mask(bits: number, width: 8 | 16): number {
  const ones = Math.max(0, Math.min(width, bits));
  return ((1 << ones) - 1) << (width - ones);
}

/** Eight groups of 16 bits; undefined if it is no address, which patterns alone do not rule out. */
function readIpv6(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(readGroups);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  if (tail === undefined) return head.length === 8 ? head : undefined;
  const zeros = 8 - head.length - tail.length;
  if (zeros < 1) return undefined;
  return [...head, ...new Array<number>(zeros).fill(0), ...tail];
}

/** Groups between colons, the last of them in dotted form perhaps. */
function readGroups(text: string): readonly number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  for (const group of text.split(":")) {
    if (group.includes(".")) {
      const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      groups.push(Number.parseInt(group, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

/** RFC 5952 section 4; section 5 for addresses that map an IPv4 one. */
function printIpv6(groups: readonly number[]): string {
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  const [start, length] = longestZeros(groups);
  const print = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  if (mapped) {
    const [high = 0, low = 0] = groups.slice(6);
    return `::ffff:${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  if (length < 2) return print(groups);
  return `${print(groups.slice(0, start))}::${print(groups.slice(start + length))}`;
}

/** Where the longest run of zero groups starts, the first of equals, and how long it is. */
function longestZeros(groups: readonly number[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  let start = 0;
  for (const [i, group] of groups.entries()) {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > best[1]) best = [start, i + 1 - start];
  }
  return best;
}
