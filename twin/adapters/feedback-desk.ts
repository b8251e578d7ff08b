/**
 * The store's survey programs in a rehearsal: they hear of confirmed orders from the sale log, send
 * what is due every ten minutes and take the answers, on the kernel's clock and against a ledger
 * in memory. Surveys come a day or two after the order, when many a sale has long closed: the
 * rehearsal goes on until the last answer is in, for the satisfaction of a two-hour sale is not
 * known before. No visit, page or server hour of that time is counted.
 */
import { assert } from "../../engine/assert.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, MINUTE, type Ticks } from "../../engine/time.ts";
import type { Finding } from "../../store/core/audit.ts";
import type { ExitReason, FeedbackFigures, SurveyAnswer } from "../../store/core/feedback.ts";
import { auditFeedback, FeedbackTally } from "../../store/core/feedback-audit.ts";
import type { OrderBookSnapshot } from "../../store/core/order-book.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { MemoryFeedbackLedger } from "../../store/memory/feedback-ledger.ts";
import { PortUnavailable } from "../../store/ports/port-unavailable.ts";
import { makeSurveys, type Surveys } from "../../store/service/survey.ts";
import type { FeedbackSpec } from "../scenario/scenario.ts";
import { type FeedbackDesk, ShopperFeedback } from "../shoppers/feedback.ts";
import { shopperName, shopperNumber } from "../shoppers/shopper-name.ts";
import { feedbackPolicyOf } from "./sale-setup.ts";
import type { StoreInMemory } from "./store-in-memory.ts";
import type { VirtualRuntime } from "./virtual-effect.ts";

/** How often the store looks for surveys that are due. */
const SEND_EVERY: Ticks = 10 * MINUTE;

export interface SurveyDeskOptions {
  readonly simulation: Simulation;
  readonly spec: FeedbackSpec;
  readonly store: StoreInMemory;
  readonly runtime: VirtualRuntime<never>;
}

export class SurveyDesk implements FeedbackDesk {
  readonly shoppers: ShopperFeedback;
  private readonly simulation: Simulation;
  private readonly store: StoreInMemory;
  private readonly runtime: VirtualRuntime<never>;
  private readonly ledger = MemoryFeedbackLedger.make();
  private readonly tally = new FeedbackTally();
  private readonly surveys: Surveys;
  private readonly asksBuyers: boolean;
  private readonly confirmedEvent: EventKind;
  private readonly sendEvent: EventKind;
  /** Confirmed orders, in the order in which the log told them. */
  private readonly confirmed: string[] = [];
  /** Of those, how many have their survey in the calendar. */
  private planned = 0;

  constructor(options: SurveyDeskOptions) {
    const { simulation, spec, store } = options;
    this.simulation = simulation;
    this.store = store;
    this.runtime = options.runtime;
    this.asksBuyers = spec.survey.asked > 0;
    const { orders, saleLog } = store.ports;
    this.surveys = makeSurveys({ orders, saleLog, feedback: this.ledger }, feedbackPolicyOf(spec));
    this.shoppers = new ShopperFeedback(simulation, { spec, desk: this });
    this.confirmedEvent = simulation.defineEvent("feedback.order", (index) => this.plan(index));
    this.sendEvent = simulation.defineEvent("feedback.send", () => this.send());
    if (this.asksBuyers) simulation.scheduleAfter(SEND_EVERY, this.sendEvent, 0);
  }

  /** Every order has its survey, every survey is out, and nobody is about to answer. */
  get atRest(): boolean {
    const { book } = this.ledger;
    const allOut = this.planned === this.confirmed.length && book.nextDue() === null;
    return allOut && this.shoppers.awaited === 0;
  }

  /** Hears every line of the sale log. An order is planned for when its own program is through. */
  observe(event: SaleEvent): void {
    this.tally.observe(event);
    if (event.kind !== "OrderConfirmed" || !this.asksBuyers) return;
    this.simulation.scheduleAfter(0, this.confirmedEvent, this.confirmed.length);
    this.confirmed.push(event.order);
  }

  /** By the log alone; the audit holds it against the ledger. */
  figures(): FeedbackFigures {
    return this.tally.figures();
  }

  audit(orders: OrderBookSnapshot): readonly Finding[] {
    const snapshot = this.ledger.book.snapshot();
    return [...auditFeedback(snapshot, orders), ...this.tally.audit(snapshot)];
  }

  askedOnLeaving(shopper: number, reason: ExitReason | null): void {
    const name = shopperName(shopper);
    this.runtime.ask(this.surveys.exitQuestion(name), (asked) => {
      assertAnswered(asked);
      if (reason === null || asked._tag !== "ExitAsked") return;
      const answer = this.surveys.answerExit({ shopper: name, reason, note: "" });
      this.runtime.ask(answer, assertAnswered);
    });
  }

  answersSurvey(shopper: number, order: string, answer: SurveyAnswer): void {
    const request = { ...answer, order, shopper: shopperName(shopper) };
    this.runtime.ask(this.surveys.answerSurvey(request), assertAnswered);
  }

  private plan(index: number): void {
    const order = this.confirmed[index];
    assert(order !== undefined, "an order that was confirmed is on the list");
    this.runtime.ask(this.surveys.scheduleSurvey(order), (answer) => {
      assertAnswered(answer);
      assert(answer._tag !== "NoOrder", "an order that the log confirmed is in the ledger");
      this.planned += 1;
    });
  }

  /** A look that finds nothing due changes nothing, so it is not even begun. */
  private send(): void {
    this.simulation.scheduleAfter(SEND_EVERY, this.sendEvent, 0);
    const due = this.ledger.book.nextDue();
    if (due === null || due > this.nowMillis) return;
    this.runtime.ask(this.surveys.surveysDue, (sent) => {
      assertAnswered(sent);
      for (const { shopper, order } of sent) this.shoppers.surveyed(shopperNumber(shopper), order);
    });
  }

  private get nowMillis(): number {
    return this.store.epochMillis + Math.floor(this.simulation.now / MILLISECOND);
  }
}

function assertAnswered<Answer>(
  answer: Answer | PortUnavailable,
): asserts answer is Exclude<Answer, PortUnavailable> {
  assert(!(answer instanceof PortUnavailable), "a port in memory answers");
}
