import { describe, expect, test } from "vitest";
import { addressText, needsScope, networkOf } from "../../src/host/ip-address.ts";
import { addressOctets } from "../../src/ntp/index.ts";

const octets = (text: string): Uint8Array => addressOctets(text) ?? new Uint8Array();

describe("addresses", () => {
  // The examples of RFC 5952 sections 4 and 5 among them.
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["0.0.0.0", "0.0.0.0"],
    ["::", "::"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["1::", "1::"],
    ["2001:0DB8::0001", "2001:db8::1"],
    ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ["ff02::101", "ff02::101"],
  ])("%s is written %s", (text, canonical) => {
    expect(addressText(octets(text))).toBe(canonical);
    expect(octets(canonical)).toEqual(octets(text));
  });

  test.each([
    ["fe80::1", true],
    ["febf::1", true],
    ["fec0::1", false],
    ["ff01::101", true],
    ["ff02::101", true],
    ["ff12::101", true],
    ["ff05::101", false],
    ["ff0e::101", false],
    ["::1", false],
    ["224.0.1.1", false],
  ])("%s needs an interface: %s", (text, needs) => expect(needsScope(octets(text))).toBe(needs));

  test.each([
    ["192.0.2.1", "192.0.2.1", true],
    ["192.0.2.1", "192.0.2.2", false],
    ["2001:db8::1", "2001:db8:0:0:5:6:7:8", true],
    ["2001:db8::1", "2001:db8:0:1::1", false],
    ["fe80::1%eth0", "fe80::1%eth0", true],
    ["fe80::1%eth0", "fe80::2%eth0", false],
    ["fe80::1%eth0", "fe80::1%eth1", false],
    ["febf::1%eth0", "febf::2%eth0", false],
    ["fec0::1", "fec0::2", true],
  ])("%s counts with %s as one: %s", (a, b, isOne) => {
    expect(networkOf(a) === networkOf(b)).toBe(isOne);
  });
});
