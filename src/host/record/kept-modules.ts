import { serialize } from "node:v8";
import { deflateRawSync } from "node:zlib";
import type { SourceFinder } from "../../yang/index.ts";
import type { FoundModule } from "./entries.ts";

/** Finds what another finds, and keeps it. */
export class KeptModules implements SourceFinder {
  readonly #finder: SourceFinder;
  readonly #found: FoundModule[] = [];

  constructor(finder: SourceFinder) {
    this.#finder = finder;
  }

  find(name: string, revision?: string): ReturnType<SourceFinder["find"]> {
    const source = this.#finder.find(name, revision);
    this.#found.push({ name, revision, source });
    return source;
  }

  /** As the head of a record has them. */
  packed(): Uint8Array {
    return deflateRawSync(serialize(this.#found));
  }
}
