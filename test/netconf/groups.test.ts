import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { faultsOf, type Manager, top, World } from "./world.ts";

// What managers rely on, in 62 groups: where each is tested, and tests of what has no other place.

const ssh = "test/host/ssh.test.ts";
const sessions = "test/netconf/session.test.ts";
const operations = "test/netconf/operations.test.ts";
const framing = "test/netconf/framing.test.ts";
const datastores = "test/datastore/datastores.test.ts";
const edits = "test/datastore/edit-config.test.ts";
const filters = "test/netconf/filters.test.ts";
const monitoring = "test/netconf/monitoring.test.ts";
const notifications = "test/netconf/notifications.test.ts";
const access = "test/netconf/access.test.ts";
const here = "test/netconf/groups.test.ts";

type Reference = readonly [file: string, title: string];

const groups: readonly (readonly [number, string, ...Reference[]])[] = [
  [1, "hellos in any order", [sessions, "a hello and the first rpc may come in one piece"]],
  [2, "hellos of any form", [sessions, "%s is taken"]],
  [3, "hellos that are none", [sessions, "%s ends the session, without an answer"]],
  [4, "our hello", [sessions, "ours comes at once, without prefixes or white space"]],
  [5, "a framing for each version", [sessions, "%s is taken"], [framing, "%s"]],
  [6, "any pieces", [framing, "cutting the octets anywhere changes nothing"]],
  [7, "line feeds too many", [framing, "%s"]],
  [
    8,
    "chunks that are none",
    [framing, "%s ends the session"],
    [sessions, "bad framing ends the session"],
  ],
  [9, "marks inside of chunks", [framing, "%s"]],
  [10, "ASCII in small chunks", [framing, "%s, %i octets: whole, in chunks of at most 16 KiB"]],
  [11, "entities", ["test/netconf/bounds.test.ts", "%s are refused unread"]],
  [12, "one after the other", [sessions, "a hundred rpcs in one piece are answered in order"]],
  [
    13,
    "ends",
    [sessions, "close-session answers, then closes; what comes behind it is not done"],
    [sessions, "one session too many is refused at once"],
    [ssh, "a connection that is lost closes its sessions"],
  ],
  [
    14,
    "SSH",
    [ssh, "several channels of one connection are several sessions"],
    [ssh, "nothing but the netconf subsystem is to be had"],
  ],
  [15, "attributes of <rpc>", [sessions, "%s comes back"]],
  [16, "no message-id", [sessions, "%s is told, and the session lives"]],
  [17, "not well-formed", [sessions, "%s is told, and the session lives"]],
  [18, "unknown operations", [operations, "%s"]],
  [
    19,
    "prefixes and none",
    [sessions, "prefixes and no namespace are read alike"],
    [operations, "Ansible's edit is taken as it is sent"],
  ],
  [
    20,
    "order and white space",
    [operations, "parameters come in any order, white space around words does not count"],
  ],
  [21, "missing parameters", [operations, "%s"]],
  [22, "the form of errors", [operations, "the prefixes of an error-path are declared on it"]],
  [
    23,
    "several faults",
    [operations, "each fault is one rpc-error, with its own path, and nothing is changed"],
  ],
  [24, "locks held", [operations, "the holder is named, to itself too"]],
  [25, "a modified candidate", [here, "a candidate that is modified is not locked"]],
  [
    26,
    "a pending commit and locks",
    [
      datastores,
      "blocks the lock on running for others, naming its session, and 0 when that is gone",
    ],
  ],
  [27, "the end of a lock", [operations, "%s frees them and discards what was edited under them"]],
  [28, "edits without a lock", [here, "edits without a lock outlive their session"]],
  [29, "others' locks", [here, "what another session has locked is in use"]],
  [30, "reads and kills", [here, "reads are never blocked"], [operations, "%s"]],
  [
    31,
    "operations on each kind of node",
    [edits, "%s"],
    [here, "choosing another case deletes the first"],
  ],
  [32, "create and delete", [edits, "%s"]],
  [33, "none", [edits, "default-operation none makes no ancestors"]],
  [34, "replace of all", [here, "default-operation replace replaces everything"]],
  [
    35,
    "operation attributes",
    [here, "an operation without a prefix counts; one that is none is refused"],
  ],
  [36, "whole or not at all", [here, "an edit with one fault changes nothing: %s"]],
  [37, "test-option", [here, "test-option %s"]],
  [38, "twice the same", [edits, "%s"]],
  [
    39,
    "what does not fit the model",
    ["test/datastore/validate.test.ts", "%s"],
    [operations, "%s"],
  ],
  [40, "insert", [edits, "%s"]],
  [41, "state and text", [here, "state data and text among elements are refused"]],
  [42, "prefixes of values", [here, "prefixes in values are those in scope"]],
  [43, "marked defaults", [here, "a marked default unsets; one that is none is refused"]],
  [
    44,
    "commits refused",
    [
      datastores,
      "refused by a subscriber, leaves running, the candidate and the others as they were",
    ],
  ],
  [
    45,
    "nothing to commit",
    [datastores, "of nothing asks nobody and tells nobody"],
    [notifications, "a commit of nothing tells nothing"],
  ],
  [
    46,
    "validate",
    [operations, "commit, validate and copy go where they should"],
    ["test/datastore/validate.test.ts", "%s"],
  ],
  [
    47,
    "copies",
    [operations, "commit, validate and copy go where they should"],
    [
      "test/netconf/url.test.ts",
      "what was copied to a file comes back the same, to each datastore",
    ],
  ],
  [
    48,
    "confirmed commit",
    [datastores, "followed up goes back behind the first, and its time starts anew"],
    [datastores, "whose confirming commit fails keeps its time"],
  ],
  [
    49,
    "persist",
    [operations, "persist and persist-id, an empty one too, carry it to another session"],
    [operations, "without persist the owner's end undoes it"],
  ],
  [
    50,
    "restarts",
    [
      "test/datastore/faults.test.ts",
      "holds it where one operation fails and the machine stops at any one after it",
    ],
    ["test/agent/agent.test.ts", "that is not confirmed in time takes the engine back with it"],
  ],
  [51, "replies that stay the same", [here, "what was sent in another order reads the same"]],
  [52, "filters that are empty", [filters, "%s"]],
  [53, "subtree filters", [filters, "%s"]],
  [54, "XPath filters", [filters, "%s is invalid-value, with what is wrong"]],
  [55, "with-defaults", [filters, "%s"]],
  [
    56,
    "get-schema",
    [monitoring, "every schema that is listed can be had, to the byte"],
    [monitoring, "several revisions and none named: operation-failed, data-not-unique"],
  ],
  [
    57,
    "the library",
    [monitoring, "the content-id is that of the hello, and another one for other modules"],
    [
      "test/netconf/event-log.test.ts",
      "other modules are told: what the hello has, and the library",
    ],
  ],
  [58, "counters", [monitoring, "the counters move as the RFC says"]],
  [
    59,
    "subscriptions",
    [notifications, "the reply comes before the first event"],
    [notifications, "a replay: what was, one replayComplete, then what comes"],
  ],
  [
    60,
    "what happens in the server",
    [notifications, "a change tells who, where and each edit"],
    [notifications, "sessions start and end, with the reason"],
    [notifications, "a confirmed commit, from start to its end"],
  ],
  [
    61,
    "access control",
    [access, "write-default deny: access-denied with the path, and nothing is changed"],
    ["test/agent/secrecy.test.ts", "learns nothing of them when he %s"],
    [access, "the recovery user passes every rule"],
  ],
  [62, "much of it", [here, "a leaf of ten million characters and ten thousand entries come back"]],
];

