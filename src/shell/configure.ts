import { type Element, element, printElement } from "../xml/index.ts";
import type { ConfigCommand } from "./command.ts";
import type { Values } from "./grammar.ts";
import type { Said } from "./match.ts";
import { BASE, COMPARE, DATASTORES, namespaces } from "./names.ts";
import { operations } from "./netconf-link.ts";
import { complexityFault, type Secrets } from "./secrets.ts";
import {
  EditTree,
  editStatement,
  fullPath,
  undoStatement,
  viewPath,
  withDefaults,
} from "./statement-edit.ts";
import { childAt, childrenAt, Refused, read, rpc, type Task, textOf } from "./task.ts";

/** A refusal of the shell's own: what it has against what was typed. */
export class Objection extends Error {}

/** Carries out a statement or its undoing on the candidate; gives what is to be told of it. */
export function* configure(
  said: Said & { readonly command: ConfigCommand },
  view: string | undefined,
  secrets: Secrets,
): Task<readonly string[]> {
  const { command, undo } = said;
  if (command.view === "interface" && view === undefined) {
    throw new Objection("this is said of an interface: go to its view first");
  }
  const values = inView(withDefaults(command, said.values), view);
  const before = yield* around(command, values);
  requireKey(command, values, before);
  const notes = undo
    ? yield* takeBack(command, values, said.values)
    : yield* state(command, values, before, secrets);
  if (undo && command.view === "interface") yield* tidyInterface(values);
  return notes;
}

function inView({ parameters, words }: Values, view: string | undefined): Values {
  return {
    parameters: view === undefined ? parameters : new Map(parameters).set("view", view),
    words,
  };
}

/** What the candidate holds of that which a statement depends on. */
function* around(command: ConfigCommand, { parameters: bound }: Values): Task<Element> {
  const wanted = new EditTree();
  wanted.at("ntp/authentication/auth-enabled", bound);
  wanted.at("ntp/authentication/nd:complexity-check", bound);
  if (bound.has("key-id")) {
    wanted.at("ntp/authentication/authentication-keys[keyid=<key-id>]/istrusted", bound);
  }
  if (command.view === "interface") {
    wanted.at("if:interfaces/interface[name=<view>]/type", bound);
  }
  return yield* read(operations.getConfig("candidate", wanted.xml()));
}

/** Of a key that is not there nothing can be said, nor taken back. */
function requireKey({ needs }: ConfigCommand, { parameters }: Values, before: Element): void {
  const authentication = childAt(before, "ntp", "authentication");
  if (needs === undefined || childrenAt(authentication, "authentication-keys").length > 0) return;
  throw new Objection(`there is no key ${parameters.get("key-id") ?? ""}: make it first`);
}

function* state(
  command: ConfigCommand,
  values: Values,
  before: Element,
  secrets: Secrets,
): Task<readonly string[]> {
  const { parameters: bound } = values;
  const authentication = childAt(before, "ntp", "authentication");
  const [key] = childrenAt(authentication, "authentication-keys");
  const tree = new EditTree();
  const notes: string[] = [];
  const checked = textOf(authentication, "complexity-check") !== "false";
  editStatement(tree, withSecret(command, values, secrets, checked), sealed(values, secrets));
  const makesKey = command.leaves?.secret !== undefined;
  if (makesKey && textOf(key, "istrusted") === "") {
    tree.at(`${command.at}/istrusted=true`, bound);
  }
  const namesKey = !makesKey && command.leaves?.["key-id"] !== undefined && bound.has("key-id");
  if (namesKey && textOf(authentication, "auth-enabled") === "") {
    tree.at("ntp/authentication/auth-enabled=true", bound);
    notes.push("Info: Authentication is enabled, because a key is named.");
  }
  const interfaceXml =
    command.view === "interface" && childAt(before, "interfaces", "interface") === undefined
      ? yield* newInterface(bound)
      : "";
  return [...notes, ...(yield* edit(interfaceXml + tree.xml()))];
}

/**
 * Statements come in any order: one may name what is yet to be made, and what was wrong before may
 * be mended step by step. What is wrong in itself is refused at once.
 */
function* edit(config: string): Task<readonly string[]> {
  const before = yield* faultsOf("<validate><source><candidate/></source></validate>");
  const now = yield* faultsOf(operations.edit(config));
  if (now === undefined) return [];
  const known = new Set(before?.faults.map(({ lines }) => lines.join("\n")));
  const fresh = now.faults.filter(({ lines }) => !known.has(lines.join("\n")));
  if (fresh.some(({ appTag }) => appTag !== "instance-required")) throw now;
  yield* rpc(operations.editUntested(config));
  return fresh.map(({ lines }) => `Info: A commit asks for more: ${lines[0] ?? ""}`);
}

