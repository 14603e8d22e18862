// `ntpconfd check` as a person or a script calls it: what is printed, and the exit status.

import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CheckCommand, checkCommand } from "../../src/cli/check.ts";

let folder = "";

const FILES: Readonly<Record<string, string>> = {
  "good.yang": `module good { yang-version 1.1; namespace "urn:good"; prefix g;
  feature f;
  container c {
    leaf a { type uint8; must ". < 9"; }
    leaf b { type string; if-feature f; }
    leaf s { type string; config false; }
  }
  list l { key k; leaf k { type string; } }
  rpc ask { input { leaf q { type string; mandatory true; } } }
  notification tell { leaf w { type uint8; } }
}`,
  "bad.yang": `module bad { namespace "urn:bad"; prefix b;
\tleaf a { type nothing; }
  leaf b { type string; default; }
}`,
  "wrong.yang": `module wrong { namespace "urn:wrong"; prefix w;
  leaf a { type nothing; }
\tleaf b { type uint8; default x; }
}`,
  "good-deviations.yang": `module good-deviations { namespace "urn:gd"; prefix gd;
  import good { prefix g; }
  deviation /g:c/g:b { deviate not-supported; }
}`,
  "nest.yang": `module nest { yang-version 1.1; namespace "urn:nest"; prefix n;
  list l { key k; leaf k { type string; } leaf v { type string; }
    action go { input { leaf of { type leafref { path "../../v"; } } }
      output { leaf done { type uint8; mandatory true; } } }
    notification told { leaf n { type uint8; } } }
}`,
  "old@2020-01-01.yang": `module old { namespace "urn:old"; prefix o; revision 2020-01-01;
  leaf a { type string; } }`,
  "old@2021-01-01.yang": `module old { namespace "urn:old"; prefix o; revision 2021-01-01;
  leaf b { type string; } }`,
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "check-"));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The exit status, and all that was printed, without the folder's name. */
function run(words: Partial<CheckCommand> & Pick<CheckCommand, "modules">) {
  const out: string[] = [];
  const said: string[] = [];
  const status = checkCommand({
    deviations: [],
    features: [],
    yangFolders: [folder],
    type: "config",
    print: (line) => out.push(line),
    complain: (line) => said.push(line.replaceAll(folder, ".")),
    ...words,
  });
  return { status, out, said };
}

/** The same for a document. */
function runData(text: string, words: Partial<CheckCommand> = {}) {
  const data = join(folder, "data.xml");
  writeFileSync(data, text);
  return run({ modules: ["good"], data, ...words });
}

describe("modules", () => {
  test("without a mistake nothing is said", () => {
    expect(run({ modules: ["good"] })).toEqual({ status: 0, out: [], said: [] });
  });

  test("a mistake is shown where it is, tabs kept", () => {
    expect(run({ modules: ["wrong"] })).toEqual({
      status: 1,
      out: [],
      said: [
        './wrong.yang:2:12: error: there is no type "nothing"',
        "    leaf a { type nothing; }",
        "             ^",
        './wrong.yang:3:23: error: default "x": "x" is not an integer',
        "  \tleaf b { type uint8; default x; }",
        "  \t                     ^",
      ],
    });
  });

  test("files and revisions can be named", () => {
    expect(run({ modules: [join(folder, "good.yang")], yangFolders: [] }).status).toBe(0);
    const trees = ["old", "old@2020-01-01"].map((name) =>
      run({ modules: [name], format: "tree" }).out.at(-1),
    );
    expect(trees).toEqual(["  +--rw b?   string", "  +--rw a?   string"]);
  });

  test.each([
    ["tree", "module: good"],
    ["yang", "module good {"],
    ["yin", '<?xml version="1.0" encoding="UTF-8"?>'],
  ] as const)("--format %s", (format, first) => {
    const { status, out } = run({ modules: ["good"], format });
    expect(status).toBe(0);
    expect(out[0]).toBe(first);
  });

  test("a file of 100 MB is not read", () => {
    const file = join(folder, "huge.yang");
    writeFileSync(file, "module huge {");
    truncateSync(file, 100 * 1024 * 1024);
    const { status, said } = run({ modules: ["huge"] });
    rmSync(file);
    expect([status, said[0]]).toEqual([
      1,
      "./huge.yang:1:1: error: the file is larger than 33554432 octets",
    ]);
  });

  test("a module with mistakes is not printed", () => {
    expect(run({ modules: ["bad"], format: "tree" })).toMatchObject({ status: 1, out: [] });
  });

  test("--feature and --deviation change the tree", () => {
    const tree = (words: Partial<CheckCommand>) =>
      run({ modules: ["good"], format: "tree", ...words }).out.some((line) => line.includes("b?"));
    expect(tree({})).toBe(true);
    expect(tree({ features: [{ module: "good", features: [] }] })).toBe(false);
    expect(tree({ features: [{ module: "good", features: ["f"] }] })).toBe(true);
    expect(tree({ deviations: ["good-deviations"] })).toBe(false);
  });
});

