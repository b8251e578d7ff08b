/**
 * A real browser for tests of pages. It notes whatever a developer would see in its console, which
 * is where a broken script and a refused style or script show, and asks axe whether a page can be
 * used by everybody.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Level A and AA of WCAG up to 2.2. */
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export interface TrialPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the console said: errors and warnings, refused styles and scripts among them. */
  readonly complaints: string[];
}

export interface TrialBrowser {
  /** A shopper's own browser, who shares nothing with others. */
  readonly visit: (options?: BrowserContextOptions) => Promise<TrialPage>;
  readonly close: () => Promise<void>;
}

export async function trialBrowser(executablePath: string): Promise<TrialBrowser> {
  const profile = mkdtempSync(join(tmpdir(), "trial-browser-"));
  const args = [...ARGUMENTS, `--disk-cache-dir=${profile}`];
  const browser = await chromium.launch({ executablePath, headless: true, args });
  return {
    visit: async (options = {}) => {
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      return { page, context, complaints };
    },
    close: async () => {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** The rules of WCAG 2.2 AA that the page breaks, each with the elements that break it. */
export async function barriersOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const options = JSON.stringify({ runOnly: WCAG, resultTypes: ["violations"] });
  const result = (await page.evaluate(`axe.run(document, ${options})`)) as axe.AxeResults;
  return result.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
}

/** By how many pixels the page is wider than its window. */
export async function overhangOf(page: Page): Promise<number> {
  const root = "document.documentElement";
  return Number(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`));
}
