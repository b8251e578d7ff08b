import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { HOUR, MINUTE, SECOND } from "../../engine/time.ts";
import { TIERS } from "../../store/core/tier.ts";
import type { AudienceSpec, LaunchSpec, SegmentSpec } from "../scenario/scenario.ts";
import { Segments } from "../shoppers/segments.ts";
import { Mailing } from "./mailing.ts";
import { Sender } from "./sender.ts";
import { sendWaves, wavesOf } from "./waves.ts";

const launchAt = (change: Partial<LaunchSpec> = {}): LaunchSpec => ({
  at: HOUR,
  batches: 1,
  every: 0,
  eachOver: 0,
  ...change,
});

function audience(
  segments: { vip?: Partial<SegmentSpec>; loyal?: Partial<SegmentSpec> },
  change: Partial<AudienceSpec> = {},
): AudienceSpec {
  const nobody = { share: 0, visitRate: 1, mailedBefore: 0 };
  return {
    recipients: 10_000,
    visitRate: 1,
    clickDelay: { kind: "constant", value: 0 },
    deliveryDelay: { kind: "constant", value: 0 },
    senderRate: 1e6,
    segments: { vip: { ...nobody, ...segments.vip }, loyal: { ...nobody, ...segments.loyal } },
    ...change,
  };
}

describe("the waves of a mailing", () => {
  const names = (of: AudienceSpec) =>
    wavesOf(of, launchAt()).map(({ tiers, launch }) => [
      tiers.map(({ name }) => name).join("+"),
      launch.at,
    ]);

  it("are one where nobody is mailed before the rest, whatever tiers there are", () => {
    expect(names(audience({}))).toEqual([["regular", HOUR]]);
    const tiers = { vip: { share: 0.1 }, loyal: { share: 0.2 } };
    expect(names(audience(tiers))).toEqual([["regular+loyal+vip", HOUR]]);
  });

  it("go out by their lead, tiers with the same lead together", () => {
    const vip = { share: 0.1, mailedBefore: 20 * MINUTE };
    const loyal = { share: 0.2, mailedBefore: 5 * MINUTE };
    expect(names(audience({ vip, loyal }))).toEqual([
      ["vip", HOUR - 20 * MINUTE],
      ["loyal", HOUR - 5 * MINUTE],
      ["regular", HOUR],
    ]);
    const same = { ...loyal, mailedBefore: 20 * MINUTE };
    expect(names(audience({ vip, loyal: same }))[0]).toEqual(["loyal+vip", HOUR - 20 * MINUTE]);
    const all = { share: 1, mailedBefore: 20 * MINUTE };
    expect(names(audience({ vip: all }))).toEqual([["vip", HOUR - 20 * MINUTE]]);
  });
});