function* faultsOf(operation: string): Task<Refused | undefined> {
  try {
    yield* rpc(operation);
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

/** A key is kept as it was typed, or encrypted first: each in its own leaf. */
function withSecret(
  command: ConfigCommand,
  { parameters: bound, words }: Values,
  secrets: Secrets,
  checked: boolean,
): ConfigCommand {
  const text = bound.get("secret");
  if (text === undefined || command.leaves?.secret === undefined) return command;
  const isCipher = words.has("cipher") || (!words.has("plain") && secrets.isSealed(text));
  if (!isCipher) return { ...command, leaves: { ...command.leaves, secret: "key/keystring" } };
  if (secrets.isSealed(text)) {
    if (secrets.opens(text)) return command;
    throw new Objection("this cipher text was not made by this agent, and does not open here");
  }
  const fault = checked ? complexityFault(text) : undefined;
  if (fault !== undefined) throw new Objection(fault);
  if ([...text].length > 255) throw new Objection("a key has 255 characters at most");
  return command;
}

function sealed({ parameters: bound, words }: Values, secrets: Secrets): Values {
  const text = bound.get("secret");
  if (text === undefined || !words.has("cipher") || secrets.isSealed(text)) {
    return { parameters: bound, words };
  }
  return { parameters: new Map(bound).set("secret", secrets.sealText(text)), words };
}

/** The entry of an interface that the machine has and the configuration has not. */
function* newInterface(bound: ReadonlyMap<string, string>): Task<string> {
  const wanted = new EditTree();
  wanted.at("if:interfaces-state/interface[name=<view>]/type", bound);
  const data = yield* read(operations.get(wanted.xml()));
  const found = childAt(data, "interfaces-state", "interface");
  const type = found && childAt(found, "type");
  if (type === undefined) throw new Objection(`there is no interface ${bound.get("view") ?? ""}`);
  const name = element(namespaces.if, "name", { text: bound.get("view") ?? "" });
  const entry = element(namespaces.if, "interface", { children: [name, withScope(type)] });
  return printElement(element(namespaces.if, "interfaces", { children: [entry] }), BASE);
}

/** The prefix of an identity is declared where it is written, wherever it was before. */
function withScope(type: Element): Element {
  const text = type.text.trim();
  const prefix = text.includes(":") ? text.slice(0, text.indexOf(":")) : "";
  const namespace = type.scope.lookup(prefix) ?? "";
  return element(type.namespace, type.name, {
    text: `t:${text.slice(text.indexOf(":") + 1)}`,
    declarations: new Map([["t", namespace]]),
  });
}

function* takeBack(command: ConfigCommand, values: Values, said: Values): Task<readonly string[]> {
  const tree = new EditTree();
  // What was left out stands for the usual group: not to find that is no mistake.
  const named = [...values.parameters.keys()].every(
    (name) =>
      name === "view" || said.parameters.has(name) || !fullPath(command).includes(`<${name}>`),
  );
  undoStatement(tree, command, values, named);
  if (command.off !== undefined) return yield* edit(tree.xml());
  const refused = yield* faultsOf(operations.editThere(tree.xml()));
  if (refused?.faults.some(({ tag }) => tag !== "data-missing")) throw refused;
  if (refused !== undefined && named) throw new Objection("there is no such statement to undo");
  return [];
}

/** An interface of which nothing is said any more is not spoken of. */
function* tidyInterface({ parameters: bound }: Values): Task<void> {
  const wanted = new EditTree();
  wanted.at(viewPath, bound);
  const data = yield* read(operations.getConfig("candidate", wanted.xml()));
  const entry = childAt(data, "ntp", "interfaces", "interface");
  if (entry === undefined || entry.children.length > 1) return;
  const tree = new EditTree();
  tree.at(viewPath, bound).operation = "remove";
  yield* rpc(operations.editThere(tree.xml()));
}

/** Whether there is something to commit (RFC 9144). */
export function* hasChanges(): Task<boolean> {
  const reply = yield* rpc(
    `<compare xmlns="${COMPARE}" xmlns:ds="${DATASTORES}"><source>ds:candidate</source>` +
      "<target>ds:running</target></compare>",
  );
  return childrenAt(reply, "differences", "yang-patch", "edit").length > 0;
}
