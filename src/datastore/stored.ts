import { RpcError, type Storage, StorageError } from "../base/index.ts";
import { readData, type Tree, writeXml } from "../data/index.ts";
import { isXmlFault, parseXml } from "../xml/index.ts";
import type { Schema } from "../yang/index.ts";

const NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0";

/** The trees that outlive the process: a <config> document each. */
export class StoredTrees {
  readonly #storage: Storage;
  readonly #schema: Schema;

  constructor(storage: Storage, schema: Schema) {
    this.#storage = storage;
    this.#schema = schema;
  }

  /** undefined: there is none. Refuses what does not parse, naming the file and all its faults. */
  read(name: string): Tree | undefined {
    const bytes = this.#storage.read(name);
    return bytes === undefined ? undefined : parseConfig(bytes, this.#schema, name);
  }

  write(name: string, tree: Tree): void {
    stored(name, () => this.#storage.write(name, printConfig(tree, this.#schema)));
  }

  remove(name: string): void {
    stored(name, () => this.#storage.remove(name));
  }
}

/** Reads a whole configuration: one <config> or <data> element. `what` names it in a refusal. */
export function parseConfig(bytes: Uint8Array, schema: Schema, what: string): Tree {
  const root = parseXml(bytes);
  if (isXmlFault(root)) {
    throw unreadable(what, `line ${root.line}, column ${root.column}: ${root.message}`);
  }
  if (root.name !== "config" && root.name !== "data") {
    throw unreadable(what, `the element is <${root.name}>, not <config>`);
  }
  const { tree, faults } = readData(root.children, schema, { type: "config" });
  if (faults.length > 0) throw inside(what, faults);
  return tree;
}

/** A configuration as parseConfig() reads it. */
export function printConfig(tree: Tree, schema: Schema): Uint8Array {
  const pieces = [`<config xmlns="${NETCONF}">`];
  for (const piece of writeXml(tree.children, { schema, namespace: NETCONF })) pieces.push(piece);
  pieces.push("</config>\n");
  return new TextEncoder().encode(pieces.join(""));
}

/** The faults of a stored configuration, each told with where it stands. */
export function inside(what: string, faults: RpcError["faults"]): RpcError {
  return new RpcError(
    faults.map((fault) => ({ ...fault, message: `stored ${what}: ${fault.message}` })),
  );
}

function unreadable(what: string, message: string): RpcError {
  const text = `stored ${what}: ${message}`;
  return new RpcError({ type: "application", tag: "operation-failed", message: text });
}

/** A disk that fails is a refusal: nothing was changed. */
function stored(name: string, act: () => void): void {
  try {
    act();
  } catch (fault) {
    if (!(fault instanceof StorageError)) throw fault;
    const message = `${name} could not be stored: ${fault.message}`;
    throw new RpcError({ type: "application", tag: "resource-denied", message });
  }
}
