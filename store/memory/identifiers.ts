/**
 * Identifiers counted from one under a prefix: the same run, the same names. For rehearsals and
 * tests only; they can be guessed, so nothing live may use them.
 */
import { Layer } from "effect";
import { type IdentifierKind, Identifiers, type IdentifiersService } from "../ports/identifiers.ts";

function make(prefix = ""): IdentifiersService {
  const counts: Record<IdentifierKind, number> = {
    shopper: 0,
    cart: 0,
    hold: 0,
    order: 0,
    payment: 0,
  };
  return {
    next: (kind) => {
      counts[kind]++;
      return `${prefix}${kind}-${counts[kind]}`;
    },
  };
}

export const CountedIdentifiers = {
  make,
  layer: (prefix = "") => Layer.sync(Identifiers, () => make(prefix)),
} as const;
