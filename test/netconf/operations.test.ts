import { describe, expect, test } from "vitest";
import { childOf } from "../../src/data/index.ts";
import { BASE, type Fault, faultsOf, type Manager, top, World } from "./world.ts";

/** Refusals: what an operation is answered with. */
function check(manager: Manager, operation: string, expected: Partial<Fault>): void {
  const [fault, ...others] = faultsOf(manager.rpc(operation));
  expect(others).toEqual([]);
  expect(fault).toMatchObject(expected);
}

function bad(name: string): string {
  return `<bad-element>${name}</bad-element>`;
}

const MISSING_CHOICE = (name: string): string =>
  `<missing-choice xmlns="urn:ietf:params:xml:ns:yang:1">${name}</missing-choice>`;

describe("operations and parameters that are not understood", () => {
  const table: readonly (readonly [string, Partial<Fault>])[] = [
    [
      "<nonsense/>",
      {
        type: "protocol",
        tag: "operation-not-supported",
        message: "there is no operation &lt;nonsense&gt;",
      },
    ],
    [
      `<nonsense xmlns="urn:nobody"/>`,
      {
        tag: "unknown-namespace",
        info: `${bad("nonsense")}<bad-namespace>urn:nobody</bad-namespace>`,
      },
    ],
    [`<nonsense xmlns="urn:lab"/>`, { tag: "operation-not-supported" }],
    ["<get-config/>", { tag: "missing-element", info: bad("source") }],
    [
      "<get-config><source/></get-config>",
      { tag: "data-missing", appTag: "missing-choice", info: MISSING_CHOICE("config-source") },
    ],
    [
      "<get-config><source><running/><candidate/></source></get-config>",
      { tag: "bad-element", info: bad("candidate") },
    ],
    [
      "<get-config><source><running/></source><source><running/></source></get-config>",
      { tag: "bad-element", info: bad("source") },
    ],
    [
      "<get-config><source><nowhere/></source></get-config>",
      { tag: "unknown-element", info: bad("nowhere") },
    ],
    [
      "<get-config><source><running/></source><bogus/></get-config>",
      { tag: "unknown-element", info: bad("bogus") },
    ],
    [
      `<get-config><source xmlns="urn:x"><running/></source></get-config>`,
      { tag: "unknown-namespace", info: `${bad("source")}<bad-namespace>urn:x</bad-namespace>` },
    ],
    ["<edit-config><config/></edit-config>", { tag: "missing-element", info: bad("target") }],
    [
      "<edit-config><target><candidate/></target></edit-config>",
      { tag: "data-missing", info: MISSING_CHOICE("edit-content") },
    ],
    [
      "<edit-config><target><startup/></target><config/></edit-config>",
      { tag: "unknown-element", info: bad("startup") },
    ],
    [
      "<edit-config><target><candidate/></target><error-option>perhaps</error-option><config/></edit-config>",
      { tag: "invalid-value", info: bad("error-option") },
    ],
    [
      "<edit-config><target><candidate/></target><config>text</config></edit-config>",
      { tag: "bad-element", info: bad("config"), message: 'text "text" stands in &lt;config&gt;' },
    ],
    [
      `<edit-config><target><candidate/></target><config><top xmlns="urn:lab"><item><id>1</id><id>2</id></item></top></config></edit-config>`,
      {
        appTag: "too-many-elements",
        path: "/lab:top/lab:item[lab:id='1']/lab:id",
        info: bad("id"),
      },
    ],
    [
      `<edit-config><target><candidate/></target><config xmlns:nc="${BASE}"><top xmlns="urn:lab"><item><id>1</id><id nc:operation="remove">1</id></item></top></config></edit-config>`,
      { appTag: "too-many-elements", path: "/lab:top/lab:item[lab:id='1']/lab:id" },
    ],
    [
      `<validate><source><config><top xmlns="urn:lab"><item><id>1</id><id>1</id></item></top></config></source></validate>`,
      { appTag: "too-many-elements", path: "/lab:top/lab:item[lab:id='1']/lab:id" },
    ],
    ["<lock/>", { tag: "missing-element", info: bad("target") }],
    [
      "<commit><confirmed/><confirm-timeout>0</confirm-timeout></commit>",
      { tag: "invalid-value", info: bad("confirm-timeout") },
    ],
    ["<discard-changes><x/></discard-changes>", { tag: "unknown-element", info: bad("x") }],
    ["<kill-session/>", { tag: "missing-element", info: bad("session-id") }],
    ["<kill-session><session-id>x</session-id></kill-session>", { tag: "invalid-value" }],
    [
      "<kill-session><session-id>1</session-id></kill-session>",
      { tag: "invalid-value", info: bad("session-id") },
    ],
    [
      "<kill-session><session-id>77</session-id></kill-session>",
      { tag: "invalid-value", info: bad("session-id") },
    ],
    ["<delete-config><target><running/></target></delete-config>", { tag: "invalid-value" }],
    ["<cancel-commit/>", { tag: "operation-failed" }],
    [
      `<get><filter type="regexp"/></get>`,
      { tag: "bad-attribute", info: `<bad-attribute>type</bad-attribute>${bad("filter")}` },
    ],
    [
      `<get><filter type="xpath"/></get>`,
      { tag: "missing-attribute", info: `<bad-attribute>select</bad-attribute>${bad("filter")}` },
    ],
    [
      `<get><with-defaults>some</with-defaults></get>`,
      { tag: "invalid-value", info: bad("with-defaults") },
    ],
  ];
  test.each(table)("%s", (operation, expected) => check(new World().open(), operation, expected));
});

