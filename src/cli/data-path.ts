import { nearest } from "../base/index.ts";
import {
  ChildrenDraft,
  keyOf,
  type LeafData,
  type PathStep,
  printXml,
  readablePath,
} from "../data/index.ts";
import {
  type DataSchemaNode,
  isValueFault,
  jsonNames,
  type LeafListSchema,
  type LeafSchema,
  type ListSchema,
  type ParsedValue,
  parseValue,
  type Schema,
  type Type,
} from "../yang/index.ts";
import { CallFault } from "./call-fault.ts";

/** One step of a path as a person writes it. */
export interface DataStep extends PathStep {
  /** The key leaves of an entry, in the order of the key statement; none where all are meant. */
  readonly keys: readonly LeafData[];
}

const stepForm =
  /^\/?(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)((?:\[(?:'[^']*'|"[^"]*"|[^\]'"])*\])*)/;
const predicateForm =
  /\[\s*(?:(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*|\.)\s*=\s*)?('[^']*'|"[^"]*"|[^\]'"]*?)\s*\]/g;

/**
 * Reads a path: `/ntp/authentication/authentication-keys[keyid=10]/istrusted`. Module names are
 * needed only where a name alone could mean several nodes; quotes only around what holds `]`; the
 * name of a key only where a list has several. Throws CallFault.
 */
export function parseDataPath(text: string, schema: Schema): readonly DataStep[] {
  const steps: DataStep[] = [];
  let rest = text.trim().replace(/\/$/, "");
  if (rest === "") throw new CallFault("a path is wanted, such as /ntp/port");
  while (rest !== "") {
    const found = stepForm.exec(rest);
    if (found === null) throw new CallFault(`"${rest}" is no step of a path`);
    const [whole, prefix, name = "", predicates = ""] = found;
    const next = childOf(steps, schema, prefix, name);
    steps.push(keyed(next, predicates, schema));
    rest = rest.slice(whole.length);
    if (rest !== "" && !rest.startsWith("/")) {
      throw new CallFault(`"${rest}" is no step of a path: a slash stands between two`);
    }
  }
  return steps;
}

function childOf(
  steps: readonly DataStep[],
  schema: Schema,
  prefix: string | undefined,
  name: string,
): DataSchemaNode {
  const parent = steps.at(-1)?.schema;
  const at = parent ?? schema;
  if (!("dataChildren" in at)) {
    throw new CallFault(`${pathText(steps)} is a ${parent?.kind}: nothing is below it`);
  }
  const named = at.dataChildren.filter((one) => one.name === name);
  const fitting = named.filter(({ module }) =>
    prefix === undefined ? true : module.name === prefix || module.prefix === prefix,
  );
  const own = prefix === undefined ? fitting.filter((one) => one.module === parent?.module) : [];
  const [only, another] = own.length > 0 ? own : fitting;
  if (only === undefined) throw unknownName(at.dataChildren, steps, prefix, name);
  if (another === undefined) return only;
  const full = fitting.map(({ module }) => `${module.name}:${name}`);
  throw new CallFault(`"${name}" may be ${full.join(" or ")}`);
}

function unknownName(
  among: readonly DataSchemaNode[],
  steps: readonly DataStep[],
  prefix: string | undefined,
  name: string,
): CallFault {
  const where = steps.length === 0 ? "at the top" : `in ${pathText(steps)}`;
  const near = nearest(
    name,
    among.map((one) => one.name),
  );
  const told = `there is no "${prefix === undefined ? name : `${prefix}:${name}`}" ${where}`;
  if (near !== undefined && near !== name) return new CallFault(`${told}: did you mean "${near}"?`);
  const names = among.map((one) => one.name);
  const shown = names.length > 12 ? [...names.slice(0, 12), "…"] : names;
  return new CallFault(`${told}; there are ${shown.join(", ")}`);
}

function keyed(node: DataSchemaNode, text: string, schema: Schema): DataStep {
  if (text === "") return { schema: node, keys: [] };
  const given = [...text.matchAll(predicateForm)].map(([, , leaf, value = ""]) => ({
    leaf,
    value: /^['"]/.test(value) ? value.slice(1, -1) : value,
  }));
  if (node.kind === "leaf-list") {
    const value = readValue(node, given[0]?.value ?? "", schema);
    return { schema: node, keys: [], key: value.value };
  }
  if (node.kind !== "list") throw new CallFault(`${node.name} is no list: it takes no ${text}`);
  const keys = node.keys.map((leaf): LeafData => {
    const isOnly = node.keys.length === 1 && given.length === 1;
    const one = given.find((each) => each.leaf === leaf.name || (isOnly && !each.leaf));
    if (one === undefined) throw wrongKeys(node);
    return { kind: "leaf", schema: leaf, ...readValue(leaf, one.value, schema) };
  });
  if (given.length !== keys.length) throw wrongKeys(node);
  const key = keyOf(
    node,
    keys.map(({ value }) => value),
  );
  return { schema: node, keys, key };
}

function wrongKeys({ name, keys }: ListSchema): CallFault {
  const form = keys.map((leaf) => `[${leaf.name}=…]`).join("");
  return new CallFault(`an entry of ${name} is named as ${name}${form}`);
}

/** Reads a value as a person writes it: an identity needs no module name. Throws CallFault. */
export function readValue(
  node: LeafSchema | LeafListSchema,
  text: string,
  schema: Schema,
): ParsedValue {
  const names = jsonNames(schema, node.module);
  const parsed = parseValue(node.type, text, names);
  if (!isValueFault(parsed)) return parsed;
  const identities = identitiesOf(node.type);
  const local = (value: string): string => value.slice(value.indexOf(":") + 1);
  const [meant, another] = identities.filter((value) => local(value) === local(text));
  if (meant !== undefined && another === undefined) {
    const found = parseValue(node.type, meant, names);
    if (!isValueFault(found)) return found;
  }
  const choices = identities.length > 0 ? identities.map(local) : enumsOf(node.type);
  const near = nearest(local(text), choices);
  const hint = near === undefined ? choices.slice(0, 20).join(", ") : `did you mean "${near}"?`;
  const known =
    choices.length === 0 ? "" : near === undefined ? `; there are ${hint}` : `: ${hint}`;
  // What the fault says of an identity that was meant has the module, which nobody needs here.
  const message = parsed.message.replace(/: did you mean .*$/, "");
  throw new CallFault(`${node.name}: ${parsed.errorMessage ?? message}${known}`);
}

function identitiesOf(type: Type): readonly string[] {
  if (type.base === "leafref") return identitiesOf(type.realType);
  if (type.base === "union") return type.members.flatMap(identitiesOf);
  return type.base === "identityref" ? [...type.values.keys()] : [];
}

function enumsOf(type: Type): readonly string[] {
  if (type.base === "leafref") return enumsOf(type.realType);
  if (type.base === "union") return type.members.flatMap(enumsOf);
  return type.base === "enumeration" ? [...type.enums.keys()] : [];
}

/** The path as it is printed: module names only where the module changes. */
export function pathText(steps: readonly PathStep[]): string {
  let place: Parameters<typeof readablePath>[0];
  for (const { schema, key } of steps) {
    place = { up: place, schema, ...(key !== undefined && { key }) };
  }
  return readablePath(place);
}

/**
 * The elements that lead to the last step, with its keys; `content` stands inside it, `mark` among
 * its attributes.
 */
export function pathXml(
  steps: readonly DataStep[],
  schema: Schema,
  content: { readonly inner?: string; readonly mark?: string } = {},
  namespace = "",
): string {
  const [step, ...more] = steps;
  if (step === undefined) return content.inner ?? "";
  const { name, module } = step.schema;
  if (step.schema.kind === "leaf-list" && step.key !== undefined) {
    const value = { value: step.key, type: step.schema.type };
    return leafXml(step.schema, value, schema, { namespace, ...content });
  }
  const declared = module.namespace === namespace ? "" : ` xmlns="${module.namespace}"`;
  const keys = printXml(step.keys, { schema, namespace: module.namespace });
  const attribute = more.length === 0 ? (content.mark ?? "") : "";
  const below = pathXml(more, schema, content, module.namespace);
  return `<${name}${declared}${attribute}>${keys}${below}</${name}>`;
}

/** A leaf, or one entry of a leaf-list, with its value. */
export function leafXml(
  node: LeafSchema | LeafListSchema,
  parsed: ParsedValue,
  schema: Schema,
  { namespace = "", mark = "" }: { readonly namespace?: string; readonly mark?: string } = {},
): string {
  const draft = new ChildrenDraft([]);
  if (node.kind === "leaf") draft.set({ kind: "leaf", schema: node, ...parsed });
  else draft.values(node).set(parsed.value, parsed);
  const text = printXml(draft.finish(), { schema, namespace });
  return text.replace(`<${node.name}`, (start) => start + mark);
}
