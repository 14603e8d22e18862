import { expect, test } from "vitest";
import { killRuns } from "../../scripts/kill-run.ts";

// Twenty kill -9 under a stream of commits; `npm run kill` does a thousand.

test.each([true, false])("a kill at any moment loses nothing (startup: %s)", async (hasStartup) => {
  const figures = await killRuns({ times: 10, seed: 42, hasStartup });
  expect(figures.kills).toBe(10);
  // How many depends on the machine; none at all, and nothing was tried.
  expect(figures.acknowledged).toBeGreaterThan(2);
});
