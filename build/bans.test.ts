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
  "const M = Math; M.random();",
  "const x = [Math].map((m) => m.random());",
  "const x = Reflect.get(Math, name)();",
  "const x = Math[name]();",
  "const x = (Math).random();",
  "const { floor } = Math;",
  'const x = globalThis["Math"].random();',
  'const x = globalThis["Math"]["random"]();',
  "const M = globalThis.Math;",
  "const { Math: M } = globalThis;",
  "const g = globalThis;",
  "const x = global.Math.random();",
  "const x = Math.sinh(2) + Math.f16round(1);",
  "const D = Date; new D();",
  'const order = ["b", "a"].sort((a, b) => a.localeCompare(b));',
  'const s = (1)["toLocaleString"]();',
  "const f = new Intl.NumberFormat();",
  "const I = Intl;",
];

const harmless = [
  "const t = clock.now();",
  "const x = Math.floor(1.5) + Math.sqrt(2) + Math.imul(3, 4);",
  "const limit = 2 ** 53;",
  "const d = new Date(0);",
  "class Clock { setTimeout = 3; }",
  "const x = random.next();",
  "const x = Math.PI + Math.LOG2E + Math.max(1, Math.trunc(2.5));",
  "const { Math: other } = { Math: 1 };",
  "type Sum = typeof Math;",
  "const d = new globalThis.Date(0);",
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
