import { type ErrorInfo, RpcError, type RpcFault } from "../base/index.ts";
import { type Element, escapeAttribute, escapeText, XmlWriter } from "../xml/index.ts";
import { BASE } from "./names.ts";

/** The inside of an rpc-reply, printed as it is pulled; `""` in force is the base namespace. */
export type ReplyBody = Iterable<string>;

export const okBody: ReplyBody = ["<ok/>"];

/**
 * A whole <rpc-reply>. RFC 6241 section 4.2: all attributes of the <rpc> come back as they were,
 * and what declares their prefixes. `rpc` is undefined where nothing of it could be read.
 */
export function* printReply(rpc: Element | undefined, body: ReplyBody): Iterable<string> {
  yield `<rpc-reply xmlns="${BASE}"${rpc === undefined ? "" : echo(rpc)}>`;
  yield* body;
  yield "</rpc-reply>";
}

function echo(rpc: Element): string {
  let text = "";
  for (const [prefix, namespace] of rpc.declarations) {
    // Ours is the default namespace: an attribute never is in it.
    if (prefix !== "") text += ` xmlns:${prefix}="${escapeAttribute(namespace)}"`;
  }
  for (const { prefix, name, value } of rpc.attributes) {
    text += ` ${prefix === "" ? name : `${prefix}:${name}`}="${escapeAttribute(value)}"`;
  }
  return text;
}

/** All faults, each as one rpc-error with its children in the order of RFC 6241 appendix B. */
export function printFaults(faults: readonly RpcFault[]): string {
  const writer = new XmlWriter(BASE);
  for (const fault of faults) printFault(fault, writer);
  return writer.toString();
}

function printFault(fault: RpcFault, writer: XmlWriter): void {
  writer.open(BASE, "rpc-error");
  writer.leaf(BASE, "error-type", fault.type);
  writer.leaf(BASE, "error-tag", fault.tag);
  writer.leaf(BASE, "error-severity", "error");
  if (fault.appTag !== undefined) writer.leaf(BASE, "error-app-tag", fault.appTag);
  if (fault.path !== undefined) {
    const { text, namespaces } = fault.path;
    writer.raw(`<error-path${declarations(namespaces)}>${escapeText(text)}</error-path>`);
  }
  writer.raw(`<error-message xml:lang="en">${escapeText(fault.message)}</error-message>`);
  if (fault.info !== undefined && fault.info.length > 0) {
    writer.open(BASE, "error-info");
    for (const info of fault.info) writer.raw(printInfo(info));
    writer.close();
  }
  writer.close();
}

function printInfo({ name, value, namespace, namespaces, children = [] }: ErrorInfo): string {
  const own = namespace === undefined ? "" : ` xmlns="${escapeAttribute(namespace)}"`;
  const declared = namespaces === undefined ? "" : declarations(namespaces);
  const inside = children.map(printInfo).join("");
  return `<${name}${own}${declared}>${escapeText(value)}${inside}</${name}>`;
}

function declarations(namespaces: ReadonlyMap<string, string>): string {
  let text = "";
  for (const [prefix, namespace] of namespaces) {
    text += ` xmlns:${prefix}="${escapeAttribute(namespace)}"`;
  }
  return text;
}

/** A refusal below the data: about the protocol's own messages and parameters. */
export function protocolError(
  tag: RpcFault["tag"],
  message: string,
  more: Partial<Omit<RpcFault, "tag" | "message">> = {},
): RpcError {
  return new RpcError({ type: "protocol", tag, message, ...more });
}
