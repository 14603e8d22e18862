import { expect, test } from "vitest";
import { MemoryStorage, type Session, type SimulatedHost, World } from "../agent/world.ts";
import { forSeeds, type SeededRandom } from "../random.ts";
import { DatastoresModel, type Name, type Refusal } from "./datastores-model.ts";

// Random managers on a real agent, held step by step against a model of plain Maps. A failure
// names its seed; SEED=… runs that one alone.

const IETF_INTERFACES = "urn:ietf:params:xml:ns:yang:ietf-interfaces";
const keys = ["if0", "if1", "if2", "if3"] as const;
const values = ["one", "two", "three", "bad", undefined] as const;
const persists = ["p", "p", "p", "q", ""] as const;
const emptyConfig = '<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"/>';
const observer = '<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>';

/** One agent, its managers, one who listens, and the model that foretells them. */
class Trial {
  readonly #world = new World();
  readonly #random: SeededRandom;
  readonly #hasStartup: boolean;
  readonly #model: DatastoresModel;
  #host: SimulatedHost;
  #managers: Session[] = [];
  #listener: Session;
  readonly outcomes = new Map<string, number>();

  constructor(random: SeededRandom, hasStartup: boolean) {
    this.#random = random;
    this.#hasStartup = hasStartup;
    this.#model = new DatastoresModel(hasStartup);
    this.#host = this.#boot(new MemoryStorage());
    this.#listener = this.#meet();
  }

  step(): string {
    const by = this.#pick(this.#managers);
    const [what, reply, expected] = this.#random.fraction() < 0.9 ? this.#ask(by) : this.#upset(by);
    const tag = /<error-tag>([^<]+)</.exec(reply)?.[1];
    const holder = /<session-id>(\d+)</.exec(reply)?.[1];
    const told = `${what} by ${by.id}`;
    expect(tag, told).toBe(expected?.tag);
    if (expected?.holder !== undefined) expect(Number(holder), told).toBe(expected.holder);
    this.#compare(told);
    const outcome = `${what.split(" ")[0]} ${tag ?? "ok"}`;
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    return told;
  }

  /** Up to a minute or not at all: confirmed commits run out. Gives the seconds. */
  wait(): number {
    const seconds = Math.max(0, Math.floor((this.#random.fraction() - 0.4) * 100));
    this.#world.run(seconds);
    this.#model.wait(seconds);
    if (seconds > 0) this.#compare(`waiting ${seconds} s`);
    return seconds;
  }

  #ask(by: Session): readonly [string, string, Refusal | undefined] {
    const model = this.#model;
    const at = this.#random.fraction();
    if (at < 0.4) return this.#edit(by);
    if (at < 0.6) return this.#commit(by);
    if (at < 0.67) {
      const id = this.#maybe(persists);
      const xml = id === undefined ? "" : `<persist-id>${id}</persist-id>`;
      const reply = by.rpc(`<cancel-commit>${xml}</cancel-commit>`);
      return [`cancel ${id}`, reply, model.cancel(id, by.id)];
    }
    if (at < 0.71) return ["discard", by.rpc("<discard-changes/>"), model.discard(by.id)];
    if (at < 0.78) return this.#copy(by);
    const name = this.#pick(this.#names());
    if (at < 0.83) {
      const reply = by.rpc(`<validate><source><${name}/></source></validate>`);
      return [`validate ${name}`, reply, model.validate(name)];
    }
    const doing = at < 0.91 ? "lock" : "unlock";
    const reply = by.rpc(`<${doing}><target><${name}/></target></${doing}>`);
    return [`${doing} ${name}`, reply, model[doing](name, by.id)];
  }

  #edit(by: Session): readonly [string, string, Refusal | undefined] {
    const target = this.#pick(["running", "candidate", "candidate"] as const);
    const [key, value] = [this.#pick(keys), this.#pick(values)];
    const isTested = this.#random.fraction() < 0.5;
    const inside =
      value === undefined
        ? `<interface xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="remove"><name>${key}</name></interface>`
        : `<interface xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="replace"><name>${key}</name><description>${value}</description>${
            value === "bad"
              ? ""
              : '<type xmlns:t="urn:ietf:params:xml:ns:yang:iana-if-type">t:other</type>'
          }</interface>`;
    const reply = by.rpc(
      `<edit-config><target><${target}/></target>` +
        `<test-option>${isTested ? "test-then-set" : "set"}</test-option>` +
        `<config><interfaces xmlns="${IETF_INTERFACES}">${inside}</interfaces></config></edit-config>`,
    );
    const expected = this.#model.edit(target, key, value, isTested, by.id);
    return [`edit ${target} ${key}=${value} ${isTested}`, reply, expected];
  }

  #commit(by: Session): readonly [string, string, Refusal | undefined] {
    const id = this.#random.fraction() < 0.7 ? undefined : this.#maybe(persists);
    const persist = this.#random.fraction() < 0.5 ? undefined : this.#maybe(persists);
    const timeout = 1 + Math.floor(this.#random.fraction() * 90);
    const more = persist === undefined ? {} : { persist };
    const confirmed = this.#random.fraction() < 0.5 ? undefined : { timeout, ...more };
    const asked =
      (confirmed === undefined
        ? ""
        : `<confirmed/><confirm-timeout>${timeout}</confirm-timeout>` +
          (persist === undefined ? "" : `<persist>${persist}</persist>`)) +
      (id === undefined ? "" : `<persist-id>${id}</persist-id>`);
    const reply = by.rpc(`<commit>${asked}</commit>`);
    return [`commit ${asked}`, reply, this.#model.commit(confirmed, id, by.id)];
  }

  #copy(by: Session): readonly [string, string, Refusal | undefined] {
    const [source, target] = [this.#pick(this.#names()), this.#pick(this.#names())];
    if (this.#hasStartup && this.#random.fraction() < 0.1) {
      const reply = by.rpc("<delete-config><target><startup/></target></delete-config>");
      return ["delete startup", reply, this.#model.removeStartup(by.id)];
    }
    const reply = by.rpc(
      `<copy-config><target><${target}/></target><source><${source}/></source></copy-config>`,
    );
    return [`copy ${source} ${target}`, reply, this.#model.copy(source, target, by.id)];
  }

  /** Sessions end in all the ways there are, and now and then the agent does. */
  #upset(by: Session): readonly [string, string, Refusal | undefined] {
    const at = this.#random.fraction();
    if (at < 0.1) {
      this.#model.restart();
      const storage = new MemoryStorage();
      for (const [name, bytes] of this.#host.storage.files) storage.files.set(name, bytes);
      this.#host = this.#boot(storage);
      this.#listener = this.#meet();
      return ["restart", "", undefined];
    }
    const victim = this.#pick(this.#managers);
    if (at < 0.4 && victim !== by) {
      const reply = by.rpc(`<kill-session><session-id>${victim.id}</session-id></kill-session>`);
      this.#replace(victim);
      return [`kill ${victim.id}`, reply, undefined];
    }
    if (at < 0.7) by.drop();
    const reply = at < 0.7 ? "" : by.rpc("<close-session/>");
    this.#replace(by);
    return [at < 0.7 ? "drop" : "close", reply, undefined];
  }

  #replace(gone: Session): void {
    this.#model.close(gone.id);
    this.#managers = this.#managers.map((one) => (one === gone ? this.#host.session() : one));
  }

  #boot(storage: MemoryStorage): SimulatedHost {
    return this.#world.host({
      address: "192.0.2.1",
      storage,
      hasStartup: this.#hasStartup,
      factoryDefault: emptyConfig,
    });
  }

  /** Everybody logs in; gives the one who listens. */
  #meet(): Session {
    this.#managers = [1, 2, 3].map(() => this.#host.session());
    const listener = this.#host.session();
    expect(listener.rpc(observer)).toContain("<ok/>");
    return listener;
  }

