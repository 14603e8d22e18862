import { type Compiled, compile, type SourceFinder } from "../../src/yang/index.ts";

/** Finds modules among texts, by name; the file of `a` is a.yang. */
export function finderOf(texts: Readonly<Record<string, string>>): SourceFinder {
  return {
    find(name) {
      const text = texts[name];
      return text === undefined ? undefined : { file: `${name}.yang`, text };
    },
  };
}

/** Compiles module t, with all features on, and implements others beside it. */
export function compileTexts(
  texts: Readonly<Record<string, string>>,
  others: readonly string[] = [],
): Compiled {
  const implement = ["t", ...others].map((name) => ({ name }));
  return compile({ implement, features: new Map(), otherFeatures: "all" }, finderOf(texts));
}

/** What is said of module t and those it needs, a line each. */
export function diagnosticsOf(texts: Readonly<Record<string, string>>): readonly string[] {
  return compileTexts(texts).diagnostics.map(
    ({ position: { file, line, column }, message }) => `${file}:${line}:${column}: ${message}`,
  );
}
