import { expect, test } from "vitest";
import { type Lookup, lookupAll, NameLookups } from "../../src/host/name-lookups.ts";
import type { NameAnswer, NameQuery } from "../../src/ntp/index.ts";

function asked(query: number, name: string): NameQuery {
  return { kind: "resolve-name", query, name, family: 0 };
}

interface Asked {
  readonly lookups: NameLookups;
  readonly answers: readonly NameAnswer[];
  /** When there are so many. */
  until(count: number): Promise<void>;
}

function around(lookup: Lookup, waitMs?: number): Asked {
  const answers: NameAnswer[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const lookups = new NameLookups(
    lookup,
    (answer) => {
      answers.push(answer);
      for (const one of waiting) if (answers.length >= one.count) one.resolve();
    },
    waitMs,
  );
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ count, resolve });
      if (answers.length >= count) resolve();
    });
  return { lookups, answers, until };
}

test("localhost is this host, by the system's own resolver", async () => {
  const { lookups, answers, until } = around(lookupAll);
  lookups.resolve({ ...asked(1, "localhost"), family: 4 });
  await until(1);
  expect(answers).toEqual([
    { query: 1, name: "localhost", addresses: ["127.0.0.1"], failure: undefined },
  ]);
});

test("a name that there cannot be is told of in words", async () => {
  const { lookups, answers, until } = around(lookupAll);
  // RFC 1035: a label has 63 octets at most, so that nobody outside is asked.
  const name = `${"x".repeat(64)}.invalid`;
  lookups.resolve(asked(1, name));
  await until(1);
  expect(answers).toMatchObject([{ query: 1, name, addresses: [] }]);
  expect(answers[0]?.failure).toContain(name);
});

test("a few are looked up at once, and whoever waits too long is told so, once", async () => {
  const running = new Map<string, (addresses: readonly string[]) => void>();
  const lookup: Lookup = (name) => new Promise((resolve) => running.set(name, resolve));
  const { lookups, answers, until } = around(lookup, 20);
  for (const [i, name] of ["a", "b", "c", "d"].entries()) lookups.resolve(asked(i, name));
  expect([...running.keys()]).toEqual(["a", "b"]);
  running.get("b")?.(["10.0.0.2"]);
  await until(1);
  expect(answers).toMatchObject([{ query: 1, addresses: ["10.0.0.2"] }]);
  await until(4);
  expect(answers.slice(1).map(({ query, failure }) => [query, failure])).toEqual([
    [0, "no answer within 0.02 s"],
    [2, "no answer within 0.02 s"],
    [3, "no answer within 0.02 s"],
  ]);
  // What comes later is nobody's, and what had not begun is not looked up any more.
  running.get("a")?.(["10.0.0.1"]);
  await Promise.resolve();
  expect(answers).toHaveLength(4);
  expect(running.has("d")).toBe(false);
});

test("after the end nobody is told anything", async () => {
  const running: ((addresses: readonly string[]) => void)[] = [];
  const lookup: Lookup = () => new Promise((resolve) => running.push(resolve));
  const { lookups, answers } = around(lookup, 5);
  for (const name of ["a", "b", "c"]) lookups.resolve(asked(1, name));
  lookups.close();
  for (const resolve of running) resolve(["10.0.0.1"]);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(answers).toEqual([]);
  expect(running).toHaveLength(2);
});
