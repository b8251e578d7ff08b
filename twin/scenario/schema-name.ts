/** How whatever has a name in a scenario file is named. */
import { Schema } from "effect";
import { SUGGESTION_MARK } from "./quantity.ts";

/** Names of plans, sellers and catalogs: a letter, then letters, digits, dots and hyphens. */
export const Name = Schema.String.pipe(
  Schema.pattern(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/u, {
    message: () => ({
      message: `must be a name${SUGGESTION_MARK}a letter, then up to 63 letters, digits, dots, _ or -`,
      override: true,
    }),
  }),
);
