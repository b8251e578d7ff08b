/**
 * Plans the survey of every confirmed order, as a rehearsal does: from the sale log, which tells of
 * an order whoever confirmed it. A start reads the log from its beginning, so that a crash between
 * an order and its plan loses none; planning twice changes nothing.
 */
import { Effect } from "effect";
import type { FeedbackPolicy } from "../core/feedback.ts";
import type { SaleEvent } from "../core/sale-event.ts";
import type { Surveys } from "../service/survey.ts";

/** Orders planned in one go, between which shoppers are served. */
const ORDERS_AT_ONCE = 100;

export class SurveyCalendar {
  readonly #surveys: Pick<Surveys, "scheduleSurvey">;
  readonly #policy: FeedbackPolicy;
  readonly #now: () => number;
  /** Confirmed orders that are not planned for yet. */
  #heard: string[] = [];

  constructor(
    surveys: Pick<Surveys, "scheduleSurvey">,
    policy: FeedbackPolicy,
    now: () => number = Date.now,
  ) {
    this.#surveys = surveys;
    this.#policy = policy;
    this.#now = now;
  }

  /** Hears the sale log. */
  heed(event: SaleEvent): void {
    if (event.kind !== "OrderConfirmed") return;
    const { surveyShare, surveyAfterMillis, surveyOpenForMillis } = this.#policy;
    const overAt = event.at + surveyAfterMillis.to + surveyOpenForMillis;
    if (surveyShare > 0 && overAt > this.#now()) this.#heard.push(event.order);
  }

  /** Plans what was heard; where a ledger does not answer, the rest is left to the next time. */
  async plan(): Promise<void> {
    while (this.#heard.length > 0) {
      const orders = this.#heard.slice(0, ORDERS_AT_ONCE);
      const programs = orders.map((order) => this.#surveys.scheduleSurvey(order));
      await Promise.all(programs.map((program) => Effect.runPromise(program)));
      this.#heard = this.#heard.slice(orders.length);
    }
  }
}
