import { describe, expect, it } from "vitest";
import { addLine, type Cart, changeUnits, emptyCart, mergeCarts } from "./cart.ts";

const options = { limits: { linesMax: 2, unitsPerLineMax: 5 }, now: 50 };

function line(sku: string, units: number, unitPrice = 100) {
  return { sku, seller: "lights", units, unitPrice };
}

function cartWith(...lines: ReturnType<typeof line>[]): Cart {
  return { ...emptyCart({ cart: "c", shopper: "ann", currency: "USD", now: 0 }), lines };
}

function units(cart: Cart): string {
  return cart.lines.map((of) => `${of.sku} ${of.units}`).join(", ");
}

describe("a cart", () => {
  it("adds to the line of a SKU at the price just shown, and leaves the old cart alone", () => {
    const before = cartWith(line("lamp", 1));
    const answer = addLine(before, line("lamp", 2, 80), options);
    expect(answer).toMatchObject({
      _tag: "CartChanged",
      cart: { lines: [{ sku: "lamp", units: 3, unitPrice: 80 }], updatedAt: 50, version: 0 },
    });
    expect(before.lines).toEqual([line("lamp", 1)]);
  });

  it("takes no more lines and no more units than its limits", () => {
    const full = cartWith(line("lamp", 4), line("chair", 1));
    expect(addLine(full, line("rug", 1), options)).toEqual({ _tag: "TooManyLines", limit: 2 });
    const tooMany = { _tag: "TooManyUnits", sku: "lamp", limit: 5 };
    expect(addLine(full, line("lamp", 2), options)).toEqual(tooMany);
    expect(changeUnits(full, { sku: "lamp", units: 6 }, options)).toEqual(tooMany);
    expect(addLine(full, line("lamp", 1), options)._tag).toBe("CartChanged");
  });

  it("changes the units of a line, and 0 takes it out", () => {
    const cart = cartWith(line("lamp", 4), line("chair", 1));
    const fewer = changeUnits(cart, { sku: "lamp", units: 1 }, options);
    expect(fewer._tag === "CartChanged" && units(fewer.cart)).toBe("lamp 1, chair 1");
    const out = changeUnits(cart, { sku: "lamp", units: 0 }, options);
    expect(out._tag === "CartChanged" && units(out.cart)).toBe("chair 1");
    const absent = changeUnits(cart, { sku: "rug", units: 1 }, options);
    expect(absent).toEqual({ _tag: "NotInCart", sku: "rug" });
  });

  it("takes from another cart what its limits allow, and says what is left", () => {
    const into = cartWith(line("lamp", 3));
    const from = cartWith(line("lamp", 4), line("chair", 2), line("rug", 1));
    const { cart, left } = mergeCarts(into, from, options);
    expect(units(cart)).toBe("lamp 5, chair 2");
    expect(left).toEqual([line("lamp", 2), line("rug", 1)]);
    expect(cart.cart).toBe("c");
  });

  it("crashes on lines that no honest caller adds", () => {
    expect(() => addLine(cartWith(), line("lamp", 0), options)).toThrow("above zero");
    expect(() => addLine(cartWith(), line("lamp", 1, -1), options)).toThrow("not negative");
    expect(() => addLine(cartWith(), line("lamp", 1, 0.5), options)).toThrow("whole minor units");
  });
});
