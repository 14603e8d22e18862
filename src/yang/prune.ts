import { childOf, type Draft, property, readPath, removeProperties, scopeOf } from "./draft.ts";
import type { Statement } from "./statement.ts";

/**
 * Takes away what features switch off (RFC 7950 section 7.20.2). A default case and a unique that
 * name such a node say nothing then; a key or a leafref may not name one at all.
 */
export function prune(draft: Draft): void {
  if (draft.kind === "list") removeProperties(draft, (s) => isIdle(s, draft));
  if (draft.kind === "choice") dropDefault(draft);
  draft.children = draft.children.filter((child) => child.enabled);
  for (const child of draft.children) prune(child);
}

/** True of a unique with a leaf that is off. */
function isIdle(statement: Statement, list: Draft): boolean {
  if (statement.keyword !== "unique") return false;
  const paths = (statement.argument ?? "").split(/\s+/).filter((path) => path !== "");
  return paths.some((path) => {
    let at: Draft | undefined = list;
    for (const step of readPath(path, scopeOf(list, statement), list.module)) {
      at = at === undefined ? undefined : childOf(at, step);
      if (at?.enabled === false) return true;
    }
    return false;
  });
}

function dropDefault(choice: Draft): void {
  const wanted = property(choice, "default");
  const named = choice.children.filter(
    ({ name }) => name === wanted?.argument?.replace(/^.*:/, ""),
  );
  if (named.length === 0 || named.some((child) => child.enabled)) return;
  removeProperties(choice, (statement) => statement === wanted);
}
