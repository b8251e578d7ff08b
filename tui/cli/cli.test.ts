import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SCENARIO_BYTES_MAX } from "../../twin/scenario/source.ts";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");
const DROP = "scenarios/small-drop.yaml";
const folder = mkdtempSync(join(tmpdir(), "rehearse-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function rehearse(words: readonly string[], environment: Record<string, string> = {}): Ran {
  const { NO_COLOR: _, FORCE_COLOR: __, GITHUB_STEP_SUMMARY: ___, ...inherited } = process.env;
  const ran = spawnSync(process.execPath, [BUNDLE, ...words], {
    encoding: "utf8",
    env: { ...inherited, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

/** What every refusal has in common: code 2, nothing on stdout, one line and no stack trace. */
function refusal(words: readonly string[]): string {
  const { code, out, err } = rehearse(words);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).not.toMatch(/^\s+at .+:\d+/m);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  return err.trimEnd();
}

const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe("rehearse without a verb", () => {
  it("prints the help and ends well", () => {
    const { code, out } = rehearse([]);
    expect(code).toBe(0);
    expect(out).toContain("usage: rehearse <verb>");
  });
});

describe("rehearse run", () => {
  const words = ["run", DROP, "--scale", "5%", "--seeds", "2", "--json"];
  const path = (name: string) => join(folder, name);

  it("gives the same bytes in fresh processes and files, for any number of workers", () => {
    const summary = file("summary.md", "before\n");
    const outs = ["r.json", "r.md", "r.xml"].flatMap((name) => ["--out", path(name)]);
    const one = rehearse([...words, "--workers", "1", "--events", path("one.ndjson")]);
    const two = rehearse(
      [...words, "--workers", "2", "--quiet", ...outs, "--events", path("two.ndjson")],
      { GITHUB_STEP_SUMMARY: summary },
    );
    expect([one.err, one.code]).toEqual(["", two.code]);
    expect(two.out).toBe(one.out);
    expect(readFileSync(path("r.json"), "utf8")).toBe(one.out);
    expect(readFileSync(path("r.md"), "utf8")).toContain("### What it means");
    expect(readFileSync(path("r.xml"), "utf8")).toContain("<testsuites");
    expect(readFileSync(summary, "utf8")).toMatch(/^before\n## small-drop: batched/);
    const log = readFileSync(path("one.ndjson"), "utf8");
    expect(readFileSync(path("two.ndjson"), "utf8")).toBe(log);
    expect(readdirSync(folder).filter((name) => name.includes(".part-"))).toEqual([]);
    const { plans, partial } = JSON.parse(one.out);
    const events = log
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const confirmed = events.filter(({ kind }) => kind === "OrderConfirmed");
    expect(confirmed.length).toBe(Math.round(plans.batched.metrics.orders.mean * 2));
    expect(plans.batched.digest[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(partial).toBe(false);
  });

  it("gives other bytes for another seed, and the second seed alone as it was among two", () => {
    const { batched } = JSON.parse(rehearse(words).out).plans;
    const [, second] = batched.seeds;
    const alone = JSON.parse(
      rehearse([...words, "--seeds=1", "--seed", second].filter(notSeeds)).out,
    );
    expect(alone.plans.batched.digest).toEqual([batched.digest[1]]);
    expect(batched.digest[0]).not.toBe(batched.digest[1]);
  });

  it("prints what was missed and the command that repeats it, which it does, in colours or without", () => {
    const settings = ["--set", "audience.visits=30%", "--set", "expect.orders=>1M"];
    const report = rehearse(["run", DROP, "--scale", "5%", "--seeds", "1", ...settings]);
    expect(report.code).toBe(1);
    expect(report.out).toContain("MISSED  batched: orders >1M");
    const repeat = /^repeat {2}rehearse (.+)$/m.exec(report.out)?.[1] ?? "";
    expect(repeat).toContain("--set audience.visits=30%");
    const again = rehearse(repeat.replaceAll("'", "").split(" "), { FORCE_COLOR: "1" });
    const colour = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
    expect(again.out).toMatch(colour);
    expect(again.out.replace(colour, "")).toBe(report.out);
  });
});

/** Leaves out `--seeds 2`, so that another `--seeds` stands alone. */
function notSeeds(word: string, index: number, words: readonly string[]): boolean {
  return word !== "--seeds" && words[index - 1] !== "--seeds";
}

describe("rehearse compare", () => {
  it("sets the plans against each other seed by seed, and tells the time apart from the result", () => {
    const ran = rehearse(["compare", DROP, "--scale", "5%", "--seeds", "2", "--json", "--timing"]);
    const { plans, differences, timing } = JSON.parse(ran.out);
    const means = ["batched", "simultaneous"].map((plan) => plans[plan].metrics.pages.mean);
    expect(plans.batched.seeds).toEqual(plans.simultaneous.seeds);
    expect(differences.pages.mean).toBeCloseTo(means[0] - means[1], 6);
    expect(differences.pages.n).toBe(2);
    expect(timing.rehearsals).toHaveLength(4);
    expect(ran.err).toMatch(/^timing \(measured\)/);
  });
});

describe("bad usage and bad files", () => {
  it("are one line with a suggestion and exit code 2", () => {
    expect(refusal(["run", DROP, "--sede", "1"])).toContain("Did you mean --seed?");
    expect(refusal(["run", DROP, DROP])).toContain("unknown argument");
    expect(refusal(["run", DROP, "--plan", "bached"])).toContain("Did you mean batched?");
    expect(refusal(["run", DROP, "--out", join(folder, "no", "x.md")])).toContain(
      "there is no folder",
    );
    expect(refusal(["run", DROP, "--set", "audience.visitz=1%"])).toMatch(/did you mean/i);
  });

  it("name the file, and the line and column where there is one", () => {
    expect(refusal(["run", "scenarios/small-drp.yaml"])).toContain(
      "Did you mean scenarios/small-drop.yaml?",
    );
    expect(refusal(["run", folder])).toContain("is a folder");
    expect(refusal(["validate", file("latin.yaml", Uint8Array.of(0x6e, 0xe9, 0x0a))])).toContain(
      "UTF-8",
    );
    const large = file("large.yaml", "#".repeat(SCENARIO_BYTES_MAX + 1));
    expect(refusal(["validate", large])).toMatch(/MiB/);
    const odd = readFileSync(DROP, "utf8").replace("recipients:", "recipents:");
    expect(rehearse(["validate", file("odd.yaml", odd)])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/odd\.yaml:\d+:\d+: audience\.recipents: unknown key.+recipients/),
    });
  });
});

describe("stdout", () => {
  const shell = (script: string) => {
    const ran = spawnSync("bash", ["-c", script], { encoding: "utf8" });
    return { code: ran.status, err: ran.stderr.trimEnd() };
  };
  const schema = `'${process.execPath}' '${BUNDLE}' schema`;

  // Only Linux has a device that is always full.
  it.skipIf(!existsSync("/dev/full"))("that is full ends with code 2 and one line", () => {
    const atOnce = shell(`${schema} > /dev/full`);
    const cut = join(folder, "cut.json");
    // A limit on the size of files cuts the write short, as a disk does that fills up.
    const later = shell(`trap '' XFSZ; ulimit -f 4; ${schema} > '${cut}'`);
    expect(atOnce).toMatchObject({ code: 2, err: expect.stringContaining("the disk is full") });
    expect(later).toMatchObject({ code: 2, err: expect.stringContaining("could not be written") });
    expect([atOnce.err, later.err].map((err) => err.split("\n").length)).toEqual([1, 1]);
  });

  it("whose reader went away is no error", () => {
    expect(shell(`set -o pipefail; ${schema} | head -c 1`)).toEqual({ code: 0, err: "" });
  });
});

describe("rehearse init, validate, schema and doctor", () => {
  it("write a scenario that is valid, and leave alone what is there", () => {
    const path = join(folder, "fresh.yaml");
    expect(rehearse(["init", path]).code).toBe(0);
    expect(rehearse(["validate", path])).toMatchObject({ code: 0, err: "" });
    writeFileSync(path, "mine");
    expect(refusal(["init", path])).toContain("left alone");
    expect(readFileSync(path, "utf8")).toBe("mine");
  });

  it("print the schema that is committed, and say what this machine has", () => {
    expect(rehearse(["schema"]).out).toBe(readFileSync("scenarios/scenario.schema.json", "utf8"));
    expect(rehearse(["schema", "result"]).out).toBe(
      readFileSync("scenarios/result.schema.json", "utf8"),
    );
    expect(rehearse(["doctor"])).toMatchObject({
      code: 0,
      out: expect.stringContaining(process.versions.node),
    });
  });
});

describe("rehearse metrics", () => {
  it("names what a result holds, and no more", () => {
    const listed = JSON.parse(rehearse(["metrics", "--json"]).out) as { readonly name: string }[];
    const result = JSON.parse(
      rehearse(["run", DROP, "--scale", "2%", "--seeds", "1", "--json"]).out,
    );
    const [plan] = Object.values(result.plans) as { readonly metrics: object }[];
    expect(listed.map(({ name }) => name).sort()).toEqual(Object.keys(plan?.metrics ?? {}).sort());
  });

  it("finds them by a word, and says so where there is none", () => {
    const { out } = rehearse(["metrics", "Latency"]);
    expect(out).toContain("latency.p95\n  95 % of pages came within this.\n  time; less is better");
    expect(out).not.toContain("revenue");
    expect(refusal(["metrics", "lattency"])).toContain("no metric has `lattency` in its name");
  });
});

describe("rehearse check", () => {
  const scenarios = join(folder, "project", "scenarios");
  const golden = join(scenarios, "golden", "drop.json");
  const path = join(scenarios, "drop.yaml");
  const check = (...words: string[]) => rehearse(["check", path, ...words]);

  it("keeps a golden, agrees with it, and says which figures changed when a value changes by 5 %", () => {
    mkdirSync(join(scenarios, "golden"), { recursive: true });
    const text = readFileSync(DROP, "utf8");
    writeFileSync(path, text);
    writeFileSync(
      join(scenarios, "golden", "manifest.json"),
      JSON.stringify({ goldens: [{ scenario: "../drop.yaml", scale: "5%" }] }),
    );
    expect(check("--update")).toMatchObject({ code: 0, out: expect.stringContaining("updated") });
    const kept = readFileSync(golden, "utf8");
    expect(check()).toMatchObject({ code: 0, out: expect.stringContaining("same") });
    const changed = text.replace("visits: 40%", "visits: 42%");
    expect(changed).not.toBe(text);
    writeFileSync(path, changed);
    const report = join(folder, "check.xml");
    const differs = check("--out", report);
    expect(differs.code).toBe(1);
    expect(differs.out).toMatch(/batched: sessions +\d+ +\d+ +\+[\d.]+ %/);
    expect(readFileSync(report, "utf8")).toContain("<failure");
    expect(readFileSync(golden, "utf8")).toBe(kept);
  });

  it("refuses to overwrite a golden or a scenario with a report", () => {
    expect(refusal(["check", path, "--out", golden])).toContain("would overwrite it");
    expect(refusal(["run", golden, "--out", golden])).toContain("would overwrite it");
  });

  it("says where a golden is damaged and what to do, with code 2", () => {
    const kept = readFileSync(golden, "utf8");
    writeFileSync(golden, kept.slice(0, 400));
    expect(refusal(["check", path])).toMatch(
      /drop\.json: is damaged.+line \d+, column \d+ is not JSON/,
    );
    const { plans, ...rest } = JSON.parse(kept);
    const { metrics: _, ...batched } = plans.batched;
    writeFileSync(golden, JSON.stringify({ ...rest, plans: { ...plans, batched } }));
    expect(refusal(["check", path])).toMatch(
      /drop\.json: is damaged.+plans\.batched\.metrics is missing\. .+check --update/,
    );
    writeFileSync(golden, kept);
  });
});

describe("Ctrl+C", () => {
  it("ends a comparison with what had finished, marked partial, and code 130", async () => {
    // At full size, so that no rehearsal is over when the signal comes.
    const child = spawn(process.execPath, [
      BUNDLE,
      "compare",
      "scenarios/webstore-black-friday.yaml",
      "--seeds",
      "1",
      "--json",
      "--events",
      join(folder, "interrupted.ndjson"),
    ]);
    const ended = outcomeOf(child);
    await appearance(join(folder, "interrupted.ndjson.part-0"));
    child.kill("SIGINT");
    const { code, out, err } = await ended;
    expect(code).toBe(130);
    expect(err).toContain("stopping");
    expect(err).toContain("interrupted.ndjson: is partial");
    expect(JSON.parse(out)).toMatchObject({ partial: true, exit: { code: 130 } });
    expect(existsSync(join(folder, "interrupted.ndjson.part-0"))).toBe(false);
  });
});

function outcomeOf(child: ChildProcess): Promise<Ran> {
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr?.on("data", (chunk) => {
    err += String(chunk);
  });
  return new Promise((done) => child.on("close", (code) => done({ code, out, err })));
}

/** A rehearsal's part of the sale log is there as soon as the rehearsal has begun. */
async function appearance(path: string): Promise<void> {
  while (!existsSync(path)) await new Promise((next) => setTimeout(next, 20));
}
