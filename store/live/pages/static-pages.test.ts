/** The pages that are the same for everybody, as caches and browsers ask for them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import { afterEach, describe, expect, it } from "vitest";
import type { SaleSetup } from "../../service/sale-setup.ts";
import {
  HandClock,
  type TrialServer,
  type TrialServerOptions,
  trialServer,
  trialSetup,
} from "../testing/trial-server.ts";
import { exportPages } from "./export-pages.ts";
import { problemPage } from "./problem-page.ts";
import { LIST_ITEMS } from "./shop-front.ts";
import { storefront } from "./storefront.ts";

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function openShop(options: TrialServerOptions = {}): Promise<TrialServer> {
  const extend = (server: TrialServer["server"]) => server.register(storefront);
  const trial = await trialServer({ problemPage, extend, ...options });
  open.push(trial.close);
  return trial;
}

const BROWSER = { accept: "text/html", "sec-fetch-site": "same-origin" };

async function get(trial: TrialServer, path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${trial.origin}${path}`, { headers: { ...BROWSER, ...headers } });
  const { status, headers: heard } = response;
  return { status, text: await response.text(), header: (name: string) => heard.get(name) };
}

/** A sale of one seller with so many items, each named by its number. */
function longSetup(items: number): SaleSetup {
  const setup = trialSetup();
  const skus = Array.from({ length: items }, (_unused, place) => `item-${place}`);
  const of = { seller: "hearth", currency: "USD", price: 4_000, salePrice: 2_500 };
  return {
    ...setup,
    catalog: {
      sellers: setup.catalog.sellers,
      products: skus.map((sku) => ({ product: sku, seller: "hearth", name: sku, skus: [sku] })),
      listings: skus.map((sku) => ({ ...of, sku, product: sku, name: sku })),
    },
    stock: skus.map((sku) => ({ sku, units: 1, limitPerShopper: null })),
  };
}

describe("a page that is the same for everybody", () => {
  it("is sent once, and told to be unchanged after that", async () => {
    const trial = await openShop();
    for (const path of ["/", "/products", "/sellers/hearth", "/product/toasting"]) {
      const first = await get(trial, path);
      const etag = first.header("etag") ?? "";
      expect([path, first.status, first.header("set-cookie")]).toEqual([path, 200, null]);
      expect(first.header("cache-control")).toMatch(/^public, .*s-maxage=10, stale-while/);
      const again = await get(trial, path, { "if-none-match": etag });
      expect([again.status, again.text, again.header("etag")]).toEqual([304, "", etag]);
      const weak = await get(trial, path, { "if-none-match": `"other", W/${etag}` });
      expect(weak.status).toBe(304);
      const cookie = await get(trial, path, { cookie: "shopper=somebody" });
      expect([cookie.text, cookie.header("etag")]).toEqual([first.text, etag]);
    }
  });

  it("follows the catalog within a second", async () => {
    const clock = new HandClock(Date.now());
    const trial = await openShop({ clock: clock.clock });
    const before = await get(trial, "/product/toasting");
    expect(before.text).toContain("$25.00");
    const { catalog } = trial.store.ports;
    await Effect.runPromise(catalog.reprice({ sku: "TOASTER", price: 4_000, salePrice: 1_900 }));
    clock.now += 1_000;
    const etag = before.header("etag") ?? "";
    const after = await get(trial, "/product/toasting", { "if-none-match": etag });
    expect([after.status, after.text.includes("$19.00")]).toEqual([200, true]);
  });

  it("is of the phase in which it is asked for, and no cache may keep it beyond", async () => {
    const setup = trialSetup();
    const { publicAt, closesAt } = setup.settings.sale;
    const clock = new HandClock(publicAt - 1);
    const sale = { earlyAccessAt: publicAt, publicAt, closesAt };
    const scheduled = { ...setup, settings: { ...setup.settings, sale } };
    const trial = await openShop({ setup: scheduled, clock: clock.clock });
    const before = await get(trial, "/product/toasting");
    expect(before.text).not.toContain("Add to cart");
    expect(before.text).not.toContain("$25.00");
    expect(before.header("cache-control")).toContain("s-maxage=0, stale-while-revalidate=0");
    clock.now += 1;
    expect((await get(trial, "/product/toasting")).text).toContain("Add to cart");
    clock.now = closesAt - 30_000;
    const last = (await get(trial, "/product/toasting")).header("cache-control");
    expect(last).toContain("s-maxage=10, stale-while-revalidate=20");
    clock.now = closesAt;
    expect((await get(trial, "/")).text).toContain("The sale is over");
  });

  it("leads through a long list, each item once", async () => {
    const items = 2 * LIST_ITEMS + 1;
    const trial = await openShop({ setup: longSetup(items) });
    const seen: string[] = [];
    let path: string | undefined = "/products";
    while (path !== undefined) {
      const { text }: { text: string } = await get(trial, path);
      seen.push(...[...text.matchAll(/data-stock="([^"]+)"/g)].map(([, sku]) => sku));
      path = /rel="next" href="([^"]+)"/.exec(text)?.[1];
    }
    expect(seen).toEqual(Array.from({ length: items }, (_unused, place) => `item-${place}`));
  });

  it("shows names that try to be markup as the names they are", async () => {
    const setup = trialSetup();
    const evil = `"><img src=x onerror=alert(1)>`;
    const { catalog } = setup;
    const listings = catalog.listings.map((listing) => ({ ...listing, name: evil }));
    const products = catalog.products.map((product) => ({ ...product, name: evil }));
    const sellers = [{ seller: "hearth", name: evil }];
    const named = { ...setup, name: evil, catalog: { sellers, products, listings } };
    const trial = await openShop({ setup: named });
    const paths = ["/", "/products", "/product/toasting", `/search?q=${encodeURIComponent(evil)}`];
    for (const path of [...paths, "/cart", "/goodbye", `/queue?next=/${evil}`, `/${evil}`]) {
      const { text } = await get(trial, path);
      expect([path, text.includes("<img src=x"), text.includes("&lt;img src=x")]).toEqual([
        path,
        false,
        true,
      ]);
    }
  });

  it("names style and script by what is in them, for good", async () => {
    const trial = await openShop();
    const { text } = await get(trial, "/");
    const assets = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(assets).toHaveLength(3);
    for (const path of assets) {
      const asset = await get(trial, path);
      expect([asset.status, asset.header("cache-control")]).toEqual([
        200,
        "public, max-age=31536000, immutable",
      ]);
    }
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on[a-z]+=/);
  });

  it("draws every product the same picture each time", async () => {
    const trial = await openShop();
    const once = await get(trial, "/art/toasting.svg");
    expect([once.status, once.header("content-type")]).toEqual([200, "image/svg+xml"]);
    expect((await get(trial, "/art/toasting.svg")).text).toBe(once.text);
  });
});

