import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

// Every published module that compiles: its types are generated, with those of all the others, and
// are held to be as strict as our own.

const root = resolve(import.meta.dirname, "../..");
const corpus = resolve(root, "../shared/corpus/yang-ietf");

interface Verdicts {
  readonly modules: readonly { readonly module: string; readonly compiles: boolean }[];
}

test.skipIf(!existsSync(corpus))("the types of all published modules compile", () => {
  const out = mkdtempSync(join(tmpdir(), "ntpconfd-generate-"));
  try {
    const { modules } = JSON.parse(readFileSync(join(corpus, "compiles.json"), "utf8")) as Verdicts;
    const names = new Set(modules.flatMap((one) => (one.compiles ? [one.module] : [])));
    expect(names.size).toBeGreaterThan(0);
    const words = ["generate", "--yang-dir", corpus, ...names, "--out", out];
    execFileSync(process.execPath, [join(root, "dist/main.js"), ...words]);
    for (const name of names) expect(existsSync(join(out, `${name}.ts`)), name).toBe(true);
    const config = join(out, "tsconfig.json");
    const compilerOptions = { types: [] };
    const text = { extends: join(root, "tsconfig.json"), compilerOptions, include: ["*.ts"] };
    writeFileSync(config, JSON.stringify(text));
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    // What it has to complain of is in its output, which a failure shows.
    execFileSync(process.execPath, [compiler, "-p", config], { encoding: "utf8" });
  } finally {
    rmSync(out, { recursive: true });
  }
});
