import { nearest } from "../base/index.ts";

/** Names beyond which nobody looks for the one that was meant: mistakes must stay cheap. */
const CANDIDATES_MAX = 100;

const SHORT = 3;

/** What to put behind a message about a name that is not there; "" where no name is near. */
export function hint(written: string, names: Iterable<string>): string {
  // Any short name is near to any other.
  if (written.length - written.indexOf(":") - 1 < SHORT) return "";
  const candidates: string[] = [];
  for (const name of names) {
    if (Math.abs(name.length - written.length) > 2 + written.length / 3) continue;
    candidates.push(name);
    if (candidates.length >= CANDIDATES_MAX) break;
  }
  const near = nearest(written, candidates);
  return near === undefined || near === written ? "" : `: did you mean "${near}"?`;
}
