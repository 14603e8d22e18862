/** Readonly to all others; while it is being built it is filled in. */
export type Building<T> = { -readonly [K in keyof T]: T[K] };
