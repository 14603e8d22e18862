import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

// The rules of the house, executed: a rule that is not tested here is a matter of taste.

const root = resolve(import.meta.dirname, "..");
const source = join(root, "src");

interface File {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly lines: readonly string[];
}

const files: readonly File[] = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .sort()
  .map((path) => {
    const text = readFileSync(join(source, path), "utf8");
    return { path, room: path.split("/")[0] ?? "", text, lines: text.split("\n") };
  });
const written = files.filter((file) => file.room !== "generated");

/** Which rooms a room may import. main.ts and host compose everything. */
const layers: Readonly<Record<string, readonly string[]>> = {
  base: [],
  xml: ["base"],
  yang: ["base"],
  codegen: ["base", "yang"],
  data: ["base", "xml", "yang"],
  datastore: ["base", "xml", "yang", "data"],
  netconf: ["base", "xml", "yang", "data", "datastore"],
  shell: ["base", "xml", "yang", "netconf"],
  ntp: ["base"],
  generated: ["data"],
  agent: ["base", "xml", "yang", "data", "datastore", "netconf", "ntp", "generated"],
  host: [
    "base",
    "xml",
    "yang",
    "codegen",
    "data",
    "datastore",
    "netconf",
    "shell",
    "ntp",
    "generated",
    "agent",
  ],
  cli: [
    "base",
    "xml",
    "yang",
    "codegen",
    "data",
    "datastore",
    "netconf",
    "shell",
    "ntp",
    "generated",
    "agent",
    "host",
  ],
};

function importsOf(file: File): readonly string[] {
  const found = ts.preProcessFile(file.text, true, true).importedFiles.map((f) => f.fileName);
  return found
    .filter((name) => name.startsWith("."))
    .map((name) => relative(source, resolve(join(source, dirname(file.path)), name)));
}

function offences(rule: (file: File) => readonly string[], among = written): readonly string[] {
  return among.flatMap((file) => rule(file).map((text) => `src/${file.path}: ${text}`));
}

function matching(file: File, pattern: RegExp, what: string): readonly string[] {
  return file.lines.flatMap((line, i) => {
    const code = line.replace(/\/\/.*$|\/\*\*?.*\*\/|^\s*\*.*$/g, "");
    return pattern.test(code) ? [`${i + 1}: ${what}`] : [];
  });
}

