import { type Automaton, createAutomaton, PROGRAM_MAX, programSize } from "./pattern-automaton.ts";
import { type PatternFault, parsePattern } from "./pattern-parse.ts";

/** An XSD regular expression, ready to be used. */
export interface Pattern {
  /** True if the whole text matches, in time that grows with its length alone. */
  readonly matches: (text: string) => boolean;
  /** Of its automaton: what a character can cost at worst. */
  readonly size: number;
}

/**
 * Translates a regular expression of XML Schema, as RFC 7950 section 9.4.5 has it. Faults are found
 * at once, the automaton is made when a text is first held against it.
 */
export function translatePattern(xsd: string): Pattern | PatternFault {
  const parsed = parsePattern(xsd);
  if ("message" in parsed) return parsed;
  const size = programSize(parsed.root);
  if (size > PROGRAM_MAX) {
    return { message: "the repetitions in it are too many", offset: 0 };
  }
  let automaton: Automaton | undefined;
  return {
    size,
    matches: (text) => {
      automaton ??= createAutomaton(parsed);
      return automaton.matches(text);
    },
  };
}
