import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BASE, faultsOf, helloOf, type Manager, top, World } from "./world.ts";

const V10 = "urn:ietf:params:netconf:base:1.0";
const V11 = "urn:ietf:params:netconf:base:1.1";
const XML = `<?xml version="1.0" encoding="UTF-8"?>`;
const READ = `<get-config><source><running/></source><filter><other xmlns="urn:lab"/></filter></get-config>`;

function rpc(operation: string, attributes = `message-id="1"`): string {
  return `<rpc xmlns="${BASE}" ${attributes}>${operation}</rpc>`;
}

describe("hellos", () => {
  test("ours comes at once, without prefixes or white space", () => {
    const hello = new World().connect().messages[0] ?? "";
    expect(hello).toMatch(
      new RegExp(
        `^<\\?xml version="1.0" encoding="UTF-8"\\?><hello xmlns="${BASE}"><capabilities>` +
          `(<capability>[^\\s<]+</capability>)+</capabilities><session-id>1</session-id></hello>$`,
      ),
    );
    for (const uri of [V10, V11, "candidate:1.0<", "xpath:1.0<", "with-defaults:1.0?basic-mode"]) {
      expect(hello).toContain(uri);
    }
    // RFC 7950 section 5.6.4: modules of YANG 1.1 are not announced, older ones are.
    expect(hello).not.toContain("module=lab");
    expect(hello).toContain(
      "<capability>urn:twin?module=twin&amp;revision=2026-01-02</capability>",
    );
    expect(hello).toMatch(/yang-library:1.1\?revision=2019-01-04&amp;content-id=[0-9a-f]+</);
  });

  test("session-ids differ", () => {
    const world = new World();
    expect([world.open().id, world.open().id, world.open().id]).toEqual(["1", "2", "3"]);
  });

  const fine: readonly (readonly [string, string, boolean])[] = [
    ["base:1.1", helloOf([V11]), true],
    ["base:1.0", helloOf([V10]), false],
    ["both", helloOf([V10, V11]), true],
    ["arguments", helloOf([`${V11}?x=1`]), true],
    ["white space", helloOf([`\n ${V11} \n`]), true],
    ["a declaration after line feeds", `\n  \n${XML}${helloOf([V11])}`, true],
    ["utf-8 in lower case", XML.replace("UTF-8", "utf-8") + helloOf([V11]), true],
    [
      "prefixes",
      `<nc:hello xmlns:nc="${BASE}"><nc:capabilities><nc:capability>${V11}</nc:capability>` +
        "</nc:capabilities></nc:hello>",
      true,
    ],
  ];
  test.each(fine)("%s is taken", (_, hello, isChunked) => {
    const manager = new World().connect();
    manager.write(`${hello}]]>]]>`);
    expect(manager.isClosed).toBe(false);
    manager.write(isChunked ? `\n#${rpc(READ).length}\n${rpc(READ)}\n##\n` : `${rpc(READ)}]]>]]>`);
    const reply = new TextDecoder().decode(manager.octets.at(-1));
    expect(reply).toContain("<data/></rpc-reply>");
    expect(reply.startsWith("\n#")).toBe(isChunked);
  });

  const bad: readonly (readonly [string, string])[] = [
    ["a session-id", helloOf([V11], "<session-id>4</session-id>")],
    ["no version in common", helloOf(["urn:ietf:params:netconf:base:9.9"])],
    ["another namespace", helloOf([V11]).replace(BASE, "urn:other")],
    ["no namespace", helloOf([V11]).replace(` xmlns="${BASE}"`, "")],
    ["an rpc before it", rpc("<close-session/>")],
    ["what is no XML", "hello"],
  ];
  test.each(bad)("%s ends the session, without an answer", (_, hello) => {
    const world = new World();
    const manager = world.connect();
    manager.write(`${hello}]]>]]>`);
    expect(manager.isClosed).toBe(true);
    expect(manager.messages).toHaveLength(1);
    expect(world.open().rpc(READ)).toBe("<data/>");
  });

  test("a hello and the first rpc may come in one piece", () => {
    const manager = new World().connect();
    const first = `\n#${rpc(READ).length}\n${rpc(READ)}\n##\n`;
    manager.write(`${helloOf([V11])}]]>]]>${first}`);
    expect(new TextDecoder().decode(manager.octets.at(-1))).toContain("<data/>");
  });
});

