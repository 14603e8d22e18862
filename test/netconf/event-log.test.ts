import { describe, expect, test } from "vitest";
import { type Raw, StorageError } from "../../src/base/index.ts";
import { fromObject, treeOf } from "../../src/data/index.ts";
import type { EventStore } from "../../src/netconf/index.ts";
import { type Anomaly, Crash, FaultyStorage } from "../datastore/faulty-storage.ts";
import { octetsHeld } from "../heap.ts";
import { type Manager, schemaOf, World } from "./world.ts";

const NS = "urn:ietf:params:xml:ns:netconf:notification:1.0";
const COMPLETE = "urn:ietf:params:xml:ns:netmod:notification";
const PUSHED = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications";

/** A file that remembers, and fails when it is told to. */
class LogFile implements EventStore {
  text: string | undefined;
  isFailing = false;

  read(): Uint8Array | undefined {
    return this.text === undefined ? undefined : new TextEncoder().encode(this.text);
  }
  append(bytes: Uint8Array): void {
    this.#check();
    this.text = (this.text ?? "") + new TextDecoder().decode(bytes);
  }
  write(bytes: Uint8Array): void {
    this.#check();
    this.text = new TextDecoder().decode(bytes);
  }
  #check(): void {
    if (this.isFailing) throw new StorageError("no space left");
  }
}

/** A file on a disk to which things happen. */
function onDisk(storage: FaultyStorage): EventStore {
  return {
    read: () => storage.read("log"),
    append: (bytes) => storage.append("log", bytes),
    write: (bytes) => storage.write("log", bytes),
  };
}

/** An agent that starts, at so many seconds, with what the one before left on disk. */
function start(
  file: EventStore,
  seconds: number,
  names: readonly string[] = ["lab", "twin"],
): World {
  const world = new World({ events: file, schema: schemaOf(...names) });
  world.now = BigInt(seconds) * 1_000_000_000n;
  world.perform(world.server.started(world.now as Raw));
  return world;
}

function happened(world: World, what: string): void {
  const schema = world.schema.notifications.find(({ name }) => name === "happened");
  if (schema === undefined) throw new Error("there is no such notification");
  const children = fromObject(schema, { what }).map((node) => node);
  world.perform(world.server.notify(treeOf(children, schema), world.at()));
}

const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** What a replay from that second tells, event by event. */
function replay(world: World, from: number, filter = ""): readonly string[] {
  const manager = world.open();
  const inner = `<startTime>${at(from)}</startTime>${filter}`;
  manager.rpc(`<create-subscription xmlns="${NS}">${inner}</create-subscription>`);
  return manager.messages.filter((message) => message.startsWith("<notification"));
}

const only = '<filter><happened xmlns="urn:lab"/></filter>';
const whats = (messages: readonly string[]): readonly string[] =>
  messages.flatMap((message) => /<what>([^<]*)</.exec(message)?.[1] ?? []);

function streams(manager: Manager): string {
  return manager.rpc(`<get><filter><netconf xmlns="${COMPLETE}"/></filter></get>`);
}

