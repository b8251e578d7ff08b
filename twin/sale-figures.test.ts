import { describe, expect, it } from "vitest";
import { MINUTE } from "../engine/time.ts";
import { SaleFigures } from "./sale-figures.ts";

function figures(calls: readonly (readonly [order: string, gateway: string])[]) {
  const read = new SaleFigures({
    epochMillis: 0,
    interval: 5 * MINUTE,
    length: 1,
    primaryGateway: "primary",
  });
  for (const [order, gateway] of calls) {
    read.read({ kind: "OrderAuthorising", at: 0, order, shopper: "ann", gateway });
  }
  return { retried: read.chargesRetried, fallenBack: read.chargesFallenBack };
}

describe("charges read from the sale log", () => {
  it("are neither retried nor fallen back where the first gateway is asked once", () => {
    expect(figures([["a", "primary"]])).toEqual({ retried: 0, fallenBack: 0 });
  });

  it("have fallen back where the order went on from the first gateway", () => {
    const calls = [
      ["a", "primary"],
      ["a", "primary"],
      ["a", "fallback"],
      ["a", "fallback"],
    ] as const;
    expect(figures(calls)).toEqual({ retried: 2, fallenBack: 1 });
  });

  it("have fallen back where an open breaker sent the order straight to the fallback", () => {
    expect(figures([["a", "fallback"]])).toEqual({ retried: 0, fallenBack: 1 });
  });
});
