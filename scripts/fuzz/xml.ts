import { SaxesParser } from "saxes";
import { type Element, isXmlFault, parseXml, printElement } from "../../src/xml/index.ts";
import { parsePlain } from "../../src/xml/plain.ts";
import type { Chance } from "./chance.ts";
import { type FuzzTarget, holds } from "./target.ts";

const limits = { depth: 12, attributes: 6, parts: 2_000, octets: 100_000 };
const names = ["a", "b", "rpc", "p:a", "q:b", "xml:id", "xmlns", "a.b-c", "ä", "1a", "p:", "a:b:c"];
const spaces = ["urn:1", "urn:2", "", "http://www.w3.org/XML/1998/namespace", "&amp;", "a'b"];
const texts = ["x", " ", "&lt;", "&#65;", "&#x10FFFF;", "&#0;", "&nothing;", "&", "]]>", "é", "\r"];

/** Documents: what is read once is read alike when it was printed, and no parser knows better. */
export const xml: FuzzTarget = {
  name: "xml",
  quick: 600,
  make(chance) {
    const document = prolog(chance) + element(chance, 0) + chance.join(2, () => misc(chance));
    const tokens = [...names, ...texts, "<", ">", "/>", "</", "<!--", "<![CDATA[", "<?", "xmlns="];
    const text = chance.happens(0.5) ? chance.damagedText(document, tokens) : document;
    const bytes = new TextEncoder().encode(text);
    return chance.happens(0.2) ? chance.damaged(bytes) : bytes;
  },
  run(input) {
    const found = parseXml(input, limits);
    const text = decoded(input);
    if (isXmlFault(found)) {
      holds(found.line >= 1 && found.column >= 1, () => `a fault at ${found.line}:${found.column}`);
      holds(text === undefined || parsePlain(text, limits) === undefined, () => "two opinions");
      return;
    }
    holds(text !== undefined, () => "a document that is not UTF-8 was read");
    holds(saxesReads(text), () => "a document was read that is not well-formed");
    const printed = printElement(found, "");
    // The printer declares namespaces of its own, each an attribute more.
    const again = parseXml(printed, { ...limits, attributes: 2 * limits.attributes });
    holds(!isXmlFault(again), () => `what was printed cannot be read: ${printed}`);
    holds(shapeOf(again) === shapeOf(found), () => `printed and read, it differs: ${printed}`);
  },
};

function decoded(input: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(input);
  } catch {
    return undefined;
  }
}

function saxesReads(text: string): boolean {
  // Of whatever version it says that it is, it is read as XML 1.0 (section 2.8).
  const version = { defaultXMLVersion: "1.0", forceXMLVersion: true } as const;
  const parser = new SaxesParser({ xmlns: true, position: false, ...version });
  try {
    parser.write(text.trimStart()).close();
    return true;
  } catch {
    return false;
  }
}

/** Names, values and texts; prefixes and declarations are the printer's own. */
function shapeOf(one: Element): string {
  const { namespace, name, text, attributes, children } = one;
  const own = attributes.map((a) => [a.namespace, a.name, a.value]).sort();
  return (
    JSON.stringify([namespace, name, children.length === 0 ? text : "", own]) +
    children.map(shapeOf)
  );
}

function prolog(chance: Chance): string {
  return chance.oneOf(
    () => "",
    () => '<?xml version="1.0" encoding="UTF-8"?>',
    () =>
      `<?xml version="${chance.pick(["1.0", "1.1"])}" encoding='${chance.pick(["utf-8", "latin1"])}'?>`,
    () => chance.pick([" ", "\n", "\ufeff"]) + misc(chance),
    () => '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]>',
  );
}

function misc(chance: Chance): string {
  return chance.pick(["<!-- - -->", "<?pi x?>", " ", "<!-- -- -->", "<?xml?>", "\n"]);
}

function element(chance: Chance, depth: number): string {
  const name = chance.pick(names);
  const attributes = chance.join(7, () => attribute(chance));
  if (chance.happens(0.2)) return `<${name}${attributes}/>`;
  const most = depth > 14 ? 0 : 4;
  const inside = chance.join(most, () =>
    chance.happens(0.6) ? element(chance, depth + 1) : content(chance),
  );
  const end = chance.happens(0.97) ? name : chance.pick(names);
  return `<${name}${attributes}>${inside}</${end}>`;
}

function content(chance: Chance): string {
  return chance.oneOf(
    () => chance.join(6, () => chance.pick(texts.slice(0, 5))),
    () => chance.pick(texts),
    () => `<![CDATA[${chance.pick(["x", "<", "]]", "&"])}]]>`,
    () => misc(chance),
  );
}

function attribute(chance: Chance): string {
  const quote = chance.pick(['"', "'"]);
  const declared = chance.pick(["xmlns", "xmlns:p", "xmlns:q", "xmlns:xml", "xmlns:xmlns"]);
  return chance.happens(0.6)
    ? ` ${declared}=${quote}${chance.pick(spaces)}${quote}`
    : ` ${chance.pick(names)}=${quote}${chance.pick(texts)}${quote}`;
}
