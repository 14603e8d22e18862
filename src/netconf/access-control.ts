import {
  childOf,
  instancePath,
  type LeafListEntry,
  type PathStep,
  type Place,
  parseInstancePath,
  stepsOf,
} from "../data/index.ts";
import type { AccessAction, Authorize, Datastores, Hidden } from "../datastore/index.ts";
import type { Element } from "../xml/index.ts";
import {
  type ContainerSchema,
  childNamed,
  type DataParent,
  type DataSchemaNode,
  type NotificationSchema,
  type OperationSchema,
  type Schema,
} from "../yang/index.ts";
import type { ReadAccess } from "./access.ts";
import {
  type AccessOperation,
  type AccessRule,
  type AccessRules,
  readAccessRules,
} from "./access-rules.ts";
import type { Peer } from "./peer.ts";
import { protocolError } from "./reply.ts";
import { matchesInstance, type RulePath } from "./rule-path.ts";
import { elementsIn } from "./state-tree.ts";

const NACM = "urn:ietf:params:xml:ns:yang:ietf-netconf-acm";

/** An operation as rules name it. */
export interface NamedOperation {
  readonly module: string;
  readonly name: string;
  /** Of an rpc or action of a module. */
  readonly schema?: OperationSchema | undefined;
}

/** RFC 8341 section 3.2.6 and appendix: denied unless a rule permits them. */
const DENIED_BY_DEFAULT = new Set(["kill-session", "delete-config"]);

/**
 * RFC 8341: who may do what. Without an ietf-netconf-acm in the schema there are no rules, and its
 * defaults hold.
 */
export class AccessControl {
  readonly #schema: Schema;
  readonly #datastores: Datastores;
  readonly #nacm: ContainerSchema | undefined;
  /** The configuration that the rules were read from: the same node means the same rules. */
  #source: object | undefined;
  #rules: AccessRules;
  readonly #users = new Map<string, Access>();
  readonly #denied = { operations: 0, writes: 0, notifications: 0 };

  constructor(schema: Schema, datastores: Datastores) {
    this.#schema = schema;
    this.#datastores = datastores;
    const found = childNamed(schema, NACM, "nacm");
    this.#nacm = found?.kind === "container" ? found : undefined;
    this.#rules = readAccessRules(undefined, schema);
  }

