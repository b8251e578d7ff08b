/** What the script of the pages puts into a dialog for a shopper who turns to leave. */
import { exitForm } from "./feedback-pages.ts";
import { type Html, html } from "./html.ts";
import { CART } from "./page-paths.ts";
import { timeTag } from "./sale-words.ts";

/** An offer that was made to the shopper. */
export interface LeavingOffer {
  readonly code: string;
  /** What it takes off, as a shopper reads it. */
  readonly off: string;
  readonly expiresAt: number;
}

export function offerDialog({ code, off, expiresAt }: LeavingOffer): Html {
  return html`<h2 id="leaving-title">${off} off for you</h2>
<p>With the code <code class="leaving-code">${code}</code> you pay ${off} less, until
${timeTag(expiresAt)}. It is yours alone and can be used once: type it in at the cart.</p>
<p><a class="button" href="${CART}">Go to the cart</a></p>
${dismissal("No, thanks")}`;
}

export function exitDialog(): Html {
  return html`<h2 id="leaving-title">Before you go</h2>
${exitForm()}
${dismissal("Not now")}`;
}

function dismissal(words: string): Html {
  return html`<form method="dialog"><button class="button button-quiet">${words}</button></form>`;
}
