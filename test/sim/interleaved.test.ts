import { describe, expect, test } from "vitest";
import { defaultPolicy, type NtpConfig, type UnicastConfig } from "../../src/ntp/index.ts";
import { config, key, offsetStaysBelow, serverAt, settlesWithin } from "./scenario.ts";
import { type Flight, type Node, World } from "./world.ts";

// The client's half of the interleaved mode, RFC 9769 section 2. What holds for the basic mode holds
// here: the checks that have numbers are those of the list that security.test.ts is about.

const server = "10.77.0.1";
const good = key(5, "aes-128-cmac", "a secret of ours");
/** s by which the server's replies leave after what they say of it. */
const late = 0.0005;

function unicast(more: Partial<UnicastConfig> = {}): UnicastConfig {
  return serverAt(server, { interleaved: true, ...more });
}

interface Scene {
  readonly world: World;
  readonly server: Node;
  readonly client: Node;
  /** Replies and requests seen on the wire. */
  readonly replies: Flight[];
  readonly requests: Flight[];
}

const serving = { refclockMaster: { stratum: 2 }, keys: [good] };

function scene(
  one: Partial<UnicastConfig> = {},
  { knows = true, ...more }: Partial<NtpConfig> & { readonly knows?: boolean } = {},
): Scene {
  const world = new World(92, { jitter: 0.00001 });
  const wiring = (n: number) => ({ eth0: { segment: "a", addresses: [`10.77.0.${n}`] } });
  const node = world.node({ wiring: wiring(1), late });
  const client = world.node({ wiring: wiring(2), offset: 0.2, ppm: 10 });
  node.configure(config({ ...serving, policy: { ...defaultPolicy, interleaved: knows } }));
  client.configure(config({ keys: [good], unicast: [unicast(one)], ...more }));
  const [replies, requests]: [Flight[], Flight[]] = [[], []];
  world.tap = (flight) => {
    (flight.from === server ? replies : requests).push(flight);
  };
  return { world, server: node, client, replies, requests };
}

const view = ({ bytes }: Flight): DataView => new DataView(bytes.buffer, bytes.byteOffset);
const origin = (flight: Flight): bigint => view(flight).getBigUint64(24);
const received = (flight: Flight): bigint => view(flight).getBigUint64(32);
const transmitted = (flight: Flight): bigint => view(flight).getBigUint64(40);

function changed(flight: Flight, change: (view: DataView) => void): Flight {
  const other = { ...flight, bytes: flight.bytes.slice() };
  change(view(other));
  return other;
}

/** Replies that answer in the interleaved mode, of all. */
function interleavedOf({ replies, requests }: Scene): readonly Flight[] {
  const nonces = new Set(requests.map(received));
  return replies.filter((reply) => origin(reply) !== 0n && nonces.has(origin(reply)));
}

test("a server that writes too early when its replies leave is half as much off without it", () => {
  for (const [interleaved, least, most] of [
    [false, late * 0.45, late * 0.55],
    [true, 0, late * 0.05],
  ] as const) {
    const all = scene({ interleaved });
    settlesWithin(all.world, all.client, { seconds: 40, limit: 0.001 });
    all.world.run(600);
    const error = Math.abs(all.client.error);
    expect(error).toBeGreaterThanOrEqual(least);
    expect(error).toBeLessThan(most);
    expect(all.client.state.associations[0]).toMatchObject({ interleaved, reach: 255 });
  }
});

test("the same with a key, and where other sources' samples come in between", () => {
  const world = new World(93, { jitter: 0.00001 });
  const wiring = (n: number) => ({ eth0: { segment: "a", addresses: [`10.77.0.${n}`] } });
  const policy = { ...defaultPolicy, interleaved: true };
  for (const n of [1, 3, 4]) {
    world.node({ wiring: wiring(n), late }).configure(config({ ...serving, policy }));
  }
  const client = world.node({ wiring: wiring(2), offset: 0.2, ppm: 80 });
  const servers = [1, 3, 4].map((n) => unicast({ address: `10.77.0.${n}`, keyId: 5, maxpoll: 7 }));
  client.configure(config({ keys: [good], unicast: servers }));
  settlesWithin(world, client, { seconds: 60, limit: 0.001 });
  world.run(300);
  offsetStaysBelow(world, client, { limit: late * 0.1, seconds: 600 });
  expect(client.state.associations.map(({ interleaved }) => interleaved)).toEqual(
    [1, 3, 4].map(() => true),
  );
});

