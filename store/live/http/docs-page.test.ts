import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { describe, expect, it } from "vitest";
import { PRICE, trialServer } from "../testing/trial-server.ts";

const CHROMIUM = "/usr/bin/chromium";

describe("the page to try the API at", () => {
  const there = existsSync(CHROMIUM);
  if (!there && process.env.CI === "true") throw new Error(`${CHROMIUM} is missing`);

  it.runIf(there)(
    "lists every operation, and a reader buys at it without a word of code",
    async () => {
      const trial = await trialServer();
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on("console", (line) => {
        if (line.type() === "error") complaints.push(line.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(`${trial.origin}/docs`);
      const operations = page.locator("details");
      await operations.first().waitFor();
      const listed = trial.server.declaredRoutes.filter(
        ({ method, url }) => method !== "HEAD" && !/^\/(docs|openapi)|\/events$/.test(url),
      );
      expect(await operations.count()).toBe(listed.length);
      await page.getByRole("button", { name: "Become a shopper" }).click();
      const order = operations.filter({ hasText: "Place an order and pay it" });
      await order.locator("summary").click();
      await order.getByLabel("idempotency-key").fill("first");
      const lines = [{ sku: "TOASTER", units: 1, unitPrice: PRICE }];
      await order.getByLabel("Body").fill(JSON.stringify({ lines, paymentToken: "card-1" }));
      await order.getByRole("button", { name: "Send" }).click();
      await order.locator("pre", { hasText: "confirmed" }).waitFor();
      expect(await order.locator("pre").textContent()).toMatch(/^201\n/);
      expect(trial.gateways[0].charges()).toHaveLength(1);
      expect(complaints).toEqual([]);
      await browser.close();
      await trial.close();
    },
  );
});
