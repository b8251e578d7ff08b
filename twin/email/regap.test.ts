/** Batches that are moved while the mailing is on its way. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { HOUR, MINUTE, SECOND } from "../../engine/time.ts";
import type { AudienceSpec, LaunchSpec } from "../scenario/scenario.ts";
import { Mailing } from "./mailing.ts";

const RECIPIENTS = 400;
const launch: LaunchSpec = { at: HOUR, batches: 4, every: 10 * MINUTE, eachOver: 12 * MINUTE };
const NOBODY = { share: 0, visitRate: 1, mailedBefore: 0 };
const VIPS = { share: 0.2, visitRate: 0.8, mailedBefore: 25 * MINUTE };

function audience(vip: AudienceSpec["segments"]["vip"], senderRate: number): AudienceSpec {
  return {
    recipients: RECIPIENTS,
    visitRate: 0.7,
    clickDelay: { kind: "exponential", mean: 5 * MINUTE },
    deliveryDelay: { kind: "constant", value: SECOND },
    segments: { vip, loyal: NOBODY },
    senderRate,
  };
}

interface Visit {
  readonly recipient: number;
  readonly at: number;
}

function mailingTo(to: AudienceSpec) {
  const simulation = new Simulation({ seed: "regap" });
  const visits: Visit[] = [];
  const visit = (recipient: number) => visits.push({ recipient, at: simulation.now });
  return { simulation, visits, mailing: new Mailing(simulation, { audience: to, launch, visit }) };
}

describe("a mailing whose batches are moved", () => {
  const vips = fc.constantFrom(NOBODY, VIPS);
  // A sender that keeps up, and one that is an hour behind in the end.
  const rates = fc.constantFrom(1_000, 0.06);
  const minutes = fc.integer({ min: 0, max: 150 });

  it("has those come who would have come, once each, and who has come before stays so", () => {
    fc.assert(
      fc.property(vips, rates, minutes, minutes, (vip, rate, moved, gap) => {
        const to = audience(vip, rate);
        const plain = mailingTo(to);
        plain.simulation.run();
        const { simulation, visits, mailing } = mailingTo(to);
        const now = moved * MINUTE;
        simulation.run({ until: now });
        const before = [...visits];
        mailing.regap(gap * MINUTE);
        simulation.run();
        expect(visits.slice(0, before.length)).toEqual(before);
        expect(visits.slice(before.length).every(({ at }) => at > now)).toBe(true);
        const who = (all: readonly Visit[]) => all.map(({ recipient }) => recipient).sort();
        expect(who(visits)).toEqual(who(plain.visits));
        const dues = mailing.batches.map(({ due }) => due);
        expect(dues).toEqual([...dues].sort((one, other) => one - other));
      }),
    );
  });

  it("is the plan's again when they are moved back at once", () => {
    fc.assert(
      fc.property(vips, rates, minutes, minutes, (vip, rate, moved, gap) => {
        const to = audience(vip, rate);
        const plain = mailingTo(to);
        const { simulation, mailing } = mailingTo(to);
        simulation.run({ until: moved * MINUTE });
        // A gap that is no shorter moves nothing before its own time, so that nothing is squeezed.
        mailing.regap(Math.max(gap * MINUTE, launch.every));
        mailing.regap(launch.every);
        expect(mailing.batches).toEqual(plain.mailing.batches);
        expect(mailing.times).toEqual(plain.mailing.times);
      }),
    );
  });

  it("says when a batch is left to be moved", () => {
    const { simulation, mailing } = mailingTo(audience(NOBODY, 1_000));
    expect(mailing.batches).toMatchObject([
      { due: HOUR, number: 1, of: 4, mails: 100, tiers: [] },
      { due: HOUR + 10 * MINUTE, number: 2 },
      { due: HOUR + 20 * MINUTE, number: 3 },
      { due: HOUR + 30 * MINUTE, number: 4 },
    ]);
    simulation.run({ until: HOUR + 30 * MINUTE - 1 });
    expect(mailing.canRegap).toBe(true);
    simulation.run({ until: HOUR + 30 * MINUTE });
    expect(mailing.canRegap).toBe(false);
  });
});
