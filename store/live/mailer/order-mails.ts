/**
 * The mails of orders. The ledger of orders keeps no address, so the address lies in the outbox,
 * under the order's name, from before the order is placed until its end is known: a store that is
 * killed in between finds both again. Then the confirmation of a confirmed order and the
 * invitation to its survey go into the outbox in the step that erases the address there; of any
 * other order nothing is mailed. Whoever ended the order (the request, a reconciliation, the news
 * of a gateway, another node), the node that placed it asks the ledger and mails.
 */
import { Effect } from "effect";
import { type FeedbackPolicy, surveyFor } from "../../core/feedback.ts";
import { type Mail, mailName, mailProblem } from "../../core/mail.ts";
import { isFinal } from "../../core/order.machine.ts";
import type { Order } from "../../core/order.ts";
import type { PlaceAnswer } from "../../core/order-book.ts";
import type { OrderLedgerService } from "../../ports/order-ledger.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { LiveParts } from "../parts.ts";
import type { AwaitedOrder, DatedMail } from "./mail-outbox.ts";
import type { LiveMailer } from "./mailer.ts";

export interface OrderMailsOptions {
  readonly mailer: LiveMailer;
  readonly parts: Pick<LiveParts, "orders" | "catalog" | "durable">;
  readonly feedback: FeedbackPolicy;
  /** Told of a mail that cannot be made, in plain words and without its address. */
  readonly onProblem: (problem: string) => void;
  readonly now?: () => number;
}

/** Whose request it is, and under which key. */
export interface AskedOrder {
  readonly shopper: string;
  readonly key: string;
}

interface Asking {
  readonly address: string;
  requests: number;
}

const ROUND_MILLIS = 500;
/** Orders that are looked at together. */
const BATCH = 200;
const SECOND = 1_000;
/** An order without an end is looked at ever less often, up to this. */
const LOOK_MILLIS_MAX = 300 * SECOND;
/** Longer than any request runs: an order that is not in the ledger by then never will be. */
const ABSENT_MILLIS = 600 * SECOND;
/** A survey is out a minute after it is due at the latest; its invitation comes after that. */
const INVITED_AFTER_MILLIS = 120 * SECOND;

export class OrderMails {
  /** The ledger of orders, which keeps an order's address before it has the order. */
  readonly orders: OrderLedgerService;
  readonly mailer: LiveMailer;
  readonly #options: OrderMailsOptions;
  readonly #now: () => number;
  /** The addresses of the requests that are under way. */
  readonly #asking = new Map<string, Asking>();
  #shopUrl = "";
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | null = null;

