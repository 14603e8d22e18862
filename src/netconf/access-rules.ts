import type { ContainerData, DataNode, ParentData } from "../data/index.ts";
import type { Schema } from "../yang/index.ts";
import { parseRulePath, type RulePath } from "./rule-path.ts";

/** RFC 8341 section 3.3.2. */
export type AccessOperation = "create" | "read" | "update" | "delete" | "exec";

/** One rule of a rule-list (RFC 8341 section 3.3.5). */
export interface AccessRule {
  /** "*": of any module. */
  readonly module: string;
  readonly subject:
    | { readonly kind: "any" }
    | { readonly kind: "rpc" | "notification"; readonly name: string }
    | { readonly kind: "data"; readonly path: RulePath | undefined };
  /** undefined: all of them. */
  readonly operations: ReadonlySet<string> | undefined;
  readonly permits: boolean;
}

interface RuleList {
  readonly groups: ReadonlySet<string>;
  readonly rules: readonly AccessRule[];
}

/** The configuration of /nacm, read once for each time it changes. */
export interface AccessRules {
  readonly enabled: boolean;
  readonly permitsRead: boolean;
  readonly permitsWrite: boolean;
  readonly permitsExec: boolean;
  /** The rules for a user, in order; section 3.4.4, steps 3 to 6. */
  readonly rulesOf: (user: string) => readonly AccessRule[];
}

/** `nacm`: undefined where nothing is configured, then the defaults of the module hold. */
export function readAccessRules(nacm: ContainerData | undefined, schema: Schema): AccessRules {
  const groups = new Map<string, ReadonlySet<string>>();
  const groupsNode = nacm && child(nacm, "groups");
  if (groupsNode?.kind === "container") {
    for (const group of entries(groupsNode, "group")) {
      groups.set(leaf(group, "name") ?? "", values(group, "user-name"));
    }
  }
  const lists: readonly RuleList[] = [...entries(nacm, "rule-list")].map((list) => ({
    groups: values(list, "group"),
    rules: [...entries(list, "rule")].map((rule) => readRule(rule, schema)),
  }));
  return {
    enabled: leaf(nacm, "enable-nacm") !== "false",
    permitsRead: leaf(nacm, "read-default") !== "deny",
    permitsWrite: leaf(nacm, "write-default") === "permit",
    permitsExec: leaf(nacm, "exec-default") !== "deny",
    rulesOf: (user) => {
      const own = [...groups].filter(([, users]) => users.has(user)).map(([name]) => name);
      // Who is in no group has the defaults alone, "*" or not (section 3.4.4, step 4).
      if (own.length === 0) return [];
      return lists
        .filter((list) => list.groups.has("*") || own.some((name) => list.groups.has(name)))
        .flatMap((list) => list.rules);
    },
  };
}

function readRule(rule: ParentData, schema: Schema): AccessRule {
  const operations = leaf(rule, "access-operations") ?? "*";
  return {
    module: leaf(rule, "module-name") ?? "*",
    subject: readSubject(rule, schema),
    operations: operations === "*" ? undefined : new Set(operations.split(" ")),
    permits: leaf(rule, "action") === "permit",
  };
}

function readSubject(rule: ParentData, schema: Schema): AccessRule["subject"] {
  const rpc = leaf(rule, "rpc-name");
  if (rpc !== undefined) return { kind: "rpc", name: rpc };
  const notification = leaf(rule, "notification-name");
  if (notification !== undefined) return { kind: "notification", name: notification };
  const path = leaf(rule, "path");
  return path === undefined ? { kind: "any" } : { kind: "data", path: parseRulePath(path, schema) };
}

function child(parent: ParentData, name: string): DataNode | undefined {
  return parent.children.find((node) => node.schema.name === name);
}

function leaf(parent: ParentData | undefined, name: string): string | undefined {
  const node = parent && child(parent, name);
  return node?.kind === "leaf" ? node.value : undefined;
}

function values(parent: ParentData, name: string): ReadonlySet<string> {
  const node = child(parent, name);
  return new Set(node?.kind === "leaf-list" ? node.entries.keys() : []);
}

function entries(parent: ParentData | undefined, name: string): Iterable<ParentData> {
  const node = parent && child(parent, name);
  return node?.kind === "list" ? node.entries : [];
}
