import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { Whereabouts } from "./whereabouts.ts";

const SHOPPERS = 20_000;

function whereabouts(spec: ConstructorParameters<typeof Whereabouts>[1], seed = "here") {
  return new Whereabouts(new Simulation({ seed }), spec);
}

const all = Array.from({ length: SHOPPERS }, (_, shopper) => shopper);

describe("the whereabouts of shoppers", () => {
  it("put a share of them behind a number of networks, the others behind their own", () => {
    const where = whereabouts({ shared: 0.3, networks: 7, households: 0 });
    const shared = all.map((shopper) => where.networkOf(shopper)).filter((n) => /^shared/u.test(n));
    expect(shared.length / SHOPPERS).toBeCloseTo(0.3, 1);
    expect(new Set(shared).size).toBe(7);
    expect(new Set(all.map((shopper) => where.addressOf(shopper))).size).toBe(SHOPPERS);
  });

  it("give two shoppers of a household one address, and nobody else", () => {
    const where = whereabouts({ shared: 0, networks: 1, households: 0.2 });
    const count = new Map<string, number>();
    for (const shopper of all) {
      const address = where.addressOf(shopper);
      count.set(address, (count.get(address) ?? 0) + 1);
    }
    expect(Math.max(...count.values())).toBe(2);
    const living = [...count.values()].filter((people) => people === 2).length * 2;
    expect(living / SHOPPERS).toBeCloseTo(0.2, 1);
  });

  it("are the same whenever they are asked for", () => {
    const spec = { shared: 0.5, networks: 100, households: 0.5 };
    const [one, other] = [whereabouts(spec), whereabouts(spec)];
    for (const shopper of all.slice(0, 100)) other.addressOf(shopper);
    for (const shopper of [5, 3, 4_711]) {
      expect(one.networkOf(shopper)).toBe(other.networkOf(shopper));
      expect(one.addressOf(shopper)).toBe(other.addressOf(shopper));
    }
  });
});
