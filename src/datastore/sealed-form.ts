import { type DataNode, printXml } from "../data/index.ts";
import { type Element, isXmlFault, parseXml } from "../xml/index.ts";
import type { DataSchemaNode, Schema } from "../yang/index.ts";
import { unreadable } from "./kept-file.ts";

/** Makes a text that nobody else can read or change unnoticed. */
export interface Sealer {
  seal(plain: Uint8Array): string;
  /** undefined: not sealed by this one, or altered. */
  open(text: string): Uint8Array | undefined;
}

/** The namespace of what is ours in a stored document. */
export const STORED = "urn:ntpconfd:stored";
const SEALED = "sealed";

/**
 * How secrets lie on disk: whatever is under nacm:default-deny-all (RFC 8341) is one <sealed>
 * element with its XML inside, encrypted. What was stored in clear is read as well.
 */
export class SealedForm {
  readonly #schema: Schema;
  readonly #sealer: Sealer | undefined;
  /** The nodes that are sealed or have such below. */
  readonly #holders = new Set<DataSchemaNode>();

  constructor(schema: Schema, sealer: Sealer | undefined) {
    this.#schema = schema;
    this.#sealer = sealer;
    if (sealer !== undefined) for (const node of schema.dataChildren) this.#find(node);
  }

  /** What is printed instead of a node; undefined: the node itself. */
  readonly instead = (node: DataNode): string | undefined => {
    if (this.#sealer === undefined || !isSecret(node.schema)) return undefined;
    const text = this.seal(printXml([node], { schema: this.#schema }));
    return `<${SEALED} xmlns="${STORED}">${text}</${SEALED}>`;
  };

  /** Whether something secret may lie at the node or below. */
  holds(schema: DataSchemaNode): boolean {
    return this.#holders.has(schema);
  }

  seal(text: string): string {
    return this.#sealer?.seal(new TextEncoder().encode(text)) ?? text;
  }

  /** Throws RpcError where the text does not open; `what` names the file. */
  open(text: string, what: string): string {
    const plain = this.#sealer?.open(text);
    if (plain !== undefined) return new TextDecoder().decode(plain);
    throw unreadable(what, "what is sealed in it does not open under the at-rest key");
  }

  /** Elements with the sealed ones opened. Throws RpcError. */
  opened(elements: readonly Element[], what: string): readonly Element[] {
    let changed: Element[] | undefined;
    for (const [i, element] of elements.entries()) {
      const now = this.#openedOne(element, what);
      if (changed === undefined && (now.length !== 1 || now[0] !== element)) {
        changed = elements.slice(0, i);
      }
      changed?.push(...now);
    }
    return changed ?? elements;
  }

  #openedOne(element: Element, what: string): readonly Element[] {
    if (element.namespace === STORED && element.name === SEALED) {
      const root = parseXml(`<sealed>${this.open(element.text, what)}</sealed>`);
      if (isXmlFault(root)) throw unreadable(what, `what is sealed in it: ${root.message}`);
      return root.children;
    }
    const children = this.opened(element.children, what);
    return children === element.children ? [element] : [{ ...element, children }];
  }

  #find(node: DataSchemaNode): boolean {
    const below =
      "dataChildren" in node && node.dataChildren.map((child) => this.#find(child)).includes(true);
    const holds = below || isSecret(node);
    if (holds) this.#holders.add(node);
    return holds;
  }
}

/** A list whose key is secret is so altogether: an entry cannot be without its keys. */
function isSecret(schema: DataSchemaNode): boolean {
  if (schema.defaultDeny === "all") return true;
  return schema.kind === "list" && schema.keys.some((key) => key.defaultDeny === "all");
}
