import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Effect } from "effect";
import { afterAll, describe, expect, it } from "vitest";
import type { RunResult } from "../../twin/result.ts";
import { canonicalJson } from "../report/json.ts";
import { RUN_FORMATS, runFile } from "../report/report-files.ts";
import { type SavedResult, savedResult } from "./result-file.ts";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");
const folder = mkdtempSync(join(tmpdir(), "rehearse-report-"));
afterAll(() => rmSync(folder, { recursive: true }));
const within = (name: string) => join(folder, name);

function rehearse(words: readonly string[], environment: Record<string, string> = {}) {
  const ran = spawnSync(process.execPath, [BUNDLE, ...words], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", GITHUB_STEP_SUMMARY: "", ...environment },
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

function file(name: string, content: unknown): string {
  writeFileSync(within(name), typeof content === "string" ? content : JSON.stringify(content));
  return within(name);
}

const outs = (name: string) => RUN_FORMATS.flatMap((one) => ["--out", within(`${name}.${one}`)]);
const DROP = ["scenarios/small-drop.yaml", "--scale", "5%", "--seeds", "2"];
const made = rehearse(["compare", ...DROP, ...outs("made")]);
const saved = within("made.json");
const result = JSON.parse(readFileSync(saved, "utf8")) as RunResult;
const reason = (path: string): string =>
  Effect.runSync(Effect.either(savedResult(path))).pipe((either) =>
    either._tag === "Left" ? either.left.lines.join("\n") : "",
  );

describe("rehearse report", () => {
  it("makes of a saved result the bytes that the verb itself wrote, in every format", () => {
    const summary = file("summary.md", "before\n");
    const again = rehearse(["report", saved, ...outs("again")], { GITHUB_STEP_SUMMARY: summary });
    expect(again).toEqual({ code: 0, out: "", err: "" });
    for (const format of RUN_FORMATS)
      expect(readFileSync(within(`again.${format}`), "utf8"), format).toBe(
        readFileSync(within(`made.${format}`), "utf8"),
      );
    expect(rehearse(["report", saved]).out).toBe(made.out);
    expect(rehearse(["report", saved, "--json"]).out).toBe(readFileSync(saved, "utf8"));
    const markdown = readFileSync(within("made.md"), "utf8");
    expect(readFileSync(summary, "utf8")).toBe(`before\n${markdown}`);
  });

  it("does not overwrite what it reads, and says which forms there are", () => {
    const over = rehearse(["report", saved, "--out", saved]);
    expect(over).toMatchObject({ code: 2, err: expect.stringContaining("would overwrite it") });
    const other = rehearse(["report", saved, "--out", within("x.pdf")]);
    expect(other.err).toContain("its ending must be one of .json, .html, .md, .csv, .xml (JUnit).");
  });

  it("renders a check as text, Markdown and JUnit, and says that it has no picture", () => {
    const exit = { code: 1, reason: "1 of 1 goldens missed: drop" };
    const check = { verb: "check", schemaVersion: 1, $schema: "x", version: "1", checks: [] };
    const rest = { events: 1, partial: false, repeat: "rehearse check", exit };
    const path = file("check.json", { ...check, ...rest });
    expect(rehearse(["report", path])).toMatchObject({
      code: 0,
      out: expect.stringContaining("1 of 1 goldens missed: drop"),
    });
    const html = rehearse(["report", path, "--out", within("check.html")]);
    expect(html).toMatchObject({
      code: 2,
      err: expect.stringContaining("one of .json, .md, .xml"),
    });
  });
});

describe("a saved result", () => {
  it("is refused where a figure counts seeds and has no mean", () => {
    const text = JSON.stringify(result, (key, value) =>
      key === "orders" && "mean" in value ? { ...value, mean: null } : value,
    );
    expect(reason(file("hollow.json", text))).toContain(
      "`plans.batched.metrics.orders` counts seeds (n above 0) but has no mean",
    );
  });

  const read = (path: string): SavedResult => Effect.runSync(savedResult(path));

  it("comes back as it was built, with what nothing was measured of", async () => {
    const told = read(saved);
    if (told.kind !== "run") throw new Error("it is of a run");
    expect(told.result.plans.batched?.metrics["shoppers.concurrent.knee"]?.mean).toBeNaN();
    for (const format of RUN_FORMATS)
      expect(await runFile(told.result, format)).not.toMatch(/\bNaN\b/u);
  });

  it("commands no terminal, whatever its names are", () => {
    const command = String.fromCharCode(27);
    const plans = { [`${command}[2Jplan`]: result.plans.batched };
    const path = file("odd.json", { ...result, scenario: `${command}]0;x`, plans });
    const { code, out } = rehearse(["report", path]);
    expect([code, out.includes(command)]).toEqual([0, false]);
  });

  it.each([
    ["that is not there", within("none.json"), "there is no such file"],
    ["that is a folder", folder, "it is no regular file"],
    ["that is no JSON", file("no.json", "plans:"), "is no JSON"],
    ["of a list", file("list.json", []), "it has other keys"],
    ["of nothing", file("null.json", "null"), "it has other keys"],
    ["of a forecast", file("sheet.json", { verb: "forecast" }), "it is of `rehearse forecast`"],
    ["of a later version", file("v2.json", { ...result, schemaVersion: 2 }), "of version 2"],
    ["without plans", file("bare.json", { ...result, plans: null }), "`plans` is not what"],
    [
      "without a key",
      file("less.json", { ...result, exit: { code: 0 } }),
      "`exit.reason` is missing",
    ],
    [
      "with an odd interval",
      file("every.json", {
        ...result,
        plans: { a: { ...result.plans.batched, series: { every: "x" } } },
      }),
      "no duration",
    ],
    [
      "nested deep",
      file("deep.json", `${"[".repeat(100_000)}${"]".repeat(100_000)}`),
      "other keys",
    ],
  ])("%s is refused in one line", (_, path, said) => {
    expect(reason(path)).toContain(said);
    expect(reason(path).split("\n")).toHaveLength(1);
  });

  it("leaves out what is no part of a result", () => {
    const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    const more = `${JSON.stringify(result).slice(0, -1)},"timing":${deep}}`;
    const told = read(file("more.json", more));
    expect(canonicalJson(told.result)).toBe(readFileSync(saved, "utf8"));
  });
});

describe("the series as CSV", () => {
  it("are a row per plan and interval, with the time of the sale and a column per series", () => {
    const rows = readFileSync(within("made.csv"), "utf8").split("\r\n");
    const heads = rows[0]?.split(",") ?? [];
    expect(heads.slice(0, 3)).toEqual(["time", "seconds", "plan"]);
    const orders = heads.indexOf("orders");
    for (const [plan, { series, marks }] of Object.entries(result.plans)) {
      const own = rows.map((row) => row.split(",")).filter((row) => row[2] === plan);
      expect(own.map((row) => Number(row[orders]))).toEqual(series.orders);
      expect(own[0]?.slice(0, 2)).toEqual([marks?.starts, "0"]);
      expect(own[1]?.[1]).toBe("300");
    }
    expect(rows.at(-1)).toBe("");
  });

  it("are quoted where RFC 4180 says so, and no formula for a spreadsheet", async () => {
    const own = { ...result.plans.batched, series: { every: "5min", orders: [1, Number.NaN] } };
    const plans = { 'a "b", c': own, "=1+1": own } as RunResult["plans"];
    const csv = await runFile({ ...result, plans }, "csv");
    expect(csv).toContain(',0,"a ""b"", c",1\r\n');
    expect(csv).toContain(",300,'=1+1,\r\n");
  });
});
