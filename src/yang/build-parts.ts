import { type Draft, properties, property, scopeOf } from "./draft.ts";
import type { Scope } from "./module-scope.ts";
import type { Names } from "./names.ts";
import type { Report } from "./report.ts";
import type { ExtensionUse, Must, Status, When } from "./schema.ts";
import type { Statement } from "./statement.ts";
import { argumentOf } from "./substatement.ts";
import type { XPath } from "./xpath.ts";
import { compileXPath, isXPathFault } from "./xpath-compile.ts";

const NONE: readonly string[] = [];

const STATUSES: readonly Status[] = ["current", "deprecated", "obsolete"];

/** A node's own status, but never better than that of what it stands in. */
export function statusOf(draft: Draft, around: Status): Status {
  const own = property(draft, "status")?.argument;
  const rank = Math.max(0, STATUSES.indexOf(around), STATUSES.indexOf((own ?? "") as Status));
  return STATUSES[rank] ?? "current";
}

/** RFC 7950 section 7.5.3. */
export function buildMusts(draft: Draft, names: Names, report: Report): readonly Must[] {
  return properties(draft, "must").flatMap((statement) => {
    const xpath = expression(statement, draft, scopeOf(draft, statement), names, report);
    if (xpath === undefined) return [];
    return {
      xpath,
      errorMessage: argumentOf(statement, "error-message"),
      errorAppTag: argumentOf(statement, "error-app-tag"),
      description: argumentOf(statement, "description"),
    };
  });
}

/** RFC 7950 section 7.21.5: all that must hold for the node to be there. */
export function buildWhens(
  draft: Draft,
  above: readonly When[],
  names: Names,
  report: Report,
): readonly When[] {
  const own = property(draft, "when");
  if (own === undefined && draft.conditions.length === 0) return above;
  const found = [...above];
  for (const { statement, scope } of draft.conditions) {
    const xpath = expression(statement, draft, scope, names, report);
    if (xpath !== undefined) found.push({ xpath, context: "parent" });
  }
  if (own === undefined) return found;
  const xpath = expression(own, draft, scopeOf(draft, own), names, report);
  const inside = draft.kind === "choice" || draft.kind === "case";
  if (xpath !== undefined) found.push({ xpath, context: inside ? "parent" : "self" });
  return found;
}

function expression(
  statement: Statement,
  draft: Draft,
  scope: Scope,
  names: Names,
  report: Report,
): XPath | undefined {
  const text = statement.argument ?? "";
  const xpath = compileXPath(text, names.xpath(scope, draft.module));
  if (!isXPathFault(xpath)) return xpath;
  const rest = xpath.offset > 0 ? text.slice(xpath.offset, xpath.offset + 20) : "";
  const where = rest === "" ? "" : `, at "${rest}"`;
  report.error(statement, `${statement.keyword} "${short(text)}": ${xpath.message}${where}`);
  return undefined;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The extension statements of a node, those of a grouping's body included. */
export function extensionsOf(draft: Draft): readonly ExtensionUse[] {
  const own = draft.properties
    .filter((statement) => statement.keyword.includes(":"))
    .map((statement) => ({ statement, scope: scopeOf(draft, statement) }));
  return [...draft.inherited, ...own].flatMap(({ statement, scope }) => {
    const [prefix = "", name = ""] = statement.keyword.split(":");
    const module = scope.unit.prefixes.get(prefix)?.name;
    return module === undefined ? [] : { module, name, argument: statement.argument, statement };
  });
}

/** The conditions of the node, and of the uses and augments that brought it. */
export function ifFeaturesOf(draft: Draft): readonly string[] {
  const own = properties(draft, "if-feature");
  if (own.length === 0 && draft.guards.length === 0) return NONE;
  const guards = draft.guards.map(({ statement }) => statement);
  return [...guards, ...own].flatMap(({ argument }) => argument ?? []);
}

/** RFC 8341 section 3.4.5: what is denied stays denied below. */
export function defaultDenyOf(
  extensions: readonly ExtensionUse[],
  above: "all" | "write" | undefined,
): "all" | "write" | undefined {
  if (above === "all") return above;
  const acm = extensions.filter((use) => use.module === "ietf-netconf-acm");
  if (acm.some((use) => use.name === "default-deny-all")) return "all";
  return acm.some((use) => use.name === "default-deny-write") ? "write" : above;
}
