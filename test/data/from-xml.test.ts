import { describe, expect, test } from "vitest";
import { printXml, readData } from "../../src/data/index.ts";
import { sampleModules } from "./sample.yang.ts";
import { elements, schemaOf } from "./schemas.ts";

const schema = schemaOf(sampleModules);
const inTop = (xml: string) => elements(`<top xmlns="urn:sample" xmlns:o="urn:other">${xml}</top>`);

/** Reads as config and prints again; refuses nothing. */
function same(xml: string, printed = xml): void {
  const { tree, faults } = readData(inTop(xml), schema, { type: "config" });
  expect(faults).toEqual([]);
  const text = printXml(tree.children, { schema });
  expect(text).toBe(printed === "" ? "" : `<top xmlns="urn:sample">${printed}</top>`);
}

describe("what is read is printed canonically", () => {
  test.each([
    ["", ""],
    ["<name>a b</name>", "<name>a b</name>"],
    ["<small> +007 </small>", "<small>7</small>"],
    ["<dec>+05.10</dec>", "<dec>5.1</dec>"],
    ["<mask> c a </mask>", "<mask>a c</mask>"],
    ["<nothing/>", "<nothing/>"],
    ["<uni>300</uni>", "<uni>300</uni>"],
    ["<who>cat</who>", "<who>cat</who>"],
    [`<who xmlns:x="urn:sample">x:cat</who>`, "<who>cat</who>"],
    [`<who xmlns:x="urn:other">x:dog</who>`, `<who xmlns:other="urn:other">other:dog</who>`],
    [
      `<where xmlns:x="urn:sample">/x:top/x:item[x:id="1"]/x:in</where>`,
      `<where xmlns:sample="urn:sample">/sample:top/sample:item[sample:id='1']/sample:in</where>`,
    ],
    [
      "<tag>b</tag><num>10</num><tag>a</tag><num>9</num><num>-1</num>",
      "<tag>a</tag><tag>b</tag><num>-1</num><num>9</num><num>10</num>",
    ],
    ["<seq>b</seq><seq>a</seq>", "<seq>b</seq><seq>a</seq>"],
    [
      "<item><size>4</size><id>z</id></item><item><id>a</id></item>",
      "<item><id>a</id></item><item><id>z</id><size>4</size></item>",
    ],
    [
      `<pair><who>cat</who><n>10</n></pair><pair><n>9</n><who xmlns:x="urn:other">x:dog</who></pair>`,
      `<pair><n>9</n><who xmlns:other="urn:other">other:dog</who></pair><pair><n>10</n><who>cat</who></pair>`,
    ],
    ["<item><id>a</id><in/></item><pres/>", "<item><id>a</id></item><pres/>"],
    [
      `<name xmlns="urn:other">n</name><name>m</name>`,
      `<name>m</name><name xmlns="urn:other">n</name>`,
    ],
    [
      `<any xmlns:p="urn:p"><p:a b="c"><d xmlns="">x &amp; y</d></p:a></any>`,
      `<any><a xmlns="urn:p" b="c"><d xmlns="">x &amp; y</d></a></any>`,
    ],
    ["<name>\n</name>", undefined],
  ])("%s", (xml, printed) => {
    if (printed !== undefined) same(xml, printed);
    else expect(readData(inTop(xml), schema, { type: "config" }).faults).toHaveLength(1);
  });

  test("the mark of a default is no data, on the default", () => {
    const mark = `xmlns:wd="urn:ietf:params:xml:ns:netconf:default:1.0" wd:default`;
    same(`<pick ${mark}="true">one</pick><small ${mark}="false">7</small>`, "<small>7</small>");
  });

  test("several pieces joined are the whole", () => {
    const many = Array.from({ length: 3000 }, (_, i) => `<tag>${10_000 + i}</tag>`).join("");
    same(many, many);
  });
});

