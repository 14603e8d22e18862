import { readFileSync } from "node:fs";
import {
  type DataNode,
  diff,
  emptyTree,
  printXml,
  type ReadOptions,
  readData,
  readJson,
  type Tree,
  writeJson,
} from "../data/index.ts";
import { type Element, printElement } from "../xml/index.ts";
import type { Schema } from "../yang/index.ts";
import { CallFault } from "./call-fault.ts";
import type { dataFormats, datastoreNames } from "./choices.ts";
import {
  type DataStep,
  leafXml,
  parseDataPath,
  pathText,
  pathXml,
  readValue,
} from "./data-path.ts";
import { readJsonText, topElements } from "./document.ts";
import type { NetconfClient } from "./netconf-client.ts";
import { changeLines, dataLines, valueText } from "./print-data.ts";
import { readSecret } from "./secrets.ts";

/** A session with an agent, and the schema that it serves: made when it is first asked for. */
export interface Agent {
  readonly client: NetconfClient;
  readonly schema: () => Promise<Schema>;
}

type DatastoreName = (typeof datastoreNames)[number];

export interface GetWords {
  /** Configuration of this datastore alone; undefined: operational state too. */
  readonly source?: DatastoreName;
  readonly defaults?: boolean;
  readonly format: (typeof dataFormats)[number];
}

const withDefaults =
  '<with-defaults xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults">report-all' +
  "</with-defaults>";

/** `ntpconfd get [PATH]`: lines of what is there. A leaf is its value alone. */
export async function getLines(
  { client, schema: schemaOf }: Agent,
  path: string | undefined,
  { source, defaults = false, format }: GetWords,
): Promise<readonly string[]> {
  const schema = await schemaOf();
  const steps = path === undefined ? [] : parseDataPath(path, schema);
  const filter =
    path === undefined ? "" : `<filter type="subtree">${pathXml(steps, schema)}</filter>`;
  const what = filter + (defaults ? withDefaults : "");
  const reply = await client.rpc(
    source === undefined
      ? `<get>${what}</get>`
      : `<get-config><source><${source}/></source>${what}</get-config>`,
  );
  const { children } = treeOf(reply, schema, "data");
  const found = foundAt(children, steps);
  if (path !== undefined && found.length === 0) {
    throw new CallFault(`there is nothing at ${pathText(steps)}`, 1);
  }
  return printed(found, children, schema, format);
}

function printed(
  found: readonly DataNode[],
  all: readonly DataNode[],
  schema: Schema,
  format: GetWords["format"],
): readonly string[] {
  // What a program reads is whole, from the top: it can be fed back.
  if (format === "json") return [JSON.stringify(writeJson(all), undefined, 2)];
  if (format === "xml") return indentedXml(printXml(all, { schema }));
  const [only, another] = found;
  if (only?.kind === "leaf" && another === undefined) return [valueText(only)];
  return dataLines(found);
}

/** The nodes that a path leads to, through all entries where it names none. */
function foundAt(
  children: readonly DataNode[],
  [step, ...more]: readonly DataStep[],
): readonly DataNode[] {
  if (step === undefined) return children;
  const node = children.find(({ schema }) => schema === step.schema);
  if (node === undefined) return [];
  if (more.length === 0) return [node];
  if (node.kind === "container") return foundAt(node.children, more);
  if (node.kind !== "list") return [];
  return Array.from(node.entries).flatMap((entry) => foundAt(entry.children, more));
}

/** One element a line, children set in by two. */
function indentedXml(text: string): readonly string[] {
  const elements = topElements(text === "" ? "<data/>" : text);
  return "kind" in elements ? [text] : elements.flatMap((one) => elementLines(one, "", ""));
}

function elementLines(one: Element, indent: string, namespace: string): readonly string[] {
  const text = printElement(one, namespace);
  const open = /^<[^>]*>/.exec(text)?.[0] ?? "";
  if (one.children.length === 0) return [indent + text];
  const inside = one.children.flatMap((child) => elementLines(child, `${indent}  `, one.namespace));
  return [indent + open, ...inside, `${indent}</${one.name}>`];
}

/** `ntpconfd set PATH [VALUE]`: into the candidate. The line that says what was done. */
export async function setValue(
  { client, schema: schemaOf }: Agent,
  path: string,
  given: string | undefined,
): Promise<string> {
  const schema = await schemaOf();
  const steps = parseDataPath(path, schema);
  const last = steps.at(-1)?.schema;
  const where = pathText(steps);
  const value = given === "-" ? await readSecret("value") : given;
  if (last?.config === false) throw new CallFault(`${where} is state: it cannot be set`);
  requireKeys(steps);
  if (last?.kind !== "leaf" && last?.kind !== "leaf-list") {
    if (value !== undefined) throw new CallFault(`${where} is a ${last?.kind}: it has no value`);
    await edit(client, pathXml(steps, schema));
    return where;
  }
  const isEmpty = last.kind === "leaf" && last.type.base === "empty";
  if (value === undefined && !isEmpty) throw new CallFault(`${where} wants a value`);
  const parsed = readValue(last, value ?? "", schema);
  const above = steps.slice(0, -1);
  const namespace = above.at(-1)?.schema.module.namespace ?? "";
  const inner = leafXml(last, parsed, schema, { namespace });
  await edit(client, pathXml(above, schema, { inner }));
  return last.defaultDeny === "all" ? where : `${where} ${parsed.value}`;
}

