import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "vitest";
import { Reader } from "./pages.ts";
import { peer, pythonModule } from "./peers.ts";

// README.md and the pages of docs/, typed as they stand.

let directory: string;
let reader: Reader | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ntpconfd-docs-"));
});

afterEach(async () => {
  await reader?.close();
  rmSync(directory, { recursive: true, force: true });
});

test("docs/tutorial.md: from nothing to an authenticated manycast domain", async () => {
  reader = await Reader.at(directory, ["alpha", "beta", "gamma"]);
  await reader.follow("tutorial.md");
});

const peers = [pythonModule("ncclient"), peer("ansible"), peer("yangcli"), peer("curl")];

test.skipIf(peers.includes(undefined))("docs/how-to.md and docs/monitoring.md", async () => {
  reader = await Reader.at(directory, ["agent"]);
  await reader.follow("how-to.md");
  await reader.follow("monitoring.md");
});

test.skipIf(pythonModule("ncclient") === undefined)("README.md", async () => {
  reader = await Reader.at(directory, ["agent"]);
  await reader.follow("../README.md");
});
