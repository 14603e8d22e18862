import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { querySntp } from "../../src/cli/sntp.ts";
import {
  dynamicAssociations,
  isSynchronized,
  Network,
  pause,
  type RunningAgent,
  within,
} from "./agents.ts";
import {
  type Algorithm,
  authentication,
  config,
  type Key,
  manycastClient,
  manycastServer,
  master,
  secrets,
  sessionLimit,
} from "./procedure.ts";

// The seed of it all: the procedure of a router's manual, over NETCONF, from the commit to the
// clock of
// another host, judged by a stranger's SNTP query.

const algorithms: readonly Algorithm[] = ["md5", "hmac-sha256", "aes-128-cmac", "aes-256-cmac"];
const groups = { IPv4: "224.0.1.1", IPv6: "ff0e::101" };
const wrongClock = "software:offset=0.5,ppm=40";
/** s */
const patience = 60;
const offsetLimit = 0.005;

let network: Network;
let server: RunningAgent;
let client: RunningAgent;
let serial = 0;

beforeAll(async () => {
  network = new Network();
  server = await network.agent("server");
});

// Each case has a client of its own, half a second and 40 ppm wrong.
beforeEach(async () => {
  serial += 1;
  client = await network.agent(`client${serial}`, wrongClock);
});

afterEach(async () => {
  await client.netconf.close();
  client.process.kill("SIGTERM");
});

afterAll(async () => {
  await network.close();
});

const replace = 'xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="replace"';

/** Makes this the whole NTP configuration, whatever was there before. */
async function setUp(agent: RunningAgent, whole: string): Promise<void> {
  await agent.netconf.configure(whole.replace("<ntp ", `<ntp ${replace} `));
}

function keyOf(algorithm: Algorithm, change: Partial<Key> = {}): Key {
  return { id: 10, algorithm, secret: secrets[algorithm], ...change };
}

async function clientOffset(): Promise<number | undefined> {
  const answer = await querySntp(client.host.ipv4, 123);
  return answer?.synchronized === true ? answer.offset : undefined;
}

describe("the procedure", () => {
  for (const algorithm of algorithms) {
    for (const [family, group] of Object.entries(groups)) {
      test(`${algorithm}, ${family}: the client's clock follows`, async () => {
        const key = keyOf(algorithm);
        await setUp(server, config(master, authentication(key), manycastServer(group)));
        await setUp(client, config(authentication(key), manycastClient(group, { key: 10 })));
        expect(await within(patience, () => isSynchronized(client))).toBe(true);
        const followed = await within(patience, async () => {
          const offset = await clientOffset();
          return offset !== undefined && Math.abs(offset) < offsetLimit;
        });
        expect(followed, `offset ${await clientOffset()} s`).toBe(true);
        expect(await dynamicAssociations(client)).toEqual([
          family === "IPv4" ? server.host.ipv4 : server.host.ipv6,
        ]);
      });
    }
  }
});

describe("the negative twins never synchronize", () => {
  const good = keyOf("hmac-sha256");
  const twins: readonly (readonly [string, { server: string; client: string }])[] = [
    [
      "a wrong key",
      {
        server: authentication(good),
        client: authentication({ ...good, secret: "Another-Secret-9" }),
      },
    ],
    [
      "a key that the server does not trust",
      { server: authentication({ ...good, trusted: false }), client: authentication(good) },
    ],
    [
      "a key that the client does not trust",
      { server: authentication(good), client: authentication({ ...good, trusted: false }) },
    ],
    [
      "a session limit of 0",
      { server: authentication(good), client: authentication(good) + sessionLimit(0) },
    ],
  ];
  for (const [what, keys] of twins) {
    test(what, async () => {
      await setUp(server, config(master, keys.server, manycastServer("224.0.1.1")));
      await setUp(client, config(keys.client, manycastClient("224.0.1.1", { key: 10 })));
      await staysAlone();
    });
  }

  test("another group", async () => {
    const keys = authentication(good);
    await setUp(server, config(master, keys, manycastServer("224.0.1.2")));
    await setUp(client, config(keys, manycastClient("224.0.1.1", { key: 10 })));
    await staysAlone();
  });

  /** In the time in which the good twin is synchronized several times over. */
  async function staysAlone(): Promise<void> {
    await pause(12);
    expect(await isSynchronized(client)).toBe(false);
    expect(await dynamicAssociations(client)).toEqual([]);
    expect(await clientOffset()).toBeUndefined();
    expect((await querySntp(server.host.ipv4, 123))?.synchronized).toBe(true);
  }
});
