import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditPayments } from "../../core/payment-audit.ts";
import { auditStock } from "../../core/stock-audit.ts";
import type { SaleSetup } from "../../service/sale-setup.ts";
import { offerOf } from "../../testing/offers.ts";
import { openSqlite } from "../sqlite/sqlite-parts.ts";
import { ask, type Heard, PRICE, TrialShopper, trialSetup } from "../testing/trial-server.ts";
import { type WholeShop, wholeShop } from "../testing/whole-shop.ts";

/**
 * The steps of a purchase in every order there is, and many copies of one step at one moment: what
 * each is told follows from what was done before it and from nothing else. On SQLite, as a shop on
 * one machine has it. Source: OWASP ASVS 5.0, 2.3.1 to 2.3.4 and 15.4.2.
 */
const STEPS = ["hold", "reprice", "pay", "confirm", "cancel"] as const;
type Step = (typeof STEPS)[number];

const COPIES = 100;
const NEW_PRICE = PRICE + 100;
const orders = permutations(STEPS);

let shop: WholeShop;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "steps-"));
  shop = await wholeShop({
    setup: setupWith(orders.length),
    parts: (setup) => openSqlite({ folder, setup }),
  });
});
afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true });
});

function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, place) =>
    permutations([...items.slice(0, place), ...items.slice(place + 1)]).map((rest) => [
      item,
      ...rest,
    ]),
  );
}

/** An item with one unit for each order of the steps, and one with many for the crowds. */
function setupWith(items: number): SaleSetup {
  const setup = trialSetup({ units: 1_000, offers: [offerOf("stay")] });
  const skus = Array.from({ length: items }, (_, place) => `ITEM-${place}`);
  const of = { seller: "hearth", currency: "USD", price: 4_000, salePrice: PRICE };
  const { products, listings } = setup.catalog;
  const more = skus.map((sku) => ({ product: sku, seller: "hearth", name: sku, skus: [sku] }));
  return {
    ...setup,
    catalog: {
      ...setup.catalog,
      products: [...products, ...more],
      listings: [...listings, ...skus.map((sku) => ({ ...of, sku, product: sku, name: sku }))],
    },
    stock: [
      ...setup.stock,
      ...skus.map((sku) => ({ sku, units: 1, limitPerShopper: null, limitPerPerson: null })),
    ],
  };
}

/** One purchase, and what each of its steps must be told. */
class Purchase {
  readonly #shopper: TrialShopper;
  readonly #sku: string;
  #hold: string | null = null;
  #order: string | null = null;
  #paid = "";
  #isRepriced = false;
  #isCancelled = false;

  constructor(shopper: TrialShopper, sku: string) {
    this.#shopper = shopper;
    this.#sku = sku;
  }

