/** What an argument must look like: a test, and words for a person. */
interface Form {
  readonly test: (argument: string) => boolean;
  readonly what: string;
}

const NAME = "[A-Za-z_][A-Za-z0-9_.-]*";
const REFERENCE = `(?:${NAME}:)?${NAME}`;

const IDENTIFIER: Form = form(`^${NAME}$`, "an identifier");
const IDENTIFIER_REF: Form = form(`^${REFERENCE}$`, "an identifier, with a prefix or without");
const BOOLEAN: Form = form("^(?:true|false)$", "true or false");
const DATE: Form = { test: isDate, what: "a date YYYY-MM-DD" };
const ABSOLUTE: Form = form(`^(?:/${REFERENCE})+$`, "an absolute schema node identifier");
const DESCENDANT: Form = form(
  `^${REFERENCE}(?:/${REFERENCE})*$`,
  "a descendant schema node identifier",
);
const NAMES: Form = form(`^\\s*${REFERENCE}(?:\\s+${REFERENCE})*\\s*$`, "a list of identifiers");
const PATHS: Form = form(
  `^\\s*${REFERENCE}(?:/${REFERENCE})*(?:\\s+${REFERENCE}(?:/${REFERENCE})*)*\\s*$`,
  "a list of descendant schema node identifiers",
);
const ANYTHING: Form = { test: () => true, what: "a string" };
const NATURAL = "(?:0|[1-9][0-9]*)";

/** RFC 7950 section 14; what needs more than a look (types, XPath) is read elsewhere. */
const FORMS: Readonly<Record<string, Form>> = {
  action: IDENTIFIER,
  anydata: IDENTIFIER,
  anyxml: IDENTIFIER,
  argument: IDENTIFIER,
  base: IDENTIFIER_REF,
  "belongs-to": IDENTIFIER,
  case: IDENTIFIER,
  choice: IDENTIFIER,
  config: BOOLEAN,
  container: IDENTIFIER,
  deviate: form("^(?:not-supported|add|replace|delete)$", "not-supported, add, replace or delete"),
  deviation: ABSOLUTE,
  extension: IDENTIFIER,
  feature: IDENTIFIER,
  grouping: IDENTIFIER,
  identity: IDENTIFIER,
  import: IDENTIFIER,
  include: IDENTIFIER,
  key: NAMES,
  leaf: IDENTIFIER,
  "leaf-list": IDENTIFIER,
  list: IDENTIFIER,
  mandatory: BOOLEAN,
  "max-elements": form("^(?:unbounded|[1-9][0-9]*)$", "unbounded or a number from 1"),
  "min-elements": form(`^${NATURAL}$`, "a number from 0"),
  modifier: form("^invert-match$", "invert-match"),
  module: IDENTIFIER,
  namespace: form('^[^\\s<>"{}|\\\\^`]+$', "a URI"),
  notification: IDENTIFIER,
  "ordered-by": form("^(?:user|system)$", "user or system"),
  prefix: IDENTIFIER,
  refine: DESCENDANT,
  "require-instance": BOOLEAN,
  revision: DATE,
  "revision-date": DATE,
  rpc: IDENTIFIER,
  status: form("^(?:current|deprecated|obsolete)$", "current, deprecated or obsolete"),
  submodule: IDENTIFIER,
  type: IDENTIFIER_REF,
  typedef: IDENTIFIER,
  unique: PATHS,
  uses: IDENTIFIER_REF,
  "yang-version": form("^(?:1|1\\.1)$", "1 or 1.1"),
  "yin-element": BOOLEAN,
};

/** Statements without an argument. */
const BARE: ReadonlySet<string> = new Set(["input", "output"]);

/** Names that YANG 1 keeps for XML (RFC 6020 section 6.2). */
const XML = /^xml/i;

/** What is wrong with the argument of a statement of YANG's own; undefined: nothing. */
export function argumentFault(
  keyword: string,
  argument: string | undefined,
  parent: string,
): string | undefined {
  if (BARE.has(keyword)) {
    return argument === undefined ? undefined : `${keyword} has no argument, not "${argument}"`;
  }
  if (argument === undefined) return `${keyword} must have an argument`;
  const expected = formOf(keyword, parent);
  if (!expected.test(argument))
    return `"${argument}" is no argument of ${keyword}: it must be ${expected.what}`;
  return undefined;
}

/**
 * A name that RFC 6020 section 6.2 keeps for XML: vendors use them all the same, no peer minds, and
 * YANG 1.1 has given them free, so it is said and let pass.
 */
export function nameWarning(
  keyword: string,
  argument: string | undefined,
  version: "1" | "1.1",
): string | undefined {
  if (version !== "1" || argument === undefined || !XML.test(argument)) return undefined;
  if (FORMS[keyword] !== IDENTIFIER) return undefined;
  return `"${argument}": names may not start with "xml" in YANG version 1`;
}

function formOf(keyword: string, parent: string): Form {
  if (keyword === "augment") return parent === "uses" ? DESCENDANT : ABSOLUTE;
  // RFC 7950 section 7.9.3: elsewhere a default is a value.
  if (keyword === "default" && parent === "choice") return IDENTIFIER_REF;
  return FORMS[keyword] ?? ANYTHING;
}

function form(pattern: string, what: string): Form {
  const expression = new RegExp(pattern);
  return { test: (argument) => expression.test(argument), what };
}

/** A day that the calendar has. */
function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
