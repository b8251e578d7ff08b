/** PaymentIntents and refunds as the peer of our tests keeps them, in the fields that we use. */
import { type ApiAnswer, NotExecuted } from "./idempotency.ts";

export type Parameters = ReadonlyMap<string, string>;

interface LastError {
  readonly code: string;
  readonly decline_code?: string;
}

export interface Intent {
  readonly id: string;
  readonly object: "payment_intent";
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
  status: string;
  last_payment_error: LastError | null;
  refunded: number;
  /** Seconds since 1970. */
  readonly created: number;
  readonly client_secret: string;
}

interface Refund {
  readonly id: string;
  readonly object: "refund";
  readonly amount: number;
  readonly payment_intent: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly status: string;
}

/** Stripe's test PaymentMethods, and the error that each ends with. */
const METHODS: ReadonlyMap<string, LastError | null> = new Map([
  ["pm_card_visa", null],
  ["pm_card_chargeDeclined", { code: "card_declined", decline_code: "generic_decline" }],
  [
    "pm_card_chargeDeclinedInsufficientFunds",
    { code: "card_declined", decline_code: "insufficient_funds" },
  ],
  ["pm_card_chargeDeclinedStolenCard", { code: "card_declined", decline_code: "stolen_card" }],
  ["pm_card_authenticationRequired", { code: "authentication_required" }],
]);

/** The one whose bank asks the cardholder. */
const ASKING = "pm_card_authenticationRequired";

export class StripeBooks {
  readonly #intents = new Map<string, Intent>();
  readonly #refunds: Refund[] = [];
  readonly #indexed = new Set<string>();
  /** Milliseconds since 1970, as its intents are dated. */
  now: () => number = Date.now;
  /** False while the search index lags behind. */
  indexes = true;

  get intents(): readonly Intent[] {
    return [...this.#intents.values()];
  }

  createIntent(parameters: Parameters): ApiAnswer {
    const amount = wholeOf(parameters, "amount");
    const currency = parameters.get("currency") ?? "";
    if (!/^[a-z]{3}$/.test(currency)) throw invalid("parameter_missing", "currency");
    const method = parameters.get("payment_method");
    if (method !== undefined && !METHODS.has(method)) throw invalid("resource_missing", method);
    const id = `pi_${this.#intents.size + 1}`;
    const intent: Intent = {
      id,
      created: Math.floor(this.now() / 1_000),
      client_secret: `${id}_secret_${id}`,
      object: "payment_intent",
      amount,
      currency,
      metadata: metadataOf(parameters),
      status: "requires_payment_method",
      last_payment_error: null,
      refunded: 0,
    };
    this.#intents.set(intent.id, intent);
    if (this.indexes) this.index();
    if (method === undefined || parameters.get("confirm") !== "true") {
      return { status: 200, body: { ...intent } };
    }
    if (method === ASKING && parameters.get("error_on_requires_action") !== "true") {
      intent.status = "requires_action";
      return { status: 200, body: { ...intent } };
    }
    intent.last_payment_error = METHODS.get(method) ?? null;
    if (intent.last_payment_error === null) {
      intent.status = "succeeded";
      return { status: 200, body: { ...intent } };
    }
    const { code, decline_code } = intent.last_payment_error;
    const error = { type: "card_error", code, decline_code, message: "Your card was declined." };
    return { status: 402, body: { error: { ...error, payment_intent: { ...intent } } } };
  }

  /** The bank's question was answered; the card pays, or is declined. */
  authenticate(secret: string, confirmed: boolean): ApiAnswer {
    const intent = this.intents.find(({ client_secret }) => client_secret === secret);
    if (intent?.status !== "requires_action") throw invalid("", "nothing is asked about this");
    intent.status = confirmed ? "succeeded" : "requires_payment_method";
    if (!confirmed) intent.last_payment_error = { code: "payment_intent_authentication_failure" };
    return { status: 200, body: { ...intent } };
  }

  cancel(id: string): ApiAnswer {
    const intent = this.#intents.get(id);
    if (intent === undefined) throw invalid("resource_missing", id);
    if (intent.status === "succeeded") throw invalid("payment_intent_unexpected_state", id);
    intent.status = "canceled";
    return { status: 200, body: { ...intent } };
  }

  intent(id: string): ApiAnswer {
    const intent = this.#intents.get(id);
    if (intent === undefined) return { status: 404, body: invalidBody("resource_missing", id) };
    return { status: 200, body: { ...intent } };
  }

  /** Lets the index catch up with what was made so far. */
  index(): void {
    for (const id of this.#intents.keys()) this.#indexed.add(id);
  }

  search(query: string): ApiAnswer {
    const asked = /^metadata\['(\w+)'\]:'((?:[^'\\]|\\.)*)'$/.exec(query);
    if (asked === null) return { status: 400, body: invalidBody("query_invalid", query) };
    const [, name = "", quoted = ""] = asked;
    const value = quoted.replaceAll(/\\(.)/g, "$1");
    const data = this.intents.filter(
      ({ id, metadata }) => this.#indexed.has(id) && metadata[name] === value,
    );
    return { status: 200, body: { object: "search_result", data, has_more: false } };
  }

  createRefund(parameters: Parameters): ApiAnswer {
    const amount = wholeOf(parameters, "amount");
    const intent = this.#intents.get(parameters.get("payment_intent") ?? "");
    if (intent === undefined) throw invalid("resource_missing", "payment_intent");
    if (intent.refunded === intent.amount) throw invalid("charge_already_refunded", intent.id);
    if (intent.status !== "succeeded" || intent.refunded + amount > intent.amount) {
      throw invalid("", "Refund amount is greater than unrefunded amount on charge");
    }
    intent.refunded += amount;
    const refund: Refund = {
      id: `re_${this.#refunds.length + 1}`,
      object: "refund",
      amount,
      payment_intent: intent.id,
      metadata: metadataOf(parameters),
      status: "succeeded",
    };
    this.#refunds.push(refund);
    return { status: 200, body: refund };
  }

  refunds(intent: string): ApiAnswer {
    if (!this.#intents.has(intent)) {
      return { status: 404, body: invalidBody("resource_missing", intent) };
    }
    const data = this.#refunds.filter(({ payment_intent }) => payment_intent === intent);
    return { status: 200, body: { object: "list", data, has_more: false } };
  }
}

function wholeOf(parameters: Parameters, name: string): number {
  const value = Number(parameters.get(name));
  if (!Number.isSafeInteger(value) || value < 1) throw invalid("parameter_invalid_integer", name);
  return value;
}

function metadataOf(parameters: Parameters): Readonly<Record<string, string>> {
  const metadata: Record<string, string> = {};
  for (const [name, value] of parameters) {
    const key = /^metadata\[(\w+)\]$/.exec(name)?.[1];
    if (key !== undefined) metadata[key] = value;
  }
  return metadata;
}

function invalidBody(code: string, message: string) {
  return { error: { type: "invalid_request_error", ...(code && { code }), message } };
}

function invalid(code: string, message: string): NotExecuted {
  const status = code === "resource_missing" ? 404 : 400;
  return new NotExecuted({ status, body: invalidBody(code, message) });
}
