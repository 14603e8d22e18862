import { beforeAll, describe, expect, test } from "vitest";
import { faultsOf, type Manager, top, World } from "./world.ts";

const FILL =
  "<name>n</name><num>4</num><tag>t1</tag><tag>t2</tag>" +
  "<seq>z</seq><seq>a</seq>" +
  "<item><id>a</id><value>1</value><size>10</size><inner><a>x</a><b>y</b></inner></item>" +
  "<item><id>b</id><value>2</value><size>20</size></item>" +
  "<item><id>c</id><value>1</value></item>" +
  "<step><name>second</name></step><step><name>first</name></step>" +
  "<pair><x>1</x><y>cat</y><note>p</note></pair><pair><x>1</x><y>dog</y></pair>" +
  "<pres/>";
const OTHER = `<other xmlns="urn:lab"><note>o</note></other>`;
const TWIN = `<other xmlns="urn:twin"><note>twin</note></other>`;
const OTHER_FILTER = `<other xmlns="urn:lab"/>`;
const A = "<item><id>a</id><value>1</value><size>10</size><inner><a>x</a><b>y</b></inner></item>";
const B = "<item><id>b</id><value>2</value><size>20</size></item>";
const C = "<item><id>c</id><value>1</value></item>";

let manager: Manager;

beforeAll(() => {
  manager = new World().open();
  manager.edit(top(FILL) + OTHER + TWIN);
  manager.rpc("<commit/>");
});

/** What a filter selects out of running; twice, because reads change nothing. */
function select(filter: string): string {
  const operation = `<get-config><source><running/></source>${filter}</get-config>`;
  const reply = manager.rpc(operation);
  expect(manager.rpc(operation)).toBe(reply);
  expect(reply === "<data/>" || /^<data>.+<\/data>$/.test(reply)).toBe(true);
  return reply === "<data/>" ? "" : reply.slice("<data>".length, -"</data>".length);
}

