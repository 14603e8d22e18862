import { assert } from "../base/index.ts";
import { namespaces } from "./names.ts";

/** One step of a path in the table: a node, the keys of the entry meant, the value of a leaf. */
export interface PathStep {
  readonly namespace: string;
  readonly name: string;
  /** Key leaf → what it is: a constant, or a parameter in angle brackets. */
  readonly keys: readonly (readonly [leaf: string, value: string])[];
  /** Of a leaf: a constant, or a parameter in angle brackets. */
  readonly value: string | undefined;
}

/**
 * Reads a path of the table: steps with slashes between, a prefix where the module changes
 * (ietf-ntp's at the start), keys in brackets, the value of a leaf behind "=".
 */
export function parsePath(path: string): readonly PathStep[] {
  const steps = path.match(/(?:\[[^\]]*\]|[^/[])+/g) ?? [];
  let near = "ntp";
  return steps.map((step) => {
    const match = /^(?:(\w+):)?([\w-]+)((?:\[[^\]]*\])*)(?:=(.*))?$/.exec(step);
    assert(match !== null, `"${step}" is a step`);
    const [, prefix = near, name = "", keys = "", value] = match;
    assert(prefix === "ntp" || prefix === "nd" || prefix === "if", `${prefix} is a prefix`);
    near = prefix;
    return { namespace: namespaces[prefix], name, keys: parseKeys(keys), value };
  });
}

function parseKeys(text: string): PathStep["keys"] {
  return [...text.matchAll(/\[([\w-]+)=([^\]]*)\]/g)].map(([, leaf = "", value = ""]) => {
    return [leaf, value];
  });
}

/** The name of the parameter that a value of the table stands for; undefined: it is a constant. */
export function parameterOf(value: string): string | undefined {
  return /^<(.*)>$/.exec(value)?.[1];
}
