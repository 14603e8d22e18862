import type {
  ExtensionUse,
  Identity,
  Module,
  Must,
  RangeRestriction,
  Schema,
  SchemaNode,
  Statement,
  Type,
} from "../../src/yang/index.ts";

/** What a module says that a program can notice, by where it says it: no texts for people. */
export type Facts = ReadonlyMap<string, unknown>;

/** The facts of each module's nodes, identities and header, by the module's name. */
export function factsByModule(schema: Schema): ReadonlyMap<string, Facts> {
  const facts = new Map<string, Map<string, unknown>>();
  const note = (module: Module, where: string, what: unknown): void => {
    let of = facts.get(module.name);
    if (of === undefined) {
      of = new Map();
      facts.set(module.name, of);
    }
    if (of.has(where)) throw new Error(`${where} is there twice`);
    of.set(where, what);
  };
  for (const module of schema.modules) note(module, "module", moduleFacts(module));
  for (const identity of schema.identities) {
    note(identity.module, `identity ${identity.name}`, identity.bases.map(identityName).sort());
  }
  const walk = (node: SchemaNode, above: string): void => {
    const where = `${above}/${node.module.name}:${node.name}`;
    note(node.module, `${node.kind} ${where}`, nodeFacts(node));
    for (const child of below(node)) walk(child, where);
  };
  for (const node of [...schema.children, ...schema.rpcs, ...schema.notifications]) walk(node, "");
  for (const structure of schema.structures) {
    const where = `structure ${structure.name}`;
    note(structure.module, where, structure.children.map(childName));
    for (const child of structure.children) walk(child, where);
  }
  return facts;
}

function moduleFacts(module: Module): unknown {
  const { name, revision, namespace, prefix, yangVersion, implemented } = module;
  return {
    ...{ name, revision, namespace, prefix, yangVersion, implemented },
    features: [...module.features].sort(),
    declaredFeatures: [...module.declaredFeatures].sort(),
  };
}

/** Everything under a node that is a node itself, in order. */
function below(node: SchemaNode): readonly SchemaNode[] {
  switch (node.kind) {
    case "choice":
      return node.cases;
    case "rpc":
    case "action":
      return [node.input, node.output];
    case "container":
    case "list":
      return [...node.children, ...node.actions, ...node.notifications];
    case "case":
    case "input":
    case "output":
    case "notification":
      return node.children;
    default:
      return [];
  }
}

const childName = (node: SchemaNode): string => `${node.module.name}:${node.name}`;
const identityName = (identity: Identity): string => `${identity.module.name}:${identity.name}`;

function nodeFacts(node: SchemaNode): unknown {
  return {
    config: node.config,
    status: node.status,
    whens: node.whens.map((when) => ({ xpath: squeeze(when.xpath.text), context: when.context })),
    defaultDeny: node.defaultDeny,
    extensions: node.extensions.map(extensionFacts),
    musts: "musts" in node ? node.musts.map(mustFacts) : [],
    below: below(node).map(childName),
    ...ownFacts(node),
  };
}

function ownFacts(node: SchemaNode): object {
  switch (node.kind) {
    case "container":
      return { presence: node.presence === undefined ? undefined : squeeze(node.presence) };
    case "list":
      return {
        keys: node.keys.map((leaf) => leaf.name),
        uniques: node.uniques.map((leaves) => leaves.map(pathOf).sort()),
        elements: [node.minElements, node.maxElements, node.orderedBy],
      };
    case "leaf":
      return {
        type: typeFacts(node.type),
        units: node.units,
        mandatory: node.mandatory,
        default: node.default,
        isKey: node.isKey,
      };
    case "leaf-list":
      return {
        type: typeFacts(node.type),
        units: node.units,
        defaults: node.defaults,
        elements: [node.minElements, node.maxElements, node.orderedBy],
      };
    case "anydata":
    case "anyxml":
      return { mandatory: node.mandatory };
    case "choice":
      return { mandatory: node.mandatory, default: node.defaultCase?.name };
    default:
      return {};
  }
}

function mustFacts(must: Must): unknown {
  const { errorMessage, errorAppTag } = must;
  return {
    xpath: squeeze(must.xpath.text),
    errorMessage: squeeze(errorMessage ?? ""),
    errorAppTag,
  };
}

function extensionFacts(use: ExtensionUse): unknown {
  return [use.module, use.name, use.argument];
}

function typeFacts(type: Type): unknown {
  const common = { base: type.base, typedefs: type.typedefs };
  switch (type.base) {
    case "decimal64":
      return { ...common, digits: type.fractionDigits, ranges: type.ranges.map(rangeFacts) };
    case "string":
      return {
        ...common,
        lengths: type.lengths.map(({ parts, errorMessage, errorAppTag }) => [
          ...[parts, errorMessage, errorAppTag],
        ]),
        patterns: type.patterns.map(({ text, invert, errorMessage, errorAppTag }) => [
          ...[text, invert, errorMessage, errorAppTag],
        ]),
      };
    case "binary":
      return { ...common, lengths: type.lengths.map(({ parts }) => parts) };
    case "enumeration":
      return { ...common, enums: [...type.enums] };
    case "bits":
      return { ...common, bits: [...type.bits] };
    case "identityref":
      return {
        ...common,
        bases: type.bases.map(identityName),
        values: [...type.values.keys()].sort(),
      };
    case "leafref":
      return {
        ...common,
        path: squeeze(type.path.text),
        requireInstance: type.requireInstance,
        target: pathOf(type.target),
        realType: typeFacts(type.realType),
      };
    case "instance-identifier":
      return { ...common, requireInstance: type.requireInstance };
    case "union":
      return { ...common, members: type.members.map(typeFacts) };
    case "boolean":
    case "empty":
      return common;
    default:
      return { ...common, ranges: type.ranges.map(rangeFacts) };
  }
}

/** Bigints print badly in a difference. */
function rangeFacts(range: RangeRestriction): unknown {
  const parts = range.parts.map(([min, max]) => `${min}..${max}`).join(" | ");
  return [parts, range.errorMessage, range.errorAppTag];
}

function pathOf(node: SchemaNode): string {
  const above = node.parent === undefined ? "" : pathOf(node.parent);
  return `${above}/${childName(node)}`;
}

/** White space between the tokens of an XPath, and in a sentence, says nothing. */
function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

const TEXTS = new Set(["description", "reference", "organization", "contact"]);
const SQUEEZED = new Set([
  ...["must", "when", "path", "if-feature", "key", "unique", "augment", "deviation", "refine"],
  ...["presence", "error-message"],
]);

/** A statement as lines, without the texts for people: what two files must have alike. */
export function statementLines(statement: Statement, indent = ""): readonly string[] {
  const { keyword, argument = "" } = statement;
  if (TEXTS.has(keyword)) return [];
  const said = SQUEEZED.has(keyword) ? squeeze(argument) : argument;
  return [
    `${indent}${keyword} ${said}`,
    ...statement.substatements.flatMap((sub) => statementLines(sub, `${indent}  `)),
  ];
}
