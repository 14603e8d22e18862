import { isUtf8 } from "node:buffer";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Source, SourceFinder } from "../yang/index.ts";

interface ModuleFile {
  readonly path: string;
  readonly name: string;
  /** Of the file's name; "" where that has none. */
  readonly revision: string;
}

/**
 * Finds modules in folders by the names of their files, `name.yang` or `name@revision.yang`: the
 * first folder that has the module wins, and there the newest revision. Throws what the file system
 * does where a folder cannot be read.
 */
export function yangFolders(folders: readonly string[]): SourceFinder {
  const files = folders.map(moduleFiles);
  return {
    find(name, revision) {
      for (const folder of files) {
        const source = findIn(folder, name, revision);
        if (source !== undefined) return source;
      }
      return undefined;
    },
    names: () => files.flatMap((folder) => folder.map(({ name }) => name)),
  };
}

/** By revision, the newest first. */
function moduleFiles(folder: string): readonly ModuleFile[] {
  return readdirSync(folder)
    .flatMap((file) => {
      const [, name, revision = ""] = /^([^@]+)(?:@(.+))?\.yang$/.exec(file) ?? [];
      return name === undefined ? [] : [{ path: join(folder, file), name, revision }];
    })
    .sort((a, b) => (a.revision < b.revision ? 1 : -1));
}

function findIn(
  folder: readonly ModuleFile[],
  name: string,
  revision: string | undefined,
): Source | undefined {
  for (const file of folder) {
    if (file.name !== name) continue;
    if (revision !== undefined && file.revision !== "" && file.revision !== revision) continue;
    const source = readSource(file.path);
    // A file that does not say its revision in its name is opened to see.
    const isIt = revision === undefined || file.revision !== "" || declares(source.text, revision);
    if (isIt) return source;
  }
  return undefined;
}

/** What the compiler would refuse anyhow is not read: memory for it there may be none. */
const OCTETS_MAX = 32 * 1024 * 1024;

/** RFC 7950 section 6: modules are UTF-8. */
function readSource(file: string): Source {
  if (statSync(file).size > OCTETS_MAX) {
    return { file, text: "", fault: `the file is larger than ${OCTETS_MAX} octets` };
  }
  const octets = readFileSync(file);
  const text = octets.toString("utf8");
  return isUtf8(octets) ? { file, text } : { file, text, fault: "the file is not UTF-8" };
}

function declares(text: string, revision: string): boolean {
  return new RegExp(`\\brevision\\s+"?${revision}"?\\s*[;{]`).test(text);
}
