import { describe, expect, test } from "vitest";
import { type Fault, faultsOf, type Manager, top, World } from "./world.ts";

const NS = "urn:ietf:params:xml:ns:netconf:partial-lock:1.0";
const MONITORING = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";

function lock(manager: Manager, ...selects: readonly string[]): string {
  const inner = selects.map((select) => `<select>${select}</select>`).join("");
  return manager.rpc(`<partial-lock xmlns="${NS}" xmlns:l="urn:lab">${inner}</partial-lock>`);
}

function unlock(manager: Manager, id: number): string {
  return manager.rpc(`<partial-unlock xmlns="${NS}"><lock-id>${id}</lock-id></partial-unlock>`);
}

function check(reply: string, expected: Partial<Fault>): void {
  expect(faultsOf(reply)).toMatchObject([expected]);
}

/** Two sessions, and two entries in running. */
function filled(): readonly [Manager, Manager, World] {
  const world = new World();
  const [a, b] = [world.open(), world.open()];
  a.put("<item><id>a</id></item><item><id>b</id></item>");
  return [a, b, world];
}

const ITEM_A = "/l:top/l:item[l:id='a']";
const GLOBAL = "<lock><target><running/></target></lock>";
const change = (id: string): string => top(`<item><id>${id}</id><value>x</value></item>`);
const locked = (id: number, ...paths: readonly string[]): string =>
  `<lock-id xmlns="${NS}">${id}</lock-id>` +
  paths
    .map((path) => `<locked-node xmlns="${NS}" xmlns:lab="urn:lab">${path}</locked-node>`)
    .join("");

describe("partial-lock (RFC 5717)", () => {
  test("others cannot change the part, and can change the rest", () => {
    const [a, b] = filled();
    expect(lock(a, ITEM_A)).toBe(locked(1, "/lab:top/lab:item[lab:id='a']"));
    const inUse = {
      type: "protocol",
      tag: "in-use",
      path: "/lab:top/lab:item[lab:id='a']/lab:value",
    };
    expect(b.edit(change("a"))).toBe("<ok/>");
    check(b.rpc("<commit/>"), inUse);
    check(b.edit(change("a"), "running"), inUse);
    const gone = top("").replace(
      "/>",
      ` xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="delete"/>`,
    );
    expect(b.edit(gone, "running")).toContain("<error-tag>in-use</error-tag>");
    b.rpc("<discard-changes/>");
    expect(b.edit(change("b"))).toBe("<ok/>");
    expect(b.rpc("<commit/>")).toBe("<ok/>");
    expect(a.edit(change("a"), "running")).toBe("<ok/>");
    check(unlock(b, 1), { tag: "invalid-value" });
    expect(unlock(a, 1)).toBe("<ok/>");
    check(unlock(a, 1), { tag: "invalid-value" });
    expect(b.edit(top(`<item><id>a</id><value>y</value></item>`), "running")).toBe("<ok/>");
  });

  test("several expressions; what overlaps is refused with the holder", () => {
    const [a, b] = filled();
    expect(lock(a, ITEM_A, "//l:item[l:id='b']")).toBe(
      locked(1, "/lab:top/lab:item[lab:id='a']", "/lab:top/lab:item[lab:id='b']"),
    );
    const denied = {
      type: "protocol",
      tag: "lock-denied",
      appTag: "locked",
      info: `<session-id>${a.id}</session-id>`,
    };
    for (const select of ["/l:top", "/", ITEM_A, "//l:id"]) check(lock(b, select), denied);
    expect(lock(a, "/l:top")).toBe(locked(2, "/lab:top"));
    check(b.rpc(GLOBAL), { tag: "lock-denied", info: `<session-id>${a.id}</session-id>` });
  });

  test("what one holds goes with it, and what others hold beside, above and below it stays", () => {
    const [a, b] = filled();
    const held = ["//l:item[l:id='b']", ITEM_A, "/l:top", `${ITEM_A}/l:id`];
    for (const select of held) expect(lock(a, select)).toContain("<lock-id");
    const denied = { tag: "lock-denied", appTag: "locked" };
    for (const id of [2, 3, 4]) {
      check(lock(b, ITEM_A), denied);
      check(lock(b, "//l:item[l:id='b']"), denied);
      expect(unlock(a, id)).toBe("<ok/>");
    }
    check(lock(b, "//l:item[l:id='b']"), denied);
    expect(lock(b, ITEM_A)).toContain("<lock-id");
  });

  test("a global lock or a confirmed commit of another session is in the way", () => {
    const [a, b] = filled();
    b.rpc(GLOBAL);
    check(lock(a, ITEM_A), { tag: "lock-denied", info: `<session-id>${b.id}</session-id>` });
    b.rpc(GLOBAL.replaceAll("lock>", "unlock>"));
    b.edit(change("b"));
    b.rpc("<commit><confirmed/></commit>");
    check(lock(a, ITEM_A), { tag: "lock-denied", appTag: "outstanding-confirmed-commit" });
    b.rpc("<commit/>");
    expect(lock(a, ITEM_A)).toContain("<lock-id");
  });

  const bad: readonly (readonly [string, readonly string[], Partial<Fault>])[] = [
    [
      "nothing selected",
      ["/l:top/l:item[l:id='z']"],
      { tag: "operation-failed", appTag: "no-matches" },
    ],
    ["no expression", [], { tag: "missing-element", info: "<bad-element>select</bad-element>" }],
    [
      "no nodes",
      ["1 + 1"],
      {
        ...{ tag: "invalid-value", appTag: "not-a-node-set" },
        info: "<bad-element>select</bad-element>",
      },
    ],
    [
      "a syntax error",
      ["/l:top["],
      { tag: "invalid-value", info: "<bad-element>select</bad-element>" },
    ],
  ];
  test.each(bad)("%s is refused", (_, selects, fault) =>
    check(lock(filled()[0], ...selects), fault),
  );

  test("the end of its session ends it; while it lasts it is shown", () => {
    const [a, b] = filled();
    lock(a, ITEM_A);
    const filter = `<netconf-state xmlns="${MONITORING}"><datastores/></netconf-state>`;
    const shown = b.rpc(`<get><filter>${filter}</filter></get>`);
    expect(shown).toContain(
      `<partial-lock><lock-id>1</lock-id><locked-by-session>${a.id}</locked-by-session>`,
    );
    expect(shown).toMatch(
      /<select>[^<]+<\/select><locked-node xmlns:lab="urn:lab">\/lab:top\/lab:item\[lab:id='a'\]<\/locked-node>/,
    );
    a.rpc("<close-session/>");
    expect(b.rpc(GLOBAL)).toBe("<ok/>");
  });
});
