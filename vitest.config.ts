import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./build/slowest-first.ts";

export default defineConfig({
  test: {
    include: ["{engine,store,twin,scenarios,tui,build}/**/*.test.ts"],
    globalSetup: [
      "build/test-folder.ts",
      // Starts nothing before a test file asks for Redis, PostgreSQL or Chromium.
      "build/test-servers.ts",
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // A file loads what it needs once for all: small ones spent two thirds of their time on loading
    // it anew. What a test changes for the whole process (a clock, the environment), it puts back.
    isolate: false,
    // One core is left free by default, which on a machine of two is half of it. More workers than
    // cores took longer, and a store whose network fails was called lost too early.
    maxWorkers: "100%",
    sequence: { sequencer: SlowestFirst },
  },
});
