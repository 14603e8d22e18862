declare const timestamp: unique symbol;

/**
 * NTP time: seconds since 1900 in 32.32 fixed point with the era above (RFC 5905 section 6),
 * unsigned 64 bits on the wire.
 */
export type Timestamp = bigint & { readonly [timestamp]: true };