test("each group has its number", () => {
  expect(groups.map(([number]) => number)).toEqual(Array.from({ length: 62 }, (_, i) => i + 1));
});

const rows = groups.map(([number, what, ...references]) => ({ number, what, references }));
test.each(rows)("group $number, $what, is tested", ({ references }) => {
  for (const [file, title] of references) {
    const text = readFileSync(resolve(import.meta.dirname, "../..", file), "utf8");
    expect(text.includes(`"${title}"`), `${file}: ${title}`).toBe(true);
  }
});

const get = (name: string): string => `<get-config><source><${name}/></source></get-config>`;
const lock = (name: string): string => `<lock><target><${name}/></target></lock>`;

function refused(reply: string): Record<string, string | undefined> {
  const [fault, ...others] = faultsOf(reply);
  expect(others).toEqual([]);
  return { ...fault };
}

function pair(): { world: World; a: Manager; b: Manager } {
  const world = new World();
  return { world, a: world.open(), b: world.open() };
}

describe("two sessions", () => {
  test("a candidate that is modified is not locked", () => {
    const { a, b } = pair();
    for (const end of ["<commit/>", "<discard-changes/>"]) {
      a.edit(top(`<name>${end.length}</name>`));
      const info = `<session-id>${a.id}</session-id>`;
      expect(refused(b.rpc(lock("candidate")))).toMatchObject({ tag: "lock-denied", info });
      expect(a.rpc(end)).toBe("<ok/>");
      expect(b.rpc(lock("candidate"))).toBe("<ok/>");
      expect(b.rpc("<unlock><target><candidate/></target></unlock>")).toBe("<ok/>");
    }
  });

  test("edits without a lock outlive their session", () => {
    const { a, b } = pair();
    a.edit(top("<name>a</name>"));
    expect(a.rpc("<close-session/>")).toBe("<ok/>");
    expect(b.rpc(get("candidate"))).toContain("<name>a</name>");
  });

  test("what another session has locked is in use", () => {
    const { a, b } = pair();
    a.put("<name>a</name>");
    for (const name of ["candidate", "running", "startup"]) {
      expect(a.rpc(lock(name))).toBe("<ok/>");
      const copy = `<copy-config><target><${name}/></target><source><config/></source></copy-config>`;
      expect(refused(b.rpc(copy))).toMatchObject({ tag: "in-use" });
      if (name !== "startup") {
        expect(refused(b.edit(top("<num>1</num>"), name))).toMatchObject({ tag: "in-use" });
        expect(refused(b.rpc("<commit/>"))).toMatchObject({ tag: "in-use" });
      }
      const unlock = `<unlock><target><${name}/></target></unlock>`;
      expect(refused(b.rpc(unlock)).tag).toBe("operation-failed");
      expect(a.rpc(unlock)).toBe("<ok/>");
    }
    a.rpc(lock("startup"));
    const remove = "<delete-config><target><startup/></target></delete-config>";
    expect(refused(b.rpc(remove))).toMatchObject({ tag: "in-use" });
    a.rpc(lock("candidate"));
    expect(refused(b.rpc("<discard-changes/>"))).toMatchObject({ tag: "in-use" });
  });

  test("reads are never blocked", () => {
    const { a, b } = pair();
    for (const name of ["candidate", "running", "startup"]) {
      a.rpc(lock(name));
      expect(b.rpc(get(name))).toMatch(/^<data/);
    }
    expect(b.rpc("<get/>")).toMatch(/^<data>/);
  });
});

