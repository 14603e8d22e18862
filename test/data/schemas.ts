import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Element, isXmlFault, parseXml } from "../../src/xml/index.ts";
import { compile, type Schema, type SourceFinder } from "../../src/yang/index.ts";

const root = resolve(import.meta.dirname, "../..");
const own = join(root, "yang");
/** What other projects recorded; tests that read it are skipped where it is not there. */
export const shared = resolve(root, "../shared");

/** Finds modules by text, then in the project's own folder. */
export function finder(
  texts: Readonly<Record<string, string>>,
  folders: readonly string[] = [],
): SourceFinder {
  return {
    find(name, revision) {
      const text = texts[name];
      if (text !== undefined) return { file: `${name}.yang`, text };
      for (const folder of [...folders, own]) {
        if (!existsSync(folder)) continue;
        const files = readdirSync(folder)
          .filter(
            (file) => file.replace(/(@[-0-9]+)?\.yang$/, "") === name && file.endsWith(".yang"),
          )
          .filter(
            (file) => revision === undefined || !file.includes("@") || file.includes(revision),
          )
          .sort();
        const file = files[files.length - 1];
        if (file !== undefined) return { file, text: readFileSync(join(folder, file), "utf8") };
      }
      return undefined;
    },
  };
}

/** Compiles modules given by text (name → text), all of them implemented; fails on any mistake. */
export function schemaOf(
  texts: Readonly<Record<string, string>>,
  options: {
    readonly features?: "all" | "none";
    readonly implement?: readonly string[];
    readonly folders?: readonly string[];
    readonly on?: Readonly<Record<string, readonly string[]>>;
  } = {},
): Schema {
  const names = options.implement ?? Object.keys(texts);
  const features = new Map(
    Object.entries(options.on ?? {}).map(([name, list]) => [name, new Set(list)]),
  );
  const { schema, diagnostics } = compile(
    {
      implement: names.map((name) => ({ name })),
      features,
      otherFeatures: options.features ?? "all",
    },
    finder(texts, options.folders),
  );
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    throw new Error(
      errors.map((e) => `${e.position.file}:${e.position.line}: ${e.message}`).join("\n"),
    );
  }
  return schema;
}

/** The children of a document's root: `xml` is what stands inside <config>. */
export function elements(xml: string, declarations = ""): readonly Element[] {
  const parsed = parseXml(
    `<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:yang="urn:ietf:params:xml:ns:yang:1" ${declarations}>${xml}</config>`,
  );
  if (isXmlFault(parsed)) throw new Error(parsed.message);
  return parsed.children;
}
