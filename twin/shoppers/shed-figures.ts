/** What of the shoppers' pages the servers refused early; null where a scenario has no load shedding. */
import { type Metric, metricOfPart } from "../metric.ts";
import { PAGE_CLASSES } from "../scenario/scenario.ts";
import type { ShopperTally } from "./tally.ts";

export const SHED_METRICS: readonly Metric[] = [
  metricOfPart(
    "pages.shed",
    "count",
    "less",
    "Pages refused early, with Retry-After, because servers were asked too much",
  ),
  ...PAGE_CLASSES.map((page) =>
    metricOfPart(
      `pages.shed{${page}}`,
      "count",
      "less",
      `Of the pages refused early, ${page} pages`,
    ),
  ),
];

export function shedFigures(tally: ShopperTally): Record<string, number> {
  const byPage = PAGE_CLASSES.map((page, index) => [`pages.shed{${page}}`, tally.shed[index]]);
  return { "pages.shed": tally.shedInAll, ...Object.fromEntries(byPage) };
}
