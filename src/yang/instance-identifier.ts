/** One predicate of an instance-identifier; the name "." is the value of a leaf-list entry. */
export type InstancePredicate =
  | {
      readonly kind: "key";
      /** Prefix or module name as written; undefined where there is none. */
      readonly module: string | undefined;
      readonly name: string;
      readonly value: string;
    }
  | { readonly kind: "position"; readonly position: number };

export interface InstanceStep {
  /** Prefix or module name as written; undefined where there is none. */
  readonly module: string | undefined;
  readonly name: string;
  readonly predicates: readonly InstancePredicate[];
}

const IDENTIFIER = "[A-Za-z_][A-Za-z0-9_.-]*";
const STEP = new RegExp(`/(?:(${IDENTIFIER}):)?(${IDENTIFIER})`, "y");
const POSITION = /\[[ \t]*([1-9]\d*)[ \t]*\]/y;
const NAME = `\\.|(?:(${IDENTIFIER}):)?(${IDENTIFIER})`;
const KEY = new RegExp(
  `\\[[ \\t]*(?:${NAME})[ \\t]*=[ \\t]*(?:"([^"]*)"|'([^']*)')[ \\t]*\\]`,
  "y",
);

/** Reads the grammar of RFC 7950 section 14, instance-identifier; undefined if it is none. */
export function readInstanceIdentifier(text: string): readonly InstanceStep[] | undefined {
  const steps: InstanceStep[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match ?? undefined;
  };
  while (at < text.length) {
    const step = take(STEP);
    if (step === undefined) return undefined;
    const predicates: InstancePredicate[] = [];
    for (;;) {
      const position = take(POSITION);
      if (position !== undefined) {
        predicates.push({ kind: "position", position: Number(position[1]) });
        continue;
      }
      const key = take(KEY);
      if (key === undefined) break;
      const [, module, name = ".", double, single = ""] = key;
      predicates.push({ kind: "key", module, name, value: double ?? single });
    }
    steps.push({ module: step[1], name: step[2] ?? "", predicates });
  }
  return steps.length === 0 ? undefined : steps;
}
