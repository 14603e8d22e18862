import {
  type Change,
  changeAt,
  childOf,
  type DataNode,
  noEntries,
  type PathStep,
  printXml,
  readData,
  removal,
  type Tree,
} from "../data/index.ts";
import { isXmlFault, ownXmlLimits, parseXml } from "../xml/index.ts";
import {
  childNamed,
  type DataSchemaNode,
  type LeafListSchema,
  moduleNamed,
  type Schema,
} from "../yang/index.ts";
import { checksum } from "./checksum.ts";
import { inside, unreadable } from "./kept-file.ts";
import type { SealedForm } from "./sealed-form.ts";

// The journal of what running has become since its snapshot: one line for each commit, with the
// snapshot's number, its own length and checksum, so that a line torn by a crash is told from a
// whole one. A change of what is secret is sealed.

const JOURNAL = "stored journal";

/** One step of a path: "module:name", and the key where an entry is meant. */
type StoredStep = readonly [name: string, key?: string];

/**
 * One change: `xml` is what is there now, without it (and without `after`) the instance is gone.
 */
interface StoredChange {
  readonly path: readonly StoredStep[];
  readonly xml?: string;
  /** Of entries that the user orders: what stands before it, [] for nothing. */
  readonly after?: readonly string[];
}

/** The line that leads from the tree before the changes to the one after them. */
export function printRecord(
  generation: number,
  changes: readonly Change[],
  after: Tree,
  schema: Schema,
  form: SealedForm,
): Uint8Array {
  const stored = inFinalOrder(changes, after).map((change): StoredChange | string => {
    const made = storedChange(change, after, schema);
    return isSecret(change, form) ? form.seal(JSON.stringify(made)) : made;
  });
  const body = new TextEncoder().encode(JSON.stringify(stored));
  return lineOf(generation, body);
}

function lineOf(generation: number, body: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`${generation} ${body.length} ${checksum(body)} `);
  const line = new Uint8Array(head.length + body.length + 1);
  line.set(head);
  line.set(body, head.length);
  line[line.length - 1] = NEWLINE;
  return line;
}

/** What a journal came to. */
export interface Replayed {
  readonly tree: Tree;
  /** How many records led to it. */
  readonly records: number;
  /** Octets up to where a record is damaged; undefined: none is, but for a torn tail. */
  readonly damagedAt: number | undefined;
}

/**
 * The tree after all whole records of that generation, up to the first that is damaged. Throws
 * RpcError where the schema does not know what they hold.
 */
export function replay(
  tree: Tree,
  journal: Uint8Array,
  generation: number,
  schema: Schema,
  form: SealedForm,
): Replayed {
  let at = tree;
  let records = 0;
  let offset = 0;
  for (;;) {
    const record = readRecord(journal, offset);
    if (record === undefined) break;
    offset = record.end;
    if (record.generation !== generation) continue;
    let { children } = at;
    for (const stored of readChanges(record.body, form)) {
      children = applied(children, stored, schema);
    }
    at = { ...at, children };
    records++;
  }
  // A crash tears the last record alone, and cuts it short.
  const isTorn = !journal.subarray(offset).includes(NEWLINE);
  return { tree: at, records, damagedAt: isTorn ? undefined : offset };
}

/** The highest number of a snapshot that a record belongs to; 0 without records. */
export function highestGeneration(journal: Uint8Array): number {
  let highest = 0;
  for (let record = readRecord(journal, 0); record; record = readRecord(journal, record.end)) {
    highest = Math.max(highest, record.generation);
  }
  return highest;
}

/**
 * The journal with every text in its records made anew: `change` is given the body of each. What
 * follows a damaged record is left out.
 */
export function rewriteJournal(journal: Uint8Array, change: (body: string) => string): Uint8Array {
  const lines: Uint8Array[] = [];
  let offset = 0;
  for (;;) {
    const record = readRecord(journal, offset);
    if (record === undefined) break;
    offset = record.end;
    const body = change(new TextDecoder().decode(record.body));
    lines.push(lineOf(record.generation, new TextEncoder().encode(body)));
  }
  const all = new Uint8Array(lines.reduce((sum, line) => sum + line.length, 0));
  let end = 0;
  for (const line of lines) {
    all.set(line, end);
    end += line.length;
  }
  return all;
}

function isSecret({ path }: Change, form: SealedForm): boolean {
  const last = path[path.length - 1]?.schema;
  if (last === undefined) return false;
  return form.holds(last) || last.defaultDeny === "all";
}

function readChanges(body: Uint8Array, form: SealedForm): readonly StoredChange[] {
  const stored: readonly (StoredChange | string)[] = JSON.parse(new TextDecoder().decode(body));
  return stored.map((change) =>
    typeof change === "string" ? JSON.parse(form.open(change, JOURNAL)) : change,
  );
}

const NEWLINE = 0x0a;
const HEAD_LENGTH_MAX = 64;

function readRecord(
  journal: Uint8Array,
  offset: number,
): { readonly generation: number; readonly body: Uint8Array; readonly end: number } | undefined {
  const head = new TextDecoder().decode(journal.subarray(offset, offset + HEAD_LENGTH_MAX));
  const found = /^(\d+) (\d+) ([0-9a-f]{8}) /.exec(head);
  if (found === null) return undefined;
  const [whole, generation, length, sum] = found;
  const start = offset + whole.length;
  const end = start + Number(length);
  const body = journal.subarray(start, end);
  if (journal[end] !== NEWLINE || checksum(body) !== sum) return undefined;
  return { generation: Number(generation), body, end: end + 1 };
}

/**
 * What goes first, then the rest; entries of the user's order as they stand in the end, so that
 * what each of them goes after is there already.
 */
