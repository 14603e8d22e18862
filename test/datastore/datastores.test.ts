import { describe, expect, test } from "vitest";
import { type Raw, RpcError, type RpcFault } from "../../src/base/index.ts";
import { emptyTree, printXml, type Tree } from "../../src/data/index.ts";
import {
  type Authorize,
  type CommitRequest,
  Datastores,
  type DatastoresOptions,
  editConfig,
  type Subscriber,
} from "../../src/datastore/index.ts";
import { elements, schemaOf } from "../data/schemas.ts";
import { MemoryStorage } from "./storage.ts";

const schema = schemaOf({
  d: `module d {
    yang-version 1.1; namespace "urn:d"; prefix d;
    container top {
      leaf name { type string; }
      list item { key "id"; leaf id { type uint8; } leaf value { type string; must ". != 'bad'"; } }
      leaf-list order { type string; ordered-by user; }
    }
  }`,
});

const SECOND = 1_000_000_000n;
const at = (seconds: number): Raw => (BigInt(Math.round(seconds * 1000)) * (SECOND / 1000n)) as Raw;
const inTop = (xml: string) => elements(`<top xmlns="urn:d">${xml}</top>`);
const tree = (xml: string): Tree => editConfig(emptyTree, inTop(xml), schema).tree;
const text = (of: Tree): string =>
  printXml(of.children, { schema }).replaceAll(/<\/?top[^>]*>/g, "");

function booted(options: Partial<DatastoresOptions> = {}): Datastores {
  return new Datastores({
    schema,
    storage: new MemoryStorage(),
    factory: emptyTree,
    hasStartup: true,
    subscribers: [],
    ...options,
  });
}

function edit(datastores: Datastores, xml: string, session = 1, authorize?: Authorize): void {
  const request = { target: "candidate", config: inTop(xml), testOption: "set" } as const;
  datastores.edit(authorize === undefined ? request : { ...request, authorize }, session, at(0));
}

function refusal(act: () => void): readonly RpcFault[] {
  try {
    act();
  } catch (fault) {
    if (fault instanceof RpcError) return fault.faults;
    throw fault;
  }
  throw new Error("it was not refused");
}

/** Writes down what it is asked to do. */
class Witness implements Subscriber {
  readonly seen: string[] = [];
  readonly name: string;
  refuses: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  prepare({ after, mayRefuse, changes }: Parameters<Subscriber["prepare"]>[0]) {
    const what = `${this.name} ${text(after)} ${changes.length}${mayRefuse ? "" : " must"}`;
    this.seen.push(`prepare ${what}`);
    if (this.refuses !== undefined && mayRefuse) {
      throw new RpcError({ type: "application", tag: "resource-denied", message: this.refuses });
    }
    return {
      apply: () => void this.seen.push(`apply ${this.name}`),
      abort: () => void this.seen.push(`abort ${this.name}`),
    };
  }
}

describe("commit", () => {
  test("prepares all, then applies all, and boots the same way without asking", () => {
    const one = new Witness("one");
    const datastores = booted({ factory: tree("<name>f</name>"), subscribers: [one] });
    edit(datastores, "<name>n</name>");
    datastores.commit({}, 1, at(0));
    expect(one.seen).toEqual([
      "prepare one <name>f</name> 1 must",
      "apply one",
      "prepare one <name>n</name> 1",
      "apply one",
    ]);
  });

  test("refused by a subscriber, leaves running, the candidate and the others as they were", () => {
    const [one, two] = [new Witness("one"), new Witness("two")];
    const storage = new MemoryStorage();
    const datastores = booted({ subscribers: [one, two], storage, hasStartup: false });
    const files = new Map(storage.files);
    one.seen.length = 0;
    two.seen.length = 0;
    two.refuses = "port 123 is taken";
    edit(datastores, "<name>n</name>");
    const [fault] = refusal(() => datastores.commit({ confirmed: {} }, 1, at(0)));
    expect(fault?.message).toBe("port 123 is taken");
    expect(one.seen).toEqual(["prepare one <name>n</name> 1", "abort one"]);
    expect(two.seen).toEqual(["prepare two <name>n</name> 1"]);
    expect(datastores.read("running")).toBe(emptyTree);
    expect(text(datastores.read("candidate"))).toBe("<name>n</name>");
    expect(datastores.wakeAt, "a refused confirmed commit arms nothing").toBeUndefined();
    expect(storage.files).toEqual(files);
    two.refuses = undefined;
    datastores.commit({}, 1, at(0));
    expect(text(datastores.read("running"))).toBe("<name>n</name>");
  });

  test("of nothing asks nobody and tells nobody", () => {
    const one = new Witness("one");
    const datastores = booted({ subscribers: [one] });
    const told: unknown[] = [];
    datastores.onChange((change) => told.push(change));
    one.seen.length = 0;
    expect(datastores.commit({}, 1, at(0)).changes).toEqual([]);
    edit(datastores, `<name>x</name>`);
    edit(datastores, `<name nc:operation="delete"/>`);
    datastores.commit({}, 1, at(0));
    expect([one.seen, told]).toEqual([[], []]);
  });

  test("reports all faults at once, and only what differs can be at fault", () => {
    const datastores = booted();
    edit(
      datastores,
      "<item><id>1</id><value>bad</value></item><item><id>2</id><value>bad</value></item>",
    );
    const faults = refusal(() => datastores.commit({}, 1, at(0)));
    expect(faults.map(({ tag, appTag, path }) => [tag, appTag, path?.text])).toEqual([
      ["operation-failed", "must-violation", "/d:top/d:item[d:id='1']/d:value"],
      ["operation-failed", "must-violation", "/d:top/d:item[d:id='2']/d:value"],
    ]);
  });
});

