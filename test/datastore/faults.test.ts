import { describe, expect, test } from "vitest";
import { type Raw, RpcError } from "../../src/base/index.ts";
import { emptyTree, printXml, type Tree } from "../../src/data/index.ts";
import { Datastores, type DatastoresOptions, type Sealer } from "../../src/datastore/index.ts";
import { elements, schemaOf } from "../data/schemas.ts";
import { type Anomaly, Crash, FaultyStorage } from "./faulty-storage.ts";
import { MemoryStorage } from "./storage.ts";

const moduleText = (version: string): string => `module d {
  yang-version 1.1; namespace "urn:d"; prefix d;
  import ietf-netconf-acm { prefix nacm; }
  container top {
    leaf name { type string; }
    leaf size { type uint8 { range "${version === "old" ? "0..255" : "0..9"}"; } }
    list key { nacm:default-deny-all; key id; leaf id { type uint8; } leaf secret { type string; } }
    list token { key id; leaf id { nacm:default-deny-all; type string; } }
    list user {
      key name; leaf name { type string; }
      leaf password { nacm:default-deny-all; type string; }
    }
  }
}`;
const options = { implement: ["d"] };
const schema = schemaOf({ d: moduleText("old") }, options);
const newer = schemaOf({ d: moduleText("new") }, options);

/** No cipher, but nothing that is sealed can be read in what it makes. */
const sealer: Sealer = {
  seal: (plain) => `sealed-${Buffer.from(plain).toString("hex")}`,
  open: (text) =>
    text.startsWith("sealed-") ? new Uint8Array(Buffer.from(text.slice(7), "hex")) : undefined,
};

const text = (tree: Tree): string =>
  printXml(tree.children, { schema }).replace(/<\/?top[^>]*>/g, "");
const octets = (content: string): Uint8Array => new TextEncoder().encode(content);
const second = (n: number): Raw => (BigInt(n) * 1_000_000_000n) as Raw;

function booted(given: Partial<DatastoresOptions> = {}): Datastores {
  return new Datastores({
    schema,
    storage: new MemoryStorage(),
    factory: emptyTree,
    hasStartup: true,
    subscribers: [],
    sealer,
    ...given,
  });
}

function refusal(act: () => void): string {
  try {
    act();
  } catch (fault) {
    if (fault instanceof RpcError) return fault.message;
    throw fault;
  }
  throw new Error("it was not refused");
}

function set(datastores: Datastores, xml: string): void {
  const config = elements(`<top xmlns="urn:d">${xml}</top>`);
  datastores.edit({ target: "candidate", config, testOption: "set" }, 1, second(0));
}

/** One thing a manager does, and what boots once it was acknowledged. */
type Step = readonly [what: string, act: (datastores: Datastores) => void, boots: string];

const named = (name: string): string => `<name>${name}</name>`;
const commitOf = (xml: string) => (datastores: Datastores) => {
  set(datastores, xml);
  datastores.commit({}, 1, second(1));
};
const keys = "<key><id>1</id><secret>hush</secret></key><token><id>hush too</id></token>";

const kept: readonly Step[] = [
  ["commit", commitOf(named("one")), named("one")],
  ["commit with a secret", commitOf(keys), named("one") + keys],
  [
    "confirmed commit",
    (d) => {
      set(d, named("two"));
      d.commit({ confirmed: { timeout: 10 } }, 1, second(2));
    },
    named("one") + keys,
  ],
  [
    "its follow-up",
    (d) => {
      set(d, named("three"));
      d.commit({ confirmed: { timeout: 10 } }, 1, second(3));
    },
    named("one") + keys,
  ],
  ["its confirmation", (d) => d.commit({}, 1, second(4)), named("three") + keys],
  [
    "another",
    (d) => {
      set(d, named("four"));
      d.commit({ confirmed: { timeout: 10, persist: "p" } }, 1, second(5));
    },
    named("three") + keys,
  ],
  ["its timeout", (d) => d.timer(second(50)), named("three") + keys],
  ["commit after it", commitOf(named("five")), named("five") + keys],
];

const saved: readonly Step[] = [
  [
    "save",
    (d) => {
      commitOf(named("one") + keys)(d);
      d.copy("running", "startup", 1, second(1));
    },
    named("one") + keys,
  ],
  ["commit alone", commitOf(named("two")), named("one") + keys],
  ["save again", (d) => d.copy("running", "startup", 1, second(2)), named("two") + keys],
  ["delete", (d) => d.remove("startup", 1, second(3)), ""],
  ["save once more", (d) => d.copy("running", "startup", 1, second(4)), named("two") + keys],
];

