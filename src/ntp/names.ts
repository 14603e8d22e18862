import type { Random, Raw } from "../base/index.ts";
import { addressOctets, canonicalAddress, family, isMulticast } from "./address.ts";
import type { NamedServerConfig, UnicastConfig } from "./config.ts";
import type { Address, NameAnswer, NtpEffect } from "./io.ts";
import { after } from "./poll.ts";
import type { NamedServerState } from "./state.ts";
import type { Timestamp } from "./time.ts";

export interface NamesOptions {
  readonly random: Random;
  now(at: Raw): Timestamp;
  readonly emit: (effect: NtpEffect) => void;
}

/** How it stands with the servers at one address of a name. */
export type Contact = "reachable" | "silent" | "new";

/** A name, and what is known of it. */
interface Entry {
  config: NamedServerConfig;
  addresses: readonly Address[];
  /** Number of the question that waits for its answer. */
  query: number | undefined;
  /** When to ask next, or when a question has waited too long. */
  next: Raw | undefined;
  /** s until it is asked again, the next time that there is a reason to. */
  delay: number;
  askedAt: Raw;
  resolved: Timestamp | undefined;
  failure: NamedServerState["lastFailure"];
  isFailing: boolean;
}

/** s */
const firstRetry = 2;
const firstRefresh = 64;
const delayMax = 3_600;
/** s: whoever has not answered by then will not. */
const patience = 60;
/** A name that has more addresses than these is none of servers. */
const answersMax = 64;

/**
 * Servers that are known by name. A name is asked for when it is configured, again and ever more
 * rarely while that fails, and anew when a server that it gave has fallen silent. What is reachable
 * stays, whatever the name has become: only what is not is replaced.
 */
export class Names {
  readonly #options: NamesOptions;
  readonly #entries = new Map<string, Entry>();
  #queries = 0;

  constructor(options: NamesOptions) {
    this.#options = options;
  }

