import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../src/netconf/index.ts";
import { faultsOf, type Manager, top, World } from "./world.ts";

// What a manager can send at most: every bound is reached here, in time, and the agent goes on.

function isAlive(manager: Manager): boolean {
  return manager.rpc("<discard-changes/>") === "<ok/>";
}

/** The reply, and that it cost little: time of the processor, for other work slows down no verdict. */
function soon(act: () => string, milliseconds = 4_000): string {
  const before = process.cpuUsage();
  const reply = act();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(milliseconds);
  return reply;
}

const select = (xpath: string): string =>
  `<get-config><source><running/></source><filter type="xpath" xmlns:l="urn:lab" select="${xpath}"/></get-config>`;

/** What comes to a message that is not even an rpc. */
function malformed(manager: Manager, message: string): string {
  const octets = new TextEncoder().encode(message).length;
  manager.write(`\n#${octets}\n${message}\n##\n`);
  const reply = manager.messages.at(-1) ?? "";
  expect(reply).toContain("<error-tag>malformed-message</error-tag>");
  expect(isAlive(manager)).toBe(true);
  return reply;
}

describe("XML", () => {
  test("elements inside each other are bounded", () => {
    const message = `<rpc>${"<a>".repeat(1_000)}${"</a>".repeat(1_000)}</rpc>`;
    expect(soon(() => malformed(new World().open(), message))).toContain("elements deep");
  });

  test("attributes of one element are bounded", () => {
    const many = Array.from({ length: 5_000 }, (_, i) => ` a${i}="x"`).join("");
    expect(soon(() => malformed(new World().open(), `<rpc${many}/>`))).toContain("attributes");
  });

  test("elements and attributes of one message are bounded", () => {
    const world = new World({ limits: { xml: { ...defaultLimits.xml, parts: 1_000 } } });
    const many = `<rpc>${"<a/>".repeat(1_000)}</rpc>`;
    expect(malformed(world.open(), many)).toContain("more than 1000 elements and attributes");
  });

  test.each([
    ["entities that multiply", '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rpc>&b;</rpc>'],
    ["an external entity", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rpc>&a;</rpc>'],
    ["an entity nobody declared", "<rpc>&nothing;</rpc>"],
  ])("%s are refused unread", (_, message) => {
    expect(malformed(new World().open(), message)).not.toContain("root:");
  });
});

describe("filters", () => {
  /** So many entries, each of which is to be held against all the others. */
  function full(): Manager {
    const manager = new World().open();
    const items = Array.from({ length: 4_000 }, (_, i) => `<item><id>${i}</id></item>`);
    manager.put(items.join(""));
    return manager;
  }

  test("an expression that costs too much is refused", () => {
    const manager = full();
    const costly =
      "//l:item[count(preceding-sibling::l:item[count(preceding-sibling::l:item) > 5]) > 9999]";
    const reply = soon(() => manager.rpc(select(costly)), 8_000);
    expect(faultsOf(reply)).toMatchObject([{ tag: "resource-denied" }]);
    // Two million nodes may be looked at, sixteen million not.
    const late = "[count(preceding-sibling::l:item) > 9999]";
    expect(manager.rpc(select(`//l:item[l:id &lt; 500]${late}`))).toBe("<data/>");
    const all = manager.rpc(select(`//l:item${late}`));
    expect(faultsOf(all)).toMatchObject([{ tag: "resource-denied" }]);
    expect(isAlive(manager)).toBe(true);
  });

  test("an expression of any length and depth is answered", () => {
    const manager = full();
    for (const text of [
      "(".repeat(5_000) + ")".repeat(5_000),
      `/l:top${"[l:item".repeat(3_000)}${"]".repeat(3_000)}`,
      Array.from({ length: 20_000 }, () => "1").join("+"),
      `${"-".repeat(50_000)}1`,
      `/l:top${"/..".repeat(50_000)}`,
    ]) {
      const faults = faultsOf(soon(() => manager.rpc(select(text))));
      expect(["invalid-value", "resource-denied"], text.slice(0, 40)).toContain(faults[0]?.tag);
    }
    expect(isAlive(manager)).toBe(true);
  });

  test("a subtree filter of ten thousand elements is answered", () => {
    const manager = full();
    const many = Array.from({ length: 10_000 }, (_, i) => `<item><id>${i}</id></item>`).join("");
    const reply = soon(() =>
      manager.rpc(
        `<get-config><source><running/></source><filter>${top(many)}</filter></get-config>`,
      ),
    );
    expect(reply.match(/<item>/g)).toHaveLength(4_000);
    const unknown = Array.from({ length: 10_000 }, (_, i) => `<x${i}/>`).join("");
    const nothing = soon(() =>
      manager.rpc(
        `<get-config><source><running/></source><filter>${top(unknown)}</filter></get-config>`,
      ),
    );
    expect(nothing).toBe("<data/>");
  });
});

describe("the filters of one user's requests, over all his sessions", () => {
  const late = select("//l:item[count(preceding-sibling::l:item) > 9999]");
  /** By what is no key: each of these is held against each entry. */
  const subtree = (count: number): string => {
    const many = Array.from({ length: count }, (_, i) => `<item><size>${i % 9}</size></item>`);
    return `<get-config><source><running/></source><filter>${top(many.join(""))}</filter></get-config>`;
  };
  /** 500 entries, of which `late` looks at some 125,000 pairs. */
  function full(requestWork: number) {
    const world = new World({ limits: { requestWork } });
    const [first, second] = [world.open(), world.open()];
    first.put(Array.from({ length: 500 }, (_, i) => `<item><id>${i}</id></item>`).join(""));
    return { world, first, second, other: world.open({ user: "oper" }) };
  }

  test.each([
    ["XPath", late],
    ["subtree", subtree(2_000)],
    [
      "comparing",
      `<compare xmlns="urn:ietf:params:xml:ns:yang:ietf-nmda-compare" xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores"><source>ds:candidate</source><target>ds:running</target><xpath-filter xmlns:l="urn:lab">//l:item[count(preceding-sibling::l:item) &gt; 9999]</xpath-filter></compare>`,
    ],
    [
      "locking in part",
      `<partial-lock xmlns="urn:ietf:params:xml:ns:netconf:partial-lock:1.0" xmlns:l="urn:lab"><select>/l:top[not(//l:item[count(preceding-sibling::l:item) &gt; 9999])]/l:item[l:id='1']</select></partial-lock>`,
    ],
    [
      "trying a subscription",
      `<establish-subscription xmlns="urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications" xmlns:yp="urn:ietf:params:xml:ns:yang:ietf-yang-push" xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores"><yp:datastore>ds:running</yp:datastore><yp:datastore-xpath-filter xmlns:l="urn:lab">//l:item[count(preceding-sibling::l:item) &gt; 9999]</yp:datastore-xpath-filter><yp:on-change/></establish-subscription>`,
    ],
  ])("are bounded together, nobody else's with them, and come back: %s", (_, request) => {
    const { world, first, second, other } = full(400_000);
    const sessions = Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? first : second));
    const isRefused = (manager: Manager): boolean =>
      manager.rpc(request).includes("at the moment to the filters of this user: ask again in ten");
    const asked = sessions.map(isRefused);
    expect([asked[0], asked.at(-1)]).toEqual([false, true]);
    const small = select("/l:top/l:item[l:id='7']");
    expect(first.rpc(small), "what costs little is answered always").toContain("<id>7</id>");
    for (const session of [first, second]) session.rpc("<close-session/>");
    expect(isRefused(other)).toBe(false);
    other.rpc("<close-session/>");
    const again = world.open();
    expect(isRefused(again), "a new session is the same user").toBe(true);
    world.pass(10);
    expect(isRefused(again)).toBe(false);
  });

  test("are answered however many honest ones there are, with what there is by default", () => {
    const { first } = full(defaultLimits.requestWork);
    for (let i = 0; i < 20; i++) expect(first.rpc(late)).toBe("<data/>");
    expect(first.rpc(subtree(1_000))).toBe("<data/>");
  });

  test("of a hundred thousand elements for one list are read in time", () => {
    const { first } = full(defaultLimits.requestWork);
    const many = "<item><id>9</id></item>".repeat(30_000);
    const reply = soon(() =>
      first.rpc(
        `<get-config><source><running/></source><filter>${top(many)}</filter></get-config>`,
      ),
    );
    expect(reply.match(/<item>/g)).toHaveLength(1);
  });
});