describe("calls that are at fault", () => {
  test.each([
    ["a module", { modules: ["nix"] }, 'module "nix" is not found in .'],
    ["a file", { modules: ["./nix.yang"] }, "there is no file ./nix.yang"],
    ["a folder", { modules: ["good"], yangFolders: ["/nix"] }, "there is no folder /nix"],
    ["a document", { modules: ["good"], data: "/nix.xml" }, "there is no file /nix.xml"],
    [
      "a feature",
      { modules: ["good"], features: [{ module: "good", features: ["x"] }] },
      'module "good" has no feature "x"',
    ],
    [
      "a feature's module",
      { modules: ["good"], features: [{ module: "nix", features: ["x"] }] },
      'no module "nix" takes part, so it has no features',
    ],
  ])("%s that is not there", (_, words, message) => {
    const { status, said } = run(words);
    expect(status).toBe(2);
    expect(said.at(-1)).toBe(`ntpconfd check: ${message}`);
  });
});

const NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0";

describe("documents", () => {
  test.each([
    ["a bare node", '<c xmlns="urn:good"><a>1</a></c>'],
    [
      "several of them",
      '<?xml version="1.0"?>\n<c xmlns="urn:good"/><l xmlns="urn:good"><k>x</k></l>',
    ],
    ["in <config>", `<config xmlns="${NETCONF}"><c xmlns="urn:good"><a>1</a></c></config>`],
    ["in <data>", `<n:data xmlns:n="${NETCONF}"><c xmlns="urn:good"><a>1</a></c></n:data>`],
    ["nothing", `<data xmlns="${NETCONF}"/>`],
  ])("%s", (_, text) => {
    expect(runData(text)).toMatchObject({ status: 0, said: [] });
  });

  test("all faults are told, with tag and app-tag", () => {
    const { status, said } = runData('<c xmlns="urn:good"><a>x</a><nix/></c>');
    expect(status).toBe(1);
    expect(said).toHaveLength(2);
    expect(said.join("\n")).toMatch(/data\.xml:1:\d+: error: .*\[invalid-value\]/);
    expect(said.join("\n")).toMatch(/\[unknown-element\]/);
    const must = runData('<c xmlns="urn:good"><a>9</a></c>');
    expect(must.status).toBe(1);
    expect(must.said.join()).toMatch(/\[operation-failed, must-violation\]/);
  });

  test("text that is no XML has a place, the same with several nodes", () => {
    expect(runData("<c xmlns='urn:good'>\n<a></c>").said.join()).toMatch(
      /data\.xml:2:\d+: error: /,
    );
  });

  test("state is data, and no configuration", () => {
    const text = '<c xmlns="urn:good"><s>x</s></c>';
    expect(runData(text).status).toBe(1);
    expect(runData(text, { type: "data" }).status).toBe(0);
  });

  test("operations", () => {
    const ask = '<ask xmlns="urn:good"><q>x</q></ask>';
    const rpc = { type: "rpc" } as const;
    expect(runData(ask, rpc).status).toBe(0);
    expect(runData(`<rpc xmlns="${NETCONF}" message-id="1">${ask}</rpc>`, rpc).status).toBe(0);
    expect(runData('<ask xmlns="urn:good"/>', rpc).status).toBe(1);
    expect(runData('<beg xmlns="urn:good"/>', rpc).said.join()).toMatch(
      /no rpc or action known here/,
    );
  });

  test("notifications", () => {
    const tell = '<tell xmlns="urn:good"><w>7</w></tell>';
    const words = { type: "notification" } as const;
    const wrapped = `<notification xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0">
      <eventTime>2024-01-01T00:00:00Z</eventTime>${tell}</notification>`;
    expect(runData(tell, words).status).toBe(0);
    expect(runData(wrapped, words).status).toBe(0);
    expect(runData(tell.replace("7", "x"), words).status).toBe(1);
  });

  describe("messages below data nodes", () => {
    const call = (body: string, k = "<k>x</k>") => `<l xmlns="urn:nest">${k}${body}</l>`;
    const go = call("<go><of>x</of></go>");
    const stored = '<l xmlns="urn:nest"><k>x</k><v>x</v></l><l xmlns="urn:nest"><k>y</k></l>';
    const nested = (text: string, words: Partial<CheckCommand> = {}) => {
      if (words.operational === undefined) return runData(text, { modules: ["nest"], ...words });
      const operational = join(folder, "operational.xml");
      writeFileSync(operational, words.operational);
      return runData(text, { modules: ["nest"], ...words, operational });
    };

    test("actions and nested notifications, in an envelope or not, in XML or JSON", () => {
      const action = `<action xmlns="urn:ietf:params:xml:ns:yang:1">${go}</action>`;
      const json = (value: unknown) => JSON.stringify({ "nest:l": [{ k: "x", ...Object(value) }] });
      for (const text of [go, action, `<rpc xmlns="${NETCONF}" message-id="1">${action}</rpc>`]) {
        expect(nested(text, { type: "rpc", operational: stored }).said).toEqual([]);
      }
      const words = { operational: stored };
      expect(nested(json({ go: { of: "x" } }), { type: "rpc", ...words }).said).toEqual([]);
      expect(nested(call("<told><n>3</n></told>"), { type: "notification" }).said).toEqual([]);
      expect(nested(json({ told: { n: 3 } }), { type: "notification" }).said).toEqual([]);
      expect(nested(json({ told: { n: "3" } }), { type: "notification" }).status).toBe(1);
    });

    test("what they refer to is looked for in the datastore", () => {
      const words = { type: "rpc" } as const;
      expect(nested(go, words).said.join()).toMatch(/instance-required/);
      expect(nested(go, { ...words, operational: stored }).status).toBe(0);
      const other = go.replace("<k>x</k>", "<k>y</k>");
      expect(nested(other, { ...words, operational: stored }).said.join()).toMatch(/instance-req/);
      const nowhere = go.replace("<k>x</k>", "<k>z</k>");
      expect(nested(nowhere, { ...words, operational: stored }).said.join()).toMatch(
        /data-missing/,
      );
    });

    test.each([
      ["no key", call("<go/>", ""), /\/nest:l: an entry lacks its key leaf "k"/],
      ["nothing called", call(""), /nothing is called in it/],
      ["two called", call("<go/><go/>"), /to one node, not to several/],
      ["text among the input", call("<go>text</go>"), /text "text" among its children/],
      ["no action", call("<went/>"), /<went> of namespace "urn:nest" is no rpc or action known/],
      ["nothing at all", `<rpc xmlns="${NETCONF}"/>`, /no rpc in it/],
    ])("%s", (_, text, message) => {
      const { status, said } = nested(text, { type: "rpc" });
      expect([status, said.join()]).toEqual([1, expect.stringMatching(message)]);
    });

    test("replies, under the name of what they answer or beside the request", () => {
      const type = "reply" as const;
      const request = join(folder, "request.xml");
      writeFileSync(request, go);
      const answer = (body: string) => `<rpc-reply xmlns="${NETCONF}">${body}</rpc-reply>`;
      const done = '<done xmlns="urn:nest">1</done>';
      expect(nested(call("<go><done>1</done></go>"), { type }).status).toBe(0);
      expect(nested(call("<go/>"), { type }).said.join()).toMatch(/done/);
      expect(nested(answer(done), { type, request }).said).toEqual([]);
      expect(nested(answer("<ok/>"), { type, request }).said).toEqual([]);
      expect(nested(answer(done.replace("1", "x")), { type, request }).status).toBe(1);
      expect(nested(answer(done), { type: "rpc", request }).status).toBe(2);
    });
  });

  test("JSON, and where it is none", () => {
    const json = (value: unknown) => runData(JSON.stringify(value));
    expect(json({ "good:c": { a: 1, b: "x" }, "good:l": [{ k: "a" }] }).said).toEqual([]);
    expect(json({ "good:c": { a: "1" } }).said.join()).toMatch(/no JSON form of uint8/);
    expect(json({ "good:c": { a: 9 } }).said.join()).toMatch(/must-violation/);
    expect(runData('{\n  "good:c": {,}\n}').said.join()).toMatch(/data\.xml:2:14: error: /);
    expect(runData('{\n  "good:c": {}').said.join()).toMatch(/data\.xml:2:15: error: /);
  });

  test("a document is not looked at while modules have mistakes", () => {
    expect(runData("<nix/>", { modules: ["bad"] })).toMatchObject({ status: 1 });
  });
});

