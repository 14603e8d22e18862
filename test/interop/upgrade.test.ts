import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAgent } from "../../scripts/agent-process.ts";

// A real agent whose modules were exchanged for others, under which what it keeps is not valid.

const older = `
  leaf kept { type string; }
  leaf gone { type string; }
  leaf narrowed { type uint8; }
  list pump { key name; leaf name { type string; } leaf power { type uint16; } }`;
const newer = `
  leaf kept { type string; }
  leaf narrowed { type uint8 { range "0..9"; } }
  list pump { key name; leaf name { type string { length "2..8"; } } leaf power { type uint16; } }`;
/** Types are as they were: it is only together that the nodes are not valid. */
const stricter = `${older}
  leaf needed { type string; mandatory true; }
  leaf-list ok { type string; must "../gone = 'no'"; min-elements 1; }`;

const content = `<plant xmlns="urn:plant"><kept>k</kept><gone>g</gone><narrowed>200</narrowed>
  <pump><name>p</name><power>7</power></pump><pump><name>long</name></pump></plant>`;

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "ntpconfd-upgrade-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function install(nodes: string): string {
  const folder = join(directory, "yang");
  mkdirSync(folder, { recursive: true });
  const head = `module plant { yang-version 1.1; namespace "urn:plant"; prefix p;`;
  writeFileSync(join(folder, "plant.yang"), `${head} container plant { ${nodes} } }\n`);
  return folder;
}

function agent(folder: string, more: readonly string[]): ReturnType<typeof startAgent> {
  return startAgent(directory, ["--yang-dir", folder, "--implement", "plant", ...more]);
}

/** Every file of the state directory that holds a configuration. */
function stored(): ReadonlyMap<string, string> {
  const folder = join(directory, "state");
  const names = readdirSync(folder).filter((name) => /^(startup|running|journal)/.test(name));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** What `ntpconfd check --data` says of the stored configuration, without the file's name. */
function checked(folder: string, file: string): readonly string[] {
  const data = ["--data", join(directory, "state", file), "--type", "config"];
  const words = ["dist/main.js", "check", "--yang-dir", folder, "plant", ...data];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  expect(status).toBe(1);
  const lines = stderr.trim().split("\n");
  return lines.map((line) => line.replace(/^.*: error: /, "").replace(/ \[[^\]]*\]$/, ""));
}

const upgrades = [
  {
    nodes: newer,
    faults: [
      "/plant:plant: <gone>: there is no such node here",
      "/plant:plant/narrowed: 200 is not in the range 0..9",
      '/plant:plant/pump/name: "p" has length 1: it must be 2..8',
    ],
  },
  {
    nodes: stricter,
    faults: [
      "/plant:plant/needed is mandatory and is missing",
      "/plant:plant/ok: 0 entries are fewer than 1",
    ],
  },
];

test.each([
  ["startup", []],
  ["running", ["--no-startup"]],
])(
  "what was kept (%s) and is no longer valid is told node by node, and stays",
  async (file, more) => {
    rmSync(join(directory, "state"), { recursive: true, force: true });
    const first = await agent(install(older), more);
    try {
      const manager = await first.connect();
      const edit = `<edit-config><target><candidate/></target><config>${content}</config></edit-config>`;
      await manager.rpc(edit);
      await manager.rpc("<commit/>");
      const save = "<target><startup/></target><source><running/></source>";
      if (file === "startup") await manager.rpc(`<copy-config>${save}</copy-config>`);
      manager.close();
    } finally {
      await first.kill();
    }
    // What is in the journal goes into the snapshot at a start that succeeds.
    await (await agent(install(older), more)).kill();
    const before = stored();
    for (const { nodes, faults } of upgrades) {
      const folder = install(nodes);
      const told = await agent(folder, more).then(
        () => "it started",
        (error: Error) => error.message,
      );
      const lines = told.split("\n").filter((line) => line !== "");
      expect(lines.map((line) => line.replace(/^.*ntpconfd: /, ""))).toEqual(
        faults.map((fault) => `stored ${file}: ${fault}`),
      );
      expect(checked(folder, file)).toEqual(faults);
      expect(stored()).toEqual(before);
    }
    const again = await agent(install(older), more);
    try {
      const manager = await again.connect();
      const reply = await manager.rpc("<get-config><source><running/></source></get-config>");
      expect(JSON.stringify(reply)).toContain("gone");
      manager.close();
    } finally {
      await again.kill();
    }
  },
);
