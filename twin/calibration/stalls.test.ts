import { describe, expect, it } from "vitest";
import { RandomStream } from "../../engine/random.ts";
import { SECOND } from "../../engine/time.ts";
import { type LoadPlan, planOf } from "./load-cell.ts";
import {
  drawnLength,
  drawnStalls,
  duringStalls,
  estimateStalls,
  type Stall,
  stallsOf,
} from "./stalls.ts";

const LENGTHS = Array.from({ length: 11 }, (_, tenth) => 20_000 + 4_000 * tenth);
const LOOP = { rate: 0.8, lengths: LENGTHS };

function plan(name: string, mix: LoadPlan["cell"]["mix"]): LoadPlan {
  const phases = [{ seconds: 60, load: 1 }];
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

describe("stalls", () => {
  const reading = plan("reading", { product: 1 });
  const writing = plan("writing", { product: 1, cart: 1 });
  const random = new RandomStream("stalls", "test");
  const made = drawnStalls(LOOP, { seconds: 60, random });

  it("come as often as their rate says, each of a length among those that were seen", () => {
    const many = drawnStalls(LOOP, { seconds: 20_000, random });
    expect(many.length / 20_000 / LOOP.rate).toBeGreaterThan(0.97);
    expect(many.length / 20_000 / LOOP.rate).toBeLessThan(1.03);
    for (const { begin, lasts } of many) {
      expect(lasts).toBeGreaterThanOrEqual(20_000);
      expect(lasts).toBeLessThanOrEqual(60_000);
      expect(begin).toBeLessThan(20_000 * SECOND);
    }
    const lengths = Array.from({ length: 5_000 }, () => drawnLength(LOOP, random));
    const mean = lengths.reduce((sum, one) => sum + one, 0) / lengths.length;
    expect(Math.abs(mean / 40_000 - 1)).toBeLessThan(0.02);
  });

  it("are found where answers are late together, and cover those who came meanwhile", () => {
    const run = answered(reading, made);
    const found = stallsOf(run);
    expect(Math.abs(found.length - made.length)).toBeLessThanOrEqual(3);
    const during = duringStalls(reading, found);
    run.responses.forEach((response, place) => {
      if (response > 2_000 + 7_000) expect(during[place]).toBe(1);
    });
    // No more than lasts as long as the stalls do.
    const share = during.reduce((sum, one) => sum + one, 0) / during.length;
    expect(share).toBeLessThan((1.2 * made.reduce((sum, { lasts }) => sum + lasts, 0)) / 60e6);
  });

  it("are none where each route takes what it always takes, however long that is", () => {
    const slow = { plan: reading, responses: reading.requests.map(() => 300_000) };
    expect(stallsOf({ ...slow, responses: Float64Array.from(slow.responses) })).toEqual([]);
    const none = estimateStalls([answered(reading, []), answered(writing, [])]);
    expect([none.loop.rate, none.commit.rate]).toEqual([0, 0]);
  });

  it("are counted by the second where nobody writes, and by what is written where more of them are", () => {
    const extra = drawnStalls({ rate: 2, lengths: LENGTHS }, { seconds: 60, random });
    const both = [...made, ...extra].sort((one, other) => one.begin - other.begin);
    const { loop, commit } = estimateStalls([answered(reading, made), answered(writing, both)]);
    expect(Math.abs(loop.rate / (made.length / 60) - 1)).toBeLessThan(0.15);
    const writes = writing.requests.filter(({ route }) => route === 3).length;
    expect(Math.abs(commit.rate / (extra.length / writes) - 1)).toBeLessThan(0.25);
  });
});