function functionLengths(file: File): readonly string[] {
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true);
  const long: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const first = tree.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = tree.getLineAndCharacterOfPosition(node.getEnd()).line;
      if (last - first + 1 > 70) long.push(`${first + 1}: a function of ${last - first + 1} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return long;
}

describe("the house is tidy", () => {
  test("files have at most 500 lines, functions 70, lines 100 columns", () => {
    const found = [
      ...offences((f) => (f.lines.length > 501 ? [`${f.lines.length} lines`] : [])),
      ...offences(functionLengths),
      ...offences((f) =>
        f.lines.flatMap((line, i) =>
          line.length > 100 && !/https?:|^import |^\s*"/.test(line)
            ? [`${i + 1}: ${line.length} columns`]
            : [],
        ),
      ),
    ];
    expect(found).toEqual([]);
  });

  test("rooms import only what lies below them, and others' rooms by the door", () => {
    const found = offences((file) =>
      importsOf(file).flatMap((target) => {
        const room = target.split("/")[0] ?? "";
        if (file.room === "main.ts" || room === file.room || room === "generated") return [];
        if (!(layers[file.room] ?? []).includes(room)) return [`imports ${target}`];
        return target === `${room}/index.ts` ? [] : [`imports ${target} past the door`];
      }),
    );
    expect(found).toEqual([]);
  });

  test("there are no import cycles", () => {
    const edges = new Map(files.map((file) => [file.path, importsOf(file)]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const walk = (path: string, stack: readonly string[]): void => {
      if (stack.includes(path)) {
        cycles.push([...stack.slice(stack.indexOf(path)), path].join(" → "));
        return;
      }
      if (done.has(path)) return;
      for (const next of valueImports(path, edges)) walk(next, [...stack, path]);
      done.add(path);
    };
    for (const path of edges.keys()) walk(path, []);
    expect(cycles).toEqual([]);
  });

  test("effects live in host, cli and main alone", () => {
    const inner = written.filter((f) => !["host", "cli", "main.ts"].includes(f.room));
    const found = offences(
      (f) => [
        ...matching(f, /from "node:/, "a node: module"),
        ...matching(f, /\bDate\.now\b|new Date\(\)|\bMath\.random\b/, "reads a clock or chance"),
        ...matching(f, /\bset(Timeout|Interval|Immediate)\b/, "sets a timer"),
        ...matching(f, /\bprocess\.|\bconsole\./, "touches the process"),
      ],
      inner,
    );
    expect(found).toEqual([]);
  });

  test("no any, enum, null, export *, TODO or module-level let", () => {
    const found = offences((f) => [
      ...matching(f, /\bas any\b|: any\b|<any>/, "any"),
      ...matching(f, /^\s*(export )?(const )?enum /, "enum"),
      // JSON has null (RFC 7951 section 6.9); what exec() and match() give is compared with it.
      ...(f.path === "data/json.ts" ? [] : matching(f, /(?<![=!]== )\bnull\b(?!["'`])/, "null")),
      ...matching(f, /^export \* from/, "export *"),
      ...matching(f, /^(export )?let /, "module-level let"),
      ...(/\b(TODO|FIXME|XXX)\b/.test(f.text) ? ["TODO"] : []),
    ]);
    expect(found).toEqual([]);
  });

  test("every exported value is used elsewhere", () => {
    const corpus = [...files, ...tests()].map((f) => ({ path: f.path, text: f.text }));
    const found = offences((file) => {
      if (file.path.endsWith("index.ts")) return [];
      const names = [
        ...file.text.matchAll(
          /^export (?:abstract )?(?:async )?(?:class|function\*?|const) (\w+)/gm,
        ),
      ];
      return names
        .map((m) => m[1] ?? "")
        .filter(
          (name) =>
            !corpus.some(
              (o) =>
                o.path !== file.path &&
                !o.path.endsWith("index.ts") &&
                new RegExp(`\\b${name}\\b`).test(o.text),
            ),
        )
        .map((name) => `${name} is used nowhere`);
    });
    expect(found).toEqual([]);
  });

  test("README names every page of docs, and the architecture a reason for every dependency", () => {
    const page = (name: string): string => readFileSync(join(root, name), "utf8");
    const pages = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
    const readme = page("README.md");
    expect(pages.filter((name) => !readme.includes(`| [docs/${name}](docs/${name}) |`))).toEqual(
      [],
    );
    const reasons = page("ARCHITECTURE.md")
      .split("\n## ")
      .find((part) => part.startsWith("8."));
    const rows = reasons?.match(/^\| [^|]+ \|/gm)?.join() ?? "";
    const { dependencies, optionalDependencies } = JSON.parse(page("package.json"));
    const named = Object.keys({ ...dependencies, ...optionalDependencies });
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !new RegExp(`(^|[| ,])${name}(?![\\w-])`).test(rows))).toEqual(
      [],
    );
  });
});

function tests(): readonly { readonly path: string; readonly text: string }[] {
  return ["test", "scripts"].flatMap((dir) =>
    readdirSync(join(root, dir), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => ({
        path: `${dir}/${path}`,
        text: readFileSync(join(root, dir, path), "utf8"),
      })),
  );
}

function valueImports(
  path: string,
  edges: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const file = files.find((f) => f.path === path);
  if (file === undefined) return [];
  const typeOnly = new Set(
    [...file.text.matchAll(/^(?:import|export) type [^;]*? from "(\.[^"]+)"/gms)].map((m) =>
      relative(source, resolve(join(source, dirname(path)), m[1] ?? "")),
    ),
  );
  const both = new Set(
    [...file.text.matchAll(/^(?:import|export) (?!type )[^;]*? from "(\.[^"]+)"/gms)].map((m) =>
      relative(source, resolve(join(source, dirname(path)), m[1] ?? "")),
    ),
  );
  return (edges.get(path) ?? []).filter((target) => both.has(target) || !typeOnly.has(target));
}
