import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { defineConfig, type Plugin } from "rolldown";

// `npm run build`: the program in a few files instead of 400, and what it depends on with it. To find,
// open and link each module took longer than all else that a start does. The files lie where tsc would
// put them (`tsc -p src` makes a program of one file for each module, which does the same), so that
// what a file looks for beside itself is there.

const entries = ["main", "cli/index", "host/index", "host/password-worker", "host/udp-worker"];

/** What stays a package of its own: it is native in part, or files of it are read. */
const packages = ["ssh2", "koffi", "uplot"];

/** The licences of all that is inside ask to go along. */
const licences: Plugin = {
  name: "licences",
  generateBundle(_, bundle) {
    const folders = new Set<string>();
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue;
      for (const id of Object.keys(file.modules)) {
        const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
        if (folder !== undefined) folders.add(folder);
      }
    }
    const source = [...folders].sort().map(licenceOf).join("\n\n");
    this.emitFile({ type: "asset", fileName: "LICENCES-OF-OTHERS.txt", source });
  },
};

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as Readonly<Record<string, string>>;
  const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return `## ${name} ${version} (${license})\n\n${text}`.trim();
}

export default defineConfig({
  input: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
  logLevel: "warn",
  platform: "node",
  external: [/^node:/, ...packages],
  // No module of ours does anything by being loaded, but for the two ends of threads and main.
  treeshake: {
    moduleSideEffects: (id) => !id.includes("/src/") || /main\.ts$|-worker\.ts$/.test(id),
  },
  plugins: [licences],
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    comments: { legal: true, annotation: false, jsdoc: false },
    entryFileNames: "[name].js",
    chunkFileNames: ({ moduleIds }) =>
      moduleIds.some((id) => dirname(id).endsWith("/src/cli")) ? "cli/[name].js" : "host/[name].js",
  },
});
