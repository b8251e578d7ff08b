import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{engine,store,twin,scenarios,tui,build}/**/*.test.ts"],
    testTimeout: 60_000,
    pool: "forks",
  },
});