describe("a form of the pages", () => {
  const send = async (trial: TrialServer, path: string, headers: Record<string, string>) => {
    const body = new URLSearchParams({ sku: "TOASTER", units: "1" });
    const sent = { method: "POST", body, headers: { accept: "text/html", ...headers } };
    return await fetch(`${trial.origin}${path}`, { ...sent, redirect: "manual" });
  };

  it("is taken from the shop's own pages alone", async () => {
    const trial = await openShop();
    for (const path of ["/cart/lines", "/cart/units", "/checkout", "/orders", "/queue"]) {
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { origin: "https://evil.example" },
      ]) {
        const refused = await send(trial, path, headers);
        expect([path, refused.status]).toEqual([path, 403]);
        expect(refused.headers.get("set-cookie")).toBeNull();
      }
    }
    const taken = await send(trial, "/cart/lines", { origin: trial.origin });
    expect([taken.status, taken.headers.get("location")]).toEqual([303, "/cart"]);
    expect(taken.headers.getSetCookie()[0]).toMatch(/^shopper=.*HttpOnly; SameSite=Lax/);
  });

  it("sends nobody to another site", async () => {
    const trial = await openShop();
    for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
      const answer = await fetch(`${trial.origin}/queue?next=${encodeURIComponent(next)}`, {
        headers: BROWSER,
        redirect: "manual",
      });
      expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
    }
  });

  it("is refused in the looks of the shop, and to a program in JSON", async () => {
    const trial = await openShop();
    const missing = await get(trial, "/product/nothing");
    expect([missing.status, missing.header("content-type")]).toEqual([
      404,
      "text/html; charset=utf-8",
    ]);
    expect(missing.text).toContain("<h1>Nothing here</h1>");
    const program = await get(trial, "/product/nothing", { accept: "application/json" });
    expect(program.header("content-type")).toContain("application/problem+json");
    const api = await get(trial, "/api/products/nothing");
    expect(api.header("content-type")).toContain("application/problem+json");
  });
});

describe("exported pages", () => {
  it("are what the shop itself answers, for every page that a link leads to", async () => {
    const folder = mkdtempSync(join(tmpdir(), "exported-pages-"));
    open.push(() => rmSync(folder, { recursive: true }));
    const trial = await openShop({ setup: longSetup(LIST_ITEMS + 1) });
    const { files } = await exportPages(trial.store, folder, Date.now());
    const written = readdirSync(folder, { recursive: true, withFileTypes: true });
    expect(written.filter((entry) => entry.isFile())).toHaveLength(files);
    const todo = ["/"];
    const seen = new Set(todo);
    for (const path of todo) {
      const isPage = !/^\/(art|assets)\//.test(path);
      const file = join(folder, decodeURIComponent(path), isPage ? "index.html" : "");
      const { text } = await get(trial, path);
      expect([path, readFileSync(file, "utf8") === text]).toEqual([path, true]);
      for (const [, link] of text.matchAll(/(?:href|src)="(\/[^"]*)"/g)) {
        const isStatic = /^\/($|products|product\/|sellers\/|art\/|assets\/)/.test(link);
        if (!isStatic || seen.has(link)) continue;
        seen.add(link);
        todo.push(link);
      }
    }
    expect(todo.filter((path) => path.startsWith("/product/"))).toHaveLength(LIST_ITEMS + 1);
  });
});
