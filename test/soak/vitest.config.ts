import { defineConfig } from "vitest/config";

/** One long test in a process of its own; `npm run soak` builds first. */
export default defineConfig({ test: { include: ["test/soak/*.test.ts"], fileParallelism: false } });
