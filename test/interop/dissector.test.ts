import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Algorithm, defaultPolicy } from "../../src/ntp/index.ts";
import { config, key, manycastClient, on } from "../sim/scenario.ts";
import { type Flight, type Node, World } from "../sim/world.ts";
import { peer, run } from "./peers.ts";

// What the engine and the responder send, in every role and with every algorithm, as somebody
// else's dissector reads it. The packets fly in the simulated network; the octets are the real ones.

const tshark = peer("tshark");
const directory = mkdtempSync(join(tmpdir(), "ntpconfd-wire-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const group = "224.0.1.1";
const secret = "Wire-Secret-9-xy";
const poll = { minpoll: 3, maxpoll: 4, port: 123, version: 4 };

/** All that flies between hosts of every role within a few minutes. */
function flightsWith(algorithm: Algorithm | undefined): readonly Flight[] {
  const world = new World(81, { delay: 0.001, jitter: 0.0002 });
  const flights: Flight[] = [];
  world.pass = (flight) => flights.push(flight) > 0;
  const keyId = algorithm === undefined ? undefined : 5;
  const keys = algorithm === undefined ? [] : [key(5, algorithm, secret.padEnd(32, "z"))];
  const host = (n: number): Node =>
    world.node({ wiring: { eth0: { segment: "a", addresses: [`10.77.0.${n}`] } } });
  const unicast = { prefer: false, burst: false, iburst: true, source: undefined, keyId, ...poll };
  const sender = { ttl: 1, keyId, ...poll };
  host(1).configure(
    config({
      keys,
      refclockMaster: { stratum: 2 },
      policy: {
        ...defaultPolicy,
        kissOfDeath: true,
        discard: { minimumInterval: 4, averageInterval: 5 },
      },
      interfaces: [
        on("eth0", {
          broadcastServer: sender,
          multicastServers: [{ ...sender, address: "224.0.1.2" }],
          manycastServers: [group],
        }),
      ],
      unicast: [{ ...unicast, address: "10.77.0.4", type: "peer" }],
    }),
  );
  host(2).configure(
    config({ keys, unicast: [{ ...unicast, address: "10.77.0.1", type: "server" }] }),
  );
  host(3).configure(
    config({
      keys,
      interfaces: [
        on("eth0", {
          multicastClients: ["224.0.1.2"],
          manycastClients: [manycastClient({ address: group, keyId })],
        }),
      ],
    }),
  );
  // It knows nothing of its peer: where there is a key it answers as a passive one.
  host(4).configure(config({ keys, refclockMaster: { stratum: 3 } }));
  world.run(200);
  return flights;
}

/** The file that tcpdump would have written: IPv4 packets without a link's header. */
function capture(flights: readonly Flight[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(101, 20);
  return Buffer.concat([header, ...flights.map(packetOf)]);
}

function packetOf({ from, fromPort, to, port, bytes }: Flight, i: number): Buffer {
  const length = 28 + bytes.length;
  const packet = Buffer.alloc(16 + 28);
  packet.writeUInt32LE(i, 0);
  packet.writeUInt32LE(length, 8);
  packet.writeUInt32LE(length, 12);
  packet.writeUInt16BE(0x4500, 16);
  packet.writeUInt16BE(length, 18);
  // Not the TTL that it had: of a small one, as a ring has it, tshark makes a note.
  packet.writeUInt16BE((64 << 8) | 17, 24);
  [...from.split("."), ...to.split(".")].forEach((octet, at) => {
    packet[28 + at] = Number(octet);
  });
  packet.writeUInt16BE(fromPort, 36);
  packet.writeUInt16BE(port, 38);
  packet.writeUInt16BE(8 + bytes.length, 40);
  return Buffer.concat([packet, bytes]);
}

describe.skipIf(tshark === undefined)("tshark", () => {
  const algorithms = ["md5", "sha-1", "hmac-sha256", "aes-128-cmac", "aes-256-cmac"] as const;
  test.each([undefined, ...algorithms])("has no complaint, algorithm %s", async (algorithm) => {
    const flights = flightsWith(algorithm).slice(0, 400);
    const file = join(directory, `${algorithm ?? "none"}.pcap`);
    writeFileSync(file, capture(flights));
    const fields = ["ntp.flags.mode", "ntp.keyid", "_ws.expert.message", "_ws.malformed"];
    const { status, output } = await run(tshark ?? "", [
      ...["-n", "-r", file, "-T", "fields", "-E", "separator=;"],
      ...fields.flatMap((field) => ["-e", field]),
    ]);
    expect(status, output).toBe(0);
    const rows = output
      .split("\n")
      .filter((line) => /^\d*;/.test(line))
      .map((line) => line.split(";"));
    expect(rows).toHaveLength(flights.length);
    const modes = [...new Set(rows.map(([mode]) => mode))].sort();
    expect(modes).toEqual(["1", ...(algorithm === undefined ? [] : ["2"]), "3", "4", "5"]);
    expect([...new Set(rows.flatMap(([, , ...complaints]) => complaints.filter(Boolean)))]).toEqual(
      [],
    );
    const ids = new Set(rows.map(([, id]) => id));
    expect([...ids]).toEqual([algorithm === undefined ? "" : "00000005"]);
  });
});
