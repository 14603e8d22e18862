import { INTEGER_BOUNDS } from "./restrict.ts";
import type { Decimal64Type, IntegerType, RangeRestriction } from "./type.ts";
import { fault, restricted, show } from "./value-fault.ts";
import type { ValueFault } from "./value-names.ts";

const INTEGER = /^[ \t\r\n]*([+-]?)0*(\d+)[ \t\r\n]*$/;
const DECIMAL = /^[ \t\r\n]*([+-]?)0*(\d+)(?:\.(\d+))?[ \t\r\n]*$/;
const HEX_OR_OCTAL = /^([+-]?)(?:0[xX]([0-9a-fA-F]+)|0([0-7]+))$/;

/** Digits that a double holds exactly. */
const EXACT_DIGITS = 15;

/** RFC 7950 section 9.2; white space around it is let pass. */
export function parseInteger(type: IntegerType, text: string): string | ValueFault {
  const match = INTEGER.exec(text);
  if (match === null) return fault(`${show(text)} is not an integer`);
  const sign = match[1] === "-" ? "-" : "";
  const digits = match[2] ?? "";
  const canonical = digits === "0" ? "0" : sign + digits;
  const value = digits.length <= EXACT_DIGITS ? Number(canonical) : BigInt(canonical);
  const [min, max] = INTEGER_BOUNDS[type.base];
  if (value < min || value > max) return fault(`${canonical} is not in the range ${min}..${max}`);
  return outOfRange(type.ranges, value, canonical, [min, max]) ?? canonical;
}

/** As parseInteger, where hexadecimal and octal are allowed, too: in defaults. */
export function parseModuleInteger(type: IntegerType, text: string): string | ValueFault {
  const match = HEX_OR_OCTAL.exec(text);
  if (match === null) return parseInteger(type, text);
  const [, sign = "", hex, octal] = match;
  const magnitude = BigInt(hex === undefined ? `0o${octal}` : `0x${hex}`);
  return parseInteger(type, `${sign}${magnitude}`);
}

/** RFC 7950 section 9.3: at least one digit after the point, and no zeros that say nothing. */
export function parseDecimal(type: Decimal64Type, text: string): string | ValueFault {
  const match = DECIMAL.exec(text);
  if (match === null) return fault(`${show(text)} is not a decimal number`);
  const { fractionDigits } = type;
  const whole = match[2] ?? "";
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > fractionDigits) {
    return fault(`${show(text)} has more than ${fractionDigits} fraction digits`);
  }
  const magnitude = BigInt(whole + fraction.padEnd(fractionDigits, "0"));
  const negative = match[1] === "-" && magnitude !== 0n;
  const value = negative ? -magnitude : magnitude;
  const canonical = `${negative ? "-" : ""}${whole}.${fraction === "" ? "0" : fraction}`;
  const [min, max] = INTEGER_BOUNDS.int64;
  if (value < min || value > max) {
    const digits = `${fractionDigits} fraction digit${fractionDigits === 1 ? "" : "s"}`;
    return fault(`${canonical} does not fit in 64 bits with ${digits}`);
  }
  return outOfRange(type.ranges, value, canonical) ?? canonical;
}

/** The fault, if a range does not hold the value. Numbers and bigints compare exactly. */
function outOfRange(
  ranges: readonly RangeRestriction[],
  value: number | bigint,
  canonical: string,
  bounds?: readonly [number | bigint, number | bigint],
): ValueFault | undefined {
  for (const range of ranges) {
    if (range.parts.some(([min, max]) => value >= min && value <= max)) continue;
    return restricted(`${canonical} is not in the range ${spoken(range, bounds)}`, range);
  }
  return undefined;
}

/** The range as it is written, with the numbers that "min" and "max" stand for. */
function spoken(
  { text }: RangeRestriction,
  bounds: readonly [number | bigint, number | bigint] | undefined,
): string {
  if (bounds === undefined) return text;
  return text.replace(/\bmin\b/, String(bounds[0])).replace(/\bmax\b/, String(bounds[1]));
}
