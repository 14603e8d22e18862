import type { BinaryType } from "./type.ts";
import { fault, restricted, show } from "./value-fault.ts";
import type { ValueFault } from "./value-names.ts";

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * RFC 7950 section 9.8: base64 as in RFC 4648 section 4. Line breaks and blanks, which long values
 * come with, are taken out; lengths count octets.
 */
export function parseBinary(type: BinaryType, text: string): string | ValueFault {
  const compact = text.replace(/[ \t\r\n]+/g, "");
  if (compact.length % 4 !== 0 || !BASE64.test(compact)) {
    return fault(`${show(text)} is not base64`);
  }
  const padding = compact.endsWith("==") ? 2 : compact.endsWith("=") ? 1 : 0;
  const octets = (compact.length / 4) * 3 - padding;
  for (const restriction of type.lengths) {
    if (restriction.parts.some(([min, max]) => octets >= min && octets <= max)) continue;
    const message = `${show(text)} has ${octets} octets: they must be ${restriction.text}`;
    return restricted(message, restriction);
  }
  return padding === 0 ? compact : clearSpare(compact, padding);
}

/** The bits of the last digit that stand for nothing are zero in the canonical form. */
function clearSpare(text: string, padding: 1 | 2): string {
  const at = text.length - padding - 1;
  const digit = ALPHABET.indexOf(text.charAt(at));
  const spare = padding === 2 ? 0b1111 : 0b11;
  return text.slice(0, at) + ALPHABET.charAt(digit & ~spare) + "=".repeat(padding);
}
