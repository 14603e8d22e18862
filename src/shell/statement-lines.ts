import type { Element } from "../xml/index.ts";
import type { ConfigCommand, Rule } from "./command.ts";
import { sayLine, type Values } from "./grammar.ts";
import { namespaces } from "./names.ts";
import { type PathStep, parameterOf, parsePath } from "./node-path.ts";
import { parameters, readParameter } from "./parameters.ts";
import { fullPath } from "./statement-edit.ts";
import { quoteWord } from "./words.ts";

/** Makes the cipher text of a key's entry; undefined: its secret may not be read. */
export type SecretReader = (key: Element) => string | undefined;

/** What stands for a secret that the user may not read. */
const hidden = "******";

interface Found {
  readonly element: Element;
  readonly bound: ReadonlyMap<string, string>;
}

/**
 * The statements that data holds, as lines, in the order of the rules. `view`: the interface whose
 * statements they are; undefined: those of the system view.
 */
export function statementLines(
  data: Element,
  rules: readonly Rule[],
  view: string | undefined,
  secret: SecretReader,
): readonly string[] {
  const start = new Map(view === undefined ? [] : [["view", view]]);
  return rules.flatMap(({ command, undo, grammar }) => {
    if (command.kind !== "config" || undo) return [];
    if ((command.view === "interface") !== (view !== undefined)) return [];
    const found = find(data, parsePath(fullPath(command)), start);
    return found.flatMap((one) => {
      const isOff = isUndone(command, one.element);
      const values = isOff === undefined ? undefined : valuesOf(command, one, secret);
      const words = values && sayLine(grammar, values);
      if (words === undefined) return [];
      return [(isOff ? ["undo", ...words] : words).join(" ")];
    });
  });
}

/** Whether a leaf says the statement or its undoing; undefined: neither. */
function isUndone(command: ConfigCommand, element: Element): boolean | undefined {
  // The service itself shows where nothing else of it does.
  if (command.at === "ntp") return element.children.length === 0 ? false : undefined;
  const value = parsePath(command.at).at(-1)?.value;
  if (value === undefined || parameterOf(value) !== undefined) return false;
  const text = element.text.trim();
  if (text === value) return false;
  return text === command.off ? true : undefined;
}

/** All instances of a path, with the parameters that their keys and values give. */
function find(
  parent: Element,
  [step, ...after]: readonly PathStep[],
  bound: ReadonlyMap<string, string>,
): readonly Found[] {
  if (step === undefined) return [{ element: parent, bound }];
  return parent.children.flatMap((child) => {
    if (child.name !== step.name || child.namespace !== step.namespace) return [];
    const taken = bindStep(child, step, bound);
    return taken === undefined ? [] : find(child, after, taken);
  });
}

function bindStep(
  element: Element,
  { keys, value }: PathStep,
  bound: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> | undefined {
  let all = bound;
  for (const [leaf, meant] of keys) {
    const child = element.children.find((one) => one.name === leaf);
    const more = child && bindValue(child, meant, all);
    if (more === undefined) return undefined;
    all = more;
  }
  return value === undefined || parameterOf(value) === undefined
    ? all
    : bindValue(element, value, all);
}

/** The parameters with one more; undefined: the leaf holds something else. */
function bindValue(
  leaf: Element,
  meant: string,
  bound: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> | undefined {
  const name = parameterOf(meant);
  if (name === undefined) {
    const isSame = leaf.text.trim() === meant || identityOf(leaf) === meant;
    return isSame ? bound : undefined;
  }
  const already = bound.get(name);
  if (already !== undefined) return already === leaf.text.trim() ? bound : undefined;
  const value = typedValue(name, leaf);
  return value === undefined ? undefined : new Map(bound).set(name, value);
}

/** What would have to be typed for what a leaf holds; undefined: nothing would do. */
function typedValue(name: string, leaf: Element): string | undefined {
  const type = parameters[name]?.type;
  if (type?.kind === "words") {
    const identity = identityOf(leaf);
    return Object.entries(type.words).find(([, data]) => data.includes(identity))?.[0];
  }
  const text = leaf.text.trim();
  return "value" in readParameter(name, text) ? quoteWord(text) : undefined;
}

/** An identity by the prefix that the table has for its module. */
export function identityOf(leaf: Element): string {
  const [, prefix = "", name = ""] = /^(?:([^:]*):)?(.*)$/s.exec(leaf.text.trim()) ?? [];
  const namespace = leaf.scope.lookup(prefix);
  if (namespace === namespaces.ntp) return `ntp:${name}`;
  return namespace === namespaces.nd ? `nd:${name}` : name;
}

function valuesOf(command: ConfigCommand, { element, bound }: Found, secret: SecretReader): Values {
  const said = new Map(bound);
  const words = new Set<string>();
  for (const [name, leaf] of Object.entries(command.leaves ?? {})) {
    if (name === "secret") {
      said.set(name, secret(element) ?? hidden);
      words.add("cipher");
      continue;
    }
    const [found] = find(element, parsePath(leaf.replace(/=.*$/, "")), new Map());
    if (found === undefined) continue;
    const fixed = /=(.*)$/.exec(leaf)?.[1];
    if (fixed === undefined) {
      const value = typedValue(name, found.element);
      if (value !== undefined) said.set(name, value);
    } else if (found.element.text.trim() === fixed) {
      words.add(name);
    }
  }
  return { parameters: said, words };
}
