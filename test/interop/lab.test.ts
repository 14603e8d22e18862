import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firstLine, Lab } from "../../src/cli/lab.ts";

// The laboratory that the other files of this folder stand on.

const started: (() => void)[] = [];
let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(async () => {
  for (const end of started.splice(0)) end();
  await lab.close();
});

/** Something that keeps the host's namespace alive when the host is gone. */
async function straggler(name: string, number: number): Promise<void> {
  const host = await lab.host(name, number);
  const child = lab.start(host, "sh", ["-c", "setsid sleep 60 >/dev/null 2>&1 & echo $!"]);
  const pid = Number(await firstLine(child));
  started.push(() => process.kill(pid));
}

test("a laboratory can be built again while a namespace of the last one lives on", async () => {
  await straggler("first", 11);
  await lab.close();
  lab = new Lab();
  const host = await lab.host("first", 11);
  expect(lab.inside(host, "ip", "-br", "link", "show", "eth0")).toContain("UP");
});

test("a laboratory can be built where another was never closed", async () => {
  await straggler("first", 11);
  const unclosed = lab;
  lab = new Lab();
  const host = await lab.host("first", 11);
  expect(lab.inside(host, "ip", "-br", "link", "show", "eth0")).toContain("UP");
  await unclosed.close();
});

test.each(["SIGINT", "SIGTERM"] as const)("a demo that %s ends leaves nothing", async (signal) => {
  const directory = mkdtempSync(join(tmpdir(), "ntpconfd-demo-test-"));
  const main = join(import.meta.dirname, "../../dist/main.js");
  const env = { ...process.env, TMPDIR: directory };
  const demo = spawn(process.execPath, [main, "demo"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  // Both agents run by then.
  const isUnderWay = new Promise<void>((resolve) => {
    demo.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("The clock")) resolve();
    });
  });
  const ended = once(demo, "close");
  await Promise.race([isUnderWay, ended]);
  expect(readdirSync(directory)).not.toEqual([]);
  demo.kill(signal);
  // When the output is closed, whoever could write to it is gone.
  const [status] = await ended;
  expect([status, readdirSync(directory)], said).toEqual([1, []]);
  rmSync(directory, { recursive: true });
});
