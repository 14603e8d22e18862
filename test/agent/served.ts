import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { compile, type Schema, type SourceFinder } from "../../src/yang/index.ts";

const folder = resolve(import.meta.dirname, "../../yang");

/** The project's own modules, the newest revision where none is asked for. */
export const ownModules: SourceFinder = {
  find: (name, revision) => {
    const file = readdirSync(folder)
      .filter((one) => one === `${name}.yang` || one.startsWith(`${name}@${revision ?? ""}`))
      .sort()
      .at(-1);
    if (file === undefined) return undefined;
    return { file, text: readFileSync(resolve(folder, file), "utf8") };
  },
};

const implemented = [
  "ietf-netconf",
  "ietf-netconf-monitoring",
  "ietf-netconf-acm",
  "ietf-netconf-with-defaults",
  "ietf-yang-library",
  "ietf-interfaces",
  "iana-if-type",
  "ietf-ip",
  "ietf-system",
  "ietf-access-control-list",
  "ietf-ntp",
  "ntpconfd-ntp",
];

let compiled: Schema | undefined;

/** What an agent serves, near enough: compiled once for a whole test file. */
export function servedSchema(): Schema {
  if (compiled !== undefined) return compiled;
  const { schema, diagnostics } = compile(
    {
      implement: implemented.map((name) => ({ name })),
      deviations: ["ntpconfd-ntp-deviations"],
      features: new Map([["ietf-system", new Set(["authentication", "local-users"])]]),
      otherFeatures: "all",
    },
    ownModules,
  );
  if (diagnostics.some(({ severity }) => severity === "error")) {
    throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  }
  compiled = schema;
  return schema;
}
