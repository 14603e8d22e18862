import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { NetworkInterface } from "../ntp/index.ts";
import { addressOctets } from "../ntp/index.ts";
import { addressText } from "./ip-address.ts";
import type { Libc } from "./libc.ts";

/**
 * The interfaces of this process's network namespace, by index. One without an address, or whose
 * link is down, is not up.
 */
export function readInterfaces(libc: Libc | undefined): readonly NetworkInterface[] {
  const withAddresses = networkInterfaces();
  const names = new Set([...deviceNames(), ...Object.keys(withAddresses)]);
  const listed = libc === undefined ? listedIndexes() : new Map<string, number>();
  const indexOf = (name: string): number => libc?.if_nametoindex(name) ?? listed.get(name) ?? 0;
  return [...names]
    .map((name) => {
      const addresses = (withAddresses[name] ?? []).map((entry) => canonical(entry.address));
      return { name, index: indexOf(name), up: addresses.length > 0, addresses };
    })
    .filter((one) => one.index > 0)
    .sort((a, b) => a.index - b.index);
}

/** Calls back when the interfaces are others than before. */
export class InterfaceWatch {
  readonly #read: () => readonly NetworkInterface[];
  readonly #changed: (list: readonly NetworkInterface[]) => void;
  readonly #timer: NodeJS.Timeout;
  #last: string;

  constructor(
    read: () => readonly NetworkInterface[],
    changed: (list: readonly NetworkInterface[]) => void,
    intervalMs: number,
  ) {
    this.#read = read;
    this.#changed = changed;
    this.#last = JSON.stringify(read());
    this.#timer = setInterval(() => this.look(), intervalMs);
    this.#timer.unref();
  }

  look(): void {
    const list = this.#read();
    const text = JSON.stringify(list);
    if (text === this.#last) return;
    this.#last = text;
    this.#changed(list);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function canonical(address: string): string {
  const octets = addressOctets(address.replace(/%.*$/, ""));
  return octets === undefined ? address : addressText(octets);
}

/** Every device there is, with or without addresses. */
function deviceNames(): readonly string[] {
  return lines("/proc/self/net/dev").flatMap((line) => /^\s*([^\s:]+):/.exec(line)?.[1] ?? []);
}

/** Without the C library: what the kernel lists of the interfaces that have addresses. */
function listedIndexes(): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  for (const line of lines("/proc/self/net/if_inet6")) {
    const [, index = "", , , , name = ""] = line.split(/\s+/);
    indexes.set(name, Number.parseInt(index, 16));
  }
  for (const line of lines("/proc/self/net/igmp")) {
    const [, index, name] = /^(\d+)\s+(\S+)/.exec(line) ?? [];
    if (name !== undefined) indexes.set(name, Number(index));
  }
  return indexes;
}

function lines(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
