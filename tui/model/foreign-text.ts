/**
 * Text that comes from elsewhere, such as a store's name or the words of an alert, made fit for a
 * terminal: control characters, among them escape sequences, and those that turn the direction of
 * writing are shown as one mark each and steer nothing.
 */

const LENGTH_MAX = 500;
const UNFIT = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

export function foreignText(text: unknown): string {
  if (typeof text !== "string") return "";
  return text.slice(0, LENGTH_MAX).replace(UNFIT, (one) => (/\s/.test(one) ? " " : "�"));
}
