/**
 * What shoppers are asked and what their answers come to: one question to those who leave, and a
 * survey one or two days after an order. The lists of answers are closed, so that a share is a
 * share; who is asked and when is decided by the name of the shopper, never by chance.
 * Times are epoch milliseconds.
 */
import { assert } from "./assert.ts";
import { spreadOf } from "./spread.ts";

/** Why somebody left, as the question offers it. `other` may come with a note. */
export const EXIT_REASONS = [
  "price",
  "wait",
  "soldOut",
  "payment",
  "error",
  "closed",
  "choice",
  "other",
] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** Letters of a note. */
export const NOTE_LENGTH_MAX = 500;

export const SATISFACTION_MIN = 1;
export const SATISFACTION_MAX = 5;
export const RECOMMEND_MAX = 10;

/** Customer satisfaction counts answers from here up (4 and 5 of 1 to 5). */
const SATISFIED_FROM = 4;
/** Net promoter score: promoters answer 9 or 10 of 0 to 10, detractors 6 or less. */
const PROMOTER_FROM = 9;
const DETRACTOR_TO = 6;

const HOUR = 3_600_000;

export interface FeedbackPolicy {
  /** Share of the shoppers who are asked why they leave; all of them where it is left out. */
  readonly exitShare?: number;
  /** How long the question to somebody who leaves can be answered. */
  readonly exitOpenForMillis: number;
  /** Share of the shoppers with an order who get the survey. */
  readonly surveyShare: number;
  /** A survey is due this long after the order at the earliest, and at the latest. */
  readonly surveyAfterMillis: { readonly from: number; readonly to: number };
  /** How long it can be answered once it is out. */
  readonly surveyOpenForMillis: number;
}

export const FEEDBACK_POLICY: FeedbackPolicy = {
  exitOpenForMillis: HOUR / 2,
  surveyShare: 1,
  surveyAfterMillis: { from: 24 * HOUR, to: 48 * HOUR },
  surveyOpenForMillis: 7 * 24 * HOUR,
};

/** What is wrong with a policy in plain words, or null. */
export function feedbackPolicyProblem(policy: FeedbackPolicy): string | null {
  const { surveyShare, exitShare = 1, surveyAfterMillis: after } = policy;
  if (!(exitShare >= 0 && exitShare <= 1)) return "a share of shoppers is from 0 to 1";
  if (!(surveyShare >= 0 && surveyShare <= 1)) return "a share of shoppers is from 0 to 1";
  if (!(after.from >= 0 && after.from <= after.to)) return "a survey's window has an order";
  if (!(policy.exitOpenForMillis > 0)) return "a question can be answered for some time";
  if (!(policy.surveyOpenForMillis > 0)) return "a survey can be answered for some time";
  return null;
}

/** Whether the shopper is one of those who are asked why they leave. */
export function isAskedOnLeaving({ exitShare = 1 }: FeedbackPolicy, shopper: string): boolean {
  return spreadOf(`exit.share ${shopper}`) < exitShare;
}

export interface SurveyPlan {
  readonly order: string;
  readonly shopper: string;
  readonly orderedAt: number;
  readonly dueAt: number;
  readonly openForMillis: number;
}

/**
 * When the order's survey is due, or null where its shopper is none of those who are asked. The
 * shopper's name spreads surveys over the window, so a minute with many orders makes no minute
 * with many surveys.
 */
export function surveyFor(
  policy: FeedbackPolicy,
  order: { readonly id: string; readonly shopper: string; readonly confirmedAt: number },
): SurveyPlan | null {
  const { id, shopper, confirmedAt } = order;
  if (spreadOf(`survey.share ${shopper}`) >= policy.surveyShare) return null;
  const { from, to } = policy.surveyAfterMillis;
  const after = from + Math.floor(spreadOf(`survey.due ${shopper}`) * (to - from + 1));
  assert(after >= from && after <= to, "a survey is due within its window");
  return {
    order: id,
    shopper,
    orderedAt: confirmedAt,
    dueAt: confirmedAt + after,
    openForMillis: policy.surveyOpenForMillis,
  };
}

export interface ExitAnswer {
  readonly reason: ExitReason;
  /** Only with `other`; empty for none. */
  readonly note: string;
}

export interface SurveyAnswer {
  /** How content the shopper is, 1 to 5. */
  readonly satisfaction: number;
  /** How likely they would recommend the shop, 0 to 10. */
  readonly recommend: number;
}

/** The answer is none of those that the question offers; nothing was written. */
export interface AnswerRefused {
  readonly _tag: "AnswerRefused";
  readonly why: string;
}

