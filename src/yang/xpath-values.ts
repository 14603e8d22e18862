import type { XPathNode, XPathValue } from "./xpath.ts";

/** boolean(), XPath 1.0 section 4.3. */
export function toBoolean(value: XPathValue): boolean {
  if (typeof value === "object") return value.length > 0;
  return typeof value === "number" ? value !== 0 && !Number.isNaN(value) : Boolean(value);
}

/** number(), XPath 1.0 section 4.4. */
export function toNumber(value: XPathValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return stringToNumber(typeof value === "string" ? value : toStringValue(value));
}

/** string(), XPath 1.0 section 4.2: of a node set, that of its first node in document order. */
export function toStringValue(value: XPathValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberToString(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  return firstInDocument(value)?.stringValue ?? "";
}

/** XPath has neither `+` nor exponents: what it does not know is NaN. */
export function stringToNumber(text: string): number {
  const match = /^[ \t\r\n]*(-?(?:\d+(?:\.\d*)?|\.\d+))[ \t\r\n]*$/.exec(text);
  return match === null ? Number.NaN : Number(match[1]);
}

/** XPath 1.0 section 4.2: decimal without exponent; negative zero is "0". */
export function numberToString(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return value === 0 ? "0" : `${value}`;
  const text = `${value}`;
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0")}`;
}

/** The node that comes first in document order. */
export function firstInDocument(nodes: readonly XPathNode[]): XPathNode | undefined {
  let first = nodes[0];
  if (first === undefined || nodes.length === 1) return first;
  const order = new DocumentOrder();
  for (const node of nodes) if (order.compare(node, first) < 0) first = node;
  return first;
}

/** Nodes in document order: a new array. */
export function inDocumentOrder(nodes: readonly XPathNode[]): readonly XPathNode[] {
  if (nodes.length < 2) return nodes;
  const order = new DocumentOrder();
  return [...nodes].sort((a, b) => order.compare(a, b));
}

/** Compares by the paths from the root; remembers where children stand, as long as it lives. */
class DocumentOrder {
  readonly #places = new Map<XPathNode, ReadonlyMap<XPathNode, number>>();

  compare(a: XPathNode, b: XPathNode): number {
    if (a === b) return 0;
    const before = ancestry(a);
    const after = ancestry(b);
    let i = 0;
    while (before[i] !== undefined && before[i] === after[i]) i += 1;
    const left = before[i];
    const right = after[i];
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    return this.#place(left) - this.#place(right);
  }

  /** A text node is no child that its parent knows of: it comes first. */
  #place(node: XPathNode): number {
    const { parent } = node;
    if (parent === undefined) return 0;
    let places = this.#places.get(parent);
    if (places === undefined) {
      places = new Map(parent.children().map((child, i) => [child, i + 1]));
      this.#places.set(parent, places);
    }
    return places.get(node) ?? 0;
  }
}

/** From the root down to the node itself. */
function ancestry(node: XPathNode): readonly XPathNode[] {
  const path: XPathNode[] = [];
  for (let at: XPathNode | undefined = node; at !== undefined; at = at.parent) path.push(at);
  return path.reverse();
}
