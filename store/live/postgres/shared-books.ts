/** The ports that are books of rules, shared by all nodes through the journal of PostgreSQL. */
import { Effect } from "effect";
import type { SaleTimes } from "../../core/sale.ts";
import type { NoPlace, TicketReference } from "../../core/ticket.ts";
import {
  MemoryFeedbackLedger,
  type MemoryFeedbackLedgerOptions,
} from "../../memory/feedback-ledger.ts";
import {
  MemoryPromotionLedger,
  type MemoryPromotionLedgerOptions,
} from "../../memory/promotion-ledger.ts";
import { MemorySaleControl } from "../../memory/sale-control.ts";
import {
  MemoryTicketQueue,
  type MemoryTicketQueueOptions,
  type MemoryTicketQueueService,
} from "../../memory/ticket-queue.ts";
import type { FeedbackLedgerService } from "../../ports/feedback-ledger.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { PromotionLedgerService } from "../../ports/promotion-ledger.ts";
import type { SaleControlService } from "../../ports/sale-control.ts";
import type { TicketQueueService } from "../../ports/ticket-queue.ts";
import { TicketSigns } from "../ticket-signs.ts";
import type { PostgresPool } from "./postgres-pool.ts";
import { SharedBook } from "./shared-book.ts";

export interface PostgresTicketOptions extends MemoryTicketQueueOptions {
  /** How old what a shopper is told may be, milliseconds. */
  readonly glanceMillis?: number;
  readonly signs?: TicketSigns;
}

const NO_PLACE: NoPlace = { _tag: "NoPlace" };

export async function postgresPromotionLedger(
  pool: PostgresPool,
  options: MemoryPromotionLedgerOptions,
): Promise<PromotionLedgerService> {
  const book = new SharedBook<PromotionLedgerService>(pool, {
    book: "promotions",
    port: "store/PromotionLedger",
    make: () => MemoryPromotionLedger.make(options),
  });
  await book.open();
  return {
    issue: book.method("issue"),
    lookUp: book.method("lookUp"),
    claim: book.method("claim"),
    redeem: book.method("redeem"),
    release: book.method("release"),
    claimsBefore: (search) => book.look((copy) => copy.claimsBefore(search)),
    snapshot: book.look((copy) => copy.snapshot),
  };
}

export async function postgresFeedbackLedger(
  pool: PostgresPool,
  options: MemoryFeedbackLedgerOptions = {},
): Promise<FeedbackLedgerService> {
  const book = new SharedBook<FeedbackLedgerService>(pool, {
    book: "feedback",
    port: "store/FeedbackLedger",
    make: () => MemoryFeedbackLedger.make(options),
  });
  await book.open();
  return {
    askExit: book.method("askExit"),
    answerExit: book.method("answerExit"),
    schedule: book.method("schedule"),
    takeDue: book.method("takeDue"),
    survey: (order) => book.look((copy) => copy.survey(order)),
    nextDue: book.look((copy) => copy.nextDue),
    answerSurvey: book.method("answerSurvey"),
    figures: book.look((copy) => copy.figures),
    snapshot: book.look((copy) => copy.snapshot),
  };
}

export async function postgresSaleControl(
  pool: PostgresPool,
  times: SaleTimes,
): Promise<SaleControlService> {
  const book = new SharedBook<SaleControlService>(pool, {
    book: "control",
    port: "store/SaleControl",
    make: () => MemorySaleControl.make(times),
  });
  await book.open();
  return {
    read: book.look((copy) => copy.read),
    change: book.method("change"),
    note: book.method("note"),
    entries: (request) => book.look((copy) => copy.entries(request)),
  };
}

/**
 * A look at a ticket, and a request from inside, is a glance at the node's own copy, a tenth of a
 * second old at most; that somebody was seen is gathered (see `ticket-signs.ts`) and written by the
 * next sweep of this node. Only who seems to have no place is looked for in the journal, for
 * another node may have given them one just now.
 */
export async function postgresTicketQueue(
  pool: PostgresPool,
  options: PostgresTicketOptions,
): Promise<TicketQueueService> {
  const { signs = TicketSigns.of(options.limits), glanceMillis, ...rules } = options;
  const book = new SharedBook<MemoryTicketQueueService>(pool, {
    book: "tickets",
    port: "store/TicketQueue",
    make: () => MemoryTicketQueue.make(rules),
    ...(glanceMillis !== undefined && { glanceMillis }),
  });
  await book.open();
  const view = (copy: MemoryTicketQueueService, request: TicketReference) =>
    copy.room.view(request);
  const glance = book.glance(view);
  /** What became of the ticket; that its shopper was seen is noted where that keeps the place. */
  const seen = (request: TicketReference, keeps: "Waiting" | "Inside") =>
    Effect.gen(function* () {
      if (signs.isDue(request.now)) yield* Effect.ignore(tellSigns(signs, renewAll));
      const glanced = yield* glance(request);
      const answer =
        glanced._tag === "NoPlace"
          ? yield* book.look((copy) => Effect.sync(() => view(copy, request)))
          : glanced;
      if (answer._tag === keeps) signs.note(request.ticket, request.now);
      return answer;
    });
  const renewAll = book.method("renewAll");
  const expire = book.method("expire");
  return {
    lend: book.method("lend"),
    join: book.method("join"),
    look: (request) => seen(request, "Waiting"),
    redeem: book.method("redeem"),
    renew: (request) =>
      Effect.map(seen(request, "Inside"), (answer) =>
        answer._tag === "Inside" ? answer : NO_PLACE,
      ),
    renewAll,
    leave: book.method("leave"),
    report: book.method("report"),
    admit: book.method("admit"),
    expire: (request) => Effect.zipRight(tellSigns(signs, renewAll), expire(request)),
    tell: book.method("tell"),
    snapshot: book.look((copy) => copy.snapshot),
  };
}

function tellSigns(
  signs: TicketSigns,
  renewAll: TicketQueueService["renewAll"],
): Effect.Effect<void, PortUnavailable> {
  return Effect.suspend(() => {
    const seen = signs.take();
    if (seen === null) return Effect.void;
    return Effect.tapError(renewAll(seen), () => Effect.sync(() => signs.giveBack(seen)));
  });
}
