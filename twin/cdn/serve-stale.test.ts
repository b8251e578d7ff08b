import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, MINUTE } from "../../engine/time.ts";
import { decodeScenario } from "../scenario/decode.ts";
import { PAGE_CLASSES } from "../scenario/scenario.ts";
import { rehearse } from "../world.ts";
import { Cdn } from "./cdn.ts";

const LANDING = PAGE_CLASSES.indexOf("landing");
const CART = PAGE_CLASSES.indexOf("cart");
const PAGES = 20_000;

function network(serveStale: number) {
  const simulation = new Simulation({ seed: "stale" });
  const cdn = new Cdn(simulation, {
    pages: ["landing"],
    hitRatio: 0.9,
    serveStale,
    hit: { kind: "constant", value: 50 * MILLISECOND },
    miss: { kind: "constant", value: 250 * MILLISECOND },
  });
  const shareOf = (page: number) => {
    let served = 0;
    for (let session = 0; session < PAGES; session += 1)
      if (cdn.staleLatency(page, session, 1) !== null) served += 1;
    return served / PAGES;
  };
  return { simulation, cdn, shareOf };
}

describe("old copies at the edge", () => {
  it("answer the share of failed pages that they should, as fast as a hit", () => {
    const { cdn, shareOf } = network(0.6);
    expect(shareOf(LANDING)).toBeCloseTo(0.6, 1.5);
    expect(cdn.stale / PAGES).toBeCloseTo(0.6, 1.5);
    expect(network(1).cdn.staleLatency(LANDING, 1, 1)).toBe(50 * MILLISECOND);
  });

  it("are none for pages without a static version, in an outage, or where none are kept", () => {
    const { cdn, shareOf } = network(1);
    expect(shareOf(CART)).toBe(0);
    cdn.setDown(true);
    expect(shareOf(LANDING)).toBe(0);
    expect(network(0).shareOf(LANDING)).toBe(0);
  });

  it("are gone after a purge, and come back as the caches fill", () => {
    const { simulation, cdn, shareOf } = network(1);
    cdn.purge({ hitRatio: 0, until: 10 * MINUTE });
    expect(shareOf(LANDING)).toBe(0);
    simulation.run({ until: 5 * MINUTE });
    expect(shareOf(LANDING)).toBeCloseTo(0.5, 1.5);
  });

  it("spare shoppers the errors of overloaded servers", () => {
    const text = readFileSync("scenarios/small-drop.yaml", "utf8");
    const sale = (...sets: string[]) => {
      const small = [
        "platform.fleet={ initial: 1, min: 1, max: 1, cores: 1, backlog: 0 }",
        "platform.autoscaler.kind=none",
        "platform.cdn.hit-ratio=50%",
        "platform.cdn.pages=[landing, list, product]",
        ...sets,
      ];
      const scenario = decodeScenario({ text, path: "drop.yaml", sets: small });
      if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
      const [plan] = scenario.plans;
      if (plan === undefined) throw new Error("the scenario has a plan");
      return rehearse({ plan, seed: "stale" }).metrics;
    };
    const without = sale();
    const stale = sale("platform.cdn.serve-stale=90%");
    expect(without["cdn.stale"]).toBeNaN();
    expect(stale["cdn.stale"]).toBeGreaterThan(0);
    // The cart and what follows have no copies, and now more shoppers come that far.
    expect(stale["errors.rate"]).toBeLessThan((without["errors.rate"] ?? 0) * 0.75);
    expect(stale.carts).toBeGreaterThan(without.carts ?? 0);
  });
});
