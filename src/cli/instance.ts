import type { RpcFault } from "../base/index.ts";
import { namedFault, type ReadTree, readData, readJson, type Tree } from "../data/index.ts";
import { validateData, validateInput, validateTree } from "../datastore/index.ts";
import type { InOutSchema, NotificationSchema, Schema } from "../yang/index.ts";
import type { instanceTypes } from "./choices.ts";
import type { InstanceDocument } from "./document.ts";
import { findMessages, type Message } from "./message.ts";

export type InstanceType = (typeof instanceTypes)[number];

export interface InstanceOptions {
  readonly type: InstanceType;
  /** The datastore that an operation, a reply or a notification sees beside itself. */
  readonly operational?: InstanceDocument | undefined;
  /** The rpc that a reply answers, where the reply does not name it. */
  readonly request?: InstanceDocument | undefined;
}

/** Everything that is wrong with instance data (RFC 7950 section 8). */
export function instanceFaults(
  document: InstanceDocument,
  schema: Schema,
  options: InstanceOptions,
): readonly RpcFault[] {
  const { type, operational, request } = options;
  if (type === "config" || type === "data") {
    const { tree, faults } = readTree(document, schema, type);
    if (faults.length > 0) return faults;
    return type === "config" ? validateTree(tree, schema) : validateData(tree, schema);
  }
  let datastore: Tree | undefined;
  if (operational !== undefined) {
    const read = readTree(operational, schema, "data");
    if (read.faults.length > 0) return read.faults;
    datastore = read.tree;
  }
  const among = type === "notification" ? "notifications" : "operations";
  const { messages, faults } = findMessages(request ?? document, schema, among);
  const [message] = messages;
  if (faults.length > 0) return faults;
  if (message === undefined) return [namedFault(undefined, "missing-element", `no ${type} in it`)];
  if (request !== undefined) return answerFaults(message, document, schema, datastore);
  return messages.flatMap((each) => messageFaults(each, holderOf(each, type), schema, datastore));
}

function readTree(document: InstanceDocument, schema: Schema, type: "config" | "data"): ReadTree {
  if (document.form === "json") return readJson(document.value, schema, { type });
  return readData(document.elements, schema, { type });
}

function holderOf({ called }: Message, type: InstanceType): InOutSchema | NotificationSchema {
  if (called.kind === "notification") return called;
  return type === "reply" ? called.output : called.input;
}

function messageFaults(
  { path, ancestors, read }: Message,
  holder: InOutSchema | NotificationSchema,
  schema: Schema,
  datastore: Tree | undefined,
): readonly RpcFault[] {
  const { tree, faults } = read(holder);
  if (faults.length > 0) return faults;
  return validateInput(tree, schema, datastore ?? ancestors, path);
}

/** What stands in <rpc-reply> is the output, <ok/>, or an error that is none of the modules'. */
function answerFaults(
  { called, path, ancestors }: Message,
  reply: InstanceDocument,
  schema: Schema,
  datastore: Tree | undefined,
): readonly RpcFault[] {
  if (called.kind === "notification" || reply.form === "json") return [];
  const NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0";
  const own = reply.elements.filter(
    ({ namespace, name }) => namespace !== NETCONF || (name !== "ok" && name !== "rpc-error"),
  );
  if (own.length < reply.elements.length && own.length === 0) return [];
  const { tree, faults } = readData(own, schema, { type: "data", parent: called.output });
  if (faults.length > 0) return faults;
  return validateInput(tree, schema, datastore ?? ancestors, path);
}
