import { compile } from "xspattern";

/** A set of characters, by code point. */
export type CharacterSet = (codePoint: number) => boolean;

/** The multi-character escapes of XML Schema part 2, appendix G.4.2.5, other than \p and \P. */
const ESCAPES: ReadonlyMap<string, CharacterSet> = new Map([
  ["s", isSpace],
  ["i", isNameStart],
  ["c", isName],
  ["d", ofRegExp(/^\p{Nd}$/u)],
  ["w", ofRegExp(/^[^\p{P}\p{Z}\p{C}]$/u)],
]);

/** `\s` and its like; a capital letter is the complement. */
export function escapedSet(letter: string): CharacterSet | undefined {
  const set = ESCAPES.get(letter.toLowerCase());
  return set === undefined || letter === letter.toLowerCase() ? set : complement(set);
}

/** All but line ends. */
export function isNoLineEnd(codePoint: number): boolean {
  return codePoint !== 0x0a && codePoint !== 0x0d;
}

const CATEGORY = /^(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/;

/** `\p{...}`: a general category, or a block by its name after "Is". */
export function propertySet(name: string): CharacterSet | undefined {
  if (CATEGORY.test(name)) return ofRegExp(new RegExp(`^\\p{${name}}$`, "u"));
  return /^Is[A-Za-z0-9-]+$/.test(name) ? blockSet(name) : undefined;
}

/** The tables of blocks are xspattern's. A block that it does not know holds everything there. */
function blockSet(name: string): CharacterSet | undefined {
  const holds = compile(`\\p{${name}}`);
  if (holds("a") && holds("\u4e00")) return undefined;
  return (codePoint) => holds(String.fromCodePoint(codePoint));
}

export function complement(set: CharacterSet): CharacterSet {
  return (codePoint) => !set(codePoint);
}

function ofRegExp(pattern: RegExp): CharacterSet {
  return (codePoint) => pattern.test(String.fromCodePoint(codePoint));
}

function isSpace(codePoint: number): boolean {
  return codePoint === 0x20 || codePoint === 0x09 || codePoint === 0x0a || codePoint === 0x0d;
}

/** XML 1.0, [4] NameStartChar, beyond ASCII. */
const NAME_START: readonly (readonly [first: number, last: number])[] = [
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x2ff],
  [0x370, 0x37d],
  [0x37f, 0x1fff],
  [0x200c, 0x200d],
  [0x2070, 0x218f],
  [0x2c00, 0x2fef],
  [0x3001, 0xd7ff],
  [0xf900, 0xfdcf],
  [0xfdf0, 0xfffd],
  [0x10000, 0xeffff],
];

function isNameStart(codePoint: number): boolean {
  if (codePoint < 0x80) return /^[A-Za-z_:]$/.test(String.fromCodePoint(codePoint));
  return NAME_START.some(([first, last]) => codePoint >= first && codePoint <= last);
}

/** XML 1.0, [4a] NameChar. */
function isName(codePoint: number): boolean {
  if (isNameStart(codePoint)) return true;
  if (codePoint < 0x80) return /^[0-9.-]$/.test(String.fromCodePoint(codePoint));
  const combining = codePoint >= 0x300 && codePoint <= 0x36f;
  return codePoint === 0xb7 || combining || codePoint === 0x203f || codePoint === 0x2040;
}
