import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { mutants } from "../scripts/mutate/mutants.ts";

const root = resolve(import.meta.dirname, "..");

/** The sabotages are run now and then: what they change, and what has to notice, is there always. */
test("every sabotage has its line, once, and its tests", () => {
  const modules = readdirSync(join(root, "yang"));
  const wrong = mutants.flatMap(({ name, file, from, tests }) => {
    const module = modules.find((one) => `yang/${one}`.startsWith(`${file}@`));
    const path = join(root, module === undefined ? file : `yang/${module}`);
    const count = existsSync(path) ? readFileSync(path, "utf8").split(from).length - 1 : 0;
    const gone = tests.filter((one) => !existsSync(join(root, one)));
    return [
      ...(count === 1 ? [] : [`${file}: ${name}: its line is there ${count} times`]),
      ...gone.map((one) => `${file}: ${name}: there is no ${one}`),
    ];
  });
  expect(wrong).toEqual([]);
});
