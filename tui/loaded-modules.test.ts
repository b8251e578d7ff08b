import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** The program as it is shipped; `npm test` builds it first. */
const ENTRY = resolve("dist/rehearse.js");

/** What a file loads before it does anything: its imports that wait for nobody. */
function importsOf(path: string): readonly string[] {
  const text = readFileSync(path, "utf8");
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*"(\.\/[^"]+)"/g);
  return [...found].map(([, name = ""]) => resolve(dirname(path), name));
}

function loadedWith(path: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(path)) return loaded;
  loaded.add(path);
  for (const next of importsOf(path)) loadedWith(next, loaded);
  return loaded;
}

const holds = (path: string, mark: string) => readFileSync(path, "utf8").includes(mark);

/** Texts that survive bundling: the errors of Ink, React's elements, the emulator, Effect. */
const MARKS = [
  "must be rendered inside <Text>",
  "react.transitional.element",
  "DECSET",
  "effect/Cause",
];

describe("the program before a verb or the screens are asked for", () => {
  const loaded = [...loadedWith(ENTRY)];
  const chunks = readdirSync(dirname(ENTRY)).filter((file) => /^rehearse-\w{8}\.js$/.test(file));

  it("is small", () => {
    expect(loaded.length).toBeGreaterThan(1);
    const bytes = loaded.reduce((sum, path) => sum + readFileSync(path).length, 0);
    expect(bytes).toBeLessThan(100_000);
  });

  it.each(MARKS)("has loaded nothing of what holds %s", (mark) => {
    expect(chunks.filter((file) => holds(resolve("dist", file), mark))).not.toEqual([]);
    expect(loaded.filter((path) => holds(path, mark))).toEqual([]);
  });
});
