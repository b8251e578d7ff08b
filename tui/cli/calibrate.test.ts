import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { tellsProcessorTime } from "../calibration/processor-time.ts";
import { AccuracyForm } from "../report/accuracy-schema.ts";
import { takenBy } from "../report/testing/held-to-form.ts";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");

function calibrate(...words: string[]) {
  const ran = spawnSync(process.execPath, [BUNDLE, "calibrate", ...words], {
    encoding: "utf8",
    env: { ...process.env, REHEARSE_REDIS_URL: "", REHEARSE_POSTGRES_URL: "" },
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

describe("rehearse calibrate", () => {
  it("says what is missing before it starts anything", () => {
    const half = calibrate("--redis", "redis://127.0.0.1:1");
    expect(half).toMatchObject({ code: 2, out: "" });
    expect(half.err).toContain("give --redis and --postgres");
    const page = calibrate("--out", "page.html");
    expect(page).toMatchObject({ code: 2, out: "" });
    expect(page.err).toContain(".json, .md");
  });

  it("says why a store could not be opened, and leaves none behind", () => {
    const gone = ["--redis", "redis://127.0.0.1:1", "--postgres", "postgres://127.0.0.1:1/none"];
    const { code, err } = calibrate("--quick", ...gone);
    expect(code).toBe(2);
    expect(err).toMatch(/calibrate: the store ended before it was open/);
  }, 30_000);

  it.skipIf(!tellsProcessorTime())(
    "prints its score by the form, whatever it was",
    () => {
      const { code, out } = calibrate("--validate", "--quick", "--memory", "--json");
      expect([0, 4]).toContain(code);
      const [report] = takenBy(AccuracyForm, out).reports;
      expect(report?.cells).toHaveLength(6);
    },
    120_000,
  );
});
