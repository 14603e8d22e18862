import { RpcError, type Storage, StorageError } from "../base/index.ts";
import { type Change, readData, type Tree, type WriteOptions, writeXml } from "../data/index.ts";
import type { Element } from "../xml/index.ts";
import type { Schema } from "../yang/index.ts";
import { highestGeneration, printRecord, replay, rewriteJournal } from "./journal.ts";
import {
  COPY,
  inside,
  KeptFile,
  rewriteDocument,
  rootOf,
  stored,
  type Tell,
  unreadable,
} from "./kept-file.ts";
import { SealedForm, type Sealer, STORED } from "./sealed-form.ts";

const NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0";

const SNAPSHOT = "running";
const JOURNAL = "journal";
const ROLLBACK = "rollback";

/** A journal up to this length is never worth a new snapshot. */
const JOURNAL_LENGTH_MIN = 1 << 20;

/**
 * Changes the text of everything that datastores have stored, file by file: for a new at-rest key.
 * The names of the files that were there. Throws StorageError.
 */
export function rewriteStored(storage: Storage, change: (text: string) => string): string[] {
  const documents = ["startup", SNAPSHOT, ROLLBACK].flatMap((name) => [name, name + COPY]);
  return [...documents, JOURNAL].filter((name) => {
    const bytes = storage.read(name);
    if (bytes === undefined) return false;
    const rewrite = name === JOURNAL ? rewriteJournal : rewriteDocument;
    storage.write(name, rewrite(bytes, change));
    return true;
  });
}

/** What keeping trees needs. */
export interface Keeping {
  readonly storage: Storage;
  readonly schema: Schema;
  /** For secrets; undefined: they are kept in clear. */
  readonly sealer?: Sealer | undefined;
  /** Where what was found damaged, or could not be done, is told. */
  readonly tell: Tell;
}

/** A tree kept as one <config> document. */
export class StoredTree {
  readonly #schema: Schema;
  readonly #name: string;
  readonly #file: KeptFile;
  readonly #form: SealedForm;

  constructor({ storage, schema, sealer, tell }: Keeping, name: string) {
    this.#schema = schema;
    this.#name = name;
    this.#file = new KeptFile(storage, name, tell);
    this.#form = new SealedForm(schema, sealer);
  }

