import { describe, expect, test } from "vitest";
import { type AccessRule, defaultPolicy, type NtpConfig } from "../../src/ntp/index.ts";
import { SeededRandom } from "../random.ts";
import { config, on, settlesWithin } from "../sim/scenario.ts";
import { type Flight, type Node, World } from "../sim/world.ts";

// RFC 9327, as far as it reads: what ntpq shows of us.

const server = {
  address: "10.77.0.1",
  type: "server" as const,
  ...{ keyId: undefined, prefer: false, burst: false, iburst: true, source: undefined },
  ...{ minpoll: 3, maxpoll: 3, port: 123, version: 4 },
};
const permits = (mode: AccessRule["mode"]): NtpConfig["accessRules"] => [
  { mode: "peer", entries: [{ prefix: "10.77.0.1/32", permit: true }] },
  { mode, entries: [{ prefix: "10.77.0.0/16", permit: true }] },
];

interface Answer {
  readonly status: number;
  readonly error: boolean;
  readonly more: boolean;
  readonly association: number;
  readonly offset: number;
  readonly data: Uint8Array;
}

/** A host that follows a server, and a way to put control messages to it. */
function scene(more: Partial<NtpConfig> = { accessRules: permits("query-only") }, enabled = true) {
  const world = new World(81);
  const wiring = (n: number) => ({ eth0: { segment: "a", addresses: [`10.77.0.${n}`] } });
  world.node({ wiring: wiring(1) }).configure(config({ refclockMaster: { stratum: 2 } }));
  const host = world.node({ wiring: wiring(2), offset: 0.2 });
  const policy = { ...defaultPolicy, controlQueries: enabled };
  host.configure(config({ unicast: [server], policy, ...more }));
  settlesWithin(world, host, { seconds: 30 });
  const send = (bytes: Uint8Array, from = "10.77.0.7"): readonly Flight[] =>
    sent(world, host, bytes, from);
  return { world, host, send };
}

function sent(world: World, host: Node, bytes: Uint8Array, from: string): readonly Flight[] {
  const answers: Flight[] = [];
  world.tap = (flight) => answers.push(flight);
  host.receive({ from, fromPort: 4_000, to: "10.77.0.2", port: 123, ttl: 64, bytes }, "eth0");
  world.tap = undefined;
  return answers;
}

function message(
  opcode: number,
  association = 0,
  data = "",
  more: readonly number[] = [],
): Uint8Array {
  const text = new TextEncoder().encode(data);
  const bytes = new Uint8Array(12 + Math.ceil(text.length / 4) * 4);
  bytes.set([0x26, opcode, 0, 7, 0, 0, association >> 8, association & 255, 0, 0, 0, text.length]);
  bytes.set(text, 12);
  for (let i = 0; i + 1 < more.length; i += 2) bytes[more[i] ?? 0] = more[i + 1] ?? 0;
  return bytes;
}

function decode({ bytes }: Flight): Answer {
  const view = new DataView(bytes.buffer);
  expect(bytes[0]).toBe(0x26);
  expect(view.getUint16(2)).toBe(7);
  expect((bytes[1] ?? 0) & 0x80).toBe(0x80);
  return {
    status: view.getUint16(4),
    error: ((bytes[1] ?? 0) & 0x40) !== 0,
    more: ((bytes[1] ?? 0) & 0x20) !== 0,
    association: view.getUint16(6),
    offset: view.getUint16(8),
    data: bytes.subarray(12, 12 + view.getUint16(10)),
  };
}

const text = (answers: readonly Answer[]): string =>
  answers.map(({ data }) => new TextDecoder().decode(data)).join("");

