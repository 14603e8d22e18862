import { describe, expect, test } from "vitest";
import { BASE, type Fault, faultsOf, type Manager, top, World } from "./world.ts";

const NACM = "urn:ietf:params:xml:ns:yang:ietf-netconf-acm";
const WRITE = "<write-default>permit</write-default>";

function rule(name: string, action: "permit" | "deny", more: string): string {
  return `<rule><name>${name}</name>${more}<action>${action}</action></rule>`;
}

function path(text: string): string {
  return `<path xmlns:l="urn:lab">${text}</path>`;
}

/** A world with rules for the group of "oper", the recovery user's session and oper's. */
function ruled(rules: string, settings = ""): readonly [Manager, Manager, World] {
  const world = new World();
  const admin = world.open();
  const config =
    `<nacm xmlns="${NACM}">${settings}<groups><group><name>g</name><user-name>oper</user-name>` +
    `</group></groups><rule-list><name>l</name><group>g</group>${rules}</rule-list></nacm>`;
  const edited = admin.edit(config) + admin.rpc("<commit/>");
  if (edited !== "<ok/><ok/>") throw new Error(edited);
  return [admin, world.open({ user: "oper" }), world];
}

function read(manager: Manager, filter = top("")): string {
  const reply = manager.rpc(
    `<get-config><source><running/></source><filter>${filter}</filter></get-config>`,
  );
  return reply === "<data/>" ? "" : reply.slice("<data>".length, -"</data>".length);
}

function check(reply: string, expected: readonly Partial<Fault>[]): void {
  expect(faultsOf(reply)).toMatchObject(expected);
}

describe("reading (RFC 8341 section 3.2.4)", () => {
  const DATA =
    "<name>n</name><num>4</num><item><id>a</id><value>1</value></item><item><id>b</id></item>";
  const [NAME, NUM, ITEM_A, ITEM_B] = [
    "<name>n</name>",
    "<num>4</num>",
    "<item><id>a</id><value>1</value></item>",
    "<item><id>b</id></item>",
  ];
  const table: readonly (readonly [string, string, string])[] = [
    ["nothing is denied by default", "", NAME + NUM + ITEM_A + ITEM_B],
    ["a leaf", rule("r", "deny", path("/l:top/l:name")), NUM + ITEM_A + ITEM_B],
    ["one entry", rule("r", "deny", path("/l:top/l:item[l:id='a']")), NAME + NUM + ITEM_B],
    ["all entries", rule("r", "deny", path("/l:top/l:item")), NAME + NUM],
    [
      "below one entry",
      rule("r", "deny", path("/l:top/l:item[l:id='a']/l:value")),
      `${NAME}${NUM}<item><id>a</id></item>${ITEM_B}`,
    ],
    [
      "below all entries",
      rule("r", "deny", path("/lab:top/lab:item/lab:value")),
      `${NAME}${NUM}<item><id>a</id></item>${ITEM_B}`,
    ],
    [
      "a prefix of the manager's own choosing, another module's name at that",
      rule("r", "deny", `<path xmlns:twin="urn:lab">/twin:top/twin:item[twin:id='a']</path>`),
      NAME + NUM + ITEM_B,
    ],
    ["a whole tree", rule("r", "deny", path("/l:top")), ""],
    ["a module", rule("r", "deny", "<module-name>lab</module-name>"), ""],
    [
      "another module",
      rule("r", "deny", "<module-name>twin</module-name>"),
      NAME + NUM + ITEM_A + ITEM_B,
    ],
    ["everything", rule("r", "deny", path("/")), ""],
    [
      "the first rule that matches decides",
      rule("a", "permit", path("/l:top/l:item[l:id='a']")) +
        rule("b", "deny", path("/l:top/l:item")),
      NAME + NUM + ITEM_A,
    ],
    [
      "other operations",
      rule("r", "deny", `${path("/l:top")}<access-operations>create update</access-operations>`),
      NAME + NUM + ITEM_A + ITEM_B,
    ],
    [
      "a path that leads nowhere",
      rule("r", "deny", path("/l:top/l:bogus")),
      NAME + NUM + ITEM_A + ITEM_B,
    ],
    [
      "what lies below is not opened again",
      rule("a", "permit", path("/l:top/l:name")) + rule("b", "deny", path("/l:top")),
      "",
    ],
  ];
  test.each(table)("%s", (_, rules, seen) => {
    const [admin, oper] = ruled(rules);
    admin.put(DATA);
    const expected = seen === "" ? "" : top(seen);
    expect(read(oper)).toBe(expected);
    const xpath = (select: string): string =>
      oper.rpc(`<get><filter type="xpath" select="${select}"/></get>`);
    expect(xpath("/lab:top")).toBe(expected === "" ? "<data/>" : `<data>${expected}</data>`);
    expect(read(admin)).toBe(top(DATA));
    // Without a filter the same is hidden.
    const all = oper.rpc("<get-config><source><running/></source></get-config>");
    expect(all).toBe(expected === "" ? "<data/>" : `<data>${expected}</data>`);
  });

  test("a content match on what is hidden does not match", () => {
    const [admin, oper] = ruled(rule("r", "deny", path("/l:top/l:name")));
    admin.put(DATA);
    expect(read(oper, top("<name>n</name><num/>"))).toBe("");
    expect(read(oper, top("<name/><num/>"))).toBe(top(NUM));
    const reply = oper.rpc(
      `<get><filter type="xpath" select="/lab:top[lab:name='n']/lab:num"/></get>`,
    );
    expect(reply).toBe("<data/>");
  });

  test("default-deny-all hides, a rule opens", () => {
    const data = "<num>4</num><hidden>h</hidden>";
    const [admin, oper] = ruled("", WRITE);
    admin.put(data);
    expect([read(oper), read(admin)]).toEqual([top("<num>4</num>"), top(data)]);
    const [other, opened] = ruled(rule("r", "permit", path("/l:top/l:hidden")));
    other.put(data);
    expect(read(opened)).toBe(top(data));
  });

  test("read-default deny hides everything; without NACM nothing is hidden", () => {
    const [admin, oper] = ruled("", "<read-default>deny</read-default>");
    admin.put(DATA);
    expect(read(oper)).toBe("");
    admin.edit(`<nacm xmlns="${NACM}"><enable-nacm>false</enable-nacm></nacm>`);
    admin.rpc("<commit/>");
    expect(read(oper)).toBe(top(DATA));
  });
});