describe("edits", () => {
  test("choosing another case deletes the first", () => {
    const { a } = pair();
    a.put("<wheels>4</wheels><fuel>x</fuel><name>n</name>");
    a.put("<sail>big</sail>");
    expect(a.rpc(get("running"))).toBe(`<data>${top("<name>n</name><sail>big</sail>")}</data>`);
  });

  test("default-operation replace replaces everything", () => {
    const { a } = pair();
    a.edit(`${top("<name>a</name><num>1</num>")}<other xmlns="urn:lab"><note>n</note></other>`);
    a.rpc("<commit/>");
    const replace = "<default-operation>replace</default-operation>";
    expect(a.edit(top("<num>2</num>"), "candidate", replace)).toBe("<ok/>");
    expect(a.rpc(get("candidate"))).toBe(`<data>${top("<num>2</num>")}</data>`);
    expect(a.edit("", "candidate", replace)).toBe("<ok/>");
    expect(a.rpc(get("candidate"))).toBe("<data/>");
  });

  test("an operation without a prefix counts; one that is none is refused", () => {
    const { a } = pair();
    a.put("<name>a</name><item><id>1</id></item>");
    expect(a.edit(top(`<item operation="remove"><id>1</id></item>`))).toBe("<ok/>");
    expect(a.rpc(get("candidate"))).toBe(`<data>${top("<name>a</name>")}</data>`);
    for (const prefix of ["", "nc:"]) {
      expect(refused(a.edit(top(`<name ${prefix}operation="destroy">x</name>`)))).toMatchObject({
        tag: "bad-attribute",
        path: "/lab:top/lab:name",
        info: "<bad-attribute>operation</bad-attribute><bad-element>name</bad-element>",
      });
    }
  });

  test.each(["stop-on-error", "continue-on-error", "rollback-on-error"])(
    "an edit with one fault changes nothing: %s",
    (option) => {
      const { a } = pair();
      a.put("<name>a</name>");
      const more = `<error-option>${option}</error-option>`;
      for (const target of ["candidate", "running"]) {
        const before = a.rpc(get(target));
        const edit = top("<name>b</name><num>0</num><tag>t</tag>");
        expect(refused(a.edit(edit, target, more))).toMatchObject({ path: "/lab:top/lab:num" });
        expect(a.rpc(get(target))).toBe(before);
      }
    },
  );

  const invalid = top("<limits><low>9</low><high>1</high></limits>");
  test.each([
    ["test-only", top("<name>b</name>"), true, false],
    ["test-only", invalid, false, false],
    ["set", invalid, true, true],
    ["test-then-set", top("<name>b</name>"), true, true],
    ["test-then-set", invalid, false, false],
    ["", invalid, false, false],
  ])("test-option %s", (option, edit, isTaken, isDone) => {
    const { a } = pair();
    const before = a.rpc(get("candidate"));
    const more = option === "" ? "" : `<test-option>${option}</test-option>`;
    const reply = a.edit(edit, "candidate", more);
    if (isTaken) expect(reply).toBe("<ok/>");
    else expect(refused(reply)).toMatchObject({ appTag: "low-high" });
    expect(a.rpc(get("candidate")) !== before).toBe(isDone);
    if (edit !== invalid) return;
    // Running has to be valid at all times.
    expect(refused(a.edit(edit, "running", more))).toMatchObject({ appTag: "low-high" });
  });

  test("state data and text among elements are refused", () => {
    const { a } = pair();
    expect(refused(a.edit(`<live xmlns="urn:lab"><ticks>1</ticks></live>`))).toMatchObject({
      tag: "unknown-element",
      path: "/lab:live",
    });
    expect(refused(a.edit(top("<name>a</name>text")))).toMatchObject({ tag: "unknown-element" });
    expect(refused(a.edit(top("<name><x/></name>")))).toMatchObject({
      tag: "unknown-element",
      path: "/lab:top/lab:name",
      info: "<bad-element>x</bad-element>",
    });
  });

  test("prefixes in values are those in scope", () => {
    const { a } = pair();
    a.edit(`<z:top xmlns:z="urn:lab"><z:idref>z:cat</z:idref></z:top>`);
    const cat = a.rpc(get("candidate"));
    a.edit(top(`<idref xmlns:any="urn:lab">any:dog</idref>`));
    expect(a.rpc(get("candidate"))).toBe(cat.replace("cat", "dog"));
    a.edit(top("<idref>cat</idref>"));
    expect(a.rpc(get("candidate"))).toBe(cat);
    for (const value of ["any:cat", "twin:cat", "bird"]) {
      const declared = `<idref xmlns:twin="urn:twin">${value}</idref>`;
      expect(refused(a.edit(top(declared)))).toMatchObject({
        tag: "invalid-value",
        path: "/lab:top/lab:idref",
      });
    }
  });

  test("a marked default unsets; one that is none is refused", () => {
    const { a } = pair();
    a.put("<name>a</name><dflt>9</dflt>");
    const wd = 'xmlns:wd="urn:ietf:params:xml:ns:netconf:default:1.0" wd:default';
    expect(a.edit(top(`<dflt ${wd}="true">7</dflt>`))).toBe("<ok/>");
    expect(a.rpc(get("candidate"))).toBe(`<data>${top("<name>a</name>")}</data>`);
    expect(refused(a.edit(top(`<dflt ${wd}="true">8</dflt>`)))).toMatchObject({
      tag: "invalid-value",
      path: "/lab:top/lab:dflt",
    });
    expect(a.edit(top(`<dflt ${wd}="false">8</dflt>`))).toBe("<ok/>");
    expect(a.rpc(get("candidate"))).toContain("<dflt>8</dflt>");
  });
});

