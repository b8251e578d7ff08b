import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");
const DROP = "scenarios/small-drop.yaml";
const folder = mkdtempSync(join(tmpdir(), "rehearse-explain-"));
afterAll(() => rmSync(folder, { recursive: true }));
const environment = { ...process.env, GITHUB_STEP_SUMMARY: "" };

function rehearse(...words: string[]) {
  const ran = spawnSync(process.execPath, [BUNDLE, ...words], {
    encoding: "utf8",
    env: environment,
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

function fileWith(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

const OF_DROP = [
  DROP,
  "--scale",
  "10%",
  "--seeds",
  "1",
  "--set",
  "expect={ payments.declined: '= 0' }",
];
const saved = join(folder, "result.json");
const ran = rehearse("compare", ...OF_DROP, "--out", saved, "--quiet");
const result = JSON.parse(readFileSync(saved, "utf8"));
/** What the file comes to, by one worker. */
const one = rehearse("explain", saved, "--json", "--workers", "1");

describe("rehearse explain", { timeout: 300_000 }, () => {
  it("gives the same bytes twice, for one worker and two, and the command that repeats them", () => {
    expect(ran.code).toBe(1);
    const paths = ["e.json", "e.md"].map((name) => join(folder, name));
    const outs = paths.flatMap((path) => ["--out", path]);
    const two = rehearse("explain", saved, "--json", "--workers", "2", ...outs);
    expect(one).toEqual({ code: 0, out: two.out, err: "" });
    expect(readFileSync(paths[0] ?? "", "utf8")).toBe(one.out);
    const explanation = JSON.parse(one.out);
    expect(explanation).toMatchObject({ verb: "explain", verified: true, of: result.repeat });
    expect(Object.keys(explanation.plans)).toEqual(["batched", "simultaneous"]);
    expect(explanation.plans.batched.digest).toEqual(result.plans.batched.digest);
    expect(explanation.plans.batched.missed).toMatchObject([{ metric: "payments.declined" }]);
    expect(explanation.shoppers).toMatchObject([{ first: "batched", second: "simultaneous" }]);
    expect(explanation.repeat.split(" ").slice(1, 3)).toEqual(["explain", saved]);
    expect(readFileSync(paths[1] ?? "", "utf8")).toContain("part made perfect");
  });

  it("explains one plan, with fewer shoppers, where that is asked for", () => {
    const asked = rehearse("explain", saved, "--plans", "batched", "--scale", "5%", "--json");
    expect(asked.code).toBe(0);
    expect(JSON.parse(asked.out)).toMatchObject({ scale: 0.05, verified: false, shoppers: [] });
    expect(Object.keys(JSON.parse(asked.out).plans)).toEqual(["batched"]);
    const larger = rehearse("explain", saved, "--scale", "20%");
    expect(larger).toMatchObject({ code: 2, err: expect.stringContaining("at most") });
    const other = rehearse("explain", saved, "--plans", "never");
    expect(other).toMatchObject({ code: 2, err: expect.stringContaining("batched, simultaneous") });
  });

  it("refuses a result whose scenario has changed since, and says how to make it anew", () => {
    const plans = { ...result.plans, batched: { ...result.plans.batched, inputs: "0".repeat(16) } };
    const path = fileWith("changed.json", { ...result, plans });
    const { code, out, err } = rehearse("explain", path);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`plan \`batched\` of ${DROP} was 0000000000000000`);
    expect(err).toContain(result.repeat);
  });

  it("ends with code 3 where the same inputs and seed give another digest", () => {
    const simultaneous = { ...result.plans.simultaneous, digest: ["0".repeat(16)] };
    const plans = { ...result.plans, simultaneous };
    const { code, out, err } = rehearse("explain", fileWith("digest.json", { ...result, plans }));
    expect([code, out]).toEqual([3, ""]);
    expect(err).toContain("simultaneous, seed small-drop/1: digest 0000000000000000");
  });

  it.each([
    ["that is not there", join(folder, "none.json"), "could not be read"],
    ["that is no JSON", fileWith("no.json", "plans:"), "is no JSON"],
    ["of a forecast", fileWith("sheet.json", { verb: "forecast" }), "it is of `rehearse forecast`"],
    [
      "without a rehearsal",
      fileWith("empty.json", { ...result, plans: {} }),
      "no finished rehearsal",
    ],
    [
      "whose scenario is gone",
      fileWith("gone.json", { ...result, repeat: "rehearse run x.yaml" }),
      "x.yaml",
    ],
  ])("refuses a file %s", (_, path, said) => {
    const { code, out, err } = rehearse("explain", path);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(said);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it("gives what is done so far after Ctrl+C", async () => {
    const long = join(folder, "long.json");
    rehearse("run", DROP, "--scale", "50%", "--seeds", "12", "--out", long, "--quiet");
    // A signal that comes before the program listens ends it: then it comes later the next time.
    let { code, out } = await interrupted(long, 1_500);
    for (let after = 3_000; code === null && after < 60_000; after *= 2)
      ({ code, out } = await interrupted(long, after));
    expect(code).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ partial: true, exit: { code: 130 } });
  });
});

async function interrupted(path: string, after: number) {
  const child = spawn(process.execPath, [BUNDLE, "explain", path, "--json"], { env: environment });
  let out = "";
  child.stdout.on("data", (some) => {
    out += some;
  });
  setTimeout(() => child.kill("SIGINT"), after);
  const code = await new Promise<number | null>((done) => {
    child.on("close", done);
  });
  return { code, out };
}

describe("rehearse run and compare with --explain", { timeout: 300_000 }, () => {
  it("give the result and, with it, what explain says of it", () => {
    const both = rehearse("compare", ...OF_DROP, "--explain", "--json");
    expect(both.code).toBe(1);
    const { explanation, ...rest } = JSON.parse(both.out);
    expect({ ...rest, repeat: result.repeat }).toEqual(result);
    const apart = JSON.parse(one.out);
    for (const key of ["plans", "shoppers", "reruns", "events"])
      expect(explanation[key]).toEqual(apart[key]);
    const again = fileWith("both.json", both.out);
    const less = ["--plans", "batched", "--scale", "5%"];
    expect(rehearse("explain", again, ...less).code).toBe(0);
    const text = rehearse("run", ...OF_DROP, "--explain").out;
    expect(text).toContain("what it means");
    expect(text).toContain("batched: missed payments.declined = 0");
  });
});