/** `ntpconfd delete PATH`: from the candidate; refused where nothing is there. */
export async function deletePath(
  { client, schema: schemaOf }: Agent,
  path: string,
): Promise<string> {
  const schema = await schemaOf();
  const steps = parseDataPath(path, schema);
  requireKeys(steps);
  const base = "urn:ietf:params:xml:ns:netconf:base:1.0";
  const mark = ` xmlns:nc="${base}" nc:operation="delete"`;
  await edit(client, pathXml(steps, schema, { mark }), "none");
  return pathText(steps);
}

/** What is changed is one entry of each list on the way. */
function requireKeys(steps: readonly DataStep[]): void {
  const at = steps.findIndex(({ schema, key }) => schema.kind === "list" && key === undefined);
  const list = steps[at]?.schema;
  if (list?.kind !== "list") return;
  const keys = list.keys.map(({ name }) => `[${name}=…]`).join("");
  const where = pathText(steps.slice(0, at + 1));
  throw new CallFault(`which entry of ${list.name} is meant? say ${where}${keys}`);
}

/** `ntpconfd edit FILE`: XML or JSON (RFC 7951), with or without a <config> around it. */
export async function editFile(
  { client, schema: schemaOf }: Agent,
  file: string,
  defaultOperation: string,
): Promise<void> {
  const text = fileText(file);
  if (/^\ufeff?\s*[{[]/.test(text)) {
    const schema = await schemaOf();
    const { tree, faults } = readJson(parseJson(file, text), schema, { type: "config" });
    refuseFaults(file, faults);
    await edit(client, printXml(tree.children, { schema }), defaultOperation);
    return;
  }
  const elements = topElements(text);
  if ("kind" in elements) {
    const { line, column, message } = elements;
    throw new CallFault(`${file}:${line}:${column}: ${message}`, 1);
  }
  const config = elements.map((one) => printElement(one, "")).join("");
  await edit(client, config, defaultOperation);
}

function fileText(file: string): string {
  try {
    return readFileSync(file === "-" ? process.stdin.fd : file, "utf8");
  } catch (error) {
    throw new CallFault(error instanceof Error ? error.message : String(error));
  }
}

function parseJson(file: string, text: string): unknown {
  const read = readJsonText(text);
  if ("form" in read) return read.value;
  const lines = read.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  throw new CallFault(lines.join("\n"), 1);
}

function refuseFaults(file: string, faults: ReturnType<typeof readData>["faults"]): void {
  if (faults.length === 0) return;
  throw new CallFault(faults.map(({ message }) => `${file}: ${message}`).join("\n"), 1);
}

/** The whole candidate is judged when it is committed: an edit may be one of several. */
async function edit(
  client: NetconfClient,
  config: string,
  defaultOperation = "merge",
): Promise<void> {
  await client.rpc(
    `<edit-config><target><candidate/></target><default-operation>${defaultOperation}` +
      `</default-operation><test-option>set</test-option><config>${config}</config></edit-config>`,
  );
}

/** `ntpconfd diff`: what leads from one datastore to the other. */
export async function differences(
  { client, schema: schemaOf }: Agent,
  from: DatastoreName,
  to: DatastoreName,
): Promise<readonly string[]> {
  const schema = await schemaOf();
  const trees: Tree[] = [];
  for (const name of [from, to]) {
    const reply = await client.rpc(`<get-config><source><${name}/></source></get-config>`);
    trees.push(treeOf(reply, schema, "config"));
  }
  const [before = emptyTree, after = emptyTree] = trees;
  return changeLines(diff(before, after));
}

/** The data of a reply, by the agent's own schema. */
function treeOf(reply: Element, schema: Schema, type: ReadOptions["type"]): Tree {
  const [data] = reply.children;
  const { tree, faults } = readData(data?.children ?? [], schema, { type });
  const [fault] = faults;
  if (fault !== undefined) throw new CallFault(`the agent's reply: ${fault.message}`, 1);
  return tree;
}

/** Whether the candidate holds anything that running does not, or the other way round. */
export async function hasChanges({ client }: Pick<Agent, "client">): Promise<boolean> {
  const texts: string[] = [];
  for (const name of ["running", "candidate"]) {
    const reply = await client.rpc(`<get-config><source><${name}/></source></get-config>`);
    const [data] = reply.children;
    texts.push(data === undefined ? "" : printElement(data, ""));
  }
  return texts[0] !== texts[1];
}
