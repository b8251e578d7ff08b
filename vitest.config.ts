import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./build/slowest-first.ts";

export default defineConfig({
  test: {
    include: ["{engine,store,twin,scenarios,tui,build}/**/*.test.ts"],
    // Starts nothing before a test file asks for Redis, PostgreSQL or Chromium.
    globalSetup: "build/test-servers.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // A file loads what it needs once for all: small ones spent two thirds of their time on loading
    // it anew. What a test changes for the whole process (a clock, the environment), it puts back.
    isolate: false,
    // One more than there are cores: browsers, servers and terminals are waited for half of the time.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowestFirst },
  },
});