test("a request names the reply before by its receive time, and says nothing of us", () => {
  const all = scene();
  settlesWithin(all.world, all.client, { seconds: 30 });
  all.world.run(100);
  const { requests, replies } = all;
  expect(requests.length).toBeGreaterThan(12);
  expect([origin(requests[0] as Flight), received(requests[0] as Flight)]).toEqual([0n, 0n]);
  for (const [i, request] of requests.slice(1).entries()) {
    expect(origin(request)).toBe(received(replies[i] as Flight));
    expect(received(request)).not.toBe(transmitted(request));
    expect([...request.bytes.subarray(4, 24)].every((octet) => octet === 0)).toBe(true);
  }
  // Nobody can guess either of the two that an answer may have as origin (25).
  const nonces = requests.slice(1).flatMap((one) => [received(one), transmitted(one)]);
  expect(new Set(nonces).size).toBe(nonces.length);
});

test("each exchange makes one sample: the one that the first interleaved reply is of has one", () => {
  const all = scene({ iburst: false });
  const counts: number[] = [];
  for (let i = 0; i < 6; i++) {
    const before = all.replies.length;
    all.world.until(() => all.replies.length > before, 30, 0.01);
    all.world.run(1);
    counts.push(all.client.state.associations[0]?.samples.length ?? 0);
  }
  expect(counts).toEqual([1, 1, 2, 3, 4, 5]);
  expect(all.client.state.associations[0]?.reach).toBe(0b111111);
  // None of them is another's.
  const ages = all.client.state.associations[0]?.samples.map(({ age }) => Math.round(age));
  expect(new Set(ages).size).toBe(ages?.length);
});

test("a server that does not know the mode is taken as it is", () => {
  const all = scene({}, { knows: false });
  settlesWithin(all.world, all.client, { seconds: 40 });
  all.world.run(100);
  expect(interleavedOf(all)).toEqual([]);
  const { drops, associations } = all.client.state;
  expect(associations[0]).toMatchObject({ reach: 255, interleaved: false });
  expect(drops["bogus-origin"] + drops.duplicate).toBe(0n);
});

test("one that begins to, or ceases, is followed at the next reply", () => {
  const all = scene();
  settlesWithin(all.world, all.client, { seconds: 30 });
  for (const knows of [false, true, false, true]) {
    all.server.configure(config({ ...serving, policy: { ...defaultPolicy, interleaved: knows } }));
    all.world.run(60);
    expect(all.client.state.associations[0]).toMatchObject({ interleaved: knows, reach: 255 });
  }
  offsetStaysBelow(all.world, all.client, { limit: late, seconds: 100 });
});

test("an exchange that a leap second comes after is compared by the time of before", () => {
  const epoch = (BigInt(Date.UTC(2017, 0, 1) / 1_000) + 2_208_988_800n - 300n) << 32n;
  const world = new World(94, { epoch, jitter: 0.00001 });
  const wiring = (n: number) => ({ eth0: { segment: "a", addresses: [`10.77.0.${n}`] } });
  const policy = { ...defaultPolicy, interleaved: true };
  const node = world.node({ wiring: wiring(1), late });
  const client = world.node({ wiring: wiring(2), offset: 0.2, ppm: 10 });
  node.configure(config({ ...serving, policy }));
  client.configure(config({ unicast: [unicast({ minpoll: 4, maxpoll: 4 })] }));
  let leapt = false;
  world.pass = ({ from, bytes }) => {
    // The server announces it, and goes through it: from then on its clock is a second behind.
    if (from !== server) return true;
    const v = new DataView(bytes.buffer, bytes.byteOffset);
    if (world.now >= 300) leapt = true;
    const moved = leapt ? 1n << 32n : 0n;
    v.setUint8(0, leapt ? 0x24 : 0x64);
    // The transmit time is of the exchange before: of before the leap second, if that was.
    const transmit = v.getBigUint64(40);
    const before = epoch + (300n << 32n);
    v.setBigUint64(32, v.getBigUint64(32) - moved);
    v.setBigUint64(40, transmit >= before ? transmit - moved : transmit);
    return true;
  };
  settlesWithin(world, client, { seconds: 40 });
  world.run(400 - world.now);
  for (const { offset } of client.state.associations[0]?.samples ?? []) {
    expect(Math.abs(offset)).toBeLessThan(0.002);
  }
  expect(Math.abs(client.error + 1)).toBeLessThan(0.002);
});

