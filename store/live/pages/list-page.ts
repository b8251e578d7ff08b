/** Items of one seller or of all, and what a search has found. */
import type { Seller } from "../../core/catalog.ts";
import { type Html, html } from "./html.ts";
import { shelf } from "./item-cards.ts";
import { page } from "./page-frame.ts";
import { listPath, SEARCH } from "./page-paths.ts";
import type { ListContent, PricedListing, ShopFront } from "./shop-front.ts";

export function listPage(front: ShopFront, content: ListContent): Html {
  const { seller, after, items, next } = content;
  const title = seller === null ? "All items" : seller.name;
  const name = seller?.seller ?? null;
  const main = html`<h1>${title}</h1>
${sellersBar(front.sellers, name)}
${items.length === 0 ? html`<p>There is nothing here yet.</p>` : shelf(front, items)}
${pager(after === null ? null : listPath(name, null), next === null ? null : listPath(name, next))}`;
  return page({ title, sale: front.sale, main });
}

export interface SearchContent {
  readonly words: string;
  readonly items: readonly PricedListing[];
  readonly after: string | null;
  readonly next: string | null;
}

export function searchPage(front: ShopFront, content: SearchContent): Html {
  const { words, items, after, next } = content;
  const first = `${SEARCH}?q=${encodeURIComponent(words)}`;
  const title = words === "" ? "Search" : `Search: ${words}`;
  const found =
    items.length === 0
      ? html`<p>${words === "" ? "Type a word of an item's name." : "Nothing has all these words in its name. Try fewer."}</p>`
      : shelf(front, items);
  const main = html`<h1>${title}</h1>
${sellersBar(front.sellers, undefined)}
${found}
${pager(after === null ? null : first, next === null ? null : `${first}&after=${encodeURIComponent(next)}`)}`;
  return page({ title, sale: front.sale, main, searched: words });
}

/** `current` is the seller of the page, null the list of all, undefined none of them. */
function sellersBar(sellers: readonly Seller[], current: string | null | undefined): Html {
  const all = { seller: null, name: "All" };
  const links = [all, ...sellers].map(
    ({ seller, name }) =>
      html`<li><a href="${listPath(seller, null)}"${seller === current && html` aria-current="page"`}>${name}</a></li>`,
  );
  return html`<nav aria-label="Sellers"><ul class="chips">${links}</ul></nav>`;
}

function pager(first: string | null, next: string | null): Html | null {
  if (first === null && next === null) return null;
  return html`<nav class="pager" aria-label="Pages">
${first !== null && html`<a class="button button-quiet" href="${first}">Back to the first items</a>`}
${next !== null && html`<a class="button" rel="next" href="${next}">More items</a>`}
</nav>`;
}