describe("editing", () => {
  test("parameters come in any order, white space around words does not count", () => {
    const manager = new World().open();
    const edit =
      `<edit-config><config>${top("<name>x</name>")}</config><default-operation>\n merge \n` +
      "</default-operation><test-option> set </test-option><target><candidate/></target></edit-config>";
    expect(manager.rpc(edit)).toBe("<ok/>");
    expect(read(manager, "candidate")).toBe(top("<name>x</name>"));
  });

  test("each fault is one rpc-error, with its own path, and nothing is changed", () => {
    const manager = new World().open();
    const faults = faultsOf(manager.edit(top("<num>1000</num><flag>maybe</flag><name/><bogus/>")));
    expect(faults.map(({ tag, path, appTag }) => [tag, path, appTag])).toEqual([
      ["invalid-value", "/lab:top/lab:num", undefined],
      ["invalid-value", "/lab:top/lab:flag", undefined],
      ["invalid-value", "/lab:top/lab:name", "name-length"],
      ["unknown-element", "/lab:top", undefined],
    ]);
    expect(faults[2]?.message).toBe("name must have 1 to 40 characters");
    expect(faults[3]?.info).toBe(bad("bogus"));
    expect(read(manager, "candidate")).toBe("");
  });

  test("the prefixes of an error-path are declared on it", () => {
    const reply = new World().open().edit(top("<item><id>a</id><size>x</size></item>"));
    expect(reply).toContain(
      `<error-path xmlns:lab="urn:lab">/lab:top/lab:item[lab:id='a']/lab:size</error-path>`,
    );
  });

  test("commit, validate and copy go where they should", () => {
    const world = new World();
    const manager = world.open();
    manager.put("<name>x</name>");
    expect(read(manager, "running")).toBe(top("<name>x</name>"));
    expect(read(manager, "startup")).toBe("");
    const save =
      "<copy-config><target><startup/></target><source><running/></source></copy-config>";
    expect(manager.rpc(save)).toBe("<ok/>");
    expect(read(manager, "startup")).toBe(top("<name>x</name>"));
    expect(manager.rpc("<delete-config><target><startup/></target></delete-config>")).toBe("<ok/>");
    expect(read(manager, "startup")).toBe("");
    const inline = (inner: string): string =>
      `<validate><source><config>${top(inner)}</config></source></validate>`;
    expect(manager.rpc(inline("<name>y</name>"))).toBe("<ok/>");
    check(manager, inline("<limits><low>9</low><high>3</high></limits>"), {
      tag: "operation-failed",
      appTag: "low-high",
      message: "low must not exceed high",
    });
    check(manager, inline("<ref>nobody</ref>"), {
      tag: "data-missing",
      appTag: "instance-required",
    });
    const copy = `<copy-config><source><config>${top("<num>4</num>")}</config></source><target><candidate/></target></copy-config>`;
    expect(manager.rpc(copy)).toBe("<ok/>");
    expect(read(manager, "candidate")).toBe(top("<num>4</num>"));
    expect(manager.rpc("<discard-changes/>")).toBe("<ok/>");
    expect(read(manager, "candidate")).toBe(top("<name>x</name>"));
  });

  test("without a startup datastore there is none to name", () => {
    const manager = new World({ hasStartup: false }).open();
    check(manager, "<get-config><source><startup/></source></get-config>", {
      tag: "unknown-element",
    });
    expect(manager.messages[0]).not.toContain("capability:startup");
  });
});

