import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AgentLoop,
  type AgentOptions,
  createAgent,
  type Effect,
  KeyVault,
} from "../../src/agent/index.ts";
import { StorageError } from "../../src/base/index.ts";
import { doorDeed, effectDeed } from "../../src/host/record/deed.ts";
import type { Outcome } from "../../src/host/record/entries.ts";
import { KeptModules } from "../../src/host/record/kept-modules.ts";
import { Playback } from "../../src/host/record/playback.ts";
import type { WriteCall } from "../../src/host/record/record-file.ts";
import { Recorder } from "../../src/host/record/recorder.ts";
import { type Replayed, replayRecord } from "../../src/host/record/replay.ts";
import { loadSchema, moduleFinder } from "../../src/host/served-modules.ts";
import type { Schema } from "../../src/yang/index.ts";
import { MemoryStorage, SeededRandom, World } from "../agent/world.ts";
import {
  authentication,
  config,
  manycastClient,
  manycastServer,
  master,
  ntp,
  secrets,
} from "../interop/procedure.ts";

// What was recorded happens again: in simulated time, on real files.

const asked = { yangFolders: [], implement: [], features: [], hasStartup: true };
const group = "224.0.1.1";
const key = authentication({ id: 7, algorithm: "hmac-sha256", secret: secrets["hmac-sha256"] });
const vault = vaultOf(1);

let directory = "";
let modules: KeptModules;
let schema: Schema;
let whole = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "ntpconfd-replay-"));
  modules = new KeptModules(moduleFinder(asked));
  schema = loadSchema(asked, modules);
  whole = record("whole");
});
afterAll(() => rmSync(directory, { recursive: true }));

function vaultOf(octet: number): KeyVault {
  return new KeyVault(new Uint8Array(32).fill(octet), new SeededRandom(octet));
}

function recorder(
  file: string,
  log: string[] = [],
  write: WriteCall = writeSync,
  seed = 3,
): Recorder {
  const random = new SeededRandom(seed);
  return new Recorder({
    ...{ path: file, vault, random, writeSync: write },
    log: (level, message) => log.push(`${level} ${message}`),
  });
}

function bootOf(recording: Recorder, world: World) {
  const clock = clockOf(world);
  return (options: AgentOptions) => recording.boot({ options, modules, asked, clock }, createAgent);
}

/**
 * A server and a client of manycast, the client recorded: it finds the server, and its managers
 * edit, commit, are refused, run into a disk that is full, and let a commit be reverted.
 */
function record(name: string, storage = new MemoryStorage()): string {
  const file = join(directory, name);
  const recording = recorder(file);
  const world = new World();
  const server = world.host({ address: "192.0.2.1" });
  server.session().apply(config(key, master, manycastServer(group)));
  const boot = bootOf(recording, world);
  const client = world.host({ address: "192.0.2.2", offset: 0.3, ppm: 20, storage, boot });
  const session = client.session();
  expect(session.apply(config(key, manycastClient(group, { key: 7 })))).toContain("<ok/>");
  world.run(60);
  expect(client.ask().synchronized).toBe(true);
  client.refusal = () => "EADDRINUSE";
  expect(session.apply(ntp("<port>1999</port>"))).toContain("EADDRINUSE");
  client.refusal = undefined;
  session.rpc("<discard-changes/>");
  storage.failing = true;
  const save = "<target><startup/></target><source><running/></source>";
  expect(session.rpc(`<copy-config>${save}</copy-config>`)).toContain("the disk is full");
  storage.failing = false;
  expect(session.rpc(`<copy-config>${save}</copy-config>`)).toContain("<ok/>");
  session.rpc(
    `<edit-config><target><candidate/></target><config>${ntp("<port>2000</port>")}</config></edit-config>`,
  );
  const confirmed = "<commit><confirmed/><confirm-timeout>5</confirm-timeout></commit>";
  expect(session.rpc(confirmed)).toContain("<ok/>");
  world.run(10);
  expect(client.plan?.port).toBe(123);
  session.rpc("<close-session/>");
  recording.close();
  return file;
}

function replay(path: string, more: { readonly until?: number; readonly with?: KeyVault } = {}) {
  const events: Replayed[] = [];
  const { with: opening = vault, ...options } = more;
  const end = replayRecord({
    ...{ path, vault: opening, ...options },
    // Compiling takes longest, and once is enough.
    ...(path !== whole && { schemaOf: () => schema }),
    began: () => undefined,
    replayed: (event) => events.push(event),
  });
  return {
    ...end,
    events: events.filter(({ event }) => event.kind !== "start"),
    count: end.events,
  };
}

/** The record with one line changed, whose number from the end is given. */
function changed(name: string, change: (lines: string[]) => void): string {
  const file = join(directory, name);
  const lines = readFileSync(whole, "latin1").split("\n");
  change(lines);
  writeFileSync(file, lines.join("\n"));
  return file;
}

