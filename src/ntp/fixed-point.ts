const one = 65_536;

/** s as 16.16 fixed point (RFC 5905 section 6, short format), at most the largest there is. */
export function fixedPoint(seconds: number): number {
  return Math.min(0xffff_ffff, Math.max(0, Math.round(seconds * one)));
}
