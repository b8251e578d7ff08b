import { describe, expect, it } from "vitest";
import { resultOf } from "../../twin/experiments/experiment.ts";
import type { CheckResult } from "../../twin/experiments/golden.ts";
import { experimentOf, rehearsal, scenarioWith } from "../../twin/experiments/testing/made-up.ts";
import { checkReport } from "./check-text.ts";
import { csvReport } from "./csv.ts";
import { headline, meaningOf } from "./findings.ts";
import { canonicalJson } from "./json.ts";
import { junitCheck, junitReport } from "./junit.ts";
import { markdownCheck, markdownReport } from "./markdown.ts";
import { terminalReport } from "./terminal.ts";

const seeds = ["s", "s#2"];
const scenario = scenarioWith(["batched", "simultaneous"], { orders: "> 15", oversold: "= 0" });
const made = (seed: string, revenue: number, orders: number) =>
  rehearsal(seed, { metrics: { revenue, orders, oversold: 0, "latency.p95": 400 } });
const result = resultOf(experimentOf(scenario, seeds), [
  made("s", 210_000, 20),
  made("s", 200_000, 10),
  made("s#2", 211_000, 22),
  made("s#2", 200_900, 12),
]);

const check: CheckResult = {
  $schema: "x",
  schemaVersion: 1,
  verb: "check",
  version: "1",
  checks: [
    {
      name: "drop",
      scenario: "drop.yaml",
      scale: 1,
      status: "same",
      reason: "ok",
      digest: {},
      differences: [],
    },
    {
      name: "big <sale>",
      scenario: "big.yaml",
      scale: 0.02,
      status: "different",
      reason: "1 figure is not what was kept",
      digest: {},
      differences: [{ plan: "batched", what: "orders", golden: 100, now: 105, change: 0.05 }],
    },
  ],
  events: 1,
  partial: false,
  repeat: "rehearse check",
  exit: { code: 1, reason: "1 of 2 goldens missed: big <sale>" },
};

