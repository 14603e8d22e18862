import type { RpcFault } from "../base/index.ts";
import {
  type DataNode,
  faultAt,
  type InstanceNode,
  type Place,
  placeOf,
  presentCase,
  readablePath,
  whensHold,
} from "../data/index.ts";
import {
  type CaseSchema,
  type ChoiceSchema,
  type DataSchemaNode,
  type Schema,
  type SchemaNode,
  toBoolean,
} from "../yang/index.ts";
import type { RuleHolder } from "./rules.ts";

const YANG = "urn:ietf:params:xml:ns:yang:1";

/** A child that its parent must have, or must not have too many of. */
export type Requirement = Exclude<DataSchemaNode, { readonly kind: "container" }> | ChoiceSchema;

/**
 * The mandatory nodes and choices and the lists with bounds directly below a node, those in cases
 * and nested choices among them.
 */
export function requirementsOf(holder: RuleHolder, schema: Schema): readonly Requirement[] {
  if (holder === undefined) return requirementsIn(schema.children);
  return "children" in holder ? requirementsIn(holder.children) : [];
}

function requirementsIn(children: readonly SchemaNode[]): readonly Requirement[] {
  return children.flatMap((child): readonly Requirement[] => {
    switch (child.kind) {
      case "leaf":
        return child.mandatory && !child.isKey ? [child] : [];
      case "anydata":
      case "anyxml":
        return child.mandatory ? [child] : [];
      case "list":
      case "leaf-list":
        return child.minElements > 0 || child.maxElements < Infinity ? [child] : [];
      case "choice": {
        const inner = child.cases.flatMap((one) => requirementsIn(one.children));
        return child.mandatory ? [child, ...inner] : inner;
      }
      default:
        return [];
    }
  });
}

/** What of a parent's children is missing or too much (RFC 7950 sections 8.1 and 15). */
export function checkStructure(
  parent: InstanceNode,
  place: Place | undefined,
  required: readonly Requirement[],
  faults: RpcFault[],
): void {
  const children = childrenOf(parent);
  for (const requirement of required) {
    // State that is missing is no fault of a configuration.
    if (!requirement.config && !parent.holdsState && isDatastore(parent)) continue;
    if (!isAsked(requirement, children)) continue;
    switch (requirement.kind) {
      case "choice":
        checkChoice(requirement, parent, children, place, faults);
        break;
      case "list":
      case "leaf-list":
        checkCount(requirement, parent, children, place, faults);
        break;
      default:
        checkMandatory(requirement, parent, children, place, faults);
    }
  }
}

type Children = readonly DataNode[];

function childrenOf({ instance }: InstanceNode): Children {
  return instance !== undefined && "children" in instance ? instance.children : [];
}

function isDatastore(node: InstanceNode): boolean {
  const kind = node.schema?.kind;
  if (kind === "input" || kind === "output" || kind === "notification") return false;
  return node.parent === undefined || isDatastore(node.parent);
}

/** What stands in a case is asked for only where that case is there (RFC 7950 section 7.9.4). */
function isAsked(requirement: Requirement, children: Children): boolean {
  let at: SchemaNode | undefined = requirement.parent;
  while (at?.kind === "case" || at?.kind === "choice") {
    if (at.kind === "case" && !isPresent(at, children)) return false;
    at = at.parent;
  }
  return true;
}

function isPresent(one: CaseSchema, children: Children): boolean {
  return one.parent?.kind === "choice" && presentCase(one.parent, children) === one;
}

function checkMandatory(
  schema: DataSchemaNode,
  parent: InstanceNode,
  children: Children,
  place: Place | undefined,
  faults: RpcFault[],
): void {
  if (children.some((child) => child.schema === schema) || !whensHold(schema, parent)) return;
  const missing = placeOf(place, schema);
  const message = `${readablePath(missing)} is mandatory and is missing`;
  faults.push(faultAt(missing, "data-missing", message));
}

function checkChoice(
  choice: ChoiceSchema,
  parent: InstanceNode,
  children: Children,
  place: Place | undefined,
  faults: RpcFault[],
): void {
  if (presentCase(choice, children) !== undefined) return;
  const root = parent.root();
  const isOff = choice.whens.some(
    ({ xpath }) => !toBoolean(xpath.evaluate({ node: parent, current: parent, root })),
  );
  if (isOff) return;
  const cases = choice.cases.map(({ name }) => name).join(", ");
  const what = `one of the cases of choice "${choice.name}" is mandatory: ${cases}`;
  const message = `${readablePath(place)}: ${what}`;
  faults.push(
    faultAt(place, "data-missing", message, {
      appTag: "missing-choice",
      info: [{ name: "missing-choice", namespace: YANG, value: choice.name }],
    }),
  );
}

function checkCount(
  schema: Extract<DataSchemaNode, { readonly kind: "list" | "leaf-list" }>,
  parent: InstanceNode,
  children: Children,
  place: Place | undefined,
  faults: RpcFault[],
): void {
  const data = children.find((child) => child.schema === schema);
  const size = data !== undefined && "entries" in data ? data.entries.size : 0;
  const at = placeOf(place, schema);
  if (size > schema.maxElements) {
    const message = `${readablePath(at)}: ${size} entries are more than ${schema.maxElements}`;
    faults.push(faultAt(at, "operation-failed", message, { appTag: "too-many-elements" }));
  }
  if (size >= schema.minElements) return;
  if (size === 0 && !whensHold(schema, parent)) return;
  const message = `${readablePath(at)}: ${size} entries are fewer than ${schema.minElements}`;
  faults.push(faultAt(at, "operation-failed", message, { appTag: "too-few-elements" }));
}
