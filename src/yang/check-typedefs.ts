import type { LinkedModule } from "./link.ts";
import type { Definition, Scopes } from "./module-scope.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";

/** Types are resolved by recursion: no chain of typedefs may exhaust the stack. */
const CHAIN_MAX = 200;

/**
 * RFC 7950 section 7.3: no typedef is derived from itself, nor by way of too many others. False:
 * there is one that is, and types cannot be resolved.
 */
export function checkTypedefs(
  modules: readonly LinkedModule[],
  scopes: Scopes,
  report: Report,
): boolean {
  const lengths = new Map<Statement, number | "open">();
  let isSound = true;
  for (const { units } of modules) {
    for (const unit of units) {
      for (const definition of scopes.definitionsOf(unit)) {
        const wrong = measure(definition, lengths, scopes);
        if (wrong === undefined) continue;
        isSound = false;
        report.error(definition.statement, `typedef "${definition.statement.argument}" ${wrong}`);
      }
    }
  }
  return isSound;
}

/** Depth first, without recursion. What is wrong with a typedef, or undefined. */
function measure(
  start: Definition,
  lengths: Map<Statement, number | "open">,
  scopes: Scopes,
): string | undefined {
  if (start.statement.keyword !== "typedef") return undefined;
  const stack = [{ at: start, bases: undefined as readonly Definition[] | undefined }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const { at } = top;
    const isNew = top.bases === undefined;
    if (isNew && typeof lengths.get(at.statement) === "number") {
      stack.pop();
      continue;
    }
    top.bases ??= basesOf(at, scopes);
    if (isNew) lengths.set(at.statement, "open");
    const next = top.bases.find((base) => typeof lengths.get(base.statement) !== "number");
    if (next === undefined) {
      const longest = Math.max(0, ...top.bases.map((base) => Number(lengths.get(base.statement))));
      lengths.set(at.statement, longest + 1);
      if (longest + 1 > CHAIN_MAX) return `is derived from a chain of more than ${CHAIN_MAX}`;
      stack.pop();
    } else if (lengths.get(next.statement) === "open") {
      for (const { at: open } of stack) lengths.set(open.statement, 0);
      return "is derived from itself";
    } else stack.push({ at: next, bases: undefined });
  }
  return undefined;
}

/** The typedefs that a typedef's type names, those of a union's members too. */
function basesOf({ statement, scope }: Definition, scopes: Scopes): readonly Definition[] {
  return statement.substatements.flatMap((sub) => {
    if (sub.keyword !== "type" || sub.argument === undefined) return [];
    const found = scopes.find("typedef", sub.argument, scope);
    return [...(found === undefined ? [] : [found]), ...basesOf({ statement: sub, scope }, scopes)];
  });
}
