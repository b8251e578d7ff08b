/**
 * A part of the sale that can be made perfect: the question "what if this had not been in the way"
 * as a small change of the decoded plan. Everything else stays as it is, and every draw is keyed by
 * whom it is for, so the same shoppers meet both worlds.
 */
import type { PlanSpec } from "../../scenario/scenario.ts";

export interface Part {
  /** As results and reports call it. */
  readonly name: string;
  /** What a rerun has of it, in plain words. */
  readonly perfect: string;
  /** Whether the plan has anything of it that could be better; no rerun is spent on another. */
  readonly applies: (plan: PlanSpec) => boolean;
  readonly perfected: (plan: PlanSpec) => PlanSpec;
  /** Whether a metric says nothing about the plan while this part is perfect; none where left out. */
  readonly distorts?: (metric: string) => boolean;
}
