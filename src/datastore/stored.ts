import { RpcError, type Storage, StorageError } from "../base/index.ts";
import { type Change, readData, type Tree, writeXml } from "../data/index.ts";
import { type Element, isXmlFault, parseXml } from "../xml/index.ts";
import type { Schema } from "../yang/index.ts";
import { printRecord, replay } from "./journal.ts";

const NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0";
const STORED = "urn:ntpconfd:stored";

const SNAPSHOT = "running";
const JOURNAL = "journal";
const ROLLBACK = "rollback";

/** A journal up to this length is never worth a new snapshot. */
const JOURNAL_LENGTH_MIN = 1 << 20;

/** A tree kept as one <config> document. */
export class StoredTree {
  readonly #storage: Storage;
  readonly #schema: Schema;
  readonly #name: string;

  constructor(storage: Storage, schema: Schema, name: string) {
    this.#storage = storage;
    this.#schema = schema;
    this.#name = name;
  }

  /** undefined: there is none. Refuses what does not parse, naming the file and all its faults. */
  read(): Tree | undefined {
    const bytes = this.#storage.read(this.#name);
    return bytes === undefined ? undefined : parseConfig(bytes, this.#schema, stored(this.#name));
  }

  write(tree: Tree): void {
    onDisk(this.#name, () => this.#storage.write(this.#name, printConfig(tree, this.#schema)));
  }
}

/**
 * Running where it is kept: a snapshot, a journal of what was changed since, and, while a commit
 * waits to be confirmed, what there was before it.
 */
export class StoredRunning {
  readonly #storage: Storage;
  readonly #schema: Schema;
  /** Number of the snapshot; records of the journal belong to one. */
  #generation = 0;
  #snapshotLength = 0;
  #journalLength = 0;
  /** False: what is on disk may not be what memory took it for, so the next tree is kept whole. */
  #isTrusted = true;
  /** A commit is over, but what there was before it could not be removed. */
  #mustForget = false;

  constructor(storage: Storage, schema: Schema) {
    this.#storage = storage;
    this.#schema = schema;
  }

  /**
   * What boots; undefined: nothing was ever kept. A commit that a crash left unconfirmed is undone
   * (RFC 6241 section 8.4.1), the torn tail of a journal cut.
   */
  read(): Tree | undefined {
    const snapshot = this.#storage.read(SNAPSHOT);
    if (snapshot === undefined) return undefined;
    const root = rootOf(snapshot, stored(SNAPSHOT));
    this.#generation = generationOf(root);
    const rollback = this.#storage.read(ROLLBACK);
    if (rollback !== undefined) {
      const tree = parseConfig(rollback, this.#schema, stored(ROLLBACK));
      this.#snapshot(tree);
      this.#storage.remove(ROLLBACK);
      return tree;
    }
    const tree = treeIn(root, this.#schema, stored(SNAPSHOT));
    this.#snapshotLength = snapshot.length;
    const journal = this.#storage.read(JOURNAL);
    if (journal === undefined || journal.length === 0) return tree;
    const replayed = replay(tree, journal, this.#generation, this.#schema);
    this.#snapshot(replayed.tree);
    return replayed.tree;
  }

  /** Keeps a tree whole. */
  write(tree: Tree): void {
    onDisk(SNAPSHOT, () => this.#snapshot(tree));
  }

  /** Keeps what the changes lead to. */
  change(changes: readonly Change[], after: Tree): void {
    const isLong = this.#journalLength > Math.max(JOURNAL_LENGTH_MIN, this.#snapshotLength);
    if (!this.#isTrusted || (isLong && changes.length > 0)) {
      this.write(after);
      this.#isTrusted = true;
    } else if (changes.length > 0) {
      const record = printRecord(this.#generation, changes, after, this.#schema);
      onDisk(JOURNAL, () => this.#storage.append(JOURNAL, record));
      this.#journalLength += record.length;
    }
    if (this.#mustForget) this.forgetRollback();
  }

  keepRollback(tree: Tree): void {
    onDisk(ROLLBACK, () => this.#storage.write(ROLLBACK, printConfig(tree, this.#schema)));
    this.#mustForget = false;
  }

  forgetRollback(): void {
    this.#mustForget = true;
    onDisk(ROLLBACK, () => this.#storage.remove(ROLLBACK));
    this.#mustForget = false;
  }

  /**
   * What was to be kept was refused half-way: what is on disk is made good with the next change.
   * `isPending`: there is a commit to go back behind.
   */
  distrust(isPending: boolean): void {
    this.#isTrusted = false;
    this.#mustForget = !isPending;
  }

  /** Records of the journal that a crash leaves behind are of an older number, and not read. */
  #snapshot(tree: Tree): void {
    const bytes = printConfig(tree, this.#schema, this.#generation + 1);
    this.#storage.write(SNAPSHOT, bytes);
    this.#generation++;
    this.#snapshotLength = bytes.length;
    this.#journalLength = 0;
    try {
      this.#storage.remove(JOURNAL);
    } catch (fault) {
      // It is of the number before, and means nothing any more.
      if (!(fault instanceof StorageError)) throw fault;
    }
  }
}

/**
 * Reads a whole configuration: one <config> or <data> element. `what` names it in a refusal, which
 * tells all faults.
 */
export function parseConfig(bytes: Uint8Array, schema: Schema, what: string): Tree {
  return treeIn(rootOf(bytes, what), schema, what);
}

/** A configuration as parseConfig() reads it. */
export function printConfig(tree: Tree, schema: Schema, generation?: number): Uint8Array {
  const numbered =
    generation === undefined ? "" : ` xmlns:s="${STORED}" s:generation="${generation}"`;
  const pieces = [`<config xmlns="${NETCONF}"${numbered}>`];
  for (const piece of writeXml(tree.children, { schema, namespace: NETCONF })) pieces.push(piece);
  pieces.push("</config>\n");
  return new TextEncoder().encode(pieces.join(""));
}

/** The faults of a configuration, each told with where it stands. */
export function inside(what: string, faults: RpcError["faults"]): RpcError {
  return new RpcError(faults.map((fault) => ({ ...fault, message: `${what}: ${fault.message}` })));
}

/** How a file of the state directory is named in a refusal. */
export function stored(name: string): string {
  return `stored ${name}`;
}

function rootOf(bytes: Uint8Array, what: string): Element {
  const root = parseXml(bytes);
  if (isXmlFault(root)) {
    throw unreadable(what, `line ${root.line}, column ${root.column}: ${root.message}`);
  }
  if (root.name === "config" || root.name === "data") return root;
  throw unreadable(what, `the element is <${root.name}>, not <config>`);
}

function treeIn(root: Element, schema: Schema, what: string): Tree {
  const { tree, faults } = readData(root.children, schema, { type: "config" });
  if (faults.length > 0) throw inside(what, faults);
  return tree;
}

function generationOf(root: Element): number {
  const found = root.attributes.find(({ namespace }) => namespace === STORED);
  return found === undefined ? 0 : Number(found.value);
}

function unreadable(what: string, message: string): RpcError {
  const text = `${what}: ${message}`;
  return new RpcError({ type: "application", tag: "operation-failed", message: text });
}

/** A disk that fails is a refusal: nothing was changed. */
function onDisk(name: string, act: () => void): void {
  try {
    act();
  } catch (fault) {
    if (!(fault instanceof StorageError)) throw fault;
    const message = `${name} could not be stored: ${fault.message}`;
    throw new RpcError({ type: "application", tag: "resource-denied", message });
  }
}
