/** The ports that are books of rules, shared by all nodes through the journal of PostgreSQL. */
import type { SaleTimes } from "../../core/sale.ts";
import {
  MemoryFeedbackLedger,
  type MemoryFeedbackLedgerOptions,
} from "../../memory/feedback-ledger.ts";
import {
  MemoryPromotionLedger,
  type MemoryPromotionLedgerOptions,
} from "../../memory/promotion-ledger.ts";
import { MemorySaleControl } from "../../memory/sale-control.ts";
import { MemoryTicketQueue, type MemoryTicketQueueOptions } from "../../memory/ticket-queue.ts";
import type { FeedbackLedgerService } from "../../ports/feedback-ledger.ts";
import type { PromotionLedgerService } from "../../ports/promotion-ledger.ts";
import type { SaleControlService } from "../../ports/sale-control.ts";
import type { TicketQueueService } from "../../ports/ticket-queue.ts";
import type { PostgresPool } from "./postgres-pool.ts";
import { SharedBook } from "./shared-book.ts";

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

/** Every look at a ticket is a turn: for a long queue, which looks often, Redis is the place. */
export async function postgresTicketQueue(
  pool: PostgresPool,
  options: MemoryTicketQueueOptions,
): Promise<TicketQueueService> {
  const book = new SharedBook<TicketQueueService>(pool, {
    book: "tickets",
    port: "store/TicketQueue",
    make: () => MemoryTicketQueue.make(options),
  });
  await book.open();
  return {
    lend: book.method("lend"),
    join: book.method("join"),
    look: book.method("look"),
    redeem: book.method("redeem"),
    renew: book.method("renew"),
    renewAll: book.method("renewAll"),
    leave: book.method("leave"),
    report: book.method("report"),
    admit: book.method("admit"),
    expire: book.method("expire"),
    tell: book.method("tell"),
    snapshot: book.look((copy) => copy.snapshot),
  };
}