describe("the log on disk", () => {
  test("what happened before a restart is replayed after it, message by message", () => {
    const file = new LogFile();
    const first = start(file, 100);
    happened(first, "a < b\n");
    first.now += 10_000_000_000n;
    happened(first, "ü");
    const told = replay(first, 0, only);
    const second = start(file, 200);
    expect(replay(second, 0, only).slice(0, 2)).toEqual(told.slice(0, 2));
    expect(whats(replay(second, 105, only))).toEqual(["&#252;"]);
    const xpath = `<filter type="xpath" xmlns:l="urn:lab" select="/l:happened[l:what='ü']"/>`;
    expect(whats(replay(second, 0, xpath))).toEqual(["&#252;"]);
    const match = '<filter><happened xmlns="urn:lab"><what>ü</what></happened></filter>';
    expect(whats(replay(second, 0, match))).toEqual(["&#252;"]);
  });

  test("it began when it was made, whatever was restarted since", () => {
    const file = new LogFile();
    start(file, 100);
    const manager = start(file, 200).open();
    const time = `<replayLogCreationTime>${at(100)}</replayLogCreationTime>`;
    expect(streams(manager)).toContain(time);
    const pushed = manager.rpc(`<get><filter><streams xmlns="${PUSHED}"/></filter></get>`);
    expect(pushed).toContain(`<replay-log-creation-time>${at(100)}</replay-log-creation-time>`);
  });

  test("sessions and commits of before are told with who did them", () => {
    const file = new LogFile();
    const before = start(file, 100).open({ user: "alice", recovery: true });
    before.put("<name>x</name>");
    const messages = replay(start(file, 200), 0);
    const change = messages.find((message) => message.includes("netconf-config-change"));
    expect(change).toContain("<username>alice</username>");
    expect(change).toContain(`<eventTime>${at(100)}</eventTime>`);
    expect(change).toContain(">/lab:top</target><operation>create</operation>");
  });

  test("other modules are told: what the hello has, and the library", () => {
    const file = new LogFile();
    start(file, 100, ["lab"]);
    start(file, 200, ["lab"]);
    const world = start(file, 300, ["lab", "twin"]);
    const messages = replay(world, 0).filter((one) => !one.includes("session-start"));
    const id = /yang-library:1\.1\?[^<]*content-id=([0-9a-f]+)/.exec(
      world.open().messages[0] ?? "",
    )?.[1];
    expect(messages).toHaveLength(3);
    expect(messages[0]).toContain("<changed-by><server/></changed-by>");
    expect(messages[0]).toMatch(/<added-capability>urn:twin\?module=twin&amp;revision=[-0-9]+</);
    expect(messages[0]).toMatch(/<modified-capability>[^<]*yang-library:1\.1[^<]*</);
    expect(messages[0]).not.toContain("deleted-capability");
    expect(messages[1]).toContain(`yang-library"><content-id>${id}</content-id>`);
    expect(messages[1]).toContain(`<eventTime>${at(300)}</eventTime>`);
    expect(messages[2]).toContain("replayComplete");
    const after = replay(start(file, 400, ["lab"]), 350);
    expect(after[0]).toContain("<deleted-capability>urn:twin?module=twin");
  });

  test("events of a module that is gone are not told", () => {
    const file = new LogFile();
    happened(start(file, 100), "a");
    const world = start(file, 200, ["twin"]);
    expect(whats(replay(world, 0))).toEqual([]);
  });

  test.each([
    ["its last line is torn", (text: string) => text.slice(0, -10), ["a"]],
    ["a line is damaged", (text: string) => text.replace('\n["', "\n?"), ["b"]],
    ["its first line is damaged", (text: string) => text.replace("{", "?"), ["a", "b"]],
    ["it is empty", () => "", []],
    ["it is something else", () => '"x"\n[1,2,3,4]\n["x","lab","happened",""]\n', []],
  ])("%s: the rest is told, and the next line is whole", (_, damage, left) => {
    const file = new LogFile();
    const first = start(file, 100);
    for (const what of ["a", "b"]) happened(first, what);
    file.text = damage(file.text ?? "");
    const second = start(file, 200);
    happened(second, "c");
    expect(whats(replay(second, 0, only))).toEqual([...left, "c"]);
    expect(whats(replay(start(file, 300), 0, only))).toEqual([...left, "c"]);
  });

  test("a disk that fails is told once, and costs the replay after a restart alone", () => {
    const file = new LogFile();
    const world = start(file, 100);
    happened(world, "a");
    file.isFailing = true;
    happened(world, "b");
    happened(world, "c");
    const told = world.logs.filter((line) => line.includes("no space left"));
    expect(told).toHaveLength(1);
    expect(whats(replay(world, 0, only))).toEqual(["a", "b", "c"]);
    file.isFailing = false;
    happened(world, "d");
    expect(whats(replay(start(file, 200), 0, only))).toEqual(["a", "d"]);
  });

  test.each<Anomaly>(["fails", "fails-on", "crashes-before", "crashes-after", "tears"])(
    "holds what was told, in order and once, where the n-th operation on it %s",
    (anomaly) => {
      const all = Array.from({ length: 9 }, (_, i) => `event ${i}`);
      for (let n = 1; ; n++) {
        const storage = new FaultyStorage(new Map(), [n, anomaly]);
        const told: string[] = [];
        try {
          const world = start(onDisk(storage), 0);
          for (const what of all) {
            happened(world, what);
            told.push(what);
          }
        } catch (fault) {
          if (!(fault instanceof Crash)) throw fault;
        }
        if (storage.operations < n) break;
        const where = `${anomaly} at operation ${n}`;
        const next = start(onDisk(new FaultyStorage(storage.files)), 100);
        const kept = whats(replay(next, 0, only));
        // Nothing is made up, told twice or in another order.
        expect(kept, where).toEqual(all.filter((what) => kept.includes(what)));
        if (anomaly === "fails") expect(kept.length, where).toBeGreaterThanOrEqual(all.length - 1);
        else if (anomaly === "fails-on") expect(kept, where).toEqual(all.slice(0, kept.length));
        else expect([told, all.slice(0, told.length + 1)], where).toContainEqual(kept);
        // It goes on behind that, whatever state the file was left in.
        const disk = new FaultyStorage(storage.files);
        const after = start(onDisk(disk), 100);
        happened(after, "later");
        const last = whats(replay(start(onDisk(new FaultyStorage(disk.files)), 200), 0, only));
        expect(last, where).toEqual([...kept, "later"]);
        expect(n).toBeLessThan(50);
      }
    },
  );

  test("what is old goes, in memory and on disk, and when it went is told", () => {
    const file = new LogFile();
    const world = start(file, 100);
    const long = "x".repeat(100_000);
    for (let i = 0; i < 200; i++) {
      world.now += 1_000_000_000n;
      happened(world, `${i}${long}`);
    }
    const left = whats(replay(world, 0, only)).map((what) => Number.parseInt(what, 10));
    expect(left.length).toBeLessThan(90);
    expect(left).toEqual(left.map((_, i) => 200 - left.length + i));
    expect(file.text?.length).toBeLessThan(17_000_000);
    const again = start(file, 400);
    const kept = whats(replay(again, 0, only)).map((what) => Number.parseInt(what, 10));
    expect(kept.length).toBeGreaterThan(60);
    expect(kept).toEqual(kept.map((_, i) => 200 - kept.length + i));
    const state = again.open().rpc(`<get><filter><streams xmlns="${PUSHED}"/></filter></get>`);
    expect(state).toContain("<replay-log-aged-time>");
  });

  test("what was told is held by its text alone, in one piece", () => {
    const world = new World();
    const name = "netconf-capability-change";
    const schema = world.schema.notifications.find((one) => one.name === name);
    if (schema === undefined) throw new Error("there is no such notification");
    const uris = Array.from({ length: 20 }, (_, i) => `urn:example:capability:${i}`);
    const tell = (count: number): void => {
      for (let i = 0; i < count; i++) {
        const children = fromObject(schema, { "deleted-capability": uris });
        world.perform(world.server.notify(treeOf(children, schema), world.at()));
      }
    };
    tell(100);
    // What the machine itself sets up in between, such as compiled code, comes once.
    const held = Math.min(...[1, 2, 3].map(() => octetsHeld(() => tell(500)) / 500));
    const first = replay(world, 0).find((message) => message.includes(`<${name}`)) ?? "";
    expect(first.match(/<deleted-capability>/g)).toHaveLength(20);
    expect(held).toBeLessThan(first.length * 1.3);
  });
});