describe("what a result means", () => {
  it("says who does better, by how much and how sure that is", () => {
    const [revenue, orders] = meaningOf(result);
    expect(revenue).toBe(
      "revenue: batched does better than simultaneous by $100.50 (5.01 %), sure to 99.6 %.",
    );
    expect(orders).toContain("orders: batched does better than simultaneous by 10");
  });

  it("says in its headline that a plan was changed on the way", () => {
    const changed = (repeat: string) => headline({ ...result, repeat });
    expect(changed("rehearse run a.yaml --plan batched --seeds 1")).toBe(
      "made-up: batched against simultaneous, 2 seeds a plan, full size",
    );
    const twice = "rehearse run a.yaml --change '+2min launch.every=5min' '--change=-x'";
    expect(changed(twice)).toContain("simultaneous changed on the way 2 times, 2 seeds");
  });

  it("does not take for a difference what may be chance", () => {
    const noisy = resultOf(experimentOf(scenario, seeds), [
      made("s", 200_000, 20),
      made("s", 100_000, 20),
      made("s#2", 100_000, 20),
      made("s#2", 190_000, 20),
    ]);
    expect(meaningOf(noisy)[0]).toMatch(/in favour of batched may be chance \(sure to \d/);
    expect(meaningOf(noisy)[1]).toBe(
      "batched and simultaneous do not differ in orders, latency.p95.",
    );
  });

  it("does not speak of sureness where there is one seed", () => {
    const single = resultOf(experimentOf(scenario, ["s"]), [made("s", 2, 20), made("s", 1, 20)]);
    expect(meaningOf(single)[0]).toContain("with this one seed");
  });

  it("says where a store missed its service level, and for how long it was down", () => {
    const hours = (count: number) => ({ mean: count * 3_600_000, low: 0, high: 0, n: 1 });
    const count = (mean: number) => ({ mean, low: mean, high: mean, n: 1 });
    const [plan = ""] = Object.keys(result.plans);
    const down = {
      "shoppers.concurrent.knee": count(96_837),
      "shoppers.concurrent.peak": count(107_282),
      downtime: hours(10),
      "downtime.longest": hours(9),
      errors: count(5_613),
    };
    const plans = { [plan]: { ...result.plans[plan], metrics: down } } as typeof result.plans;
    expect(meaningOf({ ...result, plans })).toEqual(
      expect.arrayContaining([
        `${plan} first missed its service level with 96,837 concurrent shoppers.`,
        `${plan} was down for 10 h, at most 9 h without a break; of its pages 5,613 were refused or lost.`,
      ]),
    );
    expect(meaningOf(result).join()).not.toMatch(/was down|service level/);
  });

  it("says first that a result is partial", () => {
    const partial = resultOf(experimentOf(scenario, ["s"]), [made("s", 2, 20), null]);
    expect(meaningOf(partial)[0]).toMatch(/^PARTIAL: interrupted after 1 of 2 rehearsals/);
  });
});

describe("the terminal report", () => {
  const text = terminalReport(result, { colour: false });

  it("has the figures of each plan, the difference, the expectations, the digest and the repeat command", () => {
    expect(text).toContain("made-up: batched against simultaneous, 2 seeds a plan, full size");
    expect(text).toMatch(/^orders +21 ± .+ +11 ± .+ +\+10 ± 0$/m);
    expect(text).toContain("met     batched: orders > 15");
    expect(text).toContain("MISSED  simultaneous: orders > 15");
    expect(text).toContain("digest  batched: 0123456789abcdef 0123456789abcdef");
    expect(text.endsWith("repeat  rehearse compare made-up.yaml\n")).toBe(true);
  });

  it("has a dash where nothing was measured, and no verdict where the scale allows none", () => {
    const expected = scenarioWith(["batched", "simultaneous"], { "instances.peak": "<= 12" });
    const metrics = { orders: 10, "latency.p95": Number.NaN, "instances.peak": 1 };
    const small = { ...experimentOf(expected, ["s"]), scale: 0.02 };
    const found = resultOf(small, [rehearsal("s", { metrics }), rehearsal("s", { metrics })]);
    const told = terminalReport(found, { colour: false });
    expect(told).toMatch(/^latency\.p95 +– +– +–$/m);
    expect(told).toContain("not judged  batched: instances.peak <= 12");
    expect(told).toContain("0 of 2 expectations are met. 2 cannot be judged at this scale.");
    expect(told).not.toContain("NaN");
    expect(markdownReport(found)).toContain("| not judged | batched | instances.peak \\<= 12 |");
    expect(junitReport(found)).toContain('failures="0" errors="0" skipped="2"');
    expect(junitReport(found)).toContain("<skipped message=");
    expect(canonicalJson(found)).toContain(
      '"latency.p95": { "mean": null, "low": null, "high": null, "n": 0 }',
    );
  });

  it("counts one expectation as one", () => {
    const said = (expect: string, scale = 1) => {
      const one = scenarioWith(["batched"], { "instances.peak": expect });
      const metrics = { orders: 10, "instances.peak": 1 };
      const small = { ...experimentOf(one, ["s"]), scale };
      return meaningOf(resultOf(small, [rehearsal("s", { metrics })]));
    };
    expect(said("<= 12")).toContain("The one expectation is met.");
    expect(said("> 12")).toContain("The one expectation is missed.");
    expect(said("> 12", 0.02)).toContain("The one expectation cannot be judged at this scale.");
    const plans = scenarioWith(["batched", "simultaneous"], { orders: "> 15" });
    const two = [10, 20].map((orders) => rehearsal("s", { metrics: { orders } }));
    const all = meaningOf(resultOf(experimentOf(plans, ["s"]), two));
    expect(all).toContain("1 of 2 expectations is missed.");
  });

  it("says how long a sale took to recover where it had a fault, and has no row for it elsewhere", () => {
    const told = (time: number) => {
      const metrics = { orders: 10, "recovery.time": time };
      const two = [rehearsal("s", { metrics }), rehearsal("s", { metrics })];
      return terminalReport(resultOf(experimentOf(scenario, ["s"]), two), { colour: false });
    };
    expect(told(150_000)).toMatch(/^recovery\.time +2\.5 min +2\.5 min +none$/m);
    expect(told(Number.NaN)).not.toContain("recovery.time");
  });

  it("has the same words with and without colours", () => {
    const marker = String.fromCharCode(27);
    const coloured = terminalReport(result, { colour: true });
    expect(text).not.toContain(marker);
    expect(coloured).toContain(marker);
    expect(coloured.replace(new RegExp(`${marker}\\[\\d+m`, "g"), "")).toBe(text);
  });
});

describe("the Markdown report", () => {
  it("has the table, the meaning, the expectations and the command", () => {
    const text = markdownReport(result);
    expect(text).toMatch(/^## made-up: batched against simultaneous/);
    expect(text).toContain("| orders | 21 ± ");
    expect(text).toContain("❌ missed | simultaneous | orders \\> 15");
    expect(text).toContain("```sh\nrehearse compare made-up.yaml\n```");
  });

  it("keeps a name from being read as Markdown", () => {
    expect(markdownCheck(check)).toContain("big \\<sale\\>");
  });
});

describe("the JUnit report", () => {
  it("has a case per expectation and per rehearsal, and fails the ones that were missed", () => {
    const text = junitReport(result);
    expect(text.match(/<testcase /g)).toHaveLength(1 + 4 + 4);
    expect(text).toContain('tests="9" failures="1"');
    expect(text).toContain('classname="made-up.simultaneous" name="orders &gt; 15"><failure');
  });

  it("fails where the run was interrupted", () => {
    const partial = resultOf(experimentOf(scenario, ["s"]), [made("s", 2, 20), null]);
    expect(junitReport(partial)).toContain('name="every rehearsal finished"><failure');
  });

  it("escapes what XML would read and replaces what it cannot hold", () => {
    const name = `a"b<c>&${String.fromCharCode(1)}`;
    const odd = { ...check, checks: check.checks.map((one) => ({ ...one, name })) };
    expect(junitCheck(odd)).toContain('name="a&quot;b&lt;c&gt;&amp;?"');
  });
});

describe("the report of a check", () => {
  it("shows a difference as old, new and percent", () => {
    const text = checkReport(check, { colour: false });
    expect(text).toContain("same  drop  ok");
    expect(text).toContain("DIFFERENT  big <sale>");
    expect(text).toMatch(/batched: orders +100 +105 +\+5 %/);
    expect(junitCheck(check)).toContain("batched orders: golden 100, now 105 +5 %");
  });
});

describe("reports of results that are not as they should be", () => {
  it("JUnit: fails for an invariant of a rehearsal that did not finish, and for an end that nothing else says", () => {
    const broken = [{ id: "I1", at: 0, what: "oversold", plan: "batched", seed: "s#9" }];
    const odd = junitReport({ ...result, broken, exit: { code: 3, reason: "other digest" } });
    expect(odd).toContain('name="invariant I1 holds, seed s#9"><failure message="I1: oversold"');
    expect(odd).toContain('name="every rehearsal finished"><failure message="other digest"');
    const twice = junitReport({ ...result, broken: broken.map((one) => ({ ...one, seed: "s" })) });
    expect(twice.match(/I1: oversold"/gu)).toHaveLength(1);
  });

  it("CSV: writes nothing that a spreadsheet would take for a formula, and numbers as they are", () => {
    const [plan] = Object.values(result.plans);
    if (plan === undefined) throw new Error("a result has a plan");
    const series = { every: "5min", orders: [1, Number.NaN] };
    const named = (name: string) => {
      const [, row = ""] = csvReport({ ...result, plans: { [name]: { ...plan, series } } }).split(
        "\r\n",
      );
      return row.slice(row.indexOf(","));
    };
    for (const name of ["-1+1|x", "=1", " =1", "+a", "@a"])
      expect(named(name), name).toBe(`,0,'${name},1`);
    expect(named("a,b")).toBe(',0,"a,b",1');
    expect(named("-5")).toBe(",0,-5,1");
  });

  it("Markdown: reads nothing of a name as its own, and no command ends its block", () => {
    const text = markdownReport({ ...result, scenario: "~~a~~ &lt; | `b`" });
    expect(text).toContain("## \\~\\~a\\~\\~ \\&lt; \\| \\`b\\`:");
    expect(markdownCheck({ ...check, repeat: "rehearse check '`x`'" })).toContain(
      "```sh\nrehearse check '`x`'\n```",
    );
  });
});
