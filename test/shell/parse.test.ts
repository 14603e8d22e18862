import { describe, expect, test } from "vitest";
import { isInView, rulesOf, type View } from "../../src/shell/command.ts";
import { commands, keywordHelp } from "../../src/shell/commands.ts";
import { elementsOf } from "../../src/shell/grammar.ts";
import { readLine } from "../../src/shell/match.ts";
import { parameters } from "../../src/shell/parameters.ts";
import { splitLine, splitPipe } from "../../src/shell/words.ts";

const table = rulesOf(commands);

function parse(view: View, line: string) {
  const rules = table.filter(({ command }) => isInView(command, view));
  return readLine(rules, splitLine(line).words, line.length);
}

/** What a line says, in one line: the command, its parameters, the options that it chose. */
function said(view: View, line: string): string {
  const found = parse(view, line);
  if ("fault" in found) return `${found.fault.kind} at ${found.fault.column}`;
  const { command, undo, values } = found;
  const named = command.kind === "config" ? command.at.replace(/[[=].*/, "") : command.action;
  const bound = [...values.parameters].map(([name, value]) => `${name}=${value}`);
  return [undo ? `undo ${named}` : named, ...bound].join(" ");
}

describe("what a line says", () => {
  test.each<[View, string, string]>([
    ["user", "system-view", "system-view"],
    ["user", "sys", "system-view"],
    ["user", "SYSTEM-VIEW", "system-view"],
    ["system", "interface eth0", "interface interface=eth0"],
    ["system", "interface eth 0", "interface interface=eth0"],
    ["system", "int GigabitEthernet 0/1/0", "interface interface=GigabitEthernet0/1/0"],
    ["interface", "interface eth1.100", "interface interface=eth1.100"],
    ["user", "disp ntp sta", "ambiguous at 9"],
    ["user", "disp ntp-s stat", "ambiguous at 11"],
    ["user", "disp ntp-s statu", "display-status"],
    ["user", "display ntp-service sessions verbose", "display-sessions"],
    ["user", "dis cl", "display-clock"],
    ["system", "dis ver", "display-version"],
    ["system", "commit", "commit"],
    ["system", "commit trial 60", "commit seconds=60"],
    [
      "system",
      "ntp-service authentication-keyid 10 authentication-mode hmac-sha256 plain Abc d",
      "incomplete at 79",
    ],
    [
      "system",
      'ntp-service authentication-keyid 10 authentication-mode md5 cipher "a \\"b\\" c"',
      'ntp/authentication/authentication-keys key-id=10 algorithm=md5 secret=a "b" c',
    ],
    [
      "system",
      "ntp authentication-keyid 10 auth aes-256-cmac plainly",
      "ntp/authentication/authentication-keys key-id=10 algorithm=aes-256-cmac secret=plainly",
    ],
    [
      "system",
      "undo ntp-service authentication-keyid 10",
      "undo ntp/authentication/authentication-keys key-id=10",
    ],
    [
      "system",
      "ntp-service unicast-server 192.0.2.1 version 4 port 1234 authentication-keyid 7 preference",
      "ntp/unicast-configuration ip-address=192.0.2.1 version=4 port=1234 key-id=7",
    ],
    [
      "system",
      "ntp-service unicast-peer ipv6 2001:DB8::1 source-interface eth 0 burst",
      "ntp/unicast-configuration ipv6-address=2001:db8::1 interface=eth0",
    ],
    ["interface", "ntp-service manycast-client", "manycast-client"],
    [
      "interface",
      "ntp-service manycast-client ttl 9 port 1024 authentication-keyid 1 beacon -3",
      "manycast-client ttl=9 port=1024 key-id=1 beacon=-3",
    ],
    [
      "interface",
      "ntp-service manycast-client ipv6 ff0e::101 authentication-keyid 1 ttl 9",
      "manycast-client ipv6-group=ff0e::101 key-id=1 ttl=9",
    ],
    ["interface", "undo ntp-service manycast-server ipv6", "undo manycast-server"],
    ["interface", "ntp-service max-dynamic-sessions 0", "ntp/nd:max-dynamic-sessions sessions=0"],
  ])("%s view: %s", (view, line, meaning) => {
    expect(said(view, line)).toBe(meaning);
  });

  test("options stand in any order, each once", () => {
    const options = ["ttl 5", "port 1999", "authentication-keyid 3", "version 4"];
    for (const first of options) {
      const rest = options.filter((one) => one !== first);
      const line = `ntp-service manycast-client 224.0.1.1 ${[first, ...rest].join(" ")}`;
      expect(said("interface", line)).toMatch(/^manycast-client group=224.0.1.1/);
      expect(said("interface", `${line} ${first}`)).toMatch(/^unrecognized/);
    }
  });
});

describe("what is wrong with a line, and where", () => {
  test.each<[View, string, string, string | undefined]>([
    ["user", "dispaly this", "unrecognized at 0", "display"],
    ["user", "interface eth0", "unrecognized at 0", undefined],
    ["system", "ntp-service", "incomplete at 11", "authentication"],
    ["system", "ntp-service au 5", "ambiguous at 12", "authentication-keyid"],
    ["system", "ntp-service authentication-keyid 0", "wrong at 33", "1 to 4294967295"],
    [
      "system",
      "ntp-service authentication-keyid 10 authentication-mode sha9",
      "unrecognized at 56",
      "here goes md5,",
    ],
    ["system", "ntp-service access foo 2000", "unrecognized at 19", "here goes peer,"],
    ["system", "ntp-service port 124", "wrong at 17", "123, or 1024 to 65535"],
    ["system", "ntp-service max-dynamic-sessions 101", "wrong at 33", "0 to 100"],
    ["system", "ntp-service manycast-server", "unrecognized at 12", undefined],
    ["interface", "ntp-service manycast-server 192.0.2.1", "wrong at 28", "224.0.0.0"],
    ["interface", "ntp-service manycast-server ipv6 2001:db8::1", "wrong at 33", "ff00::/8"],
    ["interface", "ntp-service manycast-client ttl 0", "wrong at 32", "1 to 255"],
    ["interface", "ntp-service manycast-client tt1 9", "unrecognized at 28", "ttl"],
    ["system", "quit now", "too-many at 5", undefined],
    ["system", "undo commit", "unrecognized at 5", undefined],
    ["system", '"quit"', "unrecognized at 0", undefined],
  ])("%s view: %s", (view, line, what, hint) => {
    expect(said(view, line)).toBe(what);
    const found = parse(view, line);
    if (hint !== undefined) expect("fault" in found && found.fault.hint).toContain(hint);
  });

  test.each([
    "",
    "1",
    "::1::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "fe80::1%",
    "1.2.3.256",
  ])("%j is no IPv6 address", (address) => {
    expect(said("system", `ntp-service unicast-server ipv6 "${address}"`)).toMatch(/^wrong|^unrec/);
  });
  test.each(["::", "::1", "fe80::1%eth0", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "2001:db8::"])(
    "%s is one",
    (address) => {
      expect(said("system", `ntp-service unicast-server ipv6 ${address}`)).toMatch(/^ntp\//);
    },
  );
});

describe("the name of a server", () => {
  const line = (name: string): string =>
    said("system", `ntp-service unicast-server domain ${name}`);
  test.each(["ntp.example.net", "localhost", "a-b.c.", "1.pool.example.net", "x".repeat(63)])(
    "%s is one",
    (name) => expect(line(name)).toBe(`ntp/nd:named-server domain-name=${name}`),
  );
  test.each(["192.0.2.1", "a..b", ".a", "-a", "a-.b", "x".repeat(64), "a,b"])(
    "%s is none",
    (name) => expect(line(name)).toMatch(/^wrong/),
  );
});

describe("the table", () => {
  const elements = table.flatMap(({ grammar }) => elementsOf(grammar));

  test("every keyword has its help, and no help is without its keyword", () => {
    const words = new Set(
      elements.flatMap((one) => {
        const type = one.kind === "parameter" ? parameters[one.name]?.type : undefined;
        if (type?.kind === "words") return Object.keys(type.words);
        return one.kind === "word" ? [one.word] : [];
      }),
    );
    expect([...words].sort()).toEqual(Object.keys(keywordHelp).sort());
  });

  test("every parameter is known, and every one that is known is used", () => {
    const used = new Set(elements.flatMap((one) => (one.kind === "parameter" ? [one.name] : [])));
    expect([...used].sort()).toEqual(Object.keys(parameters).sort());
  });
});

test("a bar outside quotes parts a command from its filter", () => {
  expect(splitPipe("display this | include ttl")).toEqual({
    command: "display this ",
    filter: " include ttl",
  });
  expect(splitPipe('x "a | b"')).toEqual({ command: 'x "a | b"' });
  expect(splitPipe("x |b a|c")).toEqual({ command: "x ", filter: "b a|c" });
});
