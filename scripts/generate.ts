/// <reference path="../src/yang/xspattern.d.ts" />
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  dataPathLines,
  dataPathsFile,
  type GeneratedFile,
  generate,
} from "../src/codegen/index.ts";
import { yangFolders } from "../src/host/yang-folders.ts";
import { compile } from "../src/yang/index.ts";

// Writes src/generated: `npm run generate`. A test holds what is committed against it.

/** The modules whose data the agent's own code reads and makes. */
const mapped = [
  "ietf-access-control-list",
  "ietf-interfaces",
  "ietf-netconf-acm",
  "ietf-netconf-monitoring",
  "ietf-ntp",
  "ietf-system",
  "ietf-yang-library",
  "ntpconfd-ntp",
  "ntpconfd-server",
];
/** What augments them, or adds identities to them. */
const beside = ["iana-if-type", "ietf-ip", "ietf-x509-cert-to-name"];

/** All that src/generated holds, as it is to be. Deviations only take away: they do not count. */
export function generatedFiles(checkout: string): readonly GeneratedFile[] {
  const { schema, diagnostics } = compile(
    {
      implement: [...mapped, ...beside].map((name) => ({ name })),
      features: new Map(),
      otherFeatures: "all",
    },
    yangFolders([join(checkout, "yang")]),
  );
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    throw new Error(
      errors.map((e) => `${e.position.file}:${e.position.line}: ${e.message}`).join("\n"),
    );
  }
  const maker = "scripts/generate.ts";
  const paths = dataPathsFile(dataPathLines(schema, mapped), maker);
  return [...generate(schema, mapped, maker), { name: "data-paths.ts", text: paths }];
}

function write(checkout: string): void {
  const folder = join(checkout, "src/generated");
  const files = generatedFiles(checkout);
  const kept = new Set(files.map(({ name }) => name));
  for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(join(folder, name));
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]).endsWith("/scripts/generate.js")) {
  write(process.cwd());
}
