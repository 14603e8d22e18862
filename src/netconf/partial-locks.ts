import { type Raw, RpcError } from "../base/index.ts";
import { type InstanceNode, instancePath, type PathStep, xpathRoot } from "../data/index.ts";
import type { Authorize, Datastores } from "../datastore/index.ts";
import { type Element, escapeText, XmlWriter } from "../xml/index.ts";
import type { Schema, XPathAllowance } from "../yang/index.ts";
import { type ReadAccess, withReadableChildren } from "./access.ts";
import { LockedPlaces } from "./locked-places.ts";
import { PARTIAL_LOCK } from "./names.ts";
import type { SessionId } from "./peer.ts";
import { protocolError, type ReplyBody } from "./reply.ts";
import { evaluateNodes, type XPathFilters } from "./xpath-filter.ts";

/** A part of running that one session alone may change. */
export interface PartialLock {
  readonly id: number;
  readonly session: SessionId;
  readonly since: Raw;
  readonly selects: readonly string[];
  readonly nodes: readonly (readonly PathStep[])[];
}

/** What whoever asks may read, and what the work is taken from. */
interface View {
  readonly access: ReadAccess | undefined;
  readonly allowance: XPathAllowance;
}

/** Partial locks that one session may hold. */
const LOCKS_MAX = 100;

/** RFC 5717: locks on parts of running, by what XPath expressions select at that moment. */
export class PartialLocks {
  readonly #schema: Schema;
  readonly #datastores: Datastores;
  readonly #xpaths: XPathFilters;
  readonly #locks = new Map<number, PartialLock>();
  /** The nodes of all of them. */
  readonly #places = new LockedPlaces<PartialLock>();
  #nextId = 1;
  /** Whose confirmed commit is pending. */
  #pending: SessionId | undefined;

  constructor(schema: Schema, datastores: Datastores, xpaths: XPathFilters) {
    this.#schema = schema;
    this.#datastores = datastores;
    this.#xpaths = xpaths;
    datastores.onConfirmedCommit(({ kind, session }) => {
      this.#pending = kind === "start" || kind === "extend" ? session : undefined;
    });
  }

  all(): readonly PartialLock[] {
    return [...this.#locks.values()];
  }

  /** Section 2.4.1. Throws RpcError. */
  lock(selects: readonly Element[], session: SessionId, at: Raw, view: View): ReplyBody {
    this.#refuseOthers(session);
    const nodes = this.#select(selects, view);
    for (const node of nodes) {
      const held = this.#places.touching(node, (lock) => lock.session !== session);
      if (held === undefined) continue;
      throw lockDenied("a part of it is locked", held.session, "locked", node);
    }
    if (this.all().filter((lock) => lock.session === session).length >= LOCKS_MAX) {
      throw protocolError("resource-denied", `one session holds at most ${LOCKS_MAX} locks`);
    }
    const id = this.#nextId++;
    const texts = selects.map(({ text }) => text.trim());
    const lock: PartialLock = { id, session, since: at, selects: texts, nodes };
    this.#locks.set(id, lock);
    for (const node of nodes) this.#places.add(node, lock);
    return [printLock(id, nodes)];
  }

  /** Section 2.4.2. Throws RpcError. */
  unlock(id: number, session: SessionId): void {
    const lock = this.#locks.get(id);
    if (lock?.session !== session) {
      throw protocolError("invalid-value", `this session holds no partial lock ${id}`, {
        info: [{ name: "bad-element", value: "lock-id" }],
      });
    }
    this.#free(lock);
  }

  /** A lock on all of running, where any part is locked (section 2.4.1). Throws RpcError. */
  refuseGlobalLock(): void {
    const [lock] = this.#locks.values();
    if (lock !== undefined) throw lockDenied("a part of running is locked", lock.session);
  }

  /**
   * The hook for what changes running: locked parts are refused, the rest is `inner`'s to judge.
   */
  guard(session: SessionId, inner: Authorize | undefined): Authorize | undefined {
    const isOther = (lock: PartialLock): boolean => lock.session !== session;
    if (!this.all().some(isOther)) return inner;
    return (action, path) => {
      const held = this.#places.onTheWay(path, isOther);
      if (held !== undefined) throw inUse(held, path);
      return inner === undefined || inner(action, path);
    };
  }

  sessionEnded(session: SessionId): void {
    for (const lock of this.all()) if (lock.session === session) this.#free(lock);
  }

  #free(lock: PartialLock): void {
    this.#locks.delete(lock.id);
    for (const node of lock.nodes) this.#places.remove(node, lock);
  }

