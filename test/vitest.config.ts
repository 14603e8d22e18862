import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/interop/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // No module has state of its own (see test/tidy.test.ts), so the files that a worker runs can
    // share those that they import, and what they made hot.
    isolate: false,
    maxWorkers: availableParallelism(),
  },
});
