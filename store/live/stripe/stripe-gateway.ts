/**
 * Stripe as the store's payment gateway: one PaymentIntent per charge, captured at once, under our
 * key as its idempotency key.
 *
 * A look-up has to promise that nothing will be captured any more, which Stripe's search cannot
 * (its index lags). So the look-up spends the idempotency key itself on an intent that never
 * moves money. Where that is made, the charge had not arrived, and one that arrives later is
 * refused because its parameters differ. Where it is refused, the charge arrived before: asked
 * again with its own parameters Stripe repeats the answer it gave, or the search finds it. Where
 * neither does, the order stays in doubt until the index must have caught up.
 */
import { Effect } from "effect";
import Stripe from "stripe";
import type {
  ChargeAnswer,
  ChargeRequest,
  LookUpAnswer,
  PaymentGateway,
  RefundAnswer,
  RefundRequest,
} from "../../ports/payment-gateway.ts";
import { HttpPeer } from "../http-peer.ts";
import {
  amountAtStripe,
  type Failure,
  failureOf,
  refundAnswer,
  TIMED_OUT,
  unknownAfter,
  verdictOf,
} from "./stripe-answers.ts";
import { StripeHttpClient } from "./stripe-http-client.ts";

export interface StripeGatewayOptions {
  /** How orders name the gateway; it must stay while orders are open at it. */
  readonly name?: string;
  readonly secretKey: string;
  /** Where Stripe is; `https://api.stripe.com` where nothing is said. */
  readonly origin?: string;
  /** After this long without an answer a charge, look-up or refund is given up. */
  readonly timeLimitMillis: number;
  /**
   * True where a shopper's browser can put the bank's questions to the cardholder (3-D Secure); a
   * charge that needs it is then undecided. It is declined where this is left out.
   */
  readonly asksCardholder?: boolean;
  /** A Connect account in whose name everything is asked. */
  readonly account?: string;
  /** The PaymentMethod that a checkout's token stands for; the token itself where it is left out. */
  readonly paymentMethodOf?: (token: string) => string;
  readonly now?: () => number;
}

export interface StripeGateway extends PaymentGateway {
  /** Null where Stripe takes our key, else why it cannot be used, in plain words. */
  readonly check: () => Promise<string | null>;
  /** What a browser needs to ask the cardholder about a charge; null where nothing is known. */
  readonly cardholderSecret: (key: string) => Promise<string | null>;
  /** Closes the connections to Stripe. */
  readonly close: () => void;
}

/** Metadata by which a charge is found, and by which a closed key is told from a charge. */
const CHARGE_KEY = "charge_key";
const CLOSES = "closes_charge_key";
const REFUND_KEY = "refund_key";
/** Charges that are remembered: what was asked, and since when a key is known to be spent. */
const REMEMBERED_MAX = 10_000;
/** Stripe keeps idempotency keys for 24 hours at least; an hour is left for clocks that differ. */
const KEYS_KEPT_MILLIS = 23 * 3_600_000;
/** A minute as a rule, "up to an hour behind during outages" (Stripe's guide to search). */
const INDEX_LAG_MILLIS_MAX = 2 * 3_600_000;
/** Another request under the key is waited for in such steps. */
const IN_USE_MILLIS = 50;
const REFUNDS_PER_CHARGE_MAX = 100;
/** A cardholder who has not answered by then is not waited for: about as long as a hold. */
const CARDHOLDER_MILLIS_MAX = 10 * 60_000;

interface Remembered {
  readonly request: ChargeRequest;
  readonly at: number;
}

type CreateParams = Stripe.PaymentIntentCreateParams;

interface RefundParams extends Stripe.RefundCreateParams {
  readonly payment_intent: string;
}

