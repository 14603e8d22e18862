import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/shell/commands.ts";
import { elementsOf, parseSyntax } from "../../src/shell/grammar.ts";
import { referencePage } from "../../src/shell/index.ts";
import { parsePath } from "../../src/shell/node-path.ts";
import { parameters } from "../../src/shell/parameters.ts";
import { fullPath } from "../../src/shell/statement-edit.ts";
import { childNamed, type DataSchemaNode, type Type } from "../../src/yang/index.ts";
import { servedSchema } from "../agent/served.ts";
import { World } from "../agent/world.ts";
import { TypedShell } from "./terminal.ts";

const secret = "Str0ng-passw0rd!";

function shell() {
  const world = new World();
  const host = world.host({ address: "192.0.2.1" });
  const typed = new TypedShell(world, host);
  const manager = host.session();
  const candidate = (): string => {
    const reply = manager.rpc("<get-config><source><candidate/></source></get-config>");
    return reply.replace(/.*<data>|<\/data>.*/gs, "");
  };
  manager.edit(
    '<acls xmlns="urn:ietf:params:xml:ns:yang:ietf-access-control-list">' +
      "<acl><name>inside</name></acl></acls>",
  );
  typed.line("system-view");
  return { host, typed, manager, candidate };
}

/** The statements that `display this` shows. */
function shown(typed: TypedShell): readonly string[] {
  return typed
    .line("display this")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^(undo )?(ntp-service|crypto)/.test(line));
}

