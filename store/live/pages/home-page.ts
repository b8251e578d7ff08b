/** The first page of the sale: what it is, when, who sells, and what is most worth a look. */
import type { Seller } from "../../core/catalog.ts";
import { type Html, html } from "./html.ts";
import { shelf } from "./item-cards.ts";
import { page } from "./page-frame.ts";
import { HOME, listPath, PRODUCTS, QUEUE } from "./page-paths.ts";
import { countdown, phaseWords, timeTag } from "./sale-words.ts";
import { canBuy, type PricedListing, type ShopFront } from "./shop-front.ts";

export function homePage(front: ShopFront, featured: readonly PricedListing[]): Html {
  const { sale, sellers } = front;
  const main = html`${hero(front)}
<section aria-labelledby="featured">
<div class="section-head"><h2 id="featured">Worth a look</h2>
<a class="more" href="${PRODUCTS}">All items</a></div>
${shelf(front, featured)}
</section>
<section aria-labelledby="sellers">
<h2 id="sellers">Sellers</h2>
<ul class="sellers">${sellers.map(sellerLink)}</ul>
</section>`;
  return page({ title: sale, sale, main });
}

function hero(front: ShopFront): Html {
  const { sale, phase, times, invited } = front;
  const words = phaseWords(phase, times);
  const welcome = invited && canBuy(front) && "You are invited: the sale prices are yours now.";
  return html`<section class="hero" aria-labelledby="sale">
<p class="phase phase-${phase}">${words.short}</p>
<h1 id="sale">${sale}</h1>
<p class="lead">${welcome || words.sentence}</p>
${words.next !== null && words.nextAt !== null && countdown(words.nextAt, words.next)}
${phase === "scheduled" && html`<p class="when">Open to everybody from ${timeTag(times.publicAt)}.</p>`}
<div class="actions">
<a class="button" href="${PRODUCTS}">See all items</a>
${front.hasRoom && phase !== "closed" && joinForm()}
</div>
</section>`;
}

function joinForm(): Html {
  return html`<form method="post" action="${QUEUE}">
<input type="hidden" name="next" value="${HOME}">
<button class="button button-quiet" type="submit">Join the waiting room</button>
</form>`;
}

function sellerLink({ seller, name }: Seller): Html {
  return html`<li><a class="seller" href="${listPath(seller, null)}">
<span class="seller-mark" aria-hidden="true">${[...name][0] ?? ""}</span>${name}</a></li>`;
}