describe("subtree filters (RFC 6241 section 6)", () => {
  const inTop: readonly (readonly [string, string, string])[] = [
    ["a leaf", "<name/>", "<name>n</name>"],
    ["white space alone is selection", "<name>\n </name>", "<name>n</name>"],
    ["two leaves, in the order of the schema", "<num/><name/>", "<name>n</name><num>4</num>"],
    ["entries whole", "<item/>", A + B + C],
    [
      "keys come along",
      "<item><size/></item>",
      "<item><id>a</id><size>10</size></item><item><id>b</id><size>20</size></item>",
    ],
    [
      "a key as selection",
      "<item><id/></item>",
      "<item><id>a</id></item><item><id>b</id></item><item><id>c</id></item>",
    ],
    ["content match alone: the whole entry", "<item><id>a</id></item>", A],
    ["white space around a value", "<item><id>\n a </id></item>", A],
    [
      "content match and selection",
      "<item><id>b</id><size/></item>",
      "<item><id>b</id><size>20</size></item>",
    ],
    [
      "content match and a selection that is not there",
      "<item><id>c</id><size/></item>",
      "<item><id>c</id></item>",
    ],
    ["a leaf that is no key", "<item><value>1</value></item>", A + C],
    [
      "a leaf that is no key, with selection",
      "<item><value>1</value><size/></item>",
      "<item><id>a</id><value>1</value><size>10</size></item><item><id>c</id><value>1</value></item>",
    ],
    ["matches are anded", "<item><value>2</value><size>20</size></item>", B],
    ["matches that contradict", "<item><value>1</value><size>20</size></item>", ""],
    ["no such entry", "<item><id>z</id></item>", ""],
    [
      "subtrees are ored, without duplicates",
      "<item><id>b</id></item><item><value>2</value></item><item><id>a</id><size/></item>",
      `<item><id>a</id><size>10</size></item>${B}`,
    ],
    [
      "two selections in one entry",
      "<item><id>a</id><size/></item><item><id>a</id><value/></item>",
      "<item><id>a</id><value>1</value><size>10</size></item>",
    ],
    ["the whole covers its parts", "<item><id>a</id><size/></item><item/>", A + B + C],
    [
      "a container inside",
      "<item><inner><b/></inner></item>",
      "<item><id>a</id><inner><b>y</b></inner></item>",
    ],
    [
      "content match further inside",
      "<item><inner><a>x</a></inner></item>",
      "<item><id>a</id><inner><a>x</a><b>y</b></inner></item>",
    ],
    ["content match of the container itself", "<name>n</name>", FILL],
    ["content match that fails", "<name>other</name><num/>", ""],
    ["content match beside selection", "<name>n</name><num/>", "<name>n</name><num>4</num>"],
    ["an integer is compared by value", "<num>+04</num><flag/>", "<num>4</num>"],
    ["what is no value matches nothing", "<num>four</num>", ""],
    ["a leaf-list", "<tag/>", "<tag>t1</tag><tag>t2</tag>"],
    ["one entry of a leaf-list", "<tag>t2</tag><num/>", "<num>4</num><tag>t2</tag>"],
    [
      "the user's order is kept",
      "<seq/><step/>",
      "<seq>z</seq><seq>a</seq><step><name>second</name></step><step><name>first</name></step>",
    ],
    [
      "two keys",
      "<pair><x>1</x><y>cat</y></pair>",
      "<pair><x>1</x><y>cat</y><note>p</note></pair>",
    ],
    [
      "an identity by prefix",
      `<pair xmlns:p="urn:lab"><y>p:dog</y></pair>`,
      "<pair><x>1</x><y>dog</y></pair>",
    ],
    ["an identity by another prefix", `<pair xmlns:p="urn:twin"><y>p:dog</y></pair>`, ""],
    ["a presence container", "<pres/>", "<pres/>"],
    ["attributes match nothing", `<name x="1"/>`, ""],
    ["unknown names match nothing", "<bogus/>", ""],
    ["unknown names beside others", "<bogus/><num/>", "<num>4</num>"],
    ["an unknown namespace", `<name xmlns="urn:nobody"/>`, ""],
    ["children under a leaf", "<name><x/></name>", ""],
  ];
  test.each(inTop)("%s", (_, inner, selected) => {
    const expected = selected === "" ? "" : top(selected);
    expect(select(`<filter type="subtree">${top(inner)}</filter>`)).toBe(expected);
    // Without a type it is a subtree filter, and elements without a namespace go by name.
    expect(select(`<filter>${top(inner)}</filter>`)).toBe(expected);
    if (!inner.includes("p:")) {
      const bare = `<top xmlns="">${inner}</top>`;
      expect(select(`<filter>${bare}</filter>`)).toBe(expected);
    }
  });

  const whole: readonly (readonly [string, string, string])[] = [
    ["an empty filter selects nothing", `<filter type="subtree"/>`, ""],
    ["an unknown namespace selects nothing", `<filter><top xmlns="urn:nobody"/></filter>`, ""],
    [
      "a qualified type",
      `<nc:filter xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:type="subtree">${OTHER_FILTER}</nc:filter>`,
      OTHER,
    ],
    ["two trees", `<filter>${OTHER_FILTER}<other xmlns="urn:twin"/></filter>`, OTHER + TWIN],
    ["a name that two modules have", `<filter xmlns=""><other/></filter>`, OTHER + TWIN],
    ["no filter: everything", "", top(FILL) + OTHER + TWIN],
  ];
  test.each(whole)("%s", (_, filter, selected) => expect(select(filter)).toBe(selected));
});