describe("the envelope", () => {
  const echoed: readonly (readonly [string, string])[] = [
    [`message-id="urn:uuid:1"`, `message-id="urn:uuid:1"`],
    [`message-id="&lt;x"`, `message-id="&lt;x"`],
    [`message-id=""`, `message-id=""`],
    [
      `message-id="1" xmlns:ex="urn:ex" ex:user-id="fred" plain="a &amp; &quot;b&quot;"`,
      `xmlns:ex="urn:ex" message-id="1" ex:user-id="fred" plain="a &amp; &quot;b&quot;"`,
    ],
    [`x="]]>]]>" message-id="1"`, `x="]]&gt;]]&gt;" message-id="1"`],
  ];
  test.each(echoed)("%s comes back", (attributes, back) => {
    const manager = new World().open();
    const head = `<rpc-reply xmlns="${BASE}" ${back}>`;
    expect(manager.message(rpc(READ, attributes))).toBe(`${head}<data/></rpc-reply>`);
    expect(manager.message(rpc("<get-config/>", attributes)).startsWith(head)).toBe(true);
  });

  test("prefixes and no namespace are read alike", () => {
    const manager = new World().open();
    const forms = [
      `<nc:rpc xmlns:nc="${BASE}" message-id="1"><nc:lock><nc:target><nc:running/></nc:target></nc:lock></nc:rpc>`,
      `<nc:rpc xmlns:nc="${BASE}" message-id="1"><unlock><target><running/></target></unlock></nc:rpc>`,
      `<rpc message-id="1"><lock><target><running/></target></lock></rpc>`,
      `<rpc xmlns="${BASE}" message-id="1"><!-- c --><?p i?><unlock>\n <target> <running/></target></unlock></rpc>`,
    ];
    for (const form of forms) {
      expect(manager.message(form)).toMatch(/ message-id="1"><ok\/><\/rpc-reply>$/);
    }
  });

  const refused: readonly (readonly [string, string, object])[] = [
    [
      "no message-id",
      `<rpc xmlns="${BASE}">${READ}</rpc>`,
      {
        type: "rpc",
        tag: "missing-attribute",
        info: "<bad-attribute>message-id</bad-attribute><bad-element>rpc</bad-element>",
      },
    ],
    [
      "not well-formed",
      `<rpc xmlns="${BASE}" message-id="1"><get></rpc>`,
      { type: "rpc", tag: "malformed-message" },
    ],
    [
      "cut off",
      `<rpc xmlns="${BASE}" message-id="1"><get>`,
      { type: "rpc", tag: "malformed-message" },
    ],
    ["a document type", `<!DOCTYPE rpc>${rpc(READ)}`, { type: "rpc", tag: "malformed-message" }],
    ["another element", `<notification/>`, { type: "rpc", tag: "malformed-message" }],
  ];
  test.each(refused)("%s is told, and the session lives", (_, message, fault) => {
    const manager = new World().open();
    const reply = manager.message(message);
    const head = `<rpc-reply xmlns="${BASE}">`;
    expect(reply.startsWith(head)).toBe(true);
    const [found] = faultsOf(reply.slice(head.length, -"</rpc-reply>".length));
    expect(found).toMatchObject(fault);
    expect(manager.rpc(READ)).toBe("<data/>");
  });

  test("a manager of base:1.0 is not told malformed-message (RFC 6241 appendix A)", () => {
    const manager = new World().open({}, "1.0");
    expect(manager.message("<rpc")).toContain("<error-tag>operation-failed</error-tag>");
    expect(manager.rpc(READ)).toBe("<data/>");
  });

  test("an rpc holds one operation", () => {
    const manager = new World().open();
    expect(faultsOf(manager.rpc(""))).toMatchObject([{ type: "rpc", tag: "missing-element" }]);
    expect(faultsOf(manager.rpc("<get/><get/>"))).toMatchObject([{ type: "rpc" }]);
  });
});

