/**
 * Stripe's script as far as a checkout page uses it, for tests: a frame of Stripe's with a field
 * for the number, and PaymentMethods that are asked for at Stripe's API from the browser. What a
 * number comes to is as with Stripe's own test cards.
 */

import type { ApiAnswer } from "./idempotency.ts";
import type { Parameters } from "./stripe-books.ts";

/** Source: Stripe's guide to testing, test cards by number. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ["4242424242424242", "pm_card_visa"],
  ["4000000000000002", "pm_card_chargeDeclined"],
  ["4000002500003155", "pm_card_authenticationRequired"],
]);

export function createPaymentMethod(parameters: Parameters): ApiAnswer {
  const id = METHODS.get(parameters.get("card[number]") ?? "");
  if (id !== undefined) return { status: 200, body: { object: "payment_method", id } };
  const message = "Your card number is invalid.";
  return {
    status: 402,
    body: { error: { type: "card_error", code: "incorrect_number", message } },
  };
}

/** What `<script src="…/v3/">` loads; `origin` is where its frame and its API are. */
export function stripeScript(origin: string): string {
  return `globalThis.Stripe = (key) => ({
  elements: () => ({
    create: () => {
      const frame = document.createElement("iframe");
      frame.title = "Secure card payment input frame";
      frame.src = "${origin}/v3/card";
      frame.height = "30";
      return { frame, mount: (place) => place.append(frame) };
    },
  }),
  createPaymentMethod: ({ card: { frame } }) =>
    new Promise((resolve) => {
      addEventListener("message", async ({ data, origin }) => {
        if (origin !== "${origin}") return;
        const answer = await fetch("${origin}/v1/payment_methods", {
          method: "POST",
          headers: { authorization: "Bearer " + key },
          body: new URLSearchParams({ type: "card", "card[number]": data }),
        });
        const body = await answer.json();
        resolve(answer.ok ? { paymentMethod: body } : { error: body.error });
      }, { once: true });
      frame.contentWindow.postMessage("number", "${origin}");
    }),
  handleNextAction: ({ clientSecret: secret }) =>
    new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.title = "Your bank";
      frame.src = "${origin}/v3/bank";
      frame.addEventListener("load", () => frame.contentWindow.postMessage("ask", "${origin}"));
      addEventListener("message", async ({ data: answer, origin }) => {
        if (origin !== "${origin}") return;
        const body = new URLSearchParams({ secret, answer });
        const response = await fetch("${origin}/v3/bank", { method: "POST", body });
        frame.remove();
        resolve({ paymentIntent: await response.json() });
      }, { once: true });
      document.body.append(frame);
    }),
});`;
}

/** The bank's own question, in a frame over the page. */
export const BANK_FRAME = `<!doctype html><html lang="en"><title>Your bank</title>
<p>Was it you?</p><button>Yes, it was</button><button>No</button><script>
addEventListener("message", ({ source, origin }) => {
  for (const button of document.querySelectorAll("button")) {
    const answer = button.textContent === "No" ? "refused" : "confirmed";
    button.addEventListener("click", () => source.postMessage(answer, origin));
  }
});
</script></html>`;

/** The frame, which alone knows the number. */
export const CARD_FRAME = `<!doctype html><html lang="en"><title>Card</title>
<input aria-label="Card number" autocomplete="cc-number"><script>
addEventListener("message", ({ source, origin }) =>
  source.postMessage(document.querySelector("input").value, origin));
</script></html>`;
