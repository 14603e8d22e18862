import { Duplex } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import type { ServerChannel } from "ssh2";
import { expect, test } from "vitest";
import { ShellSession } from "../../src/host/ssh-shell.ts";

const hello = new TextEncoder().encode(
  '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>' +
    "urn:ietf:params:netconf:base:1.1</capability></capabilities>" +
    "<session-id>1</session-id></hello>]]>]]>",
);
const host = { hostName: "h", version: "1", secrets: { seal: () => "", opens: () => false } };
const nothing = (): void => undefined;

/** An SSH channel, and who sits at its other end. */
class Channel extends Duplex {
  shown = "";
  #taken: (() => void) | undefined;
  /** False: what is shown is not read. */
  reads = true;

  constructor() {
    super({ writableHighWaterMark: 1_000 });
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.shown += chunk.toString();
    if (this.reads) done();
    else this.#taken = done;
  }

  readAgain(): void {
    this.reads = true;
    this.#taken?.();
  }

  exit(): void {}
}

function open(): { readonly channel: Channel; readonly session: ShellSession } {
  const channel = new Channel();
  const request = { terminal: undefined, command: undefined };
  const handlers = { received: nothing, drained: nothing, closed: nothing };
  const session = new ShellSession(channel as unknown as ServerChannel, host, request, handlers);
  return { channel, session };
}

const packet = "no-such-command\n".repeat(100);
const answers = ({ shown }: Channel): number => shown.split("Unrecognized").length - 1;

test("who types ahead is not read from until what came is done, and nothing of it is lost", async () => {
  const { channel, session } = open();
  for (let i = 0; i < 4; i++) channel.push(packet);
  for (let i = 0; i < 5; i++) await turn();
  // The agent has not greeted: one piece was taken in, and all else waits with its sender.
  expect(channel.isPaused()).toBe(true);
  expect(channel.readableLength).toBeGreaterThanOrEqual(3 * packet.length);
  let turns = 0;
  session.write(hello);
  for (; answers(channel) < 400 && turns < 10_000; turns++) await turn();
  expect(answers(channel)).toBe(400);
  expect(turns, "others have their turn in between").toBeGreaterThan(20);
  await turn();
  expect([channel.isPaused(), channel.readableLength]).toEqual([false, 0]);
});

test("who does not read what is answered is not answered further", async () => {
  const { channel, session } = open();
  channel.reads = false;
  session.write(hello);
  channel.push(packet);
  for (let i = 0; i < 50; i++) await turn();
  expect(channel.writableLength).toBeLessThan(4_000);
  expect(channel.isPaused()).toBe(true);
  channel.readAgain();
  for (let i = 0; answers(channel) < 100 && i < 10_000; i++) await turn();
  expect(answers(channel)).toBe(100);
});