describe("what is read", () => {
  test("the associations, and which of them is the source", () => {
    const { send } = scene();
    const [answer] = send(message(1)).map(decode);
    expect(answer).toMatchObject({ status: 0x0600, error: false, more: false });
    const view = new DataView(answer?.data.slice().buffer ?? new ArrayBuffer(0));
    expect(view.byteLength).toBe(4);
    expect(view.getUint16(2)).toBe(0x9600);
    const again = send(message(1)).map(decode);
    expect(again[0]?.data).toEqual(answer?.data);
  });

  test("the system's variables, in pieces that fit together", () => {
    const { send, host } = scene();
    const answers = send(message(2)).map(decode);
    let offset = 0;
    for (const [i, answer] of answers.entries()) {
      expect(answer.offset).toBe(offset);
      expect(answer.more).toBe(i + 1 < answers.length);
      offset += answer.data.length;
    }
    const all = text(answers);
    expect(all).toContain("stratum=3");
    expect(all).toContain("refid=10.77.0.1");
    expect(Number(/ offset=([-\d.]+)/.exec(all)?.[1])).toBeCloseTo(host.state.offset * 1_000, 3);
  });

  test("a peer's variables, or those that are asked for", () => {
    const { send } = scene();
    const list = send(message(1)).map(decode)[0]?.data.slice().buffer ?? new ArrayBuffer(4);
    const id = new DataView(list).getUint16(0);
    const all = text(send(message(2, id)).map(decode));
    expect(all).toMatch(/srcadr=10\.77\.0\.1, .*reach=0x[1-9a-f]/);
    expect(/filtdelay=([\d. ]+)/.exec(all)?.[1]?.trim().split(" ")).toHaveLength(8);
    expect(text(send(message(2, id, "stratum, hmode")).map(decode))).toBe("stratum=2, hmode=3\r\n");
  });

  test.each([
    ["an association that is not there", message(2, 4_711), 4],
    ["a variable that is not there", message(2, 0, "colour"), 5],
    ["a message that writes", message(3, 0, "stratum=1"), 3],
    ["configuration", message(8), 3],
    ["a count beyond the end", message(2, 0, "", [11, 9]), 2],
    ["a piece of a question", message(2, 0, "", [9, 4]), 2],
  ])("%s is refused in as many octets as it has", (_, bytes, code) => {
    const { send } = scene();
    const answers = send(bytes);
    expect(answers.map(decode)).toMatchObject([{ error: true, status: code << 8 }]);
    expect(answers[0]?.bytes.length).toBeLessThanOrEqual(bytes.length);
  });
});

describe("who is answered", () => {
  const cases: readonly (readonly [string, Partial<NtpConfig>, string, boolean])[] = [
    ["query access", { accessRules: permits("query-only") }, "10.77.0.7", true],
    ["server access", { accessRules: permits("server") }, "10.77.0.7", true],
    ["peer access", { accessRules: permits("peer") }, "10.77.0.7", true],
    ["server-only access", { accessRules: permits("server-only") }, "10.77.0.7", false],
    ["no access", { accessRules: permits("query-only") }, "192.0.2.9", false],
    ["no rule", {}, "10.77.0.7", false],
    ["no rule, but on this host", {}, "10.77.0.2", true],
    ["no rule, but on its loopback", {}, "127.0.0.1", true],
  ];
  for (const [name, more, from, answered] of cases) {
    test(`5: ${name}: ${answered ? "answered" : "silence"}`, () => {
      const { send } = scene(more);
      expect(send(message(2), from).length > 0).toBe(answered);
    });
  }

  test("4: nobody, where it is not switched on; no answer, no answers to answers, no group", () => {
    expect(scene(undefined, false).send(message(2), "10.77.0.2")).toEqual([]);
    const { host, world, send } = scene();
    expect(send(message(0x82))).toEqual([]);
    world.tap = () => expect.unreachable();
    const bytes = message(2);
    const flight = { from: "10.77.0.7", fromPort: 4_000, port: 123, ttl: 1, bytes };
    host.receive({ ...flight, to: "224.0.1.1" }, "eth0");
    host.receive({ ...flight, to: "10.77.0.2", fromPort: 0 }, "eth0");
  });

  test("so many a second, and no more", () => {
    const { send, world, host } = scene();
    const count = (): number =>
      Array.from({ length: 500 }, () => send(message(1)).length).filter((n) => n > 0).length;
    expect(count()).toBe(200);
    expect(host.state.drops["rate-limited"]).toBe(300n);
    world.run(0.5);
    expect(count()).toBe(100);
  });
});

test("44: junk is answered with an error or with nothing, and never throws", () => {
  const { send, world } = scene();
  const random = new SeededRandom(5);
  for (let i = 0; i < 400; i++) {
    const bytes = random.bytes(12 + Math.floor(random.fraction() * 40));
    bytes[0] = 0x26;
    world.run(0.01);
    for (const { bytes: reply } of send(bytes)) {
      expect(reply.length).toBeLessThanOrEqual(480);
    }
  }
});

test("on an interface that is not to be heard nothing is answered", () => {
  const rules = { accessRules: permits("peer") };
  const { send, host } = scene(rules);
  expect(send(message(1))).not.toEqual([]);
  const policy = { ...defaultPolicy, controlQueries: true };
  host.configure(config({ policy, ...rules, interfaces: [on("eth0", { deaf: true })] }));
  expect(send(message(1))).toEqual([]);
  expect(host.state.lastDrops[0]).toMatchObject({ reason: "interface-disabled" });
});