describe("a confirmed commit", () => {
  const pending = (request: CommitRequest = { confirmed: { timeout: 10 } }) => {
    const witness = new Witness("engine");
    const datastores = booted({ factory: tree("<name>old</name>"), subscribers: [witness] });
    const events: string[] = [];
    datastores.onConfirmedCommit(({ kind, session, timeout }) =>
      events.push(`${kind} ${session} ${timeout}`),
    );
    edit(datastores, "<name>new</name>");
    datastores.commit(request, 1, at(0));
    witness.seen.length = 0;
    return { datastores, events, witness };
  };

  test("lasts 600 seconds unless told otherwise", () => {
    expect(pending({ confirmed: {} }).datastores.wakeAt).toBe(at(600));
  });

  test("is undone when its time is up, the engine's part too", () => {
    const { datastores, events, witness } = pending();
    datastores.timer(at(9));
    expect(text(datastores.read("running"))).toBe("<name>new</name>");
    datastores.timer(at(10));
    expect(text(datastores.read("running"))).toBe("<name>old</name>");
    expect(text(datastores.read("candidate"))).toBe("<name>old</name>");
    expect(witness.seen).toEqual(["prepare engine <name>old</name> 1 must", "apply engine"]);
    expect(events).toEqual(["start 1 10", "timeout undefined undefined"]);
    expect(datastores.wakeAt).toBeUndefined();
  });

  test("followed up goes back behind the first, and its time starts anew", () => {
    const { datastores, events } = pending();
    edit(datastores, "<name>newer</name>");
    datastores.commit({ confirmed: { timeout: 20 } }, 1, at(5));
    expect(datastores.wakeAt).toBe(at(25));
    datastores.timer(at(25));
    expect(text(datastores.read("running"))).toBe("<name>old</name>");
    expect(events).toEqual(["start 1 10", "extend 1 20", "timeout undefined undefined"]);
  });

  test("whose confirming commit fails keeps its time", () => {
    const { datastores } = pending();
    edit(datastores, "<item><id>1</id><value>bad</value></item>");
    expect(refusal(() => datastores.commit({}, 1, at(1)))[0]?.tag).toBe("operation-failed");
    expect(datastores.wakeAt).toBe(at(10));
  });

  test("blocks the lock on running for others, naming its session, and 0 when that is gone", () => {
    const { datastores } = pending({ confirmed: { timeout: 10, persist: "p" } });
    const holder = () => refusal(() => datastores.lock("running", 2))[0]?.info?.[0]?.value;
    expect(holder()).toBe("1");
    datastores.sessionClosed(1, at(1));
    expect(holder()).toBe("0");
    expect(text(datastores.read("running"))).toBe("<name>new</name>");
    datastores.commit({ persistId: "p" }, 2, at(2));
    datastores.lock("running", 2);
  });

  test("keeps a candidate that was edited since", () => {
    const { datastores } = pending();
    edit(datastores, "<name>edited</name>", 2);
    datastores.sessionClosed(1, at(1));
    expect(text(datastores.read("running"))).toBe("<name>old</name>");
    expect(text(datastores.read("candidate"))).toBe("<name>edited</name>");
  });
});

