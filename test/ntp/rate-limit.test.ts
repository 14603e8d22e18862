import { describe, expect, test } from "vitest";
import { addressOctets } from "../../src/ntp/index.ts";
import { RateLimiter } from "../../src/ntp/rate-limit.ts";

const s = 1e9;
const policy = { minimumInterval: 1, averageInterval: 4 };
const from = (text: string): Uint8Array => addressOctets(text) ?? new Uint8Array();

/** How many of the packets at these times (s) are answered. */
function answered(limiter: RateLimiter, address: string, times: readonly number[]): number {
  return times.filter((at) => limiter.admits(from(address), at * s)).length;
}

const every = (seconds: number, count: number, start = 100): readonly number[] =>
  Array.from({ length: count }, (_, i) => start + i * seconds);

describe("one client", () => {
  test("is answered always at the average interval, and in a burst of eight", () => {
    const limiter = new RateLimiter(policy, 7);
    expect(answered(limiter, "192.0.2.1", every(2, 8))).toBe(8);
    expect(answered(limiter, "192.0.2.1", every(16, 500, 200))).toBe(500);
  });

  test("that asks too often is answered once in four, and not in a way to be foreseen", () => {
    const times = every(0.001, 4_000);
    const counts = [1, 2, 3].map((seed) =>
      answered(new RateLimiter(policy, seed), "192.0.2.1", times),
    );
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
    expect(new Set(counts).size).toBeGreaterThan(1);
  });

  test("is an IPv4 address, or a /64 of IPv6", () => {
    const limiter = new RateLimiter(policy, 7);
    expect(answered(limiter, "2001:db8::1", every(2, 8))).toBe(8);
    expect(answered(limiter, "2001:db8::2", every(0.001, 4, 115))).toBeLessThan(4);
    expect(answered(limiter, "2001:db8:0:1::1", every(2, 8, 115))).toBe(8);
    expect(answered(limiter, "0.0.0.1", every(2, 8, 115))).toBe(8);
  });

  test("is a link-local address: what they have in common is no network of anybody's", () => {
    const limiter = new RateLimiter(policy, 7);
    const addresses = ["fe80::1", "fe80::2", "fe80::1:0:0:1", "fe80::100:0:1", "febf::3"];
    for (const address of addresses) expect(answered(limiter, address, every(2, 8))).toBe(8);
    for (const address of addresses) {
      expect(answered(limiter, address, every(0.001, 4, 115))).toBeLessThan(4);
    }
  });

  test("is told of it once in an average interval", () => {
    const limiter = new RateLimiter(policy, 7);
    const told = every(1, 64).filter((at) => limiter.kisses(from("192.0.2.1"), at * s));
    expect(told).toHaveLength(4);
    expect(limiter.kisses(from("192.0.2.2"), 110 * s)).toBe(true);
  });
});

test("44: whoever asks from a hundred thousand addresses costs no more memory, and is let in", () => {
  const limiter = new RateLimiter(policy, 7);
  const address = new Uint8Array(4);
  const view = new DataView(address.buffer);
  let refused = 0;
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 100_000; i++) {
    view.setUint32(0, i);
    if (!limiter.admits(address, 100 * s + i)) refused++;
  }
  expect(refused).toBe(0);
  expect(process.memoryUsage().arrayBuffers).toBeLessThanOrEqual(before);
  // Who has asked last is known still.
  for (let i = 0; i < 8; i++) limiter.admits(address, 101 * s + i * 2 * s);
  expect(answered(limiter, "0.1.134.159", every(0.001, 8, 117))).toBeLessThan(8);
});
