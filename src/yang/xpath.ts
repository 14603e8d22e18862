import type { DataSchemaNode, InOutSchema, ListSchema, NotificationSchema } from "./schema.ts";
import type { Type } from "./type.ts";

/**
 * A node as XPath sees it (RFC 7950 section 6.4.1): data/ makes them over its trees. Within one
 * evaluation the same instance is always the same object, so identity of objects is identity of
 * nodes.
 */
export interface XPathNode {
  /** undefined: the root. */
  readonly schema: DataSchemaNode | InOutSchema | NotificationSchema | undefined;
  readonly parent: XPathNode | undefined;
  /** Children in document order, defaults in use among them. */
  children(): readonly XPathNode[];
  /** Those of a name; an undefined namespace matches any (unprefixed names of a filter). */
  childrenNamed(namespace: string | undefined, name: string): readonly XPathNode[];
  /** Canonical value of a leaf or leaf-list entry; undefined for all others. */
  readonly value: string | undefined;
  /**
   * As RFC 6241 and 7950 want it for string(): an identityref with the prefix that its module
   * calls itself.
   */
  readonly stringValue: string;
  /**
   * The type that took the value, as ParsedValue has it (a union's member, a leafref's realType):
   * identities are compared by it. Without it the schema's own type is taken, which tells nothing
   * of the member of a union.
   */
  readonly type?: Type | undefined;
  /**
   * For speed: the schema of the children of that name, whether there are any or not. With
   * entryByKeys it turns `list[key=...]` into one look-up.
   */
  childSchema?(namespace: string | undefined, name: string): DataSchemaNode | undefined;
  /**
   * For speed: the entry of a child list (never one without keys) whose keys have these canonical
   * values, in the order of the key statement.
   */
  entryByKeys?(list: ListSchema, keys: readonly string[]): XPathNode | undefined;
}

export type XPathValue = number | string | boolean | readonly XPathNode[];

/** What stands around an evaluation. */
export interface XPathContext {
  readonly node: XPathNode;
  /** What current() is; the context node of the whole expression. */
  readonly current: XPathNode;
  readonly root: XPathNode;
  /** What this evaluation and others share, beside the generous limit that each has by itself. */
  readonly allowance?: XPathAllowance;
}

/** Nodes that several evaluations together may visit: each takes from it what it has visited. */
export interface XPathAllowance {
  left: number;
}

/** How the prefixes of an expression are read. */
export interface XPathNames {
  /** Namespace of a prefix; undefined: not declared, which is a fault. */
  namespace(prefix: string): string | undefined;
  /** Namespace of names without a prefix; undefined: such names match in any namespace. */
  readonly defaultNamespace: string | undefined;
}

/** A compiled expression. */
export interface XPath {
  readonly text: string;
  /** The parsed expression, for static analysis inside yang/. */
  readonly expression: XPathExpression;
  readonly names: XPathNames;
  /**
   * Total: an expression that compiled never throws, but for the limit on its work
   * (XPathLimitError).
   */
  evaluate(context: XPathContext): XPathValue;
}

/** One location step. */
export interface XPathStep {
  readonly axis:
    | "child"
    | "descendant"
    | "parent"
    | "ancestor"
    | "following-sibling"
    | "preceding-sibling"
    | "following"
    | "preceding"
    | "attribute"
    | "namespace"
    | "self"
    | "descendant-or-self"
    | "ancestor-or-self";
  readonly test:
    | { readonly kind: "name"; readonly prefix: string; readonly name: string }
    | { readonly kind: "any"; readonly prefix: string | undefined }
    | { readonly kind: "node" | "text" | "comment" }
    | { readonly kind: "processing-instruction"; readonly target: string | undefined };
  readonly predicates: readonly XPathExpression[];
}

/** XPath 1.0, section 3. */
export type XPathExpression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "literal"; readonly value: string }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly arguments: readonly XPathExpression[];
    }
  | { readonly kind: "negate"; readonly operand: XPathExpression }
  | {
      readonly kind: "binary";
      readonly operator:
        | "or"
        | "and"
        | "="
        | "!="
        | "<"
        | "<="
        | ">"
        | ">="
        | "+"
        | "-"
        | "*"
        | "div"
        | "mod"
        | "|";
      readonly left: XPathExpression;
      readonly right: XPathExpression;
    }
  | {
      readonly kind: "path";
      /** Where it starts: the root, the context node, or the nodes of an expression. */
      readonly from: "root" | "context" | XPathExpression;
      /** Predicates on `from`, where that is an expression. */
      readonly predicates: readonly XPathExpression[];
      readonly steps: readonly XPathStep[];
    };

/** An expression that does not compile. */
export interface XPathFault {
  readonly message: string;
  /** Offset in the text, in UTF-16 units. */
  readonly offset: number;
}

/** Thrown by evaluate when an expression would cost more than is allowed. */
export class XPathLimitError extends Error {}
