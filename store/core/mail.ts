/**
 * The mails of a store, as what they say and to whom; how they look is for whoever sends them.
 * Whatever a shopper can have typed is refused where it could become a header, a second recipient
 * or a script. Money is integer minor units, times are epoch milliseconds.
 */

/** What was bought, and for how much. */
export interface OrderConfirmationMail {
  readonly kind: "order-confirmation";
  readonly to: string;
  readonly order: string;
  readonly lines: readonly MailLine[];
  /** What codes took off; 0 for nothing. */
  readonly discount: number;
  readonly total: number;
  readonly currency: string;
  /** Where the order can be seen. */
  readonly link: string;
}

export interface MailLine {
  readonly name: string;
  readonly units: number;
  readonly unitPrice: number;
}

/** The place in the waiting room has come to the front. */
export interface TurnMail {
  readonly kind: "turn";
  readonly to: string;
  readonly ticket: string;
  /** The pass is of no use after this. */
  readonly until: number;
  readonly link: string;
}

export interface SurveyInvitationMail {
  readonly kind: "survey-invitation";
  readonly to: string;
  readonly order: string;
  readonly until: number;
  readonly link: string;
}

/** A code for somebody who left a cart behind. */
export interface CartOfferMail {
  readonly kind: "cart-offer";
  readonly to: string;
  readonly code: string;
  /** What the code takes off, as a shopper reads it: "10 %", "USD 5.00". */
  readonly off: string;
  readonly until: number;
  readonly link: string;
  /** Where the shopper can say that they want no such mails. */
  readonly unsubscribe: string;
}

export type Mail = OrderConfirmationMail | TurnMail | SurveyInvitationMail | CartOfferMail;

export const ADDRESS_LENGTH_MAX = 254;
const LOCAL_LENGTH_MAX = 64;
const TEXT_LENGTH_MAX = 200;
const LINK_LENGTH_MAX = 2_000;
const LINES_MAX = 200;
/** The last moment that a Date can be. */
const TIME_MAX = 8_640_000_000_000_000;

/** A dot-atom of RFC 5322 at a host name: no quotes, no comments, nothing that ends a header. */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const HOST =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Addresses as {@link addressProblem} takes them, for a JSON Schema. */
export const ADDRESS_PATTERN = `^(?=[^@]{1,${LOCAL_LENGTH_MAX}}@)${LOCAL.source.slice(1, -1)}@${HOST.source.slice(1, -1)}$`;

/**
 * The mail's one name: what it is about, so that the second confirmation of an order is the first
 * one again, whoever sends it.
 */
export function mailName(mail: Mail): string {
  switch (mail.kind) {
    case "order-confirmation":
    case "survey-invitation":
      return `${mail.kind} ${mail.order}`;
    case "turn":
      return `${mail.kind} ${mail.ticket}`;
    case "cart-offer":
      return `${mail.kind} ${mail.code}`;
  }
}

/** Why the mail cannot be sent, in plain words, or null. */
export function mailProblem(mail: Mail): string | null {
  const problem = addressProblem(mail.to) ?? linkProblem(mail.link);
  if (problem !== null) return problem;
  switch (mail.kind) {
    case "order-confirmation":
      return textProblem("order", mail.order) ?? purchaseProblem(mail);
    case "turn":
      return textProblem("ticket", mail.ticket) ?? timeProblem(mail.until);
    case "survey-invitation":
      return textProblem("order", mail.order) ?? timeProblem(mail.until);
    case "cart-offer":
      return offerProblem(mail);
  }
}

export function addressProblem(address: string): string | null {
  if (address.length > ADDRESS_LENGTH_MAX) return "the address is too long";
  const at = address.lastIndexOf("@");
  const local = address.slice(0, Math.max(at, 0));
  const sound =
    local.length <= LOCAL_LENGTH_MAX && LOCAL.test(local) && HOST.test(address.slice(at + 1));
  return sound ? null : "the address is not one mailbox, as in name@example.com";
}

function linkProblem(link: string): string | null {
  const sound = link.length <= LINK_LENGTH_MAX && /^https?:\/\/[!-~]+$/.test(link);
  return sound ? null : "the link is no web address";
}

function textProblem(name: string, text: string): string | null {
  if (text.length === 0) return `${name} is empty`;
  if (text.length > TEXT_LENGTH_MAX) return `${name} is longer than ${TEXT_LENGTH_MAX} letters`;
  return hasControl(text) ? `${name} holds a control character` : null;
}

/** Line ends above all: CR, LF, NEL and the two separators of Unicode, and text that runs backwards. */
function hasControl(text: string): boolean {
  return /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u.test(text);
}

function timeProblem(time: number): string | null {
  const sound = Number.isSafeInteger(time) && time >= 0 && time <= TIME_MAX;
  return sound ? null : "a time is epoch milliseconds";
}

function offerProblem({ code, off, until, unsubscribe }: CartOfferMail): string | null {
  return (
    textProblem("code", code) ??
    textProblem("off", off) ??
    timeProblem(until) ??
    linkProblem(unsubscribe)
  );
}

function purchaseProblem(mail: OrderConfirmationMail): string | null {
  const { lines, discount, total, currency } = mail;
  if (lines.length === 0 || lines.length > LINES_MAX) return `an order has 1 to ${LINES_MAX} lines`;
  if (!/^[A-Z]{3}$/.test(currency)) return "a currency is three capital letters";
  let sum = 0;
  for (const { name, units, unitPrice } of lines) {
    const problem = textProblem("name", name);
    if (problem !== null) return problem;
    if (!(isAmount(units) && isAmount(unitPrice))) return "a line has whole units and a price";
    sum += units * unitPrice;
  }
  if (!(isAmount(discount) && isAmount(total))) return "money is whole minor units";
  return sum - discount === total ? null : "the lines less the discount are the total";
}

function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