describe("the disk", () => {
  const options = (storage: MemoryStorage) => ({ storage, hasStartup: false });

  test("boots what was committed, from a journal whose tail a crash tore", () => {
    const storage = new MemoryStorage();
    const datastores = booted(options(storage));
    for (const name of ["a", "b", "c"]) {
      edit(datastores, `<name>${name}</name><order yang:insert="first">${name}</order>`);
      datastores.commit({}, 1, at(0));
    }
    const kept = text(datastores.read("running"));
    expect(kept).toBe("<name>c</name><order>c</order><order>b</order><order>a</order>");
    const journal = storage.files.get("journal") ?? new Uint8Array();
    expect(text(booted(options(copyOf(storage))).read("running"))).toBe(kept);
    const torn = copyOf(storage);
    torn.files.set("journal", journal.subarray(0, journal.length - 5));
    const after = booted(options(torn));
    expect(text(after.read("running"))).toBe("<name>b</name><order>b</order><order>a</order>");
    edit(after, "<name>d</name>");
    after.commit({}, 1, at(0));
    expect(text(booted(options(torn)).read("running"))).toBe(
      "<name>d</name><order>b</order><order>a</order>",
    );
  });

  test.each([0, 1, 2, 3, 4])(
    "failing after %i writes refuses, and a restart finds old or new",
    (n) => {
      const storage = new MemoryStorage();
      const datastores = booted(options(storage));
      const steps: (() => void)[] = [
        () => edit(datastores, "<name>1</name>"),
        () => datastores.commit({}, 1, at(0)),
        () => edit(datastores, "<name>2</name>"),
        () => datastores.commit({ confirmed: { timeout: 5 } }, 1, at(0)),
        () => edit(datastores, "<name>3</name>"),
        () => datastores.commit({}, 1, at(1)),
      ];
      storage.failsIn = n;
      for (const step of steps) {
        const before = text(datastores.read("running"));
        const wakeAt = datastores.wakeAt;
        try {
          step();
        } catch (fault) {
          if (!(fault instanceof RpcError)) throw fault;
          expect(fault.faults[0]?.tag).toBe("resource-denied");
          expect(text(datastores.read("running")), "refused is unchanged").toBe(before);
          expect(datastores.wakeAt).toBe(wakeAt);
          const restarted = copyOf(storage);
          expect(["", "<name>1</name>", before]).toContain(
            text(booted(options(restarted)).read("running")),
          );
        }
      }
      // The disk is well again: the next commit makes good what was left half-done.
      storage.failsIn = undefined;
      edit(datastores, "<name>last</name>");
      datastores.commit({}, 1, at(2));
      expect(text(booted(options(copyOf(storage))).read("running"))).toBe("<name>last</name>");
    },
  );

  test("failing while a commit is undone is logged, and a restart undoes it all the same", () => {
    const storage = new MemoryStorage();
    const logged: string[] = [];
    const datastores = booted({ ...options(storage), log: (message) => logged.push(message) });
    edit(datastores, "<name>new</name>");
    datastores.commit({ confirmed: { timeout: 5 } }, 1, at(0));
    storage.failsIn = 0;
    datastores.timer(at(5));
    expect(datastores.read("running")).toEqual(emptyTree);
    expect(logged).toEqual(["journal could not be stored: the disk is full"]);
    storage.failsIn = undefined;
    expect(text(booted(options(copyOf(storage))).read("running"))).toBe("");
    edit(datastores, "<name>later</name>");
    datastores.commit({}, 1, at(6));
    expect(text(booted(options(copyOf(storage))).read("running"))).toBe("<name>later</name>");
  });

  test.each([
    ["<config", /stored startup: line 1, column \d+/],
    ["<other/>", /stored startup: the element is <other>, not <config>/],
    [
      `<config><top xmlns="urn:d"><item><id>x</id></item></top></config>`,
      /stored startup: \/d:top\/item\/id: "x" is not an integer/,
    ],
    [
      `<config><top xmlns="urn:d"><item><id>1</id><value>bad</value></item></top></config>`,
      /stored startup: \/d:top\/item\[id='1'\]\/value: must be that/,
    ],
  ])("that holds %s boots nothing and says why", (content, message) => {
    const storage = new MemoryStorage();
    storage.files.set("startup", new TextEncoder().encode(content));
    expect(refusal(() => booted({ storage }))[0]?.message).toMatch(message);
  });

  test("keeps startup apart from running", () => {
    const storage = new MemoryStorage();
    const datastores = booted({ storage, factory: tree("<name>factory</name>") });
    edit(datastores, "<name>run</name>");
    datastores.commit({}, 1, at(0));
    expect(text(booted({ storage }).read("running"))).toBe("<name>factory</name>");
    datastores.copy("running", "startup", 1, at(0));
    expect(text(booted({ storage }).read("running"))).toBe("<name>run</name>");
    datastores.remove("startup", 1, at(0));
    expect(text(booted({ storage, factory: tree("<name>factory</name>") }).read("running"))).toBe(
      "",
    );
  });
});

