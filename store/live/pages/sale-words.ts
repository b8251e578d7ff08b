/** How money, times and the phases of a sale read on a page. */
import { formatMoney } from "../../core/money.ts";
import type { Discount } from "../../core/promotion.ts";
import type { SalePhase, SaleTimes } from "../../core/sale.ts";
import { type Html, html } from "./html.ts";

const SIGNS: Readonly<Record<string, string>> = { USD: "$", EUR: "€", GBP: "£", JPY: "¥" };

/** As in "$1,234.50"; currencies without a sign of their own keep their code. */
export function priceText(minor: number, currency: string): string {
  const text = formatMoney({ minor, currency });
  const sign = SIGNS[currency];
  return sign === undefined ? text : text.replace(`${currency} `, sign);
}

/** Whole per cent that are taken off, or null where nothing is. */
export function percentOff(price: number, listPrice: number): number | null {
  const percent = listPrice <= 0 ? 0 : Math.floor((100 * (listPrice - price)) / listPrice);
  return percent > 0 ? percent : null;
}

/** As in "12.5 %" or "$5.00"; without a currency the minor units are all there is to say. */
export function discountText(discount: Discount, currency: string | null): string {
  if (discount.kind === "percent") return `${discount.basisPoints / 100} %`;
  return currency === null ? String(discount.minor) : priceText(discount.minor, currency);
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** As in "22 Nov 2026, 14:00 UTC"; the script turns it into the shopper's own time. */
export function timeText(millis: number): string {
  const time = new Date(millis);
  const clock = time.toISOString().slice(11, 16);
  return `${time.getUTCDate()} ${MONTHS[time.getUTCMonth()]} ${time.getUTCFullYear()}, ${clock} UTC`;
}

export function timeTag(millis: number): Html {
  return html`<time datetime="${new Date(millis).toISOString()}" data-local>${timeText(millis)}</time>`;
}

/** A time that the script counts down to; without it the time itself is read. */
export function countdown(until: number, words: string): Html {
  const at = new Date(until).toISOString();
  return html`<p class="countdown" data-countdown="${at}"><span class="countdown-words">${words}</span>
    <span class="countdown-clock" data-clock>${timeText(until)}</span></p>`;
}

/** A span of time in words, to the minute where it is longer than one. */
export function spanText(seconds: number): string {
  if (seconds < 60) return "less than a minute";
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return minutes === 1 ? "about a minute" : `about ${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const hoursText = hours === 1 ? "an hour" : `${hours} hours`;
  return rest === 0 ? `about ${hoursText}` : `about ${hoursText} and ${rest} minutes`;
}

export interface PhaseWords {
  /** A word or two. */
  readonly short: string;
  readonly sentence: string;
  /** What the next phase is called, before its time; null at the end. */
  readonly next: string | null;
  readonly nextAt: number | null;
}

export function phaseWords(phase: SalePhase, times: SaleTimes): PhaseWords {
  switch (phase) {
    case "scheduled":
      return {
        short: "Opens soon",
        sentence: "Look around now; you can buy when the sale opens.",
        next: times.earlyAccessAt < times.publicAt ? "Early access opens in" : "Opens in",
        nextAt: times.earlyAccessAt,
      };
    case "early-access":
      return {
        short: "Early access",
        sentence: "Invited guests can buy now. The doors open to everybody soon.",
        next: "Opens to everybody in",
        nextAt: times.publicAt,
      };
    case "public":
      return {
        short: "Open now",
        sentence: "Sale prices while stock lasts. What you check out is held for you.",
        next: "Closes in",
        nextAt: times.closesAt,
      };
    case "paused":
      return {
        short: "Paused",
        sentence: "The sale is paused for a moment. Your cart is kept; please come back shortly.",
        next: null,
        nextAt: null,
      };
    case "closed":
      return {
        short: "Closed",
        sentence: "The sale is over. Thank you for coming.",
        next: null,
        nextAt: null,
      };
  }
}
