declare const timestamp: unique symbol;

/**
 * NTP time: seconds since 1900 in 32.32 fixed point with the era above (RFC 5905 section 6),
 * unsigned 64 bits on the wire.
 */
export type Timestamp = bigint & { readonly [timestamp]: true };

const fraction = 2 ** 32;
const era = 1n << 64n;
const halfEra = 1n << 63n;

/** "No time": what a timestamp field of zeros says. */
export const noTime = 0n as Timestamp;

/** a - b in s. The subtraction is exact, so a short difference keeps every bit. */
export function difference(a: Timestamp, b: Timestamp): number {
  return Number(a - b) / fraction;
}

/** The moment so many s later; precise to 2^-32 s for less than 2^21 s. */
export function later(time: Timestamp, seconds: number): Timestamp {
  const whole = Math.floor(seconds);
  const part = Math.round((seconds - whole) * fraction);
  return (time + (BigInt(whole) << 32n) + BigInt(part)) as Timestamp;
}

/** 64 bits of the wire as the moment nearest to `near`: eras roll in 2036 and every 2^32 s. */
export function unfold(wire: bigint, near: Timestamp): Timestamp {
  const ahead = (wire - near) & (era - 1n);
  return (near + (ahead >= halfEra ? ahead - era : ahead)) as Timestamp;
}

/** The 64 bits of the wire. */
export function fold(time: Timestamp): bigint {
  return time & (era - 1n);
}