  constructor(options: OrderMailsOptions) {
    this.#options = options;
    this.mailer = options.mailer;
    this.#now = options.now ?? Date.now;
    const { orders } = options.parts;
    this.orders = { ...orders, place: (order) => this.#place(order) };
  }

  /** What is asked, with the address at hand for the order that it may place. */
  async during<Answer>(
    of: AskedOrder,
    address: string | undefined,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    if (address === undefined) return ask();
    const name = nameOf(of);
    const asking = this.#asking.get(name) ?? { address, requests: 0 };
    asking.requests += 1;
    this.#asking.set(name, asking);
    try {
      return await ask();
    } finally {
      asking.requests -= 1;
      if (asking.requests === 0) this.#asking.delete(name);
    }
  }

  /** Where the links in mails lead: the address that shoppers know the shop by. */
  leadTo(shopUrl: string): void {
    this.#shopUrl = shopUrl.replace(/\/+$/, "");
  }

  /** Begins rounds. */
  start(): void {
    this.mailer.start();
    this.#later(0);
  }

  /** Looks at the orders that are due; answers with how many. */
  async look(): Promise<number> {
    const { outbox } = this.mailer;
    const now = this.#now();
    const due = await outbox.awaited(now, pauseMillis, BATCH);
    await Promise.all(due.map((awaited) => this.#settle(awaited, now)));
    return due.length;
  }

  /** Ends the rounds and the outbox; what is not sent yet is sent after the next start. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#round;
    await this.mailer.close();
  }

  #later(millis: number): void {
    this.#timer = setTimeout(() => {
      this.#round = this.look()
        .catch((problem: unknown) => {
          this.#options.onProblem(`orders could not be looked at for their mails: ${problem}`);
          return 0;
        })
        .then((looked) => {
          if (this.#timer !== null) this.#later(looked === BATCH ? 0 : ROUND_MILLIS);
        });
    }, millis);
    this.#timer.unref();
  }

  #place(order: Order): Effect.Effect<PlaceAnswer, PortUnavailable> {
    const placed = this.#options.parts.orders.place(order);
    const asking = this.#asking.get(nameOf(order));
    if (asking === undefined) return placed;
    return Effect.zipRight(
      Effect.promise(() => this.#keep(order.id, asking.address)),
      placed,
    );
  }

  /** An outbox that cannot be written costs a mail, and no order. */
  async #keep(order: string, address: string): Promise<void> {
    try {
      await this.mailer.outbox.expect(order, address, this.#now());
    } catch (problem) {
      this.#options.onProblem(`the order ${order} gets no mail: ${problem}`);
    }
  }

  async #settle(awaited: AwaitedOrder, now: number): Promise<void> {
    const { parts, onProblem } = this.#options;
    const { outbox } = this.mailer;
    const order = await Effect.runPromise(parts.orders.find(awaited.order));
    if (order === null) {
      if (now - awaited.since > ABSENT_MILLIS) await outbox.settle(awaited.order, []);
      return;
    }
    if (!isFinal(order.state)) return;
    // What was read may have been written this moment: it is mailed once it survives a crash.
    await parts.durable();
    const mails: DatedMail[] = [];
    for (const { mail, dueAt } of await this.#mailsOf(order, awaited.address, now)) {
      const problem = mailProblem(mail);
      if (problem === null) mails.push({ name: mailName(mail), mail, dueAt });
      else onProblem(`no ${mail.kind} of the order ${order.id}: ${problem}`);
    }
    await outbox.settle(order.id, mails);
  }

  async #mailsOf(
    order: Order,
    to: string,
    now: number,
  ): Promise<readonly { readonly mail: Mail; readonly dueAt: number }[]> {
    if (order.state !== "confirmed") return [];
    const { id, shopper, total, currency, changedAt: confirmedAt } = order;
    const link = `${this.#shopUrl}/orders/${encodeURIComponent(id)}`;
    const lines = await this.#linesOf(order);
    const discount = order.discount?.amount ?? 0;
    const of = { to, order: id, link };
    const confirmation: Mail = {
      kind: "order-confirmation",
      ...of,
      lines,
      discount,
      total,
      currency,
    };
    const survey = surveyFor(this.#options.feedback, { id, shopper, confirmedAt });
    if (survey === null) return [{ mail: confirmation, dueAt: now }];
    const until = survey.dueAt + survey.openForMillis;
    const invitation: Mail = {
      ...of,
      kind: "survey-invitation",
      until,
      link: `${link}/survey`,
    };
    return [
      { mail: confirmation, dueAt: now },
      { mail: invitation, dueAt: survey.dueAt + INVITED_AFTER_MILLIS },
    ];
  }

  #linesOf({ lines }: Order) {
    const { catalog } = this.#options.parts;
    return Promise.all(
      lines.map(async ({ sku, units, unitPrice }) => {
        const listing = await Effect.runPromise(catalog.listing(sku));
        return { name: listing?.name ?? sku, units, unitPrice };
      }),
    );
  }
}

/** The length keeps ("ab", "c") apart from ("a", "bc"). */
function nameOf({ shopper, key }: AskedOrder): string {
  return `${shopper.length}:${shopper}${key}`;
}

function pauseMillis(looks: number): number {
  return Math.min(SECOND * 2 ** Math.min(looks, 20), LOOK_MILLIS_MAX);
}
