/** The waiting room: how far it is, how long it takes, and that the place is kept. */
import type { Waiting } from "../../core/ticket.ts";
import { type Html, html } from "./html.ts";
import { page } from "./page-frame.ts";
import { PRODUCTS, QUEUE, QUEUE_LEAVE, queuePath } from "./page-paths.ts";
import { countdown, spanText } from "./sale-words.ts";

const SECOND = 1_000;

export interface WaitingContent {
  readonly sale: string;
  readonly place: Waiting;
  /** Where the shopper wants to be. */
  readonly next: string;
  /** Seconds until a browser without the script asks again; null where its reader wants no more. */
  readonly askAgainSeconds: number | null;
}

export function waitingPage({ sale, place, next, askAgainSeconds }: WaitingContent): Html {
  const { ticket, ahead, progress, estimateMillis, opensAt, soldOut } = place;
  const position = ahead === null ? null : ahead + 1;
  const percent = Math.round(progress * 100);
  const main = html`<section class="queue" data-queue="${ticket}">
<h1>You are in line</h1>
<p class="lead">The shop is full at the moment. Your place is kept and your cart is safe.</p>
${opensAt !== null && countdown(opensAt, "The doors open in")}
<dl class="place">
<div><dt>Your position</dt><dd data-position>${position ?? "drawn at the start"}</dd></div>
<div><dt>Wait</dt><dd data-wait>${estimateMillis === null ? "not known yet" : spanText(estimateMillis / SECOND)}</dd></div>
</dl>
<label class="progress-label" for="progress">Your way so far</label>
<progress id="progress" data-progress max="100" value="${percent}">${percent}%</progress>
<p class="told-here" role="status" aria-live="polite" data-queue-told></p>
<p class="notice" data-sold-out${!soldOut && html` hidden`}>Everything is sold or held just now. Units may come back; your place
is kept while you wait.</p>
<p class="quiet">${
    askAgainSeconds === null
      ? html`This page stays as it is. <a href="${queuePath(next)}">Ask again now</a>`
      : html`You need not do anything: this page keeps itself up to date.
<noscript><a href="${QUEUE}?still=1">Stop loading it again by itself</a></noscript>`
  }</p>
<div class="actions">
<a class="button button-quiet" href="${PRODUCTS}">Look around meanwhile</a>
<form method="post" action="${QUEUE_LEAVE}" data-once><button class="button button-quiet" type="submit">Give up my place</button></form>
</div>
</section>`;
  const refresh = askAgainSeconds === null ? null : { refreshSeconds: askAgainSeconds };
  return page({ title: titleOf(position), sale, main, ...refresh });
}

function titleOf(position: number | null): string {
  return position === null ? "In line" : `${position} in line`;
}

/** Before a place is taken, or when it is gone. */
export function doorPage(content: {
  readonly sale: string;
  readonly next: string;
  readonly words: string;
  readonly closed: boolean;
}): Html {
  const { sale, next, words, closed } = content;
  const main = html`<section class="queue">
<h1>The waiting room</h1>
<p class="lead">${words}</p>
<div class="actions">
${
  !closed &&
  html`<form method="post" action="${QUEUE}" data-once><input type="hidden" name="next" value="${next}">
<button class="button" type="submit">Take a place</button></form>`
}
<a class="button button-quiet" href="${PRODUCTS}">Look around</a>
</div>
</section>`;
  return page({ title: "The waiting room", sale, main });
}