// Each: what is typed, how it is shown (where that is not the same), what is in the data.
describe("a statement is an edit, is shown as it is typed, and can be undone", () => {
  test.each<[view: string, line: string, shown: string | undefined, data: string, undo: string]>([
    ["system", "ntp-service port 1999", undefined, "<port>1999</port>", "undo ntp-service port"],
    [
      "system",
      "ntp-service max-dynamic-sessions 7",
      undefined,
      '<max-dynamic-sessions xmlns="urn:ntpconfd:yang:ntp">7<',
      "undo ntp-service max-dynamic-sessions",
    ],
    [
      "system",
      "ntp-service refclock-master",
      "ntp-service refclock-master 8",
      "<refclock-master><master-stratum>8<",
      "undo ntp-service refclock-master",
    ],
    [
      "system",
      "ntp-service unicast-server 192.0.2.7 iburst minpoll 4 preference",
      "ntp-service unicast-server 192.0.2.7 preference iburst minpoll 4",
      ">uc-server</type><prefer>true</prefer><iburst>true</iburst><minpoll>4<",
      "undo ntp-service unicast-server 192.0.2.7",
    ],
    [
      "system",
      "ntp-service unicast-server ipv6 2001:db8::9 interleaved minpoll 4",
      "ntp-service unicast-server ipv6 2001:db8::9 minpoll 4 interleaved",
      '>uc-server</type><minpoll>4</minpoll><interleaved xmlns="urn:ntpconfd:yang:ntp">true<',
      "undo ntp-service unicast-server ipv6 2001:db8::9",
    ],
    [
      "system",
      "ntp-service unicast-server domain ntp.example.net iburst max-addresses 4 ipv6",
      "ntp-service unicast-server domain ntp.example.net iburst ipv6 max-addresses 4",
      '<named-server xmlns="urn:ntpconfd:yang:ntp"><name>ntp.example.net</name>',
      "undo ntp-service unicast-server domain ntp.example.net",
    ],
    [
      "system",
      "ntp-service unicast-peer ipv6 2001:db8::7 source-interface eth 0",
      "ntp-service unicast-peer ipv6 2001:db8::7 source-interface eth0",
      "<source>eth0</source>",
      "undo ntp-service unicast-peer ipv6 2001:db8::7",
    ],
    [
      "system",
      "ntp-service access synchronization inside",
      undefined,
      "server-only-access-mode</access-mode><acl>inside<",
      "undo ntp-service access synchronization",
    ],
    [
      "system",
      "ntp-service discard min-interval 2 avg-interval 4",
      undefined,
      "<discard><minimum-interval>2</minimum-interval><average-interval>4<",
      "undo ntp-service discard",
    ],
    [
      "system",
      "ntp-service max-distance 0.25",
      undefined,
      "<max-distance>0.25<",
      "undo ntp-service max-distance",
    ],
    [
      "system",
      "ntp-service step-threshold 0",
      "ntp-service step-threshold 0.0",
      "<step-threshold>0.0<",
      "undo ntp-service step-threshold",
    ],
    [
      "system",
      "ntp-service panic-threshold 90.5",
      undefined,
      "<panic-threshold>90.5<",
      "undo ntp-service panic-threshold",
    ],
    [
      "interface eth0",
      "ntp-service broadcast-server ttl 2",
      undefined,
      "<broadcast-server><ttl>2<",
      "undo ntp-service broadcast-server",
    ],
    [
      "interface eth0",
      "ntp-service broadcast-client",
      undefined,
      "<broadcast-client/>",
      "undo ntp-service broadcast-client",
    ],
    [
      "interface eth0",
      "ntp-service multicast-server ttl 3",
      "ntp-service multicast-server 224.0.1.1 ttl 3",
      "<multicast-server><address>224.0.1.1</address><ttl>3<",
      "undo ntp-service multicast-server",
    ],
    [
      "interface eth0",
      "ntp-service multicast-client 239.1.2.3",
      undefined,
      "<multicast-client><address>239.1.2.3<",
      "undo ntp-service multicast-client 239.1.2.3",
    ],
    [
      "interface eth0",
      "ntp-service manycast-server ipv6",
      "ntp-service manycast-server ipv6 ff0e::101",
      "<manycast-server><address>ff0e::101<",
      "undo ntp-service manycast-server ipv6",
    ],
    [
      "interface eth0",
      "ntp-service manycast-client ipv6 ff05::7 maxclock 5 minclock 2 beacon 8 ttl 4 port 1024",
      "ntp-service manycast-client ipv6 ff05::7 ttl 4 port 1024 minclock 2 maxclock 5 beacon 8",
      "<minclock>2</minclock><maxclock>5</maxclock><beacon>8</beacon>",
      "undo ntp-service manycast-client ipv6 ff05::7",
    ],
  ])("%s: %s", (view, line, printed, data, undo) => {
    const { typed, candidate } = shell();
    typed.line("ntp-service enable");
    if (view !== "system") typed.line(view);
    const before = candidate();
    expect(typed.line(line)).toBe("");
    expect(candidate()).toContain(data);
    expect(shown(typed)).toEqual([printed ?? line]);
    // What is shown can be typed, and says the same.
    const after = candidate();
    expect(typed.line(printed ?? line)).toBe("");
    expect(candidate()).toBe(after);
    expect(typed.line(undo)).toBe("");
    expect(candidate()).toBe(before);
  });

  test.each([
    ["ntp-service authentication enable", "<auth-enabled>"],
    ["ntp-service authentication-password complexity-check enable", "complexity-check"],
    ["crypto weak-algorithm disable", "weak-algorithms-enabled"],
    ["ntp-service server disable", "<ipv4-enabled>false<"],
    ["ntp-service ipv6 server disable", "<ipv6-enabled>false<"],
    ["ntp-service control-queries enable", "<control-queries-enabled>true<"],
    ["ntp-service kod-enable", "<kod-enabled>true<"],
    ["ntp-service authentication dynamic-sessions enable", "<dynamic-sessions-authenticated"],
  ])("%s: on and off are both said", (line, data) => {
    const { typed, candidate } = shell();
    expect(typed.line(line)).toBe("");
    expect(candidate()).toContain(data);
    expect(shown(typed)).toEqual([line]);
    expect(typed.line(`undo ${line}`)).toBe("");
    expect(shown(typed)).toEqual([`undo ${line}`]);
  });

  test("an interface that takes nothing in", () => {
    const { typed, candidate } = shell();
    typed.line("interface eth0");
    expect(typed.line("ntp-service in-interface disable")).toBe("");
    expect(candidate()).toContain('<receive-enabled xmlns="urn:ntpconfd:yang:ntp">false<');
    expect(shown(typed)).toEqual(["ntp-service in-interface disable"]);
  });

  test("a role that is typed again is what was typed last", () => {
    const { typed } = shell();
    typed.line("interface eth0");
    typed.line("ntp-service manycast-client ttl 3 version 3");
    typed.line("ntp-service manycast-client port 1999");
    expect(shown(typed)).toEqual(["ntp-service manycast-client 224.0.1.1 port 1999"]);
  });

  test("to undo what was named and is not there is told; the usual group may be missing", () => {
    const { typed, candidate } = shell();
    const before = candidate();
    expect(typed.line("undo ntp-service authentication-keyid 5")).toContain("no such statement");
    expect(typed.line("undo ntp-service unicast-server 192.0.2.1")).toContain("no such statement");
    expect(typed.line("undo ntp-service max-dynamic-sessions")).toBe("");
    typed.line("interface eth0");
    expect(typed.line("undo ntp-service manycast-client 224.0.1.1")).toContain("no such statement");
    expect(typed.line("undo ntp-service manycast-client")).toBe("");
    expect(candidate()).toBe(before);
  });

  test("ntp-service enable alone, and its undoing takes everything", () => {
    const { typed, candidate } = shell();
    expect(typed.line("ntp-service enable")).toBe("");
    expect(shown(typed)).toEqual(["ntp-service enable"]);
    typed.line("ntp-service port 1999");
    expect(shown(typed)).toEqual(["ntp-service port 1999"]);
    expect(typed.line("undo ntp-service enable")).toBe("");
    expect(candidate()).not.toContain("<ntp");
  });
});