  #refuseOthers(session: SessionId): void {
    const held = this.#datastores.locks().find(({ name }) => name === "running");
    if (held !== undefined && held.session !== session) {
      throw lockDenied("running is locked", held.session, "locked");
    }
    if (this.#pending !== undefined && this.#pending !== session) {
      const message = "a confirmed commit is pending";
      throw lockDenied(message, this.#pending, "outstanding-confirmed-commit");
    }
  }

  /** What may not be read is not there to be selected, nor to be asked about. */
  #select(
    selects: readonly Element[],
    { access, allowance }: View,
  ): readonly (readonly PathStep[])[] {
    const running = this.#datastores.read("running");
    const root = xpathRoot(withReadableChildren(running, undefined, access), this.#schema);
    const found = new Set<InstanceNode>();
    for (const select of selects) {
      const xpath = this.#xpaths.compile(select.text.trim(), select);
      const terms = { appTag: "not-a-node-set", allowance };
      for (const node of evaluateNodes(xpath, root, select, terms)) {
        // The root is no instance: what stands below it is meant.
        for (const one of node === root ? root.children() : [node]) found.add(one);
      }
    }
    const nodes = [...found].filter(({ isImplied }) => !isImplied).map(stepsOfNode);
    if (nodes.length === 0) {
      throw protocolError("operation-failed", "nothing is selected", { appTag: "no-matches" });
    }
    return nodes;
  }
}

function stepsOfNode(node: InstanceNode): readonly PathStep[] {
  const steps: PathStep[] = [];
  for (let at: InstanceNode | undefined = node; at !== undefined; at = at.parent) {
    const { schema, instance } = at;
    if (schema === undefined || instance === undefined || !("config" in schema)) continue;
    if (schema.kind === "list" && "key" in instance) steps.push({ schema, key: instance.key });
    else if (schema.kind === "leaf-list") steps.push({ schema, key: at.value ?? "" });
    else if (schema.kind === "container" || schema.kind === "leaf") steps.push({ schema });
    else if (schema.kind === "anydata" || schema.kind === "anyxml") steps.push({ schema });
  }
  return steps.reverse();
}

function printLock(id: number, nodes: readonly (readonly PathStep[])[]): string {
  const writer = new XmlWriter().leaf(PARTIAL_LOCK, "lock-id", String(id));
  for (const node of nodes) {
    const { text, namespaces } = instancePath(node);
    const declared = [...namespaces].map(([name, value]) => ` xmlns:${name}="${value}"`).join("");
    const start = `<locked-node xmlns="${PARTIAL_LOCK}"${declared}>`;
    writer.raw(`${start}${escapeText(text)}</locked-node>`);
  }
  return writer.toString();
}

function lockDenied(
  why: string,
  holder: SessionId,
  appTag?: string,
  node?: readonly PathStep[],
): RpcError {
  return protocolError("lock-denied", `${why} by session ${holder}`, {
    info: [{ name: "session-id", value: String(holder) }],
    ...(appTag === undefined ? {} : { appTag }),
    ...(node === undefined ? {} : { path: instancePath(node) }),
  });
}

function inUse({ id, session }: PartialLock, path: readonly PathStep[]): RpcError {
  const where = instancePath(path);
  return new RpcError({
    type: "protocol",
    tag: "in-use",
    message: `${where.text} is under partial lock ${id} of session ${session}`,
    path: where,
  });
}