  configure(servers: readonly NamedServerConfig[], at: Raw): void {
    const wanted = new Set(servers.map(({ name }) => name));
    for (const name of this.#entries.keys()) if (!wanted.has(name)) this.#entries.delete(name);
    for (const config of servers) {
      const known = this.#entries.get(config.name);
      if (known === undefined) {
        const entry: Entry = {
          ...{ config, addresses: [], query: undefined, next: undefined, delay: firstRetry },
          ...{ askedAt: at, resolved: undefined, failure: undefined, isFailing: false },
        };
        this.#entries.set(config.name, entry);
        this.#ask(entry, at);
        continue;
      }
      const before = known.config;
      known.config = config;
      known.addresses = known.addresses.filter(fits(config)).slice(0, config.maxAddresses);
      const isWider = config.maxAddresses > before.maxAddresses;
      if (isWider || config.family !== before.family) this.#ask(known, at);
    }
  }

  /** Takes an answer; false: nobody waits for it any more, or it changes nothing. */
  resolved(answer: NameAnswer, contactOf: (address: Address) => Contact, at: Raw): boolean {
    const entry = this.#entries.get(answer.name);
    if (entry === undefined || entry.query !== answer.query) return false;
    entry.query = undefined;
    const found = usable(answer.addresses, entry.config);
    if (found.length === 0) {
      this.#failed(entry, answer.failure ?? noneOf(entry.config, answer.addresses), at);
      return false;
    }
    entry.resolved = this.#options.now(at);
    if (entry.isFailing) entry.delay = firstRefresh;
    entry.isFailing = false;
    entry.next = undefined;
    const before = entry.addresses;
    const contacts = new Map(before.map((address) => [address, contactOf(address)]));
    const isSilent = (address: Address): boolean => contacts.get(address) === "silent";
    const ranked = [
      ...before.filter((address) => contacts.get(address) === "reachable"),
      ...before.filter((address) => found.includes(address)),
      ...found,
    ];
    const best = [...ranked.filter((one) => !isSilent(one)), ...found.filter(isSilent)];
    const chosen = new Set([...new Set(best)].slice(0, entry.config.maxAddresses));
    // Those that stay keep their places, so that the same answer is no change.
    const kept = before.filter((address) => chosen.delete(address));
    entry.addresses = [...kept, ...chosen];
    return entry.addresses.join() !== before.join();
  }

  /** Asks what is due, and looks whether servers have fallen silent. */
  timer(contactOf: (address: Address) => Contact, at: Raw): void {
    for (const entry of this.#entries.values()) {
      if (entry.next === undefined) this.#look(entry, contactOf, at);
      if (entry.next === undefined || entry.next > at) continue;
      if (entry.query === undefined) this.#ask(entry, at);
      else this.#failed(entry, `no answer within ${patience} s`, at);
    }
  }

  /** The network is another one: what could not be resolved is tried at once. */
  networkChanged(at: Raw): void {
    for (const entry of this.#entries.values()) {
      if (!entry.isFailing || entry.query !== undefined) continue;
      entry.delay = firstRetry;
      entry.next = at;
    }
  }

  get wakeAt(): Raw | undefined {
    let first: Raw | undefined;
    for (const { next } of this.#entries.values()) {
      if (next !== undefined && (first === undefined || next < first)) first = next;
    }
    return first;
  }

  /** The servers that the names stand for, without those whose addresses are taken already. */
  servers(taken: readonly UnicastConfig[]): readonly UnicastConfig[] {
    const seen = new Set(taken.map(({ address }) => canonicalAddress(address).address));
    const servers: UnicastConfig[] = [];
    for (const { config, addresses } of this.#entries.values()) {
      const { name: _name, maxAddresses: _max, family: _family, ...settings } = config;
      for (const address of addresses) {
        const { address: plain } = canonicalAddress(address);
        if (seen.has(plain)) continue;
        seen.add(plain);
        servers.push({ ...settings, address, type: "server" });
      }
    }
    return servers;
  }

  get states(): readonly NamedServerState[] {
    return [...this.#entries.values()].map(({ config, addresses, resolved, failure }) => ({
      name: config.name,
      addresses: addresses.map((address) => canonicalAddress(address).address),
      resolved,
      lastFailure: failure,
    }));
  }

  #ask(entry: Entry, at: Raw): void {
    const query = ++this.#queries;
    const { name, family: of } = entry.config;
    entry.query = query;
    entry.askedAt = at;
    entry.next = after(at, patience);
    this.#options.emit({ kind: "resolve-name", query, name, family: of });
  }

  #failed(entry: Entry, reason: string, at: Raw): void {
    const { now, emit } = this.#options;
    const { name } = entry.config;
    if (!entry.isFailing) {
      entry.delay = firstRetry;
      const message = `the server ${name} cannot be found, and is looked for again: ${reason}`;
      emit({ kind: "event", event: { kind: "warning", message } });
    }
    entry.isFailing = true;
    entry.query = undefined;
    entry.failure = { reason, time: now(at) };
    entry.next = after(at, this.#takeDelay(entry));
  }

  /** A server that does not answer may have another address now. */
  #look(entry: Entry, contactOf: (address: Address) => Contact, at: Raw): void {
    const contacts = entry.addresses.map(contactOf);
    if (contacts.includes("silent")) {
      const due = after(entry.askedAt, this.#takeDelay(entry));
      entry.next = due > at ? due : at;
    } else if (contacts.every((contact) => contact === "reachable")) {
      entry.delay = firstRefresh;
    }
  }

  /** s, a little of it by chance: many that lost one server do not ask as one. */
  #takeDelay(entry: Entry): number {
    const delay = Math.max(entry.delay, entry.isFailing ? firstRetry : firstRefresh);
    entry.delay = Math.min(2 * delay, delayMax);
    return delay * (1 + this.#options.random.fraction() / 4);
  }
}

function fits({ family: wanted }: NamedServerConfig): (address: Address) => boolean {
  return (address) => wanted === 0 || family(address) === wanted;
}

/** Addresses that a server can have, each once. */
function usable(addresses: readonly string[], config: NamedServerConfig): readonly Address[] {
  const unicast = addresses.slice(0, answersMax).filter((address) => {
    const octets = addressOctets(address);
    return octets !== undefined && !isMulticast(octets) && octets.some((octet) => octet !== 0);
  });
  const canonical = unicast.map((text) => {
    const { address, zone } = canonicalAddress(text);
    return zone === undefined ? address : `${address}%${zone}`;
  });
  return [...new Set(canonical)].filter(fits(config));
}

function noneOf({ family: wanted }: NamedServerConfig, addresses: readonly string[]): string {
  if (addresses.length === 0) return "it has no address";
  return wanted === 0
    ? "none of its addresses can be a server's"
    : `none of its addresses is a server's over IPv${wanted}`;
}
