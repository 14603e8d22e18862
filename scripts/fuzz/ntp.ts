import type { Raw } from "../../src/base/index.ts";
import { controlReplies } from "../../src/ntp/control.ts";
import {
  type CompiledSnapshot,
  compileSnapshot,
  Engine,
  type InDatagram,
  type NtpConfig,
  type NtpEffect,
  type OutDatagram,
  respond,
  serverSocket,
  type Timestamp,
  type UnicastConfig,
} from "../../src/ntp/index.ts";
import { MacKey } from "../../src/ntp/mac.ts";
import { SeededRandom } from "../../test/random.ts";
import { config, group4, group6, key, manycastClient, on } from "../../test/sim/scenario.ts";
import type { Chance } from "./chance.ts";
import { type FuzzTarget, holds, once, textTarget } from "./target.ts";

const ours = key(10, "hmac-sha256", "Hmac-Secret-Pass9");
/** Trusted, but not what the associations have. */
const theirs = key(20, "aes-128-cmac", "Other-Secret-Pas");
const untrusted = key(30, "md5", "Weak-Secret-Pass9", false);
const signers = [
  theirs,
  untrusted,
  key(10, "md5", "Hmac-Secret-Pass9"),
  key(11, "sha-1", "Nobodys"),
];

const servers: readonly Partial<UnicastConfig>[] = [
  { address: "10.0.0.1", keyId: 10 },
  { address: "2001:db8::1", keyId: 10 },
  { address: "10.0.0.3", keyId: 10, type: "peer" },
];

function everything(): NtpConfig {
  const all = {
    type: "server",
    prefer: false,
    burst: false,
    iburst: true,
    source: undefined,
  } as const;
  const more = { address: "", keyId: undefined, minpoll: 3, maxpoll: 6, port: 123, version: 4 };
  return config({
    keys: [ours, theirs, untrusted],
    authEnabled: true,
    maxDynamicSessions: 3,
    unicast: servers.map((one) => ({ ...all, ...more, ...one })),
    interfaces: [
      on("eth0", {
        broadcastClient: true,
        multicastClients: [group4],
        manycastServers: [group4, group6],
        manycastClients: [manycastClient({ keyId: 10, address: "224.0.1.7" })],
      }),
    ],
    accessRules: [
      { mode: "peer", entries: [{ prefix: "10.0.0.0/8", permit: true }] },
      { mode: "server", entries: [{ prefix: "0.0.0.0/0", permit: true }] },
    ],
  });
}

/** One engine with everything that listens, and what it would answer. */
class Scene {
  readonly engine: Engine;
  readonly sent: OutDatagram[] = [];
  at = 1_000_000_000n as Raw;
  #snapshot: CompiledSnapshot | undefined;

  constructor() {
    const now = (3_900_000_000n << 32n) as Timestamp;
    const clock = { at: this.at, now, frequencyError: 0, precision: -20 };
    this.engine = new Engine({ random: new SeededRandom(3), clock, precision: -20 });
    this.perform(
      this.engine.interfaces(
        [{ name: "eth0", index: 2, up: true, addresses: ["10.0.0.9"] }],
        this.at,
      ),
    );
    const plan = this.engine.prepare(everything(), this.at);
    this.perform(plan.apply(this.at));
    this.pass(1);
  }

