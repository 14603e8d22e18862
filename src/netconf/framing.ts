// RFC 6242 at the level of octets: where a message ends, whatever pieces it arrives in.

/** "eom": section 4.3, ]]>]]> ends a message. "chunked": section 4.2. */
export type FramingMode = "eom" | "chunked";

/** The session must end: what follows could be anything (RFC 6242 section 4.2). */
export interface BadFraming {
  readonly kind: "bad-framing";
  readonly reason: string;
}

export function isBadFraming(frame: Uint8Array | BadFraming): frame is BadFraming {
  return "reason" in frame;
}

const LF = 0x0a;
const HASH = 0x23;
const ZERO = 0x30;
const NINE = 0x39;
const BRACKET = 0x5d;
const GREATER = 0x3e;
const CHUNK_SIZE_MAX = 4_294_967_295;
const CHUNK_SIZE_DIGITS = 10;

/** Where the reader stands in chunked framing. */
type Place =
  /** Before a message: LF is due. More than one is tolerated, managers send them late. */
  | "before-message"
  /** After that LF: "#" is due. */
  | "message-hash"
  /** Inside a message, after a chunk: LF, then "#". */
  | "chunk-lf"
  | "chunk-hash"
  /** After "#": a size, or a second "#". */
  | "size-or-end"
  | "size"
  | "data"
  /** After "##": LF ends the message. */
  | "end-lf";

/** Takes octets as they arrive and gives whole messages, one at a time. */
export class FrameReader {
  #mode: FramingMode = "eom";
  readonly #octetsMax: number;
  readonly #pieces: Uint8Array[] = [];
  /** Octets of the first piece that are already consumed. */
  #offset = 0;
  /** Octets that are not consumed yet. */
  #waiting = 0;
  readonly #body = new Body();
  /** How much of ]]>]]> the last octets were. */
  #matched = 0;
  #place: Place = "before-message";
  /** The size being read, or what is missing of the chunk's data. */
  #size = 0;
  #digits = 0;
  #fault: BadFraming | undefined;

  constructor(octetsMax: number) {
    this.#octetsMax = octetsMax;
  }

  /** RFC 6242 section 4.1: from the message after the hellos on. */
  useChunks(): void {
    this.#mode = "chunked";
  }

  /** `bytes` must not be written to afterwards. */
  feed(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#waiting += bytes.length;
  }

  /** The next whole message; undefined: not here yet. After a fault there is only that fault. */
  next(): Uint8Array | BadFraming | undefined {
    while (this.#fault === undefined) {
      const piece = this.#pieces[0];
      if (piece === undefined) return undefined;
      const from = this.#offset;
      const message = this.#mode === "eom" ? this.#readToEom(piece) : this.#readChunks(piece);
      this.#waiting -= this.#offset - from;
      if (this.#offset >= piece.length) {
        this.#pieces.shift();
        this.#offset = 0;
      }
      if (message !== undefined) return message;
    }
    return this.#fault;
  }

  /** Octets that are here: of a message that is not whole yet, and what waits behind. */
  get held(): number {
    return this.#body.length + this.#waiting;
  }

  /** True if more waits here than a session may have waiting. */
  overflows(): boolean {
    return this.#waiting > this.#octetsMax;
  }

  /** Consumes up to the end of a message, or the whole piece. */
  #readToEom(piece: Uint8Array): Uint8Array | undefined {
    let i = this.#offset;
    while (i < piece.length) {
      if (this.#matched === 0) {
        // Nothing begun: on to the next bracket at the speed of memchr.
        const found = piece.indexOf(BRACKET, i);
        if (found < 0) break;
        i = found;
      }
      this.#matched = advance(this.#matched, piece[i] ?? 0);
      i += 1;
      if (this.#matched === END_OF_MESSAGE_LENGTH) {
        this.#body.append(piece.subarray(this.#offset, i));
        this.#offset = i;
        this.#matched = 0;
        if (this.#body.length - END_OF_MESSAGE_LENGTH <= this.#octetsMax) {
          return this.#take(END_OF_MESSAGE_LENGTH);
        }
        this.#fail(this.#tooBig());
        return undefined;
      }
    }
    this.#body.append(piece.subarray(this.#offset));
    this.#offset = piece.length;
    // What may turn out to be the mark is no part of the message.
    if (this.#body.length - this.#matched > this.#octetsMax) this.#fail(this.#tooBig());
    return undefined;
  }

  #readChunks(piece: Uint8Array): Uint8Array | undefined {
    while (this.#offset < piece.length && this.#fault === undefined) {
      if (this.#place === "data") {
        this.#readData(piece);
        continue;
      }
      const octet = piece[this.#offset] ?? 0;
      this.#offset += 1;
      if (this.#place === "end-lf" && octet === LF) {
        this.#place = "before-message";
        return this.#take(0);
      }
      const reason = this.#readHeader(octet);
      if (reason !== undefined) this.#fail(reason);
    }
    return undefined;
  }

