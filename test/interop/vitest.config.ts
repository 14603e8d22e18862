import { defineConfig } from "vitest/config";

// Real clients and daemons, one file after the other: they share two cores and a network.
export default defineConfig({
  test: {
    include: ["test/interop/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
