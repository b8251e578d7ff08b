/**
 * How the store's mails read: a subject, plain text and simple HTML that says the same. Everything
 * that comes from outside is escaped in HTML; there are no images and nothing is loaded.
 */
import type { Mail, OrderConfirmationMail } from "../../core/mail.ts";
import { formatMoney, money } from "../../core/money.ts";

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A mail before it is dressed: paragraphs, and one thing to do. */
interface Draft {
  readonly subject: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly rows: readonly (readonly [what: string, amount: string])[];
  readonly action: string;
  readonly link: string;
  readonly unsubscribe: string | null;
}

export function mailText(mail: Mail, shop: string): MailText {
  const draft = draftOf(mail, shop);
  return { subject: draft.subject, text: plain(draft, shop), html: page(draft, shop) };
}

function draftOf(mail: Mail, shop: string): Draft {
  const { link } = mail;
  const rest = { rows: [], link, unsubscribe: null };
  switch (mail.kind) {
    case "order-confirmation":
      return confirmation(mail);
    case "turn":
      return {
        ...rest,
        subject: `It is your turn at ${shop}`,
        greeting: "It is your turn.",
        paragraphs: [`Your place in the sale is kept until ${moment(mail.until)}.`],
        action: "Go to the sale",
      };
    case "survey-invitation":
      return {
        ...rest,
        subject: `How was it? Order ${mail.order}`,
        greeting: "How did we do?",
        paragraphs: [`Two questions about order ${mail.order}, open until ${moment(mail.until)}.`],
        action: "Answer",
      };
    case "cart-offer":
      return {
        ...rest,
        subject: `${mail.off} off what you left in your cart`,
        greeting: "Your cart is still there.",
        paragraphs: [
          `With the code ${mail.code} you get ${mail.off} off, until ${moment(mail.until)}.`,
          "The code is yours alone and can be used once.",
        ],
        action: "Back to the cart",
        unsubscribe: mail.unsubscribe,
      };
  }
}

function confirmation(mail: OrderConfirmationMail): Draft {
  const { order, lines, discount, total, currency, link } = mail;
  const amount = (minor: number) => formatMoney(money(minor, currency));
  const bought = lines.map(
    ({ name, units, unitPrice }) => [`${units} × ${name}`, amount(units * unitPrice)] as const,
  );
  const off = discount === 0 ? [] : [["Discount", amount(-discount)] as const];
  return {
    subject: `Your order ${order}`,
    greeting: "Thank you for your order.",
    paragraphs: [`Order ${order} is paid and confirmed.`],
    rows: [...bought, ...off, ["Total", amount(total)]],
    action: "See the order",
    link,
    unsubscribe: null,
  };
}

/** As in `2011-11-25 13:20 UTC`: short, and the same wherever it is read. */
function moment(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function plain({ greeting, paragraphs, rows, action, link, unsubscribe }: Draft, shop: string) {
  const table = rows.map(([what, amount]) => `  ${what}: ${amount}`).join("\n");
  const parts = [greeting, ...paragraphs, table, `${action}: ${link}`, `-- \n${shop}`];
  if (unsubscribe !== null) parts.push(`No more mails like this one: ${unsubscribe}`);
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function page(draft: Draft, shop: string): string {
  const { subject, greeting, paragraphs, rows, action, link, unsubscribe } = draft;
  const cells = rows.map(
    ([what, amount]) =>
      `<tr><td>${escaped(what)}</td><td align="right">${escaped(amount)}</td></tr>`,
  );
  const table = rows.length === 0 ? "" : `<table cellpadding="4">${cells.join("")}</table>`;
  const body = paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`).join("");
  const stop =
    unsubscribe === null
      ? ""
      : `<p><a href="${escaped(unsubscribe)}">No more mails like this one</a></p>`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(subject)}</title></head>`,
    '<body style="font-family: sans-serif; line-height: 1.5; max-width: 36em">',
    `<h1>${escaped(greeting)}</h1>${body}${table}`,
    `<p><a href="${escaped(link)}">${escaped(action)}</a></p>`,
    `<p>${escaped(shop)}</p>${stop}</body></html>`,
  ].join("\n");
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/** For text between tags and for attributes in double quotes. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES.get(character) ?? character);
}
