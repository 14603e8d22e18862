import { FrameReader, isBadFraming } from "../../src/netconf/index.ts";
import type { Chance } from "./chance.ts";
import { type FuzzTarget, holds } from "./target.ts";

const octetsMax = 200;
const LF = 10;
const latin = new TextDecoder("latin1");

/**
 * RFC 6242. An input's first octet says the framing, its second how the rest is cut into pieces.
 * Whatever the pieces, the messages are those that a slow reader finds.
 */
export const framing: FuzzTarget = {
  name: "framing",
  quick: 1_000,
  make(chance) {
    const chunked = chance.happens(0.7);
    const one = (): number[] => (chunked ? chunkedMessage(chance) : eomMessage(chance));
    const wire = Uint8Array.from(chance.some(5, one).flat());
    const damaged = chance.happens(0.6) ? chance.damaged(wire) : wire;
    return Uint8Array.of(chunked ? 1 : 0, chance.integer(256), ...damaged);
  },
  run(input) {
    const [mode = 0, cut = 0] = input;
    const wire = input.subarray(2);
    const whole = read(mode, [wire]);
    const single = read(
      mode,
      Array.from(wire, (octet) => Uint8Array.of(octet)),
    );
    const pieces = read(mode, pieced(wire, cut));
    const slow = mode === 1 ? slowChunks(wire) : slowEom(wire);
    const told = [whole, single, pieces, slow].map((one) => JSON.stringify(one));
    holds(new Set(told).size === 1, () => `the pieces change what is read:\n${told.join("\n")}`);
  },
};

/** The messages as text, and "bad" at the end if the session must end. */
function read(mode: number, pieces: readonly Uint8Array[]): readonly string[] {
  const reader = new FrameReader(octetsMax);
  if (mode === 1) reader.useChunks();
  const found: string[] = [];
  for (const piece of pieces) {
    reader.feed(piece);
    for (;;) {
      const message = reader.next();
      if (message === undefined) break;
      if (isBadFraming(message)) {
        holds(message === reader.next(), () => "a fault is followed by something else");
        return [...found, "bad"];
      }
      found.push(latin.decode(message));
    }
  }
  return found;
}

function pieced(wire: Uint8Array, cut: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, n = 1; at < wire.length; n++) {
    const length = ((cut * n) % 23) + 1;
    pieces.push(wire.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

/** The same by the letter of section 4.3. */
function slowEom(wire: Uint8Array): readonly string[] {
  const parts = latin.decode(wire).split("]]>]]>");
  const rest = parts.pop() ?? "";
  const long = parts.findIndex((part) => part.length > octetsMax);
  if (long >= 0) return [...parts.slice(0, long), "bad"];
  const begun = ["]]>]]", "]]>]", "]]>", "]]", "]"].find((mark) => rest.endsWith(mark)) ?? "";
  return rest.length - begun.length > octetsMax ? [...parts, "bad"] : parts;
}

/** The same by the grammar of section 4.2. */
function slowChunks(wire: Uint8Array): readonly string[] {
  const text = latin.decode(wire);
  const found: string[] = [];
  let message = "";
  let at = 0;
  for (;;) {
    const isFirst = message === "";
    const head = /\n(\n*)#(?:#(\n)|([1-9]\d{0,9})\n)/y;
    head.lastIndex = at;
    const match = head.exec(text);
    const early = match === null || (match[1] !== "" && !isFirst);
    if (early) return mayContinue(text.slice(at), isFirst) ? found : [...found, "bad"];
    if (match[2] === "\n") {
      if (isFirst) return [...found, "bad"];
      found.push(message);
      message = "";
      at = head.lastIndex;
      continue;
    }
    const size = Number(match[3]);
    if (size > 4_294_967_295 || message.length + size > octetsMax) return [...found, "bad"];
    if (head.lastIndex + size > text.length) return found;
    message += text.slice(head.lastIndex, head.lastIndex + size);
    at = head.lastIndex + size;
  }
}

/** Whether more octets could make a header of this. */
function mayContinue(rest: string, isFirst: boolean): boolean {
  const begun = isFirst
    ? /^(?:\n+(?:#(?:[1-9]\d{0,9})?)?)?$/
    : /^(?:\n(?:#(?:#|[1-9]\d{0,9})?)?)?$/;
  return begun.test(rest);
}

function body(chance: Chance): number[] {
  const marks = [93, 93, 62, 93, 93, 62, LF, 35, 35, LF, 49, 60, 97, 0xc3, 0xa4, 0, 0xff];
  return chance.happens(0.1)
    ? [...chance.bytes(chance.integer(300))]
    : chance.some(30, () => chance.pick(marks));
}

function eomMessage(chance: Chance): number[] {
  return [...body(chance), 93, 93, 62, 93, 93, 62];
}

function chunkedMessage(chance: Chance): number[] {
  const late = chance.happens(0.2) ? [LF] : [];
  const chunks = [body(chance), ...chance.some(3, () => body(chance))].filter((c) => c.length > 0);
  const encoded = chunks.flatMap((chunk) => {
    const size = chance.happens(0.95)
      ? String(chunk.length)
      : chance.pick([
          "0",
          "00001",
          "4294967295",
          "4294967296",
          "99999999999",
          "+5",
          " 5",
          "5 ",
          "",
        ]);
    return [LF, 35, ...new TextEncoder().encode(size), LF, ...chunk];
  });
  return [...late, ...encoded, LF, 35, 35, LF];
}
