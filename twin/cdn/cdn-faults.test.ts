import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, MINUTE } from "../../engine/time.ts";
import { type CdnSpec, PAGE_CLASSES } from "../scenario/scenario.ts";
import { Cdn } from "./cdn.ts";

const SPEC: CdnSpec = {
  pages: ["landing"],
  hitRatio: 0.9,
  serveStale: 0,
  hit: { kind: "constant", value: 50 * MILLISECOND },
  miss: { kind: "constant", value: 250 * MILLISECOND },
};
const LANDING = PAGE_CLASSES.indexOf("landing");
const PRODUCT = PAGE_CLASSES.indexOf("product");
const PAGES = 20_000;

function network() {
  const simulation = new Simulation({ seed: "cdn" });
  const cdn = new Cdn(simulation, SPEC);
  /** The share of pages that are hits at a time. */
  const ratioAt = (at: number): number => {
    simulation.run({ until: at });
    const before = cdn.hits;
    for (let session = 0; session < PAGES; session += 1) cdn.serves(LANDING, session, 1);
    return (cdn.hits - before) / PAGES;
  };
  return { simulation, cdn, ratioAt };
}

describe("a purge", () => {
  it("drops the hit ratio, which climbs back evenly until it is what it was", () => {
    const { cdn, ratioAt } = network();
    const usual = ratioAt(0);
    cdn.purge({ hitRatio: 0.1, until: 10 * MINUTE });
    const near = (seen: number, share: number) =>
      expect(Math.abs(seen - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / PAGES));
    near(ratioAt(0), 0.1);
    near(ratioAt(2.5 * MINUTE), 0.3);
    near(ratioAt(5 * MINUTE), 0.5);
    near(ratioAt(9 * MINUTE), 0.82);
    expect(ratioAt(10 * MINUTE)).toBe(usual);
  });
});

describe("an outage of the network", () => {
  it("sends every page to the origin, and counts those with a static version as misses", () => {
    const { cdn, ratioAt } = network();
    const usual = ratioAt(0);
    const { misses } = cdn;
    cdn.setDown(true);
    expect(ratioAt(MINUTE)).toBe(0);
    expect(cdn.misses).toBe(misses + PAGES);
    expect(cdn.serves(PRODUCT, 1, 2)).toBe(false);
    expect(cdn.passes).toBe(1);
    cdn.setDown(false);
    expect(ratioAt(2 * MINUTE)).toBe(usual);
  });
});
