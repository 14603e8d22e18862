// Schema → TypeScript text: generate() is its one entry point. It knows no file and no directory,
// and
// nothing of instance data: the typed form that the types describe is made in data/.

export { CodeFile, docComment } from "./code-file.ts";
export { dataPathLines, dataPathsFile } from "./data-paths.ts";
export { type GeneratedFile, generate } from "./generate.ts";
export { Names, typeName } from "./names.ts";
