import { readFileSync } from "node:fs";
import { readData, type Tree } from "../../src/data/index.ts";
import { editConfig, validateTree } from "../../src/datastore/index.ts";
import { yangFolders } from "../../src/host/index.ts";
import { type Element, isXmlFault, parseXml } from "../../src/xml/index.ts";
import { compile, type Schema } from "../../src/yang/index.ts";

// What single steps take in a process of their own, without what Node takes to start. Run by
// yang.ts as `yang-inner.js compile|validate|heap FOLDER MODULE,… [FILE]`; prints Inner as JSON.

/** Milliseconds; those of a change are medians. `heap`: megabytes that the tree alone holds. */
export type Inner = Readonly<Partial<Record<Step, number>>>;
type Change = "edit" | "change" | "unique" | "create" | "remove";
type Step = "compile" | "parse" | "read" | "validate" | "heap" | Change;

const CHANGES = 101;

function measure(mode: string, folder: string, modules: readonly string[], file: string): Inner {
  const start = performance.now();
  const request = { implement: modules.map((name) => ({ name })), features: new Map() };
  const { schema } = compile({ ...request, otherFeatures: "all" }, yangFolders([folder]));
  const compiled = performance.now() - start;
  if (mode === "heap") return { heap: heapOf(file, schema) };
  return mode === "compile" ? { compile: compiled } : validation(file, schema);
}

function validation(file: string, schema: Schema): Inner {
  const start = performance.now();
  const elements = top(readFileSync(file));
  const parsed = performance.now();
  const { tree, faults } = readData(elements, schema, { type: "config" });
  const read = performance.now();
  const found = [...faults, ...validateTree(tree, schema)];
  const validated = performance.now();
  if (found.length > 0) throw new Error(`the document is not valid: ${found[0]?.message}`);
  return {
    parse: parsed - start,
    read: read - parsed,
    validate: validated - read,
    ...changes(tree, schema),
  };
}

/** What a change is made of; each is done to one entry after another. */
const kinds: Readonly<Record<Exclude<Change, "edit">, (id: number) => string>> = {
  change: (id) => `<entry><id>${id}</id><low>7</low><next>${id}</next></entry>`,
  unique: (id) => `<entry><id>${id}</id><name>other-${id}</name></entry>`,
  create: (id) => `<entry><id>${1e6 + id}</id><name>new-${id}</name><next>${id}</next></entry>`,
  remove: (id) => `<entry nc:operation="remove"><id>${1e6 + id}</id></entry>`,
};

/** Each tree is validated against the one before it. */
function changes(start: Tree, schema: Schema): Inner {
  const namespace = start.children[0]?.schema.module.namespace;
  const opening = `<top xmlns="${namespace}" xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0">`;
  const edits: number[] = [];
  const medians: Partial<Record<Step, number>> = {};
  let tree = start;
  for (const [kind, xmlOf] of Object.entries(kinds)) {
    const validations: number[] = [];
    for (let i = 1; i <= CHANGES; i++) {
      const elements = top(new TextEncoder().encode(`${opening}${xmlOf(i * 101)}</top>`));
      const before = performance.now();
      const edited = editConfig(tree, elements, schema);
      const made = performance.now();
      const faults = [...edited.faults, ...validateTree(edited.tree, schema, tree)];
      validations.push(performance.now() - made);
      edits.push(made - before);
      if (faults.length > 0 || edited.tree === tree) throw new Error(`${kind} ${i} is refused`);
      tree = edited.tree;
    }
    medians[kind as Change] = median(validations);
  }
  return { ...medians, edit: median(edits) };
}

function heapOf(file: string, schema: Schema): number {
  const before = heapUsed();
  const { tree } = readData(top(readFileSync(file)), schema, { type: "config" });
  const after = heapUsed();
  if (tree.children.length === 0) throw new Error("the document is empty");
  return (after - before) / 1e6;
}

function heapUsed(): number {
  if (globalThis.gc === undefined) throw new Error("run it with --expose-gc");
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function top(text: Uint8Array): readonly Element[] {
  const root = parseXml(text);
  if (isXmlFault(root)) throw new Error(root.message);
  return [root];
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

const [mode = "", folder = "", names = "", file = ""] = process.argv.slice(2);
process.stdout.write(JSON.stringify(measure(mode, folder, names.split(","), file)));
