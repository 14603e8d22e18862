import type { Unit } from "./link.ts";
import type { Scopes } from "./module-scope.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";
import { substatement } from "./substatement.ts";

type KnownExtension = "structure" | "augment-structure" | "yang-data" | "annotation";

/** Extensions whose insides are YANG: RFC 7952, RFC 8040 and RFC 8791. */
const KNOWN: ReadonlyMap<string, KnownExtension> = new Map<string, KnownExtension>([
  ["ietf-yang-metadata:annotation", "annotation"],
  ["ietf-yang-structure-ext:structure", "structure"],
  ["ietf-yang-structure-ext:augment-structure", "augment-structure"],
  ["ietf-restconf:yang-data", "yang-data"],
]);

/** "module:name" of a prefixed keyword; undefined: the prefix is not known. */
function extensionName(statement: Statement, unit: Unit): string | undefined {
  const [prefix = "", name = ""] = statement.keyword.split(":");
  const module = unit.prefixes.get(prefix);
  return module === undefined ? undefined : `${module.name}:${name}`;
}

/** The extension of those known here that a statement uses. */
export function knownExtension(statement: Statement, unit: Unit): KnownExtension | undefined {
  if (!statement.keyword.includes(":")) return undefined;
  return KNOWN.get(extensionName(statement, unit) ?? "");
}

/** RFC 7950 section 7.19: the rule of the insides of an extension statement, once it is checked. */
export function extensionRule(
  statement: Statement,
  unit: Unit,
  scopes: Scopes,
  report: Report,
): string | "any" {
  const { keyword, argument } = statement;
  const prefix = keyword.slice(0, keyword.indexOf(":"));
  if (!unit.prefixes.has(prefix)) {
    report.error(statement, `prefix "${prefix}" of ${keyword} is not declared`);
    return "any";
  }
  const found = scopes.find("extension", keyword, scopes.top(unit));
  if (found === undefined) {
    if (unit.prefixes.get(prefix) !== undefined) {
      const meant = scopes.hint("extension", keyword, scopes.top(unit));
      report.error(statement, `there is no extension "${keyword}"${meant}`);
    }
    return "any";
  }
  const wanted = substatement(found.statement, "argument");
  if (wanted === undefined && argument !== undefined) {
    report.error(statement, `${keyword} has no argument, not "${argument}"`);
  } else if (wanted !== undefined && argument === undefined) {
    report.error(statement, `${keyword} must have an argument, its ${wanted.argument}`);
  }
  return knownExtension(statement, unit) ?? "any";
}
