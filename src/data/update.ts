import { ChildrenDraft } from "./children-draft.ts";
import type { DataNode } from "./node.ts";
import type { PathStep } from "./path.ts";

/** Changes the children of the parent that a path's last step stands in. */
export type ChangeAt = (draft: ChildrenDraft, step: PathStep) => void;

/**
 * Children with a change made at a path: what lies beside it is shared. Non-presence containers on
 * the way are made where they are missing, and go where nothing is left in them.
 */
export function changeAt(
  children: readonly DataNode[],
  [step, ...rest]: readonly PathStep[],
  change: ChangeAt,
): readonly DataNode[] {
  if (step === undefined) return children;
  const draft = new ChildrenDraft(children);
  const { schema, key = "" } = step;
  if (rest.length === 0) {
    change(draft, step);
  } else if (schema.kind === "list") {
    const entries = draft.entries(schema);
    const entry = entries.get(key);
    if (entry !== undefined) {
      const inner = changeAt(entry.children, rest, change);
      if (inner !== entry.children) entries.set(key, { ...entry, children: inner });
    }
  } else if (schema.kind === "container") {
    const there = draft.get(schema);
    const isWrapper = schema.presence === undefined;
    if (there === undefined && !isWrapper) return children;
    const inner = changeAt(there?.children ?? [], rest, change);
    if (inner.length === 0 && isWrapper) draft.remove(schema);
    else if (there === undefined) draft.set({ kind: "container", schema, children: inner });
    else if (inner !== there.children) draft.set({ ...there, children: inner });
  }
  return draft.finish();
}

/** Takes away the instance that a path leads to: for changeAt(). */
export function removal(draft: ChildrenDraft, { schema, key = "" }: PathStep): void {
  if (schema.kind === "list") draft.entries(schema).delete(key);
  else if (schema.kind === "leaf-list") draft.values(schema).delete(key);
  else draft.remove(schema);
}