describe("writing (section 3.4.5)", () => {
  test("write-default deny: access-denied with the path, and nothing is changed", () => {
    const [admin, oper, world] = ruled("");
    check(oper.edit(top("<name>x</name>")), [
      { type: "application", tag: "access-denied", path: "/lab:top/lab:name" },
    ]);
    expect(world.datastores.candidateModified).toBe(false);
    expect(counters(admin)).toContain("<denied-data-writes>1</denied-data-writes>");
  });

  test("a rule opens a part; each node that is refused is told", () => {
    const rules = rule(
      "r",
      "permit",
      `${path("/l:top/l:item[l:id='a']")}<access-operations>*</access-operations>`,
    );
    const [admin, oper] = ruled(rules);
    expect(oper.edit(top("<item><id>a</id><value>1</value></item>"))).toBe("<ok/>");
    expect(oper.rpc("<commit/>")).toBe("<ok/>");
    check(
      oper.edit(top("<item><id>a</id><value>2</value></item><item><id>b</id></item><num>4</num>")),
      [
        { tag: "access-denied", path: "/lab:top/lab:num" },
        { tag: "access-denied", path: "/lab:top/lab:item[lab:id='b']" },
        { tag: "access-denied", path: "/lab:top/lab:item[lab:id='b']/lab:id" },
      ],
    );
    expect(read(admin)).toBe(top("<item><id>a</id><value>1</value></item>"));
  });

  test("create, update and delete are told apart", () => {
    const rules = rule(
      "r",
      "permit",
      `${path("/l:top")}<access-operations>create</access-operations>`,
    );
    const [, oper] = ruled(rules);
    expect(oper.edit(top("<num>4</num>"))).toBe("<ok/>");
    check(oper.edit(top("<num>5</num>")), [{ tag: "access-denied" }]);
    check(oper.edit(top(`<num nc:operation="delete"/>`)), [{ tag: "access-denied" }]);
  });

  test("default-deny-write holds whatever write-default says", () => {
    const [admin, oper] = ruled("", WRITE);
    admin.put("<guarded>g</guarded>");
    expect(read(oper)).toBe(top("<guarded>g</guarded>"));
    check(oper.edit(top("<guarded>x</guarded>")), [{ tag: "access-denied" }]);
    check(oper.edit(top("<hidden>x</hidden>")), [{ tag: "access-denied" }]);
    expect(oper.edit(top("<num>5</num>"))).toBe("<ok/>");
  });

  test("a commit is checked for what it changes in running", () => {
    const [admin, oper] = ruled("");
    admin.edit(top("<name>by admin</name>"));
    check(oper.rpc("<commit/>"), [{ tag: "access-denied", path: "/lab:top/lab:name" }]);
    admin.rpc("<discard-changes/>");
    expect(oper.rpc("<commit/>")).toBe("<ok/>");
  });

  test("what cannot be read is not copied; to save what runs needs no more than the operation", () => {
    const [admin, oper] = ruled("", WRITE);
    admin.put("<num>4</num><hidden>h</hidden>");
    const copy = (from: string, to: string): string =>
      oper.rpc(`<copy-config><target><${to}/></target><source><${from}/></source></copy-config>`);
    expect(copy("running", "startup")).toBe("<ok/>");
    const saved = admin.rpc(
      `<get-config><source><startup/></source><filter>${top("")}</filter></get-config>`,
    );
    expect(saved).toBe(`<data>${top("<num>4</num><hidden>h</hidden>")}</data>`);
    // Left out, it would be deleted from the candidate.
    const faults = faultsOf(copy("running", "candidate"));
    expect(new Set(faults.map(({ tag }) => tag))).toEqual(new Set(["access-denied"]));
    // What may not be read is not named.
    expect(new Set(faults.map((fault) => fault.path))).toEqual(new Set([undefined, "/lab:top"]));
  });
});

