import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ntpOperational } from "../../src/agent/ntp-state.ts";
import { resetTarget } from "../../src/agent/statistics-reset.ts";
import { association, synchronized, unsynchronized } from "./ntp-states.ts";

const status = (state = synchronized) => ntpOperational(state)["clock-state"]?.["system-status"];
const associations = (state = synchronized) => [
  ...(ntpOperational(state).associations.association?.values() ?? []),
];

describe("what /ntp shows", () => {
  test("of a clock that follows a server", () => {
    expect(status()).toEqual({
      "clock-state": "ietf-ntp:synchronized",
      "clock-stratum": 4,
      "clock-refid": "192.0.2.21",
      "associations-address": "192.0.2.21",
      "associations-local-mode": "ietf-ntp:client",
      "associations-isconfigured": false,
      "nominal-freq": "1000000000.0",
      "actual-freq": "1000040000.0",
      "clock-precision": -20,
      "clock-offset": "-0.25",
      "root-delay": "2.0",
      "root-dispersion": "11.0",
      "reference-time": "2026-11-23T12:00:00.500000Z",
      "sync-state": "ietf-ntp:clock-synchronized",
    });
  });

  test("of a clock that follows nobody: RFC 9249's mandatory leaves, and no association", () => {
    expect(status(unsynchronized)).toEqual({
      "clock-state": "ietf-ntp:unsynchronized",
      "clock-stratum": 16,
      "clock-refid": "INIT",
      "nominal-freq": "1000000000.0",
      "actual-freq": "1000000000.0",
      "clock-precision": -20,
      "clock-offset": "0.0",
      "root-delay": "2.0",
      "root-dispersion": "11.0",
      "reference-time": 0,
      "sync-state": "ietf-ntp:clock-never-set",
    });
  });

  test("a link-local address together with its zone, in its key and where it is followed", () => {
    const one = { ...association, address: "fe80::7", interface: "eth0" };
    const systemPeer = { address: "fe80::7", dynamic: !one.configured };
    const state = { ...synchronized, associations: [one], systemPeer };
    expect(associations(state).map(({ address }) => address)).toEqual(["fe80::7%eth0"]);
    expect(status(state)?.["associations-address"]).toBe("fe80::7%eth0");
    const input = { "associations-address": "fe80::7%eth0" };
    expect(resetTarget(input, state.associations)).toBe(state.associations[0]);
    expect(() => resetTarget({ "associations-address": "fe80::7" }, state.associations)).toThrow(
      "names 0 associations",
    );
  });

  test("of an association that manycast found", () => {
    expect(associations()).toEqual([
      {
        address: "192.0.2.21",
        "local-mode": "ietf-ntp:client",
        isconfigured: false,
        stratum: 3,
        refid: "127.127.1.1",
        authentication: 7,
        prefer: false,
        "peer-interface": "eth0",
        minpoll: 4,
        maxpoll: 10,
        port: 123,
        version: 4,
        reach: 255,
        unreach: 0,
        poll: 6,
        now: 12,
        offset: "-0.25",
        delay: "2.0",
        dispersion: "1.0",
        "originate-time": "2026-11-23T12:00:00.500000Z",
        "receive-time": "2026-11-23T12:00:00.500000Z",
        "transmit-time": "2026-11-23T12:00:00.500000Z",
        "input-time": "2026-11-23T12:00:00.500000Z",
        "ntp-statistics": {
          "discontinuity-time": "2026-11-23T12:00:00.500000Z",
          "packet-sent": 5,
          "packet-sent-fail": 0,
          "packet-received": 3,
          "packet-dropped": 0,
        },
        "ntpconfd-ntp:selection": "system-peer",
        "ntpconfd-ntp:mode": "ntpconfd-ntp:manycast-client",
        "ntpconfd-ntp:key-id": 7,
        "ntpconfd-ntp:interleaved": false,
        "ntpconfd-ntp:jitter": "0.0015",
        "ntpconfd-ntp:reach-history": "0111111111",
        "ntpconfd-ntp:last-drop-reason": "bad-mac",
        "ntpconfd-ntp:last-drop-time": "2026-11-23T12:00:00.500000Z",
        "ntpconfd-ntp:sample": new Map([
          ["1", { number: 1, age: 3, offset: "-0.25", delay: "2.0", dispersion: "0.001" }],
        ]),
      },
    ]);
  });

  test("of the ring, under the manycast client of its interface; the template is no association", () => {
    const { interfaces } = ntpOperational(synchronized);
    const client = interfaces.interface.get("eth0")?.["manycast-client"].get("224.0.1.1");
    expect(client).toEqual({
      address: "224.0.1.1",
      "ntpconfd-ntp:ring": { ttl: 3, solicitations: 4n, answers: 2n, survivors: 1, interval: 6 },
    });
    expect(interfaces.interface.size).toBe(1);
  });

  test("of names, under their configured entries", () => {
    const time = synchronized.referenceTime;
    const names = [
      { name: "a.test", addresses: ["192.0.2.1"], resolved: time, lastFailure: undefined },
      {
        ...{ name: "b.test", addresses: [], resolved: undefined },
        lastFailure: { reason: "no such name", time },
      },
    ];
    const shown = ntpOperational({ ...synchronized, names })["ntpconfd-ntp:named-server"];
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect([...shown.values()]).toEqual([
      { name: "a.test", resolution: { address: ["192.0.2.1"], "resolved-time": at } },
      {
        name: "b.test",
        resolution: { address: [], "last-failure": "no such name", "last-failure-time": at },
      },
    ]);
  });

  test("of the counters", () => {
    const shown = ntpOperational(synchronized);
    expect(shown["ntpconfd-ntp:dynamic-sessions"]).toBe(1);
    expect(shown["ntpconfd-ntp:dynamic-sessions-refused"]).toBe(2n ** 40n);
    expect(shown["ntpconfd-ntp:packet-drops"]).toMatchObject({ malformed: 1n, "bad-mac": 9n });
    expect(shown["ntpconfd-ntp:packet-drops"]?.last?.get("1")).toMatchObject({
      address: "192.0.2.66",
      reason: "bad-mac",
    });
    expect(shown.authentication["authentication-keys"].get("7")).toEqual({
      keyid: 7,
      "ntpconfd-ntp:key-statistics": { signed: 5n, verified: 4n, failed: 1n },
    });
  });

  test("of what the clock has followed, with RFC 9249's sign", () => {
    const { change } = ntpOperational(synchronized)["ntpconfd-ntp:synchronization-history"] ?? {};
    expect([...(change?.values() ?? [])]).toEqual([
      {
        number: 1,
        time: "2026-11-23T12:00:00.500000Z",
        event: "synchronized",
        source: "192.0.2.21",
        stratum: 4,
        offset: "-0.25",
        reason: "synchronized to 192.0.2.21",
      },
    ]);
  });

  test.each([
    ["client", "ietf-ntp:client", "ietf-ntp:client"],
    ["active", "ietf-ntp:active", "ietf-ntp:active"],
    ["passive", "ietf-ntp:passive", "ietf-ntp:passive"],
    ["broadcast-server", "ietf-ntp:broadcast-server", "ietf-ntp:broadcast-server"],
    ["broadcast-client", "ietf-ntp:broadcast-client", "ietf-ntp:broadcast-client"],
    ["multicast-server", "ietf-ntp:broadcast-server", "ntpconfd-ntp:multicast-server"],
    ["multicast-client", "ietf-ntp:broadcast-client", "ntpconfd-ntp:multicast-client"],
    ["manycast-server", "ietf-ntp:server", "ntpconfd-ntp:manycast-server"],
  ] as const)("a %s is RFC 9249's %s and nd:mode %s", (mode, local, fine) => {
    const [row] = associations({ ...synchronized, associations: [{ ...association, mode }] });
    expect(row).toMatchObject({ "local-mode": local, "ntpconfd-ntp:mode": fine });
  });

  test("of two associations under one key only the one that is of more use is shown", () => {
    const lesser = { ...association, selected: "rejected", reach: 1 } as const;
    for (const order of [
      [association, lesser],
      [lesser, association],
    ]) {
      const rows = associations({ ...synchronized, associations: order });
      expect(rows.map(({ reach }) => reach)).toEqual([255]);
    }
    const other = { ...lesser, configured: true };
    expect(associations({ ...synchronized, associations: [association, other] })).toHaveLength(2);
  });

  test("a server that has said nothing yet is at stratum 16, and was heard at no time", () => {
    const silent = {
      ...association,
      stratum: 0,
      now: undefined,
      inputTime: unsynchronized.referenceTime,
    };
    const [row] = associations({ ...synchronized, associations: [silent] });
    expect(row).toMatchObject({ stratum: 16, "input-time": 0 });
    expect(row).not.toHaveProperty("now");
  });

  test("offsets have RFC 9249's sign, and milliseconds to three digits, whatever they are", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (offset) => {
        const state = { ...synchronized, offset, associations: [{ ...association, offset }] };
        const [row] = associations(state);
        // Behind the server: RFC 5905's offset is positive, RFC 9249's negative.
        const shown = Number(status(state)?.["clock-offset"]);
        expect(Math.abs(shown + offset * 1_000)).toBeLessThan(0.000_6);
        expect(row?.offset).toBe(status(state)?.["clock-offset"]);
      }),
    );
  });
});
