// The restated modules against the published ones: the same to a program, whatever the texts say.

import { describe, expect, test } from "vitest";
import {
  type Compiled,
  compile,
  type Diagnostic,
  parseStatements,
  type Statement,
} from "../../src/yang/index.ts";
import {
  finderOf,
  hasPublished,
  type ModuleFile,
  moduleFiles,
  ourFolder,
  publishedFolder,
  readModule,
} from "./module-files.ts";
import { factsByModule, statementLines } from "./schema-facts.ts";

const ours = moduleFiles(ourFolder);
const published = hasPublished ? moduleFiles(publishedFolder) : [];

/** Not in the folder of published modules: our own, and RFC 5277's, which is no YANG. */
const withoutTwin = [
  ...["nc-notifications", "notifications", "ntpconfd-ip-deviations", "ntpconfd-ntp-deviations"],
  ...["ntpconfd-ntp", "ntpconfd-server", "ntpconfd-subscription-deviations"],
  "ntpconfd-system-deviations",
];
/** The older of two revisions: both cannot be implemented at once. */
const older = ours.filter((file) => newest(file.name) !== file);
const current = ours.filter((file) => newest(file.name) === file);

function newest(name: string): ModuleFile | undefined {
  return ours.findLast((file) => file.name === name);
}

function twinOf(file: ModuleFile): ModuleFile | undefined {
  return published.find(({ name, revision }) => name === file.name && revision === file.revision);
}

/** The published files of the same names and revisions as ours, so that imports lead to twins. */
const twins = ours.flatMap((file) => twinOf(file) ?? []);

function compileFrom(
  files: readonly ModuleFile[],
  implement: readonly ModuleFile[],
  features: "all" | "none",
): Compiled {
  const request = {
    implement: implement.map(({ name, revision }) => ({ name, revision })),
    features: new Map(),
    otherFeatures: features,
  };
  return compile(request, finderOf(files));
}

const text = ({ severity, message, position }: Diagnostic): string =>
  `${position.file}:${position.line}:${position.column}: ${severity}: ${message}`;

function root(file: ModuleFile): Statement {
  const { statements, diagnostics } = parseStatements(readModule(file));
  expect(diagnostics.map(text)).toEqual([]);
  const [statement] = statements;
  if (statement === undefined) throw new Error(`${file.path} holds nothing`);
  return statement;
}

describe("the files in yang/", () => {
  test.each(ours)("$name@$revision says so inside, newest revision first", (file) => {
    const module = root(file);
    const revisions = module.substatements.filter(({ keyword }) => keyword === "revision");
    expect(module.argument).toBe(file.name);
    expect(revisions[0]?.argument).toBe(file.revision);
    expect(revisions.map(({ argument }) => argument)).toEqual(
      revisions.map(({ argument }) => argument ?? "").sort((a, b) => (a < b ? 1 : -1)),
    );
  });

  // ietf-network-instance, which supports-vrf of subscribed notifications leads to, stands on nodes
  // of ietf-ip that are deviated away: each is left out once.
  test.each([
    { features: "all" as const, without: "ntpconfd-ip-deviations" },
    { features: "none" as const, without: "ietf-network-instance" },
  ])("compile together, $features features on", ({ features, without }) => {
    const wanted = current.filter(({ name }) => name !== without);
    const deviations = wanted.filter(({ name }) => name.endsWith("-deviations"));
    const { diagnostics, schema } = compile(
      {
        implement: wanted.filter((file) => !deviations.includes(file)),
        deviations: deviations.map(({ name }) => name),
        features: new Map(),
        otherFeatures: features,
      },
      finderOf(ours),
    );
    expect(diagnostics.map(text)).toEqual([]);
    const implemented = schema.modules.filter((module) => module.implemented);
    expect(implemented.map(({ name }) => name)).toEqual(wanted.map(({ name }) => name).sort());
  });

  test.each(older)("compile with the older $name@$revision", (file) => {
    expect(compileFrom(ours, [file], "all").diagnostics.map(text)).toEqual([]);
  });

  test("say what each node of the modules that people read is", () => {
    const { schema } = compileFrom(ours, current, "all");
    const silent = schema.modules
      .filter(({ name }) => name !== "iana-if-type")
      .flatMap(({ statement, name }) => undescribed(statement, name));
    expect(silent).toEqual([]);
  });
});

const DESCRIBED = new Set([
  ...["module", "typedef", "feature", "identity", "extension", "grouping", "rpc", "action"],
  ...["notification", "container", "list", "leaf", "leaf-list", "anydata", "anyxml", "deviation"],
]);

function undescribed(statement: Statement, path: string): readonly string[] {
  const { keyword, substatements } = statement;
  const says = substatements.some((sub) => sub.keyword === "description" && sub.argument !== "");
  const here = DESCRIBED.has(keyword) && !says ? [path] : [];
  return [
    ...here,
    ...substatements.flatMap((sub) => undescribed(sub, `${path}/${sub.argument ?? sub.keyword}`)),
  ];
}

describe.skipIf(!hasPublished)("against the published modules", () => {
  const pairs = ours.flatMap((file) => {
    const twin = twinOf(file);
    return twin === undefined ? [] : [{ ...file, file, twin }];
  });

  test("every module has its twin, but those that cannot", () => {
    const lonely = ours.filter((file) => twinOf(file) === undefined).map(({ name }) => name);
    expect(lonely.sort()).toEqual(withoutTwin.sort());
  });

  test.each(pairs)("$name@$revision has the same statements", ({ file, twin }) => {
    expect(statementLines(root(file))).toEqual(statementLines(root(twin)));
  });

  describe.each(["all", "none"] as const)("%s features on", (features) => {
    const implement = current.filter((file) => twinOf(file) !== undefined);
    const schemas = [
      compileFrom(ours, implement, features),
      compileFrom(twins, implement, features),
    ];
    const [our, their] = schemas.map(({ schema }) => factsByModule(schema));

    test("both compile", () => {
      expect(schemas.map(({ diagnostics }) => diagnostics.map(text))).toEqual([[], []]);
    });

    test.each(implement)("$name has the same schema tree", ({ name }) => {
      expect(their?.get(name)?.size).toBeGreaterThan(0);
      expect(our?.get(name)).toEqual(their?.get(name));
    });

    test.each(older)("$name@$revision has the same schema tree", (file) => {
      const [mine, theirs] = [ours, twins].map((files) =>
        factsByModule(compileFrom(files, [file], features).schema).get(file.name),
      );
      expect(theirs?.size).toBeGreaterThan(0);
      expect(mine).toEqual(theirs);
    });
  });
});
