import { describe, expect, test } from "vitest";
import { emptyTree, readData, type Tree } from "../../src/data/index.ts";
import { element } from "../../src/xml/index.ts";
import { type Fault, faultsOf, type Manager, top, World } from "./world.ts";

const SN = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications";
const YP = "urn:ietf:params:xml:ns:yang:ietf-yang-push";
const DS = "urn:ietf:params:xml:ns:yang:ietf-datastores";
const NACM = "urn:ietf:params:xml:ns:yang:ietf-netconf-acm";
const SCOPE = `xmlns="${SN}" xmlns:yp="${YP}" xmlns:ds="${DS}" xmlns:x="urn:lab"`;
const HAPPENED = `<stream-xpath-filter>/x:happened</stream-xpath-filter>`;

function establish(manager: Manager, inner: string): string {
  return manager.rpc(`<establish-subscription ${SCOPE}>${inner}</establish-subscription>`);
}

function modify(manager: Manager, id: string, inner: string): string {
  return manager.rpc(`<modify-subscription ${SCOPE}><id>${id}</id>${inner}</modify-subscription>`);
}

function byId(manager: Manager, operation: string, id: string, namespace = SN): string {
  return manager.rpc(`<${operation} xmlns="${namespace}"><id>${id}</id></${operation}>`);
}

function idOf(reply: string): string {
  const id = new RegExp(`^<id xmlns="${SN}">([0-9]+)</id>`).exec(reply)?.[1];
  if (id === undefined) throw new Error(reply);
  return id;
}

/** A subscription to a datastore. */
function push(manager: Manager, datastore: string, filter: string, trigger: string): string {
  return establish(manager, `<yp:datastore>ds:${datastore}</yp:datastore>${filter}${trigger}`);
}

const TOP = "<yp:datastore-xpath-filter>/x:top</yp:datastore-xpath-filter>";
const SUBTREE = `<yp:datastore-subtree-filter>${top("")}</yp:datastore-subtree-filter>`;
const ON_CHANGE = "<yp:on-change/>";
/** In hundredths of a second. */
const period = (hundredths: number): string =>
  `<yp:periodic><yp:period>${hundredths}</yp:period></yp:periodic>`;

/** What a session was told since it was last asked, without envelopes and namespaces of ours. */
function told(manager: Manager): readonly string[] {
  const form = /^<notification xmlns="[^"]+"><eventTime>[^<]+<\/eventTime>(.*)<\/notification>$/;
  const found = manager.messages.flatMap((message) => form.exec(message)?.[1] ?? []);
  manager.messages.length = 0;
  return found.map((event) => event.replace(`xmlns="${SN}"`, "SN").replace(`xmlns="${YP}"`, "YP"));
}

function happened(world: World, what: string): void {
  const parent = world.schema.notifications.find(({ name }) => name === "happened");
  if (parent === undefined) throw new Error("the lab has no event");
  const { tree } = readData([element("urn:lab", "what", { text: what })], world.schema, {
    type: "data",
    parent,
  });
  world.perform(world.server.notify({ ...tree, schema: parent }, world.at()));
}

const event = (what: string): string => `<happened xmlns="urn:lab"><what>${what}</what></happened>`;
const update = (id: string, content: string): string =>
  `<push-update YP><id>${id}</id>${content === "" ? "<datastore-contents/>" : `<datastore-contents>${content}</datastore-contents>`}</push-update>`;

function time(world: World, seconds: number): string {
  return new Date(Number(world.now / 1_000_000n) + seconds * 1000).toISOString();
}

/** The edits of a push-change-update as "operation target value". */
function edits(message: string | undefined): readonly string[] {
  const form =
    /<edit><edit-id>\d+<\/edit-id><operation>(.*?)<\/operation><target>(.*?)<\/target>(.*?)<\/edit>/g;
  return [...(message ?? "").matchAll(form)].map(([, operation, target, more = ""]) =>
    `${operation} ${target} ${more.replaceAll(/<\/?value>| xmlns="urn:lab"/g, "")}`.trim(),
  );
}