describe("keys", () => {
  const line = (form: string): string =>
    `ntp-service authentication-keyid 5 authentication-mode hmac-sha256 ${form}`;

  test.each(["plain", ""])("%s: the text is kept, cipher text is shown", (form) => {
    const { typed, candidate, host } = shell();
    expect(typed.line(line(`${form} ${secret}`))).toBe("");
    expect(candidate()).toContain(`<keystring>${secret}</keystring>`);
    const [key = "", reliable] = shown(typed);
    expect(reliable).toBe("ntp-service reliable authentication-keyid 5");
    const cipher = key.slice(line("cipher ").length);
    expect(new TextDecoder().decode(host.vault.open(cipher))).toBe(secret);
    // And what was shown can be typed.
    expect(typed.line(key)).toBe("");
    expect(candidate()).toContain(cipher);
    expect(candidate()).not.toContain(secret);
    expect(shown(typed)[0]).toBe(key);
  });

  test("cipher: text is encrypted, cipher text is taken as it is, a stranger's is refused", () => {
    const { typed, candidate, host } = shell();
    expect(typed.line(line(`cipher ${secret}`))).toBe("");
    const [, cipher = ""] = /<cipher-string[^>]*>(.*?)</.exec(candidate()) ?? [];
    expect(new TextDecoder().decode(host.vault.open(cipher))).toBe(secret);
    const other = host.vault.seal(new TextEncoder().encode("Other-Secret-9!"));
    expect(typed.line(line(`cipher ${other}`))).toBe("");
    expect(candidate()).toContain(other);
    const strange = `${other.slice(0, -6)}AAAA==`;
    expect(typed.line(line(`cipher ${strange}`))).toContain("not made by this agent");
    expect(typed.line("commit")).toBe("");
  });

  test("the complexity check holds for both forms", () => {
    const { typed } = shell();
    expect(typed.line(line("cipher short"))).toContain("12 characters");
    expect(typed.line(line("plain short"))).toContain("12 characters");
    typed.line("undo ntp-service authentication-password complexity-check enable");
    expect(typed.line(line("cipher short"))).toBe("");
    expect(typed.line("commit")).toBe("");
  });

  test("MD5 waits for the gate", () => {
    const { typed } = shell();
    const key = `ntp-service authentication-keyid 5 authentication-mode md5 plain ${secret}`;
    expect(typed.line(key)).toContain("Error: MD5 and SHA-1 are weak");
    typed.line("undo crypto weak-algorithm disable");
    expect(typed.line(key)).toBe("");
    expect(typed.line("commit")).toBe("");
  });

  test("trust and authentication that were taken back stay so", () => {
    const { typed, candidate } = shell();
    typed.line(line(`plain ${secret}`));
    expect(candidate()).toContain("<istrusted>true<");
    typed.line("undo ntp-service reliable authentication-keyid 5");
    typed.line(line(`plain ${secret}2`));
    expect(candidate()).toContain("<istrusted>false<");
    typed.line("undo ntp-service authentication enable");
    expect(typed.line("ntp-service unicast-server 192.0.2.1 authentication-keyid 5")).toBe("");
    expect(candidate()).toContain("<auth-enabled>false<");
    const before = candidate();
    for (const undo of ["", "undo "]) {
      const of6 = typed.line(`${undo}ntp-service reliable authentication-keyid 6`);
      expect(of6).toContain("there is no key 6");
    }
    expect(candidate()).toBe(before);
  });

  test("a command of another view, and of another maker's routers, is told where it is here", () => {
    const { typed } = shell();
    expect(typed.line("ntp-service manycast-client 192.0.2.1")).toContain("view of an interface");
    expect(typed.line("show ntp status")).toContain("here it is display");
    expect(typed.line("no ntp-service port")).toContain("here it is undo");
    expect(typed.line("ntp-service unicast-server show")).not.toContain("here it is");
  });

  test("a role may name a key that is made later; a commit without it is refused", () => {
    const { typed } = shell();
    const early = typed.line("ntp-service unicast-server 192.0.2.1 authentication-keyid 5");
    expect(early).toContain("Info: A commit asks for more");
    expect(typed.line("commit")).toContain("Error: ");
    expect(typed.line("ntp-service port 1999")).toBe("");
    expect(typed.line(line(`plain ${secret}`))).toBe("");
    expect(typed.line("commit")).toBe("");
  });

  test("a key in hexadecimal and RFC 9249's own name for AES-CMAC are shown as commands", () => {
    const { typed, manager, host } = shell();
    const octets = Array(16).fill("a5").join(":");
    const key =
      "<keyid>9</keyid><algorithm>ntp:aes-cmac</algorithm>" +
      `<key><hexadecimal-string>${octets}</hexadecimal-string></key>`;
    const ns = 'xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"';
    manager.edit(
      `<ntp ${ns} xmlns:ntp="urn:ietf:params:xml:ns:yang:ietf-ntp"><authentication>` +
        `<authentication-keys>${key}</authentication-keys></authentication></ntp>`,
    );
    const [found = ""] = shown(typed);
    expect(found).toContain("authentication-keyid 9 authentication-mode aes-128-cmac cipher ");
    expect(host.vault.open(found.split(" ").at(-1) ?? "")).toEqual(new Uint8Array(16).fill(0xa5));
  });
});