  #compare(told: string): void {
    const asker = this.#listener;
    const events = eventsIn(asker.take());
    expect(events, told).toEqual(this.#model.events.splice(0));
    for (const name of this.#names()) {
      const reply = asker.rpc(`<get-config><source><${name}/></source></get-config>`);
      const entries = [...reply.matchAll(/<interface><name>(\w+)<\/name><description>(\w+)</g)];
      const shown = Object.fromEntries(entries.map(([, key, value]) => [key, value]));
      expect(shown, `${name} after ${told}`).toEqual(Object.fromEntries(this.#model[name]));
    }
  }

  #names(): readonly Name[] {
    return this.#hasStartup ? ["running", "candidate", "startup"] : ["running", "candidate"];
  }

  #pick<T>(among: readonly T[]): T {
    return among[Math.floor(this.#random.fraction() * among.length)] as T;
  }

  #maybe<T>(among: readonly T[]): T | undefined {
    return this.#random.fraction() < 0.3 ? undefined : this.#pick(among);
  }
}

/** What the model calls an event, of those notifications that it foretells. */
function eventsIn(text: string): readonly string[] {
  const found = text.matchAll(/<netconf-config-change.*?<datastore>(\w+)<|<confirm-event>(\w+)</gs);
  return [...found].map(([, datastore, confirm]) => datastore ?? confirm ?? "");
}

const hours = Number(process.env.HOURS ?? 4);
const seeds = 6;

test(`${hours * seeds} hours of managers agree with the model`, { timeout: 600_000 }, () => {
  const seen = new Map<string, number>();
  forSeeds(seeds, (random, seed) => {
    const trial = new Trial(random, seed % 2 === 0);
    const told: string[] = [];
    try {
      for (let seconds = 0; seconds < hours * 3_600; seconds += trial.wait()) {
        told.push(trial.step());
      }
    } catch (error) {
      throw new Error(`after ${told.length} steps, the last:\n${told.slice(-5).join("\n")}`, {
        cause: error,
      });
    }
    for (const [outcome, count] of trial.outcomes) {
      seen.set(outcome, (seen.get(outcome) ?? 0) + count);
    }
  });
  if (process.env.SEED !== undefined) return;
  for (const rare of [
    ...["edit ok", "edit in-use", "edit data-missing", "commit ok", "commit in-use"],
    ...["commit invalid-value", "commit operation-failed", "commit data-missing", "cancel ok"],
    ...["lock lock-denied", "unlock ok", "copy ok", "copy invalid-value", "delete ok", "drop ok"],
    ...["kill ok", "close ok", "restart ok", "discard in-use", "validate data-missing"],
  ]) {
    expect(seen.get(rare) ?? 0, rare).toBeGreaterThan(2);
  }
});
