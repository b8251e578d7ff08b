/**
 * Names for what the store makes. Live they come from the operating system's secure source, in a
 * rehearsal from counters under the seed; nothing else in the store makes an identifier.
 */
import { Context } from "effect";

export type IdentifierKind = "shopper" | "cart" | "hold" | "order" | "payment";

export interface IdentifiersService {
  /** A name that this store has not given before, of letters, digits, `-` and `_`. */
  readonly next: (kind: IdentifierKind) => string;
}

export class Identifiers extends Context.Tag("store/Identifiers")<
  Identifiers,
  IdentifiersService
>() {}