describe("locks", () => {
  const lock = (name: string): string => `<lock><target><${name}/></target></lock>`;
  const unlock = (name: string): string => `<unlock><target><${name}/></target></unlock>`;

  test("the holder is named, to itself too", () => {
    const world = new World();
    const [a, b] = [world.open(), world.open()];
    expect(a.rpc(lock("running"))).toBe("<ok/>");
    for (const manager of [a, b]) {
      const info = `<session-id>${a.id}</session-id>`;
      check(manager, lock("running"), { type: "protocol", tag: "lock-denied", info });
    }
    check(b, unlock("running"), { tag: "operation-failed" });
    expect(b.rpc("<get-config><source><running/></source></get-config>")).toBe("<data/>");
    expect(a.rpc(unlock("running"))).toBe("<ok/>");
    expect(b.rpc(lock("running"))).toBe("<ok/>");
  });

  const ends: readonly (readonly [string, (a: Manager, b: Manager) => void])[] = [
    ["close-session", (a) => a.rpc("<close-session/>")],
    [
      "kill-session",
      (a, b) => b.rpc(`<kill-session><session-id>${a.id}</session-id></kill-session>`),
    ],
    ["a lost connection", (a) => a.write("\n#+")],
    ["unlock", (a) => a.rpc(unlock("candidate"))],
  ];
  test.each(ends)("%s frees them and discards what was edited under them", (_, end) => {
    const world = new World();
    const [a, b] = [world.open(), world.open()];
    a.rpc(lock("candidate"));
    a.edit(top("<name>gone</name>"));
    end(a, b);
    expect(b.rpc(lock("candidate"))).toBe("<ok/>");
    expect(read(b, "candidate")).toBe("");
  });
});

describe("confirmed commit", () => {
  test("is undone when its time is up, 600 s unless told otherwise", () => {
    const world = new World();
    const manager = world.open();
    manager.edit(top("<name>tried</name>"));
    expect(manager.rpc("<commit><confirmed/></commit>")).toBe("<ok/>");
    world.pass(599);
    expect(read(manager, "running")).toBe(top("<name>tried</name>"));
    world.pass(1);
    expect(read(manager, "running")).toBe("");
  });

  test("persist and persist-id, an empty one too, carry it to another session", () => {
    for (const id of ["token", ""]) {
      const world = new World();
      const [a, b] = [world.open(), world.open()];
      a.edit(top("<name>tried</name>"));
      const confirmed = "<confirmed/><confirm-timeout>10</confirm-timeout>";
      expect(a.rpc(`<commit>${confirmed}<persist>${id}</persist></commit>`)).toBe("<ok/>");
      a.rpc("<close-session/>");
      check(b, "<commit><persist-id>wrong</persist-id></commit>", { tag: "invalid-value" });
      expect(b.rpc(`<commit><persist-id>${id}</persist-id></commit>`)).toBe("<ok/>");
      world.pass(20);
      expect(read(b, "running")).toBe(top("<name>tried</name>"));
    }
  });

  test("without persist the owner's end undoes it", () => {
    const world = new World();
    const [a, b] = [world.open(), world.open()];
    a.edit(top("<name>tried</name>"));
    a.rpc("<commit><confirmed/></commit>");
    a.rpc("<close-session/>");
    expect(read(b, "running")).toBe("");
  });
});

