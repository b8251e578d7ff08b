/** What shoppers are asked in a scenario, and how they answer: ticks, and shares as ratios. */
import type { Ticks } from "../../engine/time.ts";
import type { DistributionSpec } from "./scenario.ts";

export interface FeedbackSpec {
  readonly exit: ExitQuestionSpec;
  readonly survey: SurveySpec;
  readonly satisfaction: SatisfactionSpec;
}

export interface ExitQuestionSpec {
  /** Who is asked: whoever leaves without an order, or those with something in their cart. */
  readonly among: "everyone" | "carts";
  /** Share of them who are asked; 0 turns the question off. */
  readonly asked: number;
  /** Share of those asked who answer. */
  readonly answered: number;
  /** Of those who leave by their own choice and say the truth: share who name the price. */
  readonly price: number;
  /** Share of answers that are a reason of the list at random. */
  readonly noise: number;
}

export interface SurveySpec {
  /** Share of those who ordered who are asked; 0 turns the survey off. */
  readonly asked: number;
  readonly after: { readonly from: Ticks; readonly to: Ticks };
  /** How long it can be answered. */
  readonly openFor: Ticks;
  /** Share of those asked who answer. */
  readonly answered: number;
  /** From the survey's mail to the answer, ticks. */
  readonly delay: DistributionSpec;
}

/** Points on a scale of 1 to 5: where a buyer stands who met nothing bad, and what each thing takes. */
export interface SatisfactionSpec {
  readonly base: number;
  /** Standard deviation between people. */
  readonly spread: number;
  /** A page is slow from here on. */
  readonly slowAfter: Ticks;
  /** For each second that a page took beyond that. */
  readonly slowSecond: number;
  /** For each page that was refused or lost. */
  readonly failedPage: number;
  /** For each time that the units were gone. */
  readonly soldOut: number;
  /** For each payment that was declined or left in doubt. */
  readonly declined: number;
}

export function asksShoppers({ exit, survey }: FeedbackSpec): boolean {
  return exit.asked > 0 || survey.asked > 0;
}
