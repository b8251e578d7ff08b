/**
 * The live mailer: takes mails into its outbox and sends them in rounds of its own, so that no
 * order waits for a mail server. A mail is sent at least once: who dies between a server's answer
 * and the note of it sends it again, under the same Message-ID. What fails is tried again, ever
 * later, for about a day and a half, and is then given up.
 */
import { createHash } from "node:crypto";
import { Effect } from "effect";
import { assert } from "../../core/assert.ts";
import { addressProblem, type Mail, mailName, mailProblem } from "../../core/mail.ts";
import { spreadOf } from "../../core/spread.ts";
import type { MailerService, SendMailAnswer } from "../../ports/mailer.ts";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import { MailOutbox, type OutboxFigures, type OutboxMail } from "./mail-outbox.ts";
import { mailText } from "./mail-text.ts";
import type { Delivery, MailMessage, MailTransport } from "./mail-transport.ts";

export interface LiveMailerOptions {
  /** The outbox: a file, or `:memory:`. */
  readonly file: string;
  readonly transport: MailTransport;
  readonly shop: {
    readonly name: string;
    /** Who the mails are from; its host also stands in their Message-IDs. */
    readonly address: string;
  };
  /** Mails that may wait; one more is refused as unavailable. */
  readonly mailsMax?: number;
  readonly now?: () => number;
}

export interface DeliveryRound {
  readonly sent: number;
  readonly failed: number;
  /** Mails that are tried again later. */
  readonly postponed: number;
}

/** How the mails of orders come into the outbox; see `order-mails.ts`. */
export type AwaitedOrders = Pick<MailOutbox, "expect" | "awaited" | "settle">;

export interface LiveMailer extends MailerService {
  readonly outbox: AwaitedOrders;
  /** Sends what is due, a batch at most; for rounds of one's own. */
  readonly deliverDue: () => Promise<DeliveryRound>;
  /** Begins rounds, which go on until the mailer is closed. */
  readonly start: () => void;
  readonly figures: () => OutboxFigures;
  /** Null while mails leave in time, else what is the matter, in plain words. */
  readonly check: () => string | null;
  /** Ends the round that is under way, and closes the outbox. */
  readonly close: () => Promise<void>;
}

const MAILS_MAX = 1_000_000;
const BATCH = 50;
const ROUND_MILLIS = 1_000;
/** Longer than a transport may take for a batch; who has not ended by then is taken for dead. */
const LENT_MILLIS = 15 * 60_000;
const BACKOFF_MILLIS = { initial: 30_000, max: 4 * 3_600_000 };
/** 30 s doubled up to 4 h, 19 times between 20 tries: a little under two days without jitter. */
const ATTEMPTS_MAX = 20;
/** How long a sent mail's name is kept, against a second one. */
const NAMES_KEPT_MILLIS = 90 * 86_400_000;
const LATE_MILLIS = 10 * 60_000;
/** How long the mails that are under way are waited for when the store ends. */
const CLOSING_MILLIS_MAX = 3_000;

export function liveMailer(options: LiveMailerOptions): LiveMailer {
  const problem = addressProblem(options.shop.address);
  assert(problem === null, `the shop has an address that mails can be from: ${problem}`);
  const now = options.now ?? Date.now;
  const outbox = new MailOutbox(options.file, options.mailsMax ?? MAILS_MAX);
  const rounds = new DeliveryRounds(outbox, options, now);
  return {
    outbox,
    send: (mail) => {
      const reason = mailProblem(mail);
      if (reason !== null) return Effect.succeed({ _tag: "MailRefused", reason });
      const name = mailName(mail);
      return Effect.tryPromise({
        try: async () => answerOf(await outbox.take(name, mail, now()), name),
        catch: (error) => unavailable((error as Error).message),
      });
    },
    deliverDue: () => rounds.deliverDue(),
    start: () => rounds.start(),
    figures: () => outbox.figures(),
    check: () => {
      const { waiting, waitingSince } = outbox.figures();
      if (waitingSince === null || now() - waitingSince < LATE_MILLIS) return null;
      return `${waiting} mails wait, the first since ${new Date(waitingSince).toISOString()}`;
    },
    close: async () => {
      const stopped = rounds.stop();
      // A server that does not answer holds nobody up: its mails are tried again after the start.
      const late = setTimeout(() => options.transport.close(), CLOSING_MILLIS_MAX);
      await stopped;
      clearTimeout(late);
      options.transport.close();
      outbox.close();
    },
  };
}

