/**
 * Shoppers who are asked. It watches what they meet, asks them when they leave, and remembers of
 * those who ordered how it went until their survey comes a day or two later. What is asked and
 * answered goes to the store through the {@link FeedbackDesk}.
 */
import { assert } from "../../engine/assert.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import { DAY, type Ticks } from "../../engine/time.ts";
import type { ExitReason, SurveyAnswer } from "../../store/core/feedback.ts";
import type { FeedbackSpec } from "../scenario/scenario.ts";
import { Experience } from "./experience.ts";
import { Opinion } from "./opinion.ts";
import type { Cause } from "./tally.ts";

/** Whoever would answer later than this after the survey has closed need not be waited for. */
const TOO_LATE: Ticks = DAY;

/** What the store is told; behind it stand its real programs. */
export interface FeedbackDesk {
  /** The shopper is asked why they leave, and answers at once or not at all. */
  askedOnLeaving(shopper: number, reason: ExitReason | null): void;
  answersSurvey(shopper: number, order: string, answer: SurveyAnswer): void;
}

interface Pending {
  readonly shopper: number;
  readonly order: string;
}

export class ShopperFeedback {
  readonly experience: Experience;
  private readonly simulation: Simulation;
  private readonly spec: FeedbackSpec;
  private readonly desk: FeedbackDesk;
  private readonly opinion: Opinion;
  private readonly answerEvent: EventKind;
  /** Points that each shopper who ordered had lost by then. */
  private readonly lost = new Map<number, number>();
  private readonly pending: (Pending | null)[] = [];
  private open = 0;

  constructor(simulation: Simulation, options: { spec: FeedbackSpec; desk: FeedbackDesk }) {
    this.simulation = simulation;
    this.spec = options.spec;
    this.desk = options.desk;
    this.experience = new Experience(options.spec.satisfaction);
    this.opinion = new Opinion(simulation, options.spec);
    this.answerEvent = simulation.defineEvent("feedback.answer", (index) => this.answers(index));
  }

  /** Answers that are still to come. */
  get awaited(): number {
    return this.open;
  }

  /** A shopper leaves without an order. The question stands on a page, so they must have one. */
  leaves(row: number, shopper: number, cause: Cause, hasCart: boolean): void {
    if (this.spec.exit.among === "carts" && !hasCart) return;
    if (!this.experience.hasSeenPage(row) || !this.opinion.isAskedOnLeaving(shopper)) return;
    this.desk.askedOnLeaving(shopper, this.opinion.reasonOf(shopper, cause));
  }

  ordered(row: number, shopper: number): void {
    if (this.spec.survey.asked > 0) this.lost.set(shopper, this.experience.lostBy(row));
  }

  /**
   * The survey of an order reaches its shopper. Whoever left before the order was settled, because
   * the store could not say how it stood, feels as one whose payment failed.
   */
  surveyed(shopper: number, order: string): void {
    const after = this.opinion.answersAfter(shopper);
    if (after === null) return;
    const delay = Math.min(after, this.spec.survey.openFor + TOO_LATE);
    this.open += 1;
    this.simulation.scheduleAfter(delay, this.answerEvent, this.pending.length);
    this.pending.push({ shopper, order });
  }

  private answers(index: number): void {
    const waiting = this.pending[index];
    assert(waiting != null, "a survey is answered once");
    this.pending[index] = null;
    this.open -= 1;
    const { shopper, order } = waiting;
    const lost = this.lost.get(shopper) ?? this.spec.satisfaction.declined;
    this.desk.answersSurvey(shopper, order, this.opinion.answerOf(shopper, lost));
  }
}
