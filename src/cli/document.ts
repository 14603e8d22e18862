import { type Element, isXmlFault, parseXml, type XmlFault } from "../xml/index.ts";
import { duplicateMembers } from "./located.ts";

const NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0";
const NOTIFICATIONS = "urn:ietf:params:xml:ns:netconf:notification:1.0";
const ACTIONS = "urn:ietf:params:xml:ns:yang:1";

/** An instance document: top-level nodes, in XML without the wrapper that there may have been. */
export type InstanceDocument =
  | { readonly form: "xml"; readonly elements: readonly Element[] }
  | { readonly form: "json"; readonly value: unknown };

/** Why a text is no document. Lines and columns count from 1. */
export interface TextFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** XML, or JSON (RFC 7951) where the text starts with a brace. */
export function readDocument(text: string): InstanceDocument | readonly TextFault[] {
  if (/^\ufeff?\s*\{/.test(text)) return readJsonText(text);
  const elements = topElements(text);
  return "kind" in elements ? [elements] : { form: "xml", elements };
}

/** JSON whose objects have each of their members once: JSON.parse() takes the last of several. */
export function readJsonText(
  marked: string,
): Extract<InstanceDocument, { form: "json" }> | readonly TextFault[] {
  const text = marked.replace(/^\ufeff/, "");
  try {
    const value: unknown = JSON.parse(text);
    const duplicates = duplicateMembers(text);
    return duplicates.length > 0 ? duplicates : { form: "json", value };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, position] = / (?:at|in JSON at) position (\d+)/.exec(message) ?? [];
    // Node says nothing of the place where the text ends too early.
    const before = text.slice(0, position === undefined ? text.length : Number(position));
    const lines = before.split("\n");
    const column = (lines.at(-1) ?? "").length + 1;
    return [{ line: lines.length, column, message: message.replace(/ (?:in JSON )?at .*$/s, "") }];
  }
}

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

const WRAPPERS: ReadonlySet<string> = new Set(["data", "config", "rpc", "rpc-reply"]);

function unwrap(root: Element): readonly Element[] {
  const isNotification = root.namespace === NOTIFICATIONS && root.name === "notification";
  const isAction = root.namespace === ACTIONS && root.name === "action";
  if (isAction) return root.children;
  if (isNotification) return root.children.filter((child) => child.namespace !== NOTIFICATIONS);
  if (root.namespace !== NETCONF || !WRAPPERS.has(root.name)) return [root];
  return root.children.flatMap((child) =>
    child.namespace === ACTIONS && child.name === "action" ? child.children : child,
  );
}
