/** A rehearsal that is changed on the way and that nobody looks at: from its start to its end. */
import { BrokenAssumption } from "../../engine/assert.ts";
import type { Rehearsal } from "../result.ts";
import type { RehearsalInput } from "../world.ts";
import { changeText } from "./happening-text.ts";
import { type SteppedInput, SteppedRehearsal } from "./stepped-rehearsal.ts";

/** Events between two looks at whether to stop. */
const EVENTS_PER_SLICE = 32_768;

/** Throws where an intervention cannot be made when its time comes, and says why. */
export function rehearseChanged(
  input: SteppedInput & Pick<RehearsalInput, "onProgress" | "shouldStop">,
): Rehearsal {
  const stepped = new SteppedRehearsal(input);
  const of = input.plan.world.lasts;
  while (!stepped.isOver && !(input.shouldStop?.() ?? false)) {
    stepped.advance({ events: EVENTS_PER_SLICE });
    const [refused] = stepped.refused;
    if (refused !== undefined) {
      const { intervention, why } = refused;
      throw new BrokenAssumption(`"${changeText(intervention)}" could not be made: ${why}`);
    }
    const { now: ticks, events } = stepped;
    input.onProgress?.({ ticks: Math.min(ticks, of), of, events });
  }
  return stepped.result();
}
