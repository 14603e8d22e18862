// The command line that router engineers know, over a NETCONF session: keys and octets in, text and
// octets out. Shell is its one entry point; commands.ts is the table that says what can be typed
// and what it is in the data. It knows no SSH and no terminal, and of the agent no more than any
// other manager does.

export { referencePage } from "./reference.ts";
export type { SecretDoor } from "./secrets.ts";
export { Shell, type ShellEffect, type ShellOptions, type Terminal } from "./shell.ts";
