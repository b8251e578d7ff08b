import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeOf, confirmedAnswer, orderOf, paymentOf } from "../testing/orders.ts";
import { EXIT_REASONS } from "./feedback.ts";
import { auditFeedback, FeedbackTally } from "./feedback-audit.ts";
import { FeedbackBook, type FeedbackSnapshot } from "./feedback-book.ts";
import type { Order } from "./order.ts";
import { OrderBook, type OrderBookSnapshot } from "./order-book.ts";
import type { SaleEvent } from "./sale-event.ts";

const SHOPPERS = 4;

/** An order book in which order `o-n` is shopper n's, and confirmed. */
function confirmedOrders(): OrderBookSnapshot {
  const book = new OrderBook();
  const step = (order: Order, to: Order["state"], more = {}): Order => {
    const answer = book.append(changeOf(order, to, more));
    return answer._tag === "Appended" ? answer.order : order;
  };
  for (let shopper = 0; shopper < SHOPPERS; shopper += 1) {
    const order = orderOf(`o-${shopper}`, { shopper: `s-${shopper}` });
    book.place(order);
    const asked = step(order, "authorising", { payment: paymentOf(order, "attempt", order.id) });
    const paid = step(asked, "authorised", { payment: paymentOf(asked, "capture", order.id) });
    step(paid, "confirmed", { answer: confirmedAnswer(paid) });
  }
  return book.snapshot();
}

const ORDERS = confirmedOrders();

const command = fc.record({
  does: fc.constantFrom("ask", "answer", "schedule", "due", "survey", "survey"),
  shopper: fc.nat({ max: SHOPPERS - 1 }),
  /** Now and then the survey of somebody else's order. */
  order: fc.nat({ max: SHOPPERS }),
  wait: fc.nat({ max: 6 }),
  satisfaction: fc.integer({ min: 1, max: 5 }),
  recommend: fc.nat({ max: 10 }),
  reason: fc.constantFrom(...EXIT_REASONS),
});
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

/** Plays commands against a book and writes the log that the services would write. */
class Player {
  readonly book = new FeedbackBook();
  readonly tally = new FeedbackTally();
  readonly told: SaleEvent[] = [];
  now = 100;

  constructor() {
    for (const { id: order, shopper, total, currency } of ORDERS.orders) {
      this.tell({ kind: "OrderConfirmed", at: 50, order, shopper, total, currency });
    }
  }

  play(does: Command): void {
    this.now += does.wait;
    const { book, now: at } = this;
    const shopper = `s-${does.shopper}`;
    const order = `o-${does.order}`;
    const { satisfaction, recommend, reason } = does;
    if (does.does === "ask") {
      const answer = book.askExit({ shopper, at, openForMillis: 10 });
      if (answer._tag === "ExitAsked") this.tell({ kind: "ExitAsked", at, shopper });
    } else if (does.does === "answer") {
      const answer = book.answerExit({ shopper, at, reason, note: "" });
      if (answer._tag === "Answered") this.tell({ kind: "ExitAnswered", at, shopper, reason });
    } else if (does.does === "schedule") {
      const own = `o-${does.shopper}`;
      book.schedule({ order: own, shopper, orderedAt: 50, dueAt: at + 5, openForMillis: 20 });
    } else if (does.does === "due") {
      this.#due();
    } else {
      const answer = book.answerSurvey({ order, shopper, at, satisfaction, recommend });
      const told = { at, order, shopper, satisfaction, recommend };
      if (answer._tag === "Answered") this.tell({ kind: "SurveyAnswered", ...told });
    }
  }

  #due(): void {
    for (let survey = this.book.takeDue(this.now); survey !== null; ) {
      const { order, shopper } = survey;
      expect(survey.dueAt).toBeLessThanOrEqual(this.now);
      this.tell({ kind: "SurveyAsked", at: this.now, order, shopper });
      survey = this.book.takeDue(this.now);
    }
  }

  tell(event: SaleEvent): void {
    this.told.push(event);
    this.tally.observe(event);
  }

  ids(snapshot: FeedbackSnapshot = this.book.snapshot()): readonly string[] {
    return [...auditFeedback(snapshot, ORDERS), ...this.tally.audit(snapshot)].map(({ id }) => id);
  }
}

