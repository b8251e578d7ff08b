/** Which column of a table of orders is what: by the names that shops give them, or as told. */

/** What a column can be. */
export const ORDER_FIELDS = [
  "at",
  "order",
  "shopper",
  "total",
  "units",
  "lines",
  "slot",
  "kind",
] as const;
export type OrderField = (typeof ORDER_FIELDS)[number];

export interface OrderColumns {
  /** Places in a row, from 0. */
  readonly places: Readonly<Partial<Record<OrderField, number>>> & { readonly at: number };
  /** ISO 4217; `XXX` where none is known. */
  readonly currency: string;
  /** What the kind of a row must be for it to be an order; none where every row is one. */
  readonly orderKinds: readonly string[];
  /** What a bare number in the column of times counts, milliseconds; null: its size says. */
  readonly timeUnit: number | null;
}

/** ISO 4217 for "no currency". */
export const NO_CURRENCY = "XXX";

/** Names in lower case, words parted by `_`; the first that is there is taken. */
const NAMES: Readonly<Record<OrderField, RegExp>> = {
  at: /^(?:at|t|t_.+|time|timestamp|date|date_?time|.+_at|.+_(?:time|date)|(?:invoice|order)_?date)$/u,
  order: /^(?:order|invoice|transaction|receipt)(?:_?(?:id|no|number|name))?$/u,
  shopper: /^(?:shopper|buyer|customer|user|client|member|account)(?:_?(?:id|no|number))?$/u,
  total: /^(?:total|value|amount|revenue|sum|gmv|price)(?:_[a-z]{3})?$/u,
  units: /^(?:units|quantity|qty|items|pieces)$/u,
  lines: /^(?:lines|line_items|positions|products)$/u,
  slot: /^(?:slot|block|batch)$/u,
  kind: /^(?:kind|type|status|state|financial_status)$/u,
};

/** Kinds that are orders, as shops write them. */
const ORDER_KINDS = [
  "o",
  "order",
  "sale",
  "paid",
  "confirmed",
  "complete",
  "completed",
  "purchase",
];

const UNITS: Readonly<Record<string, number>> = { s: 1_000, sec: 1_000, ms: 1, min: 60_000 };

export interface ColumnsTold {
  /** Field to the name of its column. */
  readonly columns: Readonly<Partial<Record<OrderField, string | undefined>>>;
  readonly currency?: string;
  readonly orderKinds?: readonly string[];
}

/** The columns of a header, what is told going before what is guessed; or why there are none. */
export function orderColumns(
  header: readonly string[],
  told: ColumnsTold = { columns: {} },
): OrderColumns | { readonly why: string } {
  const plain = header.map((name) => plainName(name));
  const places: Partial<Record<OrderField, number>> = {};
  for (const field of ORDER_FIELDS) {
    const name = told.columns[field];
    const place =
      name === undefined
        ? plain.findIndex((one, at) => NAMES[field].test(one) && !isTaken(places, at))
        : header.indexOf(name);
    if (name !== undefined && place < 0)
      return { why: `there is no column ${name}; there are ${header.join(", ")}` };
    if (place >= 0) places[field] = place;
  }
  const { at } = places;
  if (at === undefined)
    return { why: `no column tells the time of an order; there are ${header.join(", ")}` };
  return {
    places: { ...places, at },
    currency: told.currency ?? currencyOf(header[places.total ?? -1]),
    orderKinds: told.orderKinds ?? (places.kind === undefined ? [] : ORDER_KINDS),
    timeUnit: UNITS[/_([a-z]+)$/u.exec(plain[at] ?? "")?.[1] ?? ""] ?? null,
  };
}

function isTaken(places: Partial<Record<OrderField, number>>, at: number): boolean {
  return Object.values(places).includes(at);
}

/** `Customer ID`, `customerId` and `customer-id` are `customer_id`. */
function plainName(name: string): string {
  return name
    .trim()
    .replace(/([a-z])([A-Z])/gu, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "_")
    .replace(/^_+|_+$/gu, "");
}

/** `value_gbp` is in pounds. */
function currencyOf(name: string | undefined): string {
  const code = /_([A-Za-z]{3})$/u.exec(name ?? "")?.[1];
  return code === undefined ? NO_CURRENCY : code.toUpperCase();
}
