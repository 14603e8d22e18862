import { RpcError, type Storage, StorageError } from "../base/index.ts";
import { type Element, isXmlFault, ownXmlLimits, parseXml } from "../xml/index.ts";
import { checksum } from "./checksum.ts";

/** What is told to nobody who asked: it goes to the log. */
export type Tell = (message: string) => void;

export interface Document {
  readonly root: Element;
  /** Octets on disk. */
  readonly length: number;
}

/** What the name of the second document ends with. */
export const COPY = ".good";
const DAMAGED = ".damaged";
const SEAL = /<!-- crc32 ([0-9a-f]{8}) -->\n$/;
const SEAL_LENGTH = "<!-- crc32 00000000 -->\n".length;
const advice = "whoever changed it by hand removes its last line";

/**
 * A document on disk, with a second one of the same content beside it: where the first is damaged,
 * what the second holds is used, loudly. A checksum at its end tells damage that still is XML.
 */
export class KeptFile {
  readonly #storage: Storage;
  readonly #name: string;
  readonly #tell: Tell;

  constructor(storage: Storage, name: string, tell: Tell) {
    this.#storage = storage;
    this.#name = name;
    this.#tell = tell;
  }

  /**
   * undefined: neither is there. Throws RpcError where no copy can take the place of what is
   * damaged; then nothing on disk was touched.
   */
  read(): Document | undefined {
    const first = this.#look(this.#name);
    if (first.kind === "whole") {
      this.#mirror(first.bytes);
      return { root: first.root, length: first.bytes.length };
    }
    const copy = this.#look(this.#name + COPY);
    if (copy.kind !== "whole") {
      if (first.kind === "damaged") throw first.fault;
      if (copy.kind === "damaged") throw copy.fault;
      return undefined;
    }
    const why = first.kind === "damaged" ? first.fault.message : `${stored(this.#name)} is missing`;
    const aside = first.kind === "damaged" && first.bytes !== undefined;
    const kept = aside ? `; what was there is kept as ${this.#name}${DAMAGED}` : "";
    this.#tell(`${why}: its copy ${this.#name}${COPY} is used instead${kept}`);
    this.#attempt(() => {
      if (aside && first.bytes) this.#storage.write(this.#name + DAMAGED, first.bytes);
      this.#storage.write(this.#name, copy.bytes);
    });
    return { root: copy.root, length: copy.bytes.length };
  }

  /**
   * Keeps a document; its octets, and whether the copy is the same. Throws StorageError, and then
   * what was kept before is what is kept.
   */
  write(content: Uint8Array): { readonly length: number; readonly isMirrored: boolean } {
    const bytes = withChecksum(content);
    this.#storage.write(this.#name, bytes);
    const isMirrored = this.#attempt(() => this.#storage.write(this.#name + COPY, bytes));
    return { length: bytes.length, isMirrored };
  }

  remove(): void {
    // The first last: as long as it is there, nothing has happened.
    this.#storage.remove(this.#name + COPY);
    this.#storage.remove(this.#name);
  }

  #look(name: string): Look {
    let bytes: Uint8Array | undefined;
    try {
      bytes = this.#storage.read(name);
      if (bytes === undefined) return { kind: "missing" };
      if (sumOf(bytes) === undefined && endsWithComment(bytes)) {
        throw unreadable(stored(name), `the checksum in its last line is damaged (${advice})`);
      }
      return { kind: "whole", bytes, root: rootOf(bytes, stored(name)) };
    } catch (fault) {
      if (fault instanceof RpcError) return { kind: "damaged", bytes, fault };
      if (!(fault instanceof StorageError)) throw fault;
      const refusal = unreadable(stored(name), fault.message);
      return { kind: "damaged", bytes: undefined, fault: refusal };
    }
  }

  /** A crash, or a full disk, may have left the copy behind. */
  #mirror(bytes: Uint8Array): void {
    const copy = this.#look(this.#name + COPY);
    if (copy.kind === "whole" && isSame(copy.bytes, bytes)) return;
    this.#attempt(() => this.#storage.write(this.#name + COPY, bytes));
  }

  #attempt(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (fault) {
      if (!(fault instanceof StorageError)) throw fault;
      this.#tell(`the copy of ${stored(this.#name)} could not be kept: ${fault.message}`);
      return false;
    }
  }
}

type Look =
  | { readonly kind: "missing" }
  | { readonly kind: "whole"; readonly bytes: Uint8Array; readonly root: Element }
  | { readonly kind: "damaged"; readonly bytes: Uint8Array | undefined; readonly fault: RpcError };

/** The one element of a stored or given configuration; `what` names it in a refusal. */
export function rootOf(bytes: Uint8Array, what: string): Element {
  const sum = sumOf(bytes);
  if (sum !== undefined && sum !== checksum(bytes.subarray(0, bytes.length - SEAL_LENGTH))) {
    throw unreadable(what, `its content and the checksum in its last line differ (${advice})`);
  }
  const root = parseXml(bytes, ownXmlLimits);
  if (isXmlFault(root)) {
    throw unreadable(what, `line ${root.line}, column ${root.column}: ${root.message}`);
  }
  if (root.name === "config" || root.name === "data") return root;
  throw unreadable(what, `the element is <${root.name}>, not <config>`);
}

/** The faults of a configuration, each told with where it stands. */
export function inside(what: string, faults: RpcError["faults"]): RpcError {
  return new RpcError(faults.map((fault) => ({ ...fault, message: `${what}: ${fault.message}` })));
}

/** How a file of the state directory is named in a refusal. */
export function stored(name: string): string {
  return `stored ${name}`;
}

export function unreadable(what: string, message: string): RpcError {
  const text = `${what}: ${message}`;
  return new RpcError({ type: "application", tag: "operation-failed", message: text });
}

/** What we have written does so, and then it is a checksum. */
function endsWithComment(bytes: Uint8Array): boolean {
  return /-->\s*$/.test(new TextDecoder().decode(bytes.subarray(-SEAL_LENGTH)));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}

function withChecksum(content: Uint8Array): Uint8Array {
  const seal = new TextEncoder().encode(`<!-- crc32 ${checksum(content)} -->\n`);
  const bytes = new Uint8Array(content.length + seal.length);
  bytes.set(content);
  bytes.set(seal, content.length);
  return bytes;
}

/** A document made anew from its text; one that is damaged is left as it is. */
export function rewriteDocument(bytes: Uint8Array, change: (text: string) => string): Uint8Array {
  const sum = sumOf(bytes);
  const content = sum === undefined ? bytes : bytes.subarray(0, bytes.length - SEAL_LENGTH);
  if (sum !== undefined && sum !== checksum(content)) return bytes;
  return withChecksum(new TextEncoder().encode(change(new TextDecoder().decode(content))));
}

function sumOf(bytes: Uint8Array): string | undefined {
  return SEAL.exec(new TextDecoder().decode(bytes.subarray(-SEAL_LENGTH)))?.[1];
}