  perform(effects: readonly NtpEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === "send") this.sent.push(effect);
      if (effect.kind === "publish") this.#snapshot = compileSnapshot(effect.snapshot);
    }
  }

  pass(seconds: number): void {
    const end = (this.at + BigInt(Math.round(seconds * 1e9))) as Raw;
    for (let n = 0; n < 1_000; n++) {
      const next = this.engine.wakeAt;
      if (next === undefined || next > end) break;
      if (next > this.at) this.at = next;
      this.perform(this.engine.timer(this.at));
    }
    this.at = end;
  }

  hear(datagram: InDatagram): void {
    this.perform(this.engine.received(datagram, this.at));
  }

  /** Octets of the answer to a request, or a negative number. */
  answer(request: Uint8Array, to: Uint8Array, reply: Uint8Array): number {
    if (this.#snapshot === undefined) return -1;
    const raw = Number(this.at);
    const arrival = { raw, from: Uint8Array.of(10, 0, 0, 5), fromPort: 123, to, interface: "eth0" };
    return respond(this.#snapshot, request, request.length, arrival, reply, () => raw);
  }
}

/**
 * Datagrams from whoever knows everything but our keys: lines "HEX", or "reply N HEX" for what
 * goes to the socket of the n-th request with its transmit time as origin, or "wait S". Nothing
 * throws, no answer is longer than its request, and nobody has made us believe a time.
 */
export const ntp: FuzzTarget = textTarget({
  name: "ntp",
  quick: 30,
  make: (chance) => Array.from({ length: 12 }, () => line(chance)).join("\n"),
  run(input) {
    const scene = new Scene();
    for (const one of input.split("\n")) play(scene, one);
    const state = scene.engine.state(scene.at);
    // A peer that we do not know is taken if a trusted key signed what it says.
    const { synchronized, dynamicSessions } = state;
    holds(!synchronized || dynamicSessions > 0, () => "it is synchronized to a stranger");
    holds(dynamicSessions <= 3, () => `there are ${dynamicSessions} dynamic sessions`);
    for (const association of state.associations.filter((one) => one.configured)) {
      const isUntouched = association.stratum === 0 || association.stratum === 16;
      holds(isUntouched && association.offset === 0, () => `${association.address} was believed`);
    }
  },
});

const state = once(() => {
  const scene = new Scene();
  return { state: scene.engine.state(scene.at), now: scene.engine.now(scene.at) };
});
/** Octets of a control message's header and data (RFC 9327 section 2). */
const controlMost = 12 + 468;

/** Control messages: answers of a bounded size to what is a request, and none to an answer. */
export const control: FuzzTarget = {
  name: "control",
  quick: 500,
  make(chance) {
    const names = [
      "stratum",
      "offset",
      "leap=3",
      " refid ",
      "no-such",
      "",
      "srcadr",
      "\xff",
      "=,=",
    ];
    const data = new TextEncoder().encode(chance.join(12, () => chance.pick(names), ","));
    const bytes = new Uint8Array(12 + Math.ceil(data.length / 4) * 4);
    const view = new DataView(bytes.buffer);
    bytes[0] = (chance.pick([2, 3, 4, 4, 7]) << 3) | 6;
    bytes[1] = chance.pick([1, 2, 2, 2, 3, 8, 31, 0x82, 0xc2, 0x22]);
    view.setUint16(2, chance.integer(65_536));
    view.setUint16(6, chance.happens(0.7) ? 0 : chance.integer(65_536));
    view.setUint16(10, chance.happens(0.9) ? data.length : chance.pick([0, 1, 468, 65_535]));
    bytes.set(data, 12);
    return chance.happens(0.4) ? chance.damaged(bytes) : bytes;
  },
  run(input) {
    const replies = controlReplies(input, state);
    const total = replies.reduce((sum, { length }) => sum + length, 0);
    holds(total <= 9 * controlMost, () => `${total} octets in ${replies.length} packets`);
    for (const one of replies) {
      holds(one.length <= controlMost && one.length % 4 === 0, () => `${one.length} octets`);
      holds(controlReplies(one, state).length === 0, () => "an answer is answered");
    }
  },
};

const reply = new Uint8Array(2_000);

function play(scene: Scene, text: string): void {
  const [, word = "", number = "0", hex = ""] =
    /^(wait|reply|ask|tell)? ?(\d+)? ?([0-9a-f]*)$/.exec(text) ?? [];
  const bytes = new Uint8Array(Buffer.from(hex, "hex"));
  if (word === "wait") {
    scene.pass(Math.min(100, Number(number)));
  } else if (word === "ask") {
    const to = Number(number) % 2 === 0 ? Uint8Array.of(10, 0, 0, 9) : Uint8Array.of(224, 0, 1, 1);
    const length = scene.answer(bytes, to, reply);
    holds(length <= bytes.length, () => `${length} octets answer ${bytes.length}`);
  } else if (word === "reply") {
    const request = scene.sent.at(-1 - (Number(number) % Math.max(1, scene.sent.length)));
    if (request === undefined) return;
    if (bytes.length >= 32) bytes.set(request.bytes.subarray(40, 48), 24);
    resign(bytes);
    scene.hear({
      socket: request.socket,
      bytes,
      from: request.to,
      fromPort: request.port,
      to: "10.0.0.9",
      interface: "eth0",
      received: scene.at,
    });
  } else {
    scene.hear({
      socket: serverSocket,
      bytes,
      from: ["10.0.0.1", "10.0.0.3", "192.0.2.7", "fe80::7"][Number(number) % 4] ?? "10.0.0.1",
      fromPort: 123,
      to: ["10.0.0.9", group4, "255.255.255.255", undefined][Number(number) % 4],
      interface: "eth0",
      received: scene.at,
    });
  }
}

/** A stranger signs with what keys he has, after he saw the request. */
function resign(bytes: Uint8Array): void {
  const id = bytes.length >= 52 ? new DataView(bytes.buffer).getUint32(48) : 0;
  const signer = signers.find((one) => one.id === id && bytes.length === 52 + one.digestLength);
  if (signer !== undefined) new MacKey(signer).sign(bytes, 48);
}

function line(chance: Chance): string {
  if (chance.happens(0.15)) return `wait ${chance.pick([1, 8, 64])}`;
  const bytes = packet(chance);
  const damaged = chance.happens(0.4) ? chance.damaged(bytes) : bytes;
  const word = chance.pick(["reply", "reply", "ask", "tell"]);
  return `${word} ${chance.integer(8)} ${Buffer.from(damaged).toString("hex")}`;
}

/** A good packet of a good server, but for who signed it. */
function packet(chance: Chance): Uint8Array {
  const mode = chance.pick([1, 2, 3, 3, 4, 4, 4, 5, 6, 7, 0]);
  const header = new Uint8Array(48);
  const view = new DataView(header.buffer);
  header[0] = (chance.pick([0, 0, 1, 3]) << 6) | (chance.pick([4, 4, 4, 3, 1, 7]) << 3) | mode;
  header[1] = chance.pick([1, 1, 2, 15, 16, 0, 255]);
  header[2] = chance.pick([6, 3, 0, 17, 0x80, 0xff]);
  header[3] = chance.pick([0xec, 0, 0x7f]);
  view.setUint32(12, chance.pick([0x47505300, 0x52415445, 0x44454e59, 0x0a000009, 0]));
  const time = (3_900_000_000n + BigInt(chance.pick([0, 1, 2, 100, 4_000]))) << 32n;
  for (const at of [16, 32, 40]) view.setBigUint64(at, time + BigInt(chance.integer(1_000)));
  if (chance.happens(0.1)) view.setBigUint64(chance.pick([24, 32, 40]), 0n);
  const fields = chance.happens(0.2) ? chance.some(3, () => field(chance)) : [];
  const bytes = Uint8Array.of(...header, ...fields.flatMap((one) => [...one]));
  if (chance.happens(0.3)) return bytes;
  const signer = chance.pick(signers);
  const signed = new Uint8Array(bytes.length + 4 + signer.digestLength);
  signed.set(bytes);
  new MacKey(signer).sign(signed, bytes.length);
  if (chance.happens(0.3)) new DataView(signed.buffer).setUint32(bytes.length, ours.id);
  return chance.happens(0.1) ? signed.subarray(0, bytes.length + 4) : signed;
}

/** An extension field (RFC 7822). */
function field(chance: Chance): Uint8Array {
  const length = chance.pick([16, 28, 32, 64, 0, 12, 15, 65_532]);
  const bytes = new Uint8Array(Math.min(64, Math.max(4, length)));
  new DataView(bytes.buffer).setUint32(0, (chance.pick([0x0104, 0x0204, 0]) << 16) | length);
  return bytes;
}
