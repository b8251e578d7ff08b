import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const page = readFileSync("docs/security.md", "utf8");

/** Each test that the page names: the file, and words of the test's name. */
function testsOf(text: string): readonly (readonly [file: string, words: readonly string[]])[] {
  const named = text.matchAll(/`([^`]+\.test\.ts)`[^:"|]*:((?: ?"[^"]+",?)+)/g);
  return [...named].map(([, file = "", words = ""]) => [
    file,
    [...words.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name),
  ]);
}

describe("the page on security", () => {
  const tests = testsOf(page);

  it("names a test for every point", () => {
    const [, table = ""] = page.split("## What is tested where");
    const rows = table
      .split("\n")
      .filter((line) => line.startsWith("| ") && !/^\| point/.test(line));
    expect(rows.length).toBeGreaterThan(18);
    for (const row of rows) expect(testsOf(row).length, row.slice(0, 80)).toBeGreaterThan(0);
    const files = [...page.matchAll(/`([^`]+\.test\.ts)`/g)];
    expect(tests).toHaveLength(files.length);
  });

  it.each(tests)("names tests that there are in %s", (file, words) => {
    expect(existsSync(file)).toBe(true);
    const names = [
      ...readFileSync(file, "utf8").matchAll(/\bit(?:\.each\([^)]*\))?\(\s*"([^"]+)"/g),
    ];
    for (const word of words) {
      expect(
        names.some(([, name = ""]) => name.includes(word)),
        word,
      ).toBe(true);
    }
  });
});
