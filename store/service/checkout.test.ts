import { Cause, Effect, Exit, Option } from "effect";
import { describe, expect, it } from "vitest";
import { statusOf } from "../core/checkout.ts";
import { FaultyPorts } from "../testing/faulty-ports.ts";
import {
  answerOf,
  findings,
  HOLD_FOR,
  KETTLE,
  OPENS,
  openCarts,
  openCheckout,
  place,
  request,
  sweep,
  TOASTER,
  type TrialStore,
  trialStore,
  unitsOf,
} from "../testing/trial-store.ts";

const line = (
  units: number,
  sku: { readonly sku: string; readonly salePrice: number } = TOASTER,
) => ({
  sku: sku.sku,
  units,
  unitPrice: sku.salePrice,
});

function start(trial: TrialStore, over: Parameters<typeof request>[0] = {}) {
  return answerOf(trial, openCheckout(trial).startCheckout(request(over)));
}

function started(trial: TrialStore, over: Parameters<typeof request>[0] = {}) {
  const answer = start(trial, over);
  if (answer._tag !== "CheckoutStarted") throw new Error(`expected a hold, got ${answer._tag}`);
  return answer;
}

describe("placing an order", () => {
  it("confirms in one step for a guest, sells the units and captures once", () => {
    const trial = trialStore();
    const answer = place(trial);
    const total = TOASTER.salePrice;
    expect(answer).toEqual({ _tag: "Confirmed", order: "order-1", total, currency: "USD" });
    expect(statusOf(answer)).toBe(201);
    expect(unitsOf(trial)).toEqual({ available: 9, held: 0, sold: 1 });
    expect(trial.gateways[0]?.charges()).toEqual([
      { gateway: "first", key: "order-1.1", order: "order-1", captured: 2_500, refunded: 0 },
    ]);
    expect(trial.log.map((event) => event.kind)).toEqual([
      "OrderPlaced",
      "HoldPlaced",
      "OrderAuthorising",
      "OrderPaid",
      "HoldSold",
      "OrderConfirmed",
    ]);
    expect(findings(trial)).toEqual([]);
  });

  it("sums a SKU that is named twice before it looks at the stock", () => {
    const trial = trialStore({ units: 3 });
    const twice = { lines: [line(2), line(2)] };
    expect(place(trial, request({ items: twice }))).toMatchObject({ _tag: "SoldOut" });
    const fits = { lines: [line(1), line(1, KETTLE), line(2)] };
    const answer = place(trial, request({ key: "key-2", items: fits }));
    expect(answer).toMatchObject({ _tag: "Confirmed", total: 3 * 2_500 + 1_999 });
    expect(unitsOf(trial)).toEqual({ available: 0, held: 0, sold: 3 });
    expect(findings(trial)).toEqual([]);
  });

  it("holds all lines or none", () => {
    const trial = trialStore({ units: 3 });
    const items = { lines: [line(3), line(4, KETTLE)] };
    expect(place(trial, request({ items }))).toMatchObject({ _tag: "SoldOut", sku: "KETTLE" });
    expect(unitsOf(trial)).toEqual({ available: 3, held: 0, sold: 0 });
  });

  it("keeps the limit per shopper over all sessions, bought and held units together", () => {
    const trial = trialStore({ limitPerShopper: 2 });
    started(trial, { items: { lines: [line(1)] } });
    expect(place(trial)._tag).toBe("Confirmed");
    const more = place(trial, request({ key: "key-2" }));
    expect(more).toMatchObject({ _tag: "LimitReached", limit: 2 });
    expect(place(trial, request({ shopper: "bob" }))._tag).toBe("Confirmed");
    expect(findings(trial, { quiescent: false, logWhole: true })).toEqual([]);
  });

  it("gives the units back after a decline, and takes another card under another key", () => {
    const charge = (call: number) => (call === 1 ? ("declineSoft" as const) : ("approve" as const));
    const trial = trialStore({ units: 1, gateways: [{ name: "first", charge }] });
    expect(place(trial)).toMatchObject({ _tag: "Declined", kind: "soft" });
    expect(unitsOf(trial)).toEqual({ available: 1, held: 0, sold: 0 });
    const other = request({ key: "key-2", paymentToken: "card-2" });
    expect(place(trial, other)._tag).toBe("Confirmed");
    expect(place(trial)).toMatchObject({ _tag: "Declined" });
    expect(findings(trial)).toEqual([]);
  });

  it("refuses what cannot be bought before anything is written", () => {
    const trial = trialStore();
    const refused = (over: Parameters<typeof request>[0]) => place(trial, request(over));
    expect(refused({ items: { lines: [] } })._tag).toBe("ItemsRefused");
    expect(refused({ items: { lines: [line(0)] } })._tag).toBe("ItemsRefused");
    expect(refused({ items: { lines: [line(1.5)] } })._tag).toBe("ItemsRefused");
    expect(refused({ items: { lines: [line(-1)] } })._tag).toBe("ItemsRefused");
    expect(refused({ items: { lines: [line(100)] } })._tag).toBe("ItemsRefused");
    expect(refused({ items: { cart: "nobody's" } })._tag).toBe("ItemsRefused");
    const ghost = { sku: "GHOST", salePrice: 1 };
    expect(refused({ items: { lines: [line(1, ghost)] } })._tag).toBe("UnknownSku");
    const cheap = { lines: [{ ...line(1), unitPrice: 1 }] };
    expect(refused({ items: cheap })).toEqual({
      _tag: "PriceChanged",
      sku: "TOASTER",
      shown: 1,
      current: 2_500,
    });
    expect(trial.log).toEqual([]);
    expect(trial.gateways[0]?.chargeCalls()).toBe(0);
  });
});