/** Everything that a whole session is sent back, for octets that arrive in pieces. */
function played(pieces: readonly Uint8Array[]): string {
  const world = new World();
  const manager = world.connect();
  for (const piece of pieces) manager.write(piece);
  return manager.messages.slice(0, 1).join("") + manager.octets.map(text).join("");
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

test("cutting the octets of a session anywhere changes nothing", () => {
  const world = new World();
  const manager = world.open();
  const frames = [
    rpc(
      `<edit-config><target><candidate/></target><config>${top("<name>Zürich</name>")}</config></edit-config>`,
    ),
    rpc("<commit/>"),
    rpc(`<get-config><source><running/></source></get-config>`),
    rpc("<nonsense/>"),
    rpc("<close-session/>"),
  ].map((message) => manager.frame(message));
  const bytes = new TextEncoder().encode(`${helloOf([V11])}]]>]]>${frames.join("")}`);
  const whole = played([bytes]);
  expect(whole).toContain("<name>Z&#252;rich</name>");
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const pieces = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
      expect(played(pieces)).toBe(whole);
    }),
    { seed: 6241, numRuns: 60 },
  );
  expect(played([...bytes].map((octet) => Uint8Array.of(octet)))).toBe(whole);
});

describe("serving", () => {
  test("a hundred rpcs in one piece are answered in order", () => {
    const manager = new World().open();
    const ids = Array.from({ length: 100 }, (_, i) => `message-id="${i}"`);
    manager.write(ids.map((id) => manager.frame(rpc(READ, id))).join(""));
    expect(manager.messages.slice(1).map((m) => /message-id="\d+"/.exec(m)?.[0])).toEqual(ids);
  });

  test("a reply is pulled as the channel drains, and the next rpc waits for it", () => {
    const world = new World({ drains: false });
    const manager = world.open();
    manager.drained();
    const items = Array.from({ length: 20_000 }, (_, i) => `<item><id>${i}</id></item>`).join("");
    manager.edit(top(items));
    manager.drained();
    const frames = [`<get-config><source><candidate/></source></get-config>`, "<discard-changes/>"];
    manager.write(frames.map((operation) => manager.frame(rpc(operation))).join(""));
    const sent = (): number => manager.octets.reduce((sum, octets) => sum + octets.length, 0);
    const before = sent();
    expect(manager.messages).toHaveLength(2);
    expect(before).toBeLessThan(400_000);
    expect(world.datastores.candidateModified).toBe(true);
    for (let i = 0; i < 10 && world.datastores.candidateModified; i++) manager.drained();
    expect(manager.messages).toHaveLength(4);
    expect(manager.messages[2]?.match(/<item>/g)).toHaveLength(20_000);
    expect(manager.octets.every((octets) => octets.every((octet) => octet < 128))).toBe(true);
  });

  test("close-session answers, then closes; what comes behind it is not done", () => {
    const world = new World();
    const manager = world.open();
    const late = `<edit-config><target><candidate/></target><config>${top("<name>late</name>")}</config></edit-config>`;
    manager.write(manager.frame(rpc("<close-session/>")) + manager.frame(rpc(late)));
    expect(manager.messages.at(-1)).toContain("<ok/>");
    expect(manager.messages).toHaveLength(2);
    expect(manager.isClosed).toBe(true);
    expect(world.datastores.candidateModified).toBe(false);
  });

  test("bad framing ends the session", () => {
    const world = new World();
    const manager = world.open();
    manager.rpc("<lock><target><running/></target></lock>");
    manager.write("\n#0\n");
    expect(manager.isClosed).toBe(true);
    expect(world.open().rpc("<lock><target><running/></target></lock>")).toBe("<ok/>");
  });

  test("a bug in a handler is operation-failed, and the session lives", () => {
    const handlers = new Map([
      [
        "lab:silent",
        () => {
          throw new Error("the insides");
        },
      ],
    ]);
    const world = new World({ handlers });
    const manager = world.open();
    const [fault] = faultsOf(manager.rpc(`<silent xmlns="urn:lab"/>`));
    expect(fault).toMatchObject({ tag: "operation-failed" });
    expect(fault?.message).not.toContain("insides");
    expect(world.logs.join()).toContain("the insides");
    expect(manager.rpc(READ)).toBe("<data/>");
  });
});

