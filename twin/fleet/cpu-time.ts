import { constant, type Distribution, lognormalFromMean } from "../../engine/distribution.ts";
import type { Demand } from "../scenario/scenario.ts";

/** The CPU time of a page class: lognormal, or always the same where the demand does not vary. */
export function cpuTime(demand: Demand): Distribution {
  if (demand.cv === 0) return constant({ value: demand.cpu });
  return lognormalFromMean({ mean: demand.cpu, cv: demand.cv });
}
