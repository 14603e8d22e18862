import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstLine } from "../../src/cli/lab.ts";

// The package as npm would install it elsewhere: what is packed, and what it depends on, alone.

const checkout = resolve(import.meta.dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "ntpconfd-package-"));
const installed = join(directory, "node_modules/ntpconfd");
const program = join(installed, "dist/main.js");

function packed(): readonly string[] {
  const words = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const text = execFileSync("npm", words, { cwd: checkout, encoding: "utf8" });
  const [{ files }] = JSON.parse(text);
  return files.map(({ path }: { readonly path: string }) => path);
}

/** What the lock file says is there without --include=dev. */
function runtimePackages(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(checkout, "package-lock.json"), "utf8"));
  return Object.entries<{ readonly dev?: boolean; readonly devOptional?: boolean }>(packages)
    .filter(([path, { dev, devOptional }]) => path !== "" && !dev && !devOptional)
    .map(([path]) => path);
}

let files: readonly string[] = [];

beforeAll(() => {
  files = packed();
  for (const file of files) {
    mkdirSync(dirname(join(installed, file)), { recursive: true });
    cpSync(join(checkout, file), join(installed, file));
  }
  for (const path of runtimePackages()) {
    // A package of another platform is in the lock file and not on the disk; nested ones come along.
    if (path.lastIndexOf("node_modules/") > 0) continue;
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    symlinkSync(join(checkout, path), join(directory, path));
  }
});

afterAll(() => rmSync(directory, { recursive: true }));

test("it holds the program, the modules and the pages, and nothing of the workshop", () => {
  for (const file of ["dist/main.js", "README.md", "docs/tutorial.md", "docs/page.png"]) {
    expect(files).toContain(file);
  }
  expect(files.some((file) => file.startsWith("yang/ietf-ntp@"))).toBe(true);
  expect(
    files.filter((file) => /^(src|test|scripts|node_modules)\/|\.tsbuildinfo/.test(file)),
  ).toEqual([]);
});

test("it starts elsewhere, finds its modules, and is ready", async () => {
  const env = { PATH: process.env.PATH, HOME: directory, NTPCONFD_PASSWORD: "Package-Pass-1!" };
  const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
  const told = execFileSync(process.execPath, ["--preserve-symlinks", program, "--version"], {
    cwd: directory,
    env,
    encoding: "utf8",
  });
  expect(told.trim()).toBe(version);
  const where = ["--netconf", "127.0.0.1:0", "--http", "127.0.0.1:0", "--log-level", "error"];
  const agent = spawn(process.execPath, ["--preserve-symlinks", program, "serve", ...where], {
    cwd: directory,
    env,
  });
  const ended = new Promise((done) => agent.once("exit", done));
  let complaints = "";
  agent.stderr.on("data", (bytes: Buffer) => {
    complaints += bytes.toString();
  });
  const ready = await firstLine(agent).catch((error: Error) => `${error.message}: ${complaints}`);
  agent.kill();
  expect(ready).toMatch(/^ready netconf=127\.0\.0\.1:\d+ http=127\.0\.0\.1:\d+$/);
  expect(await ended).toBe(0);
});
