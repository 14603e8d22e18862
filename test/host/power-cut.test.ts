import { expect, test } from "vitest";
import { type FileCalls, FileStorage } from "../../src/host/storage.ts";

// A disk that keeps only what was synced: when the power is cut, of all that was not, any part may
// be there and any other not, in whatever order it was written.

interface Inode {
  data: Uint8Array;
  synced: Uint8Array;
}

const folder = "/state";
const none = new Uint8Array();

class Disk {
  readonly #names = new Map<string, Inode>();
  readonly #syncedNames = new Map<string, Inode>();
  /** Changes of the folder that it was not synced after. */
  #pending: (readonly [name: string, inode: Inode | undefined])[] = [];
  readonly #open = new Map<number, Inode | "folder">();
  #nextFile = 3;
  /** Calls that change something, until the power is cut. */
  left = Number.POSITIVE_INFINITY;
  isCut = false;

  readonly calls = {
    mkdirSync: () => undefined,
    openSync: (path: string, flags: string) => this.#opened(path.slice(folder.length + 1), flags),
    closeSync: () => undefined,
    fstatSync: (file: number) => ({ size: this.#inode(file).data.length }),
    readFileSync: (path: string) => this.#read(path.slice(folder.length + 1)),
    writeSync: (file: number, bytes: Uint8Array, offset: number, length: number) => {
      const inode = this.#inode(file);
      // A cut in its midst leaves a half.
      const written = this.left <= 1 ? length >> 1 : length;
      inode.data = Uint8Array.of(...inode.data, ...bytes.subarray(offset, offset + written));
      this.#step();
      return written;
    },
    ftruncateSync: (file: number, size: number) => {
      this.#step();
      const inode = this.#inode(file);
      inode.data = inode.data.slice(0, size);
    },
    fsyncSync: (file: number) => {
      this.#step();
      const inode = this.#open.get(file);
      if (inode === "folder") this.#syncFolder();
      else if (inode !== undefined) inode.synced = inode.data;
    },
    renameSync: (from: string, to: string) => {
      this.#step();
      const [old, name] = [from, to].map((path) => path.slice(folder.length + 1));
      this.#set(name ?? "", this.#names.get(old ?? ""));
      this.#set(old ?? "", undefined);
    },
    unlinkSync: (path: string) => {
      const name = path.slice(folder.length + 1);
      if (!this.#names.has(name)) throw Object.assign(new Error("none"), { code: "ENOENT" });
      this.#step();
      this.#set(name, undefined);
    },
  } as unknown as FileCalls;

  /** All that may be found of a file after a cut at this moment. */
  found(name: string): ReadonlySet<string> {
    const found = new Set<string>();
    for (let choice = 0; choice < 2 ** this.#pending.length; choice++) {
      const names = new Map(this.#syncedNames);
      for (const [i, [changed, inode]] of this.#pending.entries()) {
        if ((choice & (1 << i)) === 0) continue;
        if (inode === undefined) names.delete(changed);
        else names.set(changed, inode);
      }
      const inode = names.get(name);
      if (inode === undefined) found.add("nothing");
      else for (const data of remains(inode)) found.add(new TextDecoder().decode(data));
    }
    return found;
  }

  #step(): void {
    if (--this.left > 0) return;
    this.isCut = true;
    throw new Error("the power is cut");
  }

  #opened(name: string, flags: string): number {
    const file = this.#nextFile++;
    if (name === "" || name === ".") {
      this.#open.set(file, "folder");
      return file;
    }
    let inode = this.#names.get(name);
    if (inode === undefined) {
      this.#step();
      inode = { data: none, synced: none };
      this.#set(name, inode);
    } else if (flags === "w") {
      inode.data = none;
    }
    this.#open.set(file, inode);
    return file;
  }

  #read(name: string): Uint8Array {
    const inode = this.#names.get(name);
    if (inode === undefined) throw Object.assign(new Error("none"), { code: "ENOENT" });
    return inode.data;
  }

  #inode(file: number): Inode {
    const inode = this.#open.get(file);
    if (inode === undefined || inode === "folder") throw new Error("no file");
    return inode;
  }

  #set(name: string, inode: Inode | undefined): void {
    if (inode === undefined) this.#names.delete(name);
    else this.#names.set(name, inode);
    this.#pending.push([name, inode]);
  }

  #syncFolder(): void {
    this.#syncedNames.clear();
    for (const [name, inode] of this.#names) this.#syncedNames.set(name, inode);
    this.#pending = [];
  }
}

/** What is left of a file that was not synced: what was, all, or a part. */
function remains({ data, synced }: Inode): readonly Uint8Array[] {
  return data === synced ? [data] : [synced, data, data.subarray(0, data.length >> 1)];
}

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each<[string, (storage: FileStorage) => void, string, readonly string[]]>([
  ["write", (s) => s.write("file", octets("a longer one")), "a longer one", []],
  ["append", (s) => s.append("file", octets("er one")), "older one", ["older"]],
  ["remove", (s) => s.remove("file"), "nothing", []],
])("a %s is there when it returns, and is whole or not at all before", (_, act, after, torn) => {
  for (let n = 1; ; n++) {
    const disk = new Disk();
    const storage = new FileStorage(folder, disk.calls);
    storage.write("file", octets("old"));
    disk.left = n;
    try {
      act(storage);
    } catch {
      // Whoever called does not live to see it.
    }
    const found = disk.found("file");
    if (!disk.isCut) {
      expect([...found]).toEqual([after]);
      expect(n).toBeGreaterThan(1);
      break;
    }
    for (const one of found) {
      // An append may be torn: what was there before stays.
      const isAllowed =
        ["old", after, ...torn].includes(one) || (torn.length > 0 && /^old/.test(one));
      expect(isAllowed, `cut at ${n}: "${one}"`).toBe(true);
    }
  }
});

test("a first file is there when its write or append returns", () => {
  for (const how of ["write", "append"] as const) {
    const disk = new Disk();
    new FileStorage(folder, disk.calls)[how]("file", octets("one"));
    expect([...disk.found("file")]).toEqual(["one"]);
  }
});

test("an append that fails half-way leaves what was there", () => {
  const disk = new Disk();
  const storage = new FileStorage(folder, {
    ...disk.calls,
    writeSync: ((file: number, bytes: Uint8Array, offset: number, length: number) => {
      disk.calls.writeSync(file, bytes, offset, length >> 1);
      throw new Error("no space left");
    }) as unknown as FileCalls["writeSync"],
  });
  new FileStorage(folder, disk.calls).write("file", octets("old"));
  expect(() => storage.append("file", octets(" and more"))).toThrow("no space left");
  expect(new TextDecoder().decode(storage.read("file"))).toBe("old");
});
