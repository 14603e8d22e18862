import { describe, expect, test } from "vitest";
import { decodePacket, encodePacket } from "../../src/ntp/packet.ts";
import { difference, fold, later, type Timestamp, unfold } from "../../src/ntp/time.ts";
import { forSeeds } from "../random.ts";

describe("packets", () => {
  test("what is decoded is encoded to the same octets, whatever they are", () => {
    forSeeds(500, (random) => {
      const bytes = random.bytes(48);
      const packet = decodePacket(bytes);
      if (packet === undefined) throw new Error("48 octets are a header");
      const again = new Uint8Array(48);
      encodePacket(packet, again);
      expect(again).toEqual(bytes);
    });
  });

  test("a captured request (ntpd-rs's test, a client of version 4)", () => {
    const bytes = new Uint8Array(48);
    bytes.set([0x23, 0x02, 0x06, 0xe8, 0, 0, 0x03, 0xff, 0, 0, 0x03, 0x7d, 0x5e, 0xc6, 0x9f, 0x0f]);
    expect(decodePacket(bytes)).toMatchObject({
      leap: 0,
      version: 4,
      mode: 3,
      stratum: 2,
      poll: 6,
      precision: -24,
      rootDelay: 0x3ff / 65_536,
      rootDispersion: 0x37d / 65_536,
      referenceId: 0x5ec69f0f,
    });
  });

  test("a short datagram is none", () => {
    expect(decodePacket(new Uint8Array(47))).toBeUndefined();
  });
});

describe("time", () => {
  const moment = (seconds: bigint, fraction = 0n): Timestamp =>
    ((seconds << 32n) + fraction) as Timestamp;

  test("short differences keep every bit, in every era", () => {
    for (const era of [0n, 1n, 5n]) {
      const start = moment((era << 32n) + 0xffff_fffen, 0xffff_ffffn);
      expect(difference(later(start, 3.25), start)).toBe(3.25);
      expect(difference((start + 1n) as Timestamp, start)).toBe(2 ** -32);
      expect(difference(start, later(start, 1e-3))).toBeCloseTo(-1e-3, 9);
    }
  });

  test("the wire's 64 bits are the nearest such moment", () => {
    const before = moment(0xffff_ff00n);
    const after = later(before, 1_000);
    expect(after >> 64n).toBe(1n);
    expect(unfold(fold(after), before)).toBe(after);
    expect(unfold(fold(before), after)).toBe(before);
  });
});
