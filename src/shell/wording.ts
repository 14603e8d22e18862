import type { View } from "./command.ts";
import type { FaultKind } from "./match.ts";

/** What is said of a line that is no command. */
export const messages: Readonly<Record<FaultKind, string>> = {
  unrecognized: "Unrecognized command",
  incomplete: "Incomplete command",
  ambiguous: "Ambiguous command",
  wrong: "Wrong parameter",
  "too-many": "Too many parameters",
};

export const viewNames: Readonly<Record<View, string>> = {
  user: "the user view: return goes there",
  system: "the system view: system-view goes there",
  interface: "the view of an interface: system-view, then interface NAME go there",
};

/** What people say who come from routers of other makers. */
export const foreignWords: Readonly<Record<string, string>> = {
  show: "display",
  no: "undo",
  exit: "quit",
  logout: "quit",
  end: "return",
  configure: "system-view",
  conf: "system-view",
  write: "save",
  copy: "save",
};
