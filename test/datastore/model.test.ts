import fc from "fast-check";
import { expect, test } from "vitest";
import { type Raw, RpcError } from "../../src/base/index.ts";
import { childOf, emptyTree, type Tree } from "../../src/data/index.ts";
import { Datastores } from "../../src/datastore/index.ts";
import { elements, schemaOf } from "../data/schemas.ts";
import { type Config, Model, type Name } from "./model.ts";
import { MemoryStorage } from "./storage.ts";

const schema = schemaOf({
  m: `module m {
    yang-version 1.1; namespace "urn:m"; prefix m;
    list item { key "id"; leaf id { type string; } leaf value { type string; must ". != 'bad'"; } }
  }`,
});

type Command =
  | { readonly kind: "edit"; target: Name; key: string; value: string | undefined; test: boolean }
  | {
      readonly kind: "commit";
      confirmed: { timeout: number; persist?: string } | undefined;
      id: string | undefined;
    }
  | { readonly kind: "cancel"; id: string | undefined }
  | { readonly kind: "discard" | "close" | "restart" }
  | { readonly kind: "lock" | "unlock"; name: Name }
  | { readonly kind: "wait"; seconds: number };

const name = fc.constantFrom<Name>("running", "candidate");
const persistId = fc.constantFrom(undefined, undefined, "p", "q", "");
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("edit" as const),
      target: name,
      key: fc.constantFrom("a", "b", "c"),
      value: fc.constantFrom("1", "2", "bad", undefined),
      test: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("commit" as const),
      confirmed: fc.constantFrom(
        undefined,
        { timeout: 5 },
        { timeout: 9, persist: "p" },
        { timeout: 2, persist: "" },
      ),
      id: persistId,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), id: persistId }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("discard" as const, "close" as const, "restart" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("lock" as const, "unlock" as const), name }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), seconds: fc.constantFrom(1, 3) }),
  },
);

/** The real datastores behind the model's own methods, told by their error-tags. */
class Subject {
  readonly #storage = new MemoryStorage();
  #datastores = this.#boot();
  #at = 0n as Raw;

  perform(command: Command, session: number): string | undefined {
    try {
      this.#perform(command, session);
      return undefined;
    } catch (refusal) {
      if (!(refusal instanceof RpcError)) throw refusal;
      return refusal.faults[0]?.tag;
    }
  }

  config(from: Name): Config {
    return configOf(this.#datastores.read(from));
  }

  get isModified(): boolean {
    return this.#datastores.candidateModified;
  }

  #boot(): Datastores {
    return new Datastores({
      schema,
      storage: this.#storage,
      factory: emptyTree,
      hasStartup: false,
      subscribers: [],
    });
  }

  #perform(command: Command, session: number): void {
    const datastores = this.#datastores;
    switch (command.kind) {
      case "edit": {
        const { key, value, target, test: isTested } = command;
        const xml =
          value === undefined
            ? `<item xmlns="urn:m" nc:operation="remove"><id>${key}</id></item>`
            : `<item xmlns="urn:m"><id>${key}</id><value>${value}</value></item>`;
        const testOption = isTested ? "test-then-set" : "set";
        datastores.edit({ target, config: elements(xml), testOption }, session, this.#at);
        return;
      }
      case "commit": {
        const { confirmed, id } = command;
        datastores.commit(
          {
            ...(confirmed === undefined ? {} : { confirmed }),
            ...(id === undefined ? {} : { persistId: id }),
          },
          session,
          this.#at,
        );
        return;
      }
      case "cancel":
        datastores.cancelCommit(command.id, session, this.#at);
        return;
      case "discard":
        datastores.discardChanges(session);
        return;
      case "close":
        datastores.sessionClosed(session, this.#at);
        return;
      case "restart":
        this.#datastores = this.#boot();
        return;
      case "lock":
        datastores.lock(command.name, session);
        return;
      case "unlock":
        datastores.unlock(command.name, session);
        return;
      case "wait":
        this.#at = (this.#at + BigInt(command.seconds) * 1_000_000_000n) as Raw;
        if (datastores.wakeAt !== undefined && datastores.wakeAt <= this.#at)
          datastores.timer(this.#at);
    }
  }
}

function configOf(tree: Tree): Config {
  const [list] = tree.children;
  const config = new Map<string, string>();
  if (list?.kind !== "list") return config;
  for (const entry of list.entries) {
    const value = list.schema.dataChildren.find((child) => child.name === "value");
    const leaf = value && childOf(entry, value);
    config.set(entry.key, leaf?.kind === "leaf" ? leaf.value : "");
  }
  return config;
}

function onModel(model: Model, command: Command, session: number): string | undefined {
  switch (command.kind) {
    case "edit":
      return model.edit(command.target, command.key, command.value, command.test, session);
    case "commit":
      return model.commit(command.confirmed, command.id, session);
    case "cancel":
      return model.cancel(command.id, session);
    case "discard":
      return model.discard(session);
    case "close":
      return model.close(session);
    case "restart":
      return model.restart();
    case "lock":
      return model.lock(command.name, session);
    case "unlock":
      return model.unlock(command.name, session);
    case "wait":
      return model.wait(command.seconds);
  }
}

test("two managers see what a model of plain Maps foretells", () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(
      fc.array(fc.tuple(command, fc.constantFrom(1, 2)), { minLength: 20, maxLength: 80 }),
      (steps) => {
        const model = new Model();
        const subject = new Subject();
        for (const [step, session] of steps) {
          const expected = onModel(model, step, session);
          expect(subject.perform(step, session), JSON.stringify(step)).toBe(expected);
          const outcome = `${step.kind} ${expected ?? "ok"}`;
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
          expect(subject.config("running")).toEqual(model.running);
          expect(subject.config("candidate")).toEqual(model.candidate);
          expect(subject.isModified).toBe(model.isModified);
        }
      },
    ),
    { numRuns: 300, seed: 5 },
  );
  for (const rare of [
    "commit ok",
    "commit in-use",
    "commit invalid-value",
    "commit operation-failed",
    "cancel ok",
    "lock lock-denied",
    "unlock ok",
    "edit in-use",
    "edit operation-failed",
    "discard in-use",
  ]) {
    expect(outcomes.get(rare) ?? 0, rare).toBeGreaterThan(5);
  }
});
