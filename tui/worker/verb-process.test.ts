import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { VerbProcess } from "./verb-process.ts";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");

describe("a verb in a process of its own", () => {
  it("answers what it prints, tells what it tells, and how it ended", async () => {
    const { code, out, err } = await new VerbProcess(BUNDLE, ["--version"]).answered;
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/u);
    const refused = await new VerbProcess(BUNDLE, ["validate", "missing.yaml"]).answered;
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("missing.yaml");
  });

  it("ends when it is stopped, however much is left to do", async () => {
    const words = ["compare", "scenarios/webstore-black-friday.yaml", "--seeds", "50"];
    const verb = new VerbProcess(BUNDLE, words);
    await verb.stop();
    const { code } = await verb.answered;
    expect(code).not.toBe(0);
  });

  it("says why it could not be started", async () => {
    const { code, err } = await new VerbProcess("/nowhere/rehearse.js", []).answered;
    expect(code).not.toBe(0);
    expect(err).toContain("/nowhere/rehearse.js");
  });
});
