import type { Chance } from "./chance.ts";

/** Something that strangers' octets come to, and what has to hold whatever they are. */
export interface FuzzTarget {
  readonly name: string;
  /** Inputs that the suite tries of it: what costs a tenth of a second or two. */
  readonly quick: number;
  /** One input: of the right structure mostly, damaged now and then. */
  make(chance: Chance): Uint8Array;
  /** Tries one input; throws if a law does not hold. */
  run(input: Uint8Array): void;
}

/** What a law says, broken: the message tells which. */
export class LawBroken extends Error {}

export function holds(condition: boolean, law: () => string): asserts condition {
  if (!condition) throw new LawBroken(law());
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A target whose inputs are text; what is no UTF-8 becomes U+FFFD. */
export function textTarget(target: {
  readonly name: string;
  readonly quick: number;
  make(chance: Chance): string;
  run(input: string): void;
}): FuzzTarget {
  return {
    name: target.name,
    quick: target.quick,
    make: (chance) => encoder.encode(target.make(chance)),
    run: (input) => target.run(decoder.decode(input)),
  };
}

/** Makes something when it is first wanted: compiling a schema costs more than most runs. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
