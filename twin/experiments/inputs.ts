/**
 * A name for everything that goes into a rehearsal besides its seed: the decoded plan with every
 * default filled in. Two results with the same inputs and digests are of the same experiment, and a
 * golden notices a changed default even where it happens to change no figure.
 */
import { fnv1a } from "../../store/core/fnv.ts";
import type { PlanSpec } from "../scenario/scenario.ts";

/** 16 hexadecimal digits: two lanes of FNV-1a over the plan as JSON, its description left out. */
export function inputsOf(plan: PlanSpec): string {
  const { launch, world } = plan;
  const text = JSON.stringify({ launch, world });
  return hex(fnv1a(text)) + hex(fnv1a(text, SECOND_BASIS));
}

/** Any number but the first lane's basis. */
const SECOND_BASIS = 0x050c5d1f;

function hex(lane: number): string {
  return lane.toString(16).padStart(8, "0");
}
