/** A name in a namespace; "" is no namespace. */
export interface QName {
  readonly namespace: string;
  readonly name: string;
}

/** An attribute other than a namespace declaration. */
export interface Attribute extends QName {
  readonly value: string;
  /** As written: for echoing the attributes of <rpc>. */
  readonly prefix: string;
}

/** The namespace declarations in scope: prefix → namespace, "" being the default namespace. */
export interface NamespaceScope {
  /**
   * The namespace of a prefix; undefined where it is not declared. The default is "" unless set.
   */
  lookup(prefix: string): string | undefined;
}

/** One XML element, read-only. */
export interface Element extends QName {
  readonly attributes: readonly Attribute[];
  readonly children: readonly Element[];
  /** All character data directly inside, joined; not trimmed. */
  readonly text: string;
  readonly scope: NamespaceScope;
  /** Namespace declarations made on this very element: prefix → namespace. */
  readonly declarations: ReadonlyMap<string, string>;
  /** Children and text in their order, only where both occur (text other than white space). */
  readonly mixed?: readonly (Element | string)[];
}
