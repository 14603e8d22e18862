import { type Storage, StorageError } from "../../src/base/index.ts";

/** The machine stopped: nothing after this moment happened. */
export class Crash extends Error {}

/** What befalls the n-th operation that changes something. */
export type Anomaly =
  /** It is refused, and nothing was changed. */
  | "fails"
  /** So are all after it: a full disk, one that was mounted read-only. */
  | "fails-on"
  /** The machine stops before it, or after it. */
  | "crashes-before"
  | "crashes-after"
  /** An append is half on disk when the machine stops. */
  | "tears";

/** A disk in memory to which things happen. */
export class FaultyStorage implements Storage {
  readonly files: Map<string, Uint8Array>;
  operations = 0;
  readonly #anomalies: readonly (readonly [at: number, anomaly: Anomaly])[];

  constructor(
    files: ReadonlyMap<string, Uint8Array>,
    ...anomalies: readonly (readonly [at: number, anomaly: Anomaly])[]
  ) {
    this.files = new Map(files);
    this.#anomalies = anomalies;
  }

  read(name: string): Uint8Array | undefined {
    return this.files.get(name);
  }

  write(name: string, bytes: Uint8Array): void {
    this.#change(() => this.files.set(name, bytes));
  }

  append(name: string, bytes: Uint8Array): void {
    const put = (count: number): void => {
      const there = this.files.get(name) ?? new Uint8Array();
      this.files.set(name, new Uint8Array([...there, ...bytes.subarray(0, count)]));
    };
    this.#change(
      () => put(bytes.length),
      () => put(Math.floor(bytes.length / 2)),
    );
  }

  remove(name: string): void {
    this.#change(() => this.files.delete(name));
  }

  #change(act: () => void, tear: () => void = () => {}): void {
    this.operations++;
    for (const [at, anomaly] of this.#anomalies) {
      if (anomaly === "fails-on" && this.operations >= at) {
        throw new StorageError("no space left on device");
      }
      if (this.operations !== at) continue;
      if (anomaly === "fails") throw new StorageError("input/output error");
      if (anomaly === "tears") tear();
      if (anomaly === "crashes-after") act();
      throw new Crash();
    }
    act();
  }
}
