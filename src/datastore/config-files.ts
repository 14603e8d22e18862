import { RpcError, type Storage, StorageError } from "../base/index.ts";
import type { Tree } from "../data/index.ts";
import type { Element } from "../xml/index.ts";
import type { Schema } from "../yang/index.ts";
import { rootOf } from "./kept-file.ts";
import { SealedForm, type Sealer } from "./sealed-form.ts";
import { onDisk, printed } from "./stored.ts";

export interface ConfigFilesOptions {
  /** Theirs alone. */
  readonly storage: Storage;
  readonly schema: Schema;
  /** For secrets; undefined: they are kept in clear. */
  readonly sealer?: Sealer | undefined;
}

/**
 * Configurations as files, for the capability :url (RFC 6241 section 8.8): one <config> document
 * each, its secrets sealed as those of a datastore are.
 */
export class ConfigFiles {
  readonly #options: ConfigFilesOptions;
  readonly #form: SealedForm;

  constructor(options: ConfigFilesOptions) {
    this.#options = options;
    this.#form = new SealedForm(options.schema, options.sealer);
  }

  /** What stands in the <config> of a file; undefined: there is no such file. Throws RpcError. */
  read(name: string): readonly Element[] | undefined {
    const what = `file ${name}`;
    const bytes = reading(what, () => this.#options.storage.read(name));
    return bytes && this.#form.opened(rootOf(bytes, what).children, what);
  }

  /** Throws RpcError, and then what was there before is there. */
  write(name: string, tree: Tree): void {
    const { storage, schema } = this.#options;
    const bytes = printed(tree, schema, this.#form);
    onDisk(`file ${name}`, () => storage.write(name, bytes));
  }

  /** False: there is no such file. Throws RpcError. */
  remove(name: string): boolean {
    const { storage } = this.#options;
    const what = `file ${name}`;
    if (reading(what, () => storage.read(name)) === undefined) return false;
    reading(what, () => storage.remove(name));
    return true;
  }
}

function reading<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (fault) {
    if (!(fault instanceof StorageError)) throw fault;
    const message = `${what}: ${fault.message}`;
    throw new RpcError({ type: "application", tag: "operation-failed", message });
  }
}
