/**
 * Whose invitation to the early access holds. A mail invites, and so does a link that was passed
 * on; where the sale lets in certain tiers only, the invitation of anybody else opens nothing.
 */
import type { Simulation } from "../../engine/simulation.ts";
import { TIERS, type Tier } from "../../store/core/tier.ts";
import type { SegmentsSpec } from "../scenario/scenario.ts";
import { Segments } from "./segments.ts";

export class EarlyAccess {
  private readonly segments: Segments;
  /** By tier. */
  private readonly holds: readonly boolean[];
  private readonly holdsForAll: boolean;

  constructor(
    simulation: Simulation,
    spec: { readonly segments: SegmentsSpec; readonly tiers: readonly Tier[] },
  ) {
    this.segments = new Segments(simulation, spec.segments);
    this.holds = TIERS.map((tier) => spec.tiers.includes(tier));
    this.holdsForAll = this.holds.every(Boolean);
  }

  /** Whether the sale lets in a shopper who was invited. */
  admits(shopper: number): boolean {
    return this.holdsForAll || this.holds[this.segments.of(shopper)] === true;
  }
}