describe("replies", () => {
  test("what was sent in another order reads the same", () => {
    const [one, other] = [pair().a, pair().a];
    const item = (id: number): string => `<item><value>v</value><id>${id}</id></item>`;
    one.put(`<name>n</name><tag>a</tag><tag>b</tag>${item(1)}${item(2)}<num>1</num>`);
    other.put(`<num>1</num>${item(2)}${item(1)}<tag>b</tag><tag>a</tag><name>n</name>`);
    const first = one.rpc(get("running"));
    expect(other.rpc(get("running"))).toBe(first);
    expect(one.rpc(get("running"))).toBe(first);
    const data = first.slice("<data>".length, -"</data>".length);
    const replace = "<default-operation>replace</default-operation>";
    expect(one.edit(data, "candidate", replace)).toBe("<ok/>");
    expect(one.rpc(get("candidate"))).toBe(first);
  });

  test("a leaf of ten million characters and ten thousand entries come back", () => {
    const world = new World({
      limits: {
        messageOctets: 20_000_000,
        xml: { depth: 64, attributes: 64, parts: 1_000_000, octets: 20_000_000 },
      },
    });
    const manager = world.open();
    const blob = "0123456789".repeat(1_000_000);
    const entries = Array.from({ length: 10_000 }, (_, i) => `<item><id>${i}</id></item>`).join("");
    expect(manager.edit(top(`<blob>${blob}</blob>${entries}`))).toBe("<ok/>");
    const reply = manager.rpc(get("candidate"));
    expect(reply.includes(`<blob>${blob}</blob>`)).toBe(true);
    expect(reply.match(/<item>/g)).toHaveLength(10_000);
  });
});
