/** The job of docs/ci.md: its script does what the page says, on a scenario of a second. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");
const folder = mkdtempSync(join(tmpdir(), "rehearse-ci-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Job {
  readonly env: Readonly<Record<string, string | number>>;
  readonly steps: readonly {
    readonly name?: string;
    readonly run?: string;
    readonly uses?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}

const page = readFileSync("docs/ci.md", "utf8");
const workflow = /^```yaml\n(?<yaml>.*?)^```$/msu.exec(page)?.groups?.yaml ?? "";
const job = parse(workflow).jobs.rehearsal as Job;
const script = job.steps.find(({ name }) => name === "Rehearse")?.run ?? "";

/** A checkout whose golden is small, and in which `npx rehearse` is the program as it is shipped. */
function checkout(name: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, "bin"), { recursive: true });
  mkdirSync(join(path, "scenarios/golden"), { recursive: true });
  copyFileSync("scenarios/small-drop.yaml", join(path, "scenarios/small-drop.yaml"));
  const goldens = [{ scenario: "../small-drop.yaml", scale: "5%", seeds: 1 }];
  writeFileSync(join(path, "scenarios/golden/manifest.json"), JSON.stringify({ goldens }));
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${BUNDLE}" "$@"\n`;
  writeFileSync(join(path, "bin/npx"), npx);
  chmodSync(join(path, "bin/npx"), 0o755);
  return path;
}

/** As a GitHub job runs a step: bash that stops at the first failure, with the job's environment. */
function runIn(path: string) {
  const summary = join(path, "summary.md");
  const defaults = Object.entries(job.env).map(([name, value]) => [name, String(value)]);
  const ran = spawnSync("bash", ["-e", "-o", "pipefail", "-c", script], {
    cwd: path,
    encoding: "utf8",
    env: {
      ...process.env,
      ...Object.fromEntries(defaults),
      PATH: `${join(path, "bin")}:${process.env.PATH}`,
      GITHUB_STEP_SUMMARY: summary,
      SCALE: "5%",
      SEEDS: "2",
    },
  });
  return { code: ran.status, summary: readFileSync(summary, "utf8") };
}

describe("the job of docs/ci.md", () => {
  it("leaves both summaries on its page and the reports in what it uploads", () => {
    const path = checkout("small");
    const golden = ["check", "scenarios/small-drop.yaml", "--update"];
    expect(spawnSync(process.execPath, [BUNDLE, ...golden], { cwd: path }).status).toBe(0);
    const { code, summary } = runIn(path);
    expect([0, 1]).toContain(code);
    expect(summary).toContain("## Goldens: all 1 goldens met");
    expect(summary).toContain("## small-drop: batched against simultaneous, 2 seeds a plan");
    expect(summary).toContain("### What happened");
    const upload = job.steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
    const reports = join(path, String(upload?.with?.path));
    const result = JSON.parse(readFileSync(join(reports, "result.json"), "utf8"));
    expect(result.exit.code).toBe(code);
    const html = readFileSync(join(reports, "report.html"), "utf8");
    expect(html).toContain(result.plans.batched.digest[1]);
    for (const name of ["goldens.xml", "junit.xml"])
      expect(readFileSync(join(reports, name), "utf8")).toContain("<testsuites");
  });

  it("compares also where a golden is not met, and fails", () => {
    const { code, summary } = runIn(checkout("without-golden"));
    expect(code).toBe(1);
    expect(summary).toContain("## Goldens: 1 of 1 goldens missed: small-drop");
    expect(summary).toContain("## small-drop: batched against simultaneous");
  });
});