/** What the disk may boot after the steps, as far as they came. */
interface Run {
  readonly storage: FaultyStorage;
  readonly allowed: readonly string[];
  /** The step during which the machine stopped, or the last. */
  readonly at: string;
}

/** A manager that is refused tries the step once more. */
function run(steps: readonly Step[], hasStartup: boolean, storage: FaultyStorage): Run {
  let allowed = [""];
  let at = "boot";
  try {
    const datastores = booted({ storage, hasStartup });
    for (const [what, act, boots] of steps) {
      at = what;
      allowed = [...allowed, boots];
      try {
        act(datastores);
      } catch (fault) {
        if (!(fault instanceof RpcError)) throw fault;
        act(datastores);
      }
      allowed = [boots];
    }
  } catch (fault) {
    // Refused: it stays as it was. Interrupted: as it was, or as it was to be.
    if (fault instanceof RpcError) allowed = allowed.slice(0, 1);
    else if (!(fault instanceof Crash)) throw fault;
  }
  return { storage, allowed, at };
}

/** The disk boots what it may, also where the machine stops once more while it does. */
function expectBoots({ storage, allowed, at }: Run, hasStartup: boolean, where: string): void {
  for (let m = 1; ; m++) {
    const again = new FaultyStorage(storage.files, [m, "crashes-after"]);
    const told = `${where} (${at}), then at ${m} of the boot`;
    try {
      const datastores = booted({ storage: again, hasStartup });
      expect(allowed, told).toContain(text(datastores.read("running")));
      return;
    } catch (fault) {
      if (!(fault instanceof Crash)) throw fault;
      const after = booted({ storage: new FaultyStorage(again.files), hasStartup });
      expect(allowed, told).toContain(text(after.read("running")));
    }
  }
}

describe.each([
  ["running that is kept", false, kept],
  ["startup", true, saved],
] as const)("%s", (_, hasStartup, steps) => {
  test.each<Anomaly>(["fails", "fails-on", "crashes-before", "crashes-after", "tears"])(
    "holds what was acknowledged where the n-th operation %s",
    (anomaly) => {
      for (let n = 1; ; n++) {
        const after = run(steps, hasStartup, new FaultyStorage(new Map(), [n, anomaly]));
        if (after.storage.operations < n) break;
        expectBoots(after, hasStartup, `${anomaly} at operation ${n}`);
        expect(n).toBeLessThan(200);
      }
    },
  );

  test("holds it where one operation fails and the machine stops at any one after it", () => {
    const { operations } = run(steps, hasStartup, new FaultyStorage(new Map())).storage;
    expect(operations).toBeGreaterThan(9);
    for (let n = 1; n <= operations; n++) {
      for (let m = n + 1; m <= operations + 4; m++) {
        const storage = new FaultyStorage(new Map(), [n, "fails"], [m, "crashes-after"]);
        const { allowed, at } = run(steps, hasStartup, storage);
        const after = booted({ storage: new FaultyStorage(storage.files), hasStartup });
        const where = `fails at ${n}, crashes after ${m} (${at})`;
        expect(allowed, where).toContain(text(after.read("running")));
      }
    }
  });

  test("holds each step by itself, and no secret in clear", () => {
    const storage = new FaultyStorage(new Map());
    const datastores = booted({ storage, hasStartup });
    for (const [what, act, boots] of steps) {
      act(datastores);
      const after = booted({ storage: new FaultyStorage(storage.files), hasStartup });
      expect(text(after.read("running")), what).toBe(boots);
      for (const [name, bytes] of storage.files) {
        expect(new TextDecoder().decode(bytes), name).not.toMatch(/hush|<key>|:key|<token>|:token/);
      }
    }
  });
});

