/** The metrics of 3-D Secure, and their figures. */
import { type Metric, metricOfPart } from "../metric.ts";
import type { ShopperTally } from "./tally.ts";

export const CHALLENGE_METRICS: readonly Metric[] = [
  metricOfPart(
    "payments.challenged",
    "count",
    null,
    "Shoppers whom their card's bank asked who pays",
  ),
  metricOfPart("payments.challenge.abandoned", "count", "less", "Of those, shoppers who gave up"),
  metricOfPart(
    "payments.challenge.failed",
    "count",
    "less",
    "Of those, shoppers whose card was refused",
  ),
];

export function challengeFigures(tally: ShopperTally): Record<string, number> {
  return {
    "payments.challenged": tally.challenged,
    "payments.challenge.abandoned": tally.challengesAbandoned,
    "payments.challenge.failed": tally.challengesFailed,
  };
}
