import { hint } from "./hint.ts";
import type {
  DataSchemaNode,
  InOutSchema,
  LeafListSchema,
  LeafSchema,
  NotificationSchema,
  SchemaNode,
} from "./schema.ts";
import type { LeafrefType, Type } from "./type.ts";
import type { XPathExpression, XPathNames, XPathStep } from "./xpath.ts";

type Leaf = LeafSchema | LeafListSchema;
/** Undefined: the root. */
type Place = DataSchemaNode | InOutSchema | NotificationSchema | undefined;

/** What resolveLeafrefs() wants of the compiler. */
export interface LeafrefLookup {
  /** The data child of a node, or of the root; an undefined namespace matches any. */
  child(parent: Place, namespace: string | undefined, name: string): DataSchemaNode | undefined;
  /** Of all data children, for what to say where there is no such child. */
  childNames?(parent: Place): readonly string[];
  /** A fault in the type of that leaf. */
  report(leaf: Leaf, message: string): void;
}

/**
 * Fills in target and real type of every leafref in a leaf's type (RFC 7950 section 9.9), those in
 * unions too, and those of the leaves that they lead to. Calling it twice does no harm.
 */
export function resolveLeafrefs(leaf: Leaf, lookup: LeafrefLookup): void {
  new Resolution(lookup).resolve(leaf.type, leaf);
}

/** Readonly outside; here, and only once, it is filled in. */
type Pending = { -readonly [K in keyof LeafrefType]: LeafrefType[K] | undefined };

const ANYTHING: Exclude<Type, LeafrefType> = {
  base: "string",
  typedef: undefined,
  typedefs: [],
  lengths: [],
  patterns: [],
};

/** Chains are followed by recursion. */
const CHAIN_MAX = 200;

class Resolution {
  readonly #lookup: LeafrefLookup;
  readonly #open = new Set<Type>();

  constructor(lookup: LeafrefLookup) {
    this.#lookup = lookup;
  }

  resolve(type: Type, leaf: Leaf): void {
    if (type.base === "union") for (const member of type.members) this.resolve(member, leaf);
    if (type.base !== "leafref") return;
    const pending: Pending = type;
    if (pending.realType !== undefined) return;
    if (this.#open.has(type)) {
      this.#fail(type, leaf, "leads back to itself");
      return;
    }
    if (this.#open.size >= CHAIN_MAX) {
      this.#fail(type, leaf, `ends a chain of more than ${CHAIN_MAX} leafrefs`);
      return;
    }
    this.#open.add(type);
    const target = this.#target(type, leaf);
    if (typeof target === "string") this.#fail(type, leaf, target);
    else this.#follow(type, leaf, target);
    this.#open.delete(type);
  }

  #follow(type: LeafrefType, leaf: Leaf, target: Leaf): void {
    this.resolve(target.type, target);
    const pending: Pending = type;
    // A ring that runs through this type has settled it already.
    if (pending.realType !== undefined) return;
    const end = target.type;
    pending.target = target;
    pending.realType = end.base === "leafref" ? ((end as Pending).realType ?? ANYTHING) : end;
    const stateful = leaf.config && !target.config && !isOutsideDatastores(leaf);
    if (type.requireInstance && stateful) {
      this.#report(type, leaf, "leads from configuration to state");
    }
  }

  /** A leafref that leads nowhere takes any text, so that compiling goes on. */
  #fail(type: LeafrefType, leaf: Leaf, fault: string): void {
    const pending: Pending = type;
    pending.target = leaf;
    pending.realType = ANYTHING;
    this.#report(type, leaf, fault);
  }

  #report(type: LeafrefType, leaf: Leaf, fault: string): void {
    this.#lookup.report(leaf, `leafref path "${type.path.text}" ${fault}`);
  }

  #target({ path }: LeafrefType, leaf: Leaf): Leaf | string {
    const end = this.#walk(path.expression, leaf, path.names);
    if (typeof end === "string") return end;
    if (end?.kind === "leaf" || end?.kind === "leaf-list") return end;
    return `leads to ${end === undefined ? "the root" : `the ${end.kind} ${end.name}`}, no leaf`;
  }

  /** The schema node that a path leads to, or what is wrong with the path. */
  #walk(expression: XPathExpression, leaf: Leaf, names: XPathNames): Place | string {
    if (expression.kind === "call") return this.#call(expression, leaf, names);
    if (expression.kind !== "path") return "is no path";
    const { from } = expression;
    const start =
      from === "root" ? undefined : from === "context" ? leaf : this.#walk(from, leaf, names);
    if (typeof start === "string") return start;
    let at: Place = start;
    for (const step of expression.steps) {
      const next = this.#step(step, at, names);
      if (typeof next === "string") return next;
      at = next;
    }
    return at;
  }

  #step({ axis, test }: XPathStep, at: Place, names: XPathNames): Place | string {
    if (axis === "self" && test.kind === "node") return at;
    if (axis === "parent" && test.kind === "node") {
      return at === undefined ? "climbs beyond the root" : at.dataParent;
    }
    if (axis !== "child" || test.kind !== "name") return "may have only names and .. as its steps";
    const { prefix, name } = test;
    const namespace = prefix === "" ? names.defaultNamespace : names.namespace(prefix);
    const child = this.#lookup.child(at, namespace, name);
    const where = at === undefined ? "at the top" : `in the ${at.kind} ${at.name}`;
    if (child !== undefined) return child;
    const meant = hint(name, this.#lookup.childNames?.(at) ?? []);
    const written = prefix === "" ? name : `${prefix}:${name}`;
    return `leads nowhere: there is no "${written}" ${where}${meant}`;
  }

  /** current(); and deref(), whose own path leads to a leafref. */
  #call(
    call: Extract<XPathExpression, { kind: "call" }>,
    leaf: Leaf,
    names: XPathNames,
  ): Place | string {
    if (call.name === "current") return leaf;
    const [argument] = call.arguments;
    if (call.name !== "deref" || argument === undefined) return `uses ${call.name}()`;
    const via = this.#walk(argument, leaf, names);
    if (typeof via === "string") return via;
    if ((via?.kind !== "leaf" && via?.kind !== "leaf-list") || via.type.base !== "leafref") {
      return "uses deref() on what is no leafref";
    }
    this.resolve(via.type, via);
    return via.type.target;
  }
}

/** In operations and notifications a leafref may lead anywhere. */
function isOutsideDatastores(leaf: SchemaNode): boolean {
  for (let at: SchemaNode | undefined = leaf; at !== undefined; at = at.parent) {
    if (["rpc", "action", "notification", "input", "output"].includes(at.kind)) return true;
  }
  return false;
}
