import type { Building } from "./building.ts";
import { type Draft, properties, property, readPath, scopeOf } from "./draft.ts";
import { hint } from "./hint.ts";
import type { Report } from "./report.ts";
import type { LeafSchema, ListSchema, SchemaNode } from "./schema.ts";
import type { Statement } from "./statement.ts";

/**
 * RFC 7950 section 7.8.2. `hasConfig`: the list holds configuration, so that it needs a key.
 */
export function listKeys(
  draft: Draft,
  list: ListSchema,
  hasConfig: boolean,
  report: Report,
): readonly LeafSchema[] {
  const statement = property(draft, "key");
  if (statement === undefined) {
    if (hasConfig)
      report.error(draft.statement, `list "${draft.name}" of configuration has no key`);
    return [];
  }
  const version = scopeOf(draft, statement).unit.version;
  const keys: LeafSchema[] = [];
  for (const name of names(statement)) {
    const fail = (message: string) =>
      report.error(statement, `key "${name}" of list "${draft.name}" ${message}`);
    const [step] = readPath(name, scopeOf(draft, statement), draft.module);
    const leaf = list.children.find(
      (child) => child.name === step?.name && child.module.name === step.module?.name,
    );
    if (leaf === undefined) {
      const leaves = list.children.filter(({ kind }) => kind === "leaf");
      fail(
        `is not one of its leaves${hint(
          name,
          leaves.map((each) => each.name),
        )}`,
      );
    } else if (leaf.kind !== "leaf") fail(`is a ${leaf.kind}, no leaf`);
    else if (keys.includes(leaf)) fail("is named twice");
    else {
      checkKey(leaf, draft, hasConfig, version, fail);
      checkStatus(leaf, list, statement, report);
      (leaf as Building<LeafSchema>).isKey = true;
      keys.push(leaf);
    }
  }
  return keys;
}

function checkKey(
  leaf: LeafSchema,
  list: Draft,
  hasConfig: boolean,
  version: "1" | "1.1",
  fail: (message: string) => void,
): void {
  if (hasConfig && !leaf.config) fail("is not configuration, but the list is");
  if (leaf.type.base === "empty" && version === "1") fail("is empty, which needs yang-version 1.1");
  if (version === "1") return;
  const draft = list.children.find(
    (child) => child.kind === "leaf" && child.name === leaf.name && child.enabled,
  );
  if (draft === undefined) return;
  if (property(draft, "when") !== undefined) fail("may not have a when");
  if (property(draft, "if-feature") !== undefined) fail("may not have an if-feature");
  if (draft.conditions.length > 0) fail("may not come from a uses with a when");
}

/** RFC 7950 section 7.8.3. */
export function listUniques(
  draft: Draft,
  list: ListSchema,
  report: Report,
): readonly (readonly LeafSchema[])[] {
  return properties(draft, "unique").map((statement) => {
    const leaves: LeafSchema[] = [];
    for (const path of names(statement)) {
      const leaf = uniqueLeaf(path, statement, draft, list);
      if (typeof leaf === "string") report.error(statement, `unique "${path}" ${leaf}`);
      else if (leaves.includes(leaf)) report.error(statement, `unique "${path}" is named twice`);
      else leaves.push(leaf);
    }
    for (const leaf of leaves) checkStatus(leaf, list, statement, report);
    if (new Set(leaves.map((leaf) => leaf.config)).size > 1) {
      const message = `unique "${statement.argument}" mixes configuration and state`;
      report.error(statement, message);
    }
    return leaves;
  });
}

/** Section 7.21.2. */
function checkStatus(
  leaf: LeafSchema,
  list: ListSchema,
  statement: Statement,
  report: Report,
): void {
  if (leaf.module.name !== list.module.name || leaf.status === list.status) return;
  const message = `leaf "${leaf.name}" is ${leaf.status}, but the list is ${list.status}`;
  report.error(statement, `${statement.keyword} "${statement.argument}": ${message}`);
}

/** The leaf, or what is wrong with the path. */
function uniqueLeaf(
  path: string,
  statement: Statement,
  draft: Draft,
  list: ListSchema,
): LeafSchema | string {
  let at: SchemaNode = list;
  for (const step of readPath(path, scopeOf(draft, statement), draft.module)) {
    if (at !== list && at.kind === "list") return `leads through list "${at.name}"`;
    const next: SchemaNode | undefined = childrenOf(at).find(
      (child) => child.name === step.name && child.module.name === step.module?.name,
    );
    if (next === undefined) {
      const meant = hint(
        step.name,
        childrenOf(at).map(({ name }) => name),
      );
      return `leads nowhere: there is no "${step.name}" in "${at.name}"${meant}`;
    }
    at = next;
  }
  return at.kind === "leaf" ? at : `leads to the ${at.kind} "${at.name}", no leaf`;
}

function childrenOf(node: SchemaNode): readonly SchemaNode[] {
  if (node.kind === "choice") return node.cases;
  return "children" in node ? node.children : [];
}

function names(statement: Statement): readonly string[] {
  return (statement.argument ?? "").split(/\s+/).filter((name) => name !== "");
}