describe("mistakes", () => {
  const edit = (inside: string): string =>
    `<edit-config><target><candidate/></target><error-option>continue-on-error</error-option><config>${top(inside)}</config></edit-config>`;
  const load = (inside: string): string =>
    `<copy-config><target><candidate/></target><source><config>${top(inside)}</config></source></copy-config>`;
  const entries = (inside: string, count = 11_000): string =>
    Array.from({ length: count }, (_, i) => `<item><id>${i}</id>${inside}</item>`).join("");

  test.each([
    ["unknown elements", edit("<x/>".repeat(11_000))],
    ["values that are none", edit(entries("<size>x</size>"))],
    ["children of a leaf", edit(`<name>${"<x/>".repeat(11_000)}</name>`)],
    ["a whole configuration", load("<x/>".repeat(11_000))],
    ["entries in a whole configuration", load(entries("<size>x</size>"))],
  ])("of one request ten thousand are told, and that there may be more: %s", (_, request) => {
    const manager = new World().open();
    const reply = soon(() => manager.rpc(request));
    expect(reply.match(/<rpc-error>/g)).toHaveLength(10_001);
    expect(reply.slice(-250)).toContain("10000 mistakes: what comes after them was not looked at");
    expect(isAlive(manager)).toBe(true);
  });

  test("of one request that are fewer are told all", () => {
    const reply = new World().open().rpc(edit(entries("<size>x</size>", 9_000)));
    expect(reply.match(/<rpc-error>/g)).toHaveLength(9_000);
    expect(reply).not.toContain("was not looked at");
  });
});

