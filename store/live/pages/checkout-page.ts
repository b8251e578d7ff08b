/**
 * The checkout on one page: where the parcel goes, how it is paid, what it costs. The form carries
 * the name of its order, so that sent twice it is still one order.
 */
import { type CardForm, cardField, cardScripts } from "./card-form.ts";
import type { CartRow } from "./cart-page.ts";
import { type Html, html } from "./html.ts";
import { notice, page } from "./page-frame.ts";
import { CART, ORDERS } from "./page-paths.ts";
import { countdown, priceText } from "./sale-words.ts";

/** The fields of the form, in the order in which they are filled in. */
export const CHECKOUT_FIELDS = [
  { name: "email", label: "Email", type: "email", autocomplete: "email", lengthMax: 254 },
  {
    name: "street",
    label: "Street and number",
    type: "text",
    autocomplete: "street-address",
    lengthMax: 200,
  },
  {
    name: "postcode",
    label: "Postcode",
    type: "text",
    autocomplete: "postal-code",
    lengthMax: 20,
  },
  { name: "city", label: "City", type: "text", autocomplete: "address-level2", lengthMax: 100 },
  { name: "country", label: "Country", type: "text", autocomplete: "country-name", lengthMax: 60 },
] as const;

export type CheckoutFieldName = (typeof CHECKOUT_FIELDS)[number]["name"];
export type CheckoutValues = Readonly<Record<CheckoutFieldName | "paymentToken", string>>;
/** What is wrong with a field, by its name. */
export type FieldErrors = Readonly<Partial<Record<keyof CheckoutValues, string>>>;

export interface CheckoutContent {
  readonly sale: string;
  readonly rows: readonly CartRow[];
  readonly currency: string;
  readonly total: number;
  readonly discount: number;
  /** Names the order to be. */
  readonly key: string;
  /** When the hold lapses, milliseconds since 1970. */
  readonly until: number;
  readonly card: CardForm;
  /** True where the shopper is mailed about the order. */
  readonly mailed: boolean;
  readonly values: CheckoutValues | null;
  readonly errors: FieldErrors;
  readonly problem: string | null;
}

const MAILED = "Your confirmation goes to this email, which is erased once you were written to. ";

export function checkoutPage(content: CheckoutContent): Html {
  const { sale, key, until, total, currency, problem, errors, mailed, card } = content;
  const choice = {
    token: content.values?.paymentToken ?? null,
    error: errors.paymentToken ?? null,
  };
  const wrong = Object.keys(errors).length;
  const main = html`<h1>Checkout</h1>
${problem !== null && notice(problem)}
${wrong > 0 && notice(errorList(errors))}
${countdown(until, "Held for you for")}
<form class="checkout" method="post" action="${ORDERS}" data-once data-pay novalidate>
<input type="hidden" name="key" value="${key}">
<div class="checkout-fields">
<fieldset><legend>Delivery</legend>
<p class="quiet">All fields are needed.</p>
${CHECKOUT_FIELDS.map((field) => textField(content, field))}
<p class="quiet">${mailed && MAILED}Email and address tell one buyer from another: the store keeps
marks of them that nobody can read back.</p>
</fieldset>
<fieldset><legend>Payment</legend>${cardField(card, choice)}</fieldset>
</div>
<section class="summary" aria-labelledby="bill">
<h2 id="bill">Your order</h2>
${bill(content)}
${
  card.kind !== "none" &&
  html`<button class="button button-wide" type="submit">Pay ${priceText(total, currency)}</button>`
}
<p class="quiet">You pay once. If the line drops, come back to this page: it shows your order.</p>
<p><a href="${CART}">Back to the cart</a></p>
</section>
</form>`;
  return page({ title: "Checkout", sale, main, scripts: cardScripts(card) });
}

function errorList(errors: FieldErrors): Html {
  const rows = Object.entries(errors).map(
    ([name, words]) => html`<li><a href="#${name}">${words}</a></li>`,
  );
  return html`<h2>Please look at these fields</h2><ul>${rows}</ul>`;
}

function textField(
  { values, errors }: CheckoutContent,
  field: (typeof CHECKOUT_FIELDS)[number],
): Html {
  const { name, label, type, autocomplete, lengthMax } = field;
  return html`<div class="field field-${name}">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}"
 maxlength="${lengthMax}" required value="${values?.[name] ?? ""}"${invalid(name, errors)}>
${errorOf(name, errors)}
</div>`;
}

function invalid(name: CheckoutFieldName, errors: FieldErrors): Html | null {
  if (errors[name] === undefined) return null;
  return html` aria-invalid="true" aria-describedby="${name}-error"`;
}

function errorOf(name: keyof CheckoutValues, errors: FieldErrors): Html | null {
  const words = errors[name];
  return words === undefined ? null : html`<p class="field-error" id="${name}-error">${words}</p>`;
}

function bill({ rows, currency, total, discount }: CheckoutContent): Html {
  const lines = rows.map(
    ({ name, units, unitPrice }) =>
      html`<li><span>${units} × ${name}</span><span>${priceText(units * unitPrice, currency)}</span></li>`,
  );
  const taken =
    discount > 0 &&
    html`<li><span>Discount</span><span>-${priceText(discount, currency)}</span></li>`;
  return html`<ul class="bill">${lines}${taken}
<li class="bill-total"><span>Total</span><span>${priceText(total, currency)}</span></li></ul>`;
}