describe("a record", () => {
  test("is for its owner alone, and nothing in it is in clear", () => {
    expect(statSync(whole).mode & 0o777).toBe(0o600);
    const text = readFileSync(whole, "latin1");
    const [first, ...lines] = text.trimEnd().split("\n");
    expect(first).toMatch(/^ntpconfd-record 1 \$ntpconfd\$1\$[\w+/]+=*$/);
    expect(lines.length).toBeGreaterThan(40);
    expect(lines.filter((line) => !/^[\w+/]+=*$/.test(line))).toEqual([]);
    for (const line of lines) {
      const octets = Buffer.from(line, "base64").toString("latin1");
      expect(octets).not.toContain("Hmac-Secret");
      expect(octets).not.toContain("interfaces");
    }
  });

  test("has a key of its own, which its first line holds", () => {
    const keyOf = (file: string): Uint8Array | undefined => {
      const [first = ""] = readFileSync(file, "latin1").split("\n");
      return vault.open(first.replace("ntpconfd-record 1 ", ""));
    };
    const another = join(directory, "another");
    recorder(another, [], writeSync, 4).close();
    expect(keyOf(whole)).toHaveLength(32);
    expect(keyOf(another)).toHaveLength(32);
    expect(keyOf(another)).not.toEqual(keyOf(whole));
  });

  test("happens again, with every effect the same", () => {
    const { fault, unfinished, count, runs, events } = replay(whole);
    expect(fault).toBeUndefined();
    expect(unfinished).toBeUndefined();
    expect(runs).toBe(1);
    expect(count).toBe(events.length);
    const kinds = new Set(events.map(({ event }) => event.kind));
    for (const kind of ["timer", "datagram", "transmitted", "session-bytes", "session-opened"]) {
      expect(kinds).toContain(kind);
    }
    expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
    const [first, last] = [events[0]?.timeMs ?? 0, events.at(-1)?.timeMs ?? 0];
    expect(Math.round((last - first) / 1_000)).toBe(70);
    const told = events.flatMap(({ deeds }) => deeds);
    expect(told).toContainEqual(expect.stringMatching(/^log .*synchronized/));
    expect(told).toContainEqual(expect.stringMatching(/^storage\.write startup, \d+ octets$/));
    expect(told.join()).not.toContain("Hmac-Secret");
  });

  test("is replayed as far as one wants", () => {
    const { fault, count, events } = replay(whole, { until: 7 });
    expect([fault, count, events.length]).toEqual([undefined, 7, 7]);
  });

  test("whose last line is cut off is replayed up to it, and another run goes on behind", () => {
    const file = changed("torn", (lines) => lines.splice(30));
    truncateSync(file, statSync(file).size - 9);
    const torn = replay(file);
    expect(torn.fault).toBeUndefined();
    expect(torn.unfinished?.kind).toBeDefined();
    expect(torn.count).toBeGreaterThan(24);
    record("torn", new MemoryStorage());
    const { fault, runs, count } = replay(file);
    expect([fault, runs]).toEqual([undefined, 2]);
    expect(count).toBeGreaterThan(torn.count + 60);
  });

  test.each([5, 60])("cut off %i octets into the first line of a run goes on behind", (cut) => {
    const file = join(directory, `begun-${cut}`);
    const first = readFileSync(whole).subarray(0, cut);
    writeFileSync(file, first);
    record(`begun-${cut}`);
    const { fault, runs, count } = replay(file);
    expect([fault, runs]).toEqual([undefined, 1]);
    expect(count).toBeGreaterThan(60);
    // And where a run stands before it.
    appendFileSync(file, first);
    record(`begun-${cut}`);
    expect(replay(file)).toMatchObject({ runs: 2, count: 2 * count });
  });

  test.each<[string, number, (lines: string[]) => void]>([
    ["altered", 21, (lines) => lines.splice(20, 1, flipped(lines[20]))],
    ["left out", 21, (lines) => lines.splice(20, 1)],
    ["moved", 21, (lines) => lines.splice(20, 2, lines[21] ?? "", lines[20] ?? "")],
    ["repeated", 22, (lines) => lines.splice(21, 0, lines[20] ?? "")],
    ["no base64", 21, (lines) => lines.splice(20, 1, "What is this?")],
  ])("with a line that is %s is found out, and up to it replayed", (name, line, change) => {
    const before = replay(changed("before", (lines) => lines.splice(line - 1, lines.length, "")));
    const { fault, count } = replay(changed(name.replaceAll(" ", "-"), change));
    expect(fault).toEqual({ kind: "damaged", line });
    expect(count).toBe(before.count);
    expect(count).toBeGreaterThan(line - 6);
  });

  test("is refused with the key of another agent", () => {
    expect(() => replay(whole, { with: vaultOf(2) })).toThrow(
      /line 1 is sealed under another at-rest key/,
    );
  });

  test("is none where there is no file, nothing in it, or something else", () => {
    const other = join(directory, "other");
    expect(() => replay(join(directory, "nowhere"))).toThrow(/cannot read the record: ENOENT/);
    writeFileSync(other, "");
    expect(() => replay(other)).toThrow(/other is empty/);
    writeFileSync(other, "x".repeat(1_000_000));
    expect(() => replay(other)).toThrow(/other is no record/);
  });
});

/** As another version of the agent might be. */
type Variant = (agent: AgentLoop, doors: AgentOptions) => Pick<AgentLoop, "handle">;

