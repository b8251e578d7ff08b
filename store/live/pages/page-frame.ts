/** What every page has around it: landmarks, the way to the cart, style and script. */
import { type Html, html } from "./html.ts";
import { artPath, CART, GOODBYE, HOME, PRODUCTS, SEARCH } from "./page-paths.ts";
import { LEAVING_SCRIPT, SHOP_SCRIPT, SHOP_STYLE } from "./shop-assets.ts";

export interface PageFrame {
  /** What the page is, before the name of the sale. */
  readonly title: string;
  /** Name of the sale. */
  readonly sale: string;
  readonly main: Html;
  /** Seconds after which a browser without the script loads the page again. */
  readonly refreshSeconds?: number;
  /** Further scripts, in the order in which they are needed. */
  readonly scripts?: readonly string[];
  /** Words that stand in the field of the search. */
  readonly searched?: string;
}

export function page(frame: PageFrame): Html {
  const { title, sale, main, refreshSeconds, scripts = [], searched = "" } = frame;
  const refresh =
    refreshSeconds === undefined
      ? null
      : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === sale ? title : `${title} · ${sale}`}</title>
<link rel="stylesheet" href="${SHOP_STYLE.path}">
<link rel="icon" type="image/svg+xml" href="${artPath(sale)}">
<script src="${SHOP_SCRIPT.path}" defer></script>
<script src="${LEAVING_SCRIPT.path}" defer></script>
${scripts.map((script) => html`<script src="${script}" defer></script>`)}
${refresh}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<div class="bar-inner">
<a class="brand" href="${HOME}">${sale}</a>
<form class="search" role="search" action="${SEARCH}" method="get">
<label class="hidden" for="search">Search items</label>
<input id="search" name="q" type="search" maxlength="80" placeholder="Search" value="${searched}">
<button type="submit">Search</button>
</form>
<nav aria-label="Shop">
<a href="${PRODUCTS}">All items</a>
<a href="${CART}">Cart<span class="cart-units" data-cart-units></span></a>
</nav>
</div>
</header>
<main id="main" tabindex="-1">${main}</main>
<footer class="foot">
<p>${sale}</p>
<p><a href="${GOODBYE}">Leaving without buying? Tell us why</a></p>
</footer>
<div class="told" role="status" aria-live="polite" data-told></div>
</body>
</html>
`;
}

/** A message that has to be read first; the browser brings its reader here. */
export function notice(words: Html | string, kind: "good" | "bad" = "bad"): Html {
  return html`<div class="notice notice-${kind}" role="${kind === "bad" ? "alert" : "status"}">${words}</div>`;
}
