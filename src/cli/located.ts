import type { RpcFault } from "../base/index.ts";

// Where in a text its nodes are. Made when somebody has to be told of a fault, of a text that has
// been read before: trees of data know nothing of it.

/** An element of XML, or a member of JSON and each entry of its array. */
interface LocatedNode {
  /** As it is written, with the prefix or module that there may be. */
  readonly name: string;
  /** UTF-16 units from the beginning of the text. */
  readonly offset: number;
  /** Where its name is: not the same for the entries of an array. */
  readonly nameOffset: number;
  readonly children: LocatedNode[];
  /** Of a leaf. */
  text: string;
}

/** Lines and columns count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** The nodes of a text, by the paths that faults have. */
export class LocatedText {
  readonly #lines: Lines;
  readonly #top: LocatedNode;

  /** `text`: well-formed XML, or JSON. */
  constructor(text: string, form: "xml" | "json") {
    this.#lines = new Lines(text);
    this.#top = form === "json" ? scanJson(text).top : scanXml(text);
  }

  /** The node at fault, or the nearest one above it that is there. */
  find({ path, info = [] }: RpcFault): TextPosition {
    const steps = stepsOf(path?.text ?? "");
    let found = this.#start(steps[0]);
    for (const [i, step] of steps.entries()) {
      const next = i === 0 ? found : entryOf(found, step);
      if (next === undefined) break;
      found = next;
    }
    // What has no place in the schema has no path: its parent has, and its name is told.
    const bad = info.find(({ name }) => name === "bad-element")?.value;
    const named = found?.children.find(({ name }) => localName(name) === localName(bad ?? ""));
    const node = found ?? this.#top.children[0];
    return this.#lines.positionOf(named?.nameOffset ?? node?.offset ?? 0);
  }

  /** A top-level node, below <rpc>, <action> and whatever wrappers there are. */
  #start(step: Step | undefined): LocatedNode | undefined {
    let level: readonly LocatedNode[] = [this.#top];
    for (let depth = 0; depth < WRAPPERS_MAX; depth++) {
      if (step === undefined) return undefined;
      for (const parent of level) {
        const found = entryOf(parent, step);
        if (found !== undefined) return found;
      }
      level = level.flatMap(({ children }) => children);
    }
    return undefined;
  }
}

/** <rpc>, <action>, and the top of the text, which is no node. */
const WRAPPERS_MAX = 4;

/** Members that stand twice in one object (RFC 8259 section 4; RFC 7951 has no use for that). */
export function duplicateMembers(text: string): readonly (TextPosition & { message: string })[] {
  const lines = new Lines(text);
  return scanJson(text).duplicates.map(({ name, offset, first }) => {
    const { line } = lines.positionOf(first);
    const message = `"${name}" stands twice in one object, the first time in line ${line}`;
    return { ...lines.positionOf(offset), message };
  });
}

/** Where the lines of a text begin. */
class Lines {
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  }

  positionOf(offset: number): TextPosition {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}

interface Step {
  readonly name: string;
  /** Leaves and their values; "." is the node's own. */
  readonly values: readonly (readonly [leaf: string, value: string])[];
  /** Counting from 1. */
  readonly position: number | undefined;
}

