/** One product: what it costs now, which of its items there are, and the button that buys it. */
import { type Html, html } from "./html.ts";
import { art, priceTag, stockTag } from "./item-cards.ts";
import { page } from "./page-frame.ts";
import { CART_LINES, listPath } from "./page-paths.ts";
import { countdown, phaseWords } from "./sale-words.ts";
import { canBuy, type PricedListing, type ProductContent, type ShopFront } from "./shop-front.ts";

export function productPage(front: ShopFront, content: ProductContent): Html {
  const { product, seller, items } = content;
  const [only, ...others] = items;
  const single = others.length === 0 && only !== undefined;
  const main = html`<article class="product"${front.countsViews && html` data-view="${product.product}"`}>
<div class="product-art">${art(product.product, "eager")}</div>
<div class="product-text">
<p class="card-seller"><a href="${listPath(seller.seller, null)}">${seller.name}</a></p>
<h1>${product.name}</h1>
${single && html`<p class="product-price">${priceTag(only)}</p>${stockTag(only.listing.sku)}`}
${canBuy(front) ? buyForm(front, items) : notYet(front, items)}
<ul class="assurances">
<li>Held for you while you check out</li>
<li>Charged once, whatever the network does</li>
<li>Never sold twice: what the shop confirms, it has</li>
</ul>
</div>
</article>`;
  return page({ title: product.name, sale: front.sale, main });
}

function buyForm(front: ShopFront, items: readonly PricedListing[]): Html {
  const [only, ...others] = items;
  const choice =
    others.length === 0 && only !== undefined
      ? html`<input type="hidden" name="sku" value="${only.listing.sku}">`
      : variants(items, true);
  return html`<form class="buy" method="post" action="${CART_LINES}" data-once>
${choice}
<div class="field field-short">
<label for="units">Units</label>
<input id="units" name="units" type="number" inputmode="numeric" min="1"
 max="${front.unitsMax}" value="1" required>
</div>
<button class="button button-wide" type="submit" data-buy>Add to cart</button>
</form>`;
}

function variants(items: readonly PricedListing[], pick: boolean): Html {
  const rows = items.map((item, place) => {
    const { sku, name } = item.listing;
    const radio =
      pick &&
      html`<input type="radio" name="sku" value="${sku}" required${place === 0 && html` checked`}>`;
    const words = html`<span class="variant-name">${name}</span>${priceTag(item)}`;
    return html`<div class="variant">${pick ? html`<label>${radio}${words}</label>` : words}${stockTag(sku)}</div>`;
  });
  return html`<fieldset class="variants"><legend>Choose an item</legend>${rows}</fieldset>`;
}

/** Why nobody can buy now, and from when on. */
function notYet({ phase, times }: ShopFront, items: readonly PricedListing[]): Html {
  const { sentence, next, nextAt } = phaseWords(phase, times);
  return html`${items.length > 1 && variants(items, false)}
<div class="notice" role="note"><p>${sentence}</p>
${next !== null && nextAt !== null && countdown(nextAt, next)}</div>`;
}