describe("faults of data are shown where they are", () => {
  const said = (text: string): readonly string[] =>
    runData(text).said.map((line) => line.replace(/^\.\/data\.xml:/, ""));

  test.each<[string, string, readonly RegExp[]]>([
    [
      "in XML, below wrappers, past comments and sections that hold markup",
      `<?xml version="1.0"?>
<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">
  <!-- <c><a>no</a></c> --><g:c xmlns:g="urn:good" g:x='>'
    ><g:b><![CDATA[</g:b>]]></g:b>
    <g:a>300</g:a>
  </g:c>
</config>`,
      [/^3:28: error: .*"g:x"/, /^5:5: error: \/good:c\/a: /],
    ],
    [
      "by the keys of lists, whatever they are written with",
      `<l xmlns="urn:good"><k>a</k></l>
<l xmlns="urn:good"><k>b&lt;'</k><no/></l>`,
      [/^2:34: error: .*<no>/],
    ],
    [
      "by keys that are written with character references, as we print them",
      `<l xmlns="urn:good"><k>a</k></l>
<l xmlns="urn:good"><k>&#xe9;t&#233; &amp;lt;</k><no/></l>`,
      [/^2:50: error: .*<no>/],
    ],
    [
      "at the parent of what is not there",
      `<x:l xmlns:x="urn:good"><x:k>a</x:k></x:l>
 <l xmlns="urn:good"/>`,
      [/key leaf "k"/],
    ],
    [
      "in JSON, inside of arrays",
      `{ "good:l": [ { "k": "a" },
    { "k": "b", "no": [1, {"k": []}] }
  ],
  "good:c": { "b": "\\"a\\": 1",
    "a": 9 } }`,
      [/^2:17: error: .*"no"/],
    ],
    [
      "a must that does not hold",
      `{ "good:c": {
    "b": "{ \\"a\\": 1, [",
    "a": 9 } }`,
      [/^3:5: error: /],
    ],
  ])("%s", (_, text, wanted) => {
    const lines = said(text);
    expect(lines.every((line) => /^\d+:\d+: error: /.test(line))).toBe(true);
    for (const one of wanted) expect(lines).toContainEqual(expect.stringMatching(one));
  });

  test("a member of JSON that stands twice is told, each of them", () => {
    const twice = `{ "good:c": { "a": 1, "b": "x",
    "\\u0061": 2 }, "good:l": [{ "k": "a" }, { "k": "b", "k": "c" }] }`;
    expect(said(twice)).toEqual([
      '2:5: error: "a" stands twice in one object, the first time in line 1',
      '2:57: error: "k" stands twice in one object, the first time in line 2',
    ]);
    expect(runData(twice).status).toBe(1);
    expect(said('{ "good:l": [{ "k": "a" }, { "k": "b" }], "good:c": { "a": 1 } }')).toEqual([]);
  });
});

test("a module that is not found is told with the one that was meant", () => {
  const { status, said } = run({ modules: ["goood"] });
  expect(status).toBe(2);
  expect(said.join()).toContain('module "goood" is not found in .: did you mean "good"?');
  const text = 'module imports { namespace "urn:i"; prefix i; import godo { prefix g; } }';
  writeFileSync(join(folder, "imports.yang"), text);
  expect(run({ modules: ["imports"] }).said[0]).toBe(
    './imports.yang:1:47: error: module "godo" is not found: did you mean "good"?',
  );
});