describe("a sender of several waves", () => {
  const plans = fc.record({
    recipients: fc.integer({ min: 1, max: 300 }),
    batches: fc.integer({ min: 1, max: 9 }),
    every: fc.integer({ min: 0, max: 600 }),
    eachOver: fc.integer({ min: 0, max: 600 }),
    at: fc.integer({ min: 0, max: 3_000 }),
  });
  type Plan = typeof plans extends fc.Arbitrary<infer Value> ? Value : never;
  const waveOf = ({ recipients, batches, every, eachOver, at }: Plan) => ({
    recipients,
    launch: { at: at * SECOND, batches, every: every * SECOND, eachOver: eachOver * SECOND },
  });
  const rates = fc.double({ min: 0.1, max: 50, noNaN: true });

  it("of one wave sends as the sender of a list without tiers does", () => {
    fc.assert(
      fc.property(plans, rates, (plan, senderRate) => {
        const wave = waveOf(plan);
        const sender = new Sender({ ...wave, senderRate });
        const [sent] = sendWaves([wave], senderRate);
        for (let place = 0; place < wave.recipients; place += 1) {
          expect(Math.abs(sent[place] - sender.sentAt(place))).toBeLessThan(1);
        }
      }),
      { seed: 14, numRuns: 80 },
    );
  });

  it("sends each mail when it is due or later, in order, and all of them within its limit", () => {
    fc.assert(
      fc.property(plans, plans, rates, (one, other, senderRate) => {
        const waves = [waveOf(one), waveOf(other)];
        const sent = sendWaves(waves, senderRate);
        for (const [wave, times] of sent.entries()) {
          const alone = new Sender({ ...waves[wave], senderRate: 1e9 });
          expect([...times]).toEqual([...times].sort((a, b) => a - b));
          times.forEach((at, place) => {
            expect(at).toBeGreaterThanOrEqual(alone.sentAt(place) - 1);
          });
        }
        const all = sent.flatMap((times) => [...times]).sort((a, b) => a - b);
        const gap = SECOND / senderRate;
        for (let mail = 1; mail < all.length; mail += 1) {
          expect(all[mail] - all[mail - 1]).toBeGreaterThan(gap - 0.01);
        }
      }),
      { seed: 15, numRuns: 60 },
    );
  });

  it("lets a small wave go out in the midst of a large one, and hold it up by its own length only", () => {
    const large = { recipients: 1_000, launch: launchAt({ at: 0 }) };
    const small = { recipients: 10, launch: launchAt({ at: 5 * SECOND }) };
    const [first, second] = sendWaves([large, small], 100);
    expect(first[999] / SECOND).toBeCloseTo(9.99, 6);
    // The sender is busy with what was due before; nobody is sent twice or forgotten.
    expect(second[0] / SECOND).toBeCloseTo(10, 6);
    const spread = { recipients: 1_000, launch: launchAt({ at: 0, eachOver: 100 * SECOND }) };
    const [calm, early] = sendWaves([spread, small], 100);
    expect((early[9] - early[0]) / SECOND).toBeLessThan(0.2);
    expect(early[0] / SECOND).toBeLessThan(5.02);
    expect(calm[999] / SECOND).toBeCloseTo(99.9, 6);
  });
});

describe("a mailing in waves", () => {
  const vip = { share: 0.1, mailedBefore: 20 * MINUTE };
  const times = (to: AudienceSpec, launch = launchAt()) => {
    const simulation = new Simulation({ seed: "waves/1" });
    const { recipients, times: at } = new Mailing(simulation, {
      audience: to,
      launch,
      visit: () => {},
    });
    return new Map(Array.from(recipients, (who, row) => [who, at[row]]));
  };
  const segments = new Segments(new Simulation({ seed: "waves/1" }), {
    vip,
    loyal: { share: 0 },
  });
  const isVip = (who: number) => TIERS[segments.of(who)] === "vip";

  it("brings VIPs that much earlier, and leaves the others as they were", () => {
    const delays = { clickDelay: { kind: "exponential", mean: 4 * MINUTE } } as const;
    const early = times(audience({ vip }, delays));
    const plain = times(audience({ vip: { share: 0.1 } }, delays));
    expect(early.size).toBe(plain.size);
    for (const [who, at] of plain) {
      const earlier = at - (early.get(who) ?? Number.NaN);
      // The throughput limit spreads ten thousand mails over ten milliseconds.
      expect(Math.abs(earlier - (isVip(who) ? 20 * MINUTE : 0))).toBeLessThan(11_000);
    }
  });

  it("has VIPs come by their own share of visits, and nobody else for it", () => {
    const some = times(audience({ vip: { ...vip, visitRate: 0.9 } }, { visitRate: 0.2 }));
    const came = [...some.keys()];
    const vips = Array.from({ length: 10_000 }, (_, who) => who).filter(isVip).length;
    const share = came.filter(isVip).length / vips;
    expect(Math.abs(share - 0.9)).toBeLessThan(5 * Math.sqrt((0.9 * 0.1) / vips));
    const plain = times(audience({ vip: { share: 0.1, visitRate: 0.2 } }, { visitRate: 0.2 }));
    const others = (all: Iterable<number>) => [...all].filter((who) => !isVip(who)).sort();
    expect(others(some.keys())).toEqual(others(plain.keys()));
  });
});
