import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "vitest";
import type { RpcFault } from "../../src/base/index.ts";
import { readDocument } from "../../src/cli/document.ts";
import { instanceFaults } from "../../src/cli/instance.ts";
import { emptyTree, printXml, type Tree } from "../../src/data/index.ts";
import { editConfig } from "../../src/datastore/index.ts";
import type { Schema } from "../../src/yang/index.ts";
import { elements } from "../data/schemas.ts";
import { compileTexts } from "../yang/modules.ts";

// The form of the cases of semantics.test.ts, and how each is held.

/** Documents that are valid and that are not; none at all: the module must not compile. */
export interface Case {
  readonly body: string;
  readonly yes?: readonly string[];
  readonly no?: readonly string[];
  readonly version?: "1";
  readonly type?: "config" | "data";
  readonly other?: string;
  /** Modules and submodules that are there beside it, by name, and not implemented. */
  readonly files?: Readonly<Record<string, string>>;
  /** Tag, app-tag and message of the first fault of each document that is not valid. */
  readonly says?: readonly string[];
}

/** An <edit-config>: what was and what comes of it; or the tag of its refusal. */
export interface EditCase {
  readonly body: string;
  readonly before: string;
  readonly edit: string;
  readonly after?: string;
  readonly refused?: string;
}

export interface Elsewhere {
  readonly file: string;
  readonly title: string;
}

export const good = (body: string, yes: readonly string[], no: readonly string[] = []): Case => ({
  body,
  yes,
  no,
});
export const bad = (body: string): Case => ({ body });
export const leaf = (type: string, yes: readonly string[], no: readonly string[]): Case =>
  good(`leaf a { type ${type} }`, yes.map(inA), no.map(inA));
export const inA = (text: string) => `<a xmlns="urn:t">${text}</a>`;
export const c = (inside: string) =>
  `<c xmlns="urn:t" xmlns:t="urn:t" xmlns:o="urn:o">${inside}</c>`;
const OTHER = `identity ob; identity od { base ob; } feature off;
  container oc { leaf x { type string; } } choice och { leaf oa { type string; } }`;
export const edit = (body: string, before: string, change: string, after: string): EditCase => ({
  ...{ body, before, edit: change, after },
});
export const noEdit = (
  body: string,
  before: string,
  change: string,
  refused: string,
): EditCase => ({
  ...{ body, before, edit: change, refused },
});
export const withFiles = (one: Case, files: Readonly<Record<string, string>>): Case => ({
  ...one,
  files,
});
export const withOther = (one: Case, other = OTHER): Case => ({ ...one, other });
export const one = (item: Case): Case => ({ ...item, version: "1" });

/** A case holds, or the test that runs it fails. */
export function check(one: Case | EditCase): void {
  if ("edit" in one) checkEdit(one);
  else checkCase(one);
}

function checkCase({ yes, no = [], type = "config", says, ...module }: Case) {
  const schema = compiled(module, yes !== undefined);
  const faults = (text: string): readonly unknown[] => {
    const document = readDocument(text);
    return "form" in document ? instanceFaults(document, schema, { type }) : [document];
  };
  for (const text of yes ?? []) expect([text, faults(text)]).toEqual([text, []]);
  for (const text of no) expect([text, faults(text)]).not.toEqual([text, []]);
  if (says === undefined) return;
  const first = no.map((text) => {
    const [fault] = faults(text) as readonly Partial<RpcFault>[];
    return [fault?.tag, fault?.appTag ?? "-", fault?.message].join(" ");
  });
  expect(first).toEqual(says);
}

function checkEdit({ body, before, edit: change, after, refused }: EditCase): void {
  const schema = compiled({ body }, true);
  const printed = (tree: Tree): string => printXml(tree.children, { schema });
  const made = (tree: Tree, text: string) => editConfig(tree, elements(text), schema);
  const was = made(emptyTree, before);
  expect(was.faults).toEqual([]);
  const { tree, faults } = made(was.tree, change);
  expect([change, faults.map(({ tag }) => tag)]).toEqual([change, refused ? [refused] : []]);
  if (after !== undefined) expect(printed(tree)).toBe(printed(made(emptyTree, after).tree));
}

/** The schema of module t; whether it must compile, or must not. */
function compiled(
  { body, version, other, files }: Omit<Case, "yes" | "no" | "type" | "says">,
  isGood: boolean,
): Schema {
  const head = `${version === "1" ? "" : "yang-version 1.1; "}namespace "urn:t"; prefix t;`;
  const t = `module t { ${head} ${other === undefined ? "" : "import o { prefix o; }"} ${body}\n}`;
  const o = `module o { yang-version 1.1; namespace "urn:o"; prefix o; ${other ?? ""} }`;
  const all = other === undefined ? [] : ["o"];
  const { schema, diagnostics } = compileTexts({ t, o, ...files }, all);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (isGood) expect(errors).toEqual([]);
  else expect(errors).not.toEqual([]);
  return schema;
}

/** A module of those that we serve. */
export function served(name: string): string {
  const folder = resolve(import.meta.dirname, "../../yang");
  const file = readdirSync(folder).find((one) => one.startsWith(`${name}@`));
  return readFileSync(resolve(folder, file ?? name), "utf8");
}