describe("rpcs and actions of modules", () => {
  const ping = `<ping xmlns="urn:lab"><text>hi</text></ping>`;
  const poke = (entry: string, how = "<how>hard</how>"): string =>
    `<action xmlns="urn:ietf:params:xml:ns:yang:1"><top xmlns="urn:lab">` +
    `<item>${entry}<poke>${how}</poke></item></top></action>`;

  test("input is checked, then nothing stands behind it", () => {
    const manager = new World().open();
    check(manager, ping, { tag: "operation-not-supported" });
    check(manager, `<ping xmlns="urn:lab"/>`, { tag: "missing-element", info: bad("text") });
    check(manager, `<ping xmlns="urn:lab"><text>x</text><y/></ping>`, {
      tag: "unknown-element",
      info: bad("y"),
    });
    check(manager, poke("<id>a</id>"), { tag: "data-missing" });
    manager.put("<item><id>a</id></item>");
    check(manager, poke("<id>a</id>"), { tag: "operation-not-supported" });
    check(manager, poke("<id>a</id>", ""), { tag: "missing-element", info: bad("how") });
    check(manager, poke("<id>a</id>", "<how>x</how>"), { tag: "invalid-value" });
    check(manager, poke(""), { tag: "missing-element", info: bad("id") });
  });

  test("handlers get the input and give the output", () => {
    const said: string[] = [];
    const world: World = new World({
      handlers: new Map([
        [
          "lab:ping",
          (input, context) => {
            const [text] = input.children;
            const schema = world.schema.rpcs.find(({ name }) => name === "ping")?.output;
            const [out] = schema?.dataChildren ?? [];
            said.push(`${context.peer.user} ${context.session} ${context.path.length}`);
            if (text?.kind !== "leaf" || out?.kind !== "leaf") return [];
            return [{ ...text, schema: out, value: `${text.value} back` }];
          },
        ],
        ["lab:silent", () => []],
        [
          "lab:poke",
          (input, { path }) => {
            said.push(path.map(({ schema, key }) => `${schema.name}[${key ?? ""}]`).join("/"));
            expect(childOf(input, input.schema?.dataChildren[0] as never)).toMatchObject({
              value: "hard",
            });
            return [];
          },
        ],
      ]),
    });
    const manager = world.open();
    expect(manager.rpc(ping)).toBe(`<text xmlns="urn:lab">hi back</text>`);
    expect(manager.rpc(`<silent xmlns="urn:lab"/>`)).toBe("<ok/>");
    expect(manager.rpc("<silent/>".replace("silent", `silent xmlns=""`))).toBe("<ok/>");
    manager.put("<item><id>a</id></item>");
    expect(manager.rpc(poke("<id>a</id>"))).toBe("<ok/>");
    expect(said).toEqual(["admin 1 0", "top[]/item[a]"]);
  });
});

function read(manager: Manager, source: string): string {
  const reply = manager.rpc(`<get-config><source><${source}/></source></get-config>`);
  return reply === "<data/>" ? "" : reply.slice("<data>".length, -"</data>".length);
}

test("Ansible's edit is taken as it is sent", () => {
  const manager = new World().open();
  manager.edit(top("<name>x</name><item><id>ntp1</id></item>"));
  const sent =
    `<nc:rpc xmlns:nc="${BASE}" message-id="urn:uuid:5"><nc:edit-config><nc:target><nc:candidate/>` +
    "</nc:target><nc:error-option>stop-on-error</nc:error-option><config>" +
    `<top xmlns="urn:lab"><flag>false</flag><item operation="remove"><id>ntp1</id></item></top>` +
    "</config></nc:edit-config></nc:rpc>";
  expect(manager.message(sent)).toContain("<ok/>");
  expect(read(manager, "candidate")).toBe(top("<name>x</name><flag>false</flag>"));
});
