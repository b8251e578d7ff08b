/**
 * Who came and who got the units, by tier, where the list knows tiers. Orders and units are read
 * from the store's own sale log.
 */
import type { Simulation } from "../../engine/simulation.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { TIERS, type Tier } from "../../store/core/tier.ts";
import { type Metric, metricOfPart } from "../metric.ts";
import type { SegmentsSpec } from "../scenario/scenario.ts";
import { Segments } from "./segments.ts";
import { shopperNumber } from "./shopper-name.ts";

const WORDS: Readonly<Record<Tier, string>> = {
  regular: "shoppers of no segment",
  loyal: "loyal shoppers",
  vip: "VIPs",
};

export const TIER_METRICS: readonly Metric[] = TIERS.flatMap((tier) => [
  metricOfPart(`sessions{${tier}}`, "count", null, `Visits of ${WORDS[tier]}`),
  metricOfPart(`orders{${tier}}`, "count", null, `Orders of ${WORDS[tier]} confirmed`),
  metricOfPart(
    `units.share{${tier}}`,
    "share",
    null,
    `Share of the units sold that went to ${WORDS[tier]}`,
  ),
]);

/** Null for a list without tiers. */
export function tierFiguresOf(simulation: Simulation, spec: SegmentsSpec): TierFigures | null {
  return spec.vip.share + spec.loyal.share > 0 ? new TierFigures(simulation, spec) : null;
}

export class TierFigures {
  private readonly segments: Segments;
  private readonly sessions = TIERS.map(() => 0);
  private readonly orders = TIERS.map(() => 0);
  private readonly units = TIERS.map(() => 0);

  constructor(simulation: Simulation, spec: SegmentsSpec) {
    this.segments = new Segments(simulation, spec);
  }

  visited(shopper: number): void {
    this.sessions[this.segments.of(shopper)] += 1;
  }

  read(event: SaleEvent): void {
    if (event.kind === "OrderConfirmed") {
      this.orders[this.tierOf(event.shopper)] += 1;
    } else if (event.kind === "HoldSold") {
      const tier = this.tierOf(event.shopper);
      for (const { units } of event.lines) this.units[tier] += units;
    }
  }

  /** Its metrics by name; nobody has a share of nothing. */
  figures(): Record<string, number> {
    const sold = this.units.reduce((sum, units) => sum + units, 0);
    return Object.fromEntries(
      TIERS.flatMap((name, tier) => [
        [`sessions{${name}}`, this.sessions[tier]],
        [`orders{${name}}`, this.orders[tier]],
        [`units.share{${name}}`, sold === 0 ? Number.NaN : this.units[tier] / sold],
      ]),
    );
  }

  private tierOf(name: string): number {
    return this.segments.of(shopperNumber(name));
  }
}
