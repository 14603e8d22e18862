import type { RpcFault } from "../base/index.ts";
import { emptyTree, readData, readInput } from "../data/index.ts";
import { validateInput, validateTree } from "../datastore/index.ts";
import { type Element, isXmlFault, parseXml, type XmlFault } from "../xml/index.ts";
import type { NotificationSchema, OperationSchema, Schema } from "../yang/index.ts";

/** What an instance document holds. */
export const instanceTypes = ["config", "data", "rpc", "notification"] as const;

export type InstanceType = (typeof instanceTypes)[number];

const NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0";
const NOTIFICATIONS = "urn:ietf:params:xml:ns:netconf:notification:1.0";

const OPENING = `<data xmlns="${NETCONF}">`;

/** The top-level elements of a document, without the wrapper that it may have. */
export function topElements(text: string): readonly Element[] | XmlFault {
  const root = parseXml(text);
  if (!isXmlFault(root)) return unwrap(root);
  // Several nodes side by side are no XML document: they get a wrapper that moves no line.
  const bare = text.replace(/^\ufeff?\s*(?:<\?xml[^>]*\?>)?/, (start) => start.replace(/\S/g, " "));
  const wrapped = parseXml(`${OPENING}${bare}</data>`);
  return isXmlFault(wrapped) ? root : wrapped.children;
}

function unwrap(root: Element): readonly Element[] {
  const isWrapper = root.namespace === NETCONF && ["data", "config", "rpc"].includes(root.name);
  const isNotification = root.namespace === NOTIFICATIONS && root.name === "notification";
  if (!isWrapper && !isNotification) return [root];
  return root.children.filter((child) => child.namespace !== NOTIFICATIONS);
}

/** Everything that is wrong with instance data (RFC 7950 section 8). */
export function instanceFaults(
  elements: readonly Element[],
  schema: Schema,
  type: InstanceType,
): readonly RpcFault[] {
  switch (type) {
    case "config":
    case "data": {
      const { tree, faults } = readData(elements, schema, { type });
      return faults.length > 0 ? faults : validateTree(tree, schema);
    }
    case "rpc":
      return elements.flatMap((element) => messageFaults(element, schema, schema.rpcs, type));
    case "notification":
      return elements.flatMap((element) =>
        messageFaults(element, schema, schema.notifications, type),
      );
  }
}

function messageFaults(
  element: Element,
  schema: Schema,
  among: readonly (OperationSchema | NotificationSchema)[],
  type: "rpc" | "notification",
): readonly RpcFault[] {
  const found = among.find(
    ({ name, module }) => name === element.name && module.namespace === element.namespace,
  );
  if (found === undefined) {
    const name = `<${element.name}> of namespace "${element.namespace}"`;
    const message = `${name} is no ${type} known here`;
    return [{ type: "application", tag: "unknown-element", message }];
  }
  const holder = found.kind === "notification" ? found : found.input;
  const { tree, faults } = readInput(element, holder, schema);
  return faults.length > 0 ? faults : validateInput(tree, schema, emptyTree);
}
