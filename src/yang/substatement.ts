import type { Statement } from "./statement.ts";

/** The first substatement with a keyword. */
export function substatement(statement: Statement, keyword: string): Statement | undefined {
  return statement.substatements.find((s) => s.keyword === keyword);
}

export function substatements(statement: Statement, keyword: string): readonly Statement[] {
  return statement.substatements.filter((s) => s.keyword === keyword);
}

/** The argument of the first substatement with a keyword. */
export function argumentOf(statement: Statement, keyword: string): string | undefined {
  return substatement(statement, keyword)?.argument;
}
