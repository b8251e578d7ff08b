import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect, Either } from "effect";
import { afterAll, describe, expect, it } from "vitest";
import { decodeScenario } from "../../twin/scenario/decode.ts";
import { RUN_FORMATS } from "../report/report-files.ts";
import { cutToBytes } from "../report/text-cut.ts";
import { comparedPlans } from "./compare.ts";
import { appendStepSummary, eventsFile, outputFiles, STEP_SUMMARY_BYTES_MAX } from "./outputs.ts";
import { Shell, type ShellService, type VerbFailure } from "./shell.ts";

const ANY = { formats: RUN_FORMATS, reads: [] };
const folder = mkdtempSync(join(tmpdir(), "outputs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const problem = <A>(effect: Effect.Effect<A, VerbFailure>): string =>
  Either.match(Effect.runSync(Effect.either(effect)), {
    onLeft: ({ lines }) => lines.join("\n"),
    onRight: () => "",
  });

describe("files that a verb writes", () => {
  it("are named by endings that say their format", () => {
    const paths = ["a.json", "b.MD", "c.xml", "d.html", "e.csv"].map((name) => join(folder, name));
    const files = Effect.runSync(outputFiles(paths, ANY));
    expect(files.map(({ format }) => format)).toEqual(["json", "md", "xml", "html", "csv"]);
    expect(problem(outputFiles([join(folder, "x.pdf")], ANY))).toContain(
      "one of .json, .html, .md, .csv, .xml (JUnit).",
    );
    const two = { formats: ["json", "md"], reads: [] } as const;
    expect(problem(outputFiles([join(folder, "x.html")], two))).toContain("one of .json, .md.");
    expect(problem(eventsFile(join(folder, "x.csv"), []))).toContain(".ndjson");
    expect(Effect.runSync(eventsFile(null, []))).toBeNull();
  });

  it("are refused before the work where their folder is not there, is a file, or is theirs already", () => {
    const taken = join(folder, "taken");
    writeFileSync(taken, "");
    expect(problem(outputFiles([join(folder, "none", "x.md")], ANY))).toContain(
      "there is no folder",
    );
    expect(problem(outputFiles([join(taken, "x.md")], ANY))).toContain("is not a folder");
    const closed = mkdtempSync(join(folder, "closed-"));
    chmodSync(closed, 0o500);
    // A superuser may write anywhere: then there is nothing to refuse.
    const refused = problem(outputFiles([join(closed, "x.md")], ANY));
    expect(process.getuid?.() === 0 ? refused === "" : refused.includes("may not be written")).toBe(
      true,
    );
    chmodSync(closed, 0o700);
  });
});

describe("files that a verb reads", () => {
  const scenario = join(folder, "sale.json");
  writeFileSync(scenario, "{}");

  it("are never overwritten by its result, under whatever name", () => {
    const link = join(folder, "link.json");
    symlinkSync(scenario, link);
    for (const out of [scenario, join(folder, ".", "sale.json"), link]) {
      expect(problem(outputFiles([out], { ...ANY, reads: [scenario] }))).toBe(
        `--out ${out}: is ${scenario}, which this command reads, and would overwrite it. Name another file.`,
      );
    }
    const log = join(folder, "sale.ndjson");
    expect(problem(eventsFile(log, [log]))).toContain("would overwrite it");
    expect(problem(outputFiles([join(folder, "other.json")], { ...ANY, reads: [scenario] }))).toBe(
      "",
    );
  });
});

describe("the step summary of a GitHub job", () => {
  const said: string[] = [];
  const shell = (path: string): ShellService => ({
    print: () => Effect.void,
    say: (line) => Effect.sync(() => void said.push(line)),
    exitWith: () => Effect.void,
    colour: false,
    watched: false,
    environment: { GITHUB_STEP_SUMMARY: path },
  });
  const append = (path: string, text: string) =>
    Effect.runSync(Effect.provideService(appendStepSummary(text), Shell, shell(path)));

  it("is appended to and stays below 1 MiB, cut at a whole line", () => {
    const path = join(folder, "summary.md");
    append(path, "first\n");
    append(path, "line of a long summary\n".repeat(60_000));
    const bytes = readFileSync(path);
    expect(bytes.length).toBeLessThan(STEP_SUMMARY_BYTES_MAX);
    expect(bytes.toString().startsWith("first\nline of")).toBe(true);
    expect(bytes.toString()).toMatch(/summary\n\n\(cut: .+\)\n$/);
    append(path, "no room for this\n".repeat(60_000));
    expect(readFileSync(path).length).toBeLessThan(STEP_SUMMARY_BYTES_MAX);
  });

  it("is said, and not fatal, where it cannot be written", () => {
    append(join(folder, "no", "summary.md"), "text");
    expect(said[0]).toContain("step summary could not be written: there is no such file");
  });

  it("is never cut within a character", () => {
    expect(cutToBytes("ü\n".repeat(100), 120, "cut\n")).not.toContain("\ufffd");
  });
});

describe("the plans of a comparison", () => {
  const scenario = decodeScenario({
    text: readFileSync("scenarios/small-drop.yaml", "utf8"),
    path: "small-drop.yaml",
  });
  const named = (names: string | null) => {
    if (Array.isArray(scenario)) throw new Error("small-drop is valid");
    return Effect.map(comparedPlans(scenario, names), (plans) => plans.map(({ name }) => name));
  };

  it("are all of the scenario's, or those named in the order they are named", () => {
    expect(Effect.runSync(named(null))).toEqual(["batched", "simultaneous"]);
    expect(Effect.runSync(named("simultaneous, batched"))).toEqual(["simultaneous", "batched"]);
  });

  it("are two or more, each once, each of the scenario", () => {
    expect(problem(named("batched"))).toContain("two plans or more");
    expect(problem(named("batched,batched"))).toContain("twice");
    expect(problem(named("batched,simultanous"))).toContain("Did you mean simultaneous?");
  });
});
