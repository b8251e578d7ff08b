/**
 * What the store does about Stripe's news: an order that was left in doubt, or whose refund was
 * left open, is ended at once instead of at the next reconciliation. What the news says is not
 * believed; the order is looked up. Where that fails the news is not taken, and Stripe repeats it.
 */
import type { WebhookHandler } from "../http/routes/webhooks.ts";
import type { ChargeNews, StripeWebhook } from "./stripe-webhook.ts";

export interface StripeNewsOptions {
  readonly webhook: StripeWebhook;
  /** Ends the order where it was left open; resolves when that is on disk. */
  readonly settle: (order: string) => Promise<unknown>;
  /** For the operators: money that was returned or disputed at Stripe, above all. */
  readonly onNews?: (news: ChargeNews) => void;
}

export function stripeNews({ webhook, settle, onNews }: StripeNewsOptions): WebhookHandler {
  return async ({ body, headers }) => {
    const signature = headers["stripe-signature"];
    const answer = webhook.receive(body, typeof signature === "string" ? signature : undefined);
    if (answer._tag === "WebhookRefused") return { _tag: "Refused" };
    if (answer._tag !== "ChargeNews") return { _tag: "Taken" };
    onNews?.(answer);
    try {
      if (answer.order !== null) await settle(answer.order);
    } catch (problem) {
      webhook.forget(answer.id);
      throw problem;
    }
    return { _tag: "Taken" };
  };
}
