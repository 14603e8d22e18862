import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Raw, RpcError, type RpcFault } from "../../src/base/index.ts";
import { emptyTree, printXml, readData, withDefaults } from "../../src/data/index.ts";
import { Datastores, parseConfig } from "../../src/datastore/index.ts";
import { type Element, isXmlFault, parseXml } from "../../src/xml/index.ts";
import type { Schema } from "../../src/yang/index.ts";
import { schemaOf, shared } from "../data/schemas.ts";
import { MemoryStorage } from "./storage.ts";

interface Exchange {
  readonly case: string;
  readonly requests: readonly string[];
  readonly expect: "ok" | "error" | "exact" | "pattern";
  readonly reply: string | null;
  readonly error_tag?: string | readonly string[] | null;
  readonly error_app_tag?: string | readonly string[] | null;
  readonly wait?: number;
}

interface Suite {
  readonly suite: string;
  readonly modules: readonly { readonly name: string; readonly text: string }[];
  readonly implement: readonly string[];
  readonly features: readonly string[];
  readonly startup: string | null;
  readonly exchanges: readonly Exchange[];
}

const corpus = join(shared, "corpus/netconf-exchanges");
/** Access control and filters are judged above the datastores. */
const left = new Set(["nacm-read", "netconf-filter"]);
/** Recorded otherwise than RFC 7950 section 8.3.1 has it: a bad value is invalid-value. */
const misjudged = new Set(["bad-element"]);
/** Recorded otherwise than the RFCs have it, by suite and number. */
const wronglyRecorded: Readonly<Record<string, readonly number[]>> = {
  // RFC 7950 section 8.3.1: a node whose feature is off is an unknown element, also in an edit.
  feature: [5, 7, 22, 24, 31, 33, 36, 38, 45, 47, 54, 56, 59, 61],
  // The pattern \\* takes one asterisk and nothing else.
  pattern: [56],
  // RFC 7950 section 8.3.1: a value that the type refuses is refused in the edit.
  type: [6, 7],
  // RFC 6241 section 7.2: default-operation none changes nothing.
  unique: [12],
  // RFC 7950 section 8.3.2: what is set under a false when is refused in the edit.
  "xpath-translate": [10],
};

const suites: readonly Suite[] = (existsSync(corpus) ? readdirSync(corpus) : [])
  .filter((file) => file.endsWith(".json"))
  .map((file): Suite => JSON.parse(readFileSync(join(corpus, file), "utf8")))
  .filter(({ suite }) => !left.has(suite));

function compiled({ modules, implement, features }: Suite): Schema {
  const on: Record<string, string[]> = {};
  for (const name of implement) on[name] = [];
  for (const feature of features) {
    const [module = "", name = ""] = feature.split(":");
    on[module] = [...(on[module] ?? []), name];
  }
  const texts = Object.fromEntries(modules.map(({ name, text }) => [name, text]));
  return schemaOf(texts, { implement, on, features: "all", folders: [join(corpus, "std")] });
}

/** What one request came to: data for a reply, or faults. */
interface Outcome {
  readonly faults: readonly RpcFault[];
  readonly data: string | undefined;
}

class Manager {
  readonly #schema: Schema;
  readonly #datastores: Datastores;
  at = 0n as Raw;