function inFinalOrder(changes: readonly Change[], after: Tree): readonly Change[] {
  const positions = new Map<DataNode, ReadonlyMap<string, number>>();
  const position = ({ path, kind }: Change): number => {
    if (kind === "delete") return -1;
    const data = severalAt(after, path);
    if (data === undefined || data.schema.orderedBy === "system") return 0;
    let known = positions.get(data);
    if (known === undefined) {
      known = new Map(Array.from(data.entries.keys(), (key, i) => [key, i]));
      positions.set(data, known);
    }
    return known.get(path[path.length - 1]?.key ?? "") ?? 0;
  };
  return changes
    .map((change) => ({ change, position: position(change) }))
    .sort((a, b) => a.position - b.position)
    .map(({ change }) => change);
}

type Several = Extract<DataNode, { readonly kind: "list" | "leaf-list" }>;

/** The list or leaf-list that a path's last step is an entry of. */
function severalAt(tree: Tree, path: readonly PathStep[]): Several | undefined {
  let { children } = tree;
  for (const [i, { schema, key = "" }] of path.entries()) {
    const data: DataNode | undefined = childOf({ children }, schema);
    if (data?.kind === "list" || data?.kind === "leaf-list") {
      if (i === path.length - 1) return data;
      const entry = data.entries.get(key);
      if (entry === undefined || !("children" in entry)) return undefined;
      children = entry.children;
    } else if (data?.kind === "container") children = data.children;
    else return undefined;
  }
  return undefined;
}

function storedChange(change: Change, after: Tree, schema: Schema): StoredChange {
  const path = change.path.map(({ schema: { module, name }, key }): StoredStep => {
    return key === undefined ? [`${module.name}:${name}`] : [`${module.name}:${name}`, key];
  });
  if (change.kind === "delete") return { path };
  const data = severalAt(after, change.path);
  const place = data?.schema.orderedBy === "user" ? placeAfter(data, change) : {};
  if (change.kind === "move") return { path, ...place };
  return { path, xml: printXml([nodeOf(change)], { schema }), ...place };
}

function placeAfter(data: Several, { path }: Change): { readonly after: readonly string[] } {
  const before = data.entries.draft().before(path[path.length - 1]?.key ?? "");
  return { after: before === undefined ? [] : [before] };
}

/** What a change left, as a node that can be printed: a list or leaf-list of the one entry. */
function nodeOf({ schema, path, after }: Change): DataNode {
  const key = path[path.length - 1]?.key ?? "";
  if (after !== undefined && "kind" in after) {
    if (after.kind !== "entry") return after;
    const entries = noEntries<typeof after>(after.schema).set(key, after);
    return { kind: "list", schema: after.schema, entries };
  }
  const list = schema as LeafListSchema;
  const entries = noEntries<NonNullable<typeof after>>(list);
  return {
    kind: "leaf-list",
    schema: list,
    entries: after === undefined ? entries : entries.set(key, after),
  };
}

function applied(
  children: readonly DataNode[],
  change: StoredChange,
  schema: Schema,
): readonly DataNode[] {
  const steps: PathStep[] = [];
  let parent: DataSchemaNode | undefined;
  for (const [qualified, key] of change.path) {
    const [module = "", name = ""] = qualified.split(":");
    const holder = parent ?? schema;
    const namespace = moduleNamed(schema, module)?.namespace;
    const next = "dataChildren" in holder ? childNamed(holder, namespace, name) : undefined;
    if (next === undefined) {
      throw unreadable(JOURNAL, `it names ${qualified}, which no module served here has`);
    }
    steps.push(key === undefined ? { schema: next } : { schema: next, key });
    parent = next;
  }
  if (change.xml === undefined && change.after === undefined) {
    return changeAt(children, steps, removal);
  }
  const above = steps[steps.length - 2]?.schema;
  const node = change.xml === undefined ? undefined : readNode(change.xml, above, schema);
  return changeAt(children, steps, (draft, { schema: last, key = "" }) => {
    if (last.kind === "list") {
      const entry = node?.kind === "list" ? node.entries.get(key) : draft.entries(last).get(key);
      if (entry !== undefined) put(draft.entries(last), key, entry, change.after);
    } else if (last.kind === "leaf-list") {
      const values = draft.values(last);
      const entry = node?.kind === "leaf-list" ? node.entries.get(key) : values.get(key);
      if (entry !== undefined) put(values, key, entry, change.after);
    } else if (node !== undefined) {
      draft.set(node);
    }
  });
}

function put<T>(
  draft: {
    set(key: string, entry: T): void;
    insert(key: string, entry: T, where: "before" | "after", anchor: string | undefined): void;
  },
  key: string,
  entry: T,
  after: readonly string[] | undefined,
): void {
  if (after === undefined) draft.set(key, entry);
  else if (after.length === 0) draft.insert(key, entry, "before", undefined);
  else draft.insert(key, entry, "after", after[0]);
}

function readNode(xml: string, above: DataSchemaNode | undefined, schema: Schema): DataNode {
  const root = parseXml(`<journal>${xml}</journal>`, ownXmlLimits);
  if (isXmlFault(root)) throw unreadable(JOURNAL, root.message);
  const parent = above?.kind === "container" || above?.kind === "list" ? above : undefined;
  const options = { type: "config" } as const;
  const { tree, faults } = readData(
    root.children,
    schema,
    parent === undefined ? options : { ...options, parent },
  );
  const [node] = tree.children;
  if (faults.length > 0) throw inside(JOURNAL, faults);
  if (node === undefined) throw unreadable(JOURNAL, "a change that changes nothing");
  return node;
}
