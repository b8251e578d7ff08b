/**
 * The shapes that the API takes and gives, in JSON Schema. What is not named is refused on the way
 * in and left out on the way out. Money is whole minor units of the currency beside it, a time is
 * milliseconds since 1970-01-01T00:00Z.
 */

type Schema = Readonly<Record<string, unknown>>;

/** An object with these members and no others; all of them are there unless `optional` says not. */
export function shape(members: Record<string, Schema>, ...optional: readonly string[]): Schema {
  const required = Object.keys(members).filter((name) => !optional.includes(name));
  return { type: "object", additionalProperties: false, required, properties: members };
}

export function listOf(items: Schema, maxItems: number, minItems = 0): Schema {
  return { type: "array", items, minItems, maxItems };
}

export function oneOf(...values: readonly string[]): Schema {
  return { type: "string", enum: values };
}

export function text(maxLength: number, minLength = 1): Schema {
  return { type: "string", minLength, maxLength };
}

export const TEXT: Schema = { type: "string" };
export const FLAG: Schema = { type: "boolean" };
export const WHOLE: Schema = { type: "integer" };
export const WHOLE_OR_NULL: Schema = { type: ["integer", "null"] };
export const TEXT_OR_NULL: Schema = { type: ["string", "null"] };
export const MINOR: Schema = { type: "integer", description: "minor units of the currency" };
export const TIME: Schema = { type: "integer", description: "milliseconds since 1970" };
/** What the store gives names with, and sellers name their goods with. */
export const NAME: Schema = text(128);

/** Far more than a cart takes; the sale's own limits are told as what they are. */
const UNITS_MAX = 10_000;
const LINES_MAX = 100;
const CODES_MAX = 10;

export const UNITS: Schema = { type: "integer", minimum: 1, maximum: UNITS_MAX };
export const UNITS_OR_NONE: Schema = { type: "integer", minimum: 0, maximum: UNITS_MAX };

const PRICE_SHOWN: Schema = {
  type: "integer",
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "what one unit costs as the shopper was shown it, minor units",
};

export const ORDER_LINE = shape({ sku: NAME, units: UNITS, unitPrice: PRICE_SHOWN });
export const ORDER_LINES = listOf(ORDER_LINE, LINES_MAX, 1);
export const CODES = listOf(text(64), CODES_MAX);

/** A cart or lines, and never both. */
export function withItems(members: Record<string, Schema>, ...optional: string[]): Schema {
  const items = { cart: NAME, lines: ORDER_LINES };
  return {
    ...shape({ ...items, ...members }, "cart", "lines", ...optional),
    oneOf: [{ required: ["cart"] }, { required: ["lines"] }],
  };
}

export const CART = shape({
  cart: NAME,
  currency: TEXT_OR_NULL,
  lines: listOf(shape({ sku: TEXT, seller: TEXT, units: WHOLE, unitPrice: MINOR }), LINES_MAX),
  total: MINOR,
});

export const PLACE = shape(
  {
    status: oneOf("waiting", "admitted", "inside", "closed"),
    ticket: WHOLE,
    position: WHOLE_OR_NULL,
    ahead: WHOLE_OR_NULL,
    progress: { type: "number", minimum: 0, maximum: 1 },
    estimatedWaitSeconds: WHOLE_OR_NULL,
    pollAfterSeconds: WHOLE,
    opensAt: { ...TIME, type: ["integer", "null"] },
    soldOut: FLAG,
    lane: TEXT,
    pass: TEXT,
    passUntil: TIME,
    why: TEXT,
  },
  "ticket",
  "position",
  "ahead",
  "progress",
  "estimatedWaitSeconds",
  "pollAfterSeconds",
  "opensAt",
  "soldOut",
  "lane",
  "pass",
  "passUntil",
  "why",
);

/** Every member that a problem can have beside those of RFC 9457. */
const PROBLEM_DETAILS: Record<string, Schema> = {
  sku: TEXT_OR_NULL,
  units: WHOLE,
  available: WHOLE,
  limit: WHOLE,
  counted: WHOLE,
  shown: MINOR,
  current: MINOR,
  floor: MINOR,
  phase: TEXT,
  reason: TEXT,
  why: TEXT,
  kind: TEXT,
  by: TEXT,
  order: TEXT,
  hold: TEXT,
  code: TEXT,
  offer: TEXT,
  total: MINOR,
  currency: TEXT,
  until: TIME,
  answerBy: TIME,
  retryAfterMillis: WHOLE,
  retryAfterSeconds: WHOLE,
  queue: TEXT,
  allow: listOf(TEXT, 10),
};

export const PROBLEM: Schema = {
  $id: "Problem",
  ...shape(
    { type: TEXT, title: TEXT, status: WHOLE, detail: TEXT, ...PROBLEM_DETAILS },
    "detail",
    ...Object.keys(PROBLEM_DETAILS),
  ),
};

/**
 * The problems that any route can have. They stand in the description alone: a problem is written
 * in one place, and compiling its schema for every route would take most of the time of a start.
 */
export const PROBLEM_RESPONSES = Object.fromEntries(
  ["4xx", "5xx"].map((status) => [
    status,
    {
      description: "A problem as of RFC 9457",
      content: { "application/problem+json": { schema: { $ref: "Problem#" } } },
    },
  ]),
);

export const NOTHING: Schema = { type: "null", description: "Nothing more is said" };