const STEP = /\/(?:[\w.-]+:)?([\w.-]+)((?:\[(?:'[^']*'|"[^"]*"|[^\]'"])*\])*)/g;
const PREDICATE = /\[(?:(?:[\w.-]+:)?([\w.-]+)=(?:'([^']*)'|"([^"]*)")|(\d+))\]/g;

/** An error-path, as data/path.ts prints it. */
function stepsOf(path: string): readonly Step[] {
  return Array.from(path.matchAll(STEP), ([, name = "", predicates = ""]) => {
    const found = [...predicates.matchAll(PREDICATE)];
    const values = found.flatMap(([, leaf, single, double]) =>
      leaf === undefined ? [] : [[leaf, single ?? double ?? ""] as const],
    );
    const position = found.find(([, , , , digits]) => digits !== undefined)?.[4];
    return { name, values, position: position === undefined ? undefined : Number(position) };
  });
}

function entryOf(parent: LocatedNode | undefined, step: Step): LocatedNode | undefined {
  const named = parent?.children.filter(({ name }) => localName(name) === step.name) ?? [];
  if (step.position !== undefined) return named[step.position - 1];
  return named.find((node) =>
    step.values.every(([leaf, value]) => {
      const holder =
        leaf === "." ? node : node.children.find(({ name }) => localName(name) === leaf);
      // Prefixes are the document's own: what stands behind them must do.
      return holder !== undefined && localName(holder.text.trim()) === localName(value);
    }),
  );
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function newNode(name: string, offset: number, nameOffset = offset): LocatedNode {
  return { name, offset, nameOffset, children: [], text: "" };
}

const MARKUP =
  /<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(\/?)([^\s/>]+)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gs;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
  ["&amp;", "&"],
]);

/** What a reference stands for (XML 1.0 section 4.1). The text has been read: it is a good one. */
function referred(reference: string): string {
  const [, hexadecimal, decimal] = /^&#(?:x([\da-f]+)|(\d+));$/i.exec(reference) ?? [];
  if (hexadecimal !== undefined) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
  if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
  return ENTITIES.get(reference) ?? reference;
}

function scanXml(text: string): LocatedNode {
  const top = newNode("", 0);
  const open = [top];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    const [markup, slash, name, rest = ""] = match;
    const parent = open.at(-1) ?? top;
    parent.text += text.slice(end, match.index).replace(/&#?\w+;/g, referred);
    end = match.index + markup.length;
    if (markup.startsWith("<![CDATA[")) parent.text += markup.slice(9, -3);
    if (name === undefined) continue;
    if (slash === "/") {
      open.pop();
      continue;
    }
    const node = newNode(name, match.index);
    parent.children.push(node);
    if (!rest.endsWith("/")) open.push(node);
  }
  return top;
}

interface Duplicate {
  readonly name: string;
  readonly offset: number;
  readonly first: number;
}

/** An object or an array that is open. */
interface OpenJson {
  /** Whose members these are; of an array, whose siblings its entries are. */
  readonly parent: LocatedNode;
  /** Of an array: the member that it is the value of. */
  readonly member: string | undefined;
  readonly memberOffset: number;
  /** Of an object: its members so far. */
  readonly seen: Map<string, number>;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]]|[^\s{}[\],:"]+/g;

/** Directly inside of an object every other token is the name of a member. */
function scanJson(text: string): { top: LocatedNode; duplicates: readonly Duplicate[] } {
  const top = newNode("", 0);
  const duplicates: Duplicate[] = [];
  const open: OpenJson[] = [];
  let member: { readonly name: string; readonly offset: number } | undefined;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const around = open.at(-1);
    if (token === "}" || token === "]") {
      open.pop();
      continue;
    }
    if (member === undefined && around?.member === undefined && around !== undefined) {
      const name = String(JSON.parse(token));
      const first = around.seen.get(name);
      if (first !== undefined) duplicates.push({ name, offset: index, first });
      else around.seen.set(name, index);
      member = { name, offset: index };
      continue;
    }
    const name = member?.name ?? around?.member;
    const offset = member?.offset ?? index;
    const nameOffset = member?.offset ?? around?.memberOffset;
    const parent = around?.parent ?? top;
    member = undefined;
    if (token === "[") {
      open.push({ parent, member: name ?? "", memberOffset: offset, seen: new Map() });
      continue;
    }
    const node = name === undefined ? top : newNode(name, offset, nameOffset);
    if (name !== undefined) parent.children.push(node);
    if (token === "{")
      open.push({ parent: node, member: undefined, memberOffset: offset, seen: new Map() });
    else node.text = token.startsWith('"') ? String(JSON.parse(token)) : token;
  }
  return { top, duplicates };
}