  constructor(schema: Schema, startup: string | null) {
    this.#schema = schema;
    const factory =
      startup === null
        ? emptyTree
        : parseConfig(new TextEncoder().encode(startup), schema, "startup");
    const storage = new MemoryStorage();
    this.#datastores = new Datastores({
      schema,
      storage,
      factory,
      hasStartup: true,
      subscribers: [],
    });
  }

  /** undefined: not one of the operations of datastores. */
  request(text: string, session: number): Outcome | undefined {
    const rpc = parseXml(text);
    if (isXmlFault(rpc)) throw new Error(rpc.message);
    const [operation] = rpc.children;
    if (operation === undefined) throw new Error("an rpc without an operation");
    try {
      return this.#perform(operation, session);
    } catch (refusal) {
      if (!(refusal instanceof RpcError)) throw refusal;
      return { faults: refusal.faults, data: undefined };
    }
  }

  wait(seconds: number): void {
    this.at = (this.at + BigInt(Math.round(seconds * 1e9))) as Raw;
    this.#datastores.timer(this.at);
  }

  close(session: number): void {
    this.#datastores.sessionClosed(session, this.at);
  }

  #perform(operation: Element, session: number): Outcome | undefined {
    const datastores = this.#datastores;
    const done = { faults: [], data: undefined };
    switch (operation.name) {
      case "edit-config": {
        const option = textOf(operation, "default-operation");
        datastores.edit(
          {
            target: nameIn(operation, "target") as "candidate",
            config: childOf(operation, "config")?.children ?? [],
            testOption: (textOf(operation, "test-option") ?? "set") as "set",
            ...(option === undefined ? {} : { defaultOperation: option as "merge" }),
          },
          session,
          this.at,
        );
        return done;
      }
      case "validate":
        datastores.validate(nameIn(operation, "source"));
        return done;
      case "discard-changes":
        datastores.discardChanges(session);
        return done;
      case "commit": {
        const timeout = textOf(operation, "confirm-timeout");
        const persist = textOf(operation, "persist");
        const persistId = textOf(operation, "persist-id");
        const confirmed = {
          ...(timeout === undefined ? {} : { timeout: Number(timeout) }),
          ...(persist === undefined ? {} : { persist }),
        };
        datastores.commit(
          {
            ...(childOf(operation, "confirmed") === undefined ? {} : { confirmed }),
            ...(persistId === undefined ? {} : { persistId }),
          },
          session,
          this.at,
        );
        return done;
      }
      case "cancel-commit":
        datastores.cancelCommit(textOf(operation, "persist-id"), session, this.at);
        return done;
      case "copy-config":
        datastores.copy(nameIn(operation, "source"), nameIn(operation, "target"), session, this.at);
        return done;
      case "delete-config":
        datastores.remove(nameIn(operation, "target"), session, this.at);
        return done;
      case "get-config": {
        if (childOf(operation, "filter") !== undefined) return undefined;
        const mode = textOf(operation, "with-defaults") ?? "explicit";
        const tree = datastores.read(nameIn(operation, "source"));
        return {
          faults: [],
          data: printXml(withDefaults(tree, this.#schema, mode as "trim").children, {
            schema: this.#schema,
          }),
        };
      }
      default:
        return undefined;
    }
  }
}

function childOf(element: Element, name: string): Element | undefined {
  return element.children.find((child) => child.name === name);
}

function textOf(element: Element, name: string): string | undefined {
  return childOf(element, name)?.text.trim();
}

function nameIn(element: Element, name: string): "running" | "candidate" | "startup" {
  return childOf(element, name)?.children[0]?.name as "running";
}

function oneOf(expected: string | readonly string[] | null | undefined): readonly string[] {
  return expected === null || expected === undefined
    ? []
    : typeof expected === "string"
      ? [expected]
      : expected;
}

/** The expected data as this schema reads it, printed as ours are. */
function expectedData(reply: string, schema: Schema): string {
  const root = parseXml(reply);
  if (isXmlFault(root)) throw new Error(root.message);
  const data = root.name === "data" ? root : childOf(root, "data");
  const { tree, faults } = readData(data?.children ?? [], schema, { type: "data" });
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join("\n"));
  return printXml(tree.children, { schema });
}

function play(suite: Suite): readonly string[] {
  const schema = compiled(suite);
  const manager = new Manager(schema, suite.startup);
  const wrong: string[] = [];
  for (const [i, exchange] of suite.exchanges.entries()) {
    if (exchange.wait !== undefined) {
      manager.wait(exchange.wait);
      continue;
    }
    let outcome: Outcome | undefined;
    for (const request of exchange.requests) {
      outcome = manager.request(request, i + 1);
      if (outcome === undefined || outcome.faults.length > 0) break;
    }
    manager.close(i + 1);
    if (outcome === undefined || wronglyRecorded[suite.suite]?.includes(i)) continue;
    const told = outcome.faults
      .map(({ tag, appTag, message }) => `${tag} ${appTag} ${message}`)
      .join("; ");
    const what = `${i} ${exchange.case}`;
    if (exchange.expect === "error") {
      const tags = oneOf(exchange.error_tag);
      const apps = oneOf(exchange.error_app_tag);
      const fits = outcome.faults.some(
        ({ tag, appTag = "" }) =>
          (tags.length === 0 ||
            tags.includes(tag) ||
            (tag === "invalid-value" && tags.some((t) => misjudged.has(t)))) &&
          (apps.length === 0 || apps.includes(appTag)),
      );
      if (!fits) wrong.push(`${what}: expected ${tags} ${apps}, got ${told || "ok"}`);
    } else if (told !== "") {
      wrong.push(`${what}: expected ${exchange.expect}, got ${told}`);
    } else if (
      exchange.expect === "exact" &&
      exchange.reply !== null &&
      outcome.data !== undefined
    ) {
      const expected = expectedData(exchange.reply, schema);
      if (expected !== outcome.data)
        wrong.push(`${what}:\n  expected ${expected}\n  got      ${outcome.data}`);
    }
  }
  return wrong;
}

/** Recorded exchanges with another project's verdicts, played against the datastores alone. */
describe.skipIf(suites.length === 0)("recorded exchanges", () => {
  test.each(suites)("$suite", (suite) => {
    expect(play(suite)).toEqual([]);
  });
});
