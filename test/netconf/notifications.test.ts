import { describe, expect, test } from "vitest";
import { type Fault, faultsOf, type Manager, top, World } from "./world.ts";

const NS = "urn:ietf:params:xml:ns:netconf:notification:1.0";
const BASE_NOTIFICATIONS = "urn:ietf:params:xml:ns:yang:ietf-netconf-notifications";
const COMPLETE = "urn:ietf:params:xml:ns:netmod:notification";

function subscribe(manager: Manager, inner = ""): string {
  return manager.rpc(`<create-subscription xmlns="${NS}">${inner}</create-subscription>`);
}

/** The events that a session was told since the last call, without their envelopes. */
function events(manager: Manager, from = 0): readonly string[] {
  return manager.messages
    .slice(from)
    .flatMap(
      (message) =>
        /^<notification xmlns="[^"]+"><eventTime>[^<]+<\/eventTime>(.*)<\/notification>$/.exec(
          message,
        )?.[1] ?? [],
    )
    .map((event) =>
      event.replace(` xmlns="${BASE_NOTIFICATIONS}"`, "").replace(` xmlns="${COMPLETE}"`, ""),
    );
}

function time(world: World, seconds: number): string {
  return new Date(Number(world.now / 1_000_000n) + seconds * 1000).toISOString();
}

const BY = (manager: Manager, user = "admin"): string =>
  `<username>${user}</username><session-id>${manager.id}</session-id><source-host>127.0.0.1</source-host>`;

describe("RFC 6470: what happens in the server", () => {
  test("a change tells who, where and each edit", () => {
    const world = new World();
    const [s, c] = [world.open(), world.open({ user: "carol", recovery: true })];
    expect(subscribe(s)).toBe("<ok/>");
    c.put("<name>x</name><item><id>a</id></item>");
    c.edit(top(`<name>y</name><item nc:operation="delete"><id>a</id></item>`), "running");
    const edit = (target: string, operation: string): string =>
      `<edit><target xmlns:lab="urn:lab">${target}</target><operation>${operation}</operation></edit>`;
    const change = (edits: string): string =>
      `<netconf-config-change><changed-by>${BY(c, "carol")}</changed-by>` +
      `<datastore>running</datastore>${edits}</netconf-config-change>`;
    expect(events(s)).toEqual([
      change(edit("/lab:top", "create")),
      change(edit("/lab:top/lab:name", "merge") + edit("/lab:top/lab:item[lab:id='a']", "delete")),
    ]);
    expect(s.messages.at(-1)).toMatch(
      /^<notification xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"><eventTime>1970-01-01T00:00:00(\.000)?Z<\/eventTime><netconf-config-change xmlns="urn:ietf/,
    );
  });

  test("a commit of nothing tells nothing", () => {
    const world = new World();
    const s = world.open();
    subscribe(s);
    world.open().rpc("<commit/>");
    expect(events(s).filter((event) => event.includes("config-change"))).toEqual([]);
  });

  test("sessions start and end, with the reason", () => {
    const world = new World({ limits: { idleTimeout: 100 } });
    const s = world.open();
    subscribe(s);
    const bad = world.connect();
    bad.write("x]]>]]>");
    const [closed, killed, dropped, idle] = [
      world.open(),
      world.open(),
      world.open(),
      world.open(),
    ];
    closed.rpc("<close-session/>");
    world.open().rpc(`<kill-session><session-id>${killed.id}</session-id></kill-session>`);
    dropped.write("x");
    world.pass(100);
    expect(s.isClosed).toBe(false);
    const end = (manager: Manager, reason: string, more = ""): string =>
      `<netconf-session-end>${BY(manager)}${more}<termination-reason>${reason}</termination-reason></netconf-session-end>`;
    const told = events(s).join("");
    expect(told).toContain(`<netconf-session-start>${BY(closed)}</netconf-session-start>`);
    expect(told).toContain(end(closed, "closed"));
    expect(told).toContain(end(killed, "killed", "<killed-by>7</killed-by>"));
    expect(told).toContain(end(dropped, "dropped"));
    expect(told).toContain(end(idle, "timeout"));
    expect(told).not.toContain(`<session-id>${bad.id}</session-id>`);
  });

  test("a confirmed commit, from start to its end", () => {
    const world = new World();
    const [s, c] = [world.open(), world.open()];
    subscribe(s);
    const tell = (kind: string, more = ""): string =>
      `<netconf-confirmed-commit>${BY(c)}<confirm-event>${kind}</confirm-event>${more}</netconf-confirmed-commit>`;
    c.edit(top("<name>x</name>"));
    c.rpc("<commit><confirmed/><confirm-timeout>9</confirm-timeout></commit>");
    c.rpc("<commit><confirmed/></commit>");
    c.rpc("<commit/>");
    c.edit(top("<name>y</name>"));
    c.rpc("<commit><confirmed/><confirm-timeout>9</confirm-timeout></commit>");
    c.rpc("<cancel-commit/>");
    c.edit(top("<name>z</name>"));
    c.rpc("<commit><confirmed/><confirm-timeout>9</confirm-timeout></commit>");
    world.pass(9);
    expect(events(s).filter((event) => event.includes("confirm-event"))).toEqual([
      tell("start", "<timeout>9</timeout>"),
      tell("extend", "<timeout>600</timeout>"),
      tell("complete"),
      tell("start", "<timeout>9</timeout>"),
      tell("cancel"),
      tell("start", "<timeout>9</timeout>"),
      "<netconf-confirmed-commit><confirm-event>timeout</confirm-event></netconf-confirmed-commit>",
    ]);
    expect(events(s).at(-2)).toContain("<changed-by><server/></changed-by>");
  });
});

