import { createCipheriv, createDecipheriv } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import type { SecretSealer } from "../../agent/index.ts";
import type { Random } from "../../base/index.ts";
import { StartError, starting } from "../start-error.ts";

// A record is lines of text. A run of the agent begins with a line that holds a key, sealed under
// the at-rest key; each line after it holds entries under that key: AES-256-GCM whose nonce is the
// number of the line in its run, so that none can be altered, left out or moved. The at-rest cipher
// itself would cost ten times as much, and the loop waits for it.

const magic = "ntpconfd-record 1 ";
/** Behind a line that was cut off, where another run goes on. */
const tornMark = "~";
const keyLength = 32;
const tagLength = 16;
const cipher = "aes-256-gcm";
/** Octets: more than any entry can have. */
const lineMax = 256 * 1024 * 1024;
const chunkLength = 256 * 1024;
const newline = 0x0a;

/** Of node:fs. */
export type WriteCall = (file: number, bytes: Uint8Array, offset: number) => number;

/** Where a record is written to, line by line. */
export class RecordWriter {
  readonly #file: number;
  readonly #write: WriteCall;
  readonly #key: Uint8Array;
  #line = 0;

  /** Goes on behind what is there. Throws StartError where the file cannot be written. */
  constructor(path: string, vault: SecretSealer, random: Random, write: WriteCall = writeSync) {
    this.#write = write;
    this.#key = random.bytes(keyLength);
    this.#file = starting("cannot record", () => openSync(path, "a+", 0o600));
    starting("cannot record", () => {
      if (!endsWhole(this.#file)) this.#writeAll(`${tornMark}\n`);
      this.#writeAll(`${magic}${vault.seal(this.#key)}\n`);
    });
  }

  /** Handed to the kernel when it returns. Throws what the file system does. */
  write(entries: readonly unknown[]): void {
    const sealer = createCipheriv(cipher, this.#key, nonceOf(this.#line++));
    const sealed = [sealer.update(serialize(entries)), sealer.final(), sealer.getAuthTag()];
    this.#writeAll(`${Buffer.concat(sealed).toString("base64")}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }

  #writeAll(text: string): void {
    const bytes = Buffer.from(text, "latin1");
    for (let done = 0; done < bytes.length; ) done += this.#write(this.#file, bytes, done);
  }
}

/** What a line of a record is. */
export type RecordLine =
  | { readonly kind: "run" }
  | { readonly kind: "entries"; readonly entries: unknown }
  /** Cut off: the machine stopped, the disk was full, or it is being written. */
  | { readonly kind: "torn" }
  | { readonly kind: "damaged"; readonly line: number };

/**
 * The lines of a record, one at a time. Throws StartError where there is no file, where it is no
 * record, and where it is not sealed under this at-rest key.
 */
export function* readRecord(path: string, vault: SecretSealer): Generator<RecordLine> {
  let key: Uint8Array | undefined;
  let number = 0;
  let line = 0;
  for (const { text, isWhole } of linesOf(path)) {
    line += 1;
    if (!isWhole || text.endsWith(tornMark)) {
      if (key === undefined && !isBegun(text)) throw new StartError(noRecord(path));
      yield { kind: "torn" };
    } else if (text.startsWith(magic)) {
      key = vault.open(text.slice(magic.length));
      if (key === undefined) throw new StartError(`${path}: ${foreign(line)}`);
      number = 0;
      yield { kind: "run" };
    } else if (key === undefined) {
      throw new StartError(noRecord(path));
    } else {
      const plain = opened(text, key, number++);
      yield plain === undefined
        ? { kind: "damaged", line }
        : { kind: "entries", entries: deserialize(plain) };
    }
  }
  if (line === 0) throw new StartError(`${path} is empty: nothing was recorded`);
}

/** Whether a line that is cut off may have been the first of a run. */
function isBegun(text: string): boolean {
  const start = text.endsWith(tornMark) ? text.slice(0, -tornMark.length) : text;
  return start.startsWith(magic) || magic.startsWith(start);
}

function noRecord(path: string): string {
  return `${path} is no record of ntpconfd serve --record`;
}

function foreign(line: number): string {
  return (
    `line ${line} is sealed under another at-rest key: of another state directory, or of this ` +
    "one before ntpconfd rotate-key"
  );
}

function opened(text: string, key: Uint8Array, number: number): Buffer | undefined {
  const all = Buffer.from(text, "base64");
  if (all.length < tagLength || all.toString("base64") !== text) return undefined;
  const opener = createDecipheriv(cipher, key, nonceOf(number));
  opener.setAuthTag(all.subarray(-tagLength));
  const plain = opener.update(all.subarray(0, -tagLength));
  try {
    opener.final();
  } catch {
    // Another line's, or altered.
    return undefined;
  }
  return plain;
}

function nonceOf(line: number): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(line, 6, 6);
  return nonce;
}

/** Of a file: whether it is empty or its last line has its end. */
function endsWhole(file: number): boolean {
  const { size } = fstatSync(file);
  const last = new Uint8Array(1);
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === newline);
}

interface FileLine {
  readonly text: string;
  /** False: the file ends before the line does. */
  readonly isWhole: boolean;
}

/** Never more of the file in memory than a line and a piece. */
function* linesOf(path: string): Generator<FileLine> {
  const file = starting("cannot read the record", () => openSync(path, "r"));
  try {
    const chunk = Buffer.alloc(chunkLength);
    let pieces: Buffer[] = [];
    let length = 0;
    for (;;) {
      const count = starting("cannot read the record", () => readSync(file, chunk));
      if (count === 0) break;
      let from = 0;
      for (let end = chunk.indexOf(newline); end >= 0 && end < count; ) {
        pieces.push(chunk.subarray(from, end));
        yield { text: Buffer.concat(pieces).toString("latin1"), isWhole: true };
        pieces = [];
        length = 0;
        from = end + 1;
        end = chunk.indexOf(newline, from);
      }
      pieces.push(Buffer.from(chunk.subarray(from, count)));
      length += count - from;
      if (length > lineMax) throw new StartError(`${path} is no record: a line has no end`);
    }
    if (length > 0) yield { text: Buffer.concat(pieces).toString("latin1"), isWhole: false };
  } finally {
    closeSync(file);
  }
}
