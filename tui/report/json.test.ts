import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./json.ts";

describe("canonical JSON", () => {
  it("reads back as the value it was written from", () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      const again: unknown = JSON.parse(canonicalJson(value));
      expect(JSON.stringify(again)).toBe(JSON.stringify(value));
    });
    fc.assert(property, { seed: 11, numRuns: 300 });
  });

  it("keeps keys in their order, small records on one line, and ends with a line end", () => {
    const text = canonicalJson({
      b: 1,
      a: { mean: 0.1, n: 3 },
      list: [1, 2],
      empty: {},
      rows: [{ x: 1 }],
    });
    expect(text).toBe(
      [
        "{",
        '  "b": 1,',
        '  "a": { "mean": 0.1, "n": 3 },',
        '  "list": [1, 2],',
        '  "empty": {},',
        '  "rows": [',
        '    { "x": 1 }',
        "  ]",
        "}",
        "",
      ].join("\n"),
    );
  });

  it("leaves out what is not there and writes what is no number as null", () => {
    expect(canonicalJson({ gone: undefined, none: Number.NaN })).toBe('{\n  "none": null\n}\n');
  });
});
