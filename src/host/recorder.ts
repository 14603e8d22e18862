import { closeSync, openSync, writeSync } from "node:fs";
import type { Event, SecretSealer } from "../agent/index.ts";
import { starting } from "./start-error.ts";

/** Everything that happens to the agent, one sealed line for each event, for a replay. */
export class Recorder {
  readonly #file: number;
  readonly #vault: SecretSealer;

  constructor(path: string, vault: SecretSealer) {
    this.#vault = vault;
    this.#file = starting("cannot record", () => openSync(path, "a", 0o600));
  }

  record(event: Event): void {
    const plain = new TextEncoder().encode(JSON.stringify(event, printable));
    writeSync(this.#file, `${this.#vault.seal(plain)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** What JSON has no word for: bigints as {"bigint": "…"}, octets as {"base64": "…"}. */
function printable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return { bigint: String(value) };
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString("base64") };
  return value;
}
