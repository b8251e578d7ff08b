/** Items as a shelf shows them, each with a place for what is left of it. */
import { type Html, html } from "./html.ts";
import { artPath, productPath } from "./page-paths.ts";
import { percentOff, priceText } from "./sale-words.ts";
import type { PricedListing, ShopFront } from "./shop-front.ts";

/** How large the script's browser draws a picture before it is loaded, pixels. */
const ART_SIZE = 400;

export function shelf(front: ShopFront, items: readonly PricedListing[]): Html {
  return html`<ul class="shelf">${items.map((item) => card(front, item))}</ul>`;
}

function card({ sellers }: ShopFront, item: PricedListing): Html {
  const { sku, product, name, seller } = item.listing;
  const sellerName = sellers.find((each) => each.seller === seller)?.name ?? seller;
  return html`<li class="card">
<a href="${productPath(product)}">
${art(product)}
<span class="card-name">${name}</span>
<span class="card-seller">${sellerName}</span>
${priceTag(item)}
</a>
${stockTag(sku)}
</li>`;
}

/** The picture says nothing that the name beside it does not. */
export function art(product: string, loading: "lazy" | "eager" = "lazy"): Html {
  return html`<img class="art" src="${artPath(product)}" alt="" width="${ART_SIZE}"
 height="${ART_SIZE}" loading="${loading}">`;
}

export function priceTag({ listing, price }: PricedListing): Html {
  const { price: listPrice, currency } = listing;
  const off = percentOff(price, listPrice);
  if (off === null) return html`<span class="price">${priceText(price, currency)}</span>`;
  return html`<span class="price"><span class="hidden">Now</span>
<strong>${priceText(price, currency)}</strong>
<span class="hidden">instead of</span> <s>${priceText(listPrice, currency)}</s>
<span class="off">-${off}%</span></span>`;
}

/** Filled in by the script; without it the shop says so when the item is put into the cart. */
export function stockTag(sku: string): Html {
  return html`<p class="stock" data-stock="${sku}"></p>`;
}