function check(reply: string, expected: Partial<Fault>): void {
  expect(faultsOf(reply)).toMatchObject([expected]);
}

describe("streams (RFC 8639)", () => {
  test("subscribed, told, ended", () => {
    const world = new World();
    const s = world.open();
    const id = idOf(establish(s, `<stream>NETCONF</stream>${HAPPENED}`));
    happened(world, "a");
    world.open().put("<name>x</name>");
    expect(told(s)).toEqual([event("a")]);
    expect(byId(s, "delete-subscription", id)).toBe("<ok/>");
    happened(world, "b");
    expect(told(s)).toEqual([]);
  });

  test("several on one session, each with its filter", () => {
    const world = new World();
    const s = world.open();
    const subtree = `<stream-subtree-filter><happened xmlns="urn:lab"><what>b</what></happened></stream-subtree-filter>`;
    const ids = [HAPPENED, subtree].map((filter) =>
      idOf(establish(s, `<stream>NETCONF</stream>${filter}`)),
    );
    expect(new Set(ids).size).toBe(2);
    happened(world, "a");
    happened(world, "b");
    expect(told(s)).toEqual([event("a"), event("b"), event("b")]);
  });

  test("a replay: the reply, what was, replay-completed, then what comes", () => {
    const world = new World();
    const s = world.open();
    for (const what of ["a", "b"]) {
      world.pass(10);
      happened(world, what);
    }
    const start = `<replay-start-time>${time(world, -5)}</replay-start-time>`;
    const id = idOf(establish(s, `<stream>NETCONF</stream>${HAPPENED}${start}`));
    happened(world, "c");
    expect(told(s)).toEqual([
      event("b"),
      `<replay-completed SN><id>${id}</id></replay-completed>`,
      event("c"),
    ]);
  });

  test("a replay from before the log says where it begins", () => {
    const world = new World();
    world.pass(100);
    const s = world.open();
    const start = `<replay-start-time>${time(world, -50)}</replay-start-time>`;
    const reply = establish(s, `<stream>NETCONF</stream>${start}`);
    expect(reply).toContain(
      `<replay-start-time-revision xmlns="${SN}">1970-01-01T00:01:40.000Z</replay-start-time-revision>`,
    );
  });

  test("it ends at its stop-time", () => {
    const world = new World();
    const s = world.open();
    const stop = `<stop-time>${time(world, 10)}</stop-time>`;
    const id = idOf(establish(s, `<stream>NETCONF</stream>${HAPPENED}${stop}`));
    world.pass(9);
    happened(world, "a");
    world.pass(2);
    happened(world, "b");
    expect(told(s)).toEqual([event("a")]);
    check(byId(s, "delete-subscription", id), { tag: "invalid-value" });
  });

  test("a filter can be changed by its session alone", () => {
    const world = new World();
    const [s, other] = [world.open(), world.open()];
    const id = idOf(establish(s, `<stream>NETCONF</stream>${HAPPENED}`));
    const none = "<stream-xpath-filter>/x:happened[x:what='z']</stream-xpath-filter>";
    check(modify(other, id, none), {
      tag: "invalid-value",
      appTag: "ietf-subscribed-notifications:no-such-subscription",
      info: `<modify-subscription-stream-error-info xmlns="${SN}"><reason>no-such-subscription</reason></modify-subscription-stream-error-info>`,
    });
    expect(modify(s, id, none)).toBe("<ok/>");
    happened(world, "a");
    happened(world, "z");
    expect(told(s)).toEqual([event("z")]);
  });

  test("a configured filter counts as it is: changed it is told, gone it ends", () => {
    const world = new World();
    const [s, admin] = [world.open(), world.open()];
    const filters = (inner: string): void => {
      expect(admin.edit(`<filters xmlns="${SN}" xmlns:x="urn:lab">${inner}</filters>`)).toBe(
        "<ok/>",
      );
      expect(admin.rpc("<commit/>")).toBe("<ok/>");
    };
    const named = (what: string): string =>
      `<stream-filter><name>f</name><stream-xpath-filter>/x:happened[x:what='${what}']</stream-xpath-filter></stream-filter>`;
    filters(named("a"));
    const id = idOf(
      establish(s, "<stream>NETCONF</stream><stream-filter-name>f</stream-filter-name>"),
    );
    filters(named("b"));
    happened(world, "a");
    happened(world, "b");
    expect(told(s)).toEqual([
      `<subscription-modified SN><id>${id}</id><stream-filter-name>f</stream-filter-name><stream>NETCONF</stream></subscription-modified>`,
      event("b"),
    ]);
    filters(`<stream-filter nc:operation="delete"><name>f</name></stream-filter>`);
    expect(told(s)).toEqual([
      `<subscription-terminated SN><id>${id}</id><reason>filter-unavailable</reason></subscription-terminated>`,
    ]);
  });

  test("kill-subscription is denied by default; who is killed is told", () => {
    const world = new World();
    const [s, oper] = [world.open(), world.open({ user: "oper" })];
    const id = idOf(establish(s, "<stream>NETCONF</stream>"));
    check(byId(oper, "kill-subscription", id), { tag: "access-denied" });
    told(s);
    expect(byId(world.open(), "kill-subscription", id)).toBe("<ok/>");
    expect(told(s).at(-1)).toBe(
      `<subscription-terminated SN><id>${id}</id><reason>no-such-subscription</reason></subscription-terminated>`,
    );
    check(byId(s, "delete-subscription", id), {
      info: `<delete-subscription-error-info xmlns="${SN}"><reason>no-such-subscription</reason></delete-subscription-error-info>`,
    });
  });

  test("one session has subscriptions of one kind (RFC 8640 section 3)", () => {
    const create = `<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>`;
    const world = new World();
    const [s, old] = [world.open(), world.open()];
    establish(s, "<stream>NETCONF</stream>");
    check(s.rpc(create), { tag: "operation-not-supported" });
    expect(old.rpc(create)).toBe("<ok/>");
    check(establish(old, "<stream>NETCONF</stream>"), { tag: "operation-not-supported" });
  });

  test("subscriptions and streams are told, with what was sent and what not", () => {
    const world = new World();
    const [s, admin] = [world.open(), world.open()];
    const id = idOf(establish(s, `<stream>NETCONF</stream>${HAPPENED}`));
    happened(world, "a");
    admin.put("<name>x</name>");
    const state = admin.rpc(
      `<get><filter><subscriptions xmlns="${SN}"/><streams xmlns="${SN}"/></filter></get>`,
    );
    expect(state).toContain(
      `<subscriptions xmlns="${SN}"><subscription><id>${id}</id>` +
        `<stream-xpath-filter xmlns:lab="urn:lab">/lab:happened</stream-xpath-filter>` +
        `<stream>NETCONF</stream><encoding>encode-xml</encoding><receivers><receiver>` +
        `<name>session ${s.id}</name><sent-event-records>1</sent-event-records>` +
        `<excluded-event-records>1</excluded-event-records><state>active</state>`,
    );
    expect(state).toContain(`<streams xmlns="${SN}"><stream><name>NETCONF</name>`);
    expect(state).toContain("<replay-support/>");
    s.rpc("<close-session/>");
    expect(admin.rpc(`<get><filter><subscriptions xmlns="${SN}"/></filter></get>`)).toBe("<data/>");
  });

  test("events that may not be read are not told", () => {
    const world = new World();
    world
      .open()
      .edit(
        `<nacm xmlns="${NACM}"><groups><group><name>g</name><user-name>oper</user-name></group></groups>` +
          `<rule-list><name>l</name><group>g</group><rule><name>r</name><notification-name>happened` +
          `</notification-name><action>deny</action></rule></rule-list></nacm>`,
        "running",
      );
    const oper = world.open({ user: "oper" });
    establish(oper, `<stream>NETCONF</stream>${HAPPENED}`);
    happened(world, "a");
    expect(told(oper)).toEqual([]);
  });

  test("who does not read is suspended, not dropped, and goes on where it reads again", () => {
    const world = new World({ drains: false, limits: { waitingNotifications: 20 } });
    const s = world.open();
    s.drained();
    const id = idOf(establish(s, `<stream>NETCONF</stream>${HAPPENED}`));
    s.drained();
    for (let i = 0; i < 2000; i++) happened(world, "x".repeat(500));
    expect(s.isClosed).toBe(false);
    for (let i = 0; i < 20; i++) s.drained();
    const after = told(s);
    expect(after.at(-1)).toBe(`<subscription-resumed SN><id>${id}</id></subscription-resumed>`);
    expect(after.filter((one) => one.includes("subscription-suspended"))).toEqual([
      `<subscription-suspended SN><id>${id}</id><reason>insufficient-resources</reason></subscription-suspended>`,
    ]);
    happened(world, "y");
    expect(told(s)).toEqual([event("y")]);
  });
});

