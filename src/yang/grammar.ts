/** How often a substatement may stand, and since when. */
export interface Cardinality {
  readonly min: 0 | 1;
  readonly max: number;
  /** True: only in a module of YANG version 1.1. */
  readonly since11: boolean;
}

/** What may stand inside a statement. */
export interface Rule {
  readonly substatements: ReadonlyMap<string, Cardinality>;
  /** Those of them that must be there. */
  readonly required: readonly string[];
  /** At least one of these must be there; empty: none need be. */
  readonly oneOf: readonly string[];
}

const DATA = "container leaf leaf-list list choice anydata+ anyxml uses";
const DATA_STAR = DATA.replace(/[\w-]+(\+?)/g, "$&*").replaceAll("+*", "*+");
const CASES = DATA_STAR.replace("uses*", "").replace("choice*", "choice*+");
const DESCRIBED = "status? description? reference?";
const BODY = `extension* feature* identity* typedef* grouping* ${DATA_STAR} augment* rpc*
  notification* deviation*`;
const META = "organization? contact? description? reference? revision*";

/**
 * RFC 7950 section 14, with what RFC 6020 lacks marked by `+`: `?` at most one, `*` any number,
 * no mark exactly one. `deviate` has a rule for each of its arguments.
 */
const RULES: Readonly<Record<string, string>> = {
  module: `yang-version? namespace prefix import* include* ${META} ${BODY}`,
  submodule: `yang-version? belongs-to import* include* ${META} ${BODY}`,
  "yang-version": "",
  namespace: "",
  prefix: "",
  import: "prefix revision-date? description?+ reference?+",
  include: "revision-date? description?+ reference?+",
  "revision-date": "",
  "belongs-to": "prefix",
  organization: "",
  contact: "",
  description: "",
  reference: "",
  units: "",
  revision: "description? reference?",
  extension: `argument? ${DESCRIBED}`,
  argument: "yin-element?",
  "yin-element": "",
  identity: `if-feature*+ base* ${DESCRIBED}`,
  base: "",
  feature: `if-feature* ${DESCRIBED}`,
  "if-feature": "",
  typedef: `type units? default? ${DESCRIBED}`,
  type: `fraction-digits? range? length? pattern* enum* bit* path? base* require-instance?
    type*`,
  range: "error-message? error-app-tag? description? reference?",
  length: "error-message? error-app-tag? description? reference?",
  pattern: "modifier?+ error-message? error-app-tag? description? reference?",
  modifier: "",
  "fraction-digits": "",
  enum: `if-feature*+ value? ${DESCRIBED}`,
  value: "",
  bit: `if-feature*+ position? ${DESCRIBED}`,
  position: "",
  path: "",
  "require-instance": "",
  status: "",
  config: "",
  mandatory: "",
  presence: "",
  "ordered-by": "",
  must: "error-message? error-app-tag? description? reference?",
  "error-message": "",
  "error-app-tag": "",
  "min-elements": "",
  "max-elements": "",
  default: "",
  key: "",
  unique: "",
  when: "description? reference?",
  grouping: `${DESCRIBED} typedef* grouping* ${DATA_STAR} action*+ notification*+`,
  container: `when? if-feature* must* presence? config? ${DESCRIBED} typedef* grouping*
    ${DATA_STAR} action*+ notification*+`,
  leaf: `when? if-feature* type units? must* default? config? mandatory? ${DESCRIBED}`,
  "leaf-list": `when? if-feature* type units? must* default*+ config? min-elements?
    max-elements? ordered-by? ${DESCRIBED}`,
  list: `when? if-feature* must* key? unique* config? min-elements? max-elements? ordered-by?
    ${DESCRIBED} typedef* grouping* ${DATA_STAR} action*+ notification*+`,
  choice: `when? if-feature* default? config? mandatory? ${DESCRIBED} case* ${CASES}`,
  case: `when? if-feature* ${DESCRIBED} ${DATA_STAR}`,
  anydata: `when? if-feature* must* config? mandatory? ${DESCRIBED}`,
  anyxml: `when? if-feature* must* config? mandatory? ${DESCRIBED}`,
  uses: `when? if-feature* ${DESCRIBED} refine* augment*`,
  refine: `if-feature*+ must* presence? default* config? mandatory? min-elements? max-elements?
    description? reference?`,
  augment: `when? if-feature* ${DESCRIBED} case* ${DATA_STAR} action*+ notification*+`,
  rpc: `if-feature* ${DESCRIBED} typedef* grouping* input? output?`,
  action: `if-feature* ${DESCRIBED} typedef* grouping* input? output?`,
  input: `must*+ typedef* grouping* ${DATA_STAR}`,
  output: `must*+ typedef* grouping* ${DATA_STAR}`,
  notification: `if-feature* must*+ ${DESCRIBED} typedef* grouping* ${DATA_STAR}`,
  deviation: "description? reference? deviate*",
  "deviate not-supported": "",
  "deviate add": `units? must* unique* default* config? mandatory? min-elements? max-elements?`,
  "deviate replace": `type? units? default* config? mandatory? min-elements? max-elements?`,
  "deviate delete": "units? must* unique* default*",
  // RFC 8791, RFC 8040 and RFC 7952: extensions whose insides are YANG again.
  structure: `must* ${DESCRIBED} typedef* grouping* ${DATA_STAR}`,
  "augment-structure": `${DESCRIBED} case* ${DATA_STAR}`,
  "yang-data": DATA_STAR,
  annotation: `type if-feature* units? ${DESCRIBED}`,
};

