// Verdicts of others on modules and instance documents, all of them, as `ntpconfd check` gives them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readDocument } from "../../src/cli/document.ts";
import { instanceFaults } from "../../src/cli/instance.ts";
import { yangFolders } from "../../src/host/index.ts";
import { type Compiled, compile, type Diagnostic } from "../../src/yang/index.ts";

const corpus = fileURLToPath(new URL("../../../shared/corpus/", import.meta.url));
const conformance = `${corpus}yang-conformance/`;
const published = `${corpus}yang-ietf/`;
const own = fileURLToPath(new URL("../../yang/", import.meta.url));

interface ModuleCase {
  readonly file: string;
  readonly compiles: boolean;
}

interface DataCase {
  readonly file: string;
  readonly valid: boolean;
  readonly modules: readonly string[];
  readonly type: "config" | "data";
}

interface Expectations {
  readonly modules: readonly ModuleCase[];
  readonly data?: readonly DataCase[];
}

const finders = new Map<string, ReturnType<typeof yangFolders>>();

function compileIn(folder: string, names: readonly string[]): Compiled {
  const finder = finders.get(folder) ?? yangFolders([folder, own]);
  finders.set(folder, finder);
  const implement = names.map((name) => ({ name }));
  return compile({ implement, features: new Map(), otherFeatures: "all" }, finder);
}

function errors({ diagnostics }: Compiled): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === "error").map(text);
}

function text({ message, position }: Diagnostic): string {
  return `${position.file}:${position.line}:${position.column}: ${message}`;
}

/** Faults of a document, and of the modules that it is held against. */
function dataFaults(folder: string, { file, modules, type }: DataCase): readonly string[] {
  const compiled = compileIn(folder, modules);
  const wrong = errors(compiled);
  if (wrong.length > 0) return wrong;
  const document = readDocument(readFileSync(folder + file, "utf8"));
  if (!("form" in document)) return document.map(({ message }) => message);
  return instanceFaults(document, compiled.schema, { type }).map(({ message }) => message);
}

function read(file: string): Expectations {
  return JSON.parse(readFileSync(file, "utf8"));
}

function moduleName(file: string): string {
  return file.replace(/(@.*)?\.yang$/, "");
}

/** The folders that have something to ask. */
const sections = existsSync(conformance) ? readdirSync(conformance).filter(isSection) : [];

function isSection(name: string): boolean {
  const file = `${conformance}${name}/expect.json`;
  if (!existsSync(file)) return false;
  const { modules, data = [] } = read(file);
  return modules.length + data.length > 0;
}

describe.skipIf(sections.length === 0)("yang-conformance", () => {
  describe.each(sections)("%s", (section) => {
    const folder = `${conformance}${section}/`;
    const { modules, data = [] } = read(`${folder}expect.json`);

    test.each(modules)("$file compiles: $compiles", ({ file, compiles }) => {
      const found = errors(compileIn(folder, [moduleName(file)]));
      if (compiles) expect(found).toEqual([]);
      else expect(found).not.toEqual([]);
    });

    test.each(data)("$file is valid: $valid", (document) => {
      const found = dataFaults(folder, document);
      if (document.valid) expect(found).toEqual([]);
      else expect(found).not.toEqual([]);
    });
  });
});

const list = `${published}compiles.json`;

describe.skipIf(!existsSync(list))("yang-ietf", () => {
  const { modules } = existsSync(list) ? read(list) : { modules: [] };

  test.each(modules)("$file compiles: $compiles", ({ file, compiles }) => {
    const found = errors(compileIn(published, [moduleName(file)]));
    if (compiles) expect(found).toEqual([]);
    else expect(found).not.toEqual([]);
  });
});
