import type {
  DataParent,
  DataSchemaNode,
  InOutSchema,
  NotificationSchema,
  Schema,
  SchemaNode,
} from "./schema.ts";
import type { LeafrefType, Type } from "./type.ts";
import type { XPath, XPathExpression, XPathNames, XPathStep } from "./xpath.ts";
import { staticType } from "./xpath-check.ts";
import { nameInPaths } from "./xpath-identity.ts";
import { abbreviated } from "./xpath-path.ts";

/** Schema nodes that XPath can stand on. */
type Data = DataSchemaNode | InOutSchema | NotificationSchema;

/** Undefined: the root. */
type Place = Data | undefined;
type Places = ReadonlySet<Place>;

const NOWHERE: Places = new Set();

/**
 * Every data node whose existence or value an expression may read when it is evaluated on a node of
 * that schema (undefined: the root). Unknown only where an instance-identifier is followed.
 */
export function dependencies(
  xpath: XPath,
  context: SchemaNode | undefined,
  schema: Schema,
): ReadonlySet<SchemaNode> | "unknown" {
  const places = new Set<Place>([dataNode(context)]);
  const reading = new Reading(schema, new Set(), places, xpath.names);
  reading.value(xpath.expression, places);
  return reading.known ? reading.nodes : "unknown";
}

/** The node itself or, of choices, cases and operations, what they stand in. */
function dataNode(node: SchemaNode | undefined): Place {
  switch (node?.kind) {
    case "choice":
    case "case":
    case "rpc":
    case "action":
      return node.dataParent;
    default:
      return node;
  }
}

/** Evaluates over schema nodes, and notes what is read on the way. */
class Reading {
  readonly nodes: Set<SchemaNode>;
  known = true;
  readonly #schema: Schema;
  readonly #current: Places;
  readonly #names: XPathNames;
  readonly #leafrefs: Set<LeafrefType>;

  constructor(
    schema: Schema,
    nodes: Set<SchemaNode>,
    current: Places,
    names: XPathNames,
    leafrefs = new Set<LeafrefType>(),
  ) {
    this.#schema = schema;
    this.nodes = nodes;
    this.#current = current;
    this.#names = names;
    this.#leafrefs = leafrefs;
  }

  /** The expression's value is read. */
  value(expression: XPathExpression, context: Places): void {
    switch (expression.kind) {
      case "number":
      case "literal":
        return;
      case "negate":
        this.value(expression.operand, context);
        return;
      case "call":
        this.#call(expression, context);
        return;
      case "binary":
        this.value(expression.left, context);
        this.value(expression.right, context);
        return;
      case "path":
        // The string of a node is made of all the leaves in it.
        for (const place of this.#places(expression, context)) this.#within(place);
    }
  }

  #call(call: Extract<XPathExpression, { kind: "call" }>, context: Places): void {
    if (staticType(call) === "nodes") {
      for (const place of this.#places(call, context)) this.#within(place);
      return;
    }
    const [first] = call.arguments;
    const existence = ["count", "boolean", "not", "name", "local-name", "namespace-uri"];
    if (existence.includes(call.name) && first !== undefined && staticType(first) === "nodes") {
      this.#places(first, context);
      return;
    }
    const aboutContext = ["string", "number", "string-length", "normalize-space"];
    if (aboutContext.includes(call.name) && first === undefined) {
      for (const place of context) this.#within(place);
    }
    for (const argument of call.arguments) this.value(argument, context);
  }

  /** Where the nodes of a node set can be. Those on the way are noted. */
  #places(expression: XPathExpression, context: Places): Places {
    switch (expression.kind) {
      case "path":
        return this.#path(expression, context);
      case "binary": {
        const left = this.#places(expression.left, context);
        return new Set([...left, ...this.#places(expression.right, context)]);
      }
      case "call":
        if (expression.name === "current") return this.#current;
        return expression.name === "deref" ? this.#deref(expression, context) : NOWHERE;
      default:
        return NOWHERE;
    }
  }

  #path(path: Extract<XPathExpression, { kind: "path" }>, context: Places): Places {
    const { from } = path;
    let at: Places =
      from === "root"
        ? new Set<Place>([undefined])
        : from === "context"
          ? context
          : this.#places(from, context);
    for (const predicate of path.predicates) this.#predicate(predicate, at);
    for (const step of abbreviated(path.steps)) {
      const next = new Set<Place>();
      for (const place of at) {
        for (const found of this.#axis(step.axis, place)) {
          if (this.#accepts(step, found)) next.add(found);
        }
      }
      at = next;
      for (const place of at) this.#note(place);
      for (const predicate of step.predicates) this.#predicate(predicate, at);
    }
    return at;
  }

  #predicate(predicate: XPathExpression, places: Places): void {
    if (staticType(predicate) === "nodes") this.#places(predicate, places);
    else this.value(predicate, places);
  }

  #accepts({ axis, test }: XPathStep, place: Place): boolean {
    switch (test.kind) {
      case "node":
        return true;
      case "text":
        // The leaf stands for the text in it.
        return place?.kind === "leaf" || place?.kind === "leaf-list";
      case "any":
      case "name": {
        if (place === undefined || axis === "attribute" || axis === "namespace") return false;
        const { prefix } = test;
        const bare = test.kind === "any" ? undefined : this.#names.defaultNamespace;
        const namespace =
          prefix === undefined || prefix === "" ? bare : this.#names.namespace(prefix);
        if (test.kind === "name" && nameInPaths(place) !== test.name) return false;
        return namespace === undefined || place.module.namespace === namespace;
      }
      default:
        return false;
    }
  }

