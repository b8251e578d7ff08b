/**
 * How a buyer names a card on the pages. In the sandbox they choose a test card. At Stripe its own
 * form takes the number: it goes from the browser to Stripe alone, and the shop is told a name for
 * the card. Where neither is to be had, the page says so.
 */
import { type Html, html } from "./html.ts";
import { CARD_SCRIPT } from "./shop-assets.ts";
import { TEST_CARDS, type TestCard } from "./test-cards.ts";

export type CardForm =
  | { readonly kind: "sandbox"; readonly cards: readonly TestCard[] }
  | {
      readonly kind: "stripe";
      /** Named to every browser; it can only make tokens. */
      readonly publishableKey: string;
      /** Where Stripe's script is, and where that sends the card. */
      readonly scriptUrl: string;
      readonly apiOrigin: string;
    }
  /** Cards can be taken through the API alone. */
  | { readonly kind: "none" };

export const SANDBOX_FORM: CardForm = { kind: "sandbox", cards: TEST_CARDS };

/** Stripe shows a bank's own questions from here. */
const STRIPE_FRAMES = "https://hooks.stripe.com";

/** Whether the form can have sent this token. */
export function takesToken(form: CardForm, token: string): boolean {
  switch (form.kind) {
    case "sandbox":
      return form.cards.some((card) => card.token === token);
    case "stripe":
      return /^pm_\w+$/.test(token);
    case "none":
      return false;
  }
}

/** The scripts of the form, in the order in which they are needed. */
export function cardScripts(form: CardForm): readonly string[] {
  return form.kind === "stripe" ? [form.scriptUrl, CARD_SCRIPT.path] : [];
}

/**
 * What the page of the checkout may load beyond the shop's own, for Stripe's script, its frames
 * and its API; other pages may not. Source: Stripe, "Content security policy".
 */
export function cardPolicy(form: CardForm, policy: string): string {
  if (form.kind !== "stripe") return policy;
  const script = new URL(form.scriptUrl).origin;
  return [
    ...policy.split("; ").map((directive) => {
      if (directive.startsWith("script-src ")) return `${directive} ${script}`;
      if (directive.startsWith("connect-src ")) return `${directive} ${form.apiOrigin}`;
      return directive;
    }),
    `frame-src ${script} ${STRIPE_FRAMES}`,
  ].join("; ");
}

export interface CardChoice {
  /** What was sent before, or null. */
  readonly token: string | null;
  /** What is wrong with it, or null. */
  readonly error: string | null;
}

export function cardField(form: CardForm, choice: CardChoice): Html {
  switch (form.kind) {
    case "sandbox":
      return testCardField(form.cards, choice);
    case "stripe":
      return stripeField(form.publishableKey, choice);
    case "none":
      return html`<p id="paymentToken">Cards cannot be taken on these pages, only through the
shop's API.</p>`;
  }
}

function testCardField(cards: readonly TestCard[], { token: chosen, error }: CardChoice): Html {
  const options = cards.map(
    ({ token, words }) =>
      html`<option value="${token}"${token === chosen && html` selected`}>${words}</option>`,
  );
  return html`<p class="sandbox" id="sandbox"><strong>Sandbox.</strong> No money moves: choose what
the test card does.</p>
<div class="field"><label for="paymentToken">Test card</label>
<select id="paymentToken" name="paymentToken" required aria-describedby="sandbox"${
    error !== null && html` aria-invalid="true"`
  }>${options}</select>
${error !== null && html`<p class="field-error" id="paymentToken-error">${error}</p>`}</div>`;
}

/** The script fills the field; a token is asked for anew with every sending that did not pay. */
function stripeField(key: string, { error }: CardChoice): Html {
  return html`<div class="field" id="paymentToken" data-card="${key}">
<p id="card-label">Card</p>
<div class="card-element" role="group" aria-labelledby="card-label" data-card-element></div>
<input type="hidden" name="paymentToken" value="" data-card-token>
<p class="field-error" role="alert" data-card-problem>${error ?? ""}</p>
<p class="quiet">The number goes to Stripe alone; this shop never sees it.</p></div>
<noscript><p>Paying by card needs JavaScript: the card's number is taken by Stripe's own script, so
that this shop never sees it.</p></noscript>`;
}
