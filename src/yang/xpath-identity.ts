import type { Identity } from "./schema.ts";
import type { Type } from "./type.ts";
import type { XPathNames, XPathNode } from "./xpath.ts";

/** The type that a leaf's value is of; undefined for what is no leaf. */
export function typeOf(node: XPathNode): Type | undefined {
  if (node.type !== undefined) return real(node.type);
  const { schema } = node;
  const leaf = schema?.kind === "leaf" || schema?.kind === "leaf-list";
  return leaf ? real(schema.type) : undefined;
}

function real(type: Type): Type {
  return type.base === "leafref" ? type.realType : type;
}

/** The identity that a node's value is; undefined if it is none. */
export function identityOf(node: XPathNode): Identity | undefined {
  const type = typeOf(node);
  if (type?.base === "identityref") return type.values.get(node.value ?? "");
  if (type?.base !== "union" || node.value?.includes(":") !== true) return undefined;
  return memberIdentity(type.members, node.value);
}

function memberIdentity(members: readonly Type[], value: string): Identity | undefined {
  for (const member of members.map(real)) {
    const found =
      member.base === "union"
        ? memberIdentity(member.members, value)
        : member.base === "identityref"
          ? member.values.get(value)
          : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An identity as an expression names it. */
export interface IdentityName {
  /** Undefined: whichever. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Reads "prefix:name"; undefined if the prefix is not declared. */
export function readIdentityName(text: string, names: XPathNames): IdentityName | undefined {
  const colon = text.indexOf(":");
  if (colon < 0) return { namespace: names.defaultNamespace, name: text };
  const namespace = names.namespace(text.slice(0, colon));
  return namespace === undefined ? undefined : { namespace, name: text.slice(colon + 1) };
}

export function isNamed(identity: Identity, wanted: IdentityName): boolean {
  if (identity.name !== wanted.name) return false;
  return wanted.namespace === undefined || identity.module.namespace === wanted.namespace;
}

/** RFC 7950 section 10.4: derived from it in any number of steps, and not the identity itself. */
export function isDerived(identity: Identity, wanted: IdentityName): boolean {
  return identity.bases.some((base) => isNamed(base, wanted) || isDerived(base, wanted));
}

/** The name by which paths know a node: input and output bear that of their operation. */
export function nameInPaths(schema: NonNullable<XPathNode["schema"]>): string {
  const nested = schema.kind === "input" || schema.kind === "output";
  return nested && schema.parent !== undefined ? schema.parent.name : schema.name;
}
