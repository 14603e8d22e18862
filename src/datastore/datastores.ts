import { type Raw, RpcError, type RpcFault, type Storage } from "../base/index.ts";
import { type Change, diff, emptyTree, type Tree } from "../data/index.ts";
import type { Element } from "../xml/index.ts";
import type { Schema } from "../yang/index.ts";
import { type Authorize, authorizeChanges } from "./access.ts";
import { CandidateSize } from "./candidate-size.ts";
import {
  admit,
  afterSession,
  type ConfirmRequest,
  follow,
  type PendingCommit,
} from "./confirmed-commit.ts";
import { type DefaultOperation, editConfig, type Hidden } from "./edit-config.ts";
import { inside, stored } from "./kept-file.ts";
import { type DatastoreName, Locks, lockDenied, NO_SESSION, type SessionId } from "./lock.ts";
import type { Sealer } from "./sealed-form.ts";
import { StoredRunning, StoredTree } from "./stored.ts";
import { prepareAll, type Subscriber } from "./subscriber.ts";
import { validateTree } from "./validate.ts";
import { settle } from "./whens.ts";

export interface DatastoresOptions {
  readonly schema: Schema;
  readonly storage: Storage;
  /** What the first start begins with. */
  readonly factory: Tree;
  /** How a refusal names the factory default. */
  readonly factoryName?: string;
  /** True: startup boots, and running lasts as long as the process. False: running is kept. */
  readonly hasStartup: boolean;
  readonly subscribers: readonly Subscriber[];
  /**
   * Done to what a manager sends, once it may be written and before anything else sees it:
   * passwords are hashed. `before`: what it takes the place of.
   */
  readonly arriving?: (tree: Tree, before: Tree) => Tree;
  /** When booting happens. */
  readonly at?: Raw;
  /** How secrets are kept; undefined: in clear. */
  readonly sealer?: Sealer;
  /** Elements that edits may put into the candidate before it is committed or given up. */
  readonly candidateElements?: number;
  /** What nobody else is told: a disk that fails while a commit is undone, a damaged file. */
  readonly log?: (message: string) => void;
}

/** An <edit-config>. */
export interface EditRequest {
  readonly target: "running" | "candidate";
  /** The children of <config>. */
  readonly config: readonly Element[];
  readonly defaultOperation?: DefaultOperation;
  readonly testOption?: "test-then-set" | "set" | "test-only";
  /** All three are served as rollback-on-error. */
  readonly errorOption?: "stop-on-error" | "continue-on-error" | "rollback-on-error";
  /** Left out: whoever asks may do everything. */
  readonly authorize?: Authorize;
  /** Left out: nothing is. */
  readonly hidden?: Hidden;
}

export interface CommitRequest {
  readonly confirmed?: ConfirmRequest;
  readonly persistId?: string;
}

export interface CommitResult {
  readonly changes: readonly Change[];
  /** What this commit did to a confirmed commit, if anything. */
  readonly confirmed: "start" | "extend" | "complete" | undefined;
}

/** A datastore that is not what it was. */
export interface DatastoreChange {
  readonly datastore: DatastoreName;
  readonly changes: readonly Change[];
  /** undefined: the server itself, reverting a confirmed commit. */
  readonly session: SessionId | undefined;
  readonly at: Raw;
}

/** Keeps what running is about to be. */
type Persist = (kept: StoredRunning, changes: readonly Change[]) => void;

/** RFC 6470's netconf-confirmed-commit. */
export interface ConfirmedCommitEvent {
  readonly kind: "start" | "extend" | "complete" | "cancel" | "timeout";
  /** undefined for a timeout. */
  readonly session: SessionId | undefined;
  /** In seconds, for start and extend. */
  readonly timeout: number | undefined;
  readonly at: Raw;
}

/**
 * Running, candidate and startup, and all that may change them. Trees are values: what was read
 * stays as it was read. Every refusal is an RpcError with all faults, and leaves all as it was.
 */
export class Datastores {
  readonly #schema: Schema;
  readonly #storedStartup: StoredTree | undefined;
  /** undefined: startup boots, and running is not kept. */
  readonly #storedRunning: StoredRunning | undefined;
  readonly #subscribers: readonly Subscriber[];
  readonly #arriving: (tree: Tree, before: Tree) => Tree;
  readonly #log: (message: string) => void;
  readonly #locks = new Locks();
  readonly #changeListeners: ((change: DatastoreChange) => void)[] = [];
  readonly #confirmListeners: ((event: ConfirmedCommitEvent) => void)[] = [];
  #running: Tree;
  #candidate: Tree;
  #startup: Tree;
  /** The last candidate that was found valid: what comes after is held against it. */
  #valid: Tree;
  #candidateEditor: SessionId = NO_SESSION;
  readonly #candidateSize: CandidateSize;
  #pending: PendingCommit | undefined;

