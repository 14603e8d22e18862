import { RpcError } from "../../src/base/index.ts";
import { emptyTree, printXml } from "../../src/data/index.ts";
import { Datastores, type Sealer } from "../../src/datastore/index.ts";
import { isXmlFault, parseXml } from "../../src/xml/index.ts";
import { MemoryStorage } from "../../test/datastore/storage.ts";
import { labSchema } from "./schemas.ts";
import { type FuzzTarget, holds, once } from "./target.ts";

/** No cipher, but what was changed does not open. */
const sealer: Sealer = {
  seal: (bytes) => `s-${Buffer.from(bytes).toString("hex")}-${checksum(bytes)}`,
  open(text) {
    const [, hex = "", sum] = /^s-((?:[0-9a-f]{2})*)-(\d+)$/.exec(text) ?? [];
    const bytes = new Uint8Array(Buffer.from(hex, "hex"));
    return sum === String(checksum(bytes)) ? bytes : undefined;
  },
};

function checksum(bytes: Uint8Array): number {
  return bytes.reduce((sum, octet) => (sum * 31 + octet) % 1_000_003, 7);
}

interface Disk {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Every configuration that there ever was. */
  readonly known: ReadonlySet<string>;
}

const separator = "\n-- ";

/** A disk as a text is one input: file after file, each with a line that names it. */
function disk(hasStartup: boolean): Disk {
  const storage = new MemoryStorage();
  const datastores = boot(storage, hasStartup);
  const known = new Set([shown(datastores)]);
  for (let i = 1; i <= 4; i++) {
    const text =
      `<top xmlns="urn:lab"><name>n${i}</name><hidden>h${i}</hidden><item><id>${i % 2}</id>` +
      `<value>${i}</value></item><step><name>${i}</name></step></top>`;
    const parsed = parseXml(`<config>${text}</config>`);
    if (isXmlFault(parsed)) throw new Error(parsed.message);
    datastores.edit({ target: "candidate", config: parsed.children }, 1, 0n as never);
    const confirmed = i === 4 && !hasStartup ? { confirmed: {} } : {};
    datastores.commit(confirmed, 1, 0n as never);
    known.add(shown(datastores));
    if (hasStartup && i % 2 === 0) datastores.copy("running", "startup", 1, 0n as never);
  }
  return { files: storage.files, known };
}

const disks = once(() => [disk(false), disk(true)] as const);

function boot(storage: MemoryStorage, hasStartup: boolean): Datastores {
  const schema = labSchema();
  return new Datastores({
    schema,
    storage,
    factory: emptyTree,
    hasStartup,
    subscribers: [],
    sealer,
  });
}

function shown(datastores: Datastores): string {
  return printXml(datastores.read("running").children, { schema: labSchema() });
}

/**
 * What lies on the disk, damaged: what boots is something that there was, never something that
 * nobody configured; or it is refused, with a reason, and left as it is.
 */
export const stored: FuzzTarget = {
  name: "stored",
  quick: 30,
  make(chance) {
    const which = chance.integer(2);
    const { files } = disks()[which] as Disk;
    const names = [...files.keys()];
    const victims = new Set([chance.pick(names), ...chance.some(2, () => chance.pick(names))]);
    const parts = names.flatMap((name) => {
      const bytes = files.get(name) ?? new Uint8Array();
      if (!victims.has(name)) return [name, bytes] as const;
      return chance.happens(0.15) ? [] : ([name, chance.damaged(bytes)] as const);
    });
    const text = [String(which), ...parts].map((part) =>
      typeof part === "string" ? part : Buffer.from(part).toString("latin1"),
    );
    return new Uint8Array(Buffer.from(text.join(separator), "latin1"));
  },
  run(input) {
    const [which, ...parts] = Buffer.from(input).toString("latin1").split(separator);
    const hasStartup = which === "1";
    const storage = new MemoryStorage();
    for (let i = 0; i + 1 < parts.length; i += 2) {
      const name = parts[i] ?? "";
      if (/^[\w.]+$/.test(name))
        storage.files.set(name, new Uint8Array(Buffer.from(parts[i + 1] ?? "", "latin1")));
    }
    const before = new Map(storage.files);
    let datastores: Datastores;
    try {
      datastores = boot(storage, hasStartup);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      holds(/^stored \w+/.test(error.message), () => `a refusal without a file: ${error.message}`);
      const left = [...storage.files.values()].map(String);
      // A copy is made anew from what is whole.
      const firsts = [...before].filter(([name]) => !name.endsWith(".good"));
      const isLeft = firsts.every(([, bytes]) => left.includes(String(bytes)));
      holds(isLeft, () => "it was refused, and what was there is lost");
      return;
    }
    const { known } = disks()[hasStartup ? 1 : 0];
    holds(known.has(shown(datastores)), () => `nobody configured this: ${shown(datastores)}`);
    // What boots once boots again.
    const again = boot(storage, hasStartup);
    holds(shown(again) === shown(datastores), () => `then it is ${shown(again)}`);
    const isEmpty = shown(datastores) === "";
    const isLeft = [...before.keys()].some((name) => /^(startup|running)/.test(name));
    holds(!isEmpty || !isLeft || emptyIsKept(before), () => "an empty configuration in silence");
  },
};

/** Whether a whole file says that there is nothing: the first running, before its journal. */
function emptyIsKept(files: ReadonlyMap<string, Uint8Array>): boolean {
  return [...files.values()].some((bytes) =>
    new TextDecoder().decode(bytes).includes("<config xmlns"),
  );
}