test("one session holds a hundred partial locks and no more", () => {
  const manager = new World().open();
  manager.put("<name>n</name>");
  const lock =
    '<partial-lock xmlns="urn:ietf:params:xml:ns:netconf:partial-lock:1.0" xmlns:l="urn:lab"><select>/l:top/l:name</select></partial-lock>';
  for (let i = 0; i < 100; i++) expect(manager.rpc(lock)).toContain("<lock-id");
  expect(faultsOf(manager.rpc(lock))).toMatchObject([{ tag: "resource-denied" }]);
});

test("however many nodes are locked in part, others' changes and locks are judged in time", () => {
  const world = new World();
  const [holder, writer] = [world.open(), world.open()];
  const entries = (from: number, count: number, more = ""): string =>
    Array.from({ length: count }, (_, i) => `<item><id>${from + i}</id>${more}</item>`).join("");
  holder.put(entries(0, 10_000));
  const change = (items: string): string =>
    `<edit-config><target><running/></target><config>${top(items)}</config></edit-config>`;
  const lock = (where: string): string =>
    `<partial-lock xmlns="urn:ietf:params:xml:ns:netconf:partial-lock:1.0" xmlns:l="urn:lab"><select>/l:top/l:item[${where}]</select></partial-lock>`;
  for (let i = 0; i < 10; i++) expect(holder.rpc(lock("l:id &lt; 7000"))).toContain("<lock-id");
  const reply = soon(() => writer.rpc(change(entries(7_000, 3_000, "<size>1</size>"))), 2_500);
  expect(reply).toBe("<ok/>");
  expect(faultsOf(writer.rpc(change(entries(6_999, 1, "<size>1</size>"))))).toMatchObject([
    { tag: "in-use" },
  ]);
  expect(soon(() => writer.rpc(lock("l:id &gt;= 7000")), 2_500)).toContain("<lock-id");
  expect(faultsOf(writer.rpc(lock("l:id = 6999")))).toMatchObject([{ tag: "lock-denied" }]);
});

test("the defaults are what the manual says", () => {
  expect(defaultLimits).toMatchObject({
    sessions: 256,
    helloTimeout: 60,
    idleTimeout: 3_600,
    messageOctets: 128 * 1024 * 1024,
    waitingNotifications: 20_000,
    xml: { depth: 256, attributes: 256, parts: 5_000_000 },
  });
});
