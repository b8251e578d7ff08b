/** Questions that are well written and yet cannot be asked: backwards, off the scale, after the end. */
import { DAY } from "../../engine/time.ts";
import { SATISFACTION_MAX, SATISFACTION_MIN } from "../../store/core/feedback.ts";
import { finding, where } from "./check-findings.ts";
import type { Finding } from "./problem.ts";
import type { World } from "./schema.ts";
import { writeDuration } from "./units.ts";

/** The world comes to rest within a month of the sale, and the last survey is part of it. */
const SURVEY_OVER_WITHIN = 28 * DAY;
/** Twice the whole scale: beyond it every answer is one end or the other. */
const POINTS_MAX = 2 * SATISFACTION_MAX;

export function checkFeedback({ feedback }: World): Finding[] {
  const { survey, satisfaction } = feedback;
  const { from, to } = survey.after;
  const at = "feedback.survey";
  const { base } = satisfaction;
  const points = ["spread", "slow-second", "failed-page", "sold-out", "declined"] as const;
  const open = "open-for" as const;
  return where(
    from > to &&
      finding(`${at}.after.from`, `is more than to, ${writeDuration(to)}`, "swap the two"),
    from <= to &&
      to + survey[open] > SURVEY_OVER_WITHIN &&
      finding(
        `${at}.${to > SURVEY_OVER_WITHIN / 2 ? "after.to" : open}`,
        "leaves surveys open for longer than a rehearsal goes on",
        "let after.to and open-for come to 28d at most",
      ),
    (base < SATISFACTION_MIN || base > SATISFACTION_MAX) &&
      finding(
        "feedback.satisfaction.base",
        "lies outside the scale",
        `from ${SATISFACTION_MIN} to ${SATISFACTION_MAX}, such as 4.4`,
        base,
      ),
    ...points.map(
      (name) =>
        satisfaction[name] > POINTS_MAX &&
        finding(
          `feedback.satisfaction.${name}`,
          `is more than ${POINTS_MAX} points of a scale of ${SATISFACTION_MAX}`,
          "such as 0.5",
          satisfaction[name],
        ),
    ),
  );
}
