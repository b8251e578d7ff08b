import { describe, expect, it } from "vitest";
import { fnv1a } from "./fnv.ts";

describe("FNV-1a", () => {
  it("gives the published numbers", () => {
    // The reference vectors of Noll's test suite.
    expect(fnv1a("")).toBe(0x811c9dc5);
    expect(fnv1a("a")).toBe(0xe40c292c);
    expect(fnv1a("foobar")).toBe(0xbf9cf968);
  });

  it("gives another lane for another basis", () => {
    expect(fnv1a("a", 0x050c5d1f)).not.toBe(fnv1a("a"));
  });
});