describe("what is lost", () => {
  test("every third reply: time goes on, in both modes, and never a wrong sample", () => {
    const all = scene();
    settlesWithin(all.world, all.client, { seconds: 30 });
    let n = 0;
    all.world.pass = ({ from }) => from !== server || ++n % 3 > 0;
    all.world.run(300);
    offsetStaysBelow(all.world, all.client, { limit: late, seconds: 300 });
    expect(interleavedOf(all).length).toBeGreaterThan(10);
    for (const { delay } of all.client.state.associations[0]?.samples ?? []) {
      expect(Math.abs(delay - 0.002)).toBeLessThan(late * 1.2);
    }
  });

  test("every third request: the reply that is named is remembered for longer", () => {
    const all = scene();
    settlesWithin(all.world, all.client, { seconds: 30 });
    let n = 0;
    all.world.pass = ({ from }) => from === server || ++n % 3 > 0;
    all.world.run(600);
    expect(Math.abs(all.client.error)).toBeLessThan(late * 0.1);
    expect(all.client.state.associations[0]?.interleaved).toBe(true);
  });

  test("after four requests that nobody answered the basic mode is tried", () => {
    const all = scene();
    settlesWithin(all.world, all.client, { seconds: 30 });
    all.world.pass = ({ from }) => from !== server;
    all.requests.length = 0;
    all.world.run(80);
    const asked = all.requests.map((one) => origin(one) !== 0n);
    expect(asked.slice(0, 4)).toEqual([true, true, true, true]);
    expect(asked.slice(4).some((one) => one)).toBe(false);
    expect(asked.length).toBeGreaterThan(5);
    all.world.pass = () => true;
    all.world.run(40);
    expect(all.client.state.associations[0]?.interleaved).toBe(true);
  });
});