  #axis(axis: XPathStep["axis"], place: Place): Iterable<Place> {
    switch (axis) {
      case "child":
        return isLeaf(place) ? [place] : this.#children(place);
      case "descendant":
        return this.#descendants(place);
      case "descendant-or-self":
        return [place, ...this.#descendants(place)];
      case "self":
        return [place];
      case "parent":
        return place === undefined ? [] : [place.dataParent];
      case "ancestor":
        return ancestors(place).slice(1);
      case "ancestor-or-self":
        return ancestors(place);
      case "following-sibling":
      case "preceding-sibling":
        return place === undefined ? [] : this.#children(place.dataParent);
      case "following":
      case "preceding":
        // Whatever is in a sibling of an ancestor or of the node itself.
        return place === undefined ? [] : this.#descendants(undefined);
      default:
        return [];
    }
  }

  #children(place: Place): readonly Data[] {
    if (place === undefined) {
      return [...this.#schema.dataChildren, ...this.#operation()];
    }
    return "dataChildren" in place ? place.dataChildren : [];
  }

  /** RFC 7950 section 6.4.1: the operation or notification at hand is a child of the root, too. */
  #operation(): readonly Data[] {
    const tops = [...this.#current].map((place) => ancestors(place).at(-2));
    return tops.flatMap((top) => {
      const kinds = ["input", "output", "notification"];
      return top !== undefined && kinds.includes(top.kind) ? [top] : [];
    });
  }

  #descendants(place: Place): readonly Data[] {
    const found: Data[] = [];
    const visit = (parent: Place): void => {
      for (const child of this.#children(parent)) {
        found.push(child);
        visit(child);
      }
    };
    if (isLeaf(place)) found.push(place);
    else visit(place);
    return found;
  }

  #deref(call: Extract<XPathExpression, { kind: "call" }>, context: Places): Places {
    const [argument] = call.arguments;
    const targets = new Set<Place>();
    if (argument === undefined) return targets;
    for (const place of this.#places(argument, context)) {
      if (isLeaf(place)) this.#targets(place.type, place, targets);
    }
    return targets;
  }

  #targets(type: Type, leaf: DataSchemaNode, targets: Set<Place>): void {
    if (type.base === "instance-identifier") this.known = false;
    if (type.base === "union") for (const m of type.members) this.#targets(m, leaf, targets);
    if (type.base !== "leafref") return;
    this.#targets(type.realType, leaf, new Set());
    targets.add(type.target);
    if (this.#leafrefs.has(type)) return;
    // To find the target is to read what its path reads.
    this.#leafrefs.add(type);
    const { path } = type;
    const from = new Set<Place>([leaf]);
    const inner = new Reading(this.#schema, this.nodes, from, path.names, this.#leafrefs);
    inner.value(path.expression, from);
    if (!inner.known) this.known = false;
  }

  #note(place: Place): void {
    if (place !== undefined) this.nodes.add(place);
  }

  /** All of it is read. */
  #within(place: Place): void {
    this.#note(place);
    if (isLeaf(place)) return;
    for (const inner of this.#descendants(place)) this.nodes.add(inner);
  }
}

function isLeaf(place: Place): place is Extract<DataSchemaNode, { kind: "leaf" | "leaf-list" }> {
  return place?.kind === "leaf" || place?.kind === "leaf-list";
}

/** The place itself, up to and with the root. */
function ancestors(place: Place): readonly Place[] {
  const path: Place[] = [];
  let at: DataParent | Data | undefined = place;
  for (; at !== undefined; at = at.dataParent) path.push(at);
  return [...path, undefined];
}
