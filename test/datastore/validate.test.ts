import { describe, expect, test } from "vitest";
import { emptyTree, readData, readInput } from "../../src/data/index.ts";
import {
  editConfig,
  validateData,
  validateInput,
  validateTree,
} from "../../src/datastore/index.ts";
import { sampleModules } from "../data/sample.yang.ts";
import { elements, schemaOf } from "../data/schemas.ts";
import { lawModule } from "./law.yang.ts";

const schema = schemaOf({ law: lawModule });

function treeOf(xml: string) {
  const inTop = `<top xmlns="urn:law" xmlns:l="urn:law"><mark>m0</mark>${xml}</top>`;
  const { tree, faults } = editConfig(emptyTree, elements(inTop), schema);
  expect(faults).toEqual([]);
  return tree;
}

describe("RFC 7950 section 15: what is told of data that is not valid", () => {
  test.each([
    ["", []],
    [
      "<limit>1</limit><item><id>1</id></item><item><id>2</id></item>",
      ["operation-failed must-violation /law:top/law:limit"],
    ],
    ["<gated>x</gated>", ["unknown-element  /law:top/law:gated bad-element=gated"]],
    [
      "<strict/>",
      [
        "data-missing  /law:top/law:strict/law:must-have",
        "operation-failed too-few-elements /law:top/law:strict/law:two",
        "data-missing missing-choice /law:top/law:strict missing-choice=one",
      ],
    ],
    [
      "<strict><must-have>x</must-have><c2><x>x</x></c2><two>1</two><two>2</two><two>3</two></strict>",
      ["operation-failed too-many-elements /law:top/law:strict/law:two"],
    ],
    ["<bike>red</bike>", ["data-missing  /law:top/law:gears"]],
    ["<mode>b</mode>", ["data-missing  /law:top/law:inner/law:deep/law:need"]],
    [
      "<item><id>1</id><ip>i</ip></item><item><id>2</id><ip>i</ip><port>1</port></item>",
      [
        "operation-failed data-not-unique /law:top/law:item " +
          "non-unique=/law:top/law:item[law:id='1']/law:ip,non-unique=/law:top/law:item[law:id='1']/law:port," +
          "non-unique=/law:top/law:item[law:id='2']/law:ip,non-unique=/law:top/law:item[law:id='2']/law:port",
      ],
    ],
    [
      "<item><id>1</id><peer>2</peer></item>",
      ["data-missing instance-required /law:top/law:item[law:id='1']/law:peer"],
    ],
    ["<item><id>1</id><peer>1</peer><friend>x</friend><sub><k>x</k></sub></item>", []],
    [
      "<item><id>1</id><friend>x</friend><sub><k>x</k></sub></item>",
      ["data-missing instance-required /law:top/law:item[law:id='1']/law:friend"],
    ],
    [
      "<item><id>1</id><up>/l:top/l:item[l:id='2']</up></item>",
      ["data-missing instance-required /law:top/law:item[law:id='1']/law:up"],
    ],
    ["<item><id>1</id><up>/l:top/l:limit</up></item>", []],
    ["<item><id>1</id><either>m0</either></item>", []],
    ["<item><id>1</id><either>9</either></item>", []],
    ["<back>m1</back>", ["data-missing instance-required /law:top/law:back"]],
    [
      "<step><name>a</name></step><step><name>b</name><first/></step>",
      ["operation-failed must-violation /law:top/law:step[law:name='b']/law:first"],
    ],
  ])("%s", (xml, expected) => {
    const told = validateTree(treeOf(xml), schema).map(({ tag, appTag = "", path, info = [] }) =>
      [
        tag,
        appTag,
        path?.text,
        ...(info.length === 0 ? [] : [info.map(({ name, value }) => `${name}=${value}`).join()]),
      ].join(" "),
    );
    expect(told).toEqual(expected);
  });

  test("a default that refers needs its instance, too", () => {
    const faults = validateTree(emptyTree, schema);
    expect(faults.map(({ message }) => message)).toEqual([
      `/law:top/back: there is no "mark" of value "m0" at ../mark`,
    ]);
  });

  test("a path that leads through everything is refused, not followed for ever", () => {
    const heavy = schemaOf({
      h: `module h { yang-version 1.1; namespace "urn:h"; prefix h;
        list l { key k; leaf k { type string; } leaf v { type string; must "count(//l[preceding-sibling::l[last()]/k = following-sibling::l[last()]/k]) = 0"; } } }`,
    });
    const xml = Array.from({ length: 5000 }, (_, i) => `<l xmlns="urn:h"><k>${i}</k></l>`).join("");
    const edit = `${xml}<l xmlns="urn:h"><k>x</k><v>1</v></l>`;
    const { tree } = editConfig(emptyTree, elements(edit), heavy);
    const faults = validateTree(tree, heavy);
    expect(faults.map(({ tag, path }) => [tag, path?.text])).toEqual([
      ["resource-denied", "/h:l[h:k='x']/h:v"],
    ]);
  });
});

describe("an operation's input", () => {
  const sample = schemaOf(sampleModules);
  const [rpc] = sample.rpcs;
  const inputFaults = (input: string, config: string) => {
    const [act] = elements(`<act xmlns="urn:sample">${input}</act>`);
    const datastore = editConfig(
      emptyTree,
      elements(`<top xmlns="urn:sample">${config}</top>`),
      sample,
    ).tree;
    if (act === undefined || rpc === undefined) throw new Error("the module has an rpc");
    const { tree, faults } = readInput(act, rpc.input, sample);
    expect(faults).toEqual([]);
    return validateInput(tree, sample, datastore).map(({ tag, path }) => `${tag} ${path?.text}`);
  };
  test.each([
    ["<how>so</how>", "", []],
    ["", "", ["data-missing /sample:how"]],
    ["<how>so</how><of>a</of>", "<flag>true</flag><item><id>a</id></item>", []],
    ["<how>so</how><of>a</of>", "", ["operation-failed /sample:of", "data-missing /sample:of"]],
  ])("%s beside %s", (input, config, expected) => {
    expect(inputFaults(input, config)).toEqual(expected);
  });
});

describe("RFC 7950 section 8.1: state is as valid as configuration", () => {
  const state = schemaOf({
    state: `module state { yang-version 1.1; namespace "urn:state"; prefix s;
      container top {
        leaf a { type string; }
        container status {
          config false;
          leaf needed { type string; mandatory true; }
          leaf level { type uint8; default 5; }
          leaf other { type uint8; must "../level = 5"; }
          leaf-list few { type string; min-elements 1; }
        }
      }
    }`,
  });
  const lacking = [
    "data-missing /state:top/state:status/state:needed",
    "operation-failed /state:top/state:status/state:few",
  ];

  test.each([
    ["<status><needed>x</needed><few>1</few><other>1</other></status>", []],
    ["<status><other>1</other></status>", lacking],
    ["<a>x</a>", lacking],
    [
      "<status><needed>x</needed><few>1</few><level>4</level><other>1</other></status>",
      ["operation-failed /state:top/state:status/state:other"],
    ],
  ])("%s", (xml, expected) => {
    const top = elements(`<top xmlns="urn:state">${xml}</top>`);
    const { tree, faults } = readData(top, state, { type: "data" });
    expect(faults).toEqual([]);
    const told = validateData(tree, state).map(({ tag, path }) => `${tag} ${path?.text}`);
    expect(told).toEqual(expected);
    // State that is missing is no fault of a configuration.
    if (xml === "<a>x</a>") expect(validateTree(tree, state)).toEqual([]);
  });
});
