/** From the feedback section of a file to the twin's own shape. */
import type { FeedbackSpec } from "./feedback-spec.ts";
import { toDistribution } from "./quantity.ts";
import type { World } from "./schema.ts";

export function toFeedback({ exit, survey, satisfaction }: World["feedback"]): FeedbackSpec {
  return {
    exit,
    survey: {
      asked: survey.asked,
      after: survey.after,
      openFor: survey["open-for"],
      answered: survey.answered,
      delay: toDistribution(survey.delay),
    },
    satisfaction: {
      base: satisfaction.base,
      spread: satisfaction.spread,
      slowAfter: satisfaction["slow-after"],
      slowSecond: satisfaction["slow-second"],
      failedPage: satisfaction["failed-page"],
      soldOut: satisfaction["sold-out"],
      declined: satisfaction.declined,
    },
  };
}
