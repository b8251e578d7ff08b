import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import {
  answerOf,
  findings,
  OPENS,
  openCarts,
  type TrialStore,
  trialStore,
} from "../testing/trial-store.ts";
import { type AddToCart, type CartAnswer, cartStatusOf } from "./cart.ts";

const TOASTERS: AddToCart = { shopper: "ann", cart: "c", sku: "TOASTER", units: 1, invited: false };

function add(trial: TrialStore, over: Partial<AddToCart> = {}): CartAnswer {
  return answerOf(trial, openCarts(trial).add({ ...TOASTERS, ...over }));
}

describe("a cart", () => {
  it("takes lines at the price of the moment and is there again after a restart", () => {
    const trial = trialStore();
    add(trial);
    add(trial, { sku: "KETTLE", units: 2 });
    const cart = answerOf(trial, openCarts(trial).read({ shopper: "ann", cart: "c" }));
    expect(cart).toMatchObject({
      version: 2,
      lines: [
        { sku: "TOASTER", units: 1, unitPrice: 2_500 },
        { sku: "KETTLE", units: 2, unitPrice: 1_999 },
      ],
    });
    expect(trial.log.map((event) => event.kind)).toEqual(["CartLineAdded", "CartLineAdded"]);
    expect(findings(trial)).toEqual([]);
  });

  it("gets a name of its own where the shopper has none yet", () => {
    const trial = trialStore();
    expect(add(trial, { cart: null })).toMatchObject({ cart: { cart: "cart-1" } });
    expect(add(trial, { cart: null })).toMatchObject({ cart: { cart: "cart-2" } });
  });

  it("changes and loses lines", () => {
    const trial = trialStore();
    add(trial);
    const set = (units: number) =>
      answerOf(trial, openCarts(trial).setUnits({ ...TOASTERS, cart: "c", units }));
    expect(set(5)).toMatchObject({ cart: { lines: [{ units: 5 }] } });
    expect(set(0)).toMatchObject({ cart: { lines: [] } });
    expect(set(1)).toEqual({ _tag: "NotInCart", sku: "TOASTER" });
    expect(trial.log.map((event) => event.kind)).toEqual([
      "CartLineAdded",
      "CartLineChanged",
      "CartLineRemoved",
    ]);
  });

  it("is nobody else's: another shopper cannot tell it from one that is not there", () => {
    const trial = trialStore();
    add(trial);
    const carts = openCarts(trial);
    expect(add(trial, { shopper: "eve" })).toEqual({ _tag: "UnknownCart" });
    const asEve = { shopper: "eve", cart: "c" };
    expect(answerOf(trial, carts.read(asEve))).toEqual(
      answerOf(trial, carts.read({ shopper: "eve", cart: "no-such-cart" })),
    );
  });

  it("takes nothing outside the sale, nothing unknown, no broken units and no more than its limits", () => {
    const trial = trialStore();
    expect(add(trial, { sku: "GHOST" })._tag).toBe("UnknownSku");
    for (const units of [0, -1, 1.5, Number.NaN])
      expect(add(trial, { units })._tag).toBe("UnitsRefused");
    expect(add(trial, { units: 100 })).toMatchObject({ _tag: "TooManyUnits", limit: 99 });
    trial.time.now = OPENS - 1;
    const early = add(trial);
    expect(early).toEqual({ _tag: "SaleNotOpen", phase: "early-access" });
    expect(cartStatusOf(early)).toBe(403);
    expect(add(trial, { invited: true })._tag).toBe("CartChanged");
    trial.time.now = OPENS + 86_400_000;
    expect(add(trial)._tag).toBe("SaleNotOpen");
  });

  it("loses no line when two tabs add at the same moment", () => {
    const trial = trialStore();
    const slow = {
      ...trial.ports.carts,
      get: (cart: string) => Effect.delay(trial.ports.carts.get(cart), 10),
    };
    const carts = openCarts({ ...trial, ports: { ...trial.ports, carts: slow } });
    const tabs = Effect.forEach(["TOASTER", "KETTLE"], (sku) => carts.add({ ...TOASTERS, sku }), {
      concurrency: 2,
    });
    answerOf(trial, tabs);
    const cart = answerOf(trial, openCarts(trial).read({ shopper: "ann", cart: "c" }));
    expect(cart).toMatchObject({ version: 2, lines: [{ sku: "TOASTER" }, { sku: "KETTLE" }] });
  });

  it("says that it is busy rather than trying for ever", () => {
    const trial = trialStore();
    const carts = {
      ...trial.ports.carts,
      put: () => Effect.succeed({ _tag: "VersionConflict", version: 7 } as const),
    };
    const answer = answerOf(
      trial,
      openCarts({ ...trial, ports: { ...trial.ports, carts } }).add(TOASTERS),
    );
    expect(answer).toEqual({ _tag: "CartBusy" });
    expect(cartStatusOf(answer)).toBe(409);
    expect(trial.log).toEqual([]);
  });
});
