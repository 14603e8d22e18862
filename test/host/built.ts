/**
 * The host as it was built: a thread starts from JavaScript alone, so what has threads is tested in
 * dist. `npm test` builds it first.
 */
export async function built(): Promise<typeof import("../../src/host/index.ts")> {
  return import(new URL("../../dist/host/index.js", import.meta.url).href);
}
