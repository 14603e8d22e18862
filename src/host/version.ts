import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Of this program: what its package says. */
export function ownVersion(): string {
  const file = fileURLToPath(new URL("../../package.json", import.meta.url));
  const { version }: { readonly version: string } = JSON.parse(readFileSync(file, "utf8"));
  return version;
}
