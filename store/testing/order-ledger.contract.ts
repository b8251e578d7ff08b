/** The contract of the order ledger: keys, compare-and-set, money, and what a restart finds. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import type { Order, OrderChange } from "../core/order.ts";
import type { OrderPage } from "../core/order-book.ts";
import { auditPayments } from "../core/payment-audit.ts";
import { OrderLedger, type OrderLedgerService } from "../ports/order-ledger.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { type ContractCase, contract } from "./contract.ts";
import { changeOf, confirmedAnswer, orderOf, paymentOf } from "./orders.ts";

export function orderLedgerContract(name: string, layer: Layer.Layer<OrderLedger>): void {
  contract(`order ledger: ${name}`, orderLedgerCases, layer);
}

const appended = (ledger: OrderLedgerService, change: OrderChange) =>
  Effect.map(ledger.append(change), (answer): Order => {
    expect(answer._tag).toBe("Appended");
    if (answer._tag !== "Appended") throw new Error(answer._tag);
    return answer.order;
  });

/** Takes a placed order the whole way, with its attempt and its capture. */
const confirm = (ledger: OrderLedgerService, placed: Order) =>
  Effect.gen(function* () {
    const attempt = paymentOf(placed, "attempt");
    const asked = yield* appended(ledger, changeOf(placed, "authorising", { payment: attempt }));
    const capture = paymentOf(asked, "capture");
    const paid = yield* appended(ledger, changeOf(asked, "authorised", { payment: capture }));
    const answer = confirmedAnswer(paid);
    return yield* appended(ledger, changeOf(paid, "confirmed", { answer }));
  });

/** A case that ends with an audit of the money. */
function orderCase(
  sentence: string,
  body: (ledger: OrderLedgerService) => Effect.Effect<void, PortUnavailable>,
): ContractCase<OrderLedger> {
  const program = Effect.gen(function* () {
    const ledger = yield* OrderLedger;
    yield* body(ledger);
    expect(auditPayments({ orders: yield* ledger.snapshot })).toEqual([]);
  });
  return { sentence, program };
}

const claiming: readonly ContractCase<OrderLedger>[] = [
  orderCase("a new key places the order", (ledger) =>
    Effect.gen(function* () {
      const order = orderOf("o-1");
      expect(yield* ledger.place(order)).toEqual({ _tag: "Placed", order });
      expect(yield* ledger.find("o-1")).toEqual(order);
      expect(yield* ledger.findByKey({ shopper: "ann", key: order.key })).toEqual(order);
      expect(yield* ledger.find("o-2")).toBeNull();
    }),
  ),
  orderCase(
    "the same request is in flight until it ends, and replayed word for word after",
    (ledger) =>
      Effect.gen(function* () {
        const order = orderOf("o-1");
        const again = orderOf("o-2", { key: order.key });
        yield* ledger.place(order);
        expect(yield* ledger.place(again)).toEqual({ _tag: "InFlight", order });
        const ended = yield* confirm(ledger, order);
        expect(yield* ledger.place(again)).toEqual({ _tag: "Replay", order: ended });
        expect(ended.answer).toEqual(confirmedAnswer(order));
        expect(yield* ledger.find("o-2")).toBeNull();
      }),
  ),
  orderCase("a key that was used for another request is refused without a trace", (ledger) =>
    Effect.gen(function* () {
      const order = orderOf("o-1");
      yield* ledger.place(order);
      const other = orderOf("o-2", { key: order.key, fingerprint: "two lamps" });
      expect(yield* ledger.place(other)).toEqual({ _tag: "KeyReused" });
      yield* confirm(ledger, order);
      expect(yield* ledger.place(other)).toEqual({ _tag: "KeyReused" });
      expect((yield* ledger.snapshot).orders).toHaveLength(1);
    }),
  ),
  orderCase("a key belongs to its shopper, however names and keys are cut", (ledger) =>
    Effect.gen(function* () {
      yield* ledger.place(orderOf("o-1", { shopper: "ann", key: "1:x" }));
      const ben = yield* ledger.place(orderOf("o-2", { shopper: "ben", key: "1:x" }));
      const cut = yield* ledger.place(orderOf("o-3", { shopper: "ann1", key: ":x" }));
      expect([ben._tag, cut._tag]).toEqual(["Placed", "Placed"]);
      expect(yield* ledger.findByKey({ shopper: "eve", key: "1:x" })).toBeNull();
    }),
  ),
  orderCase("a hold serves one order", (ledger) =>
    Effect.gen(function* () {
      yield* ledger.place(orderOf("o-1"));
      const second = orderOf("o-2", { hold: "hold of o-1" });
      expect(yield* ledger.place(second)).toEqual({ _tag: "HoldTaken", order: "o-1" });
      expect(yield* ledger.findByKey({ shopper: "ann", key: second.key })).toBeNull();
    }),
  ),
  orderCase("of ten that claim one key at once, one places the order", (ledger) =>
    Effect.gen(function* () {
      const claims = Array.from({ length: 10 }, (_, index) =>
        Effect.zipRight(Effect.yieldNow(), ledger.place(orderOf(`o-${index}`, { key: "one key" }))),
      );
      const answers = yield* Effect.all(claims, { concurrency: "unbounded" });
      const count = (tag: string) => answers.filter((answer) => answer._tag === tag).length;
      expect([count("Placed"), count("InFlight")]).toEqual([1, 9]);
      expect((yield* ledger.snapshot).orders).toHaveLength(1);
    }),
  ),
];