describe("refusals", () => {
  const stream = (reason: string, hint = ""): string =>
    `<establish-subscription-stream-error-info xmlns="${SN}"><reason>${reason}</reason>${hint}</establish-subscription-stream-error-info>`;
  const table: readonly (readonly [string, string, Partial<Fault>])[] = [
    ["no such stream", "<stream>X</stream>", { tag: "invalid-value" }],
    ["no target", "", { appTag: "missing-choice" }],
    [
      "a filter that is none",
      "<stream>NETCONF</stream><stream-xpath-filter>/x:happened[</stream-xpath-filter>",
      { tag: "invalid-value", appTag: "ietf-subscribed-notifications:filter-unsupported" },
    ],
    [
      "a replay of the future",
      "<stream>NETCONF</stream><replay-start-time>2100-01-01T00:00:00Z</replay-start-time>",
      { tag: "invalid-value", info: "<bad-element>replay-start-time</bad-element>" },
    ],
    [
      "an end in the past",
      "<stream>NETCONF</stream><stop-time>1969-01-01T00:00:00Z</stop-time>",
      { tag: "invalid-value", info: "<bad-element>stop-time</bad-element>" },
    ],
    [
      "a trigger for a stream",
      "<stream>NETCONF</stream><yp:on-change/>",
      { tag: "bad-element", info: "<bad-element>on-change</bad-element>" },
    ],
    [
      "a datastore without a trigger",
      "<yp:datastore>ds:running</yp:datastore>",
      { appTag: "missing-choice" },
    ],
    [
      "a period that is too short",
      "<yp:datastore>ds:running</yp:datastore><yp:periodic><yp:period>1</yp:period></yp:periodic>",
      {
        tag: "invalid-value",
        appTag: "ietf-yang-push:period-unsupported",
        info: `<establish-subscription-datastore-error-info xmlns="${YP}"><reason>period-unsupported</reason><period-hint>10</period-hint></establish-subscription-datastore-error-info>`,
      },
    ],
    [
      "what no schema has",
      `<yp:datastore>ds:running</yp:datastore><yp:datastore-subtree-filter><top xmlns="urn:no"/></yp:datastore-subtree-filter><yp:on-change/>`,
      { tag: "operation-failed", appTag: "ietf-yang-push:unchanging-selection" },
    ],
    [
      "no node-set",
      "<yp:datastore>ds:running</yp:datastore><yp:datastore-xpath-filter>1 + 1</yp:datastore-xpath-filter><yp:on-change/>",
      { appTag: "ietf-subscribed-notifications:filter-unsupported" },
    ],
    [
      "a datastore that is not here",
      "<yp:datastore>ds:dynamic</yp:datastore><yp:on-change/>",
      { tag: "invalid-value" },
    ],
  ];
  test.each(table)("%s", (_, inner, expected) => {
    const world = new World();
    world.pass(1);
    check(establish(world.open(), inner), expected);
  });

  test("the reason is told again with what is wrong", () => {
    const reply = establish(
      new World().open(),
      "<stream>NETCONF</stream><stream-xpath-filter>/x:happened[</stream-xpath-filter>",
    );
    const [fault] = faultsOf(reply);
    expect(fault?.info).toContain(stream("filter-unsupported").slice(0, -60).split("</reason>")[0]);
    expect(fault?.info).toContain("<filter-failure-hint>");
  });

  test("there is an end to subscriptions", () => {
    const s = new World({ limits: { subscriptions: 2 } }).open();
    const reply = [1, 2, 3].map(() => establish(s, "<stream>NETCONF</stream>"));
    check(reply[2] ?? "", {
      tag: "resource-denied",
      appTag: "ietf-subscribed-notifications:insufficient-resources",
    });
  });
});

