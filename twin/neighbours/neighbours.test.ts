/** The other sellers: how much they ask for, that it is the same in every plan, and how they fare. */
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { fleetSpec } from "../fleet/fleet.fixture.ts";
import { Fleet } from "../fleet/fleet.ts";
import { type NeighbourSpec, PAGE_CLASSES } from "../scenario/scenario.ts";
import { NeighbourFigures } from "./neighbour-figures.ts";
import { Neighbours } from "./neighbours.ts";

const NOTHING = { landing: 0, list: 0, product: 0, cart: 0, checkout: 0, payment: 0 };
const books: NeighbourSpec = {
  name: "books",
  rate: 40,
  pages: { ...NOTHING, product: 0.75, payment: 0.25 },
  share: 0.25,
};
const toys: NeighbourSpec = { ...books, name: "toys", rate: 10 };

/** Ten minutes of neighbours on a fleet of so many cores; pages take 10, 20, 30 ms and so on. */
function watched(neighbours: readonly NeighbourSpec[], cores = 64) {
  const simulation = new Simulation({ seed: "neighbours" });
  const plain = fleetSpec({ cores, backlog: 10_000 });
  const demands = Object.fromEntries(
    PAGE_CLASSES.map((page, index) => [
      page,
      { ...plain.demands.landing, cpu: (index + 1) * 10 * MILLISECOND },
    ]),
  ) as typeof plain.demands;
  const sideBySide = { neighbours, bulkheads: null, shedding: null };
  const fleet = new Fleet(simulation, { ...plain, demands }, () => {}, { sideBySide });
  const figures = new NeighbourFigures(5 * MINUTE);
  const came: (readonly [Ticks, Ticks])[] = [];
  const record = figures.record.bind(figures);
  figures.record = (now, latency) => {
    came.push([now, latency]);
    record(now, latency);
  };
  const network = { kind: "constant", value: SECOND } as const;
  new Neighbours(simulation, { neighbours, fleet, network, lasts: 10 * MINUTE, figures });
  simulation.run();
  return { figures, came, digest: simulation.digest.hex() };
}

describe("other sellers on the same servers", () => {
  it("ask for as many pages as their rates say, and for those pages alone", () => {
    const { figures, came } = watched([books, toys]);
    // 30,000 expected; five standard deviations of a Poisson count.
    expect(Math.abs(figures.pages - 30_000)).toBeLessThan(5 * Math.sqrt(30_000));
    expect(came).toHaveLength(figures.pages);
    const times = new Set(came.map(([, latency]) => (latency - SECOND) / MILLISECOND));
    expect(times).toEqual(new Set([30, 60]));
    const paying = came.filter(([, latency]) => latency === SECOND + 60 * MILLISECOND).length;
    expect(Math.abs(paying / came.length - 0.25)).toBeLessThan(0.0125);
    expect(Math.max(...came.map(([now]) => now))).toBeLessThanOrEqual(10 * MINUTE + SECOND);
  });

  it("send the same requests whoever else is there", () => {
    const alone = watched([books]);
    const together = watched([books, toys]);
    const times = new Set(together.came.map(([now]) => now));
    expect(alone.came.every(([now]) => times.has(now))).toBe(true);
    expect(watched([books])).toEqual({ ...alone, figures: expect.anything() });
  });

  it("may be silent", () => {
    const { figures } = watched([{ ...books, rate: 0 }]);
    expect(figures.pages).toBe(0);
    expect(figures.figures()["sellers.other.latency.p95"]).toBeNaN();
    expect(figures.figures()["sellers.other.errors.rate"]).toBeNaN();
    expect(figures.moved).toBeNaN();
  });

  it("are moved by as much as their 95th percentile since the opening differs", () => {
    const figures = new NeighbourFigures(MINUTE);
    for (let page = 0; page < 100; page += 1) figures.record(0, SECOND);
    for (let page = 0; page < 100; page += 1)
      figures.record(MINUTE, page < 90 ? SECOND : 3 * SECOND);
    expect(figures.moved).toBeCloseTo(2, 1);
    expect(figures.latency(0.5)).toBeCloseTo(SECOND, -5);
    expect(figures.takeInterval()).toBeGreaterThan(0);
    expect(figures.takeInterval()).toBeNaN();
  });
});