describe("the feedback book", () => {
  it("asks once, takes one answer within its window, and agrees with its log, in any history", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const player = new Player();
        for (const does of commands) player.play(does);
        expect(player.ids()).toEqual([]);
        const answers = player.told.filter(({ kind }) => kind === "SurveyAnswered");
        const keys = answers.map((event) => ("order" in event ? event.order : ""));
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { seed: 41, numRuns: 300 },
    );
  });

  it("tells late, early, second and unasked answers apart", () => {
    const book = new FeedbackBook();
    const exit = { reason: "wait", note: "" } as const;
    expect(book.answerExit({ ...exit, shopper: "ann", at: 5 })._tag).toBe("NotAsked");
    expect(book.askExit({ shopper: "ann", at: 10, openForMillis: 5 })).toEqual({
      _tag: "ExitAsked",
      answerBy: 15,
    });
    expect(book.askExit({ shopper: "ann", at: 99, openForMillis: 5 })._tag).toBe("AskedBefore");
    expect(book.answerExit({ ...exit, shopper: "ann", at: 9 })._tag).toBe("NotAsked");
    expect(book.answerExit({ ...exit, shopper: "ann", at: 16 })).toEqual({
      _tag: "AnsweredLate",
      answerBy: 15,
    });
    expect(book.answerExit({ ...exit, shopper: "ann", at: 15 })._tag).toBe("Answered");
    expect(book.answerExit({ ...exit, shopper: "ann", at: 15 })._tag).toBe("AnsweredBefore");
    expect(book.figures().reasons.wait).toBe(1);
  });

  it("sends the survey that is due longest first, each once", () => {
    const book = new FeedbackBook();
    const plan = { shopper: "ann", orderedAt: 0, openForMillis: 10 };
    for (const [order, dueAt] of [["b", 7] as const, ["a", 3] as const, ["c", 9] as const]) {
      expect(book.schedule({ ...plan, order, dueAt })._tag).toBe("SurveyScheduled");
    }
    expect(book.schedule({ ...plan, order: "a", dueAt: 1 })._tag).toBe("ScheduledBefore");
    expect(book.nextDue()).toBe(3);
    expect(book.takeDue(2)).toBeNull();
    expect([book.takeDue(8)?.order, book.takeDue(8)?.order]).toEqual(["a", "b"]);
    expect(book.takeDue(8)).toBeNull();
    expect(book.nextDue()).toBe(9);
    const answer = { satisfaction: 5, recommend: 10, at: 8 };
    expect(book.answerSurvey({ ...answer, order: "c", shopper: "ann" })._tag).toBe("NotAsked");
    expect(book.answerSurvey({ ...answer, order: "a", shopper: "bob" })._tag).toBe("NotAsked");
    expect(book.answerSurvey({ ...answer, order: "a", shopper: "ann" })._tag).toBe("Answered");
    expect(book.answerSurvey({ ...answer, order: "b", shopper: "ann", at: 19 })).toEqual({
      _tag: "AnsweredLate",
      answerBy: 18,
    });
  });
});

describe("the audit of feedback finds", () => {
  function sound(): Player {
    const player = new Player();
    const { book, now: at } = player;
    book.askExit({ shopper: "s-0", at, openForMillis: 10 });
    player.tell({ kind: "ExitAsked", at, shopper: "s-0" });
    book.answerExit({ shopper: "s-0", at, reason: "payment", note: "" });
    player.tell({ kind: "ExitAnswered", at, shopper: "s-0", reason: "payment" });
    const own = { order: "o-1", shopper: "s-1" };
    book.schedule({ ...own, orderedAt: 50, dueAt: at, openForMillis: 20 });
    book.takeDue(at);
    player.tell({ kind: "SurveyAsked", at, ...own });
    book.answerSurvey({ ...own, at, satisfaction: 5, recommend: 9 });
    player.tell({ kind: "SurveyAnswered", at, ...own, satisfaction: 5, recommend: 9 });
    return player;
  }
  const changedSurvey = (player: Player, more: object): FeedbackSnapshot => {
    const snapshot = player.book.snapshot();
    return { ...snapshot, surveys: snapshot.surveys.map((survey) => ({ ...survey, ...more })) };
  };

  it("nothing in a sound history", () => {
    expect(sound().ids()).toEqual([]);
  });

  it("an answer after its window or before its question", () => {
    const player = sound();
    expect(player.ids(changedSurvey(player, { answeredAt: 9_999 }))).toContain("I80");
    expect(player.ids(changedSurvey(player, { answeredAt: 60 }))).toContain("I80");
  });

  it("a survey of an order that is nobody's, another's, or younger than its survey", () => {
    const player = sound();
    expect(player.ids(changedSurvey(player, { order: "o-9" }))).toContain("I81");
    expect(player.ids(changedSurvey(player, { shopper: "s-2" }))).toContain("I81");
    expect(player.ids(changedSurvey(player, { orderedAt: 500 }))).toContain("I81");
  });

  it("figures that rows or log do not give", () => {
    const player = sound();
    const { figures, ...rows } = player.book.snapshot();
    const better = { ...figures, satisfaction: [0, 0, 0, 1, 0] };
    expect(player.ids({ ...rows, figures: better })).toContain("I82");
    const told = { at: 101, order: "o-1", shopper: "s-1", satisfaction: 1, recommend: 1 };
    player.tell({ kind: "SurveyAnswered", ...told });
    expect(player.ids()).toEqual(expect.arrayContaining(["I80", "I82"]));
  });

  it("a shopper who was asked twice, and one who was asked about no order of theirs", () => {
    const player = sound();
    player.tell({ kind: "ExitAsked", at: 102, shopper: "s-0" });
    player.tell({ kind: "SurveyAsked", at: 102, order: "o-2", shopper: "s-3" });
    expect(player.ids()).toEqual(expect.arrayContaining(["I80", "I81", "I82"]));
  });
});