test("streams whose filters cost too much together end, in a replay too, and their sessions idle", () => {
  const world = new World({ limits: { filterWork: 1_000, idleTimeout: 10 } });
  const [old, dynamic, other] = [world.open(), world.open(), world.open({ user: "oper" })];
  const costly = "count(//node()[count(//node()) = 0]) = 0";
  old.rpc(
    '<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0">' +
      `<filter type="xpath" select="${costly}"/></create-subscription>`,
  );
  const stream = `<stream>NETCONF</stream><stream-xpath-filter>${costly}</stream-xpath-filter>`;
  idOf(establish(dynamic, stream));
  const id = idOf(establish(other, stream));
  for (const session of [old, dynamic, other]) told(session);
  for (let i = 0; i < 50; i++) happened(world, "a");
  const ends = [old, dynamic, other].map((session) => told(session).at(-1));
  expect(ends[0]).toMatch(/^<notificationComplete /);
  expect(ends[1]).toContain("<subscription-terminated SN>");
  expect(ends[2]).toContain("<reason>filter-unavailable</reason>");
  const from = `<replay-start-time>${time(world, 0)}</replay-start-time>`;
  expect(idOf(establish(other, `${stream}${from}`))).not.toBe(id);
  expect(told(other).at(-1)).toContain("<subscription-terminated SN>");
  expect(world.server.wakeAt).toBeDefined();
  world.pass(11);
  expect([old, dynamic, other].map(({ isClosed }) => isClosed)).toEqual([true, true, true]);
});

