import { describe, expect, it } from "vitest";
import { usageOf } from "./usage.ts";

const wrong = (...words: string[]) => {
  const usage = usageOf(words);
  return usage.kind === "wrong" ? usage.message : usage.kind;
};

describe("what a command asks for", () => {
  it("is help wherever --help stands", () => {
    expect(usageOf(["--theme", "dark", "--help"])).toEqual({ kind: "help", verb: null });
    expect(usageOf(["--help"])).toEqual({ kind: "help", verb: null });
    expect(usageOf(["run", "x.yaml", "-h"])).toMatchObject({ kind: "help", verb: { name: "run" } });
    expect(usageOf(["help", "check"])).toMatchObject({ kind: "help", verb: { name: "check" } });
  });

  it("is a verb where every flag is one of its own", () => {
    const words = ["run", "x.yaml", "--seed", "a", "--set=a.b=1", "--set", "c=2", "--json"];
    expect(usageOf(words)).toMatchObject({ kind: "verb", verb: { name: "run" } });
  });

  it("names the nearest verb and the nearest flag", () => {
    expect(wrong("comapre")).toBe("there is no verb `comapre`. Did you mean `compare`?");
    expect(wrong("run", "x", "--seeed", "1")).toBe(
      "`rehearse run` has no flag --seeed. Did you mean --seed?",
    );
    expect(wrong("frobnicate")).toContain(
      "The verbs are run, compare, explain, report, forecast, import, fit, replay, serve, follow, load, calibrate, check",
    );
    expect(wrong("run", "x", "-s")).toContain("has no flag -s");
  });

  it("says which verbs have a flag that this one has not", () => {
    expect(wrong("run", "x", "--plans", "a,b")).toBe(
      "`rehearse run` has no flag --plans; compare, explain have.",
    );
  });

  it("asks for a value that is missing and refuses one that is not taken", () => {
    expect(wrong("run", "x", "--seeds")).toBe("--seeds needs a value: --seeds N.");
    expect(wrong("run", "x", "--seed", "--json")).toBe("--seed needs a value: --seed S.");
    expect(wrong("run", "x", "--json=yes")).toBe("--json takes no value (got --json=yes).");
  });

  it("refuses an empty value, which is no file, no seed and no number", () => {
    expect(wrong("run", "x", "--out", "")).toBe("--out needs a value: --out FILE.");
    expect(wrong("run", "x", "--out=")).toBe("--out needs a value: --out FILE.");
    expect(wrong("run", "x", "--seed", "")).toBe("--seed needs a value: --seed S.");
  });

  it("takes a flag once, unless it may be repeated", () => {
    expect(wrong("run", "x", "--quiet", "--quiet")).toBe("--quiet is given twice; once is enough.");
    expect(wrong("run", "x", "--seed", "a", "--seed=b")).toBe(
      "--seed is given twice; it takes one value. Keep one of the two.",
    );
    expect(wrong("run", "x", "--set", "a=1", "--set", "b=2", "--out=a.md", "--out=b.md")).toBe(
      "verb",
    );
  });

  it("takes what looks like a flag but is the value of one", () => {
    expect(wrong("run", "x", "--seed=--odd")).toBe("verb");
    expect(wrong("run", "x", "--set", "a=--b")).toBe("verb");
  });
});