  get #lines() {
    return [{ sku: this.#sku, units: 1, unitPrice: PRICE }];
  }

  pay(): Promise<Heard> {
    const hold = this.#hold ?? "hold_none";
    return this.#shopper.order("key", { lines: this.#lines, hold });
  }

  /** The kind of answer that the step had, and the one that it must have had. */
  async take(step: Step): Promise<readonly [heard: string, wanted: string]> {
    switch (step) {
      case "hold": {
        const heard = await this.#shopper.ask("/api/checkout", { body: { lines: this.#lines } });
        const wanted = this.#isRepriced ? "price-changed" : "201";
        this.#hold = heard.body.hold ?? null;
        return [kindOf(heard), wanted];
      }
      case "reprice": {
        const heard = await ask(shop.origin, `/api/admin/prices/${this.#sku}`, {
          method: "PUT",
          body: { price: 4_000, salePrice: NEW_PRICE },
          headers: { authorization: `Bearer ${shop.adminToken}` },
        });
        this.#isRepriced = true;
        return [kindOf(heard), "200"];
      }
      case "pay": {
        const heard = await this.pay();
        this.#order = heard.body.order ?? null;
        this.#paid = kindOf(heard);
        return [this.#paid, this.#paidKind()];
      }
      case "confirm": {
        const heard = await this.#shopper.ask(`/api/orders/${this.#order ?? "order_none"}`);
        if (this.#order === null) return [kindOf(heard), "unknown-order"];
        return [heard.body.status, this.#paid === "201" ? "confirmed" : this.#paid];
      }
      case "cancel": {
        const path = `/api/holds/${this.#hold ?? "hold_none"}`;
        const heard = await this.#shopper.ask(path, { method: "DELETE" });
        const isHeld = this.#hold !== null && this.#paid !== "201";
        this.#isCancelled = isHeld;
        return [kindOf(heard), isHeld ? "204" : "unknown-hold"];
      }
    }
  }

  /** A price that has changed is told first, and a hold that was given up keeps nothing. */
  #paidKind(): string {
    if (this.#isRepriced) return "price-changed";
    if (this.#hold === null) return "hold-mismatch";
    return this.#isCancelled ? "hold-expired" : "201";
  }
}

function kindOf({ status, body }: Heard): string {
  return status < 300 ? String(status) : String(body.type).replace("/problems/", "");
}

/** What stock, orders and the bank say of each other when nothing is under way. */
async function soundBooks(): Promise<void> {
  const { parts } = shop.store;
  const [stock, books] = [
    await Effect.runPromise(parts.stock.snapshot),
    await Effect.runPromise(parts.orders.snapshot),
  ];
  const charges = shop.gateways[0].charges();
  expect(auditStock(stock)).toEqual([]);
  expect(auditPayments({ orders: books, charges, quiescent: true })).toEqual([]);
  const sold = books.orders.filter(({ state }) => state === "confirmed");
  const units = sold.flatMap(({ lines }) => lines).reduce((sum, line) => sum + line.units, 0);
  expect(stock.levels.reduce((sum, level) => sum + level.sold, 0)).toBe(units);
  expect(charges.reduce((sum, { captured }) => sum + captured, 0)).toBe(
    sold.reduce((sum, { total }) => sum + total, 0),
  );
}

describe("the steps of a purchase", () => {
  it("are told the same in each of their 120 orders, as what came before them says", async () => {
    expect(orders).toHaveLength(120);
    let paid = 0;
    // Twelve at a time and in an order of chance, so that the purchases cross each other.
    const [mixed] = fc.sample(
      fc.shuffledSubarray([...orders.keys()], { minLength: orders.length }),
      { seed: 7, numRuns: 1 },
    );
    const queue = [...(mixed ?? [])];
    const lane = async () => {
      for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
        const purchase = new Purchase(await TrialShopper.come(shop.origin), `ITEM-${place}`);
        for (const step of orders[place] ?? []) {
          const [heard, wanted] = await purchase.take(step);
          expect([step, heard], `${orders[place]}`).toEqual([step, wanted]);
          if (step === "pay" && heard === "201") paid += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: 12 }, lane));
    expect(paid).toBeGreaterThan(5);
    await soundBooks();
  });
});

describe("a hundred copies at one moment", () => {
  const lines = [{ sku: "TOASTER", units: 1, unitPrice: PRICE }];
  const crowd = (send: (copy: number) => Promise<Heard>) =>
    Promise.all(Array.from({ length: COPIES }, (_, copy) => send(copy)));
  const charged = () => shop.gateways[0].charges().length;

  it("of one order under one key are one order and one charge", async () => {
    const ann = await TrialShopper.come(shop.origin);
    const before = charged();
    const told = await crowd(() => ann.order("one", { lines }));
    const kinds = new Set(told.map(kindOf));
    expect([...kinds].every((kind) => kind === "201" || kind === "in-flight")).toBe(true);
    const names = new Set(told.map(({ body }) => body.order));
    expect([names.size, charged() - before]).toEqual([1, 1]);
    await soundBooks();
  });

  it("of one hold under a hundred keys are paid once", async () => {
    const ann = await TrialShopper.come(shop.origin);
    const { hold } = (await ann.ask("/api/checkout", { body: { lines } })).body;
    const before = charged();
    const told = await crowd((copy) => ann.order(`key-${copy}`, { lines, hold }));
    const won = told.filter(({ status }) => status === 201);
    const lost = new Set(told.filter(({ status }) => status !== 201).map(kindOf));
    expect([won.length, [...lost], charged() - before]).toEqual([1, ["hold-mismatch"], 1]);
    await soundBooks();
  });

  it("of one hold are given back once, or bought, and never both", async () => {
    const ann = await TrialShopper.come(shop.origin);
    const { hold } = (await ann.ask("/api/checkout", { body: { lines } })).body;
    const before = charged();
    const told = await crowd((copy) =>
      copy % 2 === 0
        ? ann.ask(`/api/holds/${hold}`, { method: "DELETE" })
        : ann.order("both", { lines, hold }),
    );
    const released = told.filter(({ status }) => status === 204).length;
    const bought = new Set(
      told.filter(({ status }) => status === 201).map(({ body }) => body.order),
    );
    expect(released + bought.size).toBe(1);
    expect(charged() - before).toBe(bought.size);
    await soundBooks();
  });

  it("of one code take their discount once", async () => {
    const ann = await TrialShopper.come(shop.origin);
    const offered = await ann.ask("/api/offers", { body: { trigger: "exit-intent" } });
    const codes = [offered.body.code];
    const told = await crowd((copy) => ann.order(`code-${copy}`, { lines, codes }));
    const won = told.filter(({ status }) => status === 201);
    expect(won.map(({ body }) => body.total)).toEqual([PRICE * 0.9]);
    const lost = new Set(told.filter(({ status }) => status !== 201).map(kindOf));
    expect([...lost]).toEqual(["code-spent"]);
    await soundBooks();
  });
});
