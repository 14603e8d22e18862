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
import { isXmlFault, parseXml } from "../xml/index.ts";
import {
  childNamed,
  type DataSchemaNode,
  type LeafListSchema,
  moduleNamed,
  type Schema,
} from "../yang/index.ts";

// The journal of what running has become since its snapshot: one line for each commit, with the
// snapshot's number, its own length and checksum, so that a line torn by a crash is told from a
// whole one.

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
): Uint8Array {
  const stored = inFinalOrder(changes, after).map((change) => storedChange(change, after, schema));
  const body = new TextEncoder().encode(JSON.stringify(stored));
  const head = new TextEncoder().encode(`${generation} ${body.length} ${checksum(body)} `);
  const line = new Uint8Array(head.length + body.length + 1);
  line.set(head);
  line.set(body, head.length);
  line[line.length - 1] = NEWLINE;
  return line;
}

/** The tree after all whole records of that generation, and how many there were. */
export function replay(
  tree: Tree,
  journal: Uint8Array,
  generation: number,
  schema: Schema,
): { readonly tree: Tree; readonly records: number } {
  let at = tree;
  let records = 0;
  let offset = 0;
  for (;;) {
    const record = readRecord(journal, offset);
    if (record === undefined) return { tree: at, records };
    offset = record.end;
    if (record.generation !== generation) continue;
    let { children } = at;
    for (const change of record.changes) children = applied(children, change, schema);
    at = { ...at, children };
    records++;
  }
}

const NEWLINE = 0x0a;
const HEAD_LENGTH_MAX = 64;

function readRecord(
  journal: Uint8Array,
  offset: number,
):
  | { readonly generation: number; readonly changes: readonly StoredChange[]; readonly end: number }
  | undefined {
  const head = new TextDecoder().decode(journal.subarray(offset, offset + HEAD_LENGTH_MAX));
  const found = /^(\d+) (\d+) ([0-9a-f]{8}) /.exec(head);
  if (found === null) return undefined;
  const [whole, generation, length, sum] = found;
  const start = offset + whole.length;
  const end = start + Number(length);
  const body = journal.subarray(start, end);
  if (journal[end] !== NEWLINE || checksum(body) !== sum) return undefined;
  const changes: readonly StoredChange[] = JSON.parse(new TextDecoder().decode(body));
  return { generation: Number(generation), changes, end: end + 1 };
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
    if (next === undefined) throw new Error(`the journal names ${qualified}, which is not known`);
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
  const root = parseXml(`<journal>${xml}</journal>`);
  if (isXmlFault(root)) throw new Error(`the journal does not parse: ${root.message}`);
  const parent = above?.kind === "container" || above?.kind === "list" ? above : undefined;
  const options = { type: "config" } as const;
  const { tree, faults } = readData(
    root.children,
    schema,
    parent === undefined ? options : { ...options, parent },
  );
  const [node] = tree.children;
  if (node === undefined || faults.length > 0) {
    throw new Error(`the journal holds what the schema refuses: ${faults[0]?.message}`);
  }
  return node;
}

/** CRC-32 as in zlib, eight hexadecimal digits. */
function checksum(bytes: Uint8Array): string {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (crcTable[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return ((sum ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});