describe("datastores (RFC 8641)", () => {
  test.each([TOP, SUBTREE])("on change: all at first, then what changes: %s", (filter) => {
    const world = new World();
    const [s, c] = [world.open(), world.open()];
    c.put("<name>a</name><item><id>i</id></item>");
    const id = idOf(push(s, "running", filter, ON_CHANGE));
    expect(told(s)).toEqual([update(id, top("<name>a</name><item><id>i</id></item>"))]);
    c.put(`<name>b</name><item nc:operation="delete"><id>i</id></item><num>4</num>`);
    c.edit(`<other xmlns="urn:lab"><note>n</note></other>`, "running");
    const changes = told(s);
    expect(changes.map(edits)).toEqual([
      [
        "replace /lab:top/name <name>b</name>",
        "create /lab:top/num <num>4</num>",
        "delete /lab:top/item=i",
      ],
    ]);
    expect(changes[0]).toMatch(
      /^<push-change-update YP><id>\d+<\/id><datastore-changes><yang-patch><patch-id>1<\/patch-id><edit>/,
    );
  });

  test("order that users give is told: insert and move", () => {
    const world = new World();
    const [s, c] = [world.open(), world.open()];
    c.put("<seq>1</seq><seq>2</seq>");
    push(s, "running", TOP, ON_CHANGE);
    told(s);
    const first = `xmlns:yang="urn:ietf:params:xml:ns:yang:1" yang:insert="first"`;
    c.put("<seq>3</seq>");
    c.put(`<seq ${first}>3</seq>`);
    expect(told(s).map(edits)).toEqual([
      ["insert /lab:top/seq=3 <point>/lab:top/seq=2</point><where>after</where><seq>3</seq>"],
      ["move /lab:top/seq=3 <where>first</where>"],
    ]);
  });

  test("candidate and startup too; a discard is a change", () => {
    const world = new World();
    const [s, c] = [world.open(), world.open()];
    push(s, "candidate", TOP, ON_CHANGE);
    push(s, "startup", TOP, ON_CHANGE);
    told(s);
    c.edit(top("<name>x</name>"));
    c.rpc("<discard-changes/>");
    c.put("<name>y</name>");
    c.rpc("<copy-config><target><startup/></target><source><running/></source></copy-config>");
    expect(told(s).map(edits)).toEqual([
      ["create /lab:top <top><name>x</name></top>"],
      ["delete /lab:top"],
      ["create /lab:top <top><name>y</name></top>"],
      ["create /lab:top <top><name>y</name></top>"],
    ]);
  });

  test("sync-on-start and excluded-change", () => {
    const world = new World();
    const [s, c] = [world.open(), world.open()];
    const more =
      "<yp:sync-on-start>false</yp:sync-on-start><yp:excluded-change>create</yp:excluded-change>";
    push(s, "running", TOP, `<yp:on-change>${more}</yp:on-change>`);
    c.put("<name>x</name>");
    c.put("<name>y</name><num>5</num>");
    expect(told(s).map(edits)).toEqual([["replace /lab:top/name <name>y</name>"]]);
  });

  test("dampening: one update at the end of the period, with what came and went", () => {
    const world = new World();
    const [s, c] = [world.open(), world.open()];
    c.put("<name>a</name>");
    push(
      s,
      "running",
      TOP,
      "<yp:on-change><yp:dampening-period>500</yp:dampening-period></yp:on-change>",
    );
    told(s);
    c.put("<name>b</name><num>1</num>");
    c.put("<name>c</name>");
    c.put(`<name>a</name><flag>true</flag>`);
    world.pass(4);
    expect(told(s)).toEqual([]);
    world.pass(1);
    expect(told(s).map(edits)).toEqual([
      [
        "create /lab:top/num <num>1</num>",
        "create /lab:top/flag <flag>true</flag>",
        "replace /lab:top/name <name>a</name>",
      ],
    ]);
    world.pass(20);
    expect(told(s)).toEqual([]);
    c.put("<name>z</name>");
    expect(told(s).map(edits)).toEqual([["replace /lab:top/name <name>z</name>"]]);
  });

  test("periodic: now, and each period after; at the anchor where there is one", () => {
    const world = new World();
    const s = world.open();
    const periodic = (inner: string): string =>
      `<yp:periodic><yp:period>1000</yp:period>${inner}</yp:periodic>`;
    const plain = idOf(push(s, "running", TOP, periodic("")));
    const anchored = idOf(
      push(s, "running", TOP, periodic("<yp:anchor-time>1970-01-01T00:00:03Z</yp:anchor-time>")),
    );
    expect(told(s)).toEqual([update(plain, "")]);
    world.pass(3);
    expect(told(s)).toEqual([update(anchored, "")]);
    world.pass(20);
    expect(told(s).map((one) => (one === update(plain, "") ? "plain" : "anchored"))).toEqual([
      "plain",
      "anchored",
      "plain",
      "anchored",
    ]);
    expect(modify(s, plain, `<yp:datastore>ds:running</yp:datastore>${period(100)}`)).toBe("<ok/>");
    told(s);
    world.pass(3);
    expect(told(s)).toEqual([update(plain, ""), update(plain, ""), update(plain, "")]);
  });

  test("what a modification does not name stays: the filter, the trigger, the end", () => {
    const world = new World();
    const s = world.open();
    world.open().put("<name>a</name><num>1</num>");
    const filter = (name: string): string =>
      `<yp:datastore-xpath-filter>/x:top/x:${name}</yp:datastore-xpath-filter>`;
    const id = idOf(push(s, "running", filter("name"), period(1000)));
    const selected = (content: string): string => update(id, top(content));
    expect(told(s)).toEqual([selected("<name>a</name>")]);
    const changed = (inner: string): void => {
      expect(modify(s, id, `<yp:datastore>ds:running</yp:datastore>${inner}`)).toBe("<ok/>");
      world.pass(0.1);
    };
    changed(period(100));
    expect(told(s)).toEqual([selected("<name>a</name>")]);
    world.pass(1);
    expect(told(s)).toEqual([selected("<name>a</name>")]);
    changed(`<stop-time>${time(world, 2)}</stop-time>`);
    world.pass(1);
    expect(new Set(told(s))).toEqual(new Set([selected("<name>a</name>")]));
    changed(filter("num"));
    expect(told(s)).toEqual([selected("<num>1</num>")]);
    world.pass(5);
    expect(told(s)).toEqual([]);
  });

  test("whose filter has come to cost too much ends, and the commit that did it does not fail", () => {
    const world = new World();
    const [s, other] = [world.open(), world.open()];
    const before = "preceding-sibling::x:item";
    const costly =
      "<yp:datastore-xpath-filter>" +
      `/x:top/x:item[count(${before}[count(${before}) &gt; 5]) &gt; 9999]` +
      "</yp:datastore-xpath-filter>";
    const id = idOf(push(s, "running", costly, ON_CHANGE));
    told(s);
    other.put(Array.from({ length: 500 }, (_, i) => `<item><id>${i}</id></item>`).join(""));
    expect(told(s)).toEqual([
      `<subscription-terminated SN><id>${id}</id><reason>filter-unavailable</reason></subscription-terminated>`,
    ]);
    other.put("<name>a</name>");
  });

  test("those of one user that cost too much together end, and nobody else's", () => {
    const world = new World({ limits: { filterWork: 100_000 } });
    const [first, second, writer] = [world.open(), world.open(), world.open()];
    const other = world.open({ user: "oper" });
    const costly =
      "<yp:datastore-xpath-filter>" +
      "/x:top[count(x:item[count(preceding-sibling::x:item) &gt; 9999]) = 0]/x:num" +
      "</yp:datastore-xpath-filter>";
    const cheap = "<yp:datastore-xpath-filter>/x:top/x:num</yp:datastore-xpath-filter>";
    for (const session of [first, second]) {
      for (let i = 0; i < 6; i++) push(session, "running", costly, ON_CHANGE);
      push(session, "running", cheap, ON_CHANGE);
    }
    push(other, "running", costly, ON_CHANGE);
    for (const session of [first, second, other]) told(session);
    const items = Array.from({ length: 150 }, (_, i) => `<item><id>${i}</id></item>`).join("");
    writer.put(`${items}<num>1</num>`);
    const before = [first, second, other].map((session) => told(session));
    const ended = before.map((all) => all.filter((text) => text.includes("terminated")).length);
    // Each takes some 15,000 nodes of the 100,000; who takes ten goes on in any case.
    expect(ended).toEqual([0, 6, 0]);
    expect(before.map((all) => all.length)).toEqual([7, 7, 1]);
    world.pass(10);
    writer.put("<num>2</num>");
    const after = [first, second, other].map((session) => told(session).map(edits));
    expect(after.map((all) => all.length)).toEqual([7, 1, 1]);
    expect(new Set(after.flat(2))).toEqual(new Set(["replace /lab:top/num <num>2</num>"]));
  });

  test("of which a hundred updates wait is suspended: each holds all that there was", () => {
    const world = new World({ drains: false });
    const [s, other] = [world.open(), world.open()];
    for (const session of [s, other]) session.drained();
    other.put(`<blob>${"x".repeat(20_000)}</blob>`);
    other.drained();
    const id = idOf(push(s, "running", "", "<yp:periodic><yp:period>10</yp:period></yp:periodic>"));
    s.drained();
    for (let i = 0; i < 300; i++) world.pass(0.1);
    expect(s.isClosed).toBe(false);
    for (let i = 0; i < 100; i++) s.drained();
    const after = told(s);
    const updates = after.filter((text) => text.startsWith("<push-update"));
    // Some are on their way already: so much the channel takes unasked.
    expect(updates.length).toBeGreaterThan(100);
    expect(updates.length).toBeLessThan(130);
    expect(after.filter((text) => text.includes("subscription-suspended"))).toHaveLength(1);
    expect(after).toContain(`<subscription-resumed SN><id>${id}</id></subscription-resumed>`);
    world.pass(0.1);
    s.drained();
    expect(told(s).at(-1), "it goes on").toMatch(/^<push-update/);
  });

  test("whose subtree filters cost too much together end as those of XPath do", () => {
    const world = new World({ limits: { filterWork: 50_000 } });
    const [s, writer, other] = [world.open(), world.open(), world.open({ user: "oper" })];
    const many = (count: number): string => {
      const items = Array.from({ length: count }, (_, i) => `<item><value>${i}</value></item>`);
      const inside = `<num/>${items.join("")}`;
      return `<yp:datastore-subtree-filter><top xmlns="urn:lab">${inside}</top></yp:datastore-subtree-filter>`;
    };
    for (const session of [s, s, s, other]) push(session, "running", many(1_000), ON_CHANGE);
    push(s, "running", many(0), ON_CHANGE);
    for (const session of [s, other]) told(session);
    const items = Array.from({ length: 100 }, (_, i) => `<item><id>${i}</id></item>`).join("");
    writer.put(`${items}<num>1</num>`);
    const ends = told(s).filter((text) => text.includes("<reason>filter-unavailable</reason>"));
    // Each holds a thousand elements against a hundred entries, and looks at two nodes of each.
    expect(ends).toHaveLength(2);
    expect(told(other).flatMap(edits)).toEqual(["create /lab:top <top><num>1</num></top>"]);
  });

  test("operational: state is looked at each second", () => {
    let ticks = 1;
    const world: World = new World({
      operational: (): Tree =>
        readData(
          [
            element("urn:lab", "live", {
              children: [element("urn:lab", "ticks", { text: `${ticks}` })],
            }),
          ],
          world.schema,
          { type: "data" },
        ).tree,
    });
    const s = world.open();
    const filter = "<yp:datastore-xpath-filter>/x:live</yp:datastore-xpath-filter>";
    const id = idOf(push(s, "operational", filter, ON_CHANGE));
    expect(told(s)).toEqual([update(id, `<live xmlns="urn:lab"><ticks>1</ticks></live>`)]);
    world.pass(5);
    expect(told(s)).toEqual([]);
    ticks = 2;
    world.pass(5);
    expect(told(s).map(edits)).toEqual([["replace /lab:live/ticks <ticks>2</ticks>"]]);
  });

  test("operational: one reading of state a second serves all who look at it", () => {
    let readings = 0;
    const world = new World({
      operational: () => {
        readings += 1;
        return emptyTree;
      },
    });
    for (let i = 0; i < 5; i++) {
      push(world.open(), "operational", TOP, ON_CHANGE);
      world.pass(0.3);
    }
    world.pass(2);
    readings = 0;
    world.pass(10);
    expect(readings).toBe(10);
  });

  test("resync-subscription sends all again, for what is on change", () => {
    const world = new World();
    const s = world.open();
    const id = idOf(push(s, "running", TOP, ON_CHANGE));
    told(s);
    expect(byId(s, "resync-subscription", id, YP)).toBe("<ok/>");
    expect(told(s)).toEqual([update(id, "")]);
    check(byId(s, "resync-subscription", "99", YP), {
      tag: "invalid-value",
      appTag: "ietf-yang-push:no-such-subscription-resync",
      info: `<resync-subscription-error xmlns="${YP}"><reason>no-such-subscription-resync</reason></resync-subscription-error>`,
    });
  });

  test("what may not be read is not sent, nor that it changed", () => {
    const world = new World();
    const [admin, oper] = [world.open(), world.open({ user: "oper" })];
    admin.put("<name>n</name><hidden>h</hidden>");
    const id = idOf(push(oper, "running", TOP, ON_CHANGE));
    expect(told(oper)).toEqual([update(id, top("<name>n</name>"))]);
    admin.put("<hidden>i</hidden>");
    expect(told(oper)).toEqual([]);
  });

  test("a subscription goes with its session, and keeps it from being idle", () => {
    const world = new World({ limits: { idleTimeout: 10 } });
    const [s, other] = [world.open(), world.open()];
    push(s, "running", TOP, ON_CHANGE);
    world.pass(60);
    expect([s.isClosed, other.isClosed]).toEqual([false, true]);
    s.write("x");
    expect(world.server.wakeAt).toBeUndefined();
  });
});
