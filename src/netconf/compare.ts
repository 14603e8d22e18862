import { diff, type Tree } from "../data/index.ts";
import type { Schema } from "../yang/index.ts";
import { COMPARE } from "./names.ts";
import { printPatch } from "./yang-patch.ts";

/** RFC 9144: what leads from one tree to another, as a patch in the form of RFC 8072. */
export function printDifferences(source: Tree, target: Tree, schema: Schema): string {
  const form = { schema, namespace: COMPARE, patchId: "differences", hasSource: true };
  const patch = printPatch(diff(source, target), target, form);
  return `<differences xmlns="${COMPARE}">${patch}</differences>`;
}

/** The filter selected nothing on either side. */
export const noMatches = `<no-matches xmlns="${COMPARE}"/>`;
