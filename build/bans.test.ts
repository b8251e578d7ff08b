import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bansIn, bansUnder } from "./bans.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const planted = [
  "const t = Date.now();",
  "const { now } = Date;",
  "const t = globalThis.Date.now();",
  "const t = new Date();",
  "const t = Date();",
  "const x = Math.random();",
  'const x = Math["random"]();',
  "const { random } = Math;",
  "const x = Math.log(2);",
  "const x = 2 ** 0.5;",
  "const t = performance.now();",
  "const e = process.env.HOME;",
  "for (const key in {}) key;",
  "const s = (1).toLocaleString();",
  "setTimeout(() => 0, 1);",
  "const later = setImmediate;",
  "globalThis.queueMicrotask(() => 0);",
  "const id = crypto.randomUUID();",
  "const m = HashMap.empty();",
  "const p = Effect.promise(() => Promise.resolve(1));",
];

const harmless = [
  "const t = clock.now();",
  "const x = Math.floor(1.5) + Math.sqrt(2) + Math.imul(3, 4);",
  "const limit = 2 ** 53;",
  "const d = new Date(0);",
  "class Clock { setTimeout = 3; }",
  "const x = random.next();",
  "for (const key of [1]) key;",
];

describe("the bans that keep a rehearsal deterministic", () => {
  it.each(planted)("refuse %s", (text) => {
    expect(bansIn("planted.ts", text)).not.toEqual([]);
  });

  it.each(harmless)("leave %s alone", (text) => {
    expect(bansIn("harmless.ts", text)).toEqual([]);
  });

  it("say where", () => {
    const [ban] = bansIn("engine/x.ts", "\nconst t =\n  Date.now();");
    expect(ban).toMatchObject({ path: "engine/x.ts", line: 3, column: 3, what: "Date.now" });
  });

  it("find nothing in the project", () => {
    expect(bansUnder(root)).toEqual([]);
  });
});
