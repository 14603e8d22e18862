import { expect, test } from "vitest";
import { generate } from "../../src/codegen/index.ts";
import { compile } from "../../src/yang/index.ts";
import {
  finderOf,
  hasPublished,
  moduleFiles,
  publishedFolder,
} from "../conformance/module-files.ts";
import { typeErrors } from "./compile.ts";

// Those with the most of everything: augments across modules, nested choices, actions, unions,
// structures, anydata. All 219 that compile were tried so.
const modules = [
  "ietf-alarms",
  "ietf-i2nsf-ike",
  "ietf-interfaces",
  "ietf-netconf",
  "ietf-routing",
  "ietf-schc",
  "ietf-subscribed-notifications",
  "ietf-yang-push",
];

test.skipIf(!hasPublished)("published modules, generated together, compile as strictly", () => {
  const { schema, diagnostics } = compile(
    {
      implement: modules.map((name) => ({ name })),
      features: new Map(),
      otherFeatures: "all",
    },
    finderOf(moduleFiles(publishedFolder)),
  );
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const files = generate(schema, modules, "a test");
  expect(files.map(({ name }) => name)).toEqual(modules.map((name) => `${name}.ts`));
  // What one module names and others use is imported.
  expect(files.filter(({ text }) => text.includes("import type {")).length).toBeGreaterThan(1);
  expect(typeErrors(new Map(files.map(({ name, text }) => [name, text])))).toEqual([]);
});
