import { describe, expect, test } from "vitest";
import { config, interfaces, ntp } from "../interop/procedure.ts";
import { World } from "./world.ts";

const ok = "<ok/>";
const strong = "Str0ng-passw0rd!";

function host() {
  const one = new World().host({ address: "192.0.2.1" });
  return { host: one, session: one.session() };
}

function key(algorithm: string, secret: string, more = ""): string {
  return (
    `<authentication>${more}<authentication-keys><keyid>5</keyid>` +
    `<algorithm>${algorithm}</algorithm><key>${secret}</key></authentication-keys></authentication>`
  );
}

const keystring = (text: string): string => `<keystring>${text}</keystring>`;
const hexadecimal = (octets: number): string =>
  `<hexadecimal-string>${Array(octets).fill("a5").join(":")}</hexadecimal-string>`;
const weak = "<nd:weak-algorithms-enabled>true</nd:weak-algorithms-enabled>";
const simple = "<nd:complexity-check>false</nd:complexity-check>";
const on = (name: string, role: string): string =>
  `<interfaces><interface><name>${name}</name>${role}</interface></interfaces>`;
const client = (inner: string, address = "224.0.1.1"): string =>
  on("eth0", `<manycast-client><address>${address}</address>${inner}</manycast-client>`);
const server = (address: string): string =>
  on("eth0", `<manycast-server><address>${address}</address></manycast-server>`);
const sessions = (limit: number): string =>
  `<nd:max-dynamic-sessions>${limit}</nd:max-dynamic-sessions>`;
const acme = "nd:hmac-sha256";

describe("the procedure of the router's manual is taken, row by row", () => {
  test.each([
    ["authentication-mode md5, the gate open", key("ntp:md5", keystring(strong), weak)],
    ["authentication-mode hmac-sha256", key("nd:hmac-sha256", keystring(strong))],
    ["authentication-mode aes-128-cmac", key("nd:aes-128-cmac", keystring(strong))],
    ["authentication-mode aes-256-cmac", key("nd:aes-256-cmac", keystring(strong))],
    ["RFC 9249's own name for AES-128-CMAC", key("ntp:aes-cmac", keystring(strong))],
    ["an exact key for AES-128", key("nd:aes-128-cmac", hexadecimal(16))],
    ["an exact key for AES-256", key("nd:aes-256-cmac", hexadecimal(32))],
    ["a key in hexadecimal of any length for HMAC", key("nd:hmac-sha256", hexadecimal(3))],
    ["complexity-check off", key("nd:hmac-sha256", keystring("x"), simple)],
    ["manycast-server", server("224.0.1.1")],
    ["manycast-server ipv6", server("ff0e::101")],
    ["manycast-client", client("")],
    ["manycast-client ipv6", client("", "ff0e::101")],
    [
      "manycast-client authentication-keyid",
      `${key(acme, keystring(strong))}${client("<authentication><keyid>5</keyid></authentication>")}`,
    ],
    ["manycast-client ttl 1", client("<ttl>1</ttl>")],
    ["manycast-client ttl 255", client("<ttl>255</ttl>")],
    ["manycast-client port 123", client("<port>123</port>")],
    ["manycast-client port 1024", client("<port>1024</port>")],
    [
      "manycast-client minclock, maxclock, beacon",
      client("<minclock>2</minclock><maxclock>5</maxclock><beacon>8</beacon>"),
    ],
    [
      "manycast-client minpoll, maxpoll, version",
      client("<minpoll>1</minpoll><maxpoll>17</maxpoll><version>3</version>"),
    ],
    ["max-dynamic-sessions 0", sessions(0)],
    ["max-dynamic-sessions 100", sessions(100)],
    ["refclock-master", "<refclock-master><master-stratum>8</master-stratum></refclock-master>"],
  ])("%s", (_, body) => {
    const { host: one, session } = host();
    expect(session.apply(config(body))).toContain(ok);
    expect(one.log.filter((line) => line.startsWith("error"))).toEqual([]);
    expect(one.plan?.port).toBe(123);
  });
});

