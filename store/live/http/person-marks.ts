/**
 * The marks of the person behind an order. Email and address are made plain first, so that a
 * buyer who writes them a little differently is the same buyer, and then hashed under a key: the
 * ledger can tell two buyers apart and can name neither.
 */
import type { ShopperTokens } from "./shopper-token.ts";

export interface Address {
  readonly street: string;
  readonly city: string;
  readonly postcode: string;
  readonly country: string;
}

export interface PersonBody {
  readonly email?: string;
  readonly address?: Address;
}

/** Nothing where nothing is known of the buyer. */
export function personMarks(
  tokens: ShopperTokens,
  { email, address }: PersonBody,
): { readonly person: readonly string[] } | null {
  const marks: string[] = [];
  if (email !== undefined) marks.push(tokens.personMark("email", plainEmail(email)));
  if (address !== undefined) marks.push(tokens.personMark("address", plainAddress(address)));
  return marks.length === 0 ? null : { person: marks };
}

/** Small letters, and without the part after a plus, which most mail hosts deliver all the same. */
export function plainEmail(email: string): string {
  const plain = email.normalize("NFKC").trim().toLowerCase();
  const at = plain.lastIndexOf("@");
  const [box = ""] = plain.slice(0, at).split("+", 1);
  return `${box}${plain.slice(at)}`;
}

/** Where a parcel goes: letters and digits alone, in the order of the fields. */
export function plainAddress({ street, city, postcode, country }: Address): string {
  return [street, city, postcode, country].map(lettersOf).join("|");
}

function lettersOf(text: string): string {
  const decomposed = text.normalize("NFKD").toLowerCase();
  return decomposed.replace(/[^\p{Letter}\p{Number}]/gu, "");
}