describe("after operations that fail", () => {
  /** What the manager does where something is refused: he gives up what he wanted. */
  function attempt(datastores: Datastores, act: (datastores: Datastores) => void): void {
    try {
      act(datastores);
    } catch (fault) {
      if (!(fault instanceof RpcError)) throw fault;
      datastores.discardChanges(1);
    }
  }

  const acts: readonly ((datastores: Datastores) => void)[] = [
    commitOf(named("one")),
    (d) => {
      set(d, named("two"));
      d.commit({ confirmed: { timeout: 100 } }, 1, second(2));
    },
    commitOf(`${named("three")}<size>3</size>`),
    commitOf("<size>4</size>"),
    commitOf(keys),
  ];

  /** The storage after all of it, and what is running then. */
  function played(...anomalies: readonly (readonly [number, Anomaly])[]): [FaultyStorage, string] {
    const storage = new FaultyStorage(new Map(), ...anomalies);
    const datastores = booted({ storage, hasStartup: false });
    for (const act of acts) attempt(datastores, act);
    // Whatever became of it: the manager sees to it that nothing is left unconfirmed.
    attempt(datastores, (d) => d.commit({}, 1, second(9)));
    return [storage, text(datastores.read("running"))];
  }

  test("what is running in the end boots, and nothing that was refused", () => {
    const [whole] = played();
    const last = whole.operations;
    for (let n = 2; n <= last; n++) {
      for (let m = n; m <= last + 2; m++) {
        const [storage, shown] = played([n, "fails"], [m, "fails"]);
        const after = booted({ storage: new FaultyStorage(storage.files), hasStartup: false });
        expect(text(after.read("running")), `${n} and ${m} fail`).toBe(shown);
      }
    }
  });

  test("who was ready for a commit that cannot be kept is told that it is off", () => {
    const storage = new MemoryStorage();
    const calls: string[] = [];
    const subscriber = {
      prepare: () => ({ apply: () => calls.push("apply"), abort: () => calls.push("abort") }),
    };
    const datastores = booted({ storage, hasStartup: false, subscribers: [subscriber] });
    calls.length = 0;
    storage.failsIn = 0;
    expect(refusal(() => commitOf(named("one"))(datastores))).toContain("the disk is full");
    expect(calls).toEqual(["abort"]);
    storage.failsIn = undefined;
    commitOf(named("one"))(datastores);
    expect(calls).toEqual(["abort", "apply"]);
  });
});

/** A disk with one saved configuration, then changed by hand. */
function disk(hasStartup: boolean): MemoryStorage {
  const storage = new MemoryStorage();
  const datastores = booted({ storage, hasStartup });
  commitOf(`${named("good")}<size>77</size>`)(datastores);
  if (hasStartup) datastores.copy("running", "startup", 1, second(1));
  else booted({ storage, hasStartup });
  return storage;
}

const damages: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array, RegExp])[] = [
  ["empty", () => new Uint8Array(), /line 1, column 1: there is no element|document must/],
  ["cut short", (bytes) => bytes.subarray(0, bytes.length - 40), /line \d+, column \d+: /],
  ["zeros", (bytes) => new Uint8Array(bytes.length), /line 1, column 1/],
  [
    "of another value in one bit",
    (bytes) => octets(new TextDecoder().decode(bytes).replace("good", "goof")),
    /the checksum in its last line differ/,
  ],
  ["another document", () => octets("<html/>"), /the element is <html>, not <config>/],
];

describe.each([
  ["startup", true],
  ["running", false],
] as const)("a damaged %s", (name, hasStartup) => {
  test.each(damages)("%s, is told and replaced by its copy", (_, damage, reason) => {
    const storage = disk(hasStartup);
    const bytes = storage.files.get(name) ?? new Uint8Array();
    const damaged = damage(bytes);
    storage.files.set(name, damaged);
    const told: string[] = [];
    const datastores = booted({ storage, hasStartup, log: (message) => told.push(message) });
    expect(text(datastores.read("running"))).toBe("<name>good</name><size>77</size>");
    expect(told[0]).toMatch(reason);
    expect(told[0]).toContain(`stored ${name}: `);
    expect(told[0]).toContain(`${name}.good is used instead`);
    expect(storage.files.get(`${name}.damaged`)).toEqual(damaged);
    expect(storage.files.get(name)).toEqual(bytes);
  });

  test.each(damages)("%s, and its copy as well, boots nothing and is kept", (_, damage, reason) => {
    const storage = disk(hasStartup);
    for (const file of [name, `${name}.good`]) {
      storage.files.set(file, damage(storage.files.get(file) ?? new Uint8Array()));
    }
    const before = new Map(storage.files);
    expect(refusal(() => booted({ storage, hasStartup }))).toMatch(reason);
    expect(storage.files).toEqual(before);
  });

  test.each(damages)("%s, and without a copy, boots nothing and is kept", (_, damage, reason) => {
    const storage = disk(hasStartup);
    storage.files.set(name, damage(storage.files.get(name) ?? new Uint8Array()));
    storage.files.delete(`${name}.good`);
    const before = new Map(storage.files);
    expect(refusal(() => booted({ storage, hasStartup }))).toMatch(reason);
    expect(storage.files).toEqual(before);
  });

  test("that is gone is told and replaced by its copy", () => {
    const storage = disk(hasStartup);
    storage.files.delete(name);
    const told: string[] = [];
    const datastores = booted({ storage, hasStartup, log: (message) => told.push(message) });
    expect(text(datastores.read("running"))).toBe("<name>good</name><size>77</size>");
    expect(told[0]).toBe(`stored ${name} is missing: its copy ${name}.good is used instead`);
  });

  test("on a disk that takes nothing boots from its copy all the same", () => {
    const storage = disk(hasStartup);
    storage.files.set(name, new Uint8Array());
    storage.failsIn = 0;
    const datastores = booted({ storage, hasStartup });
    expect(text(datastores.read("running"))).toBe("<name>good</name><size>77</size>");
  });

  test("of older modules is told node by node, and not touched", () => {
    const storage = disk(hasStartup);
    const before = new Map(storage.files);
    const message = refusal(() => booted({ storage, hasStartup, schema: newer }));
    expect(message).toContain(`stored ${name}: `);
    expect(message).toContain("size");
    expect(message).toContain("77");
    expect(storage.files).toEqual(before);
  });

  test("that another at-rest key sealed is told, and not touched", () => {
    const storage = new MemoryStorage();
    const datastores = booted({ storage, hasStartup });
    commitOf(keys)(datastores);
    if (hasStartup) datastores.copy("running", "startup", 1, second(1));
    const before = new Map(storage.files);
    const other: Sealer = { seal: sealer.seal, open: () => undefined };
    expect(refusal(() => booted({ storage, hasStartup, sealer: other }))).toContain(
      "does not open under the at-rest key",
    );
    expect(storage.files).toEqual(before);
  });
});

