import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { toldOf } from "../base/index.ts";
import { SealedForm } from "../datastore/index.ts";
import {
  atRestVault,
  FileStorage,
  type ModuleFeatures,
  systemRandom,
  yangFolders,
} from "../host/index.ts";
import type { Element } from "../xml/index.ts";
import {
  type Compiled,
  compile,
  type Diagnostic,
  hint,
  type Module,
  moduleNamed,
  printTree,
  printYang,
  printYin,
  type Schema,
  type SourceFinder,
} from "../yang/index.ts";
import type { moduleFormats } from "./choices.ts";
import { type InstanceDocument, readDocument } from "./document.ts";
import { type InstanceType, instanceFaults } from "./instance.ts";
import { LocatedText } from "./located.ts";

/** `ntpconfd check [--yang-dir DIR]… [--feature M:F]… [--deviation M]… MODULE…`. */
export interface CheckCommand {
  /** Names, `name@revision`, or files. */
  readonly modules: readonly string[];
  readonly deviations: readonly string[];
  /** Features of the modules named here; all others have all of theirs. */
  readonly features: readonly ModuleFeatures[];
  /** Where modules are found; the first that has one wins. */
  readonly yangFolders: readonly string[];
  /** A file of instance data. */
  readonly data?: string | undefined;
  readonly type: InstanceType;
  /** A file of the datastore that an operation, reply or notification sees beside itself. */
  readonly operational?: string | undefined;
  /** A file of the rpc that an <rpc-reply> answers. */
  readonly request?: string | undefined;
  readonly format?: (typeof moduleFormats)[number] | undefined;
  /** Takes what was asked for, a line at a time. */
  readonly print: (line: string) => void;
  /** Takes one line for a person. */
  readonly complain: (line: string) => void;
}

/** The exit status: 0 all is well, 1 modules or data are at fault, 2 the call is. */
export type CheckStatus = 0 | 1 | 2;

/** Compiles modules, says what is wrong with them, validates a document, prints. */
export function checkCommand(command: CheckCommand): CheckStatus {
  const wrongCall = callFault(command);
  if (wrongCall !== undefined) return refuse(command, wrongCall);
  const wanted = command.modules.map(moduleArgument);
  const texts = new Map<string, string>();
  const folders = [...wanted.flatMap(({ folder }) => folder ?? []), ...command.yangFolders];
  const finder = remembering(yangFolders(folders), texts);
  for (const { name, revision } of [...wanted, ...command.deviations.map(moduleArgument)]) {
    if (finder.find(name, revision) !== undefined) continue;
    const meant = hint(name, finder.names?.() ?? []);
    return refuse(command, `module "${name}" is not found in ${folders.join(", ")}${meant}`);
  }
  const compiled = compile(
    {
      implement: wanted.map(({ name, revision }) => ({ name, revision })),
      deviations: command.deviations,
      features: new Map(command.features.map((f) => [f.module, featureSet(f)] as const)),
      otherFeatures: "all",
    },
    finder,
  );
  for (const each of compiled.diagnostics) {
    for (const line of drawn(each, texts.get(each.position.file))) command.complain(line);
  }
  const unknown = unknownFeature(command.features, compiled.schema);
  if (unknown !== undefined) return refuse(command, unknown);
  if (compiled.diagnostics.some(({ severity }) => severity === "error")) return 1;
  if (command.format !== undefined) printModules(command, compiled, wanted);
  return command.data === undefined ? 0 : checkData(command.data, command, compiled.schema);
}

function refuse({ complain }: CheckCommand, message: string): 2 {
  complain(`ntpconfd check: ${message}`);
  return 2;
}

/** What of the call can be judged before anything is read. */
function callFault(command: CheckCommand): string | undefined {
  const { yangFolders: folders, data, modules, operational, request, type } = command;
  const missing = folders.find((folder) => !existsSync(folder));
  if (missing !== undefined) return `there is no folder ${missing}`;
  const files = [...modules.filter(isFile), data, operational, request];
  const file = files.find((word) => word !== undefined && !existsSync(word));
  if (file !== undefined) return `there is no file ${file}`;
  const isMessage = type !== "config" && type !== "data";
  if (operational !== undefined && !isMessage) return `--operational says nothing of ${type}`;
  return request === undefined || type === "reply" ? undefined : "--request is for --type reply";
}

interface ModuleArgument {
  readonly name: string;
  readonly revision: string | undefined;
  /** Of a module that was named by its file. */
  readonly folder: string | undefined;
}