describe("operations (section 3.4.4)", () => {
  const denied = [{ type: "protocol", tag: "access-denied" }];

  test("kill-session, delete-config and default-deny-all rpcs take a rule", () => {
    const calls = (admin: Manager): readonly string[] => [
      `<kill-session><session-id>${admin.id}</session-id></kill-session>`,
      "<delete-config><target><startup/></target></delete-config>",
      `<secret xmlns="urn:lab"/>`,
    ];
    const [admin, oper] = ruled("", WRITE);
    for (const call of calls(admin)) check(oper.rpc(call), denied);
    expect(admin.isClosed).toBe(false);
    expect(counters(admin)).toContain("<denied-operations>3</denied-operations>");
    const open = ["delete-config", "secret"].map((name) =>
      rule(name, "permit", `<rpc-name>${name}</rpc-name>`),
    );
    const [, opened] = ruled(open.join(""));
    const [kill = "", remove = "", secret = ""] = calls(admin);
    check(opened.rpc(kill), denied);
    expect(opened.rpc(remove)).toBe("<ok/>");
    check(opened.rpc(secret), [{ tag: "operation-not-supported" }]);
  });

  test("rules deny by name and module; a session can always be closed", () => {
    const [, oper] = ruled(
      rule("a", "deny", "<module-name>ietf-netconf</module-name><rpc-name>lock</rpc-name>") +
        rule("b", "deny", "<module-name>lab</module-name><rpc-name>*</rpc-name>"),
    );
    check(oper.rpc("<lock><target><running/></target></lock>"), denied);
    check(oper.rpc(`<silent xmlns="urn:lab"/>`), denied);
    expect(oper.rpc("<unlock><target><running/></target></unlock>")).not.toContain("access-denied");
    const [, closing] = ruled(rule("a", "deny", ""), "<exec-default>deny</exec-default>");
    check(closing.rpc("<get/>"), denied);
    expect(closing.rpc("<close-session/>")).toBe("<ok/>");
  });

  test("an action asks for its node, and for itself", () => {
    const poke =
      `<action xmlns="urn:ietf:params:xml:ns:yang:1"><top xmlns="urn:lab"><item><id>a</id>` +
      "<poke><how>hard</how></poke></item></top></action>";
    const [admin, oper] = ruled(rule("r", "deny", path("/l:top/l:item")));
    admin.put("<item><id>a</id></item>");
    check(oper.rpc(poke), [{ tag: "access-denied", path: "/lab:top" }]);
    const [other, second] = ruled(rule("r", "deny", path("/l:top/l:item/l:poke")));
    other.put("<item><id>a</id></item>");
    check(second.rpc(poke), denied);
    expect(read(second)).toBe(top("<item><id>a</id></item>"));
  });

  test("who is in no group has the defaults alone", () => {
    const world = new World();
    const admin = world.open();
    const deny = `<rule-list><name>l</name><group>*</group>${rule("r", "deny", "")}</rule-list>`;
    admin.edit(`<nacm xmlns="${NACM}">${deny}</nacm>`);
    admin.rpc("<commit/>");
    expect(world.open({ user: "nobody" }).rpc("<get/>")).toContain("<data>");
  });
});

test("rules that change hold from the next operation on, for sessions that are there too", () => {
  const [admin, oper] = ruled("");
  admin.put("<name>n</name>");
  expect(read(oper)).toContain("<name>n</name>");
  const denied = (operation: string): string =>
    `<nacm xmlns="${NACM}" xmlns:nc="${BASE}"><rule-list><name>l</name><rule nc:operation="${operation}">` +
    `<name>r</name>${path("/l:top/l:name")}<action>deny</action></rule></rule-list></nacm>`;
  expect(admin.edit(denied("create")) + admin.rpc("<commit/>")).toBe("<ok/><ok/>");
  expect(read(oper)).not.toContain("<name>");
  expect(admin.edit(denied("delete")) + admin.rpc("<commit/>")).toBe("<ok/><ok/>");
  expect(read(oper)).toContain("<name>n</name>");
});

