import { unreachable } from "../base/index.ts";
import { type Element, element } from "../xml/index.ts";
import type { Action, ConfigCommand, Rule } from "./command.ts";
import { configure, hasChanges, Objection } from "./configure.ts";
import { printChanges, printSections, type Section, sectionsOf } from "./display-config.ts";
import { sessionLines, statisticsLines, statusLines } from "./display-ntp.ts";
import { clockLines, versionLines } from "./display-system.ts";
import type { Values } from "./grammar.ts";
import type { Said } from "./match.ts";
import { namespaces } from "./names.ts";
import { operations } from "./netconf-link.ts";
import type { Secrets } from "./secrets.ts";
import { statementLines } from "./statement-lines.ts";
import { ask, childAt, childrenAt, read, rpc, type Task, textOf } from "./task.ts";

/** What the shell remembers between its commands. */
export interface ShellState {
  view: "user" | "system" | "interface";
  /** Whose view it is. */
  interface: string | undefined;
  /** The candidate is not what is running. */
  changed: boolean;
  /** A trial of this session waits to be confirmed. */
  trial: boolean;
  ended: boolean;
  /** Lines of a page; undefined: those of the terminal. */
  pageLines: number | undefined;
  capabilities: readonly string[];
  readonly history: string[];
}

export interface RunContext {
  readonly state: ShellState;
  readonly secrets: Secrets;
  readonly rules: readonly Rule[];
  /** Somebody is there who can answer questions. */
  readonly interactive: boolean;
  /** Of ntpconfd. */
  readonly version: string;
}

const startupCapability = "urn:ietf:params:netconf:capability:startup:1.0";
const trialSeconds = "600";
const wholeConfig =
  `<ntp xmlns="${namespaces.ntp}"/>` +
  `<interfaces xmlns="${namespaces.if}"><interface><name/></interface></interfaces>`;

/** Carries out what a line says; gives the lines of its answer. */
export function* run(said: Said, context: RunContext): Task<readonly string[]> {
  const { command } = said;
  if (command.kind === "action") return yield* act(command.action, said.values, context);
  const { state, secrets } = context;
  const notes = yield* configure(
    { ...said, command: command as ConfigCommand },
    state.interface,
    secrets,
  );
  state.changed = yield* hasChanges();
  return notes;
}

function* act(action: Action, values: Values, context: RunContext): Task<readonly string[]> {
  const { state } = context;
  switch (action) {
    case "system-view":
      state.view = "system";
      state.changed = yield* hasChanges();
      return ["Enter system view, return user view with return command."];
    case "interface":
      return yield* enterInterface(values.parameters.get("interface") ?? "", state);
    case "quit":
      return yield* quit(context);
    case "return":
      return yield* leaveSystem(context);
    case "commit":
      return yield* commit(values, state);
    case "abort-trial":
      yield* rpc("<cancel-commit/>");
      state.trial = false;
      state.changed = yield* hasChanges();
      return ["Info: What was running before the trial is running again."];
    case "clear-candidate":
      yield* rpc("<discard-changes/>");
      state.changed = false;
      return [];
    case "save":
      return yield* save(state);
    case "screen-length":
      state.pageLines = Number(values.parameters.get("lines"));
      return [];
    case "reset-statistics":
      yield* rpc(`<statistics-reset xmlns="${namespaces.ntp}"/>`);
      return [];
    case "display-history":
      return state.history.map((line) => ` ${line}`);
    case "display-this":
      return yield* displayThis(context);
    case "display-current":
      return printSections(yield* sections("running", context));
    case "display-candidate":
      return printSections(yield* sections("candidate", context));
    case "display-changes":
      return printChanges(
        yield* sections("running", context),
        yield* sections("candidate", context),
      );
    case "display-clock":
      return clockLines(yield* systemState());
    case "display-version":
      return versionLines(context.version, yield* systemState());
    case "display-status":
      return statusLines(yield* ntpState());
    case "display-sessions":
      return sessionLines(yield* ntpState(), values.words.has("verbose"));
    case "display-statistics":
      return statisticsLines(yield* ntpState());
    default:
      return unreachable(action);
  }
}

