import { describe, expect, test } from "vitest";
import { diff, emptyTree, printXml, type Tree } from "../../src/data/index.ts";
import { type DefaultOperation, editConfig } from "../../src/datastore/index.ts";
import { sampleModules } from "../data/sample.yang.ts";
import { elements, schemaOf } from "../data/schemas.ts";

const schema = schemaOf(sampleModules);
const inTop = (xml: string, attributes = "") =>
  elements(`<top xmlns="urn:sample" xmlns:s="urn:sample"${attributes}>${xml}</top>`);
const text = (tree: Tree): string =>
  printXml(tree.children, { schema }).replaceAll(/<\/?top[^>]*>/g, "");

function treeOf(xml: string): Tree {
  const { tree, faults } = editConfig(emptyTree, inTop(xml), schema);
  expect(faults).toEqual([]);
  return tree;
}

/** `edit` asks with operation attributes written as o="...". */
function edited(before: string, edit: string, operation: DefaultOperation = "merge") {
  const tree = treeOf(before);
  const printed = text(tree);
  const result = editConfig(
    tree,
    inTop(edit.replaceAll(/ o="/g, ` nc:operation="`)),
    schema,
    operation,
  );
  expect(text(tree), "the original is untouched").toBe(printed);
  if (text(result.tree) === printed) expect(diff(tree, result.tree)).toEqual([]);
  return result;
}

describe("an edit leads to", () => {
  test.each([
    [
      "merge adds and keeps",
      "<name>a</name>",
      "<small>1</small>",
      "<name>a</name><small>1</small>",
    ],
    [
      "merge into an entry",
      "<item><id>a</id><size>1</size></item>",
      "<item><id>a</id><in><a>x</a></in></item>",
      "<item><id>a</id><size>1</size><in><a>x</a></in></item>",
    ],
    [
      "replace of an entry leaves its siblings",
      "<item><id>a</id><size>1</size></item><item><id>b</id></item>",
      `<item o="replace"><id>a</id><in><b>y</b></in></item>`,
      "<item><id>a</id><in><b>y</b></in></item><item><id>b</id></item>",
    ],
    [
      "replace of a leaf in an entry",
      "<item><id>a</id><size>1</size></item>",
      `<item><size o="replace">2</size><id>a</id></item>`,
      "<item><id>a</id><size>2</size></item>",
    ],
    [
      "replace of a container",
      "<item><id>a</id><in><a>1</a></in></item>",
      `<item><id>a</id><in o="replace"><b>2</b></in></item>`,
      "<item><id>a</id><in><b>2</b></in></item>",
    ],
    ["create beside a default in use", "", `<pick o="create">one</pick>`, "<pick>one</pick>"],
    [
      "delete",
      "<name>a</name><tag>t</tag><tag>u</tag><item><id>a</id></item><pres/>",
      `<name o="delete"/><tag o="delete">t</tag><item o="delete"><id>a</id></item><pres o="delete"/>`,
      "<tag>u</tag>",
    ],
    [
      "remove of what is not there",
      "<name>a</name>",
      `<small o="remove"/><item o="remove"><id>z</id></item><tag o="remove">t</tag><pres o="remove"/>`,
      "<name>a</name>",
    ],
    ["an attribute without prefix", "<name>a</name>", `<name operation="remove"/>`, ""],
    [
      "what is empty goes",
      "<item><id>a</id><in><a>1</a></in></item>",
      `<item><id>a</id><in><a o="delete"/></in></item>`,
      "<item><id>a</id></item>",
    ],
    ["another case", "<wheels>4</wheels><fuel>gas</fuel>", "<sail>red</sail>", "<sail>red</sail>"],
    [
      "deleting in another case changes none",
      "<wheels>4</wheels>",
      `<sail o="remove"/>`,
      "<wheels>4</wheels>",
    ],
    [
      "the same entry twice is merged",
      "",
      "<item><id>a</id><size>1</size></item><item><id>a</id><in><a>x</a></in></item>",
      "<item><id>a</id><size>1</size><in><a>x</a></in></item>",
    ],
    [
      "deleted, then made anew",
      "<item><id>a</id><size>1</size></item>",
      `<item o="delete"><id>a</id></item><item><id>a</id></item>`,
      "<item><id>a</id></item>",
    ],
    [
      "anydata is taken whole",
      `<any><x xmlns="">1</x></any>`,
      `<any><y xmlns="">2</y></any>`,
      `<any><y xmlns="">2</y></any>`,
    ],
    [
      "a marked default unsets",
      "<pick>two</pick>",
      `<pick xmlns:wd="urn:ietf:params:xml:ns:netconf:default:1.0" wd:default="true">one</pick>`,
      "",
    ],
    [
      "insert",
      "<step><n>a</n></step><step><n>c</n></step>",
      `<step yang:insert="before" yang:key="[s:n='c']"><n>b</n></step><step yang:insert="first"><n>z</n></step><step><n>d</n></step>`,
      "<step><n>z</n></step><step><n>a</n></step><step><n>b</n></step><step><n>c</n></step><step><n>d</n></step>",
    ],
    [
      "moving keeps what is inside",
      "<step><n>a</n><t>x</t></step><step><n>b</n></step>",
      `<step yang:insert="after" yang:key="[n='b']"><n>a</n></step>`,
      "<step><n>b</n></step><step><n>a</n><t>x</t></step>",
    ],
    [
      "values in the user's order",
      "<seq>a</seq><seq>b</seq>",
      `<seq yang:insert="before" yang:value="b">c</seq><seq yang:insert="last">a</seq>`,
      "<seq>c</seq><seq>b</seq><seq>a</seq>",
    ],
    [
      "a merge of what is there keeps its place",
      "<seq>a</seq><seq>b</seq>",
      "<seq>a</seq>",
      "<seq>a</seq><seq>b</seq>",
    ],
    [
      "canonical keys meet",
      "<pair><n>7</n><who>cat</who></pair>",
      `<pair><n>007</n><who>s:cat</who><note>x</note></pair>`,
      "<pair><n>7</n><who>cat</who><note>x</note></pair>",
    ],
  ])("%s", (_, before, edit, after) => {
    const { tree, faults } = edited(before, edit);
    expect(faults).toEqual([]);
    expect(text(tree)).toBe(after);
  });

  test.each([
    [
      "none changes nothing but what is asked",
      "none",
      "<name>a</name><small>1</small>",
      `<name>z</name><small o="replace">2</small>`,
      "<name>a</name><small>2</small>",
    ],
    [
      "none and removals below what is not there",
      "none",
      "<name>a</name>",
      `<item><id>z</id><size o="remove"/></item>`,
      "<name>a</name>",
    ],
    [
      "replace puts away all else",
      "replace",
      "<name>a</name><small>1</small>",
      "<small>2</small>",
      "<small>2</small>",
    ],
  ] as const)("default-operation: %s", (_, operation, before, edit, after) => {
    const { tree, faults } = edited(before, edit, operation);
    expect(faults).toEqual([]);
    expect(text(tree)).toBe(after);
  });

  test("an edit of all, taken away and put back, shares what it did not touch", () => {
    const tree = treeOf("<item><id>a</id></item><name>x</name>");
    const { tree: same } = editConfig(tree, inTop("<name>x</name><item><id>a</id></item>"), schema);
    expect(same).toBe(tree);
  });
});

describe("an edit is refused, with all that is wrong", () => {
  test.each([
    [
      "<item><id>a</id></item><name>n</name>",
      `<item o="create"><id>a</id></item><name o="create">n</name>`,
      ["data-exists /sample:top/sample:item[sample:id='a']", "data-exists /sample:top/sample:name"],
    ],
    [
      "",
      `<item o="delete"><id>a</id></item><tag o="delete">t</tag><name o="delete"/>`,
      [
        "data-missing /sample:top/sample:item[sample:id='a']",
        "data-missing /sample:top/sample:tag[.='t']",
        "data-missing /sample:top/sample:name",
      ],
    ],
    [
      "",
      `<item o="create"><id>a</id></item><item o="create"><id>a</id></item>`,
      ["data-exists /sample:top/sample:item[sample:id='a']"],
    ],
    [
      "",
      "<wheels>4</wheels><sail>s</sail>",
      ["bad-element /sample:top/sample:sail bad-element=sail"],
    ],
    [
      "",
      "<small>1</small><small>2</small>",
      ["operation-failed too-many-elements /sample:top/sample:small bad-element=small"],
    ],
    [
      "",
      `<name o="destroy">x</name>`,
      ["bad-attribute /sample:top/sample:name bad-attribute=operation,bad-element=name"],
    ],
    [
      "",
      `<item><size>1</size><nope/></item>`,
      [
        "missing-element /sample:top/sample:item bad-element=id",
        "unknown-element /sample:top/sample:item bad-element=nope",
      ],
    ],
    [
      "<item><id>a</id></item>",
      `<item><id o="delete">a</id></item>`,
      [
        "bad-attribute /sample:top/sample:item[sample:id='a'] bad-attribute=operation,bad-element=id",
      ],
    ],
    [
      "",
      `<item yang:insert="first"><id>a</id></item>`,
      ["unknown-attribute /sample:top/sample:item bad-attribute=insert,bad-element=item"],
    ],
    [
      "",
      `<step yang:insert="before" yang:key="[n='z']"><n>a</n></step>`,
      ["bad-attribute missing-instance /sample:top/sample:step bad-attribute=key,bad-element=step"],
    ],
    [
      "",
      `<step yang:insert="before"><n>a</n></step>`,
      ["missing-attribute /sample:top/sample:step bad-attribute=key,bad-element=step"],
    ],
    [
      "",
      `<seq yang:insert="up">a</seq>`,
      ["bad-attribute /sample:top/sample:seq bad-attribute=insert,bad-element=seq"],
    ],
    ["", `<state/>`, ["unknown-element /sample:top/sample:state bad-element=state"]],
    ["", `<who>s:dog</who>`, ["invalid-value /sample:top/sample:who"]],
    ["", `<who>nope:cat</who>`, ["invalid-value /sample:top/sample:who"]],
  ])("%s then %s", (before, edit, expected) => {
    const { faults } = edited(before, edit);
    const told = faults.map(({ tag, appTag = "", path, info = [] }) =>
      [tag, appTag, path?.text, info.map(({ name, value }) => `${name}=${value}`).join()]
        .filter((part) => part !== "")
        .join(" "),
    );
    expect(told).toEqual(expected);
  });

  test("default-operation none makes no ancestors", () => {
    const { faults } = edited("", `<item><id>a</id><size o="merge">1</size></item>`, "none");
    expect(faults.map(({ tag, path }) => [tag, path?.text])).toEqual([
      ["data-missing", "/sample:top/sample:item[sample:id='a']"],
    ]);
  });
});