test("an event that is denied to all by default is told to the recovery user alone", () => {
  const [admin, oper, world] = ruled("");
  const schema = world.schema.notifications.find(({ name }) => name === "whispered");
  if (schema === undefined) throw new Error("there is no such event");
  for (const manager of [admin, oper]) {
    manager.rpc('<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>');
  }
  world.perform(world.server.notify({ kind: "tree", schema, children: [] }, world.at()));
  expect(admin.messages.at(-1)).toContain("<whispered");
  expect(oper.messages.join("")).not.toContain("<whispered");
});

describe("what names instances that may not be read", () => {
  const hidesB = rule("r", "deny", path("/l:top/l:item[l:id='b']"));
  const items = "<item><id>a</id></item><item><id>b</id><value>v</value></item>";
  const subscribe =
    '<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>';

  function heard(manager: Manager, act: () => void): string {
    const before = manager.messages.length;
    act();
    return manager.messages.slice(before).join("");
  }

  test("an event tells only of the edits of what its reader may read", () => {
    const [admin, oper] = ruled(hidesB);
    admin.put("<name>n</name>");
    expect(oper.rpc(subscribe)).toBe("<ok/>");
    const told = heard(oper, () => admin.put(items));
    expect(told).toContain("<netconf-config-change");
    expect(told).toContain("item[lab:id='a']");
    expect(told).not.toContain("id='b'");
    const everything = heard(admin, () => {
      expect(admin.rpc(subscribe)).toBe("<ok/>");
      admin.put(`<item nc:operation="delete"><id>b</id></item>`);
    });
    expect(everything).toContain("item[lab:id='b']");
    expect(heard(oper, () => admin.put("<item><id>b</id></item>"))).not.toContain("<edit>");
  });

  test("no filter of events asks about the rest, and no replay tells it", () => {
    const [admin, oper, world] = ruled(hidesB);
    admin.put("<name>n</name>");
    const asking =
      '<filter type="xpath" xmlns:n="urn:ietf:params:xml:ns:yang:ietf-netconf-notifications" ' +
      `select="/n:netconf-config-change/n:edit[contains(n:target, &quot;'b'&quot;)]"/>`;
    expect(oper.rpc(subscribe.replace("/>", `>${asking}</create-subscription>`))).toBe("<ok/>");
    expect(heard(oper, () => admin.put(items))).toBe("");
    const later = world.open({ user: "oper" });
    const start = `><startTime>${new Date(0).toISOString()}</startTime></create-subscription>`;
    const replayed = heard(later, () => void later.rpc(subscribe.replace("/>", start)));
    expect(replayed).toContain("item[lab:id='a']");
    expect(replayed).not.toContain("id='b'");
  });

  test("monitoring shows no partial locks on it", () => {
    const [admin, oper] = ruled(hidesB);
    admin.put(items);
    const lock = `<partial-lock xmlns="urn:ietf:params:xml:ns:netconf:partial-lock:1.0" xmlns:l="urn:lab"><select>//l:item</select></partial-lock>`;
    expect(admin.rpc(lock)).toContain("id='b'");
    for (const filter of [
      "",
      '<filter><netconf-state xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"/></filter>',
      `<filter type="xpath" select="//locked-node"/>`,
    ]) {
      expect(admin.rpc(`<get>${filter}</get>`)).toContain("id='b'");
      const shown = oper.rpc(`<get>${filter}</get>`);
      expect(shown).toContain("item[lab:id='a']");
      expect(shown).not.toContain("id='b'");
    }
  });
});

function counters(manager: Manager): string {
  return manager.rpc(
    `<get><filter><nacm xmlns="${NACM}"><denied-operations/><denied-data-writes/></nacm></filter></get>`,
  );
}

test("a path is told with prefixes that are declared, and comes back as the same value", () => {
  const written = `<path xmlns:x="urn:lab">/x:top/x:item[x:id='a:b']</path>`;
  const [admin] = ruled(rule("r", "deny", written));
  const told = read(admin, `<nacm xmlns="${NACM}"/>`);
  expect(told).toContain(`<path xmlns:lab="urn:lab">/lab:top/lab:item[lab:id='a:b']</path>`);
  expect(admin.edit(told)).toBe("<ok/>");
  expect(read(admin, `<nacm xmlns="${NACM}"/>`)).toBe(told);
});

test("the recovery user passes every rule", () => {
  const [admin] = ruled(rule("r", "deny", path("/")), "<exec-default>deny</exec-default>");
  expect(admin.edit(top("<name>x</name>"))).toBe("<ok/>");
  expect(admin.message(`<rpc xmlns="${BASE}" message-id="1"><commit/></rpc>`)).toContain("<ok/>");
});
