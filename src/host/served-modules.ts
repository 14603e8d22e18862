import {
  type Compiled,
  type CompileRequest,
  compile,
  type Schema,
  type SourceFinder,
} from "../yang/index.ts";
import { ownYangFolder } from "./own-yang-folder.ts";
import { StartError, starting } from "./start-error.ts";
import { yangFolders } from "./yang-folders.ts";

/** A module with the features that it is to have, as --implement and --feature name them. */
export interface ModuleFeatures {
  readonly module: string;
  readonly features: readonly string[] | "all";
}

export interface SchemaOptions {
  readonly yangFolders: readonly string[];
  readonly implement: readonly ModuleFeatures[];
  /** Of modules that are only imported. */
  readonly features: readonly ModuleFeatures[];
  readonly hasStartup: boolean;
}

/**
 * Where what is served deviates, by the module that it is about. A standard module that is asked
 * for
 * by name is served whole: its data has nothing behind it then.
 */
const deviations = [
  { name: "ntpconfd-ntp-deviations", of: undefined },
  { name: "ntpconfd-system-deviations", of: "ietf-system" },
  { name: "ntpconfd-ip-deviations", of: "ietf-ip" },
  { name: "ntpconfd-subscription-deviations", of: "ietf-subscribed-notifications" },
];

/** What is served, and with which features: the rest of a module's features are off. */
const served: readonly ModuleFeatures[] = [
  {
    module: "ietf-netconf",
    features: [
      "writable-running",
      "candidate",
      "confirmed-commit",
      "rollback-on-error",
      "validate",
      "startup",
      "url",
      "xpath",
    ],
  },
  { module: "ietf-netconf-monitoring", features: [] },
  { module: "ietf-netconf-acm", features: [] },
  { module: "ietf-netconf-with-defaults", features: [] },
  { module: "ietf-netconf-notifications", features: [] },
  { module: "notifications", features: [] },
  { module: "nc-notifications", features: [] },
  { module: "ietf-yang-library", features: [] },
  { module: "ietf-datastores", features: [] },
  { module: "ietf-origin", features: [] },
  { module: "ietf-netconf-nmda", features: "all" },
  { module: "ietf-nmda-compare", features: "all" },
  { module: "ietf-netconf-partial-lock", features: [] },
  {
    module: "ietf-subscribed-notifications",
    features: ["encode-xml", "replay", "subtree", "xpath"],
  },
  { module: "ietf-yang-push", features: "all" },
  { module: "ietf-interfaces", features: ["arbitrary-names", "pre-provisioning"] },
  { module: "iana-if-type", features: [] },
  { module: "ietf-ip", features: [] },
  { module: "ietf-system", features: ["authentication", "local-users"] },
  {
    module: "ietf-access-control-list",
    features: ["match-on-ipv4", "match-on-ipv6", "ipv4", "ipv6"],
  },
  { module: "ietf-ntp", features: "all" },
  { module: "ntpconfd-ntp", features: "all" },
  { module: "ietf-x509-cert-to-name", features: [] },
  { module: "ntpconfd-server", features: [] },
];

/** Features of modules that are imported alone. */
const imported: readonly ModuleFeatures[] = [{ module: "iana-crypt-hash", features: "all" }];

/** The modules in our own folder, and then in those named. */
export function moduleFinder({ yangFolders: named }: SchemaOptions): SourceFinder {
  return starting("cannot read the YANG modules", () => yangFolders([ownYangFolder, ...named]));
}

/** Compiles all that is served; throws StartError with every diagnostic if it does not compile. */
export function loadSchema(options: SchemaOptions, finder = moduleFinder(options)): Schema {
  const { schema, diagnostics }: Compiled = compile(compileRequest(options), finder);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  if (errors.length === 0) return schema;
  const lines = errors.map(({ position: { file, line, column }, message }) =>
    line > 0 ? `${file}:${line}:${column}: error: ${message}` : message,
  );
  throw new StartError(`the YANG modules do not compile\n${lines.join("\n")}`);
}

function compileRequest(options: SchemaOptions): CompileRequest {
  const features = new Map<string, ReadonlySet<string> | "all">();
  for (const one of [...served, ...imported, ...options.features, ...options.implement]) {
    features.set(one.module, one.features === "all" ? "all" : new Set(one.features));
  }
  const netconf = features.get("ietf-netconf");
  if (!options.hasStartup && netconf instanceof Set) netconf.delete("startup");
  const asked = new Set(options.implement.map((one) => one.module));
  const names = new Set([...served, ...options.implement].map((one) => one.module));
  return {
    implement: [...names].map((name) => ({ name })),
    deviations: deviations
      .filter(({ of }) => of === undefined || !asked.has(of))
      .map(({ name }) => name),
    features,
    otherFeatures: "none",
  };
}
