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
