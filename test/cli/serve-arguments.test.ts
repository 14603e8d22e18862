import { InvalidArgumentError } from "commander";
import { describe, expect, test } from "vitest";
import {
  parseClock,
  parseFeatures,
  parseListen,
  parseModule,
  parseThreads,
  repeated,
} from "../../src/cli/serve-arguments.ts";

describe("arguments of serve", () => {
  test.each<[string, string, number]>([
    ["127.0.0.1:1830", "127.0.0.1", 1830],
    ["0.0.0.0:0", "0.0.0.0", 0],
    ["[::1]:65535", "::1", 65_535],
    ["localhost:22", "localhost", 22],
  ])("--netconf %s", (text, host, port) => expect(parseListen(text)).toEqual({ host, port }));

  test.each(["", "1830", ":1830", "127.0.0.1", "127.0.0.1:", "a:65536", "::1:22", "[::1]", "a:b"])(
    "--netconf %j is refused",
    (text) => expect(() => parseListen(text)).toThrow(InvalidArgumentError),
  );

  test.each<[string, string, readonly string[] | "all"]>([
    ["acc-test", "acc-test", []],
    ["acc-test:", "acc-test", []],
    ["acc-test:on", "acc-test", ["on"]],
    ["ietf-system:authentication,local-users", "ietf-system", ["authentication", "local-users"]],
    ["_m.x-1:*", "_m.x-1", "all"],
  ])("--implement %s", (text, module, features) => {
    expect(parseModule(text)).toEqual({ module, features });
    if (text.includes(":")) expect(parseFeatures(text)).toEqual({ module, features });
  });

  test.each(["", ":on", "1a", "a b", "a:b:c", "a/b"])("--implement %j is refused", (text) =>
    expect(() => parseModule(text)).toThrow(InvalidArgumentError),
  );

  test("--feature without features is refused", () =>
    expect(() => parseFeatures("ietf-ip")).toThrow(InvalidArgumentError));

  test.each<[string, number, number]>([
    ["software", 0, 0],
    ["software:offset=0.5,ppm=40", 0.5, 40],
    ["software:ppm=-12.5", 0, -12.5],
    ["software:offset=-1e-3", -0.001, 0],
  ])("--clock %s", (text, offset, ppm) => expect(parseClock(text)).toEqual({ offset, ppm }));

  test("--ntp-threads", () => {
    expect(["1", "16"].map(parseThreads)).toEqual([1, 16]);
    for (const text of ["", "0", "17", "1e1", "-1", "1.5", "two", "0x1"]) {
      expect(() => parseThreads(text)).toThrow("It is a number from 1 to 16.");
    }
  });

  test("--clock system", () => expect(parseClock("system")).toBe("system"));

  test.each([
    "",
    "system:ppm=1",
    "hardware",
    "software:",
    "software:x=1",
    "software:ppm=",
    "software:ppm=a:b",
  ])("--clock %j is refused", (text) =>
    expect(() => parseClock(text)).toThrow(InvalidArgumentError),
  );

  test("what may be repeated adds up, and replaces the default", () => {
    const parse = repeated(Number);
    expect(parse("1", [9])).toEqual([1]);
    expect(parse("2", [1])).toEqual([1, 2]);
  });
});
