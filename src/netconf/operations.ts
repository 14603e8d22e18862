import { type Raw, RpcError, type RpcFault, unreachable } from "../base/index.ts";
import {
  type DataNode,
  withDefaults as defaultsShown,
  instancePath,
  type PathStep,
  readData,
  readInput,
  type Tree,
  writeXml,
} from "../data/index.ts";
import {
  type Authorize,
  type ConfigFiles,
  type DatastoreName,
  type Datastores,
  validateInput,
} from "../datastore/index.ts";
import { type Element, escapeText } from "../xml/index.ts";
import type { OperationSchema, Schema, XPathAllowance } from "../yang/index.ts";
import { withReadableChildren } from "./access.ts";
import type { Access, AccessControl } from "./access-control.ts";
import { type CalledAction, findAction } from "./action.ts";
import { noMatches, printDifferences } from "./compare.ts";
import { discreet } from "./discretion.ts";
import { noSuchFile } from "./file-url.ts";
import type { FilterWork } from "./filter-work.ts";
import { schemaText } from "./monitoring.ts";
import { BASE, MONITORING, NMDA } from "./names.ts";
import type {
  Commit,
  Comparison,
  Content,
  Edit,
  Operation,
  ReadableDatastore,
  Source,
  SubscriptionRequest,
  Target,
} from "./operation.ts";
import type { PartialLocks } from "./partial-locks.ts";
import type { Peer, SessionId } from "./peer.ts";
import { Reader, type ReadRequest, type Wanted } from "./read.ts";
import { okBody, protocolError, type ReplyBody } from "./reply.ts";
import { findOperation, type Served } from "./rpc.ts";
import type { XPathFilters } from "./xpath-filter.ts";

/** Who asks, and when. */
export interface Caller {
  readonly session: SessionId;
  readonly peer: Peer;
  readonly at: Raw;
}

/** What an rpc or action of a module is carried out with. */
export interface HandlerContext extends Caller {
  /** Of the node that an action was called on; empty for an rpc. */
  readonly path: readonly PathStep[];
}

/** Carries out an rpc or action; gives the children of its output. Throws RpcError. */
export type OperationHandler = (input: Tree, context: HandlerContext) => readonly DataNode[];

/** What the operations may do to sessions. */
export interface SessionControl {
  /** Ends the caller's session once its reply has gone out. */
  close(session: SessionId): void;
  /** False: there is no such session. */
  kill(session: SessionId, by: Caller): boolean;
  /** Begins once the reply is on its way. Throws RpcError. */
  subscribe(request: SubscriptionRequest, caller: Caller): void;
  /** A lock was taken or given back. */
  locked(name: DatastoreName, at: Raw | undefined): void;
}

export interface OperationsOptions {
  readonly schema: Schema;
  readonly datastores: Datastores;
  readonly handlers: ReadonlyMap<string, OperationHandler>;
  readonly hasStartup: boolean;
  /** Where URLs lead to; undefined: there are none. */
  readonly files: ConfigFiles | undefined;
  readonly access: AccessControl;
  readonly xpaths: XPathFilters;
  /** Of the filters of requests. */
  readonly work: FilterWork;
  readonly partialLocks: PartialLocks;
  readonly sessions: SessionControl;
  /** All state at a moment. */
  readonly operational: (at: Raw, wanted: Wanted | undefined) => Tree;
}

type CopyRequest = Extract<Operation, { readonly kind: "copy-config" }>;

/** Carries out what managers ask: one method for each protocol operation. */
export class Operations {
  readonly #options: OperationsOptions;
  readonly #served: Served;
  readonly #reader: Reader;
  /** Module texts as they are sent: escaped once. */
  readonly #texts = new Map<string, string>();

  constructor(options: OperationsOptions) {
    const { schema, datastores, operational, hasStartup, xpaths, files } = options;
    this.#options = options;
    const names = ["running", "candidate", "startup"] as const;
    const served = hasStartup ? names : names.slice(0, 2);
    this.#served = { schema, datastores: served, hasUrl: files !== undefined };
    this.#reader = new Reader({ schema, datastores, operational, xpaths });
  }

