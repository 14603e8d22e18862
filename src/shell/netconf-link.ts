import { FrameReader, isBadFraming } from "../netconf/index.ts";
import { type Element, escapeText, isXmlFault, parseXml } from "../xml/index.ts";
import { BASE } from "./names.ts";

const messageOctetsMax = 256 * 1024 * 1024;
const encoder = new TextEncoder();

/** What came over the session. */
export type Incoming =
  | { readonly kind: "hello"; readonly capabilities: readonly string[] }
  | { readonly kind: "reply"; readonly reply: Element }
  | { readonly kind: "broken"; readonly reason: string };

/** The manager's end of a NETCONF session (RFC 6241, RFC 6242): octets in and out. */
export class NetconfLink {
  readonly #reader = new FrameReader(messageOctetsMax);
  #isOpen = false;
  #messageId = 0;

  /** What a manager says first. */
  static readonly hello = encoder.encode(
    `<?xml version="1.0" encoding="UTF-8"?><hello xmlns="${BASE}"><capabilities>` +
      "<capability>urn:ietf:params:netconf:base:1.1</capability></capabilities></hello>]]>]]>",
  );

  /** One <rpc> as it goes out. */
  request(operation: string): Uint8Array {
    this.#messageId += 1;
    const message = encoder.encode(
      `<rpc xmlns="${BASE}" message-id="${this.#messageId}">${operation}</rpc>`,
    );
    const head = encoder.encode(`\n#${message.length}\n`);
    const tail = encoder.encode("\n##\n");
    const all = new Uint8Array(head.length + message.length + tail.length);
    all.set(head);
    all.set(message, head.length);
    all.set(tail, head.length + message.length);
    return all;
  }

  receive(bytes: Uint8Array): readonly Incoming[] {
    this.#reader.feed(bytes);
    const all: Incoming[] = [];
    for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
      if (isBadFraming(frame)) return [...all, { kind: "broken", reason: frame.reason }];
      const message = parseXml(frame);
      if (isXmlFault(message)) return [...all, { kind: "broken", reason: message.message }];
      all.push(this.#message(message));
    }
    return all;
  }

  #message(message: Element): Incoming {
    if (this.#isOpen) return { kind: "reply", reply: message };
    this.#isOpen = true;
    this.#reader.useChunks();
    const lists = message.children.filter(({ name }) => name === "capabilities");
    const capabilities = lists.flatMap((list) => list.children.map(({ text }) => text.trim()));
    return { kind: "hello", capabilities };
  }
}

/** A filter for <get> and <get-config>; the whole where it is left out. */
function filtered(filter: string | undefined): string {
  return filter === undefined ? "" : `<filter type="subtree">${filter}</filter>`;
}

/** The operations that the shell asks for. */
export const operations = {
  get: (filter: string): string => `<get>${filtered(filter)}</get>`,
  getConfig: (source: "running" | "candidate", filter?: string): string =>
    `<get-config><source><${source}/></source>${filtered(filter)}</get-config>`,
  /** Refused where the candidate would not be valid. */
  edit: (config: string): string =>
    `<edit-config><target><candidate/></target><config>${config}</config></edit-config>`,
  /** Whatever a commit will say. */
  editUntested: (config: string): string =>
    "<edit-config><target><candidate/></target><test-option>set</test-option>" +
    `<config>${config}</config></edit-config>`,
  /** What leads to the nodes that an operation is for must be there: it is not made. */
  editThere: (config: string): string =>
    "<edit-config><target><candidate/></target><default-operation>none</default-operation>" +
    `<test-option>set</test-option><config>${config}</config></edit-config>`,
  trial: (seconds: string): string =>
    `<commit><confirmed/><confirm-timeout>${escapeText(seconds)}</confirm-timeout></commit>`,
} as const;
