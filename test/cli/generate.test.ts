import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { runGenerate } from "../../src/cli/generate.ts";
import { typeErrors } from "../codegen/compile.ts";

const own = resolve(import.meta.dirname, "../../yang");
const folders: string[] = [];

function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), "generate-"));
  folders.push(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

function run(modules: readonly string[], yangFolders: readonly string[]) {
  const out = folder();
  const lines: string[] = [];
  const complain = (line: string): void => {
    lines.push(line);
  };
  const status = runGenerate({ modules, yangFolders, out, complain });
  const files = readdirSync(out).map(
    (name) => [name, readFileSync(join(out, name), "utf8")] as const,
  );
  return { status, lines, files: new Map(files) };
}

afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

describe("ntpconfd generate", () => {
  test("writes a file that compiles for each module that was named, and for no other", () => {
    const { status, files } = run(["ietf-ntp", "ietf-interfaces"], [own]);
    expect(status).toBe(0);
    expect([...files.keys()].sort()).toEqual(["ietf-interfaces.ts", "ietf-ntp.ts"]);
    expect(files.get("ietf-ntp.ts")).toMatch(
      /^\/\/ Generated from ietf-ntp@2022-07-05 by ntpconfd/,
    );
    // Nobody named what augments it.
    expect(files.get("ietf-ntp.ts")).not.toContain("ntpconfd-ntp");
    expect(typeErrors(files)).toEqual([]);
  });

  test("takes a module from the first folder that has it", () => {
    const mine = 'module ietf-ntp { namespace "urn:mine"; prefix m; leaf mine { type string; } }';
    const { status, files } = run(["ietf-ntp"], [folder({ "ietf-ntp.yang": mine }), own]);
    expect(status).toBe(0);
    expect(files.get("ietf-ntp.ts")).toContain('readonly "ietf-ntp:mine"?: string;');
  });

  test("says what is wrong where it is wrong, and writes nothing", () => {
    const bad = 'module bad {\n  namespace "urn:b"; prefix b;\n  leaf x { type nothing; }\n}';
    const path = folder({ "bad.yang": bad });
    const { status, lines, files } = run(["bad"], [path]);
    expect(status).toBe(1);
    expect(files.size).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`${join(path, "bad.yang")}:3:`);
    expect(lines[0]).toContain("error: ");
    expect(lines[0]).toContain("nothing");
  });

  test("a module that is nowhere is named", () => {
    const { status, lines, files } = run(["nowhere"], [own]);
    expect([status, files.size]).toEqual([1, 0]);
    expect(lines.join("\n")).toContain("nowhere");
  });
});
