import { type Element, XmlWriter } from "../xml/index.ts";
import { BASE, BASE_1_0, BASE_1_1, isProtocolElement } from "./names.ts";
import type { SessionId } from "./peer.ts";

/** What a manager's <hello> settles (RFC 6241 section 8.1, RFC 6242 section 4.1). */
export interface Hello {
  readonly kind: "hello";
  /** The highest version that both have. */
  readonly base: "1.0" | "1.1";
}

/** The session must end, without an answer. */
export interface BadHello {
  readonly kind: "bad-hello";
  readonly reason: string;
}

/** Our own <hello>: prefix-free, and no white space inside <capability>, which managers compare. */
export function printHello(capabilities: readonly string[], session: SessionId): string {
  const writer = new XmlWriter().open(BASE, "hello").open(BASE, "capabilities");
  for (const capability of capabilities) writer.leaf(BASE, "capability", capability);
  writer.close().leaf(BASE, "session-id", String(session)).close();
  return `<?xml version="1.0" encoding="UTF-8"?>${writer.toString()}`;
}

export function readHello(element: Element): Hello | BadHello {
  if (element.name !== "hello" || element.namespace !== BASE) {
    return bad(`<${element.name}> in "${element.namespace}" came where <hello> was due`);
  }
  if (element.children.some((child) => named(child, "session-id"))) {
    return bad("a manager's <hello> has no <session-id>");
  }
  const lists = element.children.filter((child) => named(child, "capabilities"));
  const uris = lists
    .flatMap((list) => list.children)
    .filter((child) => named(child, "capability"))
    // RFC 6241 section 8.1: a version may carry arguments, which are not part of its name.
    .map((child) => child.text.trim().split("?", 1)[0]);
  if (uris.includes(BASE_1_1)) return { kind: "hello", base: "1.1" };
  if (uris.includes(BASE_1_0)) return { kind: "hello", base: "1.0" };
  return bad("there is no protocol version that both sides have");
}

function named(element: Element, name: string): boolean {
  return element.name === name && isProtocolElement(element);
}

function bad(reason: string): BadHello {
  return { kind: "bad-hello", reason };
}
