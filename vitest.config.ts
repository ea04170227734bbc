import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/clients/**", "test/soak/**", "**/node_modules/**", "dist/**"],
    // Most tests wait for sockets and processes; with one worker, which is vitest's choice on two cores, they wait in a row.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
