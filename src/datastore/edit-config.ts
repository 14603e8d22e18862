import { isFull, type RpcFault, unreachable } from "../base/index.ts";
import {
  anyData,
  attributeFault,
  badElement,
  ChildrenDraft,
  choicesOf,
  type DataNode,
  type ListEntry,
  namedFault,
  occursTwice,
  type Place,
  placeOf,
  type SchemaParent,
  type Tree,
  XmlReader,
} from "../data/index.ts";
import type { Element } from "../xml/index.ts";
import type {
  AnySchema,
  CaseSchema,
  ChoiceSchema,
  ContainerSchema,
  DataSchemaNode,
  LeafListSchema,
  LeafSchema,
  ListSchema,
  Schema,
} from "../yang/index.ts";
import { type Position, readPosition } from "./insert.ts";

/** RFC 6241 section 7.2. */
export type DefaultOperation = "merge" | "replace" | "none";
type Operation = DefaultOperation | "create" | "delete" | "remove";

/** What an edit leads to. Usable only without faults. */
export interface Edited {
  readonly tree: Tree;
  readonly faults: readonly RpcFault[];
  /** Nodes that the edit set and that have a `when`: it must hold in the result. */
  readonly conditional: readonly Place[];
}

/** Whether whoever edits may neither see nor write an instance, so that nothing tells of it. */
export type Hidden = (place: Place) => boolean;

/**
 * RFC 6241 section 7.2 on a tree that stays as it is: all operations, and every fault that is
 * found, not the first alone. What is hidden is refused alike whether it is there or not.
 */
export function editConfig(
  tree: Tree,
  config: readonly Element[],
  schema: Schema,
  defaultOperation: DefaultOperation = "merge",
  hidden: Hidden = () => false,
): Edited {
  const edit = new Edit(schema, hidden);
  const from = defaultOperation === "replace" ? [] : tree.children;
  const children = edit.children(schema, from, config, defaultOperation, undefined);
  return {
    tree: children === tree.children ? tree : { ...tree, children },
    faults: edit.reader.faults,
    conditional: edit.conditional,
  };
}

/** One level of an edit: the children of one parent instance. */
interface Level {
  readonly draft: ChildrenDraft;
  /** The operation that elements without one of their own inherit. */
  readonly operation: Operation;
  readonly place: Place | undefined;
  /** The cases that this edit sets here. */
  readonly cases: Map<ChoiceSchema, CaseSchema>;
  /** Leaves and anydata that this edit named here. */
  readonly named: Set<DataSchemaNode>;
}

/** One element and what its attributes ask for. */
interface Target<S extends DataSchemaNode = DataSchemaNode> {
  readonly schema: S;
  readonly element: Element;
  readonly place: Place;
  readonly operation: Operation;
  /** wd:default="true": the node is to be as if not set (RFC 6243 section 4.5.1). */
  readonly isDefault: boolean;
  readonly position: Position | undefined;
}

class Edit {
  readonly reader: XmlReader;
  readonly conditional: Place[] = [];
  readonly #schema: Schema;
  readonly #hidden: Hidden;

  constructor(schema: Schema, hidden: Hidden) {
    this.#schema = schema;
    this.#hidden = hidden;
    this.reader = new XmlReader(schema, "config");
  }

  /** The children of a parent after the edit. `keys`: of a list entry, dealt with already. */
  children(
    parent: SchemaParent,
    from: readonly DataNode[],
    elements: readonly Element[],
    operation: Operation,
    place: Place | undefined,
    keys: readonly Element[] = [],
  ): readonly DataNode[] {
    const draft = new ChildrenDraft(from);
    const level = { draft, operation, place, cases: new Map(), named: new Set<DataSchemaNode>() };
    for (const element of elements) {
      if (isFull(this.reader.faults)) break;
      if (keys.includes(element)) this.#key(element, place);
      else this.#child(parent, element, level);
    }
    return draft.finish();
  }

