import { describe, expect, test } from "vitest";
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
} from "../interop/procedure.ts";
import { type SimulatedHost, World } from "./world.ts";

// The seed of it all, in process and in simulated time: bytes of NETCONF in, a synchronized clock.

const groups = { 4: "224.0.1.1", 6: "ff0e::101" } as const;
const addresses = { 4: ["192.0.2.21", "192.0.2.10"], 6: ["2001:db8::21", "2001:db8::10"] } as const;
const algorithms: readonly Algorithm[] = ["md5", "hmac-sha256", "aes-128-cmac", "aes-256-cmac"];
const clientWrong = { offset: 0.5, ppm: 40 };

interface Pair {
  readonly world: World;
  readonly server: SimulatedHost;
  readonly client: SimulatedHost;
}

/** A manycast server and a client half a second wrong; each is given its whole configuration. */
function pair(family: 4 | 6, serverParts: readonly string[], clientParts: readonly string[]): Pair {
  const world = new World();
  const [serverAddress, clientAddress] = addresses[family];
  const server = world.host({ address: serverAddress });
  const client = world.host({ address: clientAddress, ...clientWrong });
  expect(server.session().apply(config(...serverParts))).toContain("<ok/>");
  expect(client.session().apply(config(...clientParts))).toContain("<ok/>");
  return { world, server, client };
}

function key(algorithm: Algorithm, more: Partial<Key> = {}): Key {
  return { id: 7, algorithm, secret: secrets[algorithm], ...more };
}

describe("a commit makes a manycast client synchronize", () => {
  const cases = algorithms.flatMap((algorithm) => [
    [algorithm, 4] as const,
    [algorithm, 6] as const,
  ]);
  test.each(cases)("%s over IPv%i", (algorithm, family) => {
    const auth = authentication(key(algorithm));
    const group = groups[family];
    const { world, server, client } = pair(
      family,
      [master, auth, manycastServer(group)],
      [auth, manycastClient(group, { key: 7 })],
    );
    expect(world.run(30, () => client.ask().synchronized)).toBe(true);
    world.run(600);
    expect(client.ask()).toMatchObject({ synchronized: true, stratum: 4 });
    expect(Math.abs(client.ask().offset)).toBeLessThan(0.005);

    const shown = client.session().get('<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"/>');
    expect(shown).toContain("<clock-state>synchronized</clock-state>");
    expect(shown).toContain(`<associations-address>${server.address}</associations-address>`);
    expect(shown).toContain("<isconfigured>false</isconfigured>");
    expect(shown).toContain(">manycast-client</mode>");
    expect(shown).toContain(">7</key-id>");
    expect(shown).toContain('<dynamic-sessions xmlns="urn:ntpconfd:yang:ntp">1<');
    expect(shown).toMatch(/<ring xmlns="urn:ntpconfd:yang:ntp"><ttl>\d+<\/ttl><solicitations>\d+</);
    expect(shown).not.toContain(`<association><address>${group}`);
    const offset = Number(/<clock-offset>(.*?)</.exec(shown)?.[1]);
    expect(Math.abs(offset)).toBeLessThan(5);
    const rate = Number(/<actual-freq>(.*?)</.exec(shown)?.[1]) / 1e9 - 1;
    expect(rate * 1e6).toBeCloseTo(clientWrong.ppm, -1);
  });

  test("and its removal stops it: no solicitation, no association, no answer", () => {
    const auth = authentication(key("aes-128-cmac"));
    const { world, client } = pair(
      4,
      [master, auth, manycastServer(groups[4])],
      [auth, manycastClient(groups[4], { key: 7 })],
    );
    expect(world.run(30, () => client.ask().synchronized)).toBe(true);
    const session = client.session();
    const operation = 'xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="delete"';
    const gone = `<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp" ${operation}/>`;
    expect(session.apply(gone)).toContain("<ok/>");
    expect(client.ask().stratum).toBe(0);
    expect(client.plan).toBeUndefined();
    const sent = client.sent;
    world.run(300);
    expect(client.sent).toBe(sent);
  });

  test("the same seed tells the same story to the last octet", () => {
    const story = (): string => {
      const auth = authentication(key("hmac-sha256"));
      const { world, client } = pair(
        4,
        [master, auth, manycastServer(groups[4])],
        [auth, manycastClient(groups[4], { key: 7 })],
      );
      world.run(200);
      return [client.session().rpc("<get/>"), ...client.log].join("\n");
    };
    expect(story()).toBe(story());
  });
});

describe("never synchronized", () => {
  const good = key("hmac-sha256");
  const asks = manycastClient(groups[4], { key: 7 });
  const serves = [master, authentication(good), manycastServer(groups[4])];
  test.each([
    [
      "with another secret",
      serves,
      [authentication({ ...good, secret: "Other-Secret-Pass9" }), asks],
    ],
    [
      "with a key that the client does not trust",
      serves,
      [authentication({ ...good, trusted: false }), asks],
    ],
    [
      "with a key that the server does not trust",
      [master, authentication({ ...good, trusted: false }), manycastServer(groups[4])],
      [authentication(good), asks],
    ],
    ["without room for a session", serves, [authentication(good), sessionLimit(0), asks]],
    ["in another group", serves, [authentication(good), manycastClient("224.0.1.2", { key: 7 })]],
    ["to a server without time", serves.slice(1), [authentication(good), asks]],
    [
      "without a key where one is asked for",
      serves,
      [authentication(good), manycastClient(groups[4], {})],
    ],
  ])("%s", (_, serverParts, clientParts) => {
    const { world, client } = pair(4, serverParts, clientParts);
    expect(world.run(300, () => client.ask().synchronized)).toBe(false);
    expect(client.sent).toBeGreaterThan(1);
    const shown = client.session().get('<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"/>');
    expect(shown).toContain("<clock-state>unsynchronized</clock-state>");
    expect(shown).toContain("<clock-stratum>16</clock-stratum>");
  });
});