  /** Understands and carries out one operation. Throws RpcError. */
  perform(element: Element, caller: Caller): ReplyBody {
    const { schema, access: control } = this.#options;
    const access = control.of(caller.peer);
    try {
      return this.#perform(element, caller, access);
    } catch (refusal) {
      if (access === undefined || !(refusal instanceof RpcError)) throw refusal;
      throw discreet(refusal, access, schema);
    }
  }

  #perform(element: Element, caller: Caller, access: Access | undefined): ReplyBody {
    const { datastores, sessions, partialLocks, access: control } = this.#options;
    const { session, at } = caller;
    const known = findOperation(element, this.#served);
    control.checkOperation(access, known);
    const operation = known.read(element, this.#served);
    switch (operation.kind) {
      case "get":
      case "get-config":
      case "get-data":
        return this.#read(operation, caller, access);
      case "edit-config":
        return this.#edit(operation.edit, caller, access);
      case "copy-config":
        return this.#copy(operation, caller, access);
      case "delete-config":
        return this.#delete(operation.target, caller);
      case "lock":
        if (operation.target === "running") partialLocks.refuseGlobalLock();
        datastores.lock(operation.target, session);
        sessions.locked(operation.target, at);
        return okBody;
      case "unlock":
        datastores.unlock(operation.target, session);
        sessions.locked(operation.target, undefined);
        return okBody;
      case "validate":
        datastores.validate(this.#tree(operation.source));
        return okBody;
      case "commit":
        return this.#commit(operation.commit, caller, access);
      case "cancel-commit":
        datastores.cancelCommit(operation.persistId, session, at);
        return okBody;
      case "discard-changes":
        datastores.discardChanges(session);
        return okBody;
      case "close-session":
        sessions.close(session);
        return okBody;
      case "kill-session":
        return this.#kill(operation.session, caller);
      case "get-schema":
        return this.#getSchema(operation.identifier, operation.version);
      case "compare":
        return this.#compare(operation.comparison, caller, access);
      case "partial-lock":
        return partialLocks.lock(operation.selects, session, at, {
          access,
          allowance: this.#allowance(caller),
        });
      case "partial-unlock":
        partialLocks.unlock(operation.lockId, session);
        return okBody;
      case "create-subscription":
        sessions.subscribe(operation.request, caller);
        return okBody;
      case "rpc":
        return this.#rpc(operation.schema, operation.element, caller);
      case "action":
        return this.#action(operation.element, caller, access);
      default:
        return unreachable(operation);
    }
  }

  /** RFC 6241 sections 7.1 and 7.7. */
  #read(request: ReadRequest, caller: Caller, access: Access | undefined): ReplyBody {
    const allowance = this.#allowance(caller);
    const { children } = this.#reader.select(request, caller.at, access, allowance);
    const namespace = request.kind === "get-data" ? NMDA : BASE;
    const start = request.kind === "get-data" ? `<data xmlns="${NMDA}"` : "<data";
    if (children.length === 0) return [`${start}/>`];
    const inside = writeXml(children, { schema: this.#options.schema, namespace });
    return enclosed(`${start}>`, inside, "</data>");
  }

  /** What the filters of a request take their work from. */
  #allowance({ peer, at }: Caller): XPathAllowance {
    return this.#options.work.of(peer.user, at);
  }

  /** RFC 9144 section 4. */
  #compare(comparison: Comparison, caller: Caller, access: Access | undefined): ReplyBody {
    const source = this.#side(comparison.source, comparison, caller, access);
    const target = this.#side(comparison.target, comparison, caller, access);
    const isEmpty = source.children.length + target.children.length === 0;
    if (comparison.filter !== undefined && isEmpty) return [noMatches];
    return [printDifferences(source, target, this.#options.schema)];
  }

  /** Without "all" only what both datastores can have: configuration. */
  #side(
    source: ReadableDatastore,
    { filter, all, reportOrigin }: Comparison,
    caller: Caller,
    access: Access | undefined,
  ): Tree {
    const selection = {
      config: all ? undefined : true,
      maxDepth: Number.POSITIVE_INFINITY,
      withOrigin: reportOrigin && source === "operational",
      origins: undefined,
    };
    const request = { source, filter, withDefaults: "explicit", selection } as const;
    const allowance = this.#allowance(caller);
    return this.#reader.select({ kind: "get-data", ...request }, caller.at, access, allowance);
  }

  #edit(edit: Edit, { session, at }: Caller, access: Access | undefined): ReplyBody {
    const { datastores } = this.#options;
    const guards = edit.target === "running" ? session : undefined;
    const hidden = this.#options.access.hidden(access);
    const config = this.#elements(edit.content);
    this.#writing(access, guards, (authorize) => {
      const checks = { ...(authorize && { authorize }), ...(hidden && { hidden }) };
      const request = { ...edit, config, ...checks };
      datastores.edit(request, session, at);
    });
    return okBody;
  }

  /** RFC 8341 section 3.2.5: what the user may not read is not copied. */
  #copy(request: CopyRequest, { session, at }: Caller, access: Access | undefined): ReplyBody {
    const { datastores } = this.#options;
    const { source } = request;
    if (request.target.kind === "url") return this.#export(request, request.target.file, access);
    const target = request.target.name;
    const from = this.#tree(source);
    // To copy what runs into startup asks for no permission but the operation's own.
    const isSave = from === "running" && target === "startup";
    if (isSave || from === target) {
      datastores.copy(from, target, session, at);
      return okBody;
    }
    const guards = target === "running" ? session : undefined;
    const readable =
      typeof from === "string"
        ? withReadableChildren(datastores.read(from), undefined, access)
        : from;
    this.#writing(access, guards, (authorize) => {
      datastores.copy(readable, target, session, at, authorize);
    });
    return okBody;
  }

  /** RFC 6241 section 8.8.5.2: to a file, as it is shown to whoever asks. */
  #export({ source, withDefaults }: CopyRequest, file: string, access: Access | undefined) {
    const { datastores, files, schema } = this.#options;
    if (source.kind === "url" && source.file === file) {
      throw protocolError("invalid-value", `source and target are both file:///${file}`);
    }
    const from = this.#tree(source);
    const tree =
      typeof from === "string"
        ? withReadableChildren(datastores.read(from), undefined, access)
        : datastores.received(from);
    files?.write(file, defaultsShown(tree, schema, withDefaults));
    return okBody;
  }

  /** RFC 6241 sections 7.4 and 8.8.5.3. */
  #delete(target: Target, { session, at }: Caller): ReplyBody {
    const { datastores, files } = this.#options;
    if (target.kind === "datastore") datastores.remove(target.name, session, at);
    else if (files?.remove(target.file) !== true) throw noSuchFile(target.file);
    return okBody;
  }

  /**
   * Writes under access control, and counts what it refuses (RFC 8341: denied-data-writes).
   * `guards`: the session, where running is changed and partial locks hold.
   */
  #writing(
    access: Access | undefined,
    guards: SessionId | undefined,
    write: (authorize: Authorize | undefined) => void,
  ): void {
    const { access: control, partialLocks } = this.#options;
    const authorize = control.authorize(access);
    try {
      write(guards === undefined ? authorize : partialLocks.guard(guards, authorize));
    } catch (error) {
      const isDenied =
        error instanceof RpcError && error.faults.some((fault) => fault.tag === "access-denied");
      if (isDenied) control.writeDenied();
      throw error;
    }
  }

  #commit(
    { confirmed, persistId }: Commit,
    { session, at }: Caller,
    access: Access | undefined,
  ): ReplyBody {
    const request = {
      ...(confirmed === undefined ? {} : { confirmed }),
      ...(persistId === undefined ? {} : { persistId }),
    };
    const { datastores } = this.#options;
    this.#writing(access, session, (authorize) => {
      datastores.commit(request, session, at, authorize);
    });
    return okBody;
  }

  /** RFC 6241 section 7.9. */
  #kill(session: SessionId, caller: Caller): ReplyBody {
    const info = [{ name: "bad-element", value: "session-id" }];
    if (session === caller.session) {
      const message = `session ${session} is this one: <close-session> ends it`;
      throw protocolError("invalid-value", message, { info });
    }
    if (!this.#options.sessions.kill(session, caller)) {
      throw protocolError("invalid-value", `there is no session ${session}`, { info });
    }
    return okBody;
  }

  #getSchema(identifier: string, version: string | undefined): ReplyBody {
    const key = `${identifier}@${version ?? ""}`;
    let text = this.#texts.get(key);
    if (text === undefined) {
      text = escapeText(schemaText(this.#options.schema, identifier, version));
      this.#texts.set(key, text);
    }
    return [`<data xmlns="${MONITORING}">`, text, "</data>"];
  }

  #rpc(rpc: OperationSchema, element: Element, caller: Caller): ReplyBody {
    return this.#invoke({ schema: rpc, path: [], element }, caller);
  }

  /** RFC 7950 section 7.15. */
  #action(element: Element, caller: Caller, access: Access | undefined): ReplyBody {
    const { schema, access: control } = this.#options;
    const action = findAction(element, schema);
    const { module, name } = action.schema;
    control.checkPath(access, action.path);
    control.checkOperation(access, { module: module.name, name, schema: action.schema });
    return this.#invoke(action, caller);
  }

  /** What stands behind an rpc or action; its input is checked even where nothing does. */
  #invoke({ schema: operation, path, element }: CalledAction, caller: Caller): ReplyBody {
    const { schema, handlers } = this.#options;
    const { tree, faults } = readInput(element, operation.input, schema);
    if (faults.length > 0) throw new RpcError(faults);
    const around = this.#reader.everything(caller.at);
    const invalid = validateInput(tree, schema, around, path);
    if (invalid.length > 0) throw new RpcError(invalid.map((fault) => asParameter(fault, path)));
    const name = `${operation.module.name}:${operation.name}`;
    const handler = handlers.get(name);
    if (handler === undefined) {
      throw protocolError("operation-not-supported", `nothing here carries out ${name}`);
    }
    const output = handler(tree, { ...caller, path });
    if (output.length === 0) return okBody;
    return writeXml(output, { schema, namespace: BASE });
  }

  /** A datastore by its name, a configuration handed in as a tree. Throws RpcError. */
  #tree(source: Source): DatastoreName | Tree {
    if (source.kind === "datastore") return source.name;
    const elements = this.#elements(source);
    const { tree, faults } = readData(elements, this.#options.schema, { type: "config" });
    if (faults.length > 0) throw new RpcError(faults);
    return tree;
  }

  /** What stands in a <config>, here or in a file. Throws RpcError. */
  #elements(content: Content): readonly Element[] {
    if (content.kind === "config") return content.elements;
    const elements = this.#options.files?.read(content.file);
    if (elements === undefined) throw noSuchFile(content.file);
    return elements;
  }
}

function* enclosed(start: string, pieces: Iterable<string>, end: string): Iterable<string> {
  yield start;
  yield* pieces;
  yield end;
}

/** RFC 6241 appendix A: a parameter that is not given is a missing element. */
function asParameter(fault: RpcFault, path: readonly PathStep[]): RpcFault {
  const where = fault.path?.text ?? "";
  const isParameter = fault.tag === "data-missing" && fault.appTag === undefined;
  if (!isParameter || where === instancePath(path).text) return fault;
  const name = where.slice(where.lastIndexOf(":") + 1);
  return { ...fault, tag: "missing-element", info: [{ name: "bad-element", value: name }] };
}
