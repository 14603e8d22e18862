import { compile } from "xspattern";

/** An XSD regular expression, ready to be used. */
export interface Pattern {
  /** True if the whole text matches. */
  readonly matches: (text: string) => boolean;
}

/** What is wrong with an expression, and at which UTF-16 offset. */
export interface PatternFault {
  readonly message: string;
  readonly offset: number;
}

/** Translates an expression of XML Schema (part 2, appendix F), as RFC 7950 section 9.4.5 has it. */
export function translatePattern(xsd: string): Pattern | PatternFault {
  try {
    return { matches: compile(xsd) };
  } catch (error) {
    return { message: error instanceof Error ? error.message : "malformed", offset: 0 };
  }
}
