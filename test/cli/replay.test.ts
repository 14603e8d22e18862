import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAgent } from "../../src/agent/index.ts";
import { atRestVault, FileStorage, systemRandom } from "../../src/host/index.ts";
import { KeptModules } from "../../src/host/record/kept-modules.ts";
import { Recorder } from "../../src/host/record/recorder.ts";
import { loadSchema, moduleFinder } from "../../src/host/served-modules.ts";
import { World } from "../agent/world.ts";

// ntpconfd replay as it was built, on the record of a simulated agent.

const root = resolve(import.meta.dirname, "../..");
const asked = { yangFolders: [], implement: [], features: [], hasStartup: true };
const rpcs = 5;

let directory = "";
let record = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "ntpconfd-replay-command-"));
  const vault = atRestVault(new FileStorage(join(directory, "state")), systemRandom);
  record = join(directory, "record");
  const recorder = new Recorder({
    path: record,
    vault,
    random: systemRandom,
    log: () => undefined,
  });
  const world = new World();
  const modules = new KeptModules(moduleFinder(asked));
  loadSchema(asked, modules);
  const clock = { now: () => world.now, wall: () => ({ at: world.now, unix: 0n }) };
  const host = world.host({
    address: "192.0.2.2",
    boot: (options) => recorder.boot({ options, modules, asked, clock }, createAgent),
  });
  const session = host.session();
  for (let i = 0; i < rpcs; i++) session.rpc("<validate><source><running/></source></validate>");
  recorder.close();
});
afterAll(() => rmSync(directory, { recursive: true }));

function replay(program: string, ...words: readonly string[]) {
  const all = [program, "replay", "--state-dir", join(directory, "state"), ...words, record];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: "utf8" });
  // How far it is, it says where it takes long: that depends on the machine.
  return { status, stdout, stderr: stderr.replace(/^\d+ events over .* so far\n/gm, "") };
}

const main = join(root, "dist/main.js");

test("--until is so many events and no more, and --print has a line for each", () => {
  const whole = replay(main);
  const [, count] = /^(\d+) events replayed over .*, all effects as recorded\n$/.exec(
    whole.stdout,
  ) ?? [whole.stderr];
  expect(Number(count)).toBeGreaterThan(rpcs);
  expect([whole.status, whole.stderr]).toEqual([0, ""]);
  const some = replay(main, "--until", "3", "--print");
  const lines = some.stdout.trimEnd().split("\n");
  expect(lines.slice(0, -1).map((line) => /^\S+Z {2}(\d+) {2}/.exec(line)?.[1])).toEqual([
    // The start is before all events.
    ...["0", "1", "2", "3"],
  ]);
  expect(lines.at(-1)).toMatch(/^3 events replayed over /);
  expect(some.status).toBe(0);
});

test.each(["0", "1.5"])("--until %s is refused", (number) => {
  const { status, stderr, stdout } = replay(main, "--until", number);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("It is 1 or more.");
});

test("another version says so, and replays all the same", () => {
  const other = join(directory, "other");
  mkdirSync(other);
  cpSync(join(root, "dist"), join(other, "dist"), { recursive: true });
  for (const name of ["yang", "node_modules"]) symlinkSync(join(root, name), join(other, name));
  const packed = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(other, "package.json"), JSON.stringify({ ...packed, version: "99.9.9" }));
  const { status, stderr, stdout } = replay(join(other, "dist/main.js"));
  expect(stderr).toBe(
    `recorded by ntpconfd ${packed.version}, and this is 99.9.9: it may do otherwise\n`,
  );
  expect(stdout).toMatch(/all effects as recorded\n$/);
  expect(status).toBe(0);
});
