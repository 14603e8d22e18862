import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Element,
  element,
  isXmlFault,
  parseXml,
  printElement,
  XmlWriter,
} from "../../src/xml/index.ts";
import { outlineOf, readIndependently } from "./independent.ts";

// Reader and writer of one hand could share a mistake: here xml2js reads what we print.

const namespaces = fc.constantFrom<string>("", "urn:a", "urn:b?x=1&y='2'");
const names = fc.constantFrom("a", "b", "_c-1.d", "constructor", "prefix", "xmlData");
const marks = ["<", "&", ">", '"', "'", "]]>", "\n", "\r", "\t", " ", "é", "\u{1D54F}", "&lt;"];
const texts = fc
  .array(fc.oneof(fc.constantFrom(...marks), fc.string({ maxLength: 3 })), { maxLength: 4 })
  // What XML 1.0 has no form for is replaced when it is printed: a law of escapeText alone.
  .map((pieces) =>
    pieces.join("").replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ""),
  );
const attribute = fc.record({ namespace: namespaces, name: names, value: texts });

const { tree } = fc.letrec<{ tree: Element }>((tie) => ({
  tree: fc
    .tuple(
      namespaces,
      names,
      fc.uniqueArray(attribute, {
        maxLength: 3,
        selector: (one) => `${one.namespace} ${one.name}`,
      }),
      fc.oneof(
        { depthSize: "small" },
        texts,
        fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
      ),
    )
    .map(([namespace, name, attributes, inside]) => {
      const uris = [...new Set(attributes.map((one) => one.namespace))].filter((uri) => uri !== "");
      const prefixOf = (uri: string): string => (uri === "" ? "" : `p${uris.indexOf(uri)}`);
      return element(namespace, name, {
        attributes: attributes.map((one) => ({ ...one, prefix: prefixOf(one.namespace) })),
        declarations: new Map(uris.map((uri) => [prefixOf(uri), uri])),
        ...(typeof inside === "string" ? { text: inside } : { children: inside }),
      });
    }),
}));

test("what is printed, xml2js reads as what it was, and so do we", () => {
  fc.assert(
    fc.property(tree, (printed) => {
      const text = printElement(printed, "");
      expect(readIndependently(text)).toEqual(outlineOf(printed));
      const again = parseXml(text);
      if (isXmlFault(again)) throw new Error(again.message);
      expect(outlineOf(again)).toEqual(outlineOf(printed));
    }),
    { numRuns: 500 },
  );
});

test("so it is with what the writer makes of an element piece by piece", () => {
  const write = (writer: XmlWriter, { namespace, name, attributes, children, text }: Element) => {
    if (children.length === 0) return void writer.leaf(namespace, name, text, attributes);
    writer.open(namespace, name, attributes);
    for (const child of children) write(writer, child);
    writer.close();
  };
  fc.assert(
    fc.property(tree, (written) => {
      const writer = new XmlWriter();
      write(writer, written);
      expect(readIndependently(writer.toString())).toEqual(outlineOf(written));
    }),
    { numRuns: 500 },
  );
});

describe("what others may send is read alike", () => {
  test.each([
    `<?xml version="1.0"?><a>x<!-- c -->y<?pi z?><![CDATA[<&]]></a>`,
    `<n:a xmlns:n="urn:n"><n:b n:c="1" d="2"/><e xmlns="urn:e"><f xmlns=""/></e></n:a>`,
    `<a xmlns:p="urn:1"><p:b xmlns:p="urn:2"><p:c/></p:b><p:d/></a>`,
    "<a>one<b> </b>two<b>&#x41;&#66;&amp;</b>\n</a>",
    `<a xml:lang="de">Zürich \u{1D54F}</a>`,
    "<a>\r\n<b>1\r2</b></a>".replaceAll("\r", "&#13;"),
  ])("%s", (text) => {
    const ours = parseXml(text);
    if (isXmlFault(ours)) throw new Error(ours.message);
    expect(outlineOf(ours)).toEqual(readIndependently(text));
  });
});
