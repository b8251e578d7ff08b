/** The metrics of a world in which shoppers are asked; no number where nobody answered. */
import {
  csatOf,
  EXIT_REASONS,
  type ExitReason,
  type FeedbackFigures,
  npsOf,
  reasonShareOf,
} from "../../store/core/feedback.ts";
import { type Metric, metricOfPart } from "../metric.ts";

const REASON_WORDS: Readonly<Record<ExitReason, string>> = {
  price: "the price",
  wait: "the waiting",
  soldOut: "units that were gone",
  payment: "a payment that failed",
  error: "pages that failed",
  closed: "a sale that was over",
  choice: "their own change of mind",
  other: "another reason",
};

const ASKED = "Shoppers who left without an order and were asked why";

export const FEEDBACK_METRICS: readonly Metric[] = [
  metricOfPart("exit.asked", "count", null, ASKED),
  metricOfPart("exit.answered", "count", null, "Of those asked why they leave, who answered"),
  ...EXIT_REASONS.map((reason) =>
    metricOfPart(
      `exit.reason{${reason}}`,
      "share",
      null,
      `Share of those answers that named ${REASON_WORDS[reason]}`,
    ),
  ),
  metricOfPart("survey.asked", "count", null, "Surveys sent after an order, also after the sale"),
  metricOfPart("survey.answered", "count", null, "Surveys answered in time"),
  metricOfPart("survey.csat", "share", "more", "Satisfaction: share of answers 4 and 5 of 5"),
  metricOfPart(
    "survey.nps",
    "share",
    "more",
    "Recommendation: share of answers 9 and 10 of 10 less share of answers 0 to 6",
  ),
];

export function feedbackFigures(figures: FeedbackFigures): Record<string, number> {
  return {
    "exit.asked": figures.exitAsked,
    "exit.answered": figures.exitAnswered,
    ...Object.fromEntries(
      EXIT_REASONS.map((reason) => [
        `exit.reason{${reason}}`,
        reasonShareOf(figures, reason) ?? Number.NaN,
      ]),
    ),
    "survey.asked": figures.surveysAsked,
    "survey.answered": figures.surveysAnswered,
    "survey.csat": csatOf(figures) ?? Number.NaN,
    "survey.nps": npsOf(figures) ?? Number.NaN,
  };
}
