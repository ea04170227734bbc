import { defineConfig } from "vitest/config";

/** Real programs: one at a time, with time to start. */
export default defineConfig({
  test: {
    include: ["test/clients/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
