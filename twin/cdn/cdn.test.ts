import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND } from "../../engine/time.ts";
import { type CdnSpec, PAGE_CLASSES } from "../scenario/scenario.ts";
import { Cdn } from "./cdn.ts";

const spec: CdnSpec = {
  pages: ["landing", "list"],
  hitRatio: 0.9,
  serveStale: 0,
  hit: { kind: "lognormal", median: 50 * MILLISECOND, sigma: 0.6 },
  miss: { kind: "lognormal", median: 250 * MILLISECOND, sigma: 0.7 },
};
const landing = PAGE_CLASSES.indexOf("landing");
const product = PAGE_CLASSES.indexOf("product");

describe("the content delivery network", () => {
  it("answers the configured share of the pages that have a static version", () => {
    const cdn = new Cdn(new Simulation({ seed: "cdn" }), spec);
    const pages = 100_000;
    for (let session = 0; session < pages; session += 1) cdn.serves(landing, session, 1);
    // Four standard errors of a share of 0.9.
    expect(Math.abs(cdn.hitRatio - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / pages));
    expect(cdn.hits + cdn.misses).toBe(pages);
  });

  it("never answers a page without a static version", () => {
    const cdn = new Cdn(new Simulation({ seed: "cdn" }), { ...spec, hitRatio: 1 });
    for (let session = 0; session < 100; session += 1) {
      expect(cdn.serves(product, session, 1)).toBe(false);
      expect(cdn.serves(landing, session, 1)).toBe(true);
    }
    expect(cdn).toMatchObject({ hits: 100, misses: 0, passes: 100 });
  });

  it("takes the mean times of its distributions", () => {
    const cdn = new Cdn(new Simulation({ seed: "cdn" }), { ...spec, hitRatio: 1 });
    const sessions = 40_000;
    let hit = 0;
    let miss = 0;
    for (let session = 0; session < sessions; session += 1) {
      cdn.serves(landing, session, 1);
      hit += cdn.hitLatency(session, 1);
      miss += cdn.missLatency(session, 1);
    }
    // A lognormal's mean is its median times exp(sigma^2 / 2): 59.9 ms and 319.4 ms, within the
    // 50-80 and 250-350 ms that are published. Tolerance: about three standard errors.
    expect(Math.abs(hit / sessions / (59.86 * MILLISECOND) - 1)).toBeLessThan(0.01);
    expect(Math.abs(miss / sessions / (319.4 * MILLISECOND) - 1)).toBeLessThan(0.012);
  });

  it("answers the same page of the same session alike, in whatever order it is asked", () => {
    const one = new Cdn(new Simulation({ seed: "cdn" }), spec);
    const other = new Cdn(new Simulation({ seed: "cdn" }), spec);
    const page = (cdn: Cdn, session: number) =>
      cdn.serves(landing, session, 3) ? cdn.hitLatency(session, 3) : cdn.missLatency(session, 3);
    const forwards = Array.from({ length: 200 }, (_none, session) => page(one, session));
    for (let session = 199; session >= 0; session -= 1) {
      expect(page(other, session)).toBe(forwards[session]);
    }
    expect(new Set(forwards).size).toBeGreaterThan(190);
  });

  it("takes a time that does not depend on how nearly the page was a miss", () => {
    const cdn = new Cdn(new Simulation({ seed: "cdn" }), { ...spec, hitRatio: 0.1 });
    let hits = 0;
    let time = 0;
    for (let session = 0; session < 200_000; session += 1) {
      if (!cdn.serves(landing, session, 1)) continue;
      hits += 1;
      time += cdn.hitLatency(session, 1);
    }
    // Some 20,000 hits out of the lowest tenth of the draws: three standard errors of the mean.
    expect(Math.abs(time / hits / (59.86 * MILLISECOND) - 1)).toBeLessThan(0.0145);
  });

  it("answers for no page but the one it was asked about last, and once", () => {
    const cdn = new Cdn(new Simulation({ seed: "cdn" }), { ...spec, hitRatio: 1 });
    cdn.serves(landing, 1, 1);
    expect(() => cdn.hitLatency(2, 1)).toThrow("right after");
    cdn.hitLatency(1, 1);
    expect(() => cdn.hitLatency(1, 1)).toThrow("right after");
  });
});
