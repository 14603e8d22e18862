import { parseString } from "xml2js";
import type { Element } from "../../src/xml/index.ts";

/** What an element says, whoever has read it: attributes and declarations of prefixes apart. */
export interface Outline {
  readonly namespace: string;
  readonly name: string;
  /** Namespace, name and value, in the order of names. */
  readonly attributes: readonly (readonly [string, string, string])[];
  readonly children: readonly Outline[];
  readonly text: string;
}

/** xml2js's element, with the order of children kept and namespaces resolved. */
interface Read {
  readonly "#name": string;
  readonly _?: string;
  readonly $?: Readonly<Record<string, ReadAttribute>>;
  readonly $ns: { readonly uri: string; readonly local: string };
  readonly $$?: readonly Read[];
}

interface ReadAttribute {
  readonly prefix: string;
  readonly local: string;
  readonly uri: string;
  readonly value: string;
}

const XMLNS = "http://www.w3.org/2000/xmlns/";
const TEXT = "__text__";

/** Reads a document with xml2js, which shares no code with ours; throws what it objects to. */
export function readIndependently(text: string): Outline {
  const options = {
    async: false,
    charsAsChildren: true,
    explicitChildren: true,
    explicitRoot: false,
    includeWhiteChars: true,
    preserveChildrenOrder: true,
    xmlns: true,
  };
  const results: Read[] = [];
  parseString(text, options, (error, result: Read) => {
    if (error !== null) throw error;
    results.push(result);
  });
  const [root] = results;
  if (root === undefined) throw new Error(`xml2js has read nothing of ${text}`);
  return outlineOfRead(root);
}

function outlineOfRead(read: Read): Outline {
  const inside = read.$$ ?? [];
  const attributes = Object.values(read.$ ?? {}).filter(({ uri }) => uri !== XMLNS);
  return {
    namespace: read.$ns.uri,
    name: read.$ns.local,
    attributes: inOrder(attributes.map(({ uri, local, value }) => [uri, local, value])),
    children: inside.filter((one) => one["#name"] !== TEXT).map(outlineOfRead),
    text: inside.map((one) => (one["#name"] === TEXT ? (one._ ?? "") : "")).join(""),
  };
}

/** The same of an element of ours. */
export function outlineOf({ namespace, name, attributes, children, text }: Element): Outline {
  return {
    namespace,
    name,
    attributes: inOrder(attributes.map((one) => [one.namespace, one.name, one.value])),
    children: children.map(outlineOf),
    text,
  };
}

function inOrder(attributes: readonly (readonly [string, string, string])[]) {
  return attributes.toSorted((a, b) => (a.join(" ") < b.join(" ") ? -1 : 1));
}

/** The first element of that name in it, itself included, depth first; else this throws. */
export function below(outline: Outline, name: string): Outline {
  const found = all(outline, name)[0];
  if (found === undefined) throw new Error(`there is no <${name}> in <${outline.name}>`);
  return found;
}

/** All elements of that name in it. */
export function all(outline: Outline, name: string): readonly Outline[] {
  const inside = outline.children.flatMap((child) => all(child, name));
  return outline.name === name ? [outline, ...inside] : inside;
}
