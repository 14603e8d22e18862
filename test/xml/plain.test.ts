import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Element, isXmlFault, parseXml, xmlLimits } from "../../src/xml/index.ts";
import { parsePlain } from "../../src/xml/plain.ts";

const BASE = "urn:ietf:params:xml:ns:netconf:base:1.0";

interface Shape {
  readonly name: string;
  readonly text: string;
  readonly mixed: readonly (string | Shape)[] | undefined;
  readonly attributes: Element["attributes"];
  readonly declared: readonly (readonly [string, string])[];
  readonly scope: readonly (string | undefined)[];
  readonly children: readonly Shape[];
}

/** All that can be asked of an element. */
function shapeOf(element: Element): Shape {
  return {
    name: `{${element.namespace}}${element.name}`,
    text: element.text,
    mixed: element.mixed?.map((part) => (typeof part === "string" ? part : shapeOf(part))),
    attributes: element.attributes,
    declared: [...element.declarations],
    scope: ["", "a", "b", "xml", "xmlns", "zz"].map((prefix) => element.scope.lookup(prefix)),
    children: element.children.map(shapeOf),
  };
}

/** A comment says nothing, but keeps the text from being plain. */
function byTheOther(text: string): Element | undefined {
  const commented = `${text}<!-- -->`;
  expect(parsePlain(commented, xmlLimits)).toBeUndefined();
  const found = parseXml(commented);
  return isXmlFault(found) ? undefined : found;
}

function checkAlike(text: string): void {
  const plain = parsePlain(text, xmlLimits);
  if (plain === undefined) return;
  const other = byTheOther(text);
  expect(other && shapeOf(other), JSON.stringify(text)).toEqual(shapeOf(plain));
}

const plainDocuments = [
  `<rpc xmlns="${BASE}" message-id="1"><get-config><source><running/></source></get-config></rpc>`,
  `<?xml version="1.0" encoding="UTF-8"?>\n<nc:rpc xmlns:nc="${BASE}" nc:x='1' y="a > b">\n` +
    `  <nc:get/>\n</nc:rpc>\n`,
  `<a xmlns="urn:0" xmlns:a="urn:1"><b xmlns="" a:c="1"> x </b ><a:d>1 &lt; 2 &#x41;</a:d></a>`,
  `<a xml:lang="en"><b>Zürich &amp; Bern</b><c x="&quot;"/></a>`,
];

test.each(plainDocuments)("what managers send is plain: %j", (text) => {
  expect(parsePlain(text, xmlLimits)).toBeDefined();
  checkAlike(text);
});

describe("what is understood is read as the parser for all of XML reads it", () => {
  const marks = ["<", ">", "/", "&", ";", '"', "'", "=", " ", "\n", "\r", "\t", "\0", ":", "-"];
  const words = ["xmlns", 'xmlns:a="urn:1"', 'xmlns=""', "a", "b:", "]]>", "&#13;", "&#0;", "&x;"];
  const odd = ["<!--", "<?", "<![CDATA[", "\u{1D54F}", "\uFFFE", "\u0085", "ü", "<a/>", "</a>"];
  const pieces = fc.constantFrom(...marks, ...words, ...odd);

  test("with anything put into it, anywhere", () => {
    const edit = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3), pieces);
    const documents = fc.constantFrom(...plainDocuments);
    fc.assert(
      fc.property(documents, fc.array(edit, { maxLength: 3 }), (document, edits) => {
        let text = document;
        for (const [where, removed, piece] of edits) {
          const at = Math.floor(where * text.length);
          text = text.slice(0, at) + piece + text.slice(at + removed);
        }
        checkAlike(text);
      }),
      { numRuns: 3_000 },
    );
  });

  test("made of tags and attributes in any order", () => {
    const names = fc.constantFrom("a", "a:a", "b:x-1", "_b.2", "1a", "a:b:c", "xml:a", "xmlns:q");
    const values = fc.constantFrom("", "urn:1", " urn:1", "x&lt;", "a\nb", "<");
    const attribute = fc
      .tuple(fc.constantFrom("a", "b", "a:a", "b:a", "xmlns", "xmlns:a", "xmlns:b"), values)
      .map(([name, value]) => ` ${name}="${value}"`);
    const { element } = fc.letrec<{ element: string }>((tie) => ({
      element: fc
        .tuple(
          names,
          fc.array(attribute, { maxLength: 4 }),
          fc.array(
            fc.oneof({ depthSize: "small" }, fc.constantFrom("", " ", "t"), tie("element")),
            {
              maxLength: 3,
            },
          ),
        )
        .map(([name, attributes, inside]) => {
          return `<${name}${attributes.join("")}>${inside.join("")}</${name}>`;
        }),
    }));
    fc.assert(fc.property(element, checkAlike), { numRuns: 3_000 });
  });
});

test("what is beyond the limits is left to the other", () => {
  const limits = { depth: 3, attributes: 2, parts: 5 };
  expect(parsePlain("<a><b><c/></b></a>", limits)).toBeDefined();
  expect(parsePlain("<a><b><c><d/></c></b></a>", limits)).toBeUndefined();
  expect(parsePlain(`<a b="1" c="2"/>`, limits)).toBeDefined();
  expect(parsePlain(`<a b="1" c="2" d="3"/>`, limits)).toBeUndefined();
  expect(parsePlain(`<a><b c="1"/><b c="2"/></a>`, limits)).toBeDefined();
  expect(parsePlain(`<a><b c="1"/><b c="2" d="3"/></a>`, limits)).toBeUndefined();
  expect(parsePlain("<a><b/><b/><b/><b/><b/></a>", limits)).toBeUndefined();
});