describe("RFC 5277: subscriptions", () => {
  function happened(world: World, what: string, size = 1): void {
    const schema = world.schema.notifications.find(({ name }) => name === "happened");
    const [first, second] = schema?.dataChildren ?? [];
    if (schema === undefined || first?.kind !== "leaf" || second?.kind !== "leaf") return;
    const children = [
      { kind: "leaf", schema: first, value: what, type: first.type },
      { kind: "leaf", schema: second, value: String(size), type: second.type },
    ] as const;
    world.perform(world.server.notify({ kind: "tree", schema, children }, world.at()));
  }
  const event = (what: string, size = 1): string =>
    `<happened xmlns="urn:lab"><what>${what}</what><size>${size}</size></happened>`;

  test("the reply comes before the first event", () => {
    const world = new World();
    const s = world.open();
    subscribe(s);
    happened(world, "a");
    expect(s.messages.slice(1).map((message) => message.slice(0, 5))).toEqual(["<rpc-", "<noti"]);
    expect(events(s)).toEqual([event("a")]);
  });

  const refused: readonly (readonly [string, (world: World) => string, Partial<Fault>])[] = [
    [
      "another stream",
      () => "<stream>nowhere</stream>",
      { tag: "invalid-value", info: "<bad-element>stream</bad-element>" },
    ],
    [
      "startTime in the future",
      (w) => `<startTime>${time(w, 60)}</startTime>`,
      { tag: "bad-element", info: "<bad-element>startTime</bad-element>" },
    ],
    [
      "stopTime alone",
      (w) => `<stopTime>${time(w, 60)}</stopTime>`,
      { tag: "missing-element", info: "<bad-element>startTime</bad-element>" },
    ],
    [
      "stopTime before startTime",
      (w) => `<startTime>${time(w, -60)}</startTime><stopTime>${time(w, -120)}</stopTime>`,
      { tag: "bad-element", info: "<bad-element>stopTime</bad-element>" },
    ],
    ["no time", () => "<startTime>now</startTime>", { tag: "invalid-value" }],
    ["a bad filter", () => `<filter type="xpath" select="]"/>`, { tag: "invalid-value" }],
  ];
  test.each(refused)("%s is refused", (_, inner, fault) => {
    const world = new World();
    world.pass(1000);
    const s = world.open();
    expect(faultsOf(subscribe(s, inner(world)))).toMatchObject([fault]);
    expect(subscribe(s, "<stream>NETCONF</stream>")).toBe("<ok/>");
    expect(faultsOf(subscribe(s))).toMatchObject([{ tag: "operation-failed" }]);
  });

  const filters: readonly (readonly [string, string, readonly string[]])[] = [
    ["an event by name", `<filter><happened xmlns="urn:lab"/></filter>`, ["a", "b", "c"]],
    [
      "content match",
      `<filter><happened xmlns="urn:lab"><what>b</what></happened></filter>`,
      ["b"],
    ],
    [
      "a selection",
      `<filter><happened xmlns="urn:lab"><size/></happened></filter>`,
      ["a", "b", "c"],
    ],
    ["another event", `<filter><other xmlns="urn:lab"/></filter>`, []],
    ["nothing", "<filter/>", []],
    ["XPath", `<filter type="xpath" select="/lab:happened[lab:size &gt; 1]"/>`, ["b", "c"]],
    ["XPath without prefixes", `<filter type="xpath" select="/happened[what='c']"/>`, ["c"]],
  ];
  test.each(filters)("a filter: %s", (_, filter, told) => {
    const world = new World();
    const s = world.open();
    expect(subscribe(s, filter)).toBe("<ok/>");
    happened(world, "a", 1);
    happened(world, "b", 2);
    happened(world, "c", 3);
    expect(events(s).map((one) => /<what>(.)</.exec(one)?.[1])).toEqual(told);
  });

  test("a replay: what was, one replayComplete, then what comes", () => {
    const world = new World();
    world.open();
    for (const what of ["a", "b", "c"]) {
      world.pass(10);
      happened(world, what);
    }
    const s = world.open();
    const filter = `<filter><happened xmlns="urn:lab"/></filter>`;
    subscribe(s, `<startTime>${time(world, -10)}</startTime>${filter}`);
    expect(s.rpc("<discard-changes/>")).toBe("<ok/>");
    happened(world, "d");
    expect(events(s)).toEqual([event("b"), event("c"), "<replayComplete/>", event("d")]);
  });

  test("a subscription ends at its stopTime, with one notificationComplete", () => {
    const world = new World();
    const s = world.open();
    subscribe(
      s,
      `<startTime>${time(world, 0)}</startTime><stopTime>${time(world, 30)}</stopTime><filter><happened xmlns="urn:lab"/></filter>`,
    );
    world.pass(29);
    happened(world, "a");
    world.pass(1);
    happened(world, "b");
    expect(events(s)).toEqual(["<replayComplete/>", event("a"), "<notificationComplete/>"]);
    expect(subscribe(s)).toBe("<ok/>");
  });

  test("a span of the past: replayComplete, notificationComplete, and it is over", () => {
    const world = new World();
    world.open();
    world.pass(10);
    happened(world, "a");
    world.pass(10);
    happened(world, "b");
    world.pass(10);
    const s = world.open();
    subscribe(
      s,
      `<startTime>${time(world, -25)}</startTime><stopTime>${time(world, -15)}</stopTime><filter><happened xmlns="urn:lab"/></filter>`,
    );
    happened(world, "c");
    expect(events(s)).toEqual([event("a"), "<replayComplete/>", "<notificationComplete/>"]);
  });

  test("events that may not be read are not told, and counted", () => {
    const world = new World();
    const admin = world.open();
    const nacm = "urn:ietf:params:xml:ns:yang:ietf-netconf-acm";
    admin.edit(
      `<nacm xmlns="${nacm}"><groups><group><name>g</name><user-name>oper</user-name></group></groups>` +
        `<rule-list><name>l</name><group>g</group><rule><name>r</name>` +
        `<notification-name>happened</notification-name><action>deny</action></rule></rule-list></nacm>`,
    );
    admin.rpc("<commit/>");
    const oper = world.open({ user: "oper" });
    subscribe(oper);
    happened(world, "a");
    expect(events(oper)).toEqual([]);
    const state = admin.rpc(
      `<get><filter><nacm xmlns="${nacm}"><denied-notifications/></nacm></filter></get>`,
    );
    expect(state).toContain("<denied-notifications>1</denied-notifications>");
  });

  test("a session that does not read is let go, and holds up nobody", () => {
    const world = new World({ drains: false, limits: { waitingNotifications: 50 } });
    const [slow, other] = [world.open(), world.open()];
    slow.drained();
    subscribe(slow);
    for (let i = 0; i < 10_000 && !slow.isClosed; i++) happened(world, "x".repeat(200));
    expect(slow.isClosed).toBe(true);
    other.drained();
    expect(other.rpc("<discard-changes/>")).toBe("<ok/>");
  });

  test("the stream is listed", () => {
    const world = new World();
    const reply = world.open().rpc(`<get><filter><netconf xmlns="${COMPLETE}"/></filter></get>`);
    expect(reply).toContain(`<netconf xmlns="${COMPLETE}"><streams><stream><name>NETCONF</name>`);
    expect(reply).toContain("<replaySupport>true</replaySupport>");
  });
});

test("a key that no instance-identifier can write does not spoil a commit", () => {
  const world = new World();
  const s = world.open();
  subscribe(s);
  s.put(`<item><id>"it's"</id></item><name>x</name>`);
  s.edit(top(`<name>y</name><item><id>"it's"</id><value>v</value></item>`), "running");
  expect(events(s).at(-1)).toContain("/lab:top/lab:name");
  expect(world.logs.filter((line) => line.includes("could not be told"))).toEqual([]);
});
