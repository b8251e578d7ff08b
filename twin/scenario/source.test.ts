import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "./decode.ts";
import { fileTooLarge, readSource, SCENARIO_BYTES_MAX } from "./source.ts";

function complaint(text: string): string {
  const source = readSource("sale.yaml", text);
  if (!Array.isArray(source)) return "";
  expect(source).toHaveLength(1);
  const { line, column, message, suggestion } = source[0] ?? {};
  return `${line}:${column} ${message}; ${suggestion}`;
}

describe("a text that is no scenario", () => {
  it.each([
    ["", "1:1 the file is empty"],
    ["# only a comment\n", "1:1 the file is empty"],
    ["- a list\n", "1:1 a scenario is a mapping"],
    ["just words\n", "1:1 a scenario is a mapping"],
    ["a:\n\tb: 1\n", "2:1 a tab cannot indent"],
    ["a: 1\na: 2\n", "2:1 this key is given twice"],
    ["a: 1\n---\nb: 2\n", "2:1 more than one document"],
    ["a: *nowhere\n", "an alias (*name) has no anchor"],
    ["a: &a { b: *a }\n", "deep in one another"],
    ["a: !secret 1\n", "1:4 a tag that means nothing here"],
    ["a: [1\nb: 2\n", "not YAML"],
    ["a: \u0000\n", "not UTF-8"],
    ["a: \uFFFD\n", "not UTF-8"],
    ["{".repeat(100_000), "deep in one another"],
    [`a: ${"[".repeat(60)}${"]".repeat(60)}`, "deep in one another"],
    ["x".repeat(SCENARIO_BYTES_MAX + 1), "at most 1 MiB"],
  ])("is one clear problem: %.20j", (text, message) => {
    expect(complaint(text)).toContain(message);
  });

  it("cannot multiply by aliases", () => {
    const nine = (name: string) => `[${Array.from({ length: 9 }, () => `*${name}`).join(", ")}]`;
    const bomb = `a: &a [${"x, ".repeat(9)}]\nb: &b ${nine("a")}\nc: &c ${nine("b")}\nd: &d ${nine("c")}\n`;
    expect(complaint(bomb)).toContain("aliases multiply too often");
  });

  it("never makes the decoder throw", () => {
    const token = fc.constantFrom(
      "name",
      ": ",
      "\n",
      "  ",
      "- ",
      "[",
      "]",
      "{",
      "}",
      ",",
      "&a ",
      "*a",
      "'",
      '"',
      "|",
      ">",
      "%",
      "!t ",
      "? ",
      "#",
      "plans",
      "1",
      "3d",
      "$",
      "\t",
      "<<",
      "audience",
      "sellers",
      "null",
      "~",
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), (tokens) => {
        expect(Array.isArray(decodeScenario({ text: tokens.join(""), path: "f" }))).toBe(true);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

describe("a place in the file", () => {
  const text = 'a:\n  b: 1\n  list:\n    - { c: 2 }\nanchored: &x { d: 3 }\nalias: *x\n"q": 5\n';

  function at(path: readonly (string | number)[], atKey = false): string {
    const source = readSource("sale.yaml", text);
    if (Array.isArray(source)) throw new Error("unreadable");
    const { line, column } = source.place({ path, message: "", suggestion: "", atKey });
    return `${line}:${column}`;
  }

  it("is the value, or the key where the key is at fault", () => {
    expect(at(["a", "b"])).toBe("2:6");
    expect(at(["a", "b"], true)).toBe("2:3");
    expect(at(["a", "list", 0, "c"])).toBe("4:12");
    expect(at(["q"])).toBe("7:6");
  });

  it("is followed through an alias", () => {
    expect(at(["alias", "d"])).toBe("5:19");
  });

  it("is the section where something is missing", () => {
    expect(at(["a", "missing"])).toBe("1:1");
    expect(at(["a", "list", 7])).toBe("3:3");
    expect(at([])).toBe("1:1");
  });
});

describe("a file that is too large", () => {
  it("is refused before it is read", () => {
    expect(fileTooLarge("big.yaml", 100 * 1024 * 1024)).toMatchObject({
      file: "big.yaml",
      message: "the file has 100.0 MiB; a scenario has at most 1 MiB",
    });
  });
});
