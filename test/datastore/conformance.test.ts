import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readData } from "../../src/data/index.ts";
import { validateTree } from "../../src/datastore/index.ts";
import { isXmlFault, parseXml } from "../../src/xml/index.ts";
import { schemaOf, shared } from "../data/schemas.ts";

interface Case {
  readonly file: string;
  readonly modules: readonly string[];
  readonly type?: "config" | "data";
  readonly valid: boolean;
}

const corpus = join(shared, "corpus/yang-conformance");
const cases = (existsSync(corpus) ? readdirSync(corpus) : [])
  .filter((name) => existsSync(join(corpus, name, "expect.json")))
  .flatMap((section) => {
    const expected: { readonly data?: readonly Case[] } = JSON.parse(
      readFileSync(join(corpus, section, "expect.json"), "utf8"),
    );
    return (expected.data ?? []).map((one) => ({ section, ...one }));
  });

/** Documents judged by another project, section by section of RFC 7950. */
describe.skipIf(cases.length === 0)("instance documents", () => {
  test.each(cases)("$section/$file is valid: $valid", ({ section, file, modules, type, valid }) => {
    const folder = join(corpus, section);
    const schema = schemaOf({}, { implement: modules, folders: [folder] });
    const root = parseXml(readFileSync(join(folder, file)));
    if (isXmlFault(root)) {
      expect(valid, root.message).toBe(false);
      return;
    }
    const { tree, faults } = readData(root.children, schema, { type: type ?? "config" });
    const found = faults.length > 0 ? faults : validateTree(tree, schema);
    expect(found.length === 0, found.map(({ message }) => message).join("\n")).toBe(valid);
  });
});
