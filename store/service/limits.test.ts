import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { statusOf } from "../core/checkout.ts";
import type { HoldRequest } from "../core/hold.ts";
import { PortUnavailable } from "../ports/port-unavailable.ts";
import {
  answerOf,
  findings,
  openCarts,
  openCheckout,
  place,
  request,
  sweep,
  TOASTER,
  trialStore,
  unitsOf,
} from "../testing/trial-store.ts";

const TWO_A_MINUTE = { tokens: 2, everyMillis: 60_000, burst: 2 };

const kinds = (trial: ReturnType<typeof trialStore>, kind: string) =>
  trial.log.filter((event) => event.kind === kind);

function addTo(trial: ReturnType<typeof trialStore>, shopper: string, network?: string) {
  const line = { sku: TOASTER.sku, units: 1, invited: false };
  const from = network === undefined ? {} : { network };
  return answerOf(trial, openCarts(trial).add({ shopper, cart: null, ...line, ...from }));
}

describe("a limit on requests", () => {
  it("turns a shopper away before anything is looked up, says when to come back, and logs once", () => {
    const trial = trialStore({ limits: { perShopper: TWO_A_MINUTE, perNetwork: null } });
    expect(addTo(trial, "ann")._tag).toBe("CartChanged");
    expect(place(trial)._tag).toBe("Confirmed");
    const third = place(trial, request({ key: "key-2" }));
    expect(third).toEqual({ _tag: "TooManyRequests", by: "shopper", retryAfterMillis: 30_000 });
    expect(statusOf(third)).toBe(429);
    expect(addTo(trial, "ann")._tag).toBe("TooManyRequests");
    expect(trial.orders.book.size).toBe(1);
    expect(kinds(trial, "RequestLimited")).toMatchObject([{ step: "order", by: "shopper" }]);
    expect(addTo(trial, "ben")._tag).toBe("CartChanged");
    expect(findings(trial)).toEqual([]);
  });

  it("counts a network over all of its shoppers, and a checkout as well", () => {
    const trial = trialStore({ limits: { perShopper: null, perNetwork: TWO_A_MINUTE } });
    addTo(trial, "ann", "block");
    addTo(trial, "ben", "block");
    const items = request().items;
    const start = { shopper: "cid", items, invited: false };
    const checkout = openCheckout(trial);
    const limited = answerOf(trial, checkout.startCheckout({ ...start, network: "block" }));
    expect(limited).toMatchObject({ _tag: "TooManyRequests", by: "network" });
    const elsewhere = answerOf(trial, checkout.startCheckout({ ...start, network: "home" }));
    expect(elsewhere._tag).toBe("CheckoutStarted");
    expect(answerOf(trial, checkout.startCheckout(start))._tag).toBe("CheckoutStarted");
  });

  it("turns nobody away while the limiter cannot answer", () => {
    const trial = trialStore({ limits: { perShopper: TWO_A_MINUTE, perNetwork: null } });
    const down = new PortUnavailable({ port: "store/RateLimiter", reason: "it is down" });
    const ports = { ...trial.ports, rateLimiter: { take: () => Effect.fail(down) } };
    const checkout = openCheckout(trial, ports);
    for (const key of ["a", "b", "c", "d"]) {
      expect(answerOf(trial, checkout.placeOrder(request({ key })))._tag).toBe("Confirmed");
    }
  });
});

describe("a limit per person", () => {
  it("finds one card behind many shoppers at the order, charges nothing and gives the unit back", () => {
    const trial = trialStore({ limitPerShopper: 1, limitPerPerson: 2 });
    const buy = (shopper: string, person: readonly string[]) =>
      place(trial, request({ shopper, person }));
    expect(buy("one", ["card", "home"])._tag).toBe("Confirmed");
    expect(buy("two", ["card", "office"])._tag).toBe("Confirmed");
    const third = buy("three", ["card", "attic"]);
    expect(third).toEqual({ _tag: "PersonLimitReached", sku: "TOASTER", limit: 2, counted: 2 });
    expect(statusOf(third)).toBe(409);
    expect(unitsOf(trial)).toEqual({ available: 8, held: 0, sold: 2 });
    expect(trial.gateways[0]?.charges()).toHaveLength(2);
    expect(kinds(trial, "OrderCancelled")).toMatchObject([{ reason: "PersonLimitReached" }]);
    expect(buy("four", ["their own"])._tag).toBe("Confirmed");
    // The same request hears the same answer again.
    expect(buy("three", ["card", "attic"])).toEqual(third);
    expect(findings(trial)).toEqual([]);
  });

  it("holds for a hold taken at the checkout as well", () => {
    const trial = trialStore({ limitPerPerson: 1 });
    const checkout = openCheckout(trial);
    const orders = ["one", "two"].map((shopper) => {
      const started = answerOf(
        trial,
        checkout.startCheckout({ shopper, items: request().items, invited: false }),
      );
      const hold = started._tag === "CheckoutStarted" ? started.hold : "";
      return place(trial, request({ shopper, hold, person: ["card"] }), checkout);
    });
    expect(orders.map(({ _tag }) => _tag)).toEqual(["Confirmed", "PersonLimitReached"]);
    expect(findings(trial)).toEqual([]);
  });

  it("is audited by the ledgers and by the log: a ledger that forgot it is found out", () => {
    const trial = trialStore({ limitPerPerson: 1 });
    const { hold } = trial.ports.stock;
    const stock = {
      ...trial.ports.stock,
      hold: ({ person: _, ...request }: HoldRequest) => hold(request),
    };
    const checkout = openCheckout(trial, { ...trial.ports, stock });
    for (const shopper of ["one", "two"]) {
      place(trial, request({ shopper, person: ["card"] }), checkout);
    }
    const found = findings(trial).filter(({ id }) => id === "I13");
    expect(found.map(({ what }) => what)).toEqual([
      expect.stringContaining("with order order-2 card has 2 units"),
      expect.stringContaining("the log sells 2 units"),
    ]);
  });
});

describe("a limit on holds", () => {
  it("is told with the time to come back, and the log says who was refused", () => {
    const trial = trialStore({
      holdLimits: {
        perShopper: 1,
        perNetwork: null,
        afterLapse: { firstMillis: 60_000, maxMillis: 600_000 },
      },
    });
    const checkout = openCheckout(trial);
    const start = () =>
      answerOf(
        trial,
        checkout.startCheckout({ shopper: "ann", items: request().items, invited: false }),
      );
    expect(start()._tag).toBe("CheckoutStarted");
    expect(start()).toMatchObject({ _tag: "TooManyHolds", by: "shopper" });
    answerOf(trial, Effect.sleep(10 * 60_000));
    sweep(trial);
    const waits = place(trial);
    expect(waits).toEqual({ _tag: "TooManyHolds", by: "lapses", retryAfterMillis: 60_000 });
    expect(statusOf(waits)).toBe(429);
    expect(kinds(trial, "HoldRefused")).toMatchObject([{ by: "shopper" }, { by: "lapses" }]);
    expect(findings(trial)).toEqual([]);
  });
});
