/**
 * Which tier a shopper is of. It is drawn from a stream keyed by the shopper alone, so the same
 * shopper is a VIP in every launch plan, whether a mail or their own idea brings them.
 */
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import { TIERS } from "../../store/core/tier.ts";
import type { SegmentsSpec } from "../scenario/scenario.ts";

const LOYAL = TIERS.indexOf("loyal");
const VIP = TIERS.indexOf("vip");

export class Segments {
  private readonly draws: RandomStream;
  private readonly vipsBelow: number;
  private readonly loyalBelow: number;

  constructor(simulation: Simulation, spec: SegmentsSpec) {
    this.draws = simulation.random("audience.segment");
    this.vipsBelow = spec.vip.share;
    this.loyalBelow = spec.vip.share + spec.loyal.share;
  }

  /** Index into TIERS. Who is of the lowest tier, where all are, costs no draw. */
  of(shopper: number): number {
    if (this.loyalBelow === 0) return 0;
    const draw = this.draws.at(shopper).next();
    if (draw < this.vipsBelow) return VIP;
    return draw < this.loyalBelow ? LOYAL : 0;
  }
}