const changing: readonly ContractCase<OrderLedger>[] = [
  orderCase("a change applies to the state and revision that it was made from", (ledger) =>
    Effect.gen(function* () {
      const order = orderOf("o-1");
      yield* ledger.place(order);
      const held = { epoch: 7, until: 9_000 };
      const asked = yield* appended(
        ledger,
        changeOf(order, "authorising", { held, gateway: "first" }),
      );
      expect(asked).toMatchObject({
        state: "authorising",
        revision: 1,
        epoch: 7,
        gateway: "first",
      });
      expect(yield* ledger.find("o-1")).toEqual(asked);
      const stale = yield* ledger.append(changeOf(order, "authorising"));
      expect(stale).toEqual({ _tag: "Stale", order: asked });
      const wrongRevision = yield* ledger.append({ ...changeOf(asked, "inDoubt"), revision: 0 });
      expect(wrongRevision._tag).toBe("Stale");
      expect((yield* ledger.append(changeOf(orderOf("o-9"), "authorising")))._tag).toBe(
        "UnknownOrder",
      );
    }),
  ),
  orderCase("of ten changes from one revision, one is written, with its payment row", (ledger) =>
    Effect.gen(function* () {
      const order = orderOf("o-1");
      yield* ledger.place(order);
      const changes = Array.from({ length: 10 }, (_, index) => {
        const payment = paymentOf(order, "attempt", `charge-${index}`);
        const change = changeOf(order, "authorising", { payment });
        return Effect.zipRight(Effect.yieldNow(), ledger.append(change));
      });
      const answers = yield* Effect.all(changes, { concurrency: "unbounded" });
      expect(answers.filter((answer) => answer._tag === "Appended")).toHaveLength(1);
      expect(yield* ledger.payments("o-1")).toHaveLength(1);
    }),
  ),
  orderCase("an order that has ended stays as it is", (ledger) =>
    Effect.gen(function* () {
      const order = orderOf("o-1");
      yield* ledger.place(order);
      const ended = yield* confirm(ledger, order);
      const answer = yield* ledger.append(
        changeOf(ended, "refunded", { answer: confirmedAnswer(ended) }),
      );
      expect(answer).toEqual({ _tag: "Stale", order: ended });
    }),
  ),
  orderCase("payment rows and journal say what was asked, captured and returned", (ledger) =>
    Effect.gen(function* () {
      const order = orderOf("o-1");
      yield* ledger.place(order);
      yield* confirm(ledger, order);
      const rows = yield* ledger.payments("o-1");
      expect(rows.map((row) => row.kind)).toEqual(["attempt", "capture"]);
      expect(yield* ledger.payments("o-2")).toEqual([]);
      const { journal, balances } = yield* ledger.snapshot;
      expect(journal).toHaveLength(1);
      expect(balances.get("USD gateway:first")).toBe(2_500);
      expect(balances.get("USD sales")).toBe(-2_500);
    }),
  ),
  orderCase("a refund leaves every account at zero", (ledger) =>
    Effect.gen(function* () {
      const order = orderOf("o-1");
      yield* ledger.place(order);
      const asked = yield* appended(
        ledger,
        changeOf(order, "authorising", { payment: paymentOf(order, "attempt") }),
      );
      const paid = yield* appended(
        ledger,
        changeOf(asked, "authorised", { payment: paymentOf(asked, "capture") }),
      );
      const refunding = yield* appended(ledger, changeOf(paid, "refunding"));
      const { id, total, currency } = refunding;
      const answer = { _tag: "Refunded", order: id, total, currency } as const;
      const payment = paymentOf(refunding, "refund");
      yield* appended(ledger, changeOf(refunding, "refunded", { payment, answer }));
      const { balances } = yield* ledger.snapshot;
      expect([...balances.values()]).toEqual([0, 0]);
    }),
  ),
  orderCase("the steps of an order are kept in their order", (ledger) =>
    Effect.gen(function* () {
      const order = orderOf("o-1");
      yield* ledger.place(order);
      yield* confirm(ledger, order);
      const { steps } = yield* ledger.snapshot;
      expect(steps.map((step) => [step.from, step.to, step.at])).toEqual([
        [null, "placed", 1_000],
        ["placed", "authorising", 1_010],
        ["authorising", "authorised", 1_020],
        ["authorised", "confirmed", 1_030],
      ]);
    }),
  ),
  orderCase("a restart finds the orders that have not ended, the oldest change first", (ledger) =>
    Effect.gen(function* () {
      const orders = [1, 2, 3, 4].map((n) => orderOf(`o-${n}`));
      for (const order of orders) yield* ledger.place(order);
      yield* confirm(ledger, orders[1]);
      yield* appended(ledger, changeOf(orders[0], "authorising", { at: 5_000 }));
      const found = yield* ledger.unfinished({ changedBefore: 9_999, limit: 10 });
      expect(found.map((order) => order.id)).toEqual(["o-3", "o-4", "o-1"]);
      const old = yield* ledger.unfinished({ changedBefore: 5_000, limit: 10 });
      expect(old.map((order) => order.id)).toEqual(["o-3", "o-4"]);
      expect(yield* ledger.unfinished({ changedBefore: 9_999, limit: 1 })).toHaveLength(1);
    }),
  ),
  orderCase("orders come page by page, all of them or those in one state", (ledger) =>
    Effect.gen(function* () {
      const orders = [1, 2, 3, 4, 5].map((n) => orderOf(`o-${n}`));
      for (const order of orders) yield* ledger.place(order);
      yield* confirm(ledger, orders[1]);
      const read = (limit: number, state: Order["state"] | null) =>
        Effect.gen(function* () {
          const pages: string[][] = [];
          let after: number | null = 0;
          while (after !== null) {
            const page: OrderPage = yield* ledger.page({ after, limit, state });
            pages.push(page.orders.map(({ id }) => id));
            after = page.next;
          }
          return pages;
        });
      expect(yield* read(2, null)).toEqual([["o-1", "o-2"], ["o-3", "o-4"], ["o-5"]]);
      expect(yield* read(5, null)).toEqual([["o-1", "o-2", "o-3", "o-4", "o-5"]]);
      expect(yield* read(1, "confirmed")).toEqual([["o-2"]]);
      expect(yield* read(2, "placed")).toEqual([
        ["o-1", "o-3"],
        ["o-4", "o-5"],
      ]);
      expect(yield* read(3, "refunded")).toEqual([[]]);
    }),
  ),
];

const orderLedgerCases: readonly ContractCase<OrderLedger>[] = [...claiming, ...changing];