function isFile(word: string): boolean {
  return word.endsWith(".yang") || word.includes("/");
}

function moduleArgument(word: string): ModuleArgument {
  const [name = "", revision] = basename(word, ".yang").split("@");
  return { name, revision, folder: isFile(word) ? dirname(word) : undefined };
}

function featureSet({ features }: ModuleFeatures): ReadonlySet<string> | "all" {
  return features === "all" ? "all" : new Set(features);
}

function unknownFeature(wanted: readonly ModuleFeatures[], schema: Schema): string | undefined {
  // Without modules there was a mistake in one, which has been told.
  if (schema.modules.length === 0) return undefined;
  for (const { module: name, features } of wanted) {
    const module = moduleNamed(schema, name);
    if (module === undefined) return `no module "${name}" takes part, so it has no features`;
    const unknown =
      features === "all" ? undefined : features.find((f) => !module.declaredFeatures.has(f));
    if (unknown !== undefined) return `module "${name}" has no feature "${unknown}"`;
  }
  return undefined;
}

/** Keeps the texts that were found, so that diagnostics can show their lines. */
function remembering(finder: SourceFinder, texts: Map<string, string>): SourceFinder {
  return {
    ...finder,
    find(name, revision) {
      const source = finder.find(name, revision);
      if (source !== undefined) texts.set(source.file, source.text);
      return source;
    },
  };
}

/** A diagnostic as a line, and where in the text it is. */
function drawn(diagnostic: Diagnostic, text: string | undefined): readonly string[] {
  const { position, severity, message } = diagnostic;
  const { file, line, column } = position;
  const head = `${file}:${line}:${column}: ${severity}: ${message}`;
  const source = text?.split(/\r?\n/)[line - 1];
  if (source === undefined) return [head];
  // Tabs stay, so that the caret stands where the eye looks for it.
  const indent = source.slice(0, column - 1).replace(/[^\t]/g, " ");
  return [head, `  ${source}`, `  ${indent}^`];
}

function printModules(
  { format, print }: CheckCommand,
  { schema }: Compiled,
  wanted: readonly ModuleArgument[],
): void {
  for (const { name } of wanted) {
    const module = moduleNamed(schema, name);
    if (module === undefined) continue;
    for (const line of printed(module, schema, format)) print(line);
  }
}

function printed(
  module: Module,
  schema: Schema,
  format: CheckCommand["format"],
): readonly string[] {
  if (format === "tree") return printTree(schema, module);
  return format === "yin" ? printYin(module) : printYang(module.statement);
}

function checkData(file: string, command: CheckCommand, schema: Schema): CheckStatus {
  const { type, complain } = command;
  const read = readAll([file, command.operational, command.request], schema, complain);
  const [document, operational, request] = read ?? [];
  if (document === undefined) return 1;
  const faults = toldOf(instanceFaults(document, schema, { type, operational, request }));
  if (faults.length === 0) return 0;
  const located = new LocatedText(readFileSync(file, "utf8"), document.form);
  for (const fault of faults) {
    const { message, tag, appTag } = fault;
    const { line, column } = located.find(fault);
    const tags = appTag === undefined ? tag : `${tag}, ${appTag}`;
    complain(`${file}:${line}:${column}: error: ${message} [${tags}]`);
  }
  return 1;
}

/** undefined: one of them is no document, and where not was told. */
function readAll(
  files: readonly (string | undefined)[],
  schema: Schema,
  complain: CheckCommand["complain"],
): readonly (InstanceDocument | undefined)[] | undefined {
  const documents: (InstanceDocument | undefined)[] = [];
  for (const file of files) {
    const read = file === undefined ? undefined : readDocument(readFileSync(file, "utf8"));
    if (read !== undefined && !("form" in read)) {
      for (const { line, column, message } of read) {
        complain(`${file}:${line}:${column}: error: ${message}`);
      }
      return undefined;
    }
    const isSealed = file !== undefined && read?.form === "xml";
    documents.push(
      isSealed ? { form: "xml", elements: unsealed(read.elements, file, schema) } : read,
    );
  }
  return documents;
}

/** What an agent has stored is read with the at-rest key that lies beside it. */
function unsealed(elements: readonly Element[], file: string, schema: Schema): readonly Element[] {
  const directory = dirname(file);
  if (!existsSync(join(directory, "at-rest-key"))) return elements;
  const vault = atRestVault(new FileStorage(directory), systemRandom);
  return new SealedForm(schema, vault).opened(elements, basename(file));
}
