/** Wall-clock figures in words, for stderr. */
import { plainNumber } from "../report/quantity.ts";
import type { Timing } from "./rehearsals.ts";

export function timingLines(timing: Timing): readonly string[] {
  const seconds = plainNumber(timing.seconds, 2);
  const millions = plainNumber(timing.events / 1_000_000, 2);
  const rate = plainNumber(timing.eventsPerSecondPerCore / 1_000_000, 2);
  const memory = plainNumber(timing.memoryPeak / 1_048_576, 0);
  return [
    `timing (measured)  ${seconds} s wall on ${timing.workers} worker${timing.workers === 1 ? "" : "s"}, ` +
      `${millions} M events, ${rate} M events/s a core, ${memory} MiB resident at most`,
    ...timing.rehearsals.map(
      ({ plan, seed, seconds: own }) =>
        `timing (measured)  ${plan}, seed ${seed}: ${plainNumber(own, 2)} s`,
    ),
  ];
}
