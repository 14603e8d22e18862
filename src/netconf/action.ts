import type { RpcError } from "../base/index.ts";
import { keyOf, type PathStep } from "../data/index.ts";
import { type Element, isBlank } from "../xml/index.ts";
import {
  childNamed,
  type DataParent,
  type DataSchemaNode,
  isValueFault,
  type ListSchema,
  type OperationSchema,
  parseValue,
  type Schema,
} from "../yang/index.ts";
import { protocolError } from "./reply.ts";
import { elementNames } from "./value-scope.ts";

/** RFC 7950 section 7.15.2: an action, and the node that it is called on. */
export interface CalledAction {
  readonly schema: OperationSchema;
  readonly path: readonly PathStep[];
  /** The action's own element: it holds the input. */
  readonly element: Element;
}

/** Follows the nodes inside <action> down to the one action that they name. Throws RpcError. */
export function findAction(action: Element, schema: Schema): CalledAction {
  const path: PathStep[] = [];
  let parent: Schema | DataParent = schema;
  let rest: readonly Element[] = action.children;
  for (;;) {
    const [element, second] = rest;
    if (element === undefined) {
      throw problem("missing-element", `<action> names no action`, "action");
    }
    if (second !== undefined) {
      throw problem("bad-element", "<action> leads to one node, not to two", second.name);
    }
    const node: DataSchemaNode | undefined = childNamed(parent, element.namespace, element.name);
    if (node === undefined) {
      const found = actionNamed(parent, element);
      if (found !== undefined) return { schema: found, path, element };
      const message = `<${element.name}>: there is no such node or action here`;
      throw problem("unknown-element", message, element.name);
    }
    if (node.kind === "container") {
      path.push({ schema: node });
      rest = element.children;
    } else if (node.kind === "list") {
      const step = entryStep(element, node, schema);
      path.push({ schema: node, key: step.key });
      rest = step.rest;
    } else {
      throw problem("unknown-element", `<${element.name}> has no actions`, element.name);
    }
    parent = node;
  }
}

function actionNamed(parent: Schema | DataParent, element: Element): OperationSchema | undefined {
  if (!("actions" in parent)) return undefined;
  return parent.actions.find(
    ({ name, module }) => name === element.name && module.namespace === element.namespace,
  );
}

function entryStep(
  element: Element,
  list: ListSchema,
  schema: Schema,
): { readonly key: string; readonly rest: readonly Element[] } {
  const keys = list.keys.map((key) => {
    const found = element.children.find(
      ({ name, namespace }) => name === key.name && namespace === key.module.namespace,
    );
    if (found === undefined) {
      throw problem("missing-element", `<${list.name}> lacks its key <${key.name}>`, key.name);
    }
    const text = isBlank(found.text) ? "" : found.text;
    const parsed = parseValue(key.type, text, elementNames(found, key.module, schema));
    if (isValueFault(parsed)) {
      throw problem("invalid-value", `<${key.name}>: ${parsed.message}`, key.name);
    }
    return { found, value: parsed.value };
  });
  const values = keys.map(({ value }) => value);
  const rest = element.children.filter((child) => !keys.some(({ found }) => found === child));
  return { key: keyOf(list, values), rest };
}

function problem(
  tag: "missing-element" | "bad-element" | "unknown-element" | "invalid-value",
  message: string,
  name: string,
): RpcError {
  return protocolError(tag, message, { info: [{ name: "bad-element", value: name }] });
}
