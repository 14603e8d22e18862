import { RpcError } from "../base/index.ts";
import type { DatastoreName } from "../datastore/index.ts";
import type { Element } from "../xml/index.ts";
import {
  moduleNamed,
  moduleOfNamespace,
  type OperationSchema,
  type Schema,
} from "../yang/index.ts";
import {
  BASE,
  COMPARE,
  isProtocolElement,
  MONITORING,
  NMDA,
  NOTIFICATION,
  PARTIAL_LOCK,
  YANG,
} from "./names.ts";
import type { Commit, Operation } from "./operation.ts";
import { datastoreIdentity, invalidValue, missingElement, Parameters } from "./parameters.ts";
import { protocolError } from "./reply.ts";

/** RFC 6241 section 8.4.1: seconds until a confirmed commit that is not confirmed is undone. */
const CONFIRM_TIMEOUT_DEFAULT = 600;

/** What decides which operations and parameters there are. */
export interface Served {
  readonly schema: Schema;
  readonly datastores: readonly DatastoreName[];
  /** Whether there is the capability :url. */
  readonly hasUrl: boolean;
}

/** The operation in an envelope that is fine (RFC 6241 section 4.1). Throws RpcError. */
export function readRpc(element: Element): Element {
  if (!element.attributes.some((a) => a.name === "message-id" && a.namespace === "")) {
    throw envelopeError("missing-attribute", "<rpc> has a message-id attribute", [
      { name: "bad-attribute", value: "message-id" },
      { name: "bad-element", value: "rpc" },
    ]);
  }
  const [operation, second] = element.children;
  if (operation === undefined) {
    throw envelopeError("missing-element", "<rpc> holds no operation", [
      { name: "bad-element", value: "rpc" },
    ]);
  }
  if (second !== undefined) {
    throw envelopeError("unknown-element", "<rpc> holds one operation, not two", [
      { name: "bad-element", value: second.name },
    ]);
  }
  return operation;
}

/** True for an <rpc> in the protocol's namespace, or in none. */
export function isRpc(element: Element): boolean {
  return element.name === "rpc" && isProtocolElement(element);
}

type Reader = (operation: Element, served: Served) => Operation;

/** An operation that there is: its name is known, its parameters are not yet read. */
export interface KnownOperation {
  readonly module: string;
  readonly name: string;
  /** Of an rpc of a module that is none of the protocol's own. */
  readonly schema: OperationSchema | undefined;
  readonly read: Reader;
}

/** Finds what an element asks for. Throws RpcError. */
export function findOperation(element: Element, served: Served): KnownOperation {
  const { name } = element;
  const own = operations.get(name);
  const isOwn = own !== undefined && [own.namespace, ""].includes(element.namespace);
  if (isOwn && isServed(own, served.schema)) return own;
  const schema = findRpc(element, served.schema);
  if (schema !== undefined) {
    return {
      module: schema.module.name,
      name,
      schema,
      read: () => ({ kind: "rpc", schema, element }),
    };
  }
  if (isProtocolElement(element) || moduleOfNamespace(served.schema, element.namespace)) {
    throw protocolError("operation-not-supported", `there is no operation <${name}>`, {
      info: [{ name: "bad-element", value: name }],
    });
  }
  throw protocolError(
    "unknown-namespace",
    `<${name}>: no module is served in the namespace "${element.namespace}"`,
    {
      info: [
        { name: "bad-element", value: name },
        { name: "bad-namespace", value: element.namespace },
      ],
    },
  );
}

/** What is optional in the protocol is there where its module is. */
function isServed({ namespace, module }: OwnOperation, schema: Schema): boolean {
  if (![NOTIFICATION, NMDA, COMPARE, PARTIAL_LOCK].includes(namespace)) return true;
  return moduleNamed(schema, module)?.implemented === true;
}

function findRpc(element: Element, schema: Schema): OperationSchema | undefined {
  return schema.rpcs.find(
    (rpc) =>
      rpc.name === element.name &&
      (rpc.module.namespace === element.namespace || element.namespace === ""),
  );
}

function readGet(element: Element): Operation {
  const parameters = new Parameters(element, ["filter", "with-defaults"]);
  const withDefaults = parameters.withDefaults();
  return { kind: "get", filter: parameters.filter(), withDefaults };
}

function readGetConfig(element: Element, { datastores }: Served): Operation {
  const parameters = new Parameters(element, ["source", "filter", "with-defaults"]);
  const source = parameters.datastore("source", datastores);
  const withDefaults = parameters.withDefaults();
  return { kind: "get-config", source, filter: parameters.filter(), withDefaults };
}