test.each<[string, Variant, object]>([
  [
    "does more",
    (agent) => ({
      handle: (event) =>
        event.kind === "session-closed"
          ? [...agent.handle(event), { kind: "end-call", call: 9 }]
          : agent.handle(event),
    }),
    { recorded: "end-call", now: "nothing more" },
  ],
  [
    "does something else",
    (agent) => ({
      handle: (event) =>
        event.kind === "session-closed"
          ? [{ kind: "close-session", channel: 1, refusal: "a" }]
          : agent.handle(event),
    }),
    { recorded: "close-session of channel 1", now: "nothing more" },
  ],
  [
    "asks a door for more",
    (agent, { random }) => ({
      handle: (event) => {
        if (event.kind === "session-closed") random.fraction();
        return agent.handle(event);
      },
    }),
    { recorded: "random.fraction", now: "nothing more" },
  ],
])("an agent that %s is found out, with the event and what it did", (name, variant, difference) => {
  const file = join(directory, name.replaceAll(" ", "-"));
  const world = new World();
  const recording = recorder(file);
  const client = world.host({
    address: "192.0.2.2",
    boot: (options) =>
      recording.boot({ options, modules, asked, clock: clockOf(world) }, (doors) => {
        const agent = createAgent(doors);
        const { handle } = variant(agent, doors);
        return { start: (at) => agent.start(at), user: () => undefined, wakeAt: undefined, handle };
      }),
  });
  client.session().drop();
  recording.close();
  const { fault, count } = replay(file);
  const at = { event: { kind: "session-closed" }, number: count };
  expect(fault).toMatchObject({ kind: "difference", at, difference });
});

describe("a playback", () => {
  const answers: Outcome["answers"] = [
    { door: "a", value: 1 },
    { door: "b", thrown: { message: "no", code: "ENO", isStorage: false } },
    { door: "c", thrown: { message: "full", isStorage: true } },
  ];
  const deeds = ["a", "b", "c"].map((door) => doorDeed(door, undefined));
  const caught = (act: () => unknown): unknown => {
    try {
      return act();
    } catch (error) {
      return error;
    }
  };

  test("answers as the doors did, in their order", () => {
    const tape = new Playback();
    const given: unknown[] = [];
    const difference = tape.run({ answers, deeds }, () => {
      for (const door of ["a", "b", "c"]) given.push(caught(() => tape.ask(door, undefined)));
      return [];
    });
    expect(difference).toBeUndefined();
    expect(given[0]).toBe(1);
    expect(given[1]).toMatchObject({ message: "no", code: "ENO" });
    expect(given[2]).toBeInstanceOf(StorageError);
  });

  test("gives no door the answer of another", () => {
    const tape = new Playback();
    let answer: unknown;
    const difference = tape.run({ answers, deeds }, () => {
      answer = caught(() => tape.ask("b", undefined));
      return [];
    });
    expect(difference).toEqual({ deed: 1, recorded: "a", now: "b" });
    expect(answer).toMatchObject({ message: "b was not asked then, but a" });
  });

  test("tells what has the same length and other octets, and what fails otherwise", () => {
    const tape = new Playback();
    const sent = (text: string): Effect => {
      return { kind: "send-bytes", channel: 1, bytes: new TextEncoder().encode(text) };
    };
    const recorded = { answers: [], deeds: [effectDeed(sent("one"))] };
    expect(tape.run(recorded, () => [sent("one")])).toBeUndefined();
    const what = "send-bytes to channel 1, 3 octets, checksum ";
    expect(tape.run(recorded, () => [sent("two")])).toEqual({
      deed: 1,
      recorded: expect.stringContaining(what),
      now: expect.stringContaining(what),
    });
    const failing = tape.run(recorded, () => {
      throw new Error("a mistake");
    });
    expect(failing).toMatchObject({ now: "failed: a mistake" });
  });
});

test("a disk that takes no more ends the record, and not the agent", () => {
  expect(() => recorder("/dev/full")).toThrow(/cannot record: .*ENOSPC/);
  const file = join(directory, "full");
  const log: string[] = [];
  let left = 20;
  const recording = recorder(file, log, (to, bytes, from) => {
    if (left-- <= 0) throw new Error("ENOSPC: no space left on device, write");
    return writeSync(to, bytes, from);
  });
  const world = new World();
  const boot = bootOf(recording, world);
  const session = world.host({ address: "192.0.2.2", boot }).session();
  for (let i = 0; i < 20; i++)
    expect(session.rpc("<get-config><source><startup/></source></get-config>")).toContain("<data");
  recording.close();
  expect(log).toEqual(["error the record ends here: it cannot be written"]);
  const { fault, count } = replay(file);
  expect(fault).toBeUndefined();
  expect(count).toBeGreaterThan(15);
});

function clockOf(world: World) {
  return { now: () => world.now, wall: () => ({ at: world.now, unix: 0n }) };
}

/** Another octet somewhere in the middle. */
function flipped(line = ""): string {
  const at = line.length >> 1;
  return line.slice(0, at) + (line[at] === "A" ? "B" : "A") + line.slice(at + 1);
}
