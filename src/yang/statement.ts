import type { Position } from "./diagnostic.ts";

/** What is parsed: one statement of RFC 7950 section 6.3, before any meaning. */
export interface Statement {
  /** The keyword; for an extension `prefix:keyword`. */
  readonly keyword: string;
  /**
   * The argument with quotes, escapes and concatenation resolved; undefined where there is none.
   */
  readonly argument: string | undefined;
  readonly substatements: readonly Statement[];
  readonly position: Position;
}
