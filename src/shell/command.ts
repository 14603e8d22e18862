import { type Grammar, parseSyntax } from "./grammar.ts";

/** Where a command can be typed. */
export type View = "user" | "system" | "interface";

/** What the shell itself does. */
export type Action =
  | "system-view"
  | "interface"
  | "quit"
  | "return"
  | "commit"
  | "abort-trial"
  | "clear-candidate"
  | "save"
  | "screen-length"
  | "reset-statistics"
  | "display-this"
  | "display-current"
  | "display-candidate"
  | "display-changes"
  | "display-history"
  | "display-clock"
  | "display-version"
  | "display-status"
  | "display-sessions"
  | "display-statistics";

interface Described {
  /** In the notation of the manuals: see grammar.ts. */
  readonly syntax: string;
  readonly help: string;
  /** What a manual says beside that. */
  readonly note?: string;
}

export interface ActionCommand extends Described {
  readonly kind: "action";
  readonly action: Action;
  readonly views: readonly View[];
}

/** A statement of the configuration: how it is typed, and what it is in the data. */
export interface ConfigCommand extends Described {
  readonly kind: "config";
  /** "interface": what it says is said of the interface whose view it is. */
  readonly view: "system" | "interface";
  /**
   * The node that it makes, in the path language of mapping.ts: `ntp/nd:leaf=<x>` a leaf,
   * `…/list[key=<x>]` an entry. In the interface view it starts at the interface.
   */
  readonly at: string;
  /** Below that node: parameter or word → leaf, with `=value` where a word stands for one. */
  readonly leaves?: Readonly<Record<string, string>>;
  /** The words of the undo form after "undo"; none: it cannot be undone. */
  readonly undo?: string;
  /** What undoing writes to the leaf, so that it is said explicitly; else the node is removed. */
  readonly off?: string;
  /** What parameters that are left out stand for. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** The line says all of the node: options that are left out go. Else it adds to what is there. */
  readonly replaces?: boolean;
  /** A node that must be there already. */
  readonly needs?: string;
}

export type Command = ActionCommand | ConfigCommand;

/** A command in one of its two forms, ready to be held against a line. */
export interface Rule {
  readonly command: Command;
  readonly undo: boolean;
  readonly grammar: Grammar;
}

/** The rules of a table, in its order. */
export function rulesOf(table: readonly Command[]): readonly Rule[] {
  return table.flatMap((command): Rule[] => {
    const rule = { command, undo: false, grammar: parseSyntax(command.syntax) };
    if (command.kind === "action" || command.undo === undefined) return [rule];
    return [rule, { command, undo: true, grammar: parseSyntax(`undo ${command.undo}`) }];
  });
}

/**
 * What can be typed in a view. Statements of the system view are taken in an interface's too: they
 * mean the same there.
 */
export function isInView(command: Command, view: View): boolean {
  if (command.kind === "action") return command.views.includes(view);
  return view === "interface" || (view === "system" && command.view === "system");
}