  #readData(piece: Uint8Array): void {
    const end = Math.min(piece.length, this.#offset + this.#size);
    this.#body.append(piece.subarray(this.#offset, end));
    this.#size -= end - this.#offset;
    this.#offset = end;
    if (this.#size === 0) this.#place = "chunk-lf";
  }

  /** One octet of a chunk's header, or of what stands between chunks. Says what is wrong. */
  #readHeader(octet: number): string | undefined {
    switch (this.#place) {
      case "before-message":
      case "chunk-lf":
        if (octet !== LF) return "a chunk does not start with LF";
        this.#place = this.#place === "chunk-lf" ? "chunk-hash" : "message-hash";
        return undefined;
      case "message-hash":
      case "chunk-hash":
        if (octet === LF && this.#place === "message-hash") return undefined;
        if (octet !== HASH) return "a chunk does not start with LF #";
        this.#place = "size-or-end";
        return undefined;
      case "size-or-end":
        return this.#startSize(octet);
      case "end-lf":
        return "the end of chunks is not followed by LF";
      default:
        return this.#readSize(octet);
    }
  }

  #startSize(octet: number): string | undefined {
    if (octet === HASH) {
      if (this.#body.length === 0) return "a message has no chunks";
      this.#place = "end-lf";
      return undefined;
    }
    if (octet <= ZERO || octet > NINE) return "a chunk size does not start with a digit from 1";
    this.#size = octet - ZERO;
    this.#digits = 1;
    this.#place = "size";
    return undefined;
  }

  #readSize(octet: number): string | undefined {
    if (octet === LF) {
      if (this.#size > CHUNK_SIZE_MAX) return "a chunk size is above 4294967295";
      if (this.#body.length + this.#size > this.#octetsMax) return this.#tooBig();
      this.#place = "data";
      return undefined;
    }
    if (octet < ZERO || octet > NINE) return "a chunk size is no number";
    this.#digits += 1;
    if (this.#digits > CHUNK_SIZE_DIGITS) return "a chunk size is above 4294967295";
    this.#size = this.#size * 10 + (octet - ZERO);
    return undefined;
  }

  #fail(reason: string): void {
    this.#fault = { kind: "bad-framing", reason };
  }

  #tooBig(): string {
    return `a message has more than ${this.#octetsMax} octets`;
  }

  #take(trailer: number): Uint8Array {
    const whole = this.#body.take();
    return trailer === 0 ? whole : whole.subarray(0, whole.length - trailer);
  }
}

const END_OF_MESSAGE_LENGTH = 6;

/** The automaton for ]]>]]>: how much of it is matched after one more octet. */
function advance(matched: number, octet: number): number {
  if (octet === BRACKET) {
    if (matched === 2 || matched === 5) return 2;
    return matched + 1;
  }
  if (octet === GREATER && (matched === 2 || matched === 5)) return matched + 1;
  return 0;
}

/** One for all: each session has a reader. */
const nothing = new Uint8Array(0);

/**
 * Octets that are put together: the first piece is kept as it is, so that a message in one piece
 * is never copied; many small ones cost their octets and not an object each.
 */
class Body {
  #first: Uint8Array | undefined;
  #buffer = nothing;
  length = 0;

  append(piece: Uint8Array): void {
    if (piece.length === 0) return;
    if (this.length === 0) this.#first = piece;
    else this.#copy(piece);
    this.length += piece.length;
  }

  take(): Uint8Array {
    const whole = this.#first ?? this.#buffer.subarray(0, this.length);
    this.#first = undefined;
    this.#buffer = nothing;
    this.length = 0;
    return whole;
  }

  #copy(piece: Uint8Array): void {
    const needed = this.length + piece.length;
    if (this.#buffer.length < needed) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#buffer.length, 4096));
      larger.set(this.#first ?? this.#buffer.subarray(0, this.length));
      this.#buffer = larger;
      this.#first = undefined;
    }
    this.#buffer.set(piece, this.length);
  }
}

/** Small chunks: managers that split long ones badly are many (RFC 6242 allows any size). */
const CHUNK_OCTETS = 16_384;
const BATCH_OCTETS = 4 * CHUNK_OCTETS;
const encoder = new TextEncoder();

/**
 * Frames one message, as it is pulled: each call gives about 64 KiB, then undefined. The pieces
 * must be ASCII.
 */
export class FrameEncoder {
  readonly #mode: FramingMode;
  readonly #pieces: Iterator<string>;
  #text = "";
  #offset = 0;
  #isLast = false;
  #isDone = false;

  constructor(mode: FramingMode, pieces: Iterable<string>) {
    this.#mode = mode;
    this.#pieces = pieces[Symbol.iterator]();
  }

  next(): Uint8Array | undefined {
    if (this.#isDone) return undefined;
    this.#fill();
    const available = this.#text.length - this.#offset;
    const end = this.#offset + Math.min(available, BATCH_OCTETS);
    this.#isDone = this.#isLast && end === this.#text.length;
    const framed =
      this.#mode === "eom"
        ? this.#text.slice(this.#offset, end) + (this.#isDone ? "]]>]]>" : "")
        : this.#chunks(end) + (this.#isDone ? "\n##\n" : "");
    this.#offset = end;
    return encoder.encode(framed);
  }

  /** True once all of the message has been given. */
  isDone(): boolean {
    return this.#isDone;
  }

  #fill(): void {
    if (this.#offset > 0) {
      this.#text = this.#text.slice(this.#offset);
      this.#offset = 0;
    }
    while (!this.#isLast && this.#text.length < BATCH_OCTETS) {
      const { done, value } = this.#pieces.next();
      if (done === true) this.#isLast = true;
      else this.#text += value;
    }
  }

  #chunks(end: number): string {
    let framed = "";
    for (let at = this.#offset; at < end; at += CHUNK_OCTETS) {
      const chunk = this.#text.slice(at, Math.min(end, at + CHUNK_OCTETS));
      framed += `\n#${chunk.length}\n${chunk}`;
    }
    return framed;
  }
}