  constructor(options: DatastoresOptions) {
    this.#schema = options.schema;
    this.#subscribers = options.subscribers;
    this.#arriving = options.arriving ?? ((tree) => tree);
    this.#log = options.log ?? (() => {});
    this.#candidateSize = new CandidateSize(options.candidateElements);
    const { storage, schema, sealer, hasStartup } = options;
    const keeping = { storage, schema, sealer, tell: this.#log };
    if (hasStartup) this.#storedStartup = new StoredTree(keeping, "startup");
    else this.#storedRunning = new StoredRunning(keeping);
    const boots = this.#boot(options);
    this.#running = boots;
    this.#candidate = boots;
    this.#startup = boots;
    this.#valid = boots;
    const at = options.at ?? (0n as Raw);
    const changes = diff(emptyTree, boots);
    const change = { before: emptyTree, after: boots, changes, at, mayRefuse: false };
    prepareAll(this.#subscribers, change).apply();
  }

  /** What is configured: an immutable tree. */
  read(name: DatastoreName): Tree {
    switch (name) {
      case "running":
        return this.#running;
      case "candidate":
        return this.#candidate;
      case "startup":
        this.#refuseWithoutStartup(name);
        return this.#startup;
    }
  }

  /** When timer() is due; undefined: never, as things are. */
  get wakeAt(): Raw | undefined {
    return this.#pending?.deadline;
  }

  /** Whether the candidate differs from running. */
  get candidateModified(): boolean {
    if (this.#candidate === this.#running) return false;
    if (diff(this.#running, this.#candidate).length > 0) return true;
    this.#candidate = this.#running;
    return false;
  }

  /** What a manager sends, as a datastore would keep it. */
  received(tree: Tree): Tree {
    return this.#arriving(tree, emptyTree);
  }

  locks(): readonly { readonly name: DatastoreName; readonly session: SessionId }[] {
    return this.#locks.all();
  }

  onChange(listener: (change: DatastoreChange) => void): void {
    this.#changeListeners.push(listener);
  }

  onConfirmedCommit(listener: (event: ConfirmedCommitEvent) => void): void {
    this.#confirmListeners.push(listener);
  }

  /** RFC 6241 section 7.2. */
  edit(request: EditRequest, session: SessionId, at: Raw): void {
    const { target, testOption = "test-then-set" } = request;
    this.#locks.refuseOthers(target, session);
    const from = target === "running" ? this.#running : this.#candidate;
    const { config, defaultOperation, hidden } = request;
    if (this.#candidate === this.#running) this.#candidateSize.set(0);
    const size = target === "candidate" ? this.#candidateSize.with(config) : 0;
    const edited = editConfig(from, config, this.#schema, defaultOperation, hidden);
    if (edited.faults.length > 0) throw new RpcError(edited.faults);
    const sent = settle(edited.tree, from, edited.conditional, this.#schema);
    // As it was sent: whether a password is the one that is kept is not for everybody to learn.
    this.#authorize(from, sent, request.authorize);
    const next = this.#arriving(sent, from);
    // Running has to be valid at all times, whatever the test-option.
    if (target === "running" || testOption !== "set") this.#check(next);
    if (testOption === "test-only") return;
    if (target === "running") this.#replaceRunning(next, session, at);
    else {
      this.#replaceCandidate(next, session, testOption !== "set");
      this.#candidateSize.set(size);
    }
  }

  /** RFC 6241 section 7.3. */
  copy(
    source: DatastoreName | Tree,
    target: DatastoreName,
    session: SessionId,
    at: Raw,
    authorize?: Authorize,
  ): void {
    if (source === target) throw invalid(`source and target are both ${target}`);
    this.#refuseWithoutStartup(target);
    this.#locks.refuseOthers(target, session);
    const before = this.read(target);
    const sent = typeof source === "string" ? this.read(source) : source;
    this.#authorize(before, sent, authorize);
    const next = typeof source === "string" ? sent : this.#arriving(sent, before);
    if (target === "candidate") {
      this.#replaceCandidate(next, session, false);
      this.#candidateSize.set(0);
      return;
    }
    this.#check(next);
    if (target === "running") this.#replaceRunning(next, session, at);
    else this.#replaceStartup(next, session, at);
  }

  /** RFC 6241 section 7.4: of the three only startup can be deleted; then nothing boots. */
  remove(target: DatastoreName, session: SessionId, at: Raw): void {
    if (target !== "startup") throw invalid(`${target} cannot be deleted`);
    this.#refuseWithoutStartup(target);
    this.#locks.refuseOthers(target, session);
    this.#replaceStartup(emptyTree, session, at);
  }

  /** RFC 6241 section 8.6.4.1: refuses with all that is wrong. */
  validate(source: DatastoreName | Tree): void {
    this.#check(typeof source === "string" ? this.read(source) : source);
  }

  /** RFC 6241 sections 8.3.4.1 and 8.4.5.1. */
  commit(request: CommitRequest, session: SessionId, at: Raw, authorize?: Authorize): CommitResult {
    this.#locks.refuseOthers("running", session);
    this.#locks.refuseOthers("candidate", session);
    admit(this.#pending, request.persistId, session);
    const next = this.#candidate;
    this.#check(next);
    this.#authorize(this.#running, next, authorize);
    const { confirmed } = request;
    const pending = this.#pending;
    const before = this.#running;
    const changes = this.#replaceRunning(next, session, at, (kept, changed) => {
      if (confirmed !== undefined && pending === undefined) kept.keepRollback(before);
      kept.change(changed, next);
      if (confirmed === undefined && pending !== undefined) kept.forgetRollback();
    });
    this.#candidate = this.#running;
    if (confirmed === undefined) {
      this.#pending = undefined;
      if (pending === undefined) return { changes, confirmed: undefined };
      this.#tellConfirm("complete", session, undefined, at);
      return { changes, confirmed: "complete" };
    }
    const kind = pending === undefined ? "start" : "extend";
    this.#pending = follow(pending, before, confirmed, session, at);
    this.#tellConfirm(kind, session, this.#pending.timeout, at);
    return { changes, confirmed: kind };
  }

  /** RFC 6241 section 8.4.4.1. */
  cancelCommit(persistId: string | undefined, session: SessionId, at: Raw): void {
    admit(this.#pending, persistId, session);
    if (this.#pending === undefined) {
      const message = "no confirmed commit is pending";
      throw new RpcError({ type: "protocol", tag: "operation-failed", message });
    }
    this.#locks.refuseOthers("running", session);
    this.#revert(this.#pending, "cancel", session, at);
  }

  /** RFC 6241 section 8.3.4.2. */
  discardChanges(session: SessionId): void {
    this.#locks.refuseOthers("candidate", session);
    this.#discard();
  }

  /** RFC 6241 section 7.5. */
  lock(name: DatastoreName, session: SessionId): void {
    this.#refuseWithoutStartup(name);
    const pending = this.#pending;
    const isFree = this.#locks.holder(name) === undefined;
    if (isFree && name === "running" && pending !== undefined && pending.owner !== session) {
      throw lockDenied("a confirmed commit of another session is pending", pending.owner);
    }
    if (isFree && name === "candidate" && this.candidateModified) {
      const message = "the candidate holds changes that are not committed";
      throw lockDenied(message, this.#candidateEditor);
    }
    this.#locks.take(name, session);
  }

  /** RFC 6241 sections 7.6 and 8.3.5.2: what the candidate holds goes with its lock. */
  unlock(name: DatastoreName, session: SessionId): void {
    this.#refuseWithoutStartup(name);
    this.#locks.free(name, session);
    if (name === "candidate") this.#discard();
  }

  /** Frees what the session held and undoes what hung on it. */
  sessionClosed(session: SessionId, at: Raw): void {
    if (this.#locks.freeAll(session).includes("candidate")) this.#discard();
    if (this.#candidateEditor === session) this.#candidateEditor = NO_SESSION;
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = afterSession(pending, session);
    if (this.#pending === undefined) this.#revert(pending, "cancel", session, at);
  }

  /** RFC 6241 section 8.4.1: a commit that nobody confirmed in time is undone. */
  timer(at: Raw): void {
    const pending = this.#pending;
    if (pending !== undefined && at >= pending.deadline) {
      this.#revert(pending, "timeout", undefined, at);
    }
  }

  #boot({ factory, factoryName = "factory default" }: DatastoresOptions): Tree {
    const checkAs =
      (what: string) =>
      (tree: Tree): void => {
        const faults = validateTree(tree, this.#schema);
        if (faults.length > 0) throw inside(what, faults);
      };
    const kept =
      this.#storedRunning?.read(checkAs(stored("running"))) ?? this.#storedStartup?.read();
    if (kept !== undefined) {
      if (this.#storedStartup !== undefined) checkAs(stored("startup"))(kept);
      return kept;
    }
    checkAs(factoryName)(factory);
    this.#storedRunning?.write(factory);
    this.#storedStartup?.write(factory);
    return factory;
  }

  /** Refuses a tree that is not valid, with all faults. */
  #check(tree: Tree): void {
    if (tree === this.#running || tree === this.#valid) return;
    const previous = tree === this.#candidate ? this.#running : this.#valid;
    const faults: readonly RpcFault[] = validateTree(tree, this.#schema, previous);
    if (faults.length > 0) throw new RpcError(faults);
    this.#valid = tree;
  }

  #authorize(before: Tree, after: Tree, authorize: Authorize | undefined): void {
    if (authorize !== undefined) authorizeChanges(diff(before, after), authorize);
  }

  #replaceCandidate(next: Tree, session: SessionId, isValid: boolean): void {
    this.#candidate = next;
    this.#candidateEditor = session;
    if (isValid) this.#valid = next;
  }

  #replaceStartup(next: Tree, session: SessionId, at: Raw): void {
    const changes = diff(this.#startup, next);
    this.#storedStartup?.write(next);
    this.#startup = next;
    this.#tellChange("startup", changes, session, at);
  }

  /**
   * The one way that running changes: diff, prepare, persist, swap, apply; `next` is valid.
   * Whatever
   * is refused on the way leaves all as it was.
   */
  #replaceRunning(
    next: Tree,
    session: SessionId | undefined,
    at: Raw,
    persist: Persist = (kept, changes) => kept.change(changes, next),
    mayRefuse = true,
  ): readonly Change[] {
    const before = this.#running;
    const changes = diff(before, next);
    const change = { before, after: next, changes, at, mayRefuse };
    const prepared = changes.length === 0 ? undefined : prepareAll(this.#subscribers, change);
    try {
      if (this.#storedRunning !== undefined) persist(this.#storedRunning, changes);
    } catch (fault) {
      this.#storedRunning?.distrust(this.#pending !== undefined);
      prepared?.abort();
      throw fault;
    }
    // An unmodified candidate goes along.
    if (!this.candidateModified) this.#candidate = next;
    this.#running = next;
    this.#valid = next;
    prepared?.apply();
    this.#tellChange("running", changes, session, at);
    return changes;
  }

  #revert(
    pending: PendingCommit,
    kind: "cancel" | "timeout",
    session: SessionId | undefined,
    at: Raw,
  ): void {
    this.#pending = undefined;
    const persist: Persist = (kept, changes) => {
      try {
        kept.change(changes, pending.before);
        kept.forgetRollback();
      } catch (fault) {
        // What is on disk still boots what is reverted to here.
        if (!(fault instanceof RpcError)) throw fault;
        kept.distrust(false);
        this.#log(fault.message);
      }
    };
    this.#replaceRunning(
      pending.before,
      kind === "cancel" ? session : undefined,
      at,
      persist,
      false,
    );
    this.#tellConfirm(kind, session, undefined, at);
  }

  #discard(): void {
    this.#candidate = this.#running;
    this.#candidateEditor = NO_SESSION;
  }

  #refuseWithoutStartup(name: DatastoreName): void {
    if (name !== "startup" || this.#storedStartup !== undefined) return;
    throw invalid("there is no startup datastore");
  }

  #tellChange(
    datastore: DatastoreName,
    changes: readonly Change[],
    session: SessionId | undefined,
    at: Raw,
  ): void {
    if (changes.length === 0) return;
    for (const listener of this.#changeListeners) listener({ datastore, changes, session, at });
  }

  #tellConfirm(
    kind: ConfirmedCommitEvent["kind"],
    session: SessionId | undefined,
    timeout: number | undefined,
    at: Raw,
  ): void {
    for (const listener of this.#confirmListeners) listener({ kind, session, timeout, at });
  }
}

function invalid(message: string): RpcError {
  return new RpcError({ type: "protocol", tag: "invalid-value", message });
}