describe("the table and the YANG modules say the same", () => {
  const schema = servedSchema();
  const integerOf = (type: Type): Type => (type.base === "leafref" ? type.realType : type);

  function nodeAt(path: string): DataSchemaNode {
    let at: DataSchemaNode | undefined;
    for (const { namespace, name } of parsePath(path)) {
      const parent = at === undefined ? schema : at;
      at = "dataChildren" in parent ? childNamed(parent, namespace, name) : undefined;
      expect(at, `${path}: ${name}`).toBeDefined();
    }
    if (at === undefined) throw new Error(path);
    return at;
  }

  const statements = commands.flatMap((command) => (command.kind === "config" ? [command] : []));
  test.each(statements.map((command) => [command.syntax, command] as const))("%s", (_, command) => {
    const path = fullPath(command);
    nodeAt(path);
    const used = new Set(
      elementsOf(parseSyntax(command.syntax)).map((one) =>
        one.kind === "word" ? one.word : one.name,
      ),
    );
    for (const [name, leaf] of Object.entries(command.leaves ?? {})) {
      expect(used.has(name), name).toBe(true);
      const node = nodeAt(`${path}/${leaf}`);
      const type = parameters[name]?.type;
      if (type?.kind !== "integer" || (node.kind !== "leaf" && node.kind !== "leaf-list")) continue;
      const real = integerOf(node.type);
      expect(real.base).toMatch(/^u?int/);
      for (const { parts } of "ranges" in real ? real.ranges : []) {
        for (const [low, high] of type.ranges) {
          const inside = parts.some(([min, max]) => BigInt(low) >= min && BigInt(high) <= max);
          expect(inside, `${name} ${low}..${high}`).toBe(true);
        }
      }
    }
  });
});

test("docs/reference-commands.md is made of the table: scripts/reference-commands.ts", () => {
  const page = resolve(import.meta.dirname, "../../docs/reference-commands.md");
  expect(readFileSync(page, "utf8")).toBe(referencePage());
});