describe("what is wrong is told, all of it", () => {
  const faultsOf = (xml: string) =>
    readData(inTop(xml), schema, { type: "config" }).faults.map(
      ({ tag, appTag, path, message, info = [] }) =>
        [
          tag,
          appTag ?? "",
          path?.text ?? "",
          message,
          info.map(({ name, value }) => `${name}=${value}`).join(),
        ].join(" | "),
    );
  test.each([
    [
      "<nope/>",
      [
        "unknown-element |  | /sample:top | /sample:top: <nope>: there is no such node here | bad-element=nope",
      ],
    ],
    [
      "<itme/>",
      [
        'unknown-element |  | /sample:top | /sample:top: <itme>: there is no such node here: did you mean "item"? | bad-element=itme',
      ],
    ],
    [
      `<x xmlns="urn:no"/>`,
      [
        `unknown-namespace |  | /sample:top | /sample:top: <x>: unknown namespace: "urn:no" | bad-element=x,bad-namespace=urn:no`,
      ],
    ],
    [
      `<item xmlns="urn:no"/>`,
      [
        `unknown-namespace |  | /sample:top | /sample:top: <item>: unknown namespace: "urn:no": that of sample is in the namespace "urn:sample" | bad-element=item,bad-namespace=urn:no`,
      ],
    ],
    [
      `<who>x:cat</who>`,
      [
        `invalid-value |  | /sample:top/sample:who | /sample:top/who: identity "x:cat" has the prefix "x", which no xmlns:x declares | `,
      ],
    ],
    [
      `<where xmlns:x="urn:no">/x:top</where>`,
      [
        `invalid-value |  | /sample:top/sample:where | /sample:top/where: "/x:top" has the prefix "x", and "urn:no" is the namespace of no module here | `,
      ],
    ],
    ["<name>ABC</name>", ["invalid-value | letters | /sample:top/sample:name | letters only | "]],
    [
      "<small>0</small><small>1</small>",
      [
        expect.stringMatching(
          /^invalid-value \| {2}\| \/sample:top\/sample:small \| \/sample:top\/small: .*1\.\.100/,
        ),
        "operation-failed | too-many-elements | /sample:top/sample:small | /sample:top/small: it occurs twice | bad-element=small",
      ],
    ],
    [
      "<name><b/></name>",
      [
        "unknown-element |  | /sample:top/sample:name | /sample:top/name: <b>: a leaf has no children | bad-element=b",
      ],
    ],
    [
      "<item><id>1</id><in/><in/></item>",
      [
        "operation-failed | too-many-elements | /sample:top/sample:item[sample:id='1']/sample:in | /sample:top/item[id='1']/in: it occurs twice | bad-element=in",
      ],
    ],
    [
      "<any>x<a xmlns='urn:z'/></any>",
      [
        `unknown-element |  | /sample:top/sample:any | /sample:top/any: text "x" among its children | bad-element=any`,
      ],
    ],
    [
      "<item>x<id>1</id></item>",
      [
        `unknown-element |  | /sample:top/sample:item | /sample:top/item: text "x" among its children | bad-element=item`,
      ],
    ],
    [
      "<item><size>1</size></item>",
      [
        `missing-element |  | /sample:top/sample:item | /sample:top/item: an entry lacks its key leaf "id" | bad-element=id`,
      ],
    ],
    [
      "<pair><n>x</n><note>n</note></pair>",
      [
        `invalid-value |  | /sample:top/sample:pair/sample:n | /sample:top/pair/n: "x" is not an integer | `,
        `missing-element |  | /sample:top/sample:pair | /sample:top/pair: an entry lacks its key leaf "who" | bad-element=who`,
      ],
    ],
    [
      "<item><id>it's</id><size>x</size></item>",
      [
        `invalid-value |  | /sample:top/sample:item[sample:id="it's"]/sample:size | /sample:top/item[id="it's"]/size: "x" is not an integer | `,
      ],
    ],
    [
      "<item><id>1</id></item><item><id>1</id></item>",
      [
        "bad-element |  | /sample:top/sample:item[sample:id='1'] | /sample:top/item[id='1']: an entry with these keys occurs twice | bad-element=item",
      ],
    ],
    [
      "<tag>a</tag><tag>a</tag>",
      [
        `bad-element |  | /sample:top/sample:tag[.='a'] | /sample:top/tag[.='a']: the value "a" occurs twice | bad-element=tag`,
      ],
    ],
    [
      "<wheels>4</wheels><sail>s</sail>",
      [
        `bad-element |  | /sample:top/sample:sail | /sample:top/sail: case "boat" of choice "way" cannot be there beside case "car" | bad-element=sail`,
      ],
    ],
    [
      "<state><up>true</up></state>",
      [
        "unknown-element |  | /sample:top/sample:state | /sample:top/state: state data cannot be configured | bad-element=state",
      ],
    ],
    [
      `<name nc:operation="merge">a</name>`,
      [
        `unknown-attribute |  | /sample:top/sample:name | /sample:top/name: <name> cannot have an attribute "nc:operation" here | bad-attribute=operation,bad-element=name`,
      ],
    ],
    [
      `<name x="1">a</name>`,
      [
        `unknown-attribute |  | /sample:top/sample:name | /sample:top/name: <name> cannot have an attribute "x" here | bad-attribute=x,bad-element=name`,
      ],
    ],
    [
      `<pick xmlns:wd="urn:ietf:params:xml:ns:netconf:default:1.0" wd:default="true">two</pick>`,
      [
        `invalid-value |  | /sample:top/sample:pick | /sample:top/pick: "two" is marked as default, but is not the schema's default | `,
      ],
    ],
  ])("%s", (xml, expected) => {
    expect(faultsOf(xml)).toEqual(expected);
  });

  test("state may be read as data, rows without keys and values that repeat", () => {
    const xml = "<state><row><v>b</v></row><row><v>a</v></row><seen>x</seen><seen>x</seen></state>";
    const { tree, faults } = readData(inTop(xml), schema, { type: "data" });
    expect(faults).toEqual([]);
    expect(printXml(tree.children, { schema })).toBe(`<top xmlns="urn:sample">${xml}</top>`);
  });
});

test.each([
  ["<itme/>", 'did you mean "item"?'],
  ["<pair><n>1</n><who>cta</who></pair>", 'did you mean "sample:cat"?'],
])("of a flood of %s each is told, and of the first hundred what was meant", (xml, meant) => {
  const { faults } = readData(inTop(xml.repeat(150)), schema, { type: "config" });
  expect(faults.map(({ message }) => message?.includes(meant))).toEqual(
    Array.from({ length: 150 }, (_, i) => i < 100),
  );
});