function answerOf(taken: "taken" | "taken before" | "full", name: string): SendMailAnswer {
  if (taken === "full") throw new Error("the outbox is full");
  return { _tag: taken === "taken" ? "MailTaken" : "MailTakenBefore", name };
}

function unavailable(reason: string): PortUnavailable {
  return new PortUnavailable({ port: "store/Mailer", reason });
}

class DeliveryRounds {
  readonly #outbox: MailOutbox;
  readonly #options: LiveMailerOptions;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<unknown> | null = null;
  #stopped = false;

  constructor(outbox: MailOutbox, options: LiveMailerOptions, now: () => number) {
    this.#outbox = outbox;
    this.#options = options;
    this.#now = now;
  }

  async deliverDue(): Promise<DeliveryRound> {
    const now = this.#now();
    const mails = await this.#outbox.lend(now, now + LENT_MILLIS, BATCH);
    const outcomes = await Promise.all(mails.map((mail) => this.#deliver(mail)));
    await this.#outbox.forget(now - NAMES_KEPT_MILLIS);
    const count = (outcome: string) => outcomes.filter((each) => each === outcome).length;
    return { sent: count("sent"), failed: count("failed"), postponed: count("postponed") };
  }

  start(): void {
    assert(this.#timer === null && !this.#stopped, "the rounds of a mailer begin once");
    this.#later(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#round;
  }

  /** The next round at once while there is more to do; a round that fails is tried again. */
  #later(millis: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#round = this.deliverDue().then(
        ({ sent, failed, postponed }) =>
          this.#later(sent + failed + postponed === BATCH ? 0 : ROUND_MILLIS),
        () => this.#later(ROUND_MILLIS),
      );
    }, millis);
  }

  async #deliver(mail: OutboxMail): Promise<"sent" | "failed" | "postponed"> {
    const delivery = await this.#handOver(mail);
    if (delivery._tag === "Delivered") {
      await this.#outbox.end(mail, "sent", "");
      return "sent";
    }
    // Mail servers repeat the address; what is kept of a mail that failed must not.
    const reason = delivery.reason.replaceAll(mail.mail.to, "the address");
    if (delivery._tag === "Rejected" || mail.attempts >= ATTEMPTS_MAX) {
      await this.#outbox.end(mail, "failed", reason);
      return "failed";
    }
    await this.#outbox.postpone(mail, this.#now() + pauseMillis(mail), reason);
    return "postponed";
  }

  async #handOver(mail: OutboxMail): Promise<Delivery> {
    try {
      return await this.#options.transport.deliver(messageOf(mail, this.#options.shop));
    } catch (error) {
      return { _tag: "NotDelivered", reason: (error as Error).message };
    }
  }
}

/** Doubled with every try up to a limit, less up to a half that is the mail's own. */
function pauseMillis({ name, attempts }: OutboxMail): number {
  const { initial, max } = BACKOFF_MILLIS;
  const pause = Math.min(initial * 2 ** (attempts - 1), max);
  return Math.round(pause * (0.5 + 0.5 * spreadOf(`mail ${name} ${attempts}`)));
}

/** The message of a mail is the same every time, its date and Message-ID as well. */
function messageOf(
  { name, mail, takenAt }: { readonly name: string; readonly mail: Mail; readonly takenAt: number },
  shop: LiveMailerOptions["shop"],
): MailMessage {
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 32);
  const label = `${mail.kind}.${digest}`;
  const host = shop.address.slice(shop.address.lastIndexOf("@") + 1);
  return {
    name: label,
    messageId: `<${label}@${host}>`,
    from: { name: shop.name, address: shop.address },
    to: mail.to,
    ...mailText(mail, shop.name),
    date: new Date(takenAt),
    unsubscribe: mail.kind === "cart-offer" ? mail.unsubscribe : null,
  };
}
