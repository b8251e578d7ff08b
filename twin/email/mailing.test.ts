import { describe, expect, it } from "vitest";
import { lognormal } from "../../engine/distribution.ts";
import { Simulation } from "../../engine/simulation.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../engine/time.ts";
import type { AudienceSpec, LaunchSpec } from "../scenario/scenario.ts";
import { Mailing } from "./mailing.ts";

const atOnce: LaunchSpec = { at: 0, batches: 1, every: 0, eachOver: 0 };

/** Everybody comes, with the click curve of parameters.md section 1.2 and nothing else. */
function audience(recipients: number, change: Partial<AudienceSpec> = {}): AudienceSpec {
  return {
    recipients,
    visitRate: 1,
    clickDelay: { kind: "log-logistic", median: 2.761 * HOUR, shape: 0.671, cap: 14 * DAY },
    deliveryDelay: { kind: "constant", value: 0 },
    segments: { vip: { share: 0 }, loyal: { share: 0 } },
    senderRate: 1e9,
    ...change,
  };
}

function mailing(
  launch: LaunchSpec,
  to: AudienceSpec,
  visit: (recipient: number) => void = () => {},
) {
  const simulation = new Simulation({ seed: "mailing" });
  return { simulation, mailing: new Mailing(simulation, { audience: to, launch, visit }) };
}

describe("a mailing", () => {
  it("brings clicks along the measured curve: 33.6 % in an hour, 51.4 % in three, 81 % in a day", () => {
    const recipients = 120_000;
    const { times } = mailing(atOnce, audience(recipients)).mailing;
    for (const [within, share] of [
      [HOUR, 0.336],
      [3 * HOUR, 0.514],
      [DAY, 0.81],
    ]) {
      const seen = times.filter((time) => time <= within).length / recipients;
      // Four standard errors, at most 0.6 percentage points, and the fit's last digit.
      expect(Math.abs(seen - share)).toBeLessThan(
        0.0005 + 4 * Math.sqrt((share * (1 - share)) / recipients),
      );
    }
  });

  it("calls every visitor once, at the time of the click, in order", () => {
    const calls: { recipient: number; at: number }[] = [];
    const launch = { at: HOUR, batches: 3, every: HOUR, eachOver: MINUTE };
    const world = mailing(launch, audience(3_000, { visitRate: 0.3 }), (recipient) =>
      calls.push({ recipient, at: world.simulation.now }),
    );
    expect(world.simulation.pending).toBe(1);
    world.simulation.run();
    expect(calls.map((call) => call.recipient)).toEqual([...world.mailing.recipients]);
    expect(calls.map((call) => call.at)).toEqual([...world.mailing.times]);
    expect(new Set(world.mailing.recipients).size).toBe(calls.length);
    expect(
      world.mailing.times.every((time, row) => row === 0 || time >= world.mailing.times[row - 1]),
    ).toBe(true);
    expect(world.mailing.visited).toBe(calls.length);
    // 900 expected, four standard errors are 100.
    expect(Math.abs(calls.length - 900)).toBeLessThan(100);
  });

  it("lets clicks of one tick come in list order", () => {
    const soon = { kind: "constant", value: SECOND } as const;
    const { recipients } = mailing(atOnce, audience(500, { clickDelay: soon })).mailing;
    expect([...recipients]).toEqual(Array.from({ length: 500 }, (_none, row) => row));
  });

  /** From the sending of each mail to its click. */
  function waits(of: Mailing): Map<number, number> {
    const { recipients, times, sender } = of;
    return new Map(Array.from(recipients, (who, row) => [who, times[row] - sender.sentAt(who)]));
  }

  const single = { at: HOUR, batches: 1, every: 0, eachOver: 30 * MINUTE };
  const delivery = { kind: "lognormal", median: 15 * SECOND, sigma: 1 } as const;

  it("has the same recipients come, as long after their mail, under every launch plan", () => {
    const to = audience(20_000, { visitRate: 0.16, deliveryDelay: delivery });
    const batched = { at: HOUR, batches: 4, every: 15 * MINUTE, eachOver: 7 * MINUTE };
    const one = waits(mailing(single, to).mailing);
    const other = waits(mailing(batched, to).mailing);
    expect(one.size).toBe(other.size);
    for (const [recipient, wait] of one)
      expect(Math.abs(wait - (other.get(recipient) ?? Number.NaN))).toBeLessThanOrEqual(1);
  });

  it("leaves a recipient as they are when others are won over", () => {
    const few = waits(mailing(single, audience(20_000, { visitRate: 0.1 })).mailing);
    const more = waits(mailing(single, audience(20_000, { visitRate: 0.2 })).mailing);
    expect(more.size).toBeGreaterThan(few.size * 1.8);
    for (const [recipient, wait] of few) expect(more.get(recipient)).toBe(wait);
  });
});

/** Seconds between two points of the load curve. */
const STEP = 60;

/** How long a session counts as concurrent: active (a third not at all) and 15 idle minutes. */
function survival(seconds: number): number {
  const active = lognormal({ median: 376, sigma: 1.086, cap: 7_200 });
  const beyondIdle = seconds - 900;
  return beyondIdle < 0 ? 1 : 0.669 * (1 - active.cdf(beyondIdle));
}

/** The peak of L(t), the sum over all clicks before t of S(t - click), per million visits. */
function peakPerMillion(launch: LaunchSpec, visits: number): number {
  const { times } = mailing(launch, audience(visits)).mailing;
  const stays = Array.from({ length: 8_100 / STEP }, (_none, lag) => survival((lag + 0.5) * STEP));
  const clicks = new Float64Array((launch.batches * launch.every + 4 * HOUR) / SECOND / STEP);
  for (const time of times) {
    const slot = Math.floor(time / SECOND / STEP);
    if (slot < clicks.length) clicks[slot] += 1;
  }
  let peak = 0;
  for (let slot = 0; slot < clicks.length; slot += 1) {
    let present = 0;
    for (let lag = 0; lag < stays.length && lag <= slot; lag += 1)
      present += clicks[slot - lag] * stays[lag];
    peak = Math.max(peak, present);
  }
  return (peak / visits) * 1e6;
}

describe("the load that a mailing makes (parameters.md section 1.4)", () => {
  const single = (minutes: number) => ({ ...atOnce, eachOver: minutes * MINUTE });

  it("peaks as the integral says for one send over 1 to 120 minutes", () => {
    for (const [minutes, thousands] of [
      [1, 164],
      [10, 156],
      [30, 136],
      [60, 110],
      [120, 79],
    ]) {
      const peak = peakPerMillion(single(minutes), 120_000) / 1_000;
      expect(Math.abs(peak / thousands - 1), `${minutes} min: ${peak}`).toBeLessThan(0.015);
    }
  });

  it("falls by the ratios that the table gives for batches of ten minutes each", () => {
    const whole = peakPerMillion(single(10), 120_000);
    for (const [batches, minutes, ratio] of [
      [2, 10, 0.93],
      [2, 120, 0.6],
      [4, 15, 0.71],
      [4, 30, 0.55],
      [6, 30, 0.43],
      [8, 60, 0.25],
      [12, 10, 0.51],
      [12, 120, 0.13],
    ]) {
      const launch = { at: 0, batches, every: minutes * MINUTE, eachOver: 10 * MINUTE };
      const seen = peakPerMillion(launch, 120_000) / whole;
      // Two digits are printed; the rest is sampling, largest where few are present.
      expect(Math.abs(seen - ratio), `${batches} x ${minutes} min: ${seen}`).toBeLessThan(
        0.005 + 0.02 * ratio,
      );
    }
  });
});