describe("bad input gets a precise rpc-error and changes nothing", () => {
  test.each([
    [
      "MD5 while the gate is shut",
      key("ntp:md5", keystring(strong)),
      "operation-failed",
      "weak-algorithms-enabled",
    ],
    [
      "SHA-1 while the gate is shut",
      key("ntp:sha-1", keystring(strong)),
      "operation-failed",
      "weak-algorithms-enabled",
    ],
    ["a short keystring", key(acme, keystring("Short-1a!")), "operation-failed", "12 characters"],
    [
      "a keystring without an upper-case letter",
      key(acme, keystring("nouppercase-1234")),
      "operation-failed",
      "upper-case",
    ],
    [
      "a keystring without a lower-case letter",
      key(acme, keystring("NOLOWERCASE-1234")),
      "operation-failed",
      "lower-case",
    ],
    [
      "a keystring without a digit",
      key(acme, keystring("NoDigitsHere-abc")),
      "operation-failed",
      "digit",
    ],
    [
      "a keystring without a special character",
      key(acme, keystring("NoSpecial12345")),
      "operation-failed",
      "special",
    ],
    ["an empty keystring", key(acme, keystring(""), simple), "operation-failed", "empty"],
    ["a key without a secret", key(acme, ""), "operation-failed", "secret"],
    [
      "a key without an algorithm",
      `<authentication><authentication-keys><keyid>5</keyid><key>${keystring(strong)}</key></authentication-keys></authentication>`,
      "operation-failed",
      "algorithm",
    ],
    [
      "an algorithm that the engine does not have",
      key("ntp:hmac-sha-1", keystring(strong), weak),
      "operation-failed",
      "hmac-sha-1",
    ],
    [
      "an identity that is no algorithm",
      key("ntp:client", keystring(strong)),
      "invalid-value",
      "algorithm",
    ],
    [
      "a keyid that does not exist",
      client("<authentication><keyid>77</keyid></authentication>"),
      "data-missing",
      "keyid",
    ],
    ["a unicast address as group", client("", "192.0.2.1"), "invalid-value", "192.0.2.1"],
    ["a unicast IPv6 address as group", server("2001:db8::1"), "invalid-value", "2001:db8::1"],
    ["ttl 0", client("<ttl>0</ttl>"), "operation-failed", "ttl"],
    ["ttl 256", client("<ttl>256</ttl>"), "invalid-value", "256"],
    ["port 124", client("<port>124</port>"), "invalid-value", "124"],
    ["port 1023", "<port>1023</port>", "invalid-value", "1023"],
    [
      "minpoll above maxpoll",
      client("<minpoll>9</minpoll><maxpoll>8</maxpoll>"),
      "operation-failed",
      "minpoll",
    ],
    ["minpoll 0", client("<minpoll>0</minpoll>"), "operation-failed", "minpoll"],
    ["maxpoll 18", client("<maxpoll>18</maxpoll>"), "operation-failed", "maxpoll"],
    ["max-dynamic-sessions 101", sessions(101), "invalid-value", "max-dynamic-sessions"],
    ["an interface that nobody configured", on("nope0", ""), "data-missing", "nope0"],
    [
      "an AES-128 key in hexadecimal that is short",
      key("nd:aes-128-cmac", hexadecimal(15)),
      "operation-failed",
      "16",
    ],
    [
      "an AES-256 key in hexadecimal that is long",
      key("nd:aes-256-cmac", hexadecimal(33)),
      "operation-failed",
      "32",
    ],
    [
      "an AES-128 keystring that is long",
      key("nd:aes-128-cmac", keystring(`${strong}x`)),
      "operation-failed",
      "16 octets",
    ],
    [
      "an AES-256 keystring that is long",
      key("nd:aes-256-cmac", keystring(strong.repeat(3))),
      "operation-failed",
      "32 octets",
    ],
    [
      "an AES-128 keystring of too many octets in few characters",
      key("nd:aes-128-cmac", keystring("Ünïcödé-Pass-1x!")),
      "invalid-value",
      "at most 16 octets, not 20",
    ],
    [
      "a digest longer than the algorithm's",
      key("nd:aes-256-cmac", keystring(strong)).replace(
        "</authentication-keys>",
        "<nd:digest-length>32</nd:digest-length></authentication-keys>",
      ),
      "operation-failed",
      "digest-length",
    ],
    [
      "a cipher-string that is none",
      key(acme, "<nd:cipher-string>hunter2</nd:cipher-string>"),
      "invalid-value",
      "cipher-string",
    ],
  ])("%s", (_, body, tag, words) => {
    const { host: one, session } = host();
    expect(session.apply(`${interfaces}${ntp("<refclock-master/>")}`)).toContain(ok);
    const read = (): string => session.rpc("<get-config><source><running/></source></get-config>");
    const before = [read(), one.plan, one.log.length];
    const reply = session.apply(ntp(body));
    expect(reply).toContain(`<error-tag>${tag}</error-tag>`);
    expect(reply).toContain("<error-path");
    const message = /<error-message[^>]*>(.*?)<\/error-message>/s.exec(reply)?.[1] ?? "";
    expect(message).toContain(words);
    expect([read(), one.plan, one.log.length]).toEqual(before);
    session.rpc("<discard-changes/>");
    expect(session.apply(ntp("<port>1999</port>"))).toContain(ok);
  });
});