/** Section 14 again: where there must be something, whatever it is. */
const ONE_OF: Readonly<Record<string, string>> = {
  list: DATA,
  input: DATA,
  output: DATA,
  deviation: "deviate",
};

/** Sections 7.13.2 and 7.20.3: more than one default is a thing of leaf-lists, and so of 1.1. */
const MANY_SINCE_11: ReadonlySet<string> = new Set([
  "refine default",
  "deviate add default",
  "deviate replace default",
  "deviate delete default",
]);

const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries(RULES).map(([keyword, text]) => [keyword, readRule(keyword, text)] as const),
);

const keywords: ReadonlyMap<string, string> = new Map(
  [...rules.keys(), "deviate"].map((keyword) => [keyword, keyword] as const),
);

/** The rule of a keyword of YANG's own; that of `deviate` depends on its argument. */
export function ruleOf(keyword: string, argument: string | undefined): Rule | undefined {
  return rules.get(keyword === "deviate" ? `deviate ${argument}` : keyword);
}

/** A keyword of YANG's own, as the one string that there is of it. */
export function knownKeyword(text: string): string | undefined {
  return keywords.get(text);
}

/** True if one is the most that YANG 1 allows where 1.1 allows many. */
export function isManySince11(keyword: string, argument: string | undefined, sub: string): boolean {
  const name = keyword === "deviate" ? `deviate ${argument}` : keyword;
  return MANY_SINCE_11.has(`${name} ${sub}`);
}

function readRule(keyword: string, text: string): Rule {
  const substatements = new Map<string, Cardinality>();
  for (const word of text.split(/\s+/)) {
    const match = /^([\w-]+)([?*]?)(\+?)$/.exec(word);
    if (match === null) continue;
    const [, name = "", mark, since] = match;
    substatements.set(name, {
      min: mark === "" ? 1 : 0,
      max: mark === "*" ? Number.POSITIVE_INFINITY : 1,
      since11: since === "+",
    });
  }
  const required = [...substatements].flatMap(([name, { min }]) => (min === 1 ? [name] : []));
  const oneOf = (ONE_OF[keyword] ?? "").split(" ").filter((name) => name !== "");
  return { substatements, required, oneOf: oneOf.map((name) => name.replace("+", "")) };
}

/** The order that section 14 gives to what stands in a module or submodule. */
export function sectionOf(keyword: string): 0 | 1 | 2 | 3 | 4 {
  switch (keyword) {
    case "yang-version":
    case "namespace":
    case "prefix":
    case "belongs-to":
      return 0;
    case "import":
    case "include":
      return 1;
    case "organization":
    case "contact":
    case "description":
    case "reference":
      return 2;
    case "revision":
      return 3;
    default:
      return 4;
  }
}