describe("the same request again", () => {
  it("gets the same answer, and does nothing more", () => {
    const trial = trialStore();
    const first = place(trial);
    const lines = trial.log.length;
    expect(place(trial)).toEqual(first);
    expect(trial.log.length).toBe(lines);
    expect(unitsOf(trial)).toEqual({ available: 9, held: 0, sold: 1 });
  });

  it("gets the same answer after the sale has closed, its price has changed and its stock is gone", () => {
    const trial = trialStore({ units: 1 });
    const first = place(trial);
    trial.time.now = OPENS + 2 * 86_400_000;
    answerOf(
      trial,
      trial.ports.catalog.reprice({ sku: "TOASTER", price: 9_000, salePrice: 8_000 }),
    );
    expect(place(trial)).toEqual(first);
    expect(place(trial, request({ key: "key-2" }))._tag).toBe("SaleNotOpen");
  });

  it("is told that the key was used for something else, whatever differs", () => {
    const trial = trialStore();
    place(trial);
    const others = [
      { paymentToken: "card-2" },
      { items: { lines: [line(2)] } },
      { items: { cart: "TOASTER" } },
      { hold: "hold-1" },
    ];
    for (const over of others) {
      const answer = place(trial, request(over));
      expect(answer).toEqual({ _tag: "KeyReused" });
      expect(statusOf(answer)).toBe(422);
    }
    expect(unitsOf(trial).sold).toBe(1);
    expect(findings(trial)).toEqual([]);
  });

  it("is another request when another shopper uses the same key", () => {
    const trial = trialStore();
    place(trial);
    expect(place(trial, request({ shopper: "bob" }))).toMatchObject({ order: "order-2" });
    expect(unitsOf(trial).sold).toBe(2);
  });

  it("captures once when ten of them come at the same moment", () => {
    const trial = trialStore({ units: 1, gateways: [{ name: "first", latencyMillis: 900 }] });
    const checkout = openCheckout(trial);
    const pay = checkout.placeOrder(request());
    const ten = Effect.forEach(Array.from({ length: 10 }), () => pay, { concurrency: "unbounded" });
    const answers = answerOf(trial, ten);
    expect(answers.filter((answer) => answer._tag === "Confirmed").length).toBe(1);
    const inFlight = answers.filter((answer) => answer._tag === "InFlight");
    expect(inFlight.length).toBe(9);
    expect(inFlight.every((answer) => statusOf(answer) === 409)).toBe(true);
    expect(trial.gateways[0]?.chargeCalls()).toBe(1);
    expect(findings(trial)).toEqual([]);
  });
});

