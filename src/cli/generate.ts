import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "../codegen/index.ts";
import { yangFolders } from "../host/index.ts";
import { compile } from "../yang/index.ts";

/** `ntpconfd generate [--yang-dir DIR]… MODULE… --out DIR`. */
export interface GenerateCommand {
  readonly modules: readonly string[];
  /** Where modules are found, the first that has one wins; the last is our own. */
  readonly yangFolders: readonly string[];
  readonly out: string;
  /** Takes one line for a person. */
  readonly complain: (line: string) => void;
}

/**
 * YANG to TypeScript: one file for each module, with all features on. Gives the exit status: 1
 * where the modules do not compile, and then nothing is written.
 */
export function runGenerate(command: GenerateCommand): 0 | 1 {
  const { schema, diagnostics } = compile(
    {
      implement: command.modules.map((name) => ({ name })),
      features: new Map(),
      otherFeatures: "all",
    },
    yangFolders(command.yangFolders),
  );
  for (const { severity, message, position } of diagnostics) {
    const { file, line, column } = position;
    command.complain(`${file}:${line}:${column}: ${severity}: ${message}`);
  }
  if (diagnostics.some(({ severity }) => severity === "error")) return 1;
  mkdirSync(command.out, { recursive: true });
  for (const { name, text } of generate(schema, command.modules, "ntpconfd generate")) {
    writeFileSync(join(command.out, name), text);
  }
  return 0;
}