  /** Key leaves name their entry; an operation on one would have no meaning of its own. */
  #key(element: Element, place: Place | undefined): void {
    if (element.attributes.length === 0) return;
    const { operation } = this.reader.marks(element, place);
    if (operation === undefined || !["delete", "remove"].includes(operation.value.trim())) return;
    const message = `the key leaf "${element.name}" cannot be deleted alone`;
    this.reader.faults.push(attributeFault(place, "bad-attribute", "operation", element, message));
  }

  #child(parent: SchemaParent, element: Element, level: Level): void {
    const schema = this.reader.resolve(parent, element, level.place);
    if (schema === undefined) return;
    if (schema.kind === "leaf" && schema.isKey) {
      // The entry has this key leaf already, whatever is to be done with the second one.
      this.reader.faults.push(occursTwice(placeOf(level.place, schema)));
      return;
    }
    const target = this.#target(schema, element, level);
    if (target === undefined) return;
    if (!isRemoval(target.operation) && !this.#admits(schema, target.place, level)) return;
    switch (schema.kind) {
      case "leaf":
        this.#leaf({ ...target, schema }, level);
        break;
      case "leaf-list":
        this.#leafList({ ...target, schema }, level);
        break;
      case "container":
        this.#container({ ...target, schema }, level);
        break;
      case "list":
        this.#list({ ...target, schema }, level);
        break;
      case "anydata":
      case "anyxml":
        this.#any({ ...target, schema }, level);
        break;
      default:
        unreachable(schema);
    }
  }

  /** Reads the attributes; undefined: they are at fault. */
  #target(schema: DataSchemaNode, element: Element, level: Level): Target | undefined {
    const place = placeOf(level.place, schema);
    if (element.attributes.length === 0) {
      const { operation } = level;
      return { schema, element, place, operation, isDefault: false, position: undefined };
    }
    const before = this.reader.faults.length;
    const marks = this.reader.marks(element, place);
    const written = marks.operation?.value.trim();
    const operation = written === undefined ? level.operation : operationNamed(written);
    if (operation === undefined) {
      const message = `operation "${written}" is none of merge, replace, create, delete, remove`;
      this.reader.faults.push(
        attributeFault(place, "bad-attribute", "operation", element, message),
      );
    }
    const position = readPosition(marks, schema, element, place, this.#schema, this.reader.faults);
    if (operation === undefined || this.reader.faults.length > before) return undefined;
    return { schema, element, place, operation, isDefault: marks.isDefault === true, position };
  }

  /** One edit cannot set nodes of two cases (RFC 7950 section 8.3.1), nor a leaf twice. */
  #admits(schema: DataSchemaNode, place: Place, level: Level): boolean {
    for (const { choice, chosen } of choicesOf(schema)) {
      const other = level.cases.get(choice);
      if (other !== undefined && other !== chosen) {
        const what = `case "${chosen.name}" of choice "${choice.name}"`;
        const message = `${what} cannot be set together with case "${other.name}"`;
        this.#refuse(place, "bad-element", message);
        return false;
      }
      level.cases.set(choice, chosen);
    }
    if (schema.kind === "list" || schema.kind === "leaf-list" || schema.kind === "container") {
      return true;
    }
    if (level.named.has(schema)) {
      this.reader.faults.push(occursTwice(place));
      return false;
    }
    level.named.add(schema);
    return true;
  }

  #leaf(target: Target<LeafSchema>, { draft }: Level): void {
    const { schema, element, place, operation } = target;
    const there = draft.get(schema);
    if (this.#isHidden(place) || !this.#applies(operation, there !== undefined, place)) return;
    if (isRemoval(operation)) {
      draft.remove(schema);
      return;
    }
    const parsed = this.reader.value(schema, element, place);
    if (parsed === undefined || operation === "none") return;
    if (target.isDefault) {
      this.reader.checkDefault(schema, parsed.value, place);
      draft.remove(schema);
      return;
    }
    const isSame = there?.value === parsed.value && there.type === parsed.type;
    if (!isSame) draft.set(this.reader.leaf(schema, parsed));
    this.#wasSet(schema, place, draft);
  }

  #leafList(target: Target<LeafListSchema>, { draft, place: up }: Level): void {
    const { schema, element, operation, position } = target;
    const values = draft.values(schema);
    // All of a leaf-list goes when it is named without a value, as some managers do.
    const parsed = this.reader.value(schema, element, target.place);
    if (parsed === undefined) return;
    const { value, type } = parsed;
    const place = placeOf(up, schema, value);
    const there = values.get(value);
    if (this.#isHidden(place) || !this.#applies(operation, there !== undefined, place)) return;
    if (isRemoval(operation)) {
      values.delete(value);
      return;
    }
    if (operation === "none") return;
    if (target.isDefault) {
      this.reader.checkDefault(schema, value, place);
      values.delete(value);
      return;
    }
    if (position !== undefined) {
      if (!this.#anchored(position, values.get(position.anchor ?? value), target)) return;
      values.insert(value, { value, type }, position.where, position.anchor);
    } else if (there === undefined) {
      values.set(value, { value, type });
    }
    this.#wasSet(schema, place, draft);
  }

  #container(target: Target<ContainerSchema>, { draft }: Level): void {
    const { schema, element, place, operation } = target;
    const there = draft.get(schema);
    const isPresence = schema.presence !== undefined;
    if (isAbout(operation, element, []) && this.#isHidden(place)) return;
    // A non-presence container is always there; creating what holds nothing yet is no conflict.
    const exists = there !== undefined || (!isPresence && operation === "none");
    if (operation === "none" && !exists && onlyRemoves(element, [])) return;
    if (!this.#applies(operation, exists, place)) return;
    if (isRemoval(operation)) {
      draft.remove(schema);
      return;
    }
    this.reader.refuseText(element, place);
    const from = operation === "replace" ? [] : (there?.children ?? []);
    const children = this.children(schema, from, element.children, operation, place);
    if (children.length === 0 && !isPresence) {
      if (there !== undefined) draft.remove(schema);
      return;
    }
    if (there === undefined || there.children !== children) {
      draft.set({ kind: "container", schema, children });
    }
    if (operation !== "none" || there === undefined) this.#wasSet(schema, place, draft);
  }

  #list(target: Target<ListSchema>, { draft, place: up }: Level): void {
    const { schema, element, operation, position } = target;
    if (schema.keys.length === 0) {
      this.#refuse(target.place, "operation-not-supported", "a list without keys is not edited");
      return;
    }
    this.reader.refuseText(element, target.place);
    const { key, leaves, elements } = this.reader.entryKey(schema, element, target.place);
    if (key === undefined) {
      if (!isRemoval(operation)) {
        this.children(schema, leaves, element.children, "merge", target.place, elements);
      }
      return;
    }
    const place = placeOf(up, schema, key);
    const entries = draft.entries(schema);
    const there = entries.get(key);
    if (isAbout(operation, element, elements) && this.#isHidden(place)) return;
    // Nothing is there to remove anything from.
    if (operation === "none" && there === undefined && onlyRemoves(element, elements)) return;
    if (!this.#applies(operation, there !== undefined, place)) return;
    if (isRemoval(operation)) {
      entries.delete(key);
      return;
    }
    const from = operation === "replace" ? leaves : (there?.children ?? leaves);
    const children = this.children(schema, from, element.children, operation, place, elements);
    const isSame = there !== undefined && there.children === children;
    const entry: ListEntry = isSame ? there : { kind: "entry", schema, key, children };
    if (position !== undefined) {
      if (!this.#anchored(position, entries.get(position.anchor ?? key), target)) return;
      entries.insert(key, entry, position.where, position.anchor);
    } else if (!isSame) {
      entries.set(key, entry);
    }
    if (operation !== "none") this.#wasSet(schema, place, draft);
  }

  #any(target: Target<AnySchema>, { draft }: Level): void {
    const { schema, element, place, operation } = target;
    const there = draft.get(schema);
    if (this.#isHidden(place) || !this.#applies(operation, there !== undefined, place)) return;
    if (operation === "none") return;
    if (isRemoval(operation)) {
      draft.remove(schema);
      return;
    }
    if (schema.kind === "anydata") this.reader.refuseText(element, place);
    draft.set(anyData(schema, element, {}));
    this.#wasSet(schema, place, draft);
  }

  #isHidden(place: Place): boolean {
    const isHidden = this.#hidden(place);
    if (isHidden) this.#refuse(place, "access-denied", "no permission to edit it");
    return isHidden;
  }

  /** RFC 6241 section 7.2, RFC 7950 section 8.3.2: whether the operation has what it works on. */
  #applies(operation: Operation, exists: boolean, place: Place): boolean {
    if (operation === "create" && exists) {
      this.#refuse(place, "data-exists", "it is there already and cannot be created");
      return false;
    }
    if ((operation === "delete" || operation === "none") && !exists) {
      const message =
        operation === "delete"
          ? "it is not there and cannot be deleted"
          : "it is not there, and default-operation none does not make it";
      this.#refuse(place, "data-missing", message);
      return false;
    }
    return true;
  }

  /** RFC 7950 section 15.7. */
  #anchored(position: Position, anchor: unknown, { place, element }: Target): boolean {
    if (position.anchor === undefined || anchor !== undefined) return true;
    const message = `"${position.written}" names no entry to insert ${position.where}`;
    this.reader.faults.push(
      attributeFault(
        place,
        "bad-attribute",
        position.attribute,
        element,
        message,
        "missing-instance",
      ),
    );
    return false;
  }

  #wasSet(schema: DataSchemaNode, place: Place, draft: ChildrenDraft): void {
    draft.chooseCaseOf(schema);
    if (schema.whens.length > 0) this.conditional.push(place);
  }

  #refuse(
    place: Place,
    tag:
      | "access-denied"
      | "bad-element"
      | "data-exists"
      | "data-missing"
      | "operation-not-supported",
    message: string,
  ): void {
    const more = tag === "bad-element" ? { info: [badElement(place.schema.name)] } : {};
    this.reader.faults.push(namedFault(place, tag, message, more));
  }
}

function isRemoval(operation: Operation): boolean {
  return operation === "delete" || operation === "remove";
}

/** Whether a request is about a node itself, and not only about what is inside. */
function isAbout(operation: Operation, element: Element, keys: readonly Element[]): boolean {
  return operation !== "merge" || element.children.length === keys.length;
}

/** Whether all that is asked for inside an element, but for its keys, is operation "remove". */
function onlyRemoves(element: Element, keys: readonly Element[]): boolean {
  const children = element.children.filter((child) => !keys.includes(child));
  return (
    children.length > 0 &&
    children.every(
      (child) =>
        child.attributes.some(({ name, value }) => name === "operation" && value === "remove") ||
        onlyRemoves(child, []),
    )
  );
}

function operationNamed(text: string): Operation | undefined {
  switch (text) {
    case "merge":
    case "replace":
    case "create":
    case "delete":
    case "remove":
      return text;
    // Not of RFC 6241's attribute, but what some managers send to leave a level as it is.
    case "none":
      return text;
    default:
      return undefined;
  }
}