/** An interface that the machine has, or that is configured already: anything else is a mistake. */
function* enterInterface(name: string, state: ShellState): Task<readonly string[]> {
  const namesBelow = (top: string): string =>
    `<${top} xmlns="${namespaces.if}"><interface><name/></interface></${top}>`;
  const there = yield* read(operations.get(namesBelow("interfaces-state")));
  const said = yield* read(operations.getConfig("candidate", namesBelow("interfaces")));
  const entries = [
    ...childrenAt(there, "interfaces-state", "interface"),
    ...childrenAt(said, "interfaces", "interface"),
  ];
  const known = new Set(entries.map((entry) => textOf(entry, "name")));
  if (!known.has(name)) {
    const all = [...known].sort().join(", ");
    throw new Objection(
      `there is no interface ${name}${all === "" ? "" : `: this host has ${all}`}`,
    );
  }
  state.view = "interface";
  state.interface = name;
  return [];
}

function* quit(context: RunContext): Task<readonly string[]> {
  const { state } = context;
  if (state.view === "interface") {
    state.view = "system";
    state.interface = undefined;
    return [];
  }
  if (state.view === "system") return yield* leaveSystem(context);
  state.ended = true;
  return [];
}

/** What is not committed would be forgotten about: whoever is there is asked. */
function* leaveSystem({ state, interactive }: RunContext): Task<readonly string[]> {
  state.changed = yield* hasChanges();
  if (state.changed && interactive) {
    const answer = yield* ask(
      "Warning: There are uncommitted changes. Commit them before leaving? [Y(yes)/N(no)/C(cancel)]:",
    );
    if (answer.startsWith("y")) yield* rpc("<commit/>");
    else if (!answer.startsWith("n")) return [];
    else yield* rpc("<discard-changes/>");
    state.changed = false;
  }
  state.view = "user";
  state.interface = undefined;
  return [];
}

function* commit({ words, parameters }: Values, state: ShellState): Task<readonly string[]> {
  if (words.has("trial")) {
    const seconds = parameters.get("seconds") ?? trialSeconds;
    yield* rpc(operations.trial(seconds));
    state.trial = true;
    state.changed = yield* hasChanges();
    return [
      `Info: It runs on trial for ${seconds} seconds, or until this session ends: commit keeps it.`,
    ];
  }
  yield* rpc("<commit/>");
  state.trial = false;
  state.changed = yield* hasChanges();
  return [];
}

/** RFC 6241 section 8.7: with a startup datastore that is what boots. */
function* save(state: ShellState): Task<readonly string[]> {
  if (!state.capabilities.includes(startupCapability)) {
    return ["Info: Every commit is kept: there is nothing to save."];
  }
  const copy = "<target><startup/></target><source><running/></source>";
  yield* rpc(`<copy-config>${copy}</copy-config>`);
  return ["Info: The running configuration is what the next start begins with."];
}

function* displayThis({ state, rules, secrets }: RunContext): Task<readonly string[]> {
  const data = yield* read(operations.getConfig("candidate", wholeConfig));
  const lines = statementLines(data, rules, state.interface, (key) => secrets.ofKey(key));
  const set = state.interface === undefined ? lines : lines.map((line) => ` ${line}`);
  const title = state.interface === undefined ? [] : [`interface ${state.interface}`];
  return ["#", ...title, ...set, "#", "return"];
}

function* sections(
  source: "running" | "candidate",
  { rules, secrets }: RunContext,
): Task<readonly Section[]> {
  return sectionsOf(yield* read(operations.getConfig(source, wholeConfig)), rules, secrets);
}

function* ntpState(): Task<Element | undefined> {
  const system = element(namespaces.ntp, "ntp");
  const data = yield* read(operations.get(`<ntp xmlns="${system.namespace}"/>`));
  return childAt(data, "ntp");
}

function* systemState(): Task<Element | undefined> {
  const data = yield* read(operations.get(`<system-state xmlns="${namespaces.sys}"/>`));
  return childAt(data, "system-state");
}
