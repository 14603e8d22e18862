import type { Timestamp } from "../ntp/index.ts";

/** Seconds from 1900 to 1970, the NTP prime epoch to the Unix one (RFC 5905 section 6). */
const unixEpoch = 2_208_988_800n;
const microsecondsMax = 999_999n;

/**
 * A decimal64 in its canonical text (RFC 7950 section 9.3.2): rounded to `digits`, no zeros at the
 * end but the first digit after the point, no minus on zero.
 */
export function decimal(value: number, digits: number): string {
  const [whole = "0", fraction = ""] = value.toFixed(digits).split(".");
  const kept = fraction.replace(/0+$/, "");
  const text = `${whole}.${kept === "" ? "0" : kept}`;
  return /^-0\.0*$/.test(text) ? text.slice(1) : text;
}

/** Seconds since 1970, as far as a double has them. */
export function unixSeconds(time: Timestamp): number {
  return Number(time - (unixEpoch << 32n)) / 2 ** 32;
}

/** RFC 3339 in UTC with microseconds. */
export function dateAndTime(time: Timestamp): string {
  const seconds = (time >> 32n) - unixEpoch;
  const rounded = ((time & 0xffff_ffffn) * 1_000_000n + 0x8000_0000n) >> 32n;
  const microseconds = rounded > microsecondsMax ? microsecondsMax : rounded;
  const date = new Date(Number(seconds) * 1_000).toISOString().slice(0, -".000Z".length);
  return `${date}.${String(microseconds).padStart(6, "0")}Z`;
}

/** RFC 9249's ntp-date-and-time: the special value zero where there is no time. */
export function ntpDateAndTime(time: Timestamp): string | number {
  return time === 0n ? 0 : dateAndTime(time);
}

/**
 * RFC 9249's refid: four characters at strata 0 and 1 (RFC 5905 figure 12), above them the IPv4
 * address of the source, or the number that the hash of an IPv6 address makes.
 */
export function referenceIdentifier(id: number, stratum: number, family: 4 | 6): string | number {
  const octets = [24, 16, 8, 0].map((shift) => (id >>> shift) & 0xff);
  if (stratum <= 1 || stratum >= 16) {
    const text = octets.map((octet) => String.fromCharCode(octet === 0 ? 0x20 : octet)).join("");
    if (/^[ -~]{4}$/.test(text) && text.trim() !== "") return text;
  }
  return family === 6 ? id >>> 0 : octets.join(".");
}

export function familyOf(address: string): 4 | 6 {
  return address.includes(":") ? 6 : 4;
}
