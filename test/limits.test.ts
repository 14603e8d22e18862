import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const rows = readFileSync(join(root, "docs/limits.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| (?!what|---)/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("the table of limits has rows", () => {
  expect(rows.length).toBeGreaterThan(15);
});

test.each(rows)("%s%s is reached by a test", (_, what, value, change, reference) => {
  expect([what, value, change].every((cell) => cell !== undefined && cell !== "")).toBe(true);
  const [file = "", title = ""] = (reference ?? "").split(/: (.*)/);
  expect(existsSync(join(root, file)), file).toBe(true);
  expect(readFileSync(join(root, file), "utf8")).toContain(`"${title}"`);
});