describe("XPath filters (RFC 6241 section 8.9)", () => {
  const xpath = (expression: string, more = `xmlns:q="urn:lab"`): string =>
    `<filter type="xpath" ${more} select="${expression}"/>`;

  const table: readonly (readonly [string, string, string])[] = [
    [
      "a leaf of an entry, with its key",
      xpath("/q:top/q:item[q:id='b']/q:size"),
      top("<item><id>b</id><size>20</size></item>"),
    ],
    ["an entry", xpath("/q:top/q:item[q:id='a']"), top(A)],
    ["a union", xpath("/q:top/q:name | /q:other"), top("<name>n</name>") + OTHER],
    [
      "parts of one entry",
      xpath("//q:item[q:id='a']/q:size | //q:item[1]/q:value"),
      top("<item><id>a</id><value>1</value><size>10</size></item>"),
    ],
    ["anywhere", xpath("//q:inner/q:b"), top("<item><id>a</id><inner><b>y</b></inner></item>")],
    ["the root", xpath("/"), top(FILL) + OTHER + TWIN],
    ["a predicate by position", xpath("/q:top/q:step[1]"), top("<step><name>second</name></step>")],
    [
      "the user's order is kept",
      xpath("//q:step[2] | //q:step[1]"),
      top("<step><name>second</name></step><step><name>first</name></step>"),
    ],
    ["a leaf-list entry", xpath("//q:tag[.='t2']"), top("<tag>t2</tag>")],
    [
      "an identity",
      xpath("//q:pair[derived-from-or-self(q:y, 'q:dog')]/q:x"),
      top("<pair><x>1</x><y>dog</y></pair>"),
    ],
    ["nothing", xpath("/q:top/q:bogus"), ""],
    [
      "names without prefix",
      xpath("/top/item[id='b']/size", ""),
      top("<item><id>b</id><size>20</size></item>"),
    ],
    ["names without prefix, in any module", xpath("/other/note", ""), OTHER + TWIN],
    ["module names as prefixes", xpath("/lab:top/lab:num", ""), top("<num>4</num>")],
    [
      "a declared prefix counts more than a module's name",
      xpath("/lab:other", `xmlns:lab="urn:twin"`),
      TWIN,
    ],
    ["a default in use is not there unless asked for", xpath("/q:top/q:dflt"), ""],
  ];
  test.each(table)("%s", (_, filter, selected) => expect(select(filter)).toBe(selected));

  const bad: readonly (readonly [string, string])[] = [
    ["a syntax error", xpath("/q:top[")],
    ["an undeclared prefix", xpath("/nope:top")],
    ["a number", xpath("count(/q:top)")],
    ["a string", xpath("'x'")],
  ];
  test.each(bad)("%s is invalid-value, with what is wrong", (_, filter) => {
    const reply = manager.rpc(`<get-config><source><running/></source>${filter}</get-config>`);
    const [fault] = faultsOf(reply);
    expect(fault).toMatchObject({
      type: "protocol",
      tag: "invalid-value",
      info: "<bad-attribute>select</bad-attribute><bad-element>filter</bad-element>",
    });
    expect(fault?.message).toMatch(/XPath expression: .+|selects no nodes/);
  });
});

describe("with-defaults (RFC 6243)", () => {
  const NS = `xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults"`;
  const WD = `xmlns:wd="urn:ietf:params:xml:ns:netconf:default:1.0" wd:default="true"`;
  const filter = `<filter>${top("<dflt/><item><id/><size/></item>")}</filter>`;
  const xpath = `<filter type="xpath" select="/top/dflt | /top/item/size"/>`;
  const item = (id: string, size = ""): string => `<item><id>${id}</id>${size}</item>`;

  const table: readonly (readonly [string, string])[] = [
    ["explicit", top(item("a", "<size>10</size>") + item("b", "<size>20</size>") + item("c"))],
    ["trim", top(item("a") + item("b", "<size>20</size>") + item("c"))],
    [
      "report-all",
      top(
        `<dflt>7</dflt>${item("a", "<size>10</size>")}${item("b", "<size>20</size>")}${item("c", "<size>10</size>")}`,
      ),
    ],
    [
      "report-all-tagged",
      top(
        `<dflt ${WD}>7</dflt>${item("a", "<size>10</size>")}${item("b", "<size>20</size>")}` +
          item("c", `<size ${WD}>10</size>`),
      ),
    ],
  ];
  test.each(table)("%s", (mode, selected) => {
    expect(select(`${filter}<with-defaults ${NS}>${mode}</with-defaults>`)).toBe(selected);
  });

  test("an XPath filter selects defaults where they are reported", () => {
    const mode = `<with-defaults ${NS}>report-all</with-defaults>`;
    expect(select(xpath + mode)).toBe(
      top(
        `<dflt>7</dflt>${item("a", "<size>10</size>")}${item("b", "<size>20</size>")}${item("c", "<size>10</size>")}`,
      ),
    );
  });
});
