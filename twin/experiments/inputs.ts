/**
 * A name for everything that goes into a rehearsal besides its seed: the decoded plan with every
 * default filled in. Two results with the same inputs and digests are of the same experiment, and a
 * golden notices a changed default even where it happens to change no figure.
 */
import type { PlanSpec } from "../scenario/scenario.ts";

/** 16 hexadecimal digits: two lanes of FNV-1a over the plan as JSON, its description left out. */
export function inputsOf(plan: PlanSpec): string {
  const { launch, world } = plan;
  const text = JSON.stringify({ launch, world });
  return fnv(text, 0x811c9dc5) + fnv(text, 0x050c5d1f);
}

function fnv(text: string, basis: number): string {
  let hash = basis;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
