/**
 * Visits expected in each bin: those of the mailing (the sender's schedule, delayed by delivery
 * and by the time to click, with their exact cumulative shares) and those that no mail explains
 * (the rate over the day). Nobody comes once the scenario is over.
 */

import { SECOND, type Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import { Sender } from "../email/sender.ts";
import type { PlanSpec } from "../scenario/scenario.ts";
import { trafficRate } from "../traffic/traffic-rate.ts";
import { type Bins, delayed, delayShares, meansOver } from "./bins.ts";

export interface Visits {
  readonly mail: Float64Array;
  readonly traffic: Float64Array;
}

export function visitsOf(plan: PlanSpec, bins: Bins): Visits {
  const { lasts } = plan.world;
  const mail = mailVisits(plan, bins);
  const traffic = trafficVisits(plan, bins);
  for (let bin = 0; bin < bins.count; bin += 1) {
    const during = Math.min(1, Math.max(0, lasts / bins.step - bin));
    mail[bin] *= during;
    traffic[bin] *= during;
  }
  return { mail, traffic };
}

function mailVisits({ world, launch }: PlanSpec, bins: Bins): Float64Array {
  const { audience } = world;
  const { recipients, senderRate } = audience;
  const sender = new Sender({ recipients, launch, senderRate });
  const sent = new Float64Array(bins.count);
  for (let batch = 0; batch < launch.batches; batch += 1) {
    let before = 0;
    for (let bin = 0; bin < bins.count; bin += 1) {
      const now = sentBefore(sender, batch, (bin + 1) * bins.step);
      sent[bin] += (now - before) * audience.visitRate;
      before = now;
    }
  }
  const inboxes = delayed(sent, delayShares(distributionOf(audience.deliveryDelay).cdf, bins));
  return delayed(inboxes, delayShares(distributionOf(audience.clickDelay).cdf, bins));
}

/** Mails of a batch that leave the sender before a time, by bisection: they leave in list order. */
function sentBefore(sender: Sender, batch: number, at: Ticks): number {
  const first = sender.firstOf(batch);
  let low = 0;
  let high = sender.sizeOf(batch);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (sender.sentAt(first + middle) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function trafficVisits({ world }: PlanSpec, bins: Bins): Float64Array {
  const { traffic, starts } = world;
  const rates = meansOver((at) => trafficRate(traffic, starts, at), bins);
  return rates.map((rate) => (rate * bins.step) / SECOND);
}
