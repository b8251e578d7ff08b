/**
 * A name for everything that goes into a rehearsal besides its seed: the decoded plan with every
 * default filled in. Two results with the same inputs and digests are of the same experiment, and a
 * golden notices a changed default even where it happens to change no figure.
 */
import { fnv1a } from "../../store/core/fnv.ts";
import type { PlanSpec } from "../scenario/scenario.ts";
import type { Intervention } from "../stepped/intervention.ts";

/**
 * 16 hexadecimal digits: two lanes of FNV-1a over the plan as JSON, its description left out, and
 * over what is changed on the way, where something is.
 */
export function inputsOf(plan: PlanSpec, interventions: readonly Intervention[] = []): string {
  const { launch, world } = plan;
  const changed = interventions.length === 0 ? {} : { interventions };
  const text = JSON.stringify({ launch, world, ...changed });
  return hex(fnv1a(text)) + hex(fnv1a(text, SECOND_BASIS));
}

/** Any number but the first lane's basis. */
const SECOND_BASIS = 0x050c5d1f;

function hex(lane: number): string {
  return lane.toString(16).padStart(8, "0");
}
