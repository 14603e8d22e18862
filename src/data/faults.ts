import { type ErrorInfo, type ErrorTag, nearest, type RpcFault } from "../base/index.ts";
import type { Element } from "../xml/index.ts";
import { showValue, type ValueFault } from "../yang/index.ts";
import type { SchemaParent } from "./from-xml.ts";
import { errorPath, type Place, readablePath } from "./path.ts";

// The refusals that reading data leads to (RFC 7950 section 8.3.1), each with the place it is about
// and a message that names node, value and rule: some managers show their user nothing else.

/** A fault of the application layer about a node. */
export function faultAt(
  place: Place | undefined,
  tag: ErrorTag,
  message: string,
  more: { readonly appTag?: string; readonly info?: readonly ErrorInfo[] } = {},
): RpcFault {
  return { type: "application", tag, message, path: errorPath(place), ...more };
}

/** A fault whose message starts with the place. */
export function namedFault(
  place: Place | undefined,
  tag: ErrorTag,
  message: string,
  more: { readonly appTag?: string; readonly info?: readonly ErrorInfo[] } = {},
): RpcFault {
  return faultAt(place, tag, `${readablePath(place)}: ${message}`, more);
}

/** RFC 6241 appendix A: what error-info says of the element at fault. */
export function badElement(name: string): ErrorInfo {
  return { name: "bad-element", value: name };
}

/** Children beyond which nobody looks for the one that was meant: strangers make mistakes, too. */
const CANDIDATES_MAX = 200;

/**
 * Whether enough is wrong to stop looking for what was meant: who sends a hundred thousand mistakes
 * is told them, but must not make the agent think about each.
 */
export function isEnough(faults: readonly RpcFault[]): boolean {
  return faults.length >= HINTED_MAX;
}

const HINTED_MAX = 100;

/** Why a name leads to no child, and which was meant if one is near. `among`: the other faults. */
export function noSuchNode(
  name: string,
  { dataChildren }: SchemaParent,
  among: readonly RpcFault[],
): string {
  if (isEnough(among)) return "there is no such node here";
  const candidates = dataChildren.slice(0, CANDIDATES_MAX);
  const [another] = candidates.filter((child) => child.name === name);
  if (another !== undefined) return `there is no such node here${otherNamespace(another)}`;
  const names = candidates.map((child) => child.name);
  const near = name.length > NAME_MAX || name.length < NAME_MIN ? undefined : nearest(name, names);
  return `there is no such node here${near === undefined ? "" : `: did you mean "${near}"?`}`;
}

/** A child of the same name that another module has. */
function otherNamespace({ module }: SchemaParent["dataChildren"][number]): string {
  return `: that of ${module.name} is in the namespace "${module.namespace}"`;
}

const NAME_MIN = 3;
const NAME_MAX = 64;

/** An element that the schema has no node for, or none here. `place`: of its parent. */
export function unknownElement(place: Place | undefined, element: Element, why: string): RpcFault {
  return namedFault(place, "unknown-element", `<${element.name}>: ${why}`, {
    info: [badElement(element.name)],
  });
}

export function unknownNamespace(
  place: Place | undefined,
  element: Element,
  { dataChildren }: SchemaParent,
): RpcFault {
  const what = element.namespace === "" ? "it is in no namespace" : `"${element.namespace}"`;
  const meant = dataChildren.find(({ name }) => name === element.name);
  const hint = meant === undefined ? "" : otherNamespace(meant);
  const why = `<${element.name}>: unknown namespace: ${what}${hint}`;
  return namedFault(place, "unknown-namespace", why, {
    info: [badElement(element.name), { name: "bad-namespace", value: element.namespace }],
  });
}

/** `place`: of the list, without a key. */
export function missingKey(place: Place, key: string): RpcFault {
  return namedFault(place, "missing-element", `an entry lacks its key leaf "${key}"`, {
    info: [badElement(key)],
  });
}

/** A leaf that is named more than once: as with max-elements of a list, RFC 7950 section 15.2. */
export function occursTwice(place: Place): RpcFault {
  return namedFault(place, "operation-failed", "it occurs twice", {
    appTag: "too-many-elements",
    info: [badElement(place.schema.name)],
  });
}

/**
 * RFC 7950 section 8.3.1: the model's own error-message and error-app-tag go out as they are. What
 * was given is not repeated where it is a secret: messages are logged by managers, and shown.
 */
export function valueFault(place: Place, fault: ValueFault, given: unknown): RpcFault {
  const rule = holdsSecret(place) ? withoutValue(fault.message, given) : fault.message;
  const message = fault.errorMessage ?? `${readablePath(place)}: ${rule}`;
  const more = fault.errorAppTag === undefined ? {} : { appTag: fault.errorAppTag };
  return faultAt(place, "invalid-value", message, more);
}

/** What a manager must not be shown again: neither keys nor passwords (RFC 7317 $0$). */
export function holdsSecret({ schema }: Place): boolean {
  if (schema.defaultDeny === "all") return true;
  if (schema.kind !== "leaf" && schema.kind !== "leaf-list") return false;
  const { type } = schema;
  return "typedefs" in type && type.typedefs.includes("iana-crypt-hash:crypt-hash");
}

function withoutValue(message: string, given: unknown): string {
  // What JSON has besides strings stands in messages as it is written.
  const text = typeof given === "string" ? given : JSON.stringify(given);
  const rule = [showValue(text), JSON.stringify(text), ...(text === given ? [] : [text])].reduce(
    (said, shown) => said.replaceAll(shown, "the value"),
    message,
  );
  // What is left of it in other words, such as one of several bits, or a number.
  const said = new Set(rule.split(/[\s"]+/));
  const isLeft = text.split(/\s+/).some((word) => word !== "" && said.has(word));
  return isLeft ? "the value is none of its type" : rule;
}

/** An attribute that is not known, or whose value is not. */
export function attributeFault(
  place: Place | undefined,
  tag: "unknown-attribute" | "bad-attribute" | "missing-attribute",
  attribute: string,
  element: Element,
  message: string,
  appTag?: string,
): RpcFault {
  return namedFault(place, tag, message, {
    info: [{ name: "bad-attribute", value: attribute }, badElement(element.name)],
    ...(appTag === undefined ? {} : { appTag }),
  });
}