function copyOf(storage: MemoryStorage): MemoryStorage {
  const copy = new MemoryStorage();
  for (const [name, bytes] of storage.files) copy.files.set(name, bytes);
  return copy;
}

describe("access", () => {
  test("is asked for every node that would differ, and refusals come all at once", () => {
    const datastores = booted({
      factory: tree("<name>n</name><item><id>1</id><value>v</value></item>"),
    });
    const asked: string[] = [];
    const authorize: Authorize = (action, path) => {
      const last = path[path.length - 1];
      asked.push(`${action} ${last?.schema.name}${last?.key ?? ""}`);
      return last?.schema.name !== "value";
    };
    const xml = `<name>m</name><item nc:operation="delete"><id>1</id></item><item><id>2</id><value>w</value></item>`;
    const faults = refusal(() => edit(datastores, xml, 1, authorize));
    expect(asked.sort()).toEqual([
      "create id",
      "create item2",
      "create value",
      "delete id",
      "delete item1",
      "delete value",
      "update name",
    ]);
    expect(faults.map(({ tag, path }) => [tag, path?.text])).toEqual([
      ["access-denied", "/d:top/d:item[d:id='1']/d:value"],
      ["access-denied", "/d:top/d:item[d:id='2']/d:value"],
    ]);
    expect(datastores.candidateModified).toBe(false);
  });
});

describe("copying and deleting", () => {
  test.each([
    [
      "running onto itself",
      (d: Datastores) => d.copy("running", "running", 1, at(0)),
      "invalid-value",
    ],
    ["deleting running", (d: Datastores) => d.remove("running", 1, at(0)), "invalid-value"],
    [
      "what is not valid to running",
      (d: Datastores) =>
        d.copy(tree("<item><id>1</id><value>bad</value></item>"), "running", 1, at(0)),
      "operation-failed",
    ],
    [
      "what is not valid to startup",
      (d: Datastores) =>
        d.copy(tree("<item><id>1</id><value>bad</value></item>"), "startup", 1, at(0)),
      "operation-failed",
    ],
  ])("%s is refused", (_, act, tag) => {
    const datastores = booted({ factory: tree("<name>n</name>") });
    expect(refusal(() => act(datastores))[0]?.tag).toBe(tag);
    expect(text(datastores.read("running"))).toBe("<name>n</name>");
    expect(text(datastores.read("startup"))).toBe("<name>n</name>");
  });

  test("what is not valid may lie in the candidate until it is committed", () => {
    const datastores = booted();
    datastores.copy(tree("<item><id>1</id><value>bad</value></item>"), "candidate", 1, at(0));
    expect(refusal(() => datastores.validate("candidate"))[0]?.appTag).toBe("must-violation");
    expect(refusal(() => datastores.commit({}, 1, at(0)))[0]?.appTag).toBe("must-violation");
  });
});

test("edits that are never committed fill the candidate up to its limit", () => {
  const datastores = booted({ candidateElements: 10 });
  for (let n = 0; n < 5; n++) edit(datastores, `<name>${n}</name>`);
  const [fault] = refusal(() => edit(datastores, "<name>5</name>"));
  expect(fault).toMatchObject({ tag: "resource-denied" });
  expect(fault?.message).toContain("commit them, or discard them");
  expect(text(datastores.read("candidate"))).toBe("<name>4</name>");
  datastores.commit({}, 1, at(1));
  edit(datastores, "<name>6</name>");
  datastores.discardChanges(1);
  const many = Array.from({ length: 9 }, (_, id) => `<order>${id}</order>`).join("");
  edit(datastores, many);
  expect(refusal(() => edit(datastores, "<name>7</name>"))).toHaveLength(1);
});
