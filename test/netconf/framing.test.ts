import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  FrameEncoder,
  FrameReader,
  type FramingMode,
  isBadFraming,
} from "../../src/netconf/framing.ts";

const MAX = 1000;

/** Feeds the pieces and tells all messages, and the fault that ended them. */
function read(
  mode: FramingMode,
  pieces: readonly string[],
  octetsMax = MAX,
): { readonly messages: readonly string[]; readonly fault: string | undefined } {
  const reader = new FrameReader(octetsMax);
  if (mode === "chunked") reader.useChunks();
  const messages: string[] = [];
  for (const piece of pieces) {
    reader.feed(new TextEncoder().encode(piece));
    for (let next = reader.next(); next !== undefined; next = reader.next()) {
      if (isBadFraming(next)) return { messages, fault: next.reason };
      messages.push(new TextDecoder().decode(next));
    }
  }
  return { messages, fault: undefined };
}

/** The same whole, octet by octet, and cut in two at every place. */
function check(mode: FramingMode, text: string, messages: readonly string[], fault?: RegExp): void {
  const ways = [[text], [...text]];
  for (let i = 1; i < text.length; i++) ways.push([text.slice(0, i), text.slice(i)]);
  for (const way of ways) {
    const result = read(mode, way);
    expect(result.messages).toEqual(messages);
    if (fault === undefined) expect(result.fault).toBeUndefined();
    else expect(result.fault).toMatch(fault);
  }
}

describe("RFC 6242 section 4.2: chunks", () => {
  const example = [
    "\n#4\n<rpc",
    '\n#18\n message-id="102"\n',
    '\n#79\n     xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">\n  <close-session/>\n</rpc>',
    "\n##\n",
  ].join("");
  const message =
    '<rpc message-id="102"\n     xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">\n' +
    "  <close-session/>\n</rpc>";

  const fine: readonly (readonly [string, string, readonly string[]])[] = [
    ["the example", example, [message]],
    ["two messages", `${example}\n#1\na\n##\n`, [message, "a"]],
    ["chunks of one octet", "\n#1\na\n#1\nb\n#1\nc\n##\n", ["abc"]],
    ["line feeds before a message", "\n\n\n#1\na\n##\n\n\n#1\nb\n##\n\n", ["a", "b"]],
    ["framing marks as data", "\n#14\n]]>]]>\n##\n\n#1\n\n##\n", ["]]>]]>\n##\n\n#1\n"]],
    ["a message that has not ended", "\n#3\nabc\n##", []],
  ];
  test.each(fine)("%s", (_, text, messages) => check("chunked", text, messages));

  const bad: readonly (readonly [string, string, RegExp])[] = [
    ["size 0", "\n#0\n\n##\n", /size/],
    ["a leading zero", "\n#04\n<rpc\n##\n", /size/],
    ["above 4294967295", "\n#4294967296\n", /4294967295/],
    ["eleven digits", "\n#42949672950", /4294967295/],
    ["a sign", "\n#+5\n", /size/],
    ["a space in a size", "\n#5 \n", /size/],
    ["no line feed before a size", "#5\n<rpc/", /LF/],
    ["no line feed after a chunk", "\n#1\na#1\nb\n##\n", /LF/],
    ["two line feeds after a chunk", "\n#1\na\n\n#1\nb\n##\n", /LF/],
    ["no line feed at the end", "\n#1\na\n##x", /LF/],
    ["a message without chunks", "\n##\n", /no chunks/],
    ["the other framing", "<rpc/>]]>]]>", /LF/],
    ["too many octets, announced", "\n#1001\n", /more than 1000 octets/],
    ["too many octets, in pieces", `\n#999\n${"x".repeat(999)}\n#2\nab`, /more than 1000/],
  ];
  test.each(bad)("%s ends the session", (_, text, fault) => check("chunked", text, [], fault));

  test("a size of ten digits is read, and refused by the limit alone", () => {
    expect(read("chunked", ["\n#4294967295\n"]).fault).toMatch(/more than 1000 octets/);
    expect(read("chunked", ["\n#4294967295\n"], 2 ** 32).fault).toBeUndefined();
  });
});