describe("security", () => {
  /** Something else comes with every interleaved reply, before it or behind it. */
  function beside(all: Scene, forge: (reply: Flight) => Flight, when: "before" | "behind"): void {
    const { world, client } = all;
    world.pass = (flight) => {
      if (flight.from !== server) return true;
      if (when === "before") client.receive(forge(flight), "eth0");
      else world.at(world.now + 0.01, () => client.receive(forge(flight), "eth0"));
      return true;
    };
  }

  const forgeries: readonly (readonly [string, (reply: Flight) => Flight])[] = [
    ["20: an origin that is neither nonce", (r) => changed(r, (v) => v.setBigUint64(24, 77n))],
    ["20: an origin of zero", (r) => changed(r, (v) => v.setBigUint64(24, 0n))],
    [
      "20: an origin that is the receive time of the reply before, as the request has it",
      (r) => changed(r, (v) => v.setBigUint64(24, v.getBigUint64(32))),
    ],
    ["24: another address", (r) => ({ ...r, from: "10.77.0.9" })],
    ["24: another port", (r) => ({ ...r, fromPort: 1_123 })],
    ["4: another mode", (r) => changed(r, (v) => v.setUint8(0, 0x25))],
  ];
  test.each(forgeries)("%s is no answer, and disturbs none", (_, forge) => {
    const all = scene();
    settlesWithin(all.world, all.client, { seconds: 30 });
    beside(all, forge, "before");
    all.world.run(200);
    expect(all.client.state.associations[0]).toMatchObject({ reach: 255, interleaved: true });
    expect(Math.abs(all.client.error)).toBeLessThan(late * 0.1);
  });

  test("21: a reply that comes again is a duplicate, and makes no sample", () => {
    const all = scene();
    settlesWithin(all.world, all.client, { seconds: 30 });
    const { drops } = all.client.state;
    beside(all, (reply) => reply, "behind");
    const before = all.replies.length;
    all.world.run(100);
    const repeated = BigInt(all.replies.length - before);
    expect(all.client.state.drops.duplicate - drops.duplicate).toBe(repeated);
    expect(all.client.state.associations[0]).toMatchObject({ interleaved: true });
  });

  test("21: replies of before, played back, complete no exchange", () => {
    const all = scene();
    settlesWithin(all.world, all.client, { seconds: 30 });
    all.world.run(100);
    const old = all.replies.slice();
    all.world.pass = ({ from }) => {
      if (from === server) for (const one of old) all.client.receive(one, "eth0");
      return from !== server;
    };
    all.world.run(80);
    expect(all.client.state.associations[0]?.reach).toBe(0);
  });

  test("11, 18: with a key, what it has not signed changes nothing, in either mode", () => {
    for (const nonce of [received, transmitted]) {
      const all = scene({ keyId: 5 });
      settlesWithin(all.world, all.client, { seconds: 30 });
      // Who has seen the request knows its nonces, but not the key.
      beside(
        all,
        (reply) =>
          changed(reply, (v) => {
            v.setBigUint64(24, nonce(all.requests.at(-1) as Flight));
            v.setBigUint64(40, v.getBigUint64(40) + (1n << 22n));
          }),
        "before",
      );
      all.world.run(200);
      expect(all.client.state.drops["bad-mac"]).toBeGreaterThan(10n);
      expect(all.client.state.associations[0]).toMatchObject({ reach: 255, interleaved: true });
      expect(Math.abs(all.client.error)).toBeLessThan(late * 0.1);
    }
  });

  test("39: a transmit time that cannot be the one before's is refused", () => {
    for (const by of [-(1n << 32n), 1n << 32n, 1n << 26n]) {
      const all = scene();
      settlesWithin(all.world, all.client, { seconds: 30 });
      all.world.run(30);
      const before = all.client.state.associations[0];
      all.world.pass = (flight) => {
        if (flight.from === server) {
          const bytes = view(flight);
          bytes.setBigUint64(40, bytes.getBigUint64(40) + by);
        }
        return true;
      };
      all.world.run(40);
      expect(all.client.state.associations[0]?.samples.length).toBe(before?.samples.length);
      expect(all.client.state.associations[0]?.lastDrop?.reason).toBe("other");
    }
  });

  test("28: a kiss in answer to an interleaved request slows the polls down", () => {
    const all = scene({ maxpoll: 6 });
    settlesWithin(all.world, all.client, { seconds: 30 });
    all.world.pass = (flight) => {
      if (flight.from !== server) return true;
      const kiss = changed(flight, (bytes) => {
        bytes.setUint8(0, 0xe4);
        bytes.setUint8(1, 0);
        bytes.setUint32(12, 0x52415445);
        bytes.setBigUint64(24, transmitted(all.requests.at(-1) as Flight));
      });
      flight.bytes.set(kiss.bytes);
      return true;
    };
    all.world.run(100);
    expect(all.client.state.associations[0]?.poll).toBe(6);
    // What gave no time is not named.
    expect(origin(all.requests.at(-1) as Flight)).toBe(0n);
  });
});

test("44: the memory of replies is laid out by a number that no stranger knows", () => {
  const seeds = [94, 95, 96].map((seed) => {
    const world = new World(seed);
    const node = world.node({ wiring: { eth0: { segment: "a", addresses: [server] } } });
    node.configure(config({ ...serving, policy: { ...defaultPolicy, interleaved: true } }));
    return node.snapshot?.source.seed;
  });
  expect(new Set(seeds).size).toBe(3);
  expect(seeds).not.toContain(0);
});
