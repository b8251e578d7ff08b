/**
 * Random steps on every port of a live store: few shoppers, few units and small limits, so that
 * every answer of every method comes up. A step is a value, so that two stores can take the same.
 */
import { Effect } from "effect";
import type { HoldReference } from "../../../core/hold.ts";
import { isFinal, ORDER_STATES } from "../../../core/order.machine.ts";
import type { Order, OrderChange, OrderState, PaymentRow } from "../../../core/order.ts";
import type { TicketReference } from "../../../core/ticket.ts";
import type { TicketQueueService } from "../../../ports/ticket-queue.ts";
import { codeNumbered } from "../../../testing/offers.ts";
import { confirmedAnswer, orderOf, paymentOf } from "../../../testing/orders.ts";
import type { LiveParts } from "../../parts.ts";
import type { Dice } from "./dice.ts";
import { MARKS, NETWORKS, OFFERS, SHOPPERS, SKUS } from "./random-sale.ts";

export interface RandomStep {
  readonly name: string;
  readonly take: (parts: LiveParts) => Effect.Effect<unknown, unknown>;
}

/** Makes the next step; the time goes on by itself. */
export class RandomSteps {
  readonly #dice: Dice;
  #now = 1_000;
  #count = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  next(): RandomStep {
    const dice = this.#dice;
    this.#count += 1;
    if (dice.percent(40)) this.#now += dice.below(40);
    if (dice.percent(3)) this.#now += 1_500;
    const port = dice.below(100);
    if (port < 38) return this.#stockStep();
    if (port < 56) return this.#orderStep();
    if (port < 66) return this.#cartStep();
    if (port < 78) return this.#roomStep();
    if (port < 88) return this.#promotionStep();
    if (port < 94) return this.#feedbackStep();
    return this.#otherStep();
  }

  #stockStep(): RandomStep {
    const dice = this.#dice;
    const now = this.#now;
    const hold = `hold-${dice.below(30)}`;
    const shopper = dice.of(SHOPPERS);
    const epoch = 1 + dice.below(1 + Math.min(60, this.#count));
    const network = dice.of(NETWORKS);
    const lines = Array.from({ length: 1 + dice.below(2) }, () => this.#line());
    const expiresAt = now + 20 + dice.below(120);
    const from = network === undefined ? {} : { network };
    const person = MARKS.filter(() => dice.percent(40));
    const whose = dice.percent(50) ? {} : { person };
    // The epoch is mostly the hold's own, which only the store knows.
    const known = dice.percent(85);
    const order = `order-${dice.below(30)}`;
    const honour = dice.percent(50);
    switch (dice.below(12)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return step("hold", (p) =>
          p.stock.hold({ hold, shopper, ...from, lines, ...whose, now, expiresAt }),
        );
      case 4:
        return onHold("release", hold, known ? null : epoch, (p, of) =>
          p.stock.release({ ...of, now }),
        );
      case 5:
      case 6:
      case 7:
        return onHold("reacquire", hold, known ? null : epoch, (p, of) =>
          p.stock.reacquire({ ...of, shopper, ...whose, now, expiresAt }),
        );
      case 8:
      case 9:
        return onHold("sell", hold, known ? null : epoch, (p, of) =>
          p.stock.sell({ ...of, order, now, honour }),
        );
      case 10:
        return step("expireDue", (p) => p.stock.expireDue({ now, limit: 1 + (epoch % 3) }));
      default:
        return this.#movingStep();
    }
  }

  #movingStep(): RandomStep {
    const line = this.#line();
    const from = this.#dice.of(["available", "quarantined"] as const);
    const hold = `hold-${this.#dice.below(30)}`;
    return this.#dice.of([
      step("restock", (p) => p.stock.restock(line)),
      step("quarantine", (p) => p.stock.quarantine(line)),
      step("readmit", (p) => p.stock.readmit(line)),
      step("writeOff", (p) => p.stock.writeOff({ ...line, from })),
      step("level", (p) => p.stock.level(line.sku)),
      step("find", (p) => p.stock.find(hold)),
      step("nextExpiry", (p) => p.stock.nextExpiry),
    ]);
  }

  #line() {
    const sku = this.#dice.percent(3) ? "boat" : this.#dice.of(SKUS);
    return { sku, units: 1 + this.#dice.below(2) };
  }

  #orderStep(): RandomStep {
    const dice = this.#dice;
    const now = this.#now;
    const number = dice.below(40);
    const id = `o-${number}`;
    const shopper = dice.of(SHOPPERS);
    const key = `key-${dice.below(20)}`;
    const to = dice.of(ORDER_STATES);
    const pays = dice.of(["attempt", "capture", "refund", null] as const);
    const fingerprint = dice.of(["one", "two"]);
    const hold = `hold-${dice.below(60)}`;
    const stale = dice.percent(10);
    switch (dice.below(10)) {
      case 0:
      case 1:
      case 2: {
        // A new identifier each time: the store never gives one twice.
        const fresh = `o-${number}-${this.#count}`;
        const changes = { shopper, key, fingerprint, hold, placedAt: now, changedAt: now };
        return step("place", (p) => p.orders.place(orderOf(fresh, changes)));
      }
      case 3:
        return step("findByKey", (p) => p.orders.findByKey({ shopper, key }));
      case 4:
        return dice.percent(50)
          ? step("unfinished", (p) => p.orders.unfinished({ changedBefore: now, limit: 7 }))
          : step("page", (p) => firstOrders(p, to));
      case 5:
        return step("payments", (p) => p.orders.payments(id));
      default:
        return onOrder({ shopper, key }, (p, order) => {
          const change = changeOf(order, to, pays, now);
          return p.orders.append(stale ? { ...change, revision: change.revision + 1 } : change);
        });
    }
  }

  #cartStep(): RandomStep {
    const dice = this.#dice;
    const cart = `cart-${dice.below(12)}`;
    const units = 1 + dice.below(5);
    const version = dice.below(4);
    const updatedAt = this.#now;
    const lines = [{ sku: "lamp", seller: "house", units, unitPrice: 2_500 }];
    const of = { cart, shopper: dice.of(SHOPPERS), currency: "USD", version, lines, updatedAt };
    return dice.of([
      step("put", (p) => p.carts.put(of)),
      step("put", (p) => p.carts.put(of)),
      step("get", (p) => p.carts.get(cart)),
      step("remove", (p) => p.carts.remove({ cart, version })),
      step("forget", (p) => p.carts.forget({ before: updatedAt - 100, limit: 2 })),
    ]);
  }

  #roomStep(): RandomStep {
    const dice = this.#dice;
    const now = this.#now;
    const shopper = `s-${dice.below(14)}`;
    const lane = dice.percent(3) ? "none" : dice.of(["all", "all", "later"]);
    const of = { shopper, lane, now, ticket: dice.percent(80) ? null : 1 + dice.below(40) };
    const left = dice.percent(80) ? "some" : dice.of(["held", "none", "over"] as const);
    const limit = 1 + dice.below(3);
    const [one, other] = [dice.below(40), dice.below(40)];
    const seen = () => ({
      count: 2,
      tickets: Float64Array.of(one, other, 0),
      at: Float64Array.of(now, now, 0),
    });
    return dice.of([
      roomStep("join", (room) => room.join({ shopper, lane, now })),
      roomStep("join", (room) => room.join({ shopper, lane, now })),
      onTicket("look", of, (room, holder) => room.look(holder)),
      onTicket("look", of, (room, holder) => room.look(holder)),
      onTicket("redeem", of, (room, holder) => room.redeem(holder)),
      onTicket("renew", of, (room, holder) => room.renew(holder)),
      roomStep("renewAll", (room) => room.renewAll(seen())),
      onTicket("leave", of, (room, holder) => room.leave(holder)),
      roomStep("report", (room) => room.report({ now, health: null })),
      roomStep("admit", (room) => room.admit({ now, limit })),
      roomStep("expire", (room) => room.expire({ now, limit })),
      roomStep("tell", (room) => room.tell(left)),
      roomStep("lend", (room) => room.lend({ now, used: 0, inside: 0 })),
      roomStep("snapshot", (room) => room.snapshot),
    ]);
  }

  #promotionStep(): RandomStep {
    const dice = this.#dice;
    const now = this.#now;
    const offer = dice.of(OFFERS);
    const shopper = dice.of(SHOPPERS);
    const code = codeNumbered(1 + dice.below(12));
    const other = codeNumbered(1 + dice.below(12));
    const order = `o-${dice.below(20)}`;
    const amount = 100 * dice.below(6);
    const codes = [
      { code, offer, amount },
      { code: other, offer, amount: 100 },
    ].slice(0, 1 + dice.below(2));
    return dice.of([
      step("issue", (p) => p.promotions.issue({ offer, shopper, code, now })),
      step("issue", (p) => p.promotions.issue({ offer, shopper, code, now })),
      step("lookUp", (p) => p.promotions.lookUp({ shopper, code, now })),
      step("claim", (p) => p.promotions.claim({ order, shopper, codes, now })),
      step("redeem", (p) => p.promotions.redeem(order)),
      step("giveBack", (p) => p.promotions.release(order)),
      step("claims", (p) => p.promotions.claimsBefore({ claimedBefore: now, limit: 3 })),
    ]);
  }

  #feedbackStep(): RandomStep {
    const dice = this.#dice;
    const at = this.#now;
    const shopper = dice.of(SHOPPERS);
    const order = `o-${dice.below(12)}`;
    const plan = { order, shopper, orderedAt: at, dueAt: at + dice.below(300), openForMillis: 400 };
    const reason = dice.of(["price", "delivery", "other"] as const);
    const answered = { satisfaction: 1 + dice.below(5), recommend: dice.below(11) } as const;
    return dice.of([
      step("askExit", (p) => p.feedback.askExit({ shopper, at, openForMillis: 300 })),
      step("answerExit", (p) =>
        p.feedback.answerExit({ shopper, at, reason, note: "a note" } as never),
      ),
      step("schedule", (p) => p.feedback.schedule(plan)),
      step("takeDue", (p) => p.feedback.takeDue({ now: at, limit: 2 })),
      step("nextDue", (p) => p.feedback.nextDue),
      step("answerSurvey", (p) =>
        p.feedback.answerSurvey({ order, shopper, at, ...answered } as never),
      ),
      step("figures", (p) => p.feedback.figures),
    ]);
  }

  #otherStep(): RandomStep {
    const dice = this.#dice;
    const at = this.#now;
    const sku = dice.percent(5) ? "boat" : dice.of(SKUS);
    const after = dice.below(this.#count);
    const revision = dice.below(4);
    const entry = { at, by: "ops", action: "sale.extend", details: `to ${at}` };
    const times = { earlyAccessAt: 0, publicAt: 0, closesAt: 1_000_000_000 + at };
    return dice.of([
      step("append", (p) => p.saleLog.append({ kind: "StockAdded", at, sku, units: 1 })),
      step("append", (p) => p.saleLog.append({ kind: "ExitAsked", at, shopper: "ann" })),
      step("read", (p) => p.saleLog.read({ after, limit: 5 })),
      step("length", (p) => p.saleLog.length),
      step("reprice", (p) => p.catalog.reprice({ sku, price: 4_000, salePrice: 2_000 + revision })),
      step("listing", (p) => p.catalog.listing(sku)),
      step("version", (p) => p.catalog.version),
      step("page", (p) => p.catalog.page({ seller: null, after: null, limit: 3 })),
      step("control", (p) => p.control.change({ revision, times, entry })),
      step("note", (p) => p.control.note(entry)),
      step("entries", (p) => p.control.entries({ after: revision, limit: 4 })),
    ]);
  }
}

