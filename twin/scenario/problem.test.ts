import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearest, renderProblem, showValue, suggestName } from "./problem.ts";

describe("a problem on one line", () => {
  const problem = {
    file: "sale.yaml",
    line: 12,
    column: 3,
    path: "audience.visit",
    value: '"12%"',
    message: "unknown key",
    suggestion: "did you mean visits?",
  };

  it("says where, what, what was found and what to write", () => {
    expect(renderProblem(problem)).toBe(
      'sale.yaml:12:3: audience.visit: unknown key (got "12%"). Did you mean visits?',
    );
  });

  it("leaves out what there is nothing to say about", () => {
    const bare = { ...problem, line: 0, column: 0, path: "", value: "", suggestion: "" };
    expect(renderProblem({ ...bare, file: "--set x" })).toBe("--set x: unknown key");
    expect(renderProblem({ ...bare, suggestion: "remove it" })).toBe(
      "sale.yaml: unknown key. Remove it.",
    );
  });

  it("writes out what would steer a terminal, wherever it came from", () => {
    const hostile = { file: "a\u001b[2J.yaml", path: "\u202ekey", message: '"\u0007h" is no unit' };
    expect(renderProblem({ ...problem, ...hostile })).toBe(
      'a\\u001b[2J.yaml:12:3: \\u202ekey: "\\u0007h" is no unit (got "12%"). Did you mean visits?',
    );
  });

  it("shortens what was found", () => {
    expect(showValue({ a: "x".repeat(500) })).toHaveLength(60);
    expect(showValue(undefined)).toBe("");
    expect(showValue(null)).toBe("null");
  });
});

describe("the nearest name", () => {
  const known = ["recipients", "visits", "click-delay", "delivery-delay", "sender-rate"];

  it.each([
    ["visit", "visits"],
    ["vists", "visits"],
    ["clickDelay", "click-delay"],
    ["click_delay", "click-delay"],
    ["recipient", "recipients"],
    ["sender", "sender-rate"],
  ])("of %s is %s", (written, expected) => {
    expect(nearest(written, known)).toBe(expected);
  });

  it("is none where nothing is near, and then all are named", () => {
    expect(nearest("colour", known)).toBeNull();
    expect(suggestName("colour", known)).toContain("recipients, visits");
    expect(suggestName("colour", [])).toBe("leave it out");
  });
});

describe("the distance between two words", () => {
  it("counts insertions, deletions, replacements and swaps", () => {
    expect(editDistance("visits", "visits")).toBe(0);
    expect(editDistance("visit", "visits")).toBe(1);
    expect(editDistance("vistis", "visits")).toBe(1);
    expect(editDistance("", "abc")).toBe(3);
  });

  it("is the same both ways and at most the longer word", () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (one, other) => {
        expect(editDistance(one, other)).toBe(editDistance(other, one));
        expect(editDistance(one, other)).toBeLessThanOrEqual(Math.max(one.length, other.length));
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
