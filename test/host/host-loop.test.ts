import { expect, test } from "vitest";
import type { Effect, Event } from "../../src/agent/index.ts";
import type { Raw } from "../../src/base/index.ts";
import { HostLoop, type LoopOptions } from "../../src/host/host-loop.ts";
import { SharedCounters } from "../../src/host/worker-channel.ts";

const now = 0n as Raw;

/** A loop around an agent that answers every event in the same way, and what it wrote. */
function worldOf(answer: readonly Effect[]) {
  const wrote: string[] = [];
  const events: Event["kind"][] = [];
  const counters = new SharedCounters();
  const loop = new HostLoop({
    agent: {
      start: () => [],
      handle: (event) => {
        events.push(event.kind);
        return event.kind === "session-bytes" ? answer : [];
      },
      wakeAt: undefined,
      user: () => undefined,
    },
    clock: { now: () => now, wall: () => ({ at: now, unix: 0n }) },
    sockets: { counters: () => counters.read() } as LoopOptions["sockets"],
    sessions: {
      write: (channel, bytes) => {
        wrote.push(`${channel}: ${bytes.length > 9 ? bytes.length : Buffer.from(bytes)}`);
      },
      end: (channel) => wrote.push(`${channel}: end`),
    },
    calls: {
      call: ({ call }) => wrote.push(`call ${call}`),
      end: (call) => wrote.push(`call ${call}: end`),
    },
    names: { resolve: ({ name }) => wrote.push(`resolve ${name}`) },
    log: () => undefined,
  });
  loop.start();
  const send = (): void => {
    loop.post({ kind: "session-bytes", at: now, channel: 1, bytes: new Uint8Array() });
  };
  return { wrote, events, counters, send };
}

function sent(channel: number, content: string | number): Effect {
  const bytes = typeof content === "string" ? Buffer.from(content) : new Uint8Array(content);
  return { kind: "send-bytes", channel, bytes };
}

test("octets for one channel go out together, as far as a packet reaches, in their order", () => {
  const end: Effect = { kind: "close-session", channel: 1 };
  const table: readonly (readonly [readonly Effect[], readonly string[]])[] = [
    [[], []],
    [[sent(1, "a")], ["1: a"]],
    [
      [sent(1, "a"), sent(1, "b"), end, sent(2, "c")],
      ["1: ab", "1: end", "2: c"],
    ],
    [
      [sent(1, "a"), sent(2, "b"), sent(1, "c"), sent(1, "d")],
      ["1: a", "2: b", "1: cd"],
    ],
    [
      [sent(1, 32_000), sent(1, 768), sent(1, "x")],
      ["1: 32768", "1: x"],
    ],
    [
      [sent(1, 65_536), sent(1, "x"), sent(1, "y")],
      ["1: 65536", "1: xy"],
    ],
  ];
  for (const [effects, written] of table) {
    const { wrote, send } = worldOf(effects);
    send();
    expect(wrote).toEqual(written);
  }
});

test("the agent hears of the responder's counters before a message, and only when they moved", () => {
  const { events, counters, send } = worldOf([]);
  send();
  send();
  expect(events).toEqual(["server-counters", "session-bytes", "session-bytes"]);
  counters.received();
  counters.dropped("malformed");
  events.length = 0;
  send();
  send();
  expect(events).toEqual(["server-counters", "session-bytes", "session-bytes"]);
  expect(counters.read()).toBe(counters.read());
  expect(counters.read()).toMatchObject({ received: 1, sent: 0, dropped: { malformed: 1 } });
});
