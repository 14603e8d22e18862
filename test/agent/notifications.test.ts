import { describe, expect, test } from "vitest";
import { NtpNotifications } from "../../src/agent/ntp-notifications.ts";
import type { Raw } from "../../src/base/index.ts";
import { printXml } from "../../src/data/index.ts";
import type { NtpEvent } from "../../src/ntp/index.ts";
import {
  authentication,
  config,
  manycastClient,
  manycastServer,
  master,
  secrets,
  sessionLimit,
} from "../interop/procedure.ts";
import { servedSchema } from "./served.ts";
import { type Session, type SimulatedHost, World } from "./world.ts";

const ND = "urn:ntpconfd:yang:ntp";
const group = "224.0.1.1";
const ok = "<ok/>";
const auth = (secret = secrets["hmac-sha256"]): string =>
  authentication({ id: 7, algorithm: "hmac-sha256", secret });
const removal =
  '<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp" xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="delete"/>';

function pair(serverParts: readonly string[], clientParts: readonly string[]) {
  const world = new World();
  const server = world.host({ address: "192.0.2.21" });
  const client = world.host({ address: "192.0.2.10", offset: 0.5 });
  expect(server.session().apply(config(...serverParts))).toContain(ok);
  const watch = subscribed(client);
  expect(client.session().apply(config(...clientParts))).toContain(ok);
  return { world, server, client, watch };
}

/** A session that is told what the host's NTP does. */
function subscribed(host: SimulatedHost): Session {
  const session = host.session();
  const reply = session.rpc(
    '<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"><filter type="xpath"' +
      ` xmlns:nd="${ND}" select="/nd:*"/></create-subscription>`,
  );
  expect(reply).toContain(ok);
  return session;
}

/** What a session was told: the notifications' names, and what stands in them. */
function told(session: Session): readonly (readonly [name: string, inside: string])[] {
  const form = new RegExp(`<([a-z-]+) xmlns="${ND}">(.*?)</\\1></notification>`, "g");
  return [...session.take().matchAll(form)].map(([, name = "", inside = ""]) => [name, inside]);
}

describe("what happens in the engine is told", () => {
  test("servers that come up, the clock that synchronizes, and the end of both", () => {
    const { world, server, client, watch } = pair(
      [master, auth(), manycastServer(group)],
      [auth(), manycastClient(group, { key: 7 })],
    );
    expect(world.run(60, () => client.ask().synchronized)).toBe(true);
    const events = told(watch);
    expect(events.map(([name]) => name)).toEqual(["association-up", "clock-state-changed"]);
    expect(events[0]?.[1]).toContain(`<address>${server.address}</address><reason>`);
    expect(events[1]?.[1]).toMatch(
      /^<from [^>]*>ietf-ntp:unsynchronized<\/from><to [^>]*>ietf-ntp:synchronized<\/to><reason>/,
    );
    expect(client.session().apply(removal)).toContain(ok);
    const after = told(watch);
    expect(after.map(([name]) => name).sort()).toEqual(["association-down", "clock-state-changed"]);
    expect(after.find(([name]) => name === "clock-state-changed")?.[1]).toMatch(
      /ietf-ntp:synchronized<\/from>.*ietf-ntp:unsynchronized<\/to>/,
    );
  });

  test("a session limit that is reached", () => {
    const { world, watch } = pair(
      [master, auth(), manycastServer(group)],
      [sessionLimit(0), auth(), manycastClient(group, { key: 7 })],
    );
    world.run(120);
    const events = told(watch);
    expect(events[0]).toEqual([
      "session-limit-reached",
      "<address>192.0.2.21</address><limit>0</limit><untold>0</untold>",
    ]);
    expect(events.length).toBeLessThanOrEqual(2);
  });

  test("nothing of the kind without NTP", () => {
    const world = new World();
    const host = world.host({ address: "192.0.2.1" });
    const watch = subscribed(host);
    world.run(100);
    expect(told(watch)).toEqual([]);
  });
});

describe("what strangers bring about is told once a minute for each address", () => {
  const schema = servedSchema();
  const failure = (address: string): NtpEvent => ({
    kind: "authentication-failure",
    address,
    keyId: 9,
  });
  const at = (seconds: number): Raw => BigInt(Math.round(seconds * 1e9)) as Raw;
  const print = (notifications: NtpNotifications, event: NtpEvent, when: Raw): string => {
    const tree = notifications.tree(event, when);
    return tree === undefined ? "" : printXml(tree.children, { schema, namespace: ND });
  };

  test("what was held back is counted", () => {
    const notifications = new NtpNotifications(schema);
    const first = "<address>192.0.2.1</address><key-id>9</key-id><untold>0</untold>";
    expect(print(notifications, failure("192.0.2.1"), at(0))).toBe(first);
    for (const seconds of [1, 30, 59.9]) {
      expect(print(notifications, failure("192.0.2.1"), at(seconds))).toBe("");
    }
    expect(print(notifications, failure("fe80::1%eth0"), at(30))).toContain("fe80::1%eth0");
    const limit = { kind: "session-limit", address: "192.0.2.1", limit: 3 } as const;
    expect(print(notifications, limit, at(30))).toContain("<limit>3</limit>");
    expect(print(notifications, failure("192.0.2.1"), at(60))).toBe(
      first.replace(">0</untold>", ">3</untold>"),
    );
  });

  test("a flood from many addresses is bounded, and forgotten after a minute", () => {
    const notifications = new NtpNotifications(schema);
    let count = 0;
    for (let i = 0; i < 2000; i++) {
      const event = failure(`10.0.${i >> 8}.${i & 255}`);
      if (notifications.tree(event, at(0)) !== undefined) count += 1;
    }
    expect(count).toBe(256);
    expect(notifications.tree(failure("10.9.9.9"), at(61))).toBeDefined();
  });
});

test("31: what strangers bring about is told once a minute, in the log too", () => {
  const world = new World();
  const server = world.host({ address: "192.0.2.21" });
  const client = world.host({ address: "192.0.2.10" });
  const unicast = (address: string): string =>
    `<unicast-configuration><address>${address}` +
    "</address><type>uc-peer</type><minpoll>1</minpoll><maxpoll>1</maxpoll>" +
    "<authentication><keyid>7</keyid></authentication></unicast-configuration>";
  const other = authentication({
    id: 7,
    algorithm: "hmac-sha256",
    secret: "Another-Secret-9",
  });
  expect(server.session().apply(config(master, auth(), unicast("192.0.2.10")))).toContain(ok);
  expect(client.session().apply(config(other, unicast("192.0.2.21")))).toContain(ok);
  world.run(119);
  const lines = client.log.filter((line) => line.includes("did not authenticate"));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThanOrEqual(2);
});
