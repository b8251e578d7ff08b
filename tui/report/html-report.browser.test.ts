/** The HTML report of a real comparison in a real browser: offline, by keyboard, on paper, unscripted. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  barriersOn,
  overhangOf,
  type TrialBrowser,
  trialBrowser,
} from "../../store/live/testing/trial-browser.ts";
import { describeWithServer } from "../../store/testing/real-servers.ts";
import { resultOf } from "../../twin/experiments/experiment.ts";
import { jobsOf, seedsFrom } from "../../twin/experiments/jobs.ts";
import { METRICS } from "../../twin/metrics.ts";
import type { RunResult } from "../../twin/result.ts";
import { rehearse } from "../../twin/world.ts";
import { htmlReport, REPORT_BYTES_MAX } from "./html-report.ts";
import { canonicalJson } from "./json.ts";
import { scenarioOf } from "./testing/scenario-of.ts";

const folder = mkdtempSync(join(tmpdir(), "html-report-"));

/** The main scenario, so small that it takes a second; its series are as long as at full size. */
function blackFriday(): RunResult {
  const scale = 0.002;
  const scenario = scenarioOf("scenarios/webstore-black-friday.yaml", scale);
  const seeds = seedsFrom(scenario.seed, 2);
  const plans = new Map(scenario.plans.map((plan) => [plan.name, plan]));
  const rehearsals = jobsOf([...plans.keys()], seeds).map(({ plan, seed }) => {
    const spec = plans.get(plan);
    return spec === undefined ? null : rehearse({ plan: spec, seed });
  });
  const repeat = "rehearse compare scenarios/webstore-black-friday.yaml --seeds 2 --scale 0.2%";
  const version = "1.2.3";
  return resultOf(
    { verb: "compare", scenario, plans: scenario.plans, seeds, scale, version, repeat },
    rehearsals,
  );
}

/** What a cell says as a number in the unit of the result, and how exactly it says it. */
function readFigure(
  text: string,
  unit: string,
): { readonly value: number; readonly exact: number } {
  const [, sign = "", digits = "", word = ""] = /^(-?)\$?([\d,.]+) ?(\S*)$/u.exec(text) ?? [];
  const decimals = digits.split(".")[1]?.length ?? 0;
  const factors: Readonly<Record<string, number>> = {
    "%": 0.01,
    s: 1_000,
    min: 60_000,
    h: unit === "hours" ? 1 : 3_600_000,
    d: 86_400_000,
  };
  const factor = unit === "money" ? 100 : (factors[word] ?? 1);
  const value = Number(`${sign}${digits.replaceAll(",", "")}`) * factor;
  return { value, exact: (0.5 * factor) / 10 ** decimals };
}

await describeWithServer("chromium", "the HTML report of a comparison", ({ url: program }) => {
  const result = blackFriday();
  const html = htmlReport(result);
  const json = JSON.parse(canonicalJson(result)) as RunResult;
  const path = join(folder, "report.html");
  let browser: TrialBrowser;
  let opened: Awaited<ReturnType<typeof open>>;

  beforeAll(async () => {
    writeFileSync(path, html);
    browser = await trialBrowser(program);
    opened = await open();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(options: BrowserContextOptions = {}, file = path) {
    const { page, context, complaints } = await browser.visit({ offline: true, ...options });
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, context, complaints, requests };
  }

  /** What stands first in each cell of the rows that a selector names. */
  const cellsOf = async (page: Page, selector: string) =>
    (await page.evaluate(
      `[...document.querySelectorAll(${JSON.stringify(selector)})].map((row) =>
        [...row.children].map((cell) => cell.firstChild?.textContent.trim() ?? ""))`,
    )) as readonly (readonly string[])[];

  it("is below its limit, opens offline without a complaint, and asks for nothing", async () => {
    expect(Buffer.byteLength(html)).toBeLessThan(REPORT_BYTES_MAX);
    const { page, complaints, requests } = opened;
    expect(await page.title()).toBe("✗ webstore-black-friday: rehearsal");
    const verdict = await page.locator(".verdict h2").boundingBox();
    expect(verdict?.y).toBeLessThan(200);
    expect([complaints, requests]).toEqual([[], [pathToFileURL(path).href]]);
  });

  it("shows the numbers of the JSON, in its tables and in the data that it holds", async () => {
    const { page } = opened;
    const inline = JSON.parse((await page.locator("#result").textContent()) ?? "");
    for (const [plan, { metrics }] of Object.entries(json.plans))
      expect(inline.plans[plan].metrics).toEqual(metrics);
    expect(inline.differences).toEqual(json.differences);
    const rows = await cellsOf(page, '[aria-label="batched against simultaneous"] tbody tr');
    expect(rows.length).toBeGreaterThan(15);
    for (const [name = "", ...cells] of rows) {
      const unit = METRICS.find((metric) => metric.name === name)?.unit ?? "";
      for (const [index, plan] of ["batched", "simultaneous"].entries()) {
        const { mean, n } = json.plans[plan]?.metrics[name] ?? { mean: Number.NaN, n: 0 };
        if (n === 0) expect(cells[index]).toBe("–");
        const { value, exact } = readFigure(cells[index] ?? "", unit);
        if (n > 0) expect(Math.abs(value - mean), name).toBeLessThanOrEqual(exact * 1.000_001);
      }
    }
  });

  it("says under the pointer what the table behind the chart says", async () => {
    const { page } = opened;
    const figure = page.locator("figure").first();
    await figure.locator("svg").hover({ position: { x: 240, y: 60 } });
    const told = (await figure.locator(".readout").textContent()) ?? "";
    const rows = await cellsOf(page, "figure:first-of-type tbody tr");
    expect(
      rows.map(([from, one, other]) => `${from}: batched ${one}, simultaneous ${other}`),
    ).toContain(told);
    await page.getByRole("heading", { name: "What happened", exact: true }).hover();
    expect(await figure.locator(".readout").textContent()).toBe("");
  });

  it.each(["light", "dark"] as const)("can be used by everybody, in %s", async (colorScheme) => {
    const { page } = opened;
    await page.emulateMedia({ colorScheme });
    const details = page.locator("details").first();
    if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
    expect(await barriersOn(page)).toEqual([]);
  });

  it("fits a narrow screen, and paper", async () => {
    const { page } = opened;
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await overhangOf(page)).toBe(0);
    await page.setViewportSize({ width: 690, height: 900 });
    await page.emulateMedia({ media: "print" });
    expect(await overhangOf(page)).toBe(0);
    expect(await page.locator("summary").first().isVisible()).toBe(false);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("says the same without scripts", async () => {
    const { page, context, complaints } = await open({ javaScriptEnabled: false });
    expect(await page.locator(".verdict h2").textContent()).toMatch(/^✗ \d of 9 goals missed$/u);
    expect(await page.locator("figure svg .line").count()).toBeGreaterThan(7);
    await page.locator("summary").first().click();
    expect(await page.locator("figure tbody tr").first().isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("runs nothing that a name in a file brings along", async () => {
    const odd = `</script><script>document.title="taken"</script><img src=x onerror="document.title='taken'">`;
    const file = join(folder, "odd.html");
    const plans = Object.fromEntries(
      Object.entries(result.plans).map(([plan, own]) => [`${odd}${plan}`, own]),
    );
    writeFileSync(file, htmlReport({ ...result, scenario: odd, repeat: odd, plans }));
    const { page, context, complaints, requests } = await open({}, file);
    expect(await page.title()).toBe(`✗ ${odd}: rehearsal`);
    expect([complaints, requests.length]).toEqual([[], 1]);
    await context.close();
  });
});
