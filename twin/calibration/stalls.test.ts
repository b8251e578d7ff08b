import { describe, expect, it } from "vitest";
import { RandomStream } from "../../engine/random.ts";
import { type LoadPlan, planOf, ROUTES } from "./load-cell.ts";
import {
  drawnRun,
  drawnStall,
  drawnStalls,
  durableAt,
  duringStalls,
  estimateStalls,
  NO_STALLS,
  type Stall,
  stallsOf,
  usualResponses,
} from "./stalls.ts";

const SECONDS = 60;

function plan(name: string, mix: LoadPlan["cell"]["mix"]): LoadPlan {
  const phases = [{ seconds: SECONDS, load: 1 }];
  return planOf({ name, kind: "calibration", mix, phases }, () => 300, "stalls");
}

/** Every answer after 2 ms, and those who come during a stall at its end. */
function answered(of: LoadPlan, stalls: readonly Stall[]) {
  const responses = Float64Array.from(of.requests, ({ due }) => {
    const inside = stalls.find(({ begin, lasts }) => begin <= due && due < begin + lasts);
    return 2_000 + (inside === undefined ? 0 : inside.begin + inside.lasts - due);
  });
  return { plan: of, responses };
}

/** A stall of 20 to 60 ms at every so many requests, from the one at `first`. */
function stallsAt({ requests }: LoadPlan, every: number, first = 0): readonly Stall[] {
  return requests
    .filter((_, place) => place % every === first)
    .map(({ due }, number) => ({ begin: due, lasts: 20_000 + (number % 5) * 10_000 }));
}

describe("stalls", () => {
  const reading = plan("reading", { product: 1 });
  const writing = plan("writing", { product: 1, cart: 1, order: 1 });
  const made = stallsAt(reading, 300);

  it("are found where answers are late together, as long as whoever waited longest was late", () => {
    const run = answered(reading, made);
    const found = stallsOf(run, usualResponses([run]));
    expect(found.map(({ begin, lasts }) => ({ begin, lasts }))).toEqual(made);
    const during = duringStalls(reading, found);
    run.responses.forEach((response, place) => {
      if (response > 2_000 + 7_000) expect(during[place]).toBe(1);
    });
    // No more than lasts as long as the stalls do.
    const share = during.reduce((sum, one) => sum + one, 0) / during.length;
    expect(share).toBeLessThan((1.2 * made.reduce((sum, { lasts }) => sum + lasts, 0)) / 60e6);
  });

  it("are none where each route takes what it always takes, however long that is", () => {
    const slow = reading.requests.map(() => 300_000);
    const run = { plan: reading, responses: Float64Array.from(slow) };
    expect(stallsOf(run, usualResponses([run]))).toEqual([]);
    const runs = [answered(reading, []), answered(writing, [])];
    const { loop, commit } = estimateStalls(runs, usualResponses(runs));
    expect([...loop, ...commit].flatMap(({ lengths }) => lengths)).toEqual([]);
  });

  it("are seen in a run that was in one for most of its time, where others tell what is usual", () => {
    const long = answered(reading, [{ begin: 1_000_000, lasts: 50_000_000 }]);
    const usual = usualResponses([long, answered(reading, []), answered(reading, [])]);
    const [found, ...more] = stallsOf(long, usual);
    expect(more).toEqual([]);
    expect(Math.abs(found.lasts / 50_000_000 - 1)).toBeLessThan(0.01);
  });

  it("are the loop's by its requests where nobody writes, and the commits' by the second where more of them are", () => {
    const usual = stallsAt(writing, 300);
    const rare = writing.requests
      .filter((_, place) => place % 1_000 === 150)
      .map(({ due }) => ({ begin: due, lasts: 200_000 }));
    const both = [...usual, ...rare].sort((one, other) => one.begin - other.begin);
    const runs = [answered(reading, made), answered(writing, both)];
    const { loop, commit } = estimateStalls(runs, usualResponses(runs));
    expect(loop).toHaveLength(1);
    expect(loop[0].amount).toBe(reading.requests.length);
    expect(loop[0].lengths).toHaveLength(made.length);
    expect(commit).toHaveLength(1);
    expect(Math.abs(commit[0].lengths.length / rare.length - 1)).toBeLessThan(0.2);
    expect(commit[0].lengths.at(-1)).toBe(200_000);
    // Somebody writes during each of them: none has gone by unseen.
    expect(commit[0].amount).toBeLessThanOrEqual(SECONDS);
    expect(commit[0].amount).toBeGreaterThan(0.99 * SECONDS);
  });

  it("of the commits count for more where few write, for some will have gone by", () => {
    const seldom = plan("seldom", { product: 19, cart: 1 });
    const carts = seldom.requests.filter(({ route }) => ROUTES[route] === "cart");
    const stalls = carts
      .filter((_, place) => place % 30 === 0)
      .map(({ due }) => ({ begin: due, lasts: 40_000 }));
    const runs = [answered(seldom, stalls)];
    const [{ amount, lengths }] = estimateStalls(runs, usualResponses(runs)).commit;
    const noticed = 1 - Math.exp((-carts.length / SECONDS) * 0.04);
    const rate = lengths.length / amount / (lengths.length / SECONDS);
    expect(Math.abs(rate * noticed - 1)).toBeLessThan(0.1);
  });

  it("of a simulated run are those of one calibrated run, as often as its amount says", () => {
    const random = new RandomStream("stalls", "test");
    const [calm, bad] = [
      { amount: 200, lengths: [6_000] },
      { amount: 100, lengths: [9_000, 80_000] },
    ];
    const drawn = Array.from({ length: 1_000 }, () => drawnRun([calm, bad], random));
    expect(new Set(drawn)).toEqual(new Set([calm, bad]));
    expect(Math.abs(drawn.filter((run) => run === bad).length - 500)).toBeLessThan(60);
    expect(drawnRun([], random)).toBe(NO_STALLS);
    const draws = Array.from({ length: 100_000 }, () => drawnStall(bad, random));
    const stalled = draws.filter((lasts) => lasts > 0);
    expect(Math.abs(stalled.length / 2_000 - 1)).toBeLessThan(0.1);
    expect(new Set(stalled)).toEqual(new Set(bad.lengths));
    expect(drawnStall(NO_STALLS, random)).toBe(0);
    const commits = drawnStalls(bad, { seconds: 100_000, random });
    expect(Math.abs(commits.length / 2_000 - 1)).toBeLessThan(0.1);
    expect(commits.every(({ begin }, place) => begin >= (commits[place - 1]?.begin ?? 0))).toBe(
      true,
    );
    expect(drawnStalls(NO_STALLS, { seconds: 100, random })).toEqual([]);
  });

  it("keep what would be durable meanwhile until they end, one after the other", () => {
    const stalls = [
      { begin: 100, lasts: 50 },
      { begin: 140, lasts: 100 },
      { begin: 500, lasts: 10 },
    ];
    const times = [99, 100, 149, 150, 239, 240, 505, 510];
    expect(times.map((at) => durableAt(at, stalls))).toEqual([
      99, 240, 240, 240, 240, 240, 510, 510,
    ]);
  });
});
