declare const raw: unique symbol;

/**
 * Nanoseconds of a clock that nothing ever corrects (CLOCK_MONOTONIC_RAW): orders events, drives
 * timers.
 */
export type Raw = bigint & { readonly [raw]: true };
