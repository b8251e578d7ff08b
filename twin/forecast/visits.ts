/**
 * Visits expected in each bin: those of the mailing (the sender's schedule, delayed by delivery
 * and by the time to click, with their exact cumulative shares) and those that no mail explains
 * (the rate over the day). Nobody comes once the scenario is over.
 */

import { SECOND, type Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import { Sender } from "../email/sender.ts";
import { sendWaves, tiersOf, type Wave, wavesOf } from "../email/waves.ts";
import type { PlanSpec } from "../scenario/scenario.ts";
import { trafficRate } from "../traffic/traffic-rate.ts";
import { type Bins, delayed, delayShares, meansOver } from "./bins.ts";

export interface Visits {
  readonly mail: Float64Array;
  /** Of those, visits of shoppers whom the sale lets in early. */
  readonly invited: Float64Array;
  readonly traffic: Float64Array;
}

export function visitsOf(plan: PlanSpec, bins: Bins): Visits {
  const { lasts } = plan.world;
  const { mail, invited } = mailVisits(plan, bins);
  const traffic = trafficVisits(plan, bins);
  for (let bin = 0; bin < bins.count; bin += 1) {
    const during = Math.min(1, Math.max(0, lasts / bins.step - bin));
    mail[bin] *= during;
    invited[bin] *= during;
    traffic[bin] *= during;
  }
  return { mail, invited, traffic };
}

/** Every wave by itself: within one, tiers lie mixed on the list, each with its share of visits. */
function mailVisits({ world, launch }: PlanSpec, bins: Bins): Pick<Visits, "mail" | "invited"> {
  const { audience, sale } = world;
  const waves = wavesOf(audience, launch);
  const sizes = sizesOf(waves, audience.recipients);
  const sentBefore = sentBeforeOf(waves, sizes, audience.senderRate);
  const mail = new Float64Array(bins.count);
  const invited = new Float64Array(bins.count);
  for (const [index, { tiers }] of waves.entries()) {
    const early = tiers.filter(({ name }) => sale.earlyAccessFor.includes(name));
    const inWave = shareOf(tiers);
    let before = 0;
    for (let bin = 0; bin < bins.count; bin += 1) {
      const now = sentBefore(index, (bin + 1) * bins.step);
      mail[bin] += ((now - before) * visitorsOf(tiers)) / inWave;
      invited[bin] += ((now - before) * visitorsOf(early)) / inWave;
      before = now;
    }
  }
  const inboxes = delayShares(distributionOf(audience.deliveryDelay).cdf, bins);
  const clicks = delayShares(distributionOf(audience.clickDelay).cdf, bins);
  const visits = (sent: Float64Array) => delayed(delayed(sent, inboxes), clicks);
  const all = visits(mail);
  const isForAll = tiersOf(audience).every(({ name }) => sale.earlyAccessFor.includes(name));
  return { mail: all, invited: isForAll ? all.slice() : visits(invited) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function visitorsOf(tiers: Wave["tiers"]): number {
  return sum(tiers.map(({ share, visitRate }) => share * visitRate));
}

function shareOf(tiers: Wave["tiers"]): number {
  return sum(tiers.map(({ share }) => share));
}

/** Whole mails; the last wave has what rounding leaves. */
function sizesOf(waves: readonly Wave[], recipients: number): readonly number[] {
  const sizes = waves.map(({ tiers }) => Math.round(recipients * shareOf(tiers)));
  const others = sum(sizes.slice(0, -1));
  return [...sizes.slice(0, -1), Math.max(0, recipients - others)];
}

type SentBefore = (wave: number, at: Ticks) => number;

/** Mails of a wave that leave the sender before a time, by bisection: they leave in list order. */
function sentBeforeOf(
  waves: readonly Wave[],
  sizes: readonly number[],
  senderRate: number,
): SentBefore {
  if (waves.length === 1) {
    const sender = new Sender({ recipients: sizes[0], launch: waves[0].launch, senderRate });
    return (_, at) => firstFrom(sizes[0], (place) => sender.sentAt(place) >= at);
  }
  const mails = waves.map(({ launch }, wave) => ({ recipients: sizes[wave], launch }));
  const sent = sendWaves(mails, senderRate);
  return (wave, at) => firstFrom(sizes[wave], (place) => sent[wave][place] >= at);
}

/** The first place of a list from which something holds to its end; its length where nowhere. */
function firstFrom(length: number, holds: (place: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function trafficVisits({ world }: PlanSpec, bins: Bins): Float64Array {
  const { traffic, starts } = world;
  const rates = meansOver((at) => trafficRate(traffic, starts, at), bins);
  return rates.map((rate) => (rate * bins.step) / SECOND);
}
