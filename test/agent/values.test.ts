import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  dateAndTime,
  decimal,
  ntpDateAndTime,
  referenceIdentifier,
} from "../../src/agent/values.ts";
import type { Timestamp } from "../../src/ntp/index.ts";

const unix = (milliseconds: bigint): Timestamp =>
  (((milliseconds / 1_000n + 2_208_988_800n) << 32n) +
    ((milliseconds % 1_000n) << 32n) / 1_000n) as Timestamp;

describe("decimal64 in its canonical text", () => {
  test.each([
    [0, 3, "0.0"],
    [-0, 3, "0.0"],
    [-0.0004, 3, "0.0"],
    [0.0005, 3, "0.001"],
    [-0.0006, 3, "-0.001"],
    [1.5, 3, "1.5"],
    [-12.34, 3, "-12.34"],
    [100, 4, "100.0"],
    [1_000_040_000, 4, "1000040000.0"],
    [0.1 + 0.2, 6, "0.3"],
  ])("%d with %i digits is %s", (value, digits, text) => {
    expect(decimal(value, digits)).toBe(text);
  });

  test("stays within half a last digit, without zeros at the end", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const text = decimal(value, 3);
        expect(Math.abs(Number(text) - value)).toBeLessThan(0.000_501);
        expect(text).toMatch(/^-?(0|[1-9]\d*)\.(0|\d{0,2}[1-9])$/);
        expect(text).not.toBe("-0.0");
      }),
    );
  });
});

describe("times", () => {
  test.each([
    [unix(0n), "1970-01-01T00:00:00.000000Z"],
    [unix(1_735_689_599_500n), "2024-12-31T23:59:59.500000Z"],
    // Era 1 begins on 7 February 2036 (RFC 5905 figure 4).
    [(1n << 64n) as Timestamp, "2036-02-07T06:28:16.000000Z"],
    [((1n << 64n) - 1n) as Timestamp, "2036-02-07T06:28:15.999999Z"],
  ])("%d is %s", (time, text) => {
    expect(dateAndTime(time)).toBe(text);
    expect(ntpDateAndTime(time)).toBe(text);
  });

  test("no time is RFC 9249's zero", () => {
    expect(ntpDateAndTime(0n as Timestamp)).toBe(0);
  });
});

describe("reference identifiers", () => {
  test.each([
    [0x4750_5300, 1, 4, "GPS "],
    [0x494e_4954, 16, 4, "INIT"],
    [0x5241_5445, 0, 6, "RATE"],
    [0x7f7f_0100, 3, 4, "127.127.1.0"],
    [0x7f7f_0101, 1, 4, "127.127.1.1"],
    [0xcb00_7101, 2, 4, "203.0.113.1"],
    [0xcb00_7101, 2, 6, 0xcb00_7101],
    [0, 16, 4, "0.0.0.0"],
  ] as const)("%d at stratum %i over IPv%i is %s", (id, stratum, family, text) => {
    expect(referenceIdentifier(id, stratum, family)).toBe(text);
  });
});