describe("checking out in two steps", () => {
  it("keeps the units while the shopper types, and sells them", () => {
    const trial = trialStore({ units: 1 });
    const { hold, expiresAt } = started(trial);
    expect(expiresAt).toBe(OPENS + HOLD_FOR);
    expect(start(trial, { shopper: "bob" })._tag).toBe("SoldOut");
    trial.time.now += HOLD_FOR - 1;
    expect(place(trial, request({ hold }))._tag).toBe("Confirmed");
    expect(findings(trial)).toEqual([]);
  });

  it("lets the units go when the hold lapses, and takes them again if they are still there", () => {
    const trial = trialStore({ units: 1 });
    const { hold } = started(trial);
    trial.time.now += HOLD_FOR;
    expect(sweep(trial)).toBe(1);
    expect(sweep(trial)).toBe(0);
    expect(unitsOf(trial)).toEqual({ available: 1, held: 0, sold: 0 });
    expect(place(trial, request({ hold }))._tag).toBe("Confirmed");
    expect(findings(trial)).toEqual([]);
  });

  it("says so when the hold has lapsed and somebody else has the units; nothing is charged", () => {
    const trial = trialStore({ units: 1 });
    const { hold } = started(trial);
    trial.time.now += HOLD_FOR;
    sweep(trial);
    expect(place(trial, request({ shopper: "bob" }))._tag).toBe("Confirmed");
    const answer = place(trial, request({ hold }));
    expect(answer).toMatchObject({ _tag: "HoldExpired" });
    expect(place(trial, request({ hold }))).toEqual(answer);
    expect(trial.gateways[0]?.chargeCalls()).toBe(1);
    expect(findings(trial)).toEqual([]);
  });

  it("lets nobody pay with another shopper's hold, another basket's hold, or a hold twice", () => {
    const trial = trialStore();
    const { hold } = started(trial);
    expect(place(trial, request({ shopper: "eve", hold }))._tag).toBe("HoldMismatch");
    expect(place(trial, request({ hold, items: { lines: [line(2)] } }))._tag).toBe("HoldMismatch");
    expect(place(trial, request({ hold: "no-such-hold" }))._tag).toBe("HoldMismatch");
    expect(place(trial, request({ hold }))._tag).toBe("Confirmed");
    expect(place(trial, request({ hold, key: "key-2" }))._tag).toBe("HoldMismatch");
    expect(unitsOf(trial).sold).toBe(1);
    expect(findings(trial)).toEqual([]);
  });

  it("charges the prices of the cart as they were agreed when the hold began", () => {
    const trial = trialStore();
    const carts = openCarts(trial);
    const of = { shopper: "ann", sku: "TOASTER", units: 2, invited: false };
    const added = answerOf(trial, carts.add({ ...of, cart: null }));
    if (added._tag !== "CartChanged") throw new Error(added._tag);
    const items = { cart: added.cart.cart };
    const { hold, total } = started(trial, { items });
    answerOf(
      trial,
      trial.ports.catalog.reprice({ sku: "TOASTER", price: 9_000, salePrice: 8_000 }),
    );
    expect(start(trial, { items })).toMatchObject({ _tag: "PriceChanged", current: 8_000 });
    expect(place(trial, request({ items, hold }))).toMatchObject({ _tag: "Confirmed", total });
    expect(total).toBe(5_000);
    expect(findings(trial)).toEqual([]);
  });
});

describe("the cart of an order", () => {
  const cartOf = (trial: TrialStore) => {
    const of = { shopper: "ann", cart: "c", sku: "TOASTER", units: 1, invited: false };
    answerOf(trial, openCarts(trial).add(of));
    return { cart: "c" };
  };
  const stored = (trial: TrialStore) =>
    answerOf(trial, openCarts(trial).read({ shopper: "ann", cart: "c" }));

  it("is put away when the order is confirmed, and kept when it is declined", () => {
    const charge = (call: number) => (call === 1 ? ("declineHard" as const) : ("approve" as const));
    const trial = trialStore({ gateways: [{ name: "first", charge }] });
    const items = cartOf(trial);
    expect(place(trial, request({ items }))._tag).toBe("Declined");
    expect(stored(trial)).toMatchObject({ lines: [{ sku: "TOASTER" }] });
    expect(place(trial, request({ items, key: "key-2" }))._tag).toBe("Confirmed");
    expect(stored(trial)).toEqual({ _tag: "UnknownCart" });
    expect(place(trial, request({ items, key: "key-2" }))._tag).toBe("Confirmed");
    expect(unitsOf(trial).sold).toBe(1);
  });

  it("is bought once by requests that pay for it at once, each under a key of its own", () => {
    const trial = trialStore({ gateways: [{ name: "first", latencyMillis: 900 }] });
    const items = cartOf(trial);
    const pay = (delay: number) =>
      Effect.delay(openCheckout(trial).placeOrder(request({ items, key: `key-${delay}` })), delay);
    const answers = answerOf(
      trial,
      Effect.all([0, 0, 0, 100, 899].map(pay), { concurrency: "unbounded" }),
    );
    expect(answers.filter(({ _tag }) => _tag === "Confirmed")).toHaveLength(1);
    expect(unitsOf(trial).sold).toBe(1);
    expect(stored(trial)).toEqual({ _tag: "UnknownCart" });
    expect(findings(trial)).toEqual([]);
  });

  it("is a new one where the shopper put something in while the order was being paid", () => {
    const trial = trialStore({ gateways: [{ name: "first", latencyMillis: 900 }] });
    const items = cartOf(trial);
    const of = { shopper: "ann", cart: "c", sku: "KETTLE", units: 1, invited: false };
    const more = Effect.delay(openCarts(trial).add(of), 100);
    const pay = openCheckout(trial).placeOrder(request({ items }));
    answerOf(trial, Effect.all([pay, more], { concurrency: 2 }));
    expect(stored(trial)).toMatchObject({ lines: [{ sku: "KETTLE" }] });
    expect(findings(trial)).toEqual([]);
  });
});

