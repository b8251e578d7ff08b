/**
 * What shoppers answer when they are asked: why they leave, how content they are, whether they
 * would recommend the shop. Answers follow what the shopper met (`experience.ts`), with a spread
 * between people; each is keyed by the shopper alone, so that of two plans the one that treats a
 * shopper worse never gets the better answer from them. How much each thing weighs is an
 * assumption (`feedback.satisfaction`).
 */
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import {
  EXIT_REASONS,
  type ExitReason,
  RECOMMEND_MAX,
  SATISFACTION_MAX,
  SATISFACTION_MIN,
  type SurveyAnswer,
} from "../../store/core/feedback.ts";
import { distributionOf } from "../distributions.ts";
import type { FeedbackSpec } from "../scenario/scenario.ts";
import type { Cause } from "./tally.ts";

/** Second keys of a shopper's draws. */
const ASKED = 0;
const ANSWERS = 1;
const FEELING = 2;

export class Opinion {
  private readonly spec: FeedbackSpec;
  private readonly exitDraws: RandomStream;
  private readonly surveyDraws: RandomStream;
  private readonly delay: Distribution;

  constructor(simulation: Simulation, spec: FeedbackSpec) {
    this.spec = spec;
    this.exitDraws = simulation.random("feedback.exit");
    this.surveyDraws = simulation.random("feedback.survey");
    this.delay = distributionOf(spec.survey.delay);
  }

  /** Whether the question comes up for a shopper who leaves. */
  isAskedOnLeaving(shopper: number): boolean {
    return this.exitDraws.at(shopper, ASKED).chance(this.spec.exit.asked);
  }

  /** The reason that a shopper who was asked gives, or null where they do not answer. */
  reasonOf(shopper: number, cause: Cause): ExitReason | null {
    const { answered, noise, price } = this.spec.exit;
    const random = this.exitDraws.at(shopper, ANSWERS);
    if (!random.chance(answered)) return null;
    const isNoise = random.chance(noise);
    const anyReason = EXIT_REASONS[random.below(EXIT_REASONS.length)] as ExitReason;
    if (isNoise) return anyReason;
    // Who was told to come back later and did not want to says that the shop failed them.
    if (cause === "limited") return "error";
    return cause === "choice" && random.chance(price) ? "price" : cause;
  }

  /** How long after the survey's mail the shopper answers, or null where they do not. */
  answersAfter(shopper: number): Ticks | null {
    const random = this.surveyDraws.at(shopper, ANSWERS);
    if (!random.chance(this.spec.survey.answered)) return null;
    return this.delay.whole(random);
  }

  /**
   * The answer of a shopper who has lost so many points. Recommendation goes from 0 to 10 as
   * satisfaction goes from 1 to 5, from the same feeling, before either is rounded to its scale.
   */
  answerOf(shopper: number, lost: number): SurveyAnswer {
    const { base, spread } = this.spec.satisfaction;
    const feeling = base - lost + spread * this.surveyDraws.at(shopper, FEELING).normal();
    const range = SATISFACTION_MAX - SATISFACTION_MIN;
    const likely = ((feeling - SATISFACTION_MIN) / range) * RECOMMEND_MAX;
    return {
      satisfaction: onScale(feeling, SATISFACTION_MIN, SATISFACTION_MAX),
      recommend: onScale(likely, 0, RECOMMEND_MAX),
    };
  }
}

function onScale(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, Math.round(value)));
}