export function stripeGateway(options: StripeGatewayOptions): StripeGateway {
  const { name = "stripe" } = options;
  const desk = new StripeDesk(options);
  return {
    name,
    charge: (request) => Effect.promise(() => desk.charge(request)),
    lookUp: (key) => Effect.promise(() => desk.lookUp(key)),
    refund: (request) => Effect.promise(() => desk.refund(request)),
    check: () => desk.check(name),
    cardholderSecret: (key) => desk.cardholderSecret(key),
    close: () => desk.close(),
  };
}

class StripeDesk {
  readonly #stripe: Stripe;
  readonly #peer: HttpPeer;
  readonly #timeLimitMillis: number;
  readonly #paymentMethodOf: (token: string) => string;
  readonly #now: () => number;
  readonly #remembered = new Map<string, Remembered>();
  readonly #bound = new Map<string, number>();
  /** By charge, what a browser needs to ask the cardholder. */
  readonly #secrets = new Map<string, string>();
  readonly #asksCardholder: boolean;

  constructor(options: StripeGatewayOptions) {
    const origin = new URL(options.origin ?? "https://api.stripe.com");
    this.#peer = new HttpPeer({ origin: origin.origin });
    this.#stripe = new Stripe(options.secretKey, {
      httpClient: new StripeHttpClient(this.#peer),
      host: origin.hostname,
      protocol: origin.protocol === "http:" ? "http" : "https",
      ...(origin.port !== "" && { port: origin.port }),
      ...(options.account !== undefined && { stripeAccount: options.account }),
      maxNetworkRetries: 0,
      telemetry: false,
    });
    this.#timeLimitMillis = options.timeLimitMillis;
    this.#paymentMethodOf = options.paymentMethodOf ?? ((token) => token);
    this.#now = options.now ?? Date.now;
    this.#asksCardholder = options.asksCardholder ?? false;
  }

  async charge(request: ChargeRequest): Promise<ChargeAnswer> {
    const params = this.#chargeParams(request);
    if (params === null) {
      const reason = `Stripe takes no such amount of ${request.currency}`;
      return { _tag: "Declined", kind: "hard", reason };
    }
    keep(this.#remembered, request.key, { request, at: this.#now() });
    const made = await this.#create(params, request.key, this.#deadline());
    switch (made._tag) {
      case "Made":
        return this.#answerOf(made.intent, request.key);
      case "KeyBound":
        return { _tag: "Declined", kind: "hard", reason: "the key is closed" };
      case "Refused":
        return { _tag: "Declined", kind: "hard", reason: made.code || made.message };
      case "KeyInUse":
      case "KeptFailure":
        return TIMED_OUT;
      default:
        return made;
    }
  }

  #answerOf(intent: Stripe.PaymentIntent, key: string): ChargeAnswer {
    if (intent.status !== "requires_action") return verdictOf(intent);
    if (intent.client_secret !== null) keep(this.#secrets, key, intent.client_secret);
    return { _tag: "Undecided" };
  }

  /** From memory, or from Stripe's index where another process has charged. */
  async cardholderSecret(key: string): Promise<string | null> {
    const known = this.#secrets.get(key);
    if (known !== undefined) return known;
    if (!this.#asksCardholder) return null;
    try {
      const intent = await this.#indexed(key, this.#deadline());
      return intent?.status === "requires_action" ? intent.client_secret : null;
    } catch (error) {
      failureOf(error);
      return null;
    }
  }

  async lookUp(key: string): Promise<LookUpAnswer> {
    const deadline = this.#deadline();
    const closing = { amount: 100, currency: "usd", metadata: { [CLOSES]: key } };
    const made = await this.#create(closing, key, deadline);
    switch (made._tag) {
      case "Made":
      case "KeptFailure":
        return await this.#confirmAbsent(key, deadline);
      case "KeyBound":
        return await this.#findBound(key, deadline);
      case "NetworkError":
        return made;
      default:
        return TIMED_OUT;
    }
  }

  async refund({ key, reference, amount, currency }: RefundRequest): Promise<RefundAnswer> {
    const deadline = this.#deadline();
    const minor = amountAtStripe(amount, currency);
    if (minor === null) return { _tag: "RefundRefused", reason: "Stripe takes no such amount" };
    const params = { payment_intent: reference, amount: minor, metadata: { [REFUND_KEY]: key } };
    const made = await this.#createRefund(params, key, deadline);
    switch (made._tag) {
      case "Refund":
        return refundAnswer(made.refund);
      case "NetworkError":
        return made;
      case "KeyBound":
      case "Refused": {
        const reason = made._tag === "Refused" ? made.code || made.message : "the key is taken";
        const before = await this.#findRefund(key, reference, deadline);
        return before === "none" ? { _tag: "RefundRefused", reason } : before;
      }
      case "KeptFailure":
        return await this.#refundAgain(params, key, deadline);
      default:
        return TIMED_OUT;
    }
  }

  /** The key is spent on an error. The list of refunds does not lag: it says whether on that alone. */
  async #refundAgain(params: RefundParams, key: string, deadline: number): Promise<RefundAnswer> {
    const before = await this.#findRefund(key, params.payment_intent, deadline);
    if (before !== "none") return before;
    const made = await this.#createRefund(params, `${key}.again`, deadline);
    return made._tag === "Refund" ? refundAnswer(made.refund) : TIMED_OUT;
  }

  async check(name: string): Promise<string | null> {
    try {
      await this.#stripe.balance.retrieve({}, { timeout: this.#timeLimitMillis });
      return null;
    } catch (error) {
      const failure = failureOf(error);
      const why = failure._tag === "NetworkError" ? failure.reason : failure._tag;
      return `the gateway ${name} cannot be used: ${why}`;
    }
  }

  close(): void {
    this.#peer.close();
  }

  /**
   * The key was free and is closed now. That is the whole answer while Stripe keeps keys; an older
   * charge may have lost its key, but has long been in the index.
   */
  async #confirmAbsent(key: string, deadline: number): Promise<LookUpAnswer> {
    const remembered = this.#remembered.get(key);
    if (remembered !== undefined && this.#now() - remembered.at < KEYS_KEPT_MILLIS) {
      return { _tag: "Absent" };
    }
    const found = await this.#search(key, deadline);
    return found === null ? { _tag: "Absent" } : found;
  }

  /** The charge under the key was executed: what came of it. */
  async #findBound(key: string, deadline: number): Promise<LookUpAnswer> {
    const remembered = this.#remembered.get(key);
    const params = remembered === undefined ? null : this.#chargeParams(remembered.request);
    if (params !== null) {
      const again = await this.#create(params, key, deadline);
      if (again._tag === "Declined") return again;
      // What Stripe repeats is what it said then; what became of it since is asked by its name.
      if (again._tag === "Made") return await this.#retrieve(again.intent.id, deadline);
    }
    const isIndexed = this.#now() - this.#boundSince(key) >= INDEX_LAG_MILLIS_MAX;
    const found = await this.#search(key, deadline);
    // Where nothing came of it, as of an error 500, nothing will: its key is spent.
    return found ?? { _tag: isIndexed ? "Absent" : "Undecided" };
  }

  /** When this store first heard that the key is spent: its charge is older than that. */
  #boundSince(key: string): number {
    const since = this.#bound.get(key) ?? this.#now();
    keep(this.#bound, key, since);
    return since;
  }

  /** The charge in Stripe's index, or null where it is not there (yet). */
  async #search(key: string, deadline: number): Promise<LookUpAnswer | null> {
    try {
      const intent = await this.#indexed(key, deadline);
      return intent === undefined ? null : await this.#retrieve(intent.id, deadline);
    } catch (error) {
      return unknownAfter(failureOf(error));
    }
  }

  async #indexed(key: string, deadline: number): Promise<Stripe.PaymentIntent | undefined> {
    const query = `metadata['${CHARGE_KEY}']:'${key.replaceAll(/[\\']/g, "\\$&")}'`;
    const timeout = this.#left(deadline);
    const found = await this.#stripe.paymentIntents.search({ query, limit: 1 }, { timeout });
    return found.data[0];
  }

  async #retrieve(name: string, deadline: number): Promise<LookUpAnswer> {
    try {
      const timeout = this.#left(deadline);
      const intent = await this.#stripe.paymentIntents.retrieve(name, {}, { timeout });
      if (intent.status !== "requires_action") return verdictOf(intent);
      const waited = this.#now() - intent.created * 1_000;
      if (waited < CARDHOLDER_MILLIS_MAX) return { _tag: "Undecided" };
      // Who comes to the bank's question after this finds it gone: nothing is captured any more.
      const options = { idempotencyKey: `${name}.cancel`, timeout: this.#left(deadline) };
      return verdictOf(await this.#stripe.paymentIntents.cancel(name, {}, options));
    } catch (error) {
      return unknownAfter(failureOf(error));
    }
  }

  /** A refund that was made before, under a key that Stripe may have forgotten. */
  async #findRefund(
    key: string,
    reference: string,
    deadline: number,
  ): Promise<RefundAnswer | "none"> {
    try {
      const { data } = await this.#stripe.refunds.list(
        { payment_intent: reference, limit: REFUNDS_PER_CHARGE_MAX },
        { timeout: this.#left(deadline) },
      );
      const before = data.find(({ metadata }) => metadata?.[REFUND_KEY] === key);
      return before === undefined ? "none" : refundAnswer(before);
    } catch (error) {
      return failureOf(error)._tag === "Refused" ? "none" : TIMED_OUT;
    }
  }

  #createRefund(params: RefundParams, key: string, deadline: number) {
    return this.#untilFree(deadline, async (timeout) => {
      const refund = await this.#stripe.refunds.create(params, { idempotencyKey: key, timeout });
      return { _tag: "Refund", refund } as const;
    });
  }

  #create(params: CreateParams, key: string, deadline: number) {
    return this.#untilFree(deadline, async (timeout) => {
      const intent = await this.#stripe.paymentIntents.create(params, {
        idempotencyKey: key,
        timeout,
      });
      return { _tag: "Made", intent } as const;
    });
  }

  /** Asks again while another request under the same key is executed, as long as there is time. */
  async #untilFree<Made>(
    deadline: number,
    ask: (timeLimitMillis: number) => Promise<Made>,
  ): Promise<Made | Failure> {
    for (;;) {
      let failure: Failure;
      try {
        return await ask(this.#left(deadline));
      } catch (error) {
        failure = failureOf(error);
      }
      if (failure._tag !== "KeyInUse" || deadline - this.#now() <= IN_USE_MILLIS) return failure;
      await new Promise((resolve) => setTimeout(resolve, IN_USE_MILLIS));
    }
  }

  #chargeParams({
    key,
    order,
    amount,
    currency,
    paymentToken,
  }: ChargeRequest): CreateParams | null {
    const minor = amountAtStripe(amount, currency);
    if (minor === null) return null;
    return {
      amount: minor,
      currency: currency.toLowerCase(),
      payment_method: this.#paymentMethodOf(paymentToken),
      allowed_payment_method_types: ["card"],
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      capture_method: "automatic",
      confirm: true,
      ...(!this.#asksCardholder && { error_on_requires_action: true }),
      metadata: { order, [CHARGE_KEY]: key },
    };
  }

  #deadline(): number {
    return this.#now() + this.#timeLimitMillis;
  }

  /** Whole milliseconds left, and at least one: a call that has none left ends at once. */
  #left(deadline: number): number {
    return Math.max(1, Math.floor(deadline - this.#now()));
  }
}

/** Notes the value as the newest and forgets the oldest beyond the limit. */
function keep<Value>(values: Map<string, Value>, key: string, value: Value): void {
  values.delete(key);
  values.set(key, value);
  if (values.size <= REMEMBERED_MAX) return;
  const [oldest] = values.keys();
  if (oldest !== undefined) values.delete(oldest);
}