function readEditConfig(element: Element, { hasUrl }: Served): Operation {
  const known = ["target", "default-operation", "test-option", "error-option"];
  const parameters = new Parameters(element, [...known, ...contents(hasUrl)]);
  const target = parameters.datastore("target", ["running", "candidate"]);
  const content = parameters.content();
  const edit = {
    target,
    content,
    defaultOperation: parameters.word("default-operation", ["merge", "replace", "none"]) ?? "merge",
    testOption:
      parameters.word("test-option", ["test-then-set", "set", "test-only"]) ?? "test-then-set",
    errorOption:
      parameters.word("error-option", [
        "stop-on-error",
        "continue-on-error",
        "rollback-on-error",
      ]) ?? "stop-on-error",
  } as const;
  return { kind: "edit-config", edit };
}

function contents(hasUrl: boolean): readonly string[] {
  return hasUrl ? ["config", "url"] : ["config"];
}

function readCopyConfig(element: Element, { datastores, hasUrl }: Served): Operation {
  const parameters = new Parameters(element, ["target", "source", "with-defaults"]);
  const withDefaults = parameters.withDefaults();
  const target = parameters.target(datastores, hasUrl);
  const source = parameters.source(datastores, hasUrl);
  return { kind: "copy-config", source, target, withDefaults };
}

function readDeleteConfig(element: Element, { datastores, hasUrl }: Served): Operation {
  const target = new Parameters(element, ["target"]).target(datastores, hasUrl);
  return { kind: "delete-config", target };
}

function readTarget(kind: "lock" | "unlock"): Reader {
  return (element, { datastores }) => {
    const target = new Parameters(element, ["target"]).datastore("target", datastores);
    return { kind, target };
  };
}

function readValidate(element: Element, { datastores, hasUrl }: Served): Operation {
  const source = new Parameters(element, ["source"]).source(datastores, hasUrl);
  return { kind: "validate", source };
}

function readCommit(element: Element): Operation {
  const known = ["confirmed", "confirm-timeout", "persist", "persist-id"];
  const parameters = new Parameters(element, known);
  const timeout = parameters.number("confirm-timeout", 1, 4_294_967_295);
  const persist = parameters.text("persist");
  const confirmed: Commit["confirmed"] = parameters.has("confirmed")
    ? {
        timeout: timeout ?? CONFIRM_TIMEOUT_DEFAULT,
        ...(persist === undefined ? {} : { persist }),
      }
    : undefined;
  return { kind: "commit", commit: { confirmed, persistId: parameters.text("persist-id") } };
}

function readCancelCommit(element: Element): Operation {
  const persistId = new Parameters(element, ["persist-id"]).text("persist-id");
  return { kind: "cancel-commit", persistId };
}

function readBare(kind: "discard-changes" | "close-session"): Reader {
  return (element) => {
    new Parameters(element, []);
    return { kind };
  };
}

function readKillSession(element: Element): Operation {
  const parameters = new Parameters(element, ["session-id"]);
  parameters.required("session-id");
  const session = parameters.number("session-id", 1, 4_294_967_295) ?? 0;
  return { kind: "kill-session", session };
}

/** RFC 6022 section 3.1. */
function readGetSchema(element: Element): Operation {
  const parameters = new Parameters(element, ["identifier", "version", "format"]);
  parameters.required("identifier");
  const identifier = (parameters.text("identifier") ?? "").trim();
  const version = parameters.text("version")?.trim();
  const format = (parameters.text("format") ?? "yang").trim();
  const word = format.slice(format.indexOf(":") + 1);
  if (word !== "yang") throw invalidValue("format", format, "yang");
  return { kind: "get-schema", identifier, version, format: word };
}

/** RFC 8526 section 3.1.1. */
function readGetData(element: Element, { datastores }: Served): Operation {
  const known = ["datastore", "subtree-filter", "xpath-filter", "config-filter", "max-depth"];
  const origins = ["origin-filter", "negated-origin-filter"] as const;
  const parameters = new Parameters(element, [...known, "with-origin", "with-defaults"], origins);
  const readable = [...datastores, "intended", "operational"] as const;
  const source = datastoreIdentity(parameters.required("datastore"), readable);
  const isOperational = source === "operational";
  const [positive = [], negative = []] = origins.map((name) => parameters.origins(name));
  if (positive.length > 0 && negative.length > 0) {
    throw protocolError("bad-element", "one kind of origin filter, not both", {
      info: [{ name: "bad-element", value: "negated-origin-filter" }],
    });
  }
  const ofOrigin = [...positive, ...negative];
  if (!isOperational && (ofOrigin.length > 0 || parameters.has("with-origin"))) {
    throw invalidValue("datastore", source, "operational, which alone has origins,");
  }
  const config = parameters.word("config-filter", ["true", "false"]);
  const isUnbounded = parameters.text("max-depth")?.trim() === "unbounded";
  const maxDepth = isUnbounded ? undefined : parameters.number("max-depth", 1, 65_535);
  const selection = {
    config: config === undefined ? undefined : config === "true",
    maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
    withOrigin: parameters.has("with-origin"),
    origins:
      ofOrigin.length === 0
        ? undefined
        : { names: new Set(ofOrigin), negated: negative.length > 0 },
  };
  const filter = parameters.filterChoice();
  // RFC 8342 section 5.3: operational has the defaults in use, whoever set nothing.
  const withDefaults = parameters.withDefaults(isOperational ? "report-all" : "explicit");
  return { kind: "get-data", source, filter, withDefaults, selection };
}