function step(name: string, take: RandomStep["take"]): RandomStep {
  return { name, take };
}

function roomStep(
  name: string,
  take: (room: TicketQueueService) => Effect.Effect<unknown, unknown>,
): RandomStep {
  return step(name, ({ tickets }) => (tickets === null ? Effect.void : take(tickets)));
}

/** A step on the shopper's own ticket, which the room tells where they join again, or on another. */
function onTicket(
  name: string,
  { ticket, ...asking }: { shopper: string; lane: string; now: number; ticket: number | null },
  take: (room: TicketQueueService, holder: TicketReference) => Effect.Effect<unknown, unknown>,
): RandomStep {
  const { shopper, now } = asking;
  return roomStep(name, (room) => {
    if (ticket !== null) return take(room, { ticket, shopper, now });
    return Effect.flatMap(room.join(asking), (joined) =>
      "ticket" in joined ? take(room, { ticket: joined.ticket, shopper, now }) : Effect.void,
    );
  });
}

/** A step on the hold at its own epoch, or at the one that is given. */
function onHold(
  name: string,
  hold: string,
  epoch: number | null,
  take: (parts: LiveParts, of: HoldReference) => Effect.Effect<unknown, unknown>,
): RandomStep {
  return step(name, (parts) => {
    if (epoch !== null) return take(parts, { hold, epoch });
    return Effect.flatMap(parts.stock.find(hold), (found) =>
      take(parts, { hold, epoch: found?.epoch ?? 0 }),
    );
  });
}

function onOrder(
  of: { readonly shopper: string; readonly key: string },
  take: (parts: LiveParts, order: Order) => Effect.Effect<unknown, unknown>,
): RandomStep {
  return step("append", (parts) =>
    Effect.flatMap(parts.orders.findByKey(of), (order) =>
      order === null ? Effect.void : take(parts, order),
    ),
  );
}

function changeOf(
  order: Order,
  to: OrderState,
  pays: PaymentRow["kind"] | null,
  at: number,
): OrderChange {
  const { id, state: from, revision } = order;
  const change = { order: id, from, to, revision, at, gateway: "first" };
  const paid = pays === null ? change : { ...change, payment: paymentOf(order, pays) };
  if (isFinal(to)) return { ...paid, answer: confirmedAnswer(order) };
  const charge = { gateway: "first", key: "charge-1", reference: "a charge" };
  return { ...paid, held: { epoch: revision + 1, until: at + 100 }, charge };
}

/** The places that a page names are each ledger's own. */
function firstOrders({ orders }: LiveParts, state: OrderState) {
  return Effect.map(orders.page({ after: 0, limit: 3, state }), (page) => page.orders);
}