  /** What holds for a user now; undefined: everything is permitted. */
  of(peer: Peer): Access | undefined {
    if (peer.recovery) return undefined;
    this.#refresh();
    if (!this.#rules.enabled) return undefined;
    let access = this.#users.get(peer.user);
    if (access === undefined) {
      access = new Access(this.#rules, peer.user, this.#schema);
      this.#users.set(peer.user, access);
    }
    return access;
  }

  /** Refuses an operation that the user may not carry out (section 3.4.4). */
  checkOperation(access: Access | undefined, operation: NamedOperation): void {
    if (access === undefined || access.mayExecute(operation)) return;
    this.#denied.operations += 1;
    const message = `no permission to carry out <${operation.name}>`;
    throw protocolError("access-denied", message);
  }

  /** An action is called on a node that its caller can see. */
  checkPath(access: Access | undefined, path: readonly PathStep[]): void {
    if (access === undefined) return;
    for (const i of path.keys()) {
      const steps = path.slice(0, i + 1);
      if (access.maySee(steps)) continue;
      this.#denied.operations += 1;
      throw protocolError("access-denied", "no permission to read the node of the action", {
        path: instancePath(steps),
      });
    }
  }

  /** What an edit must not tell of: what may be neither read nor written. */
  hidden(access: Access | undefined): Hidden | undefined {
    if (access === undefined) return undefined;
    return (place) => {
      if (access.isOpen(place.schema)) return false;
      const path = stepsOf(place);
      const isSeen = path.every((_, i) => access.maySee(path.slice(0, i + 1)));
      return !isSeen && !writes.every((action) => access.mayWrite(action, path));
    };
  }

  /** The datastores' hook for edits; undefined: everything is permitted. */
  authorize(access: Access | undefined): Authorize | undefined {
    return access && ((action, path) => access.mayWrite(action, path));
  }

  mayReceive(access: Access | undefined, schema: NotificationSchema): boolean {
    if (access === undefined || access.mayReceive(schema)) return true;
    this.#denied.notifications += 1;
    return false;
  }

  /** An edit was refused with access-denied. */
  writeDenied(): void {
    this.#denied.writes += 1;
  }

  /** The counters of /nacm. */
  elements(): readonly Element[] {
    if (this.#nacm === undefined) return [];
    const { leaf, node } = elementsIn(NACM);
    return [
      node("nacm", [
        leaf("denied-operations", this.#denied.operations),
        leaf("denied-data-writes", this.#denied.writes),
        leaf("denied-notifications", this.#denied.notifications),
      ]),
    ];
  }

  #refresh(): void {
    if (this.#nacm === undefined) return;
    const nacm = childOf(this.#datastores.read("running"), this.#nacm);
    if (nacm === this.#source) return;
    this.#source = nacm;
    this.#rules = readAccessRules(nacm, this.#schema);
    this.#users.clear();
  }
}

const writes: readonly AccessAction[] = ["create", "update", "delete"];

/** What the rules come to at a schema node: one answer, or one that depends on the instance. */
type Verdict = boolean | { readonly rules: readonly AccessRule[]; readonly otherwise: boolean };

/** What one user may do, as long as the rules are what they are. */
export class Access implements ReadAccess {
  readonly #rules: AccessRules;
  readonly #own: readonly AccessRule[];
  readonly #schema: Schema;
  readonly #verdicts = new Map<AccessOperation, Map<DataSchemaNode, Verdict>>();
  readonly #open = new Map<DataSchemaNode, boolean>();

  constructor(rules: AccessRules, user: string, schema: Schema) {
    this.#rules = rules;
    this.#own = rules.rulesOf(user);
    this.#schema = schema;
  }

  isOpen(schema: DataSchemaNode): boolean {
    let open = this.#open.get(schema);
    if (open === undefined) {
      const below = "dataChildren" in schema ? schema.dataChildren : [];
      const isRead = this.#verdict("read", schema) === true && !namesInstances(schema);
      open = isRead && below.every((child) => this.isOpen(child));
      this.#open.set(schema, open);
    }
    return open;
  }

  mayRead(place: Place): boolean {
    const verdict = this.#verdict("read", place.schema);
    return typeof verdict === "boolean" ? verdict : judge(verdict, stepsOf(place));
  }

  mayTell(schema: DataSchemaNode, { type, value }: LeafListEntry): boolean {
    if (!namesInstances(schema) || type.base !== "instance-identifier") return true;
    return this.mayHear(value);
  }

  /** Whether the instance that an instance-identifier names may be read, by its canonical text. */
  mayHear(instance: string): boolean {
    const steps = parseInstancePath(instance, this.#schema);
    return steps?.every((_, i) => this.maySee(steps.slice(0, i + 1))) === true;
  }

  maySee(path: readonly PathStep[]): boolean {
    const schema = path[path.length - 1]?.schema;
    const verdict = schema === undefined || this.#verdict("read", schema);
    return typeof verdict === "boolean" ? verdict : judge(verdict, path);
  }

  mayWrite(action: AccessAction, path: readonly PathStep[]): boolean {
    const schema = path[path.length - 1]?.schema;
    if (schema === undefined) return this.#rules.permitsWrite;
    const verdict = this.#verdict(action, schema);
    return typeof verdict === "boolean" ? verdict : judge(verdict, path);
  }

  mayExecute({ module, name, schema }: NamedOperation): boolean {
    const isBase = module === "ietf-netconf";
    // Section 3.4.4, step 2: a session can always be closed.
    if (isBase && name === "close-session") return true;
    const rule = this.#own.find(
      ({ subject, ...rule }) =>
        applies(rule, "exec", module) &&
        (subject.kind === "any" ||
          (subject.kind === "rpc" && schema?.kind !== "action" && names(subject.name, name)) ||
          (subject.kind === "data" && schema !== undefined && subject.path?.end === schema)),
    );
    if (rule !== undefined) return rule.permits;
    if (schema?.defaultDeny === "all" || (isBase && DENIED_BY_DEFAULT.has(name))) return false;
    return this.#rules.permitsExec;
  }

  /** Section 3.4.6. */
  mayReceive(schema: NotificationSchema): boolean {
    const rule = this.#own.find(
      ({ subject, ...rule }) =>
        applies(rule, "read", schema.module.name) &&
        (subject.kind === "any" ||
          (subject.kind === "notification" && names(subject.name, schema.name)) ||
          (subject.kind === "data" && subject.path?.end === schema)),
    );
    if (rule !== undefined) return rule.permits;
    return schema.defaultDeny === "all" ? false : this.#rules.permitsRead;
  }

  #verdict(operation: AccessOperation, schema: DataSchemaNode): Verdict {
    let known = this.#verdicts.get(operation);
    if (known === undefined) {
      known = new Map();
      this.#verdicts.set(operation, known);
    }
    let verdict = known.get(schema);
    if (verdict === undefined) {
      verdict = this.#decide(operation, schema);
      known.set(schema, verdict);
    }
    return verdict;
  }

  /** Section 3.4.5, steps 6 to 11. */
  #decide(operation: AccessOperation, schema: DataSchemaNode): Verdict {
    const undecided: AccessRule[] = [];
    const otherwise = (permits: boolean): Verdict =>
      undecided.length === 0 ? permits : { rules: undecided, otherwise: permits };
    for (const rule of this.#own) {
      const { subject } = rule;
      if (!applies(rule, operation, schema.module.name)) continue;
      if (subject.kind === "any") return otherwise(rule.permits);
      if (subject.kind !== "data" || !leadsTo(subject.path, schema)) continue;
      if (subject.path?.hasKeys !== true) return otherwise(rule.permits);
      undecided.push(rule);
    }
    return otherwise(this.#defaultOf(operation, schema));
  }

  #defaultOf(operation: AccessOperation, schema: DataSchemaNode): boolean {
    if (schema.defaultDeny === "all") return false;
    if (operation === "read") return this.#rules.permitsRead;
    return schema.defaultDeny === "write" ? false : this.#rules.permitsWrite;
  }
}

/** State that says where something is: of configuration its author decides who reads it. */
function namesInstances(schema: DataSchemaNode): boolean {
  const isLeaf = schema.kind === "leaf" || schema.kind === "leaf-list";
  if (!isLeaf || schema.config) return false;
  const { type } = schema;
  const bases = type.base === "union" ? type.members.map(({ base }) => base) : [type.base];
  return bases.includes("instance-identifier");
}

function judge(
  { rules, otherwise }: Exclude<Verdict, boolean>,
  instance: readonly PathStep[],
): boolean {
  for (const { subject, permits } of rules) {
    if (subject.kind !== "data" || subject.path === undefined) continue;
    if (matchesInstance(subject.path, instance)) return permits;
  }
  return otherwise;
}

function applies(
  { module, operations }: Pick<AccessRule, "module" | "operations">,
  operation: AccessOperation,
  of: string,
): boolean {
  return names(module, of) && (operations === undefined || operations.has(operation));
}

function names(pattern: string, name: string): boolean {
  return pattern === "*" || pattern === name;
}

/** Whether a path leads to a schema node or to what is above it. */
function leadsTo(path: RulePath | undefined, schema: DataSchemaNode): boolean {
  if (path === undefined || path.end !== undefined) return false;
  const target = path.steps[path.steps.length - 1]?.schema;
  if (target === undefined) return true;
  let at: DataSchemaNode | DataParent | undefined = schema;
  while (at !== undefined && at !== target) at = at.dataParent;
  return at === target;
}
