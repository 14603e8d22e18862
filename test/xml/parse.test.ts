import { describe, expect, test } from "vitest";
import {
  type Element,
  element,
  escapeAttribute,
  escapeText,
  isXmlFault,
  parseXml,
  printElement,
  XmlWriter,
} from "../../src/xml/index.ts";

function parsed(text: string | Uint8Array): Element {
  const result = parseXml(text);
  if (isXmlFault(result)) throw new Error(`${result.line}:${result.column} ${result.message}`);
  return result;
}

/** Text in, and the same element again out of what is printed of it. */
function check(text: string, printed: string): void {
  const once = parsed(text);
  expect(printElement(once, "")).toBe(printed);
  expect(printElement(parsed(printed), "")).toBe(printed);
  // Octets and text are the same document.
  expect(printElement(parsed(new TextEncoder().encode(text)), "")).toBe(printed);
}

describe("what is read is printed without prefixes, in ASCII", () => {
  const table: readonly (readonly [string, string])[] = [
    ["<a/>", "<a/>"],
    [`<?xml version="1.0" encoding="utf-8"?><a></a>`, "<a/>"],
    [`\n \n<?xml version="1.0" encoding="UTF-8"?>\n<a/>\n`, "<a/>"],
    [`<n:a xmlns:n="urn:n"><n:b>1</n:b></n:a>`, `<a xmlns="urn:n" xmlns:n="urn:n"><b>1</b></a>`],
    [`<a xmlns="urn:n"><b xmlns=""/></a>`, `<a xmlns="urn:n"><b xmlns=""/></a>`],
    ["<a>x<!-- c -->y<?pi z?><![CDATA[<&]]></a>", "<a>xy&lt;&amp;</a>"],
    ["<a>Zürich \u{1D54F} &#13; &#x41;</a>", "<a>Z&#252;rich &#120143; &#13; A</a>"],
    [`<a b="&quot;&#10;" c='1'/>`, `<a b="&quot;&#10;" c="1"/>`],
    [`<a>one<b/>two<b/></a>`, "<a>one<b/>two<b/></a>"],
    [`<a>\n  <b/>two</a>`, "<a><b/>two</a>"],
    [`<a xmlns:p="urn:p" p:x="1"><b p:y="2"/></a>`, `<a xmlns:p="urn:p" p:x="1"><b p:y="2"/></a>`],
  ];
  test.each(table)("%j", check);
});

test("a part of a document keeps the prefixes that its attributes and text use", () => {
  const whole = parsed(`<a xmlns:p="urn:p" xmlns:q="urn:q"><b p:x="1">q:v</b></a>`);
  const [part] = whole.children;
  expect(part && printElement(part, "")).toBe(`<b xmlns:p="urn:p" xmlns:q="urn:q" p:x="1">q:v</b>`);
});

test("scopes answer for the prefixes in force, inner ones first", () => {
  const root = parsed(`<a xmlns="urn:0" xmlns:p="urn:1"><b xmlns:p="urn:2" xmlns=""/><c/></a>`);
  const [b, c] = root.children;
  expect([b?.scope.lookup("p"), b?.scope.lookup(""), b?.namespace]).toEqual(["urn:2", "", ""]);
  expect([c?.scope.lookup("p"), c?.scope.lookup(""), c?.namespace]).toEqual([
    "urn:1",
    "urn:0",
    "urn:0",
  ]);
  expect(c?.scope.lookup("q")).toBeUndefined();
  expect([...(root.declarations ?? [])]).toEqual([
    ["", "urn:0"],
    ["p", "urn:1"],
  ]);
});

describe("what is refused, and where", () => {
  const table: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    ["nothing", "", /no element|document must contain a root/],
    ["an open element", "<a><b></b>", /unclosed tag/],
    ["crossed tags", "<a><b></a></b>", /unexpected close tag/],
    ["two roots", "<a/><b/>", /only one root/],
    ["a document type declaration", "<!DOCTYPE a><a/>", /document type declaration/],
    ["an entity", `<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>`, /document type declaration/],
    ["an unknown entity", "<a>&e;</a>", /entity/],
    ["an undeclared prefix", "<p:a/>", /prefix/],
    ["an undeclared prefix of an attribute", `<a p:b="1"/>`, /prefix/],
    ["an attribute twice", `<a b="1" b="2"/>`, /duplicate/],
    ["a NUL reference", "<a>&#0;</a>", /character/],
    ["octets that are no UTF-8", Uint8Array.of(0x3c, 0x61, 0x3e, 0xff), /UTF-8/],
    ["another encoding", `<?xml version="1.0" encoding="latin1"?><a/>`, /encoding/],
  ];
  test.each(table)("%s", (_, text, message) => {
    const result = parseXml(text);
    if (!isXmlFault(result)) throw new Error(`accepted: ${printElement(result, "")}`);
    expect(result.message).toMatch(message);
    expect(result.line).toBeGreaterThan(0);
    expect(result.column).toBeGreaterThan(0);
  });

  test("a fault has its line and column", () => {
    expect(parseXml("<a>\n  <b></c>\n</a>")).toMatchObject({ line: 2, column: 9 });
  });
});

