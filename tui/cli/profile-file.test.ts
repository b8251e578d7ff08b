import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CapacityProfile,
  RESIDUAL_SHARES,
  routesOf,
} from "../../twin/calibration/capacity-profile.ts";
import { withProfiles } from "./profile-file.ts";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");
const SCENARIO = readFileSync("scenarios/small-drop.yaml", "utf8");
const folder = mkdtempSync(join(tmpdir(), "rehearse-profile-"));
const scenario = join(folder, "sale.yaml");

/** A store whose every route takes so long on a processor. */
function profileOf(micros: number): CapacityProfile {
  const spent = { loop: micros, store: micros, machine: micros };
  return {
    schemaVersion: 1,
    kind: "capacity-profile",
    version: "0.1.0",
    measuredAt: "2026-01-02T03:04:05.000Z",
    machine: { processor: "one", cores: 2, memoryBytes: 2 ** 33, system: "Linux", node: "v20" },
    ledger: "memory",
    reference: { loopMicros: 2_000, requestMicros: 500 },
    fixedPerSecond: { loop: 0, store: 0, machine: 0 },
    commit: { onLoop: true, micros: 0 },
    held: { perWrite: 0, micros: 0 },
    routes: routesOf(() => ({
      demand: spent,
      low: spent,
      high: spent,
      writes: false,
      turns: 1,
      levels: [{ busy: 0.1, requests: 100, residual: RESIDUAL_SHARES.map(() => 900) }],
    })),
    stalls: { loop: [], commit: [] },
    widths: { throughput: 0, utilisation: 0, mean: 0, p50: 0, p95: 0, p99: 0 },
  };
}

function run(...words: string[]) {
  const ran = spawnSync(process.execPath, [BUNDLE, ...words], { encoding: "utf8" });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

const naming = (name: string) =>
  SCENARIO.replace(/^platform:\n/mu, `platform:\n  profile: ${name}\n`);

beforeAll(() => {
  mkdirSync(join(folder, "measured"));
  for (const [name, micros] of [
    ["quick", 400],
    ["slow", 400_000],
  ] as const) {
    writeFileSync(join(folder, "measured", `${name}.json`), JSON.stringify(profileOf(micros)));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a profile that a scenario names", () => {
  it("stands in its place, on the same lines", () => {
    const text = `# profile\n${naming("./measured/quick.json")}# the end\n`;
    const filled = withProfiles(scenario, text);
    const found = "text" in filled ? filled.text : filled.problem;
    expect(found).toContain("profile: { landing: { cpu: 400us, io: 900us }, list: {");
    expect(found.split("\n")).toHaveLength(text.split("\n").length);
    expect(found.endsWith("# the end\n")).toBe(true);
  });

  it("may be named by a plan, also in JSON", () => {
    const named = { profile: "measured/slow.json" };
    const text = JSON.stringify({ platform: named, plans: { one: { platform: named } } });
    const filled = withProfiles(scenario, text);
    const { platform, plans } = JSON.parse(
      "text" in filled
        ? filled.text.replaceAll(/(\w+): /gu, '"$1": ').replaceAll(/(\d+us)/gu, '"$1"')
        : "",
    );
    expect(platform.profile.landing.cpu).toBe("400000us");
    expect(plans.one).toEqual({ platform });
  });

  it("leaves pages that are given as they are, and what is no YAML to others", () => {
    for (const text of ["platform: { profile: { list: { cpu: 3ms } } }", "profile: [", "a: 1"]) {
      expect(withProfiles(scenario, text)).toEqual({ text });
    }
  });

  it("is what the rehearsal goes by: a slow store answers later", () => {
    const p95 = (name: string) => {
      writeFileSync(scenario, naming(`./measured/${name}.json`));
      const { code, out, err } = run(
        "run",
        scenario,
        "--plan",
        "batched",
        "--scale",
        "0.1",
        "--json",
      );
      expect({ name, err: code === 0 || code === 4 ? "" : err }).toEqual({ name, err: "" });
      return JSON.parse(out).plans.batched.metrics["latency.p95{product}"].mean as number;
    };
    const [quick, slow] = [p95("quick"), p95("slow")];
    expect(slow).toBeGreaterThan(quick + 300);
  }, 60_000);

  it("is refused with its place where it is missing or none", () => {
    writeFileSync(join(folder, "measured", "none.json"), '{ "kind": "capacity-profile" }');
    for (const [name, why] of [
      ["missing.json", "no such file"],
      ["none.json", "is no capacity profile"],
      [".", "is not a regular file"],
    ] as const) {
      writeFileSync(scenario, naming(`./measured/${name}`));
      const { code, out, err } = run("validate", scenario);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain(why);
      expect(err).toMatch(/sale\.yaml:\d+:\d+: platform\.profile: /u);
    }
  });
});