/** RFC 8526 section 3.1.2. */
function readEditData(element: Element, { hasUrl }: Served): Operation {
  const known = ["datastore", "default-operation", ...contents(hasUrl)];
  const parameters = new Parameters(element, known);
  const target = datastoreIdentity(parameters.required("datastore"), ["running", "candidate"]);
  const defaultOperation =
    parameters.word("default-operation", ["merge", "replace", "none"]) ?? "merge";
  const content = parameters.content();
  const errorOption = "rollback-on-error";
  const edit = { target, content, defaultOperation, testOption: "set", errorOption } as const;
  return { kind: "edit-config", edit };
}

/** RFC 9144 section 4. */
function readCompare(element: Element, { datastores }: Served): Operation {
  const known = ["source", "target", "all", "report-origin", "subtree-filter", "xpath-filter"];
  const parameters = new Parameters(element, known);
  const readable = [...datastores, "intended", "operational"] as const;
  const comparison = {
    source: datastoreIdentity(parameters.required("source"), readable),
    target: datastoreIdentity(parameters.required("target"), readable),
    filter: parameters.filterChoice(),
    all: parameters.has("all"),
    reportOrigin: parameters.has("report-origin"),
  };
  return { kind: "compare", comparison };
}

/** RFC 5717 section 2.4.1. */
function readPartialLock(element: Element): Operation {
  const selects = new Parameters(element, [], ["select"]).all("select");
  if (selects.length === 0) throw missingElement("select", element);
  return { kind: "partial-lock", selects };
}

function readPartialUnlock(element: Element): Operation {
  const parameters = new Parameters(element, ["lock-id"]);
  parameters.required("lock-id");
  return { kind: "partial-unlock", lockId: parameters.number("lock-id", 0, 4_294_967_295) ?? 0 };
}

/** RFC 5277 section 2.1.1. */
function readSubscription(element: Element): Operation {
  const parameters = new Parameters(element, ["stream", "filter", "startTime", "stopTime"]);
  const request = {
    stream: parameters.text("stream")?.trim() ?? "NETCONF",
    filter: parameters.filter(),
    startMs: parameters.time("startTime"),
    stopMs: parameters.time("stopTime"),
  };
  return { kind: "create-subscription", request };
}

function readAction(element: Element): Operation {
  return { kind: "action", element };
}

interface OwnOperation extends KnownOperation {
  readonly namespace: string;
}

function own(namespace: string, module: string, readers: Record<string, Reader>): OwnOperation[] {
  return Object.entries(readers).map(([name, read]) => {
    return { namespace, module, name, schema: undefined, read };
  });
}

/** By name: they differ, so that one without a namespace is known by its name. */
const operations: ReadonlyMap<string, OwnOperation> = new Map(
  [
    ...own(BASE, "ietf-netconf", {
      get: readGet,
      "get-config": readGetConfig,
      "edit-config": readEditConfig,
      "copy-config": readCopyConfig,
      "delete-config": readDeleteConfig,
      lock: readTarget("lock"),
      unlock: readTarget("unlock"),
      validate: readValidate,
      commit: readCommit,
      "cancel-commit": readCancelCommit,
      "discard-changes": readBare("discard-changes"),
      "close-session": readBare("close-session"),
      "kill-session": readKillSession,
    }),
    ...own(MONITORING, "ietf-netconf-monitoring", { "get-schema": readGetSchema }),
    ...own(NMDA, "ietf-netconf-nmda", { "get-data": readGetData, "edit-data": readEditData }),
    ...own(COMPARE, "ietf-nmda-compare", { compare: readCompare }),
    ...own(PARTIAL_LOCK, "ietf-netconf-partial-lock", {
      "partial-lock": readPartialLock,
      "partial-unlock": readPartialUnlock,
    }),
    ...own(NOTIFICATION, "notifications", { "create-subscription": readSubscription }),
    ...own(YANG, "yang", { action: readAction }),
  ].map((operation) => [operation.name, operation]),
);

function envelopeError(
  tag: "missing-attribute" | "missing-element" | "unknown-element",
  message: string,
  info: readonly { readonly name: string; readonly value: string }[],
): RpcError {
  return new RpcError({ type: "rpc", tag, message, info });
}