describe("limits", () => {
  const limits = { depth: 4, attributes: 3, parts: 6, octets: 60 };
  const table: readonly (readonly [string, boolean])[] = [
    ["<a><a><a><a/></a></a></a>", true],
    ["<a><a><a><a><a/></a></a></a></a>", false],
    [`<a xmlns="u" b="1" c="2"/>`, true],
    [`<a xmlns="u" b="1" c="2" d="3"/>`, false],
    [`<a>${"<b/>".repeat(5)}</a>`, true],
    [`<a>${"<b/>".repeat(6)}</a>`, false],
    [`<a><!-- --><b c="1" d="2"/><b c="1"/></a>`, true],
    [`<a><!-- --><b c="1" d="2"/><b c="1"/><b/></a>`, false],
    [`<a>${"x".repeat(53)}</a>`, true],
    [`<a>${"x".repeat(54)}</a>`, false],
  ];
  test.each(table)("%s: %s", (text, fine) => {
    expect(isXmlFault(parseXml(text, limits))).toBe(!fine);
  });

  test("a leaf of ten million characters and 100,000 entries pass", () => {
    expect(parsed(`<a>${"x".repeat(1e7)}</a>`).text).toHaveLength(1e7);
    expect(parsed(`<a>${"<b><c>1</c></b>".repeat(1e5)}</a>`).children).toHaveLength(1e5);
  });
});

describe("escaping", () => {
  const table: readonly (readonly [string, string, string])[] = [
    ["plain text, 100 %", "plain text, 100 %", "plain text, 100 %"],
    ["<&>\"'", `&lt;&amp;&gt;"'`, "&lt;&amp;&gt;&quot;'"],
    ["a\tb\nc\rd", "a\tb\nc&#13;d", "a&#9;b&#10;c&#13;d"],
    ["é€\u{10FFFD}", "&#233;&#8364;&#1114109;", "&#233;&#8364;&#1114109;"],
    ["\0\ud800\uffff", "&#65533;&#65533;&#65533;", "&#65533;&#65533;&#65533;"],
  ];
  test.each(table)("%j", (text, asText, asAttribute) => {
    expect(escapeText(text)).toBe(asText);
    expect(escapeAttribute(text)).toBe(asAttribute);
  });
});

describe("the writer", () => {
  test("declares a default namespace where it changes, and only there", () => {
    const writer = new XmlWriter("urn:0");
    writer.open("urn:0", "a", [{ name: "x", value: "1 < 2" }]);
    writer.leaf("urn:0", "b", "é").leaf("urn:1", "c", "").open("urn:1", "d");
    writer.leaf("urn:1", "e", "f").text("<").close().raw("<g/>").close();
    expect(writer.toString()).toBe(
      `<a x="1 &lt; 2"><b>&#233;</b><c xmlns="urn:1"/>` +
        `<d xmlns="urn:1"><e>f</e>&lt;</d><g/></a>`,
    );
  });

  test("declares the prefixes of attributes once", () => {
    const attributes = ["x", "y"].map((name) => {
      return { name, value: "1", namespace: "urn:p", prefix: "p" };
    });
    expect(new XmlWriter().leaf("", "a", "", attributes).toString()).toBe(
      `<a xmlns:p="urn:p" p:x="1" p:y="1"/>`,
    );
  });

  test("prints elements made by hand", () => {
    const made = element("urn:a", "a", { children: [element("urn:b", "b", { text: "1" })] });
    expect(new XmlWriter().element(made).toString()).toBe(
      `<a xmlns="urn:a"><b xmlns="urn:b">1</b></a>`,
    );
  });
});