describe("the phases of the sale", () => {
  it("accept nothing before the start and nothing after the end, from the very millisecond", () => {
    const trial = trialStore();
    const day = 86_400_000;
    const at = (now: number, invited: boolean) => {
      trial.time.now = now;
      return place(trial, request({ key: `key-${now}-${invited}`, invited }));
    };
    expect(at(OPENS - day - 1, true)).toEqual({ _tag: "SaleNotOpen", phase: "scheduled" });
    expect(at(OPENS - day, false)).toEqual({ _tag: "SaleNotOpen", phase: "early-access" });
    expect(at(OPENS - day, true)._tag).toBe("Confirmed");
    expect(at(OPENS - 1, false)._tag).toBe("SaleNotOpen");
    expect(at(OPENS, false)._tag).toBe("Confirmed");
    expect(at(OPENS + day - 1, false)._tag).toBe("Confirmed");
    expect(at(OPENS + day, true)).toEqual({ _tag: "SaleNotOpen", phase: "closed" });
    expect(unitsOf(trial).sold).toBe(3);
    expect(findings(trial)).toEqual([]);
  });
});

describe("a rush", () => {
  const rush = (trial: TrialStore, buyers: number, concurrency: number) => {
    const checkout = openCheckout(trial);
    const buy = (buyer: number) => checkout.placeOrder(request({ shopper: `buyer-${buyer}` }));
    const all = Effect.forEach(
      Array.from({ length: buyers }, (_, buyer) => buyer),
      buy,
      {
        concurrency,
      },
    );
    return answerOf(trial, all);
  };

  it("sells exactly 20 units to 80 buyers of whom 16 come at a time", () => {
    const trial = trialStore({ units: 20, gateways: [{ name: "first", latencyMillis: 900 }] });
    const answers = rush(trial, 80, 16);
    expect(answers.filter((answer) => answer._tag === "Confirmed").length).toBe(20);
    expect(answers.filter((answer) => answer._tag === "SoldOut").length).toBe(60);
    expect(unitsOf(trial)).toEqual({ available: 0, held: 0, sold: 20 });
    expect(findings(trial)).toEqual([]);
  });

  it("sells exactly 100 units to 200 buyers who pay at the same moment", () => {
    const trial = trialStore({ units: 100, gateways: [{ name: "first", latencyMillis: 900 }] });
    const answers = rush(trial, 200, 200);
    expect(answers.filter((answer) => answer._tag === "Confirmed").length).toBe(100);
    expect(trial.time.now - OPENS).toBe(900);
    expect(findings(trial)).toEqual([]);
  });
});

describe("a port that cannot answer", () => {
  it("fails the request with an error that names it, and the same key goes on later", () => {
    const trial = trialStore();
    const faulty = new FaultyPorts(trial.ports, { call: 3, side: "before", kind: "unavailable" });
    const exit = trial.time.run(openCheckout(trial, faulty.ports).placeOrder(request()));
    const failure = Exit.isFailure(exit) ? Cause.failureOption(exit.cause) : Option.none();
    expect(Option.getOrNull(failure)).toMatchObject({ _tag: "PortUnavailable", port: "trial" });
    expect(place(trial)._tag).toBe("Confirmed");
    expect(findings(trial)).toEqual([]);
  });
});
