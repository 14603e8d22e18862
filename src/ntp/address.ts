import { md5 } from "@noble/hashes/legacy.js";
import type { Address } from "./io.ts";

/** The octets of an address, 4 or 16; undefined: it is none. A zone ("%eth0") is left aside. */
export function addressOctets(text: string): Uint8Array | undefined {
  const plain = text.split("%", 1)[0] ?? "";
  return plain.includes(":") ? octets6(plain) : octets4(plain);
}

/** An address in canonical text (RFC 5952), its zone apart; as it is where it is none. */
export function canonicalAddress(text: string): { address: Address; zone: string | undefined } {
  const [plain = "", zone] = text.split("%", 2);
  const octets = addressOctets(plain);
  return { address: octets === undefined ? plain : addressText(octets), zone };
}

function addressText(octets: Uint8Array): Address {
  if (octets.length === 4) return octets.join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((octets[2 * i] ?? 0) << 8) | (octets[2 * i + 1] ?? 0)).toString(16),
  );
  const text = groups.join(":");
  // The longest run of two zero groups or more, the first of equals.
  const runs = [...text.matchAll(/(?<![^:])0(:0)+(?![^:])/g)];
  const longest = runs.reduce((best, [run]) => (run.length > best.length ? run : best), "");
  if (longest === "") return text;
  const at = runs.find(([run]) => run === longest)?.index ?? 0;
  const before = text.slice(0, at).replace(/:$/, "");
  const behind = text.slice(at + longest.length).replace(/^:/, "");
  return `${before}::${behind}`;
}

export function family(address: Address): 4 | 6 {
  return address.includes(":") ? 6 : 4;
}

export function isMulticast(octets: Uint8Array): boolean {
  return octets.length === 4 ? ((octets[0] ?? 0) & 0xf0) === 0xe0 : octets[0] === 0xff;
}

export function isLinkLocal(octets: Uint8Array): boolean {
  return octets.length === 16 && octets[0] === 0xfe && ((octets[1] ?? 0) & 0xc0) === 0x80;
}

export function isLoopback(octets: Uint8Array): boolean {
  if (octets.length === 4) return octets[0] === 127;
  return octets.every((octet, i) => octet === (i === 15 ? 1 : 0));
}

export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * What a server at this address is called in a reference id (RFC 5905 section 7.3): the IPv4
 * address, or the first four octets of the MD5 of the IPv6 one.
 */
export function referenceIdOf(address: Address): number {
  const octets = addressOctets(address);
  if (octets === undefined) return 0;
  const four = octets.length === 4 ? octets : md5(octets);
  return new DataView(four.buffer, four.byteOffset).getUint32(0);
}

function octets4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part))) return undefined;
  const numbers = parts.map(Number);
  return numbers.every((number) => number < 256) ? Uint8Array.from(numbers) : undefined;
}

function octets6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map(groups);
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return all.every((octet) => octet >= 0 && octet < 256) ? Uint8Array.from(all) : undefined;
}

/** The octets that a run of groups stands for; -1 where one is no group. */
function groups(part: string): readonly number[] {
  if (part === "") return [];
  return part.split(":").flatMap((group, i, list) => {
    if (i === list.length - 1 && group.includes(".")) return [...(octets4(group) ?? [-1])];
    if (!/^[\da-f]{1,4}$/i.test(group)) return [-1];
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
