/** The cart: what is in it, how many of each, and the way to the checkout. */
import { CODES_PER_ORDER_MAX } from "../../core/promotion.ts";
import { type Html, html } from "./html.ts";
import { art, stockTag } from "./item-cards.ts";
import { notice, page } from "./page-frame.ts";
import { CART_UNITS, CHECKOUT, GOODBYE, PRODUCTS, productPath } from "./page-paths.ts";
import { priceText } from "./sale-words.ts";

export interface CartRow {
  readonly sku: string;
  readonly product: string;
  readonly name: string;
  readonly units: number;
  readonly unitPrice: number;
}

export interface CartContent {
  readonly sale: string;
  readonly rows: readonly CartRow[];
  readonly total: number;
  /** Null while there is nothing in the cart. */
  readonly currency: string | null;
  readonly unitsMax: number;
  /** Whether the shopper may buy now. */
  readonly open: boolean;
  /** What went wrong, and with which item; null where nothing did. */
  readonly problem: { readonly words: string; readonly sku: string | null } | null;
  /** Codes as they were typed, where one of them was refused. */
  readonly codes: { readonly typed: string; readonly refused: string | null } | null;
}

export function cartPage(content: CartContent): Html {
  const { sale, rows, problem, currency } = content;
  const main =
    rows.length === 0 || currency === null
      ? html`<h1>Your cart</h1>${problem !== null && notice(problem.words)}
<p>There is nothing in it yet.</p>
<p><a class="button" href="${PRODUCTS}">See all items</a></p>`
      : html`<h1>Your cart</h1>${problem !== null && notice(problem.words)}
<div class="cart"><ul class="lines">${rows.map((row) => line(content, row, currency))}</ul>
${summary(content, currency)}</div>`;
  return page({ title: "Your cart", sale, main });
}

function line({ unitsMax, problem }: CartContent, row: CartRow, currency: string): Html {
  const { sku, product, name, units, unitPrice } = row;
  const hurt = problem?.sku === sku;
  const field = `units-${sku}`;
  return html`<li class="line${hurt && " line-hurt"}">
<div class="line-art">${art(product)}</div>
<div class="line-text">
<a class="line-name" href="${productPath(product)}">${name}</a>
<span class="price">${priceText(unitPrice, currency)} each</span>
${hurt && html`<p class="field-error" id="${field}-error">${problem.words}</p>`}
${stockTag(sku)}
<div class="line-units">
<form method="post" action="${CART_UNITS}" data-once>
<input type="hidden" name="sku" value="${sku}">
<label class="hidden" for="${field}">Units of ${name}</label>
<input id="${field}" name="units" type="number" inputmode="numeric" min="0" max="${unitsMax}"
 value="${units}" required${hurt && html` aria-invalid="true" aria-describedby="${field}-error"`}>
<button class="button button-quiet" type="submit">Update<span class="hidden"> ${name}</span></button>
</form>
<form method="post" action="${CART_UNITS}" data-once>
<input type="hidden" name="sku" value="${sku}"><input type="hidden" name="units" value="0">
<button class="button button-quiet" type="submit">Remove<span class="hidden"> ${name}</span></button>
</form>
</div></div>
<p class="line-total">${priceText(units * unitPrice, currency)}</p>
</li>`;
}

function summary(content: CartContent, currency: string): Html {
  const { total, open, codes } = content;
  const refused = codes?.refused ?? null;
  return html`<section class="summary" aria-labelledby="summary">
<h2 id="summary">Total</h2>
<p class="total">${priceText(total, currency)}</p>
<form method="post" action="${CHECKOUT}" data-once>
<div class="field">
<label for="codes">Discount code <span class="quiet">(optional)</span></label>
<input id="codes" name="codes" maxlength="${64 * CODES_PER_ORDER_MAX}" autocomplete="off"
 autocapitalize="characters" spellcheck="false" value="${codes?.typed ?? ""}"${
   refused !== null && html` aria-invalid="true" aria-describedby="codes-error"`
 }>
${refused !== null && html`<p class="field-error" id="codes-error">${refused}</p>`}
</div>
<button class="button button-wide" type="submit"${!open && html` disabled`}>Check out</button>
</form>
<p class="quiet">Checking out holds your items while you pay.</p>
<p><a href="${PRODUCTS}">Go on looking</a> · <a href="${GOODBYE}">Not buying today?</a></p>
</section>`;
}
