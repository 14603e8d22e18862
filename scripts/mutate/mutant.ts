/** A sabotage: a text that stands in a file once, and what is put in its place. */
export interface Mutant {
  readonly name: string;
  /** Where it stands; of a YANG module the name without its revision. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The tests that have to turn red. */
  readonly tests: readonly string[];
}

/** Sabotages of one file. */
export function mutantsOf(
  file: string,
  tests: readonly string[],
  list: readonly (readonly [name: string, from: string, to: string, ...tests: string[]])[],
): readonly Mutant[] {
  return list.map(([name, from, to, ...own]) => {
    return { name, file, from, to, tests: own.length === 0 ? tests : own };
  });
}
