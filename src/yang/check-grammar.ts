import { argumentFault, nameWarning } from "./argument.ts";
import { isManySince11, type Rule, ruleOf, sectionOf } from "./grammar.ts";
import { hint } from "./hint.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";

/**
 * Which extension a prefixed keyword names: the rule of its insides, "any" where YANG knows none,
 * undefined where there is no such extension (which the caller has reported).
 */
export type ExtensionRule = (statement: Statement) => string | "any";

/** RFC 7950 section 14, over a module or submodule: where statements may stand, and how often. */
export function checkGrammar(
  root: Statement,
  version: "1" | "1.1",
  extensionRule: ExtensionRule,
  report: Report,
): void {
  new GrammarCheck(version, extensionRule, report).statement(root, "");
  checkSections(root, report);
}

/** The header of a module comes first, then what links it, describes it, dates it, fills it. */
function checkSections(root: Statement, report: Report): void {
  let last = root;
  for (const statement of root.substatements) {
    if (statement.keyword.includes(":")) continue;
    if (last !== root && sectionOf(statement.keyword) < sectionOf(last.keyword)) {
      report.error(statement, `${statement.keyword} must stand before ${last.keyword}`);
    } else {
      last = statement;
    }
  }
}

class GrammarCheck {
  readonly #version: "1" | "1.1";
  readonly #extensionRule: ExtensionRule;
  readonly #report: Report;

  constructor(version: "1" | "1.1", extensionRule: ExtensionRule, report: Report) {
    this.#version = version;
    this.#extensionRule = extensionRule;
    this.#report = report;
  }

  statement(statement: Statement, parent: string): void {
    const { keyword, argument } = statement;
    if (keyword.includes(":")) {
      const rule = this.#extensionRule(statement);
      if (rule === "any") this.#anyInside(statement);
      else this.#inside(statement, rule, ruleOf(rule, undefined));
      return;
    }
    const fault = argumentFault(keyword, argument, parent);
    if (fault !== undefined) this.#report.error(statement, fault);
    const warning = nameWarning(keyword, argument, this.#version);
    if (warning !== undefined) this.#report.warning(statement, warning);
    this.#inside(statement, keyword, ruleOf(keyword, argument));
  }

  /** Section 7.19: what stands in an extension statement is YANG, whatever it may mean there. */
  #anyInside(statement: Statement): void {
    for (const sub of statement.substatements) {
      if (sub.keyword.includes(":") || isKeyword(sub)) this.statement(sub, statement.keyword);
      else this.#report.error(sub, `there is no ${sub.keyword} statement`);
    }
  }

  #inside(statement: Statement, keyword: string, rule: Rule | undefined): void {
    if (rule === undefined) return;
    const { required, oneOf } = rule;
    // Most statements: nothing is in them, and nothing need be.
    if (statement.substatements.length + required.length + oneOf.length === 0) return;
    const seen = new Map<string, number>();
    for (const sub of statement.substatements) {
      const count = (seen.get(sub.keyword) ?? 0) + 1;
      seen.set(sub.keyword, count);
      if (this.#fits(sub, count, statement, rule)) this.statement(sub, keyword);
    }
    for (const name of required) {
      if (seen.has(name)) continue;
      this.#report.error(statement, `${title(statement)} has no ${name} statement`);
    }
    if (oneOf.length > 0 && !oneOf.some((name) => seen.has(name))) {
      const what = oneOf.length === 1 ? `no ${oneOf[0]}` : "no data definition";
      this.#report.error(statement, `${title(statement)} has ${what} in it`);
    }
  }

  #meant({ keyword }: Statement, rule: Rule): string {
    return this.#report.isFull ? "" : hint(keyword, rule.substatements.keys());
  }

  #fits(sub: Statement, count: number, parent: Statement, rule: Rule): boolean {
    if (sub.keyword.includes(":")) return true;
    const cardinality = rule.substatements.get(sub.keyword);
    if (cardinality === undefined) {
      const message = isKeyword(sub)
        ? `${sub.keyword} may not stand in ${title(parent)}`
        : `there is no ${sub.keyword} in ${title(parent)}${this.#meant(sub, rule)}`;
      this.#report.error(sub, message);
      return false;
    }
    if (cardinality.since11 && this.#version === "1") {
      this.#report.error(sub, `${sub.keyword} in ${parent.keyword} needs yang-version 1.1`);
    }
    if (count > cardinality.max) {
      this.#report.error(sub, `${title(parent)} has more than one ${sub.keyword} statement`);
    } else if (count > 1 && this.#version === "1") {
      if (isManySince11(parent.keyword, parent.argument, sub.keyword)) {
        const where = title(parent);
        this.#report.error(sub, `more than one ${sub.keyword} in ${where} needs yang-version 1.1`);
      }
    }
    return true;
  }
}

function isKeyword({ keyword, argument }: Statement): boolean {
  return keyword === "deviate" || ruleOf(keyword, argument) !== undefined;
}

/** A statement as a person calls it. */
function title({ keyword, argument }: Statement): string {
  return argument === undefined || argument.length > 64 ? keyword : `${keyword} "${argument}"`;
}
