import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";

const root = resolve(import.meta.dirname, "../..");

/**
 * What the TypeScript compiler has to say of files that are on no disk, under this project's own
 * settings. Their imports of each other are by "./name.ts".
 */
export function typeErrors(files: ReadonlyMap<string, string>): readonly string[] {
  const config = ts.readConfigFile(resolve(root, "tsconfig.json"), (path) =>
    readFileSync(path, "utf8"),
  );
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const settings: ts.CompilerOptions = { ...options, noEmit: true, types: [] };
  const host = ts.createCompilerHost(settings);
  const folder = resolve(root, "src/virtual");
  const texts = new Map([...files].map(([name, text]) => [resolve(folder, name), text]));
  const program = ts.createProgram([...texts.keys()], settings, {
    ...host,
    directoryExists: (path) => path === folder || ts.sys.directoryExists(path),
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, version) => {
      const text = texts.get(path);
      return text === undefined
        ? host.getSourceFile(path, version)
        : ts.createSourceFile(path, text, version, true);
    },
  });
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    if (diagnostic.file === undefined || diagnostic.start === undefined) return text;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
    return `${diagnostic.file.fileName.slice(folder.length + 1)}:${line + 1}: ${text}`;
  });
}