describe("RFC 6242 section 4.3: end of message", () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ["<hello/>]]>]]>", ["<hello/>"]],
    ["<a/>]]>]]>\n<b/>]]>]]>", ["<a/>", "\n<b/>"]],
    ["a]]]>]]>b]]>]]]>]]>", ["a]", "b]]>]"]],
    ["]]>]]]]>]]>]]>]]>", ["]]>]]", ""]],
    ["<a/>]]>]]", []],
  ];
  test.each(table)("%j", (text, messages) => check("eom", text, messages));

  test("what never ends is cut off", () => {
    expect(read("eom", ["x".repeat(600), "x".repeat(600)]).fault).toMatch(/more than 1000/);
  });
});

test("what waits behind a message is bounded, the message itself is not in it", () => {
  const reader = new FrameReader(10);
  reader.feed(new TextEncoder().encode("12345]]>]]>12345"));
  expect(reader.overflows()).toBe(true);
  expect(reader.next()).toEqual(new TextEncoder().encode("12345"));
  expect(reader.overflows()).toBe(false);
});

test("cutting the octets anywhere changes nothing", () => {
  const payload = fc.string({ minLength: 1, maxLength: 40 });
  const messages = fc.array(fc.array(payload, { minLength: 1, maxLength: 4 }), { maxLength: 4 });
  const frames = (chunks: readonly string[]): string =>
    chunks.map((c) => `\n#${new TextEncoder().encode(c).length}\n${c}`).join("");
  fc.assert(
    fc.property(messages, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (all, sizes) => {
      const bytes = new TextEncoder().encode(all.map((m) => `${frames(m)}\n##\n`).join(""));
      const reader = new FrameReader(MAX);
      reader.useChunks();
      const found: string[] = [];
      for (let at = 0; at < bytes.length; ) {
        const size = sizes.next().value ?? 1;
        reader.feed(bytes.subarray(at, at + size));
        at += size;
        for (let next = reader.next(); next !== undefined; next = reader.next()) {
          if (isBadFraming(next)) throw new Error(next.reason);
          found.push(new TextDecoder().decode(next));
        }
      }
      expect(found).toEqual(all.map((m) => m.join("")));
    }),
    { seed: 6242, numRuns: 300 },
  );
});

describe("what is sent", () => {
  const sizes = [1, 5, 16_383, 16_384, 16_385, 65_536, 65_537, 300_000];
  const modes: readonly FramingMode[] = ["eom", "chunked"];
  const table = modes.flatMap((mode) => sizes.map((size) => [mode, size] as const));
  test.each(table)("%s, %i octets: whole, in chunks of at most 16 KiB", (mode, size) => {
    const text = "0123456789".repeat(size / 10 + 1).slice(0, size);
    for (const pieces of [[text], [text.slice(0, size / 3), text.slice(size / 3), ""]]) {
      const encoder = new FrameEncoder(mode, pieces);
      let sent = "";
      for (let next = encoder.next(); next !== undefined; next = encoder.next()) {
        expect(next.length).toBeLessThan(66_000);
        sent += new TextDecoder().decode(next);
        expect(encoder.isDone()).toBe(sent.endsWith(mode === "eom" ? "]]>]]>" : "\n##\n"));
      }
      expect(read(mode, [sent], 1e6).messages).toEqual([text]);
      for (const [, octets] of sent.matchAll(/\n#([0-9]+)\n/g)) {
        expect(Number(octets)).toBeLessThanOrEqual(16_384);
      }
    }
  });

  test("pieces are pulled when they are wanted, not before", () => {
    let pulled = 0;
    const pieces = function* (): Iterable<string> {
      for (; pulled < 100; pulled++) yield "x".repeat(10_000);
    };
    const encoder = new FrameEncoder("chunked", pieces());
    expect(pulled).toBe(0);
    encoder.next();
    expect(pulled).toBeLessThan(10);
  });
});
