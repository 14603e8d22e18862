import { loadSchema } from "../../src/host/served-modules.ts";
import type { Schema } from "../../src/yang/index.ts";

let compiled: Schema | undefined;

/** What an agent serves, compiled once for a whole test file. */
export function servedSchema(): Schema {
  compiled ??= loadSchema({ yangFolders: [], implement: [], features: [], hasStartup: true });
  return compiled;
}
