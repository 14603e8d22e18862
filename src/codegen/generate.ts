import { assert } from "../base/index.ts";
import type { Schema } from "../yang/index.ts";
import { CodeFile } from "./code-file.ts";
import { AliasHomes, contentOf } from "./module-content.ts";
import { ModulePrinter } from "./module-printer.ts";

export interface GeneratedFile {
  /** Flat: "ietf-ntp.ts". */
  readonly name: string;
  readonly text: string;
}

/**
 * TypeScript types for the named modules, one file each, as they are in this schema: nodes that
 * other modules augment in stand where they hang, and the values of an identityref are those of all
 * modules compiled together. `by` names who generates, for the first line.
 */
export function generate(
  schema: Schema,
  modules: readonly string[],
  by: string,
): readonly GeneratedFile[] {
  const contents = modules.map((name) => {
    const module = schema.modules.find((one) => one.name === name && one.implemented);
    assert(module !== undefined, `module ${name} is implemented`);
    return contentOf(schema, module);
  });
  const homes = new AliasHomes(contents);
  return contents.map((content) => {
    const { name, revision } = content.module;
    const version = revision === undefined ? "" : `@${revision}`;
    const file = new CodeFile(`// Generated from ${name}${version} by ${by}`);
    new ModulePrinter(file, content, homes).print();
    return { name: `${name}.ts`, text: file.toString() };
  });
}