  /** undefined: there is none. Refuses what does not parse, naming the file and all its faults. */
  read(): Tree | undefined {
    const document = this.#file.read();
    return document && treeIn(document.root, this.#schema, stored(this.#name), this.#form);
  }

  write(tree: Tree): void {
    const bytes = printed(tree, this.#schema, this.#form);
    onDisk(this.#name, () => this.#file.write(bytes));
  }

  remove(): void {
    onDisk(this.#name, () => this.#file.remove());
  }
}

/**
 * Running where it is kept: a snapshot, a journal of what was changed since, and, while a commit
 * waits to be confirmed, what there was before it.
 */
export class StoredRunning {
  readonly #storage: Storage;
  readonly #schema: Schema;
  readonly #form: SealedForm;
  readonly #tell: Tell;
  readonly #file: KeptFile;
  readonly #rollback: StoredTree;
  /** Number of the snapshot; records of the journal belong to one. */
  #generation = 0;
  #snapshotLength = 0;
  #journalLength = 0;
  /** False: what is on disk may not be what memory took it for, so the next tree is kept whole. */
  #isTrusted = true;
  /** A commit is over, but what there was before it could not be removed. */
  #mustForget = false;

  constructor(keeping: Keeping) {
    const { storage, schema, sealer, tell } = keeping;
    this.#storage = storage;
    this.#schema = schema;
    this.#tell = tell;
    this.#form = new SealedForm(schema, sealer);
    this.#file = new KeptFile(storage, SNAPSHOT, tell);
    this.#rollback = new StoredTree(keeping, ROLLBACK);
  }

  /**
   * What boots; undefined: nothing was ever kept. A commit that a crash left unconfirmed is undone
   * (RFC 6241 section 8.4.1), the torn tail of a journal cut. `check` may refuse what was read,
   * and then nothing on disk is touched.
   */
  read(check: (tree: Tree) => void): Tree | undefined {
    const rollback = this.#rollback.read();
    const journal = this.#storage.read(JOURNAL) ?? new Uint8Array();
    const document = this.#file.read();
    if (document === undefined) {
      if (rollback === undefined && journal.length === 0) return undefined;
      throw unreadable(stored(SNAPSHOT), "it is missing, but what belongs to it is there");
    }
    const number = generationOf(document.root);
    this.#generation = Math.max(number, highestGeneration(journal));
    this.#snapshotLength = document.length;
    if (rollback !== undefined) {
      check(rollback);
      this.#mustForget = true;
      this.#settle(() => {
        this.write(rollback);
        this.forgetRollback();
      });
      return rollback;
    }
    const tree = treeIn(document.root, this.#schema, stored(SNAPSHOT), this.#form);
    const replayed = replay(tree, journal, number, this.#schema, this.#form);
    check(replayed.tree);
    if (journal.length === 0) return tree;
    this.#settle(() => {
      if (replayed.damagedAt !== undefined) this.#keepDamaged(journal, replayed.damagedAt);
      this.write(replayed.tree);
    });
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
      const record = printRecord(this.#generation, changes, after, this.#schema, this.#form);
      onDisk(JOURNAL, () => this.#storage.append(JOURNAL, record));
      this.#journalLength += record.length;
    }
    if (this.#mustForget) this.forgetRollback();
  }

  keepRollback(tree: Tree): void {
    this.#rollback.write(tree);
    this.#mustForget = false;
  }

  forgetRollback(): void {
    this.#mustForget = true;
    this.#rollback.remove();
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

  /** At boot: a disk that takes nothing keeps nobody from running. */
  #settle(act: () => void): void {
    try {
      act();
    } catch (fault) {
      if (!(fault instanceof RpcError) && !(fault instanceof StorageError)) throw fault;
      this.#tell(fault.message);
      this.#isTrusted = false;
    }
  }

  #keepDamaged(journal: Uint8Array, at: number): void {
    const name = `${JOURNAL}.damaged`;
    this.#tell(
      `${stored(JOURNAL)}: the record at octet ${at} is damaged: commits from there on are not ` +
        `in running; the journal is kept as ${name}`,
    );
    this.#storage.write(name, journal);
  }

  /** Records of the journal that a crash leaves behind are of an older number, and not read. */
  #snapshot(tree: Tree): void {
    const bytes = printed(tree, this.#schema, this.#form, this.#generation + 1);
    const { length, isMirrored } = this.#file.write(bytes);
    this.#generation++;
    this.#snapshotLength = length;
    this.#journalLength = 0;
    // The copy may still be the one that the journal belongs to.
    if (!isMirrored) return;
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
  return treeIn(rootOf(bytes, what), schema, what, new SealedForm(schema, undefined));
}

/** A configuration as parseConfig() reads it. */
export function printConfig(tree: Tree, schema: Schema): Uint8Array {
  return printed(tree, schema, new SealedForm(schema, undefined));
}

/** A <config> document. */
export function printed(
  tree: Tree,
  schema: Schema,
  form: SealedForm,
  generation?: number,
): Uint8Array {
  const numbered =
    generation === undefined ? "" : ` xmlns:s="${STORED}" s:generation="${generation}"`;
  const pieces = [`<config xmlns="${NETCONF}"${numbered}>`];
  const options: WriteOptions = { schema, namespace: NETCONF, instead: form.instead };
  for (const piece of writeXml(tree.children, options)) pieces.push(piece);
  pieces.push("</config>\n");
  return new TextEncoder().encode(pieces.join(""));
}

function treeIn(root: Element, schema: Schema, what: string, form: SealedForm): Tree {
  const elements = form.opened(root.children, what);
  const { tree, faults } = readData(elements, schema, { type: "config" });
  if (faults.length > 0) throw inside(what, faults);
  return tree;
}

function generationOf(root: Element): number {
  const found = root.attributes.find(({ namespace }) => namespace === STORED);
  return found === undefined ? 0 : Number(found.value);
}

/** A disk that fails is a refusal: nothing was changed. */
export function onDisk(name: string, act: () => void): void {
  try {
    act();
  } catch (fault) {
    if (!(fault instanceof StorageError)) throw fault;
    const message = `${name} could not be stored: ${fault.message}`;
    throw new RpcError({ type: "application", tag: "resource-denied", message });
  }
}
