/**
 * Crowds that no rehearsal has room for: each visit counts until its idle time-out, so a rate and
 * an idle time-out say how many are there at once before any is simulated.
 */
import { SECOND } from "../../engine/time.ts";
import { SESSIONS_MAX } from "../shoppers/session-table.ts";
import { finding, where } from "./check-findings.ts";
import type { Finding } from "./problem.ts";
import { toSteps } from "./resolve.ts";
import type { World } from "./schema.ts";

export function checkCrowd(world: World): Finding[] {
  const { traffic, shoppers, lasts } = world;
  const idle = shoppers["idle-timeout"];
  const steps = toSteps(world);
  const crowdOf = (perSecond: number, during: number) =>
    (perSecond * Math.min(idle, Math.max(0, during))) / SECOND;
  const busiest = traffic.rate * Math.max(...traffic["daily-profile"]);
  const crowds = [
    { path: "traffic.rate", crowd: crowdOf(busiest, lasts) },
    ...steps.map(({ at, rate }, index) => ({
      path: `traffic.steps.${index}.rate`,
      crowd: crowdOf(rate, (steps[index + 1]?.at ?? lasts) - at),
    })),
  ];
  return where(
    ...crowds.map(
      ({ path, crowd }) =>
        crowd > SESSIONS_MAX &&
        finding(
          path,
          `brings ${crowd.toPrecision(3)} shoppers at once, and there is room for ${SESSIONS_MAX}`,
          "lower the rate or shoppers.idle-timeout",
        ),
    ),
  );
}
