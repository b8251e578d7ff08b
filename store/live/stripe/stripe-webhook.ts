/**
 * What Stripe tells us unasked. An event counts where one of our secrets signed it within five
 * minutes of now, for our account and in our mode; each is told once. It says that something
 * happened to an order's charge, and the store then asks Stripe itself: an event that is lost,
 * late, doubled or out of order changes nothing but when the store looks.
 */
import Stripe from "stripe";
import { assert } from "../../core/assert.ts";
import { WEBHOOK_BYTES_MAX } from "./webhook-limits.ts";

/** Something happened to the charge of an order that may be ours. */
export interface ChargeNews {
  readonly _tag: "ChargeNews";
  readonly id: string;
  readonly news: "captured" | "failed" | "cancelled" | "refunded" | "disputed";
  /** The order that the charge was made for; null where the event does not name it. */
  readonly order: string | null;
  /** Our key of the charge; null where the event does not name it. */
  readonly key: string | null;
  /** The PaymentIntent, which is our reference of the charge. */
  readonly reference: string;
  /** Epoch milliseconds at which Stripe saw it happen. */
  readonly at: number;
}

/** A sound event that is of no use to the store. */
export interface OtherNews {
  readonly _tag: "OtherNews";
  readonly id: string;
  readonly type: string;
}

/** The event was told before; the answer to Stripe is the same as the first time. */
export interface Repeated {
  readonly _tag: "Repeated";
  readonly id: string;
}

/** To be answered with 400 (413 where it is too large), and without saying why. */
export interface WebhookRefused {
  readonly _tag: "WebhookRefused";
  readonly reason:
    | "too large"
    | "not signed"
    | "wrong signature"
    | "too old"
    | "from the future"
    | "malformed"
    | "another account"
    | "another mode";
}

export interface WebhookOptions {
  /** The endpoint's signing secrets; more than one while they are changed. */
  readonly secrets: readonly string[];
  /** The Connect account whose events are ours; none of them are where it is left out. */
  readonly account?: string;
  /** True for money, false for test keys. */
  readonly live: boolean;
  readonly now?: () => number;
}

export type WebhookAnswer = ChargeNews | OtherNews | Repeated | WebhookRefused;

const TOLERANCE_SECONDS = 300;
/** Events are told again for three days; this many are remembered, the newest. */
const REMEMBERED_MAX = 100_000;

type News = ChargeNews["news"];

const NEWS: ReadonlyMap<string, News> = new Map([
  ["payment_intent.succeeded", "captured"],
  ["payment_intent.payment_failed", "failed"],
  ["payment_intent.canceled", "cancelled"],
  ["charge.refunded", "refunded"],
  ["charge.dispute.created", "disputed"],
]);

/** Takes an endpoint's events; one instance of the store has one. */
export class StripeWebhook {
  readonly #options: WebhookOptions;
  readonly #now: () => number;
  readonly #told = new Set<string>();

  constructor(options: WebhookOptions) {
    assert(options.secrets.length > 0, "a webhook has a secret");
    assert(
      options.secrets.every((secret) => secret.length >= 16),
      "a webhook's secret is no short word",
    );
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** `rawBody` as it came, byte by byte; `signature` is the header `stripe-signature`. */
  receive(rawBody: Uint8Array, signature: string | undefined): WebhookAnswer {
    const { secrets } = this.#options;
    const verified = verifyWebhook({ rawBody, signature, secrets, now: this.#now() });
    if (verified._tag === "WebhookRefused") return verified;
    const { event } = verified;
    const { account, livemode, id } = event;
    if ((account ?? undefined) !== this.#options.account) return refused("another account");
    if (livemode !== this.#options.live) return refused("another mode");
    if (this.#told.has(id)) return { _tag: "Repeated", id };
    this.#remember(id);
    return newsOf(event);
  }

  /** Lets the event come again: the store could not act on it, and Stripe will repeat it. */
  forget(id: string): void {
    this.#told.delete(id);
  }

  #remember(id: string): void {
    this.#told.add(id);
    if (this.#told.size <= REMEMBERED_MAX) return;
    const [oldest] = this.#told;
    if (oldest !== undefined) this.#told.delete(oldest);
  }
}

export interface Verified {
  readonly _tag: "Verified";
  readonly event: Stripe.Event;
}

export interface SignedBody {
  readonly rawBody: Uint8Array;
  readonly signature: string | undefined;
  readonly secrets: readonly string[];
  readonly now: number;
}

/** Who sent the body and when, and nothing else. */
export function verifyWebhook(signed: SignedBody): Verified | WebhookRefused {
  const { rawBody, signature, secrets, now } = signed;
  if (rawBody.byteLength > WEBHOOK_BYTES_MAX) return refused("too large");
  if (signature === undefined || signature.length > 4_096) return refused("not signed");
  const signedAt = signedAtOf(signature);
  if (signedAt === null) return refused("not signed");
  if (!secrets.some((secret) => isSignedBy(rawBody, signature, secret))) {
    return refused("wrong signature");
  }
  const age = Math.floor(now / 1_000) - signedAt;
  if (age > TOLERANCE_SECONDS) return refused("too old");
  if (age < -TOLERANCE_SECONDS) return refused("from the future");
  const event = eventIn(rawBody);
  return event === null ? refused("malformed") : { _tag: "Verified", event };
}

/**
 * The signature's time, epoch seconds, or null where it names none or several: of several the
 * package would sign for one and we might take another for the age.
 */
function signedAtOf(signature: string): number | null {
  const times = signature.split(",").filter((item) => item.split("=")[0] === "t");
  const time = times.length === 1 ? /^t=(\d{1,12})$/.exec(times[0] ?? "") : null;
  return time === null ? null : Number(time[1]);
}

/** The package compares in constant time; a tolerance of 0 leaves the age to us. */
function isSignedBy(rawBody: Uint8Array, signature: string, secret: string): boolean {
  const { signature: signatures } = Stripe.webhooks;
  assert(signatures !== null, "the package can check signatures");
  try {
    return signatures.verifyHeader(rawBody, signature, secret, 0);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
    throw error;
  }
}

function eventIn(rawBody: Uint8Array): Stripe.Event | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(rawBody));
  } catch {
    return null;
  }
  const event = value as Partial<Stripe.Event> | null;
  const sound =
    typeof event?.id === "string" &&
    typeof event.type === "string" &&
    typeof event.created === "number" &&
    typeof event.livemode === "boolean" &&
    typeof event.data?.object === "object" &&
    event.data.object !== null;
  return sound ? (value as Stripe.Event) : null;
}

interface Subject {
  readonly id?: unknown;
  readonly payment_intent?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

function newsOf({ id, type, created, data }: Stripe.Event): ChargeNews | OtherNews {
  const news = NEWS.get(type);
  const subject = data.object as Subject;
  const reference = type.startsWith("payment_intent.") ? subject.id : subject.payment_intent;
  if (news === undefined || typeof reference !== "string") return { _tag: "OtherNews", id, type };
  const key = textOf(subject.metadata?.charge_key);
  const order = textOf(subject.metadata?.order);
  return { _tag: "ChargeNews", id, news, order, key, reference, at: created * 1_000 };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function refused(reason: WebhookRefused["reason"]): WebhookRefused {
  return { _tag: "WebhookRefused", reason };
}
