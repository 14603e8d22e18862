import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Source, SourceFinder } from "../../src/yang/index.ts";

/** One module's file: `name@revision.yang`. */
export interface ModuleFile {
  readonly name: string;
  readonly revision: string;
  readonly path: string;
}

const folder = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The modules that we serve. */
export const ourFolder = folder("../../yang/");
/** The published ones, beside the checkout; not everybody has them. */
export const publishedFolder = folder("../../../shared/corpus/yang-ietf/");
export const hasPublished = existsSync(publishedFolder);

/** Every module of a folder, by name and then revision, oldest first. */
export function moduleFiles(directory: string): readonly ModuleFile[] {
  return readdirSync(directory)
    .sort()
    .flatMap((file) => {
      const [, name, revision] = /^([^@]+)@(\d{4}-\d{2}-\d{2})\.yang$/.exec(file) ?? [];
      if (name === undefined || revision === undefined) return [];
      return [{ name, revision, path: directory + file }];
    });
}

export function readModule(file: ModuleFile): Source {
  return { file: file.path, text: readFileSync(file.path, "utf8") };
}

/** Finds a module among the files, the newest revision where none is asked for. */
export function finderOf(files: readonly ModuleFile[]): SourceFinder {
  return {
    find(name, revision) {
      const found = files.findLast(
        (file) => file.name === name && (revision === undefined || file.revision === revision),
      );
      return found === undefined ? undefined : readModule(found);
    },
  };
}