describe("a journal", () => {
  function journalled(): MemoryStorage {
    const storage = new MemoryStorage();
    const datastores = booted({ storage, hasStartup: false });
    for (const name of ["one", "two", "three"]) commitOf(named(name))(datastores);
    return storage;
  }

  test("damaged in its midst is told, kept aside, and used as far as it goes", () => {
    const storage = journalled();
    const journal = storage.files.get("journal") ?? new Uint8Array();
    const damaged = octets(new TextDecoder().decode(journal).replace("two", "tvo"));
    storage.files.set("journal", damaged);
    const told: string[] = [];
    const datastores = booted({ storage, hasStartup: false, log: (message) => told.push(message) });
    expect(text(datastores.read("running"))).toBe(named("one"));
    expect(told[0]).toMatch(/^stored journal: the record at octet \d+ is damaged/);
    expect(storage.files.get("journal.damaged")).toEqual(damaged);
  });

  test("without its snapshot boots nothing", () => {
    const storage = journalled();
    storage.files.delete("running");
    storage.files.delete("running.good");
    expect(refusal(() => booted({ storage, hasStartup: false }))).toContain(
      "stored running: it is missing, but what belongs to it is there",
    );
  });

  test("of a node that is no longer served is told, and not touched", () => {
    const storage = journalled();
    const before = new Map(storage.files);
    const bare = schemaOf({
      e: 'module e { namespace "urn:e"; prefix e; leaf e { type string; } }',
    });
    expect(refusal(() => booted({ storage, hasStartup: false, schema: bare }))).toContain(
      "stored journal: it names d:top, which no module served here has",
    );
    expect(storage.files).toEqual(before);
  });

  test("goes on over the copy of its snapshot, and none of its records counts twice", () => {
    const storage = journalled();
    storage.files.set("running", new Uint8Array());
    const first = booted({ storage, hasStartup: false });
    expect(text(first.read("running"))).toBe(named("three"));
    commitOf(named("four"))(first);
    expect(text(booted({ storage, hasStartup: false }).read("running"))).toBe(named("four"));
  });
});

test("what was stored in clear is read, and sealed when it is stored again", () => {
  const storage = new MemoryStorage();
  const clear = `<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><top xmlns="urn:d">${keys}</top></config>`;
  storage.files.set("startup", octets(clear));
  const datastores = booted({ storage });
  expect(text(datastores.read("running"))).toBe(keys);
  datastores.copy("running", "startup", 1, second(0));
  expect(new TextDecoder().decode(storage.files.get("startup"))).not.toContain("hush");
  expect(text(booted({ storage }).read("running"))).toBe(keys);
});

test("a leaf below a list that all may read is sealed where it stands", () => {
  const storage = new MemoryStorage();
  const datastores = booted({ storage, hasStartup: false });
  const users =
    "<user><name>ann</name><password>hush</password></user><user><name>bob</name></user>";
  commitOf(users)(datastores);
  commitOf("<user><name>bob</name><password>hush2</password></user>")(datastores);
  const all = [...storage.files.values()].map((bytes) => new TextDecoder().decode(bytes)).join("");
  expect(all).not.toContain("hush");
  expect(text(booted({ storage, hasStartup: false }).read("running"))).toContain("hush2");
  const snapshot = new TextDecoder().decode(storage.files.get("running"));
  expect(snapshot).toContain('<user><name>ann</name><sealed xmlns="urn:ntpconfd:stored">sealed-');
});
