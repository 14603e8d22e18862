import { expect, test } from "vitest";
import { rootOf } from "../../src/datastore/kept-file.ts";
import { xmlLimits } from "../../src/xml/index.ts";

test("what was kept is read again, also where it has become more than one message may be", () => {
  const long = new Uint8Array(xmlLimits.octets + 9).fill(0x20);
  new TextEncoder().encodeInto("<config/>", long);
  expect(rootOf(long, "stored running")).toMatchObject({ name: "config" });
});