export function exitAnswerProblem({ reason, note }: ExitAnswer): AnswerRefused | null {
  if (!EXIT_REASONS.includes(reason)) return refused(`${reason} is no reason on the list`);
  if (note.length > 0 && reason !== "other") return refused("only the reason other has a note");
  if (note.length > NOTE_LENGTH_MAX) return refused(`a note has up to ${NOTE_LENGTH_MAX} letters`);
  return null;
}

export function surveyAnswerProblem(answer: SurveyAnswer): AnswerRefused | null {
  const { satisfaction, recommend } = answer;
  if (!isWhole(satisfaction, SATISFACTION_MIN, SATISFACTION_MAX)) {
    return refused(`satisfaction is a whole number, ${SATISFACTION_MIN} to ${SATISFACTION_MAX}`);
  }
  if (!isWhole(recommend, 0, RECOMMEND_MAX)) {
    return refused(`a recommendation is a whole number, 0 to ${RECOMMEND_MAX}`);
  }
  return null;
}

function refused(why: string): AnswerRefused {
  return { _tag: "AnswerRefused", why };
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

export interface FeedbackFigures {
  readonly exitAsked: number;
  readonly exitAnswered: number;
  /** Answers by reason. */
  readonly reasons: Readonly<Record<ExitReason, number>>;
  readonly surveysScheduled: number;
  readonly surveysAsked: number;
  readonly surveysAnswered: number;
  /** Answers by satisfaction: index 0 is the answer 1. */
  readonly satisfaction: readonly number[];
  /** Answers by recommendation, 0 to 10. */
  readonly recommend: readonly number[];
}

/** Customer satisfaction: share of answers that are 4 or 5, or null where nobody answered. */
export function csatOf({ satisfaction }: Pick<FeedbackFigures, "satisfaction">): number | null {
  return shareOf(satisfaction, (index) => index + SATISFACTION_MIN >= SATISFIED_FROM);
}

/**
 * Net promoter score from -1 to 1: share of answers 9 and 10 less share of answers 0 to 6, or null
 * where nobody answered. Usually said times 100.
 */
export function npsOf({ recommend }: Pick<FeedbackFigures, "recommend">): number | null {
  const promoters = shareOf(recommend, (answer) => answer >= PROMOTER_FROM);
  const detractors = shareOf(recommend, (answer) => answer <= DETRACTOR_TO);
  return promoters === null || detractors === null ? null : promoters - detractors;
}

/** Share of the answers that named the reason, or null where nobody answered. */
export function reasonShareOf(
  { reasons, exitAnswered }: Pick<FeedbackFigures, "reasons" | "exitAnswered">,
  reason: ExitReason,
): number | null {
  return exitAnswered === 0 ? null : reasons[reason] / exitAnswered;
}

function shareOf(counts: readonly number[], counted: (index: number) => boolean): number | null {
  let all = 0;
  let part = 0;
  for (const [index, count] of counts.entries()) {
    all += count;
    if (counted(index)) part += count;
  }
  return all === 0 ? null : part / all;
}

/** A running count that starts at nothing; its owner adds to it. */
export class FeedbackCount implements FeedbackFigures {
  exitAsked = 0;
  exitAnswered = 0;
  readonly reasons: Record<ExitReason, number> = {
    price: 0,
    wait: 0,
    soldOut: 0,
    payment: 0,
    error: 0,
    closed: 0,
    choice: 0,
    other: 0,
  };
  surveysScheduled = 0;
  surveysAsked = 0;
  surveysAnswered = 0;
  readonly satisfaction: number[] = new Array(SATISFACTION_MAX - SATISFACTION_MIN + 1).fill(0);
  readonly recommend: number[] = new Array(RECOMMEND_MAX + 1).fill(0);

  addReason(reason: ExitReason): void {
    this.exitAnswered += 1;
    this.reasons[reason] += 1;
  }

  addSurvey({ satisfaction, recommend }: SurveyAnswer): void {
    const satisfied = satisfaction - SATISFACTION_MIN;
    assert(satisfied in this.satisfaction, "an answer that is counted is on the scale");
    assert(recommend in this.recommend, "an answer that is counted is on the scale");
    this.surveysAnswered += 1;
    this.satisfaction[satisfied] += 1;
    this.recommend[recommend] += 1;
  }

  /** The figures as they stand, for good. */
  copy(): FeedbackFigures {
    const { reasons, satisfaction, recommend } = this;
    return {
      exitAsked: this.exitAsked,
      exitAnswered: this.exitAnswered,
      reasons: { ...reasons },
      surveysScheduled: this.surveysScheduled,
      surveysAsked: this.surveysAsked,
      surveysAnswered: this.surveysAnswered,
      satisfaction: [...satisfaction],
      recommend: [...recommend],
    };
  }
}
