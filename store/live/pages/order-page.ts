/** What has become of an order: paid, still being asked about, or not to be had. */
import { standingOf } from "../../core/checkout.ts";
import type { Order } from "../../core/order.ts";
import type { SurveyStanding } from "../../service/survey.ts";
import { type CardForm, cardScripts } from "./card-form.ts";
import { type Html, html } from "./html.ts";
import { notice, page } from "./page-frame.ts";
import { CART, CHECKOUT, PRODUCTS, surveyPath } from "./page-paths.ts";
import { type ItemNames, type RefusalAnswer, refusalWords } from "./refusal-words.ts";
import { priceText, timeTag } from "./sale-words.ts";

/** How often a page asks again while the payment is not settled, seconds. */
const ASK_AGAIN_SECONDS = 4;

export interface OrderContent {
  readonly sale: string;
  readonly order: Order;
  readonly names: ItemNames;
  /** Null where the order has no survey. */
  readonly survey: SurveyStanding | null;
  readonly card: CardForm;
  /** What the script needs to ask the cardholder; null where the order waits for no such. */
  readonly secret: string | null;
}

export function orderPage(content: OrderContent): Html {
  const { sale, order, names, survey, card, secret } = content;
  if (secret !== null && card.kind === "stripe") {
    const main = askingCardholder(order, names, { key: card.publishableKey, secret });
    return page({ title: "Your bank asks", sale, main, scripts: cardScripts(card) });
  }
  const standing = standingOf(order);
  switch (standing._tag) {
    case "Confirmed":
      return page({ title: "Thank you", sale, main: paid(order, names, survey) });
    case "InFlight":
    case "PaymentInDoubt":
    case "RefundPending": {
      const main = unsettled(order, names, standing._tag);
      return page({ title: "Your order", sale, main, refreshSeconds: ASK_AGAIN_SECONDS });
    }
    default:
      return page({ title: "Not bought", sale, main: notBought(order, names, standing) });
  }
}

function paid(order: Order, names: ItemNames, survey: SurveyStanding | null): Html {
  return html`<section class="result result-good">
<h1>Thank you, it is yours</h1>
<p class="lead">Your order is paid and confirmed.</p>
${details(order, names, "Paid")}
${survey !== null && surveyOffer(order, survey)}
<p><a class="button" href="${PRODUCTS}">Go on looking</a></p>
</section>`;
}

/** The survey where it is out; one that is planned or over is not spoken of. */
function surveyOffer({ id }: Order, survey: SurveyStanding): Html | null {
  if (survey._tag === "SurveyAnswered") return notice("Thank you for your answers.", "good");
  if (survey._tag !== "SurveyOpen") return null;
  return html`<section class="offer" aria-labelledby="survey-offer">
<h2 id="survey-offer">How was it?</h2>
<p>Two questions about this order, open until ${timeTag(survey.answerBy)}.</p>
<p><a class="button button-quiet" href="${surveyPath(id)}">Answer two questions</a></p>
</section>`;
}

function askingCardholder(
  order: Order,
  names: ItemNames,
  { key, secret }: { readonly key: string; readonly secret: string },
): Html {
  return html`<section class="result" data-cardholder="${secret}" data-key="${key}">
<h1>Your bank asks whether it is you</h1>
<p class="lead" role="status" data-cardholder-told>Answer it, and the payment goes on. Nothing is charged before.</p>
<noscript><p>The bank's question needs JavaScript.</p></noscript>
${details(order, names, "To pay")}
<p><a class="button button-quiet" href="">Ask again</a></p>
</section>`;
}

function unsettled(order: Order, names: ItemNames, tag: string): Html {
  const [title, words] =
    tag === "RefundPending"
      ? ["Your money is on its way back", "The items were gone when the payment arrived."]
      : [
          "We are asking the bank",
          "The bank has not said yet whether it was paid. You need not pay again: this page shows how it ends.",
        ];
  return html`<section class="result" data-ask-again="${ASK_AGAIN_SECONDS}">
<h1>${title}</h1>
<p class="lead" role="status">${words}</p>
<progress class="waiting-bar" aria-label="Asking the bank"></progress>
${details(order, names, "To pay")}
<p><a class="button button-quiet" href="">Ask again</a></p>
</section>`;
}

function notBought(order: Order, names: ItemNames, standing: RefusalAnswer): Html {
  return html`<section class="result result-bad">
<h1>This was not bought</h1>
${notice(refusalWords(standing, names))}
${details(order, names, "Not charged")}
<div class="actions">
<form method="post" action="${CHECKOUT}" data-once><button class="button" type="submit">Check out again</button></form>
<a class="button button-quiet" href="${CART}">See the cart</a>
</div>
</section>`;
}

function details(order: Order, names: ItemNames, words: string): Html {
  const { id, lines, total, discount, currency, placedAt } = order;
  const rows = lines.map(
    ({ sku, units, unitPrice }) =>
      html`<li><span>${units} × ${names.get(sku) ?? sku}</span><span>${priceText(units * unitPrice, currency)}</span></li>`,
  );
  const taken =
    discount !== null &&
    html`<li><span>Discount</span><span>-${priceText(discount.amount, currency)}</span></li>`;
  return html`<ul class="bill">${rows}${taken}
<li class="bill-total"><span>${words}</span><span>${priceText(total, currency)}</span></li></ul>
<p class="quiet">Order <code>${id}</code>, ${timeTag(placedAt)}</p>`;
}