test("a reply that cannot be printed ends its session, and no other", () => {
  const world: World = new World({
    operational: () => {
      const live = world.schema.dataChildren.find(({ name }) => name === "live");
      if (live?.kind !== "container") throw new Error("no state");
      const broken = { kind: "container", schema: live } as const;
      const children = (): never => {
        throw new Error("torn");
      };
      const node = Object.defineProperty({ ...broken, children: [] }, "children", {
        get: children,
      });
      return { kind: "tree", schema: undefined, children: [node] };
    },
  });
  const [victim, other] = [world.open(), world.open()];
  victim.write(victim.frame(rpc(`<get><filter><live xmlns="urn:lab"/></filter></get>`)));
  expect(victim.isClosed).toBe(true);
  expect(world.logs.join()).toContain("torn");
  expect(other.rpc(READ)).toBe("<data/>");
});

describe("limits", () => {
  function isAlive(manager: Manager): boolean {
    return !manager.isClosed && manager.rpc(READ) === "<data/>";
  }

  test("one session too many is refused at once", () => {
    const world = new World({ limits: { sessions: 2 } });
    const [first, second] = [world.open(), world.open()];
    const third = world.connect();
    expect([third.isClosed, third.messages]).toEqual([true, []]);
    first.rpc("<close-session/>");
    expect([isAlive(second), isAlive(world.open())]).toEqual([true, true]);
  });

  test("who says nothing after the hello, or no hello, is let go in time", () => {
    const world = new World({ limits: { helloTimeout: 10, idleTimeout: 100 } });
    const [silent, idle, busy] = [world.connect(), world.open(), world.open()];
    world.pass(9);
    expect(silent.isClosed).toBe(false);
    world.pass(1);
    expect(silent.isClosed).toBe(true);
    world.pass(50);
    expect(isAlive(busy)).toBe(true);
    world.pass(40);
    expect([idle.isClosed, busy.isClosed]).toEqual([true, false]);
    world.pass(10);
    expect(busy.isClosed).toBe(false);
    world.pass(50);
    expect(busy.isClosed).toBe(true);
  });

  test("0 is no limit", () => {
    const world = new World({ limits: { helloTimeout: 0, idleTimeout: 0 } });
    const managers = [world.connect(), world.open()];
    world.pass(1e6);
    expect(managers.map(({ isClosed }) => isClosed)).toEqual([false, false]);
  });

  test("a message beyond the limit ends the session", () => {
    const manager = new World({ limits: { messageOctets: 10_000 } }).open();
    expect(manager.edit(top(`<blob>${"x".repeat(9000)}</blob>`))).toBe("<ok/>");
    expect(() => manager.edit(top(`<blob>${"x".repeat(10_001)}</blob>`))).toThrow();
    expect(manager.isClosed).toBe(true);
  });

  test("so much of messages that are not whole, over all sessions of one user, ends the next", () => {
    const world = new World({ limits: { messageOctets: 10_000 } });
    const [a, b, c, other] = [world.open(), world.open(), world.open(), world.open({ user: "o" })];
    const half = `\n#9000\n${"x".repeat(8_000)}`;
    for (const manager of [a, b, other, c]) manager.write(half);
    expect([a, b, other, c].map(({ isClosed }) => isClosed)).toEqual([false, false, false, true]);
    const small = world.open();
    expect(small.rpc("<discard-changes/>"), "what is short is no matter").toBe("<ok/>");
    a.write(`${"x".repeat(1_000)}\n##\n`);
    const d = world.open();
    d.write(half);
    expect(d.isClosed, "a message that is done makes room").toBe(false);
  });

  test("more than that waiting behind a reply that nobody takes ends it too", () => {
    const world = new World({ limits: { messageOctets: 10_000 }, drains: false });
    const manager = world.open();
    // Replies of some size: after a few of them nothing more is sent, and so nothing is read.
    const ask = manager.frame(
      `<rpc xmlns="${BASE}" message-id="1"><get-schema xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"><identifier>ietf-yang-push</identifier></get-schema></rpc>`,
    );
    let sent = 0;
    for (; !manager.isClosed && sent < 1_000; sent++) manager.write(ask);
    expect(manager.isClosed).toBe(true);
    expect(sent * ask.length).toBeGreaterThan(10_000);
  });
});
