/** Which column of a table of orders is what: by the names that shops give them, or as told. */

/** What a column can be. */
export const ORDER_FIELDS = [
  "at",
  "clock",
  "order",
  "shopper",
  "total",
  "units",
  "lines",
  "slot",
  "kind",
  "currency",
] as const;
export type OrderField = (typeof ORDER_FIELDS)[number];

export interface OrderColumns {
  /** Places in a row, from 0. */
  readonly places: Readonly<Partial<Record<OrderField, number>>> & { readonly at: number };
  /** ISO 4217, where a row tells none of its own; `XXX` where none is known. */
  readonly currency: string;
  /** Whether the columns file says so: then all values are of it. */
  readonly currencyTold: boolean;
  /** What the kind of a row must be for it to be an order; none where every row is one. */
  readonly orderKinds: readonly string[];
  /** What a bare number in the column of times counts, milliseconds; null: its size says. */
  readonly timeUnit: number | null;
}

/** ISO 4217 for "no currency". */
export const NO_CURRENCY = "XXX";

/** What else stands before and behind the word for a value. */
const VALUE_BEFORE = "(?:grand|order|invoice|cart|gross|bestell|gesamt|montant|importe|importo)_?";
const VALUE_BEHIND =
  "(?:_(?:price|amount|value|paid|base|purchased|gross|total|ttc|incl?_(?:tax|vat)|brutto|[a-z]{3}))*";
const VALUE =
  "(?:total|value|amount|revenue|sum|gmv|price|betrag|summe|umsatz|wert|preis|gesamt|montant|prix|importe|importo|totale)";
const ORDER = "(?:order|invoice|transaction|receipt|purchase|bestellung|auftrag|rechnung|commande)";
const NUMBER = "(?:id|no|nr|number|name|key|reference|nummer)";
const SHOPPER =
  "(?:shopper|buyer|customer|user|client|member|account|visitor|kunden?|kaufer|kundin|acheteur|cliente)";

/**
 * Names in lower case, words parted by `_` and letters without their marks, as English, German,
 * French, Spanish and Italian exports have them. The first pattern that meets a name is taken, of
 * one pattern the first column.
 */
const NAMES: Readonly<Record<OrderField, readonly RegExp[]>> = {
  at: [
    /^(?:at|created|created_(?:at|utc|on|date|time)|(?:order|purchase|invoice|sale)_?(?:date|time|datetime|timestamp|created)|(?:placed|ordered|purchased|bought|confirmed)_(?:at|on))$/u,
    /^(?:bestell|auftrags|kauf|rechnungs)(?:datum|zeit|zeitpunkt)|^date_(?:de_)?(?:la_)?commande$|^fecha_(?:de_|del_)?pedido$|^data_ordine$/u,
    /^(?:t|t_.+|(?:time|ts|epoch|unix|timestamp)_(?:s|sec|ms|min)|timestamp|ts|date_?time|zeitpunkt|zeitstempel)$/u,
    /^(?:date|datum|fecha|data)$/u,
    /^(?:time|zeit|uhrzeit|heure|hora)$/u,
    /^(?!.*(?:updated|modified|changed|shipped|fulfilled|delivered|cancell?ed|refunded|returned|closed|birth|due|expir|start|end)).+_(?:at|time|date|on)$/u,
  ],
  clock: [/^(?:time|time_of_day|order_time|uhrzeit|zeit|heure|hora|ora|bestellzeit)$/u],
  order: [
    new RegExp(
      `^${ORDER}_?${NUMBER}?$|^${ORDER}s_${NUMBER}$|^${NUMBER}_(?:d_|de_|di_)?${ORDER}$`,
      "u",
    ),
    /^(?:bestell|auftrags?|rechnungs|beleg)_?(?:nummer|nr|id|no)$|^(?:numero|no|n|ref|reference)_(?:de_)?(?:la_)?commande$|^(?:numero_(?:de_)?)?pedido$|^(?:numero_)?ordine$/u,
    /^(?:charge|payment|payment_intent|checkout)_id$|^id$/u,
  ],
  shopper: [
    new RegExp(`^${SHOPPER}_?${NUMBER}?$|^${SHOPPER}s?_?(?:email|e_mail|hash|uuid)$`, "u"),
    /^(?:e_?mail|email_(?:address|billing)|billing_email|e_mail_adresse|contact_email|code_client|numero_client)$/u,
  ],
  total: [
    new RegExp(`^${VALUE_BEFORE}${VALUE}${VALUE_BEHIND}$|^grand_total.*$`, "u"),
    new RegExp(`^${VALUE}${VALUE_BEHIND}$`, "u"),
  ],
  units: [
    /^(?:units|quantity|qty|items|pieces|item_?count|menge|anzahl|stuck|stuckzahl|quantite|cantidad|quantita|(?:total|units)_(?:quantity|qty|items|sold))$/u,
  ],
  lines: [/^(?:lines|line_items|positions|products|positionen|artikel|articles|articulos)$/u],
  slot: [/^(?:slot|block|batch)$/u],
  kind: [
    /^(?:kind|(?:order_|payment_)?status|financial_status|(?:bestell|zahlungs)status|zustand|statut|estado|stato)$/u,
    /^(?:type|state)$/u,
  ],
  currency: [
    /^(?:(?:order_|presentment_|invoice_)?currency(?:_code)?|wahrung|devise|monnaie|moneda|valuta|divisa)$/u,
  ],
};

/** Kinds that are orders, as shops write them. */
const ORDER_KINDS = [
  ...["o", "order", "sale", "paid", "confirmed", "complete", "completed", "purchase", "processing"],
  ...["fulfilled", "shipped", "delivered", "succeeded", "captured", "authorized", "approved"],
  ...["partially_refunded", "partially refunded", "wc-completed", "wc-processing"],
  ...["bezahlt", "abgeschlossen", "versandt", "versendet", "geliefert", "bestellung"],
  ...["payee", "payée", "payé", "terminee", "terminée", "expediee", "expédiée", "livree", "livrée"],
  ...["pagado", "completado", "enviado", "pagato", "completato", "spedito"],
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
  const places: Partial<Record<OrderField, number>> = {};
  for (const field of ORDER_FIELDS) {
    const name = told.columns[field];
    if (name === undefined) continue;
    const place = header.findIndex((one) => one.trim() === name.trim());
    if (place < 0) return { why: `there is no column ${name}; there are ${header.join(", ")}` };
    places[field] = place;
  }
  guess(places, header.map(plainName));
  const { at } = places;
  if (at === undefined)
    return { why: `no column tells the time of an order; there are ${header.join(", ")}` };
  // A currency that is told is that of all orders.
  if (told.currency !== undefined) delete places.currency;
  return {
    places: { ...places, at },
    currency: told.currency ?? currencyOf(header[places.total ?? -1]),
    currencyTold: told.currency !== undefined,
    orderKinds: told.orderKinds ?? (places.kind === undefined ? [] : ORDER_KINDS),
    timeUnit: UNITS[/_([a-z]+)$/u.exec(plainName(header[at] ?? ""))?.[1] ?? ""] ?? null,
  };
}

function guess(places: Partial<Record<OrderField, number>>, names: readonly string[]): void {
  for (const field of ORDER_FIELDS) {
    if (places[field] !== undefined) continue;
    // A time of day stands beside a date.
    if (
      field === "clock" &&
      !/^(?:.*_)?(?:date|datum|fecha|data)(?:_.*)?$/u.test(names[places.at ?? -1] ?? "")
    )
      continue;
    for (const pattern of NAMES[field]) {
      const place = names.findIndex((name, at) => pattern.test(name) && !isTaken(places, at));
      if (place < 0) continue;
      places[field] = place;
      break;
    }
  }
  // Shopify numbers its orders by their name.
  const name = names.indexOf("name");
  if (places.order === undefined && name >= 0 && names.includes("financial_status"))
    places.order = name;
}

function isTaken(places: Partial<Record<OrderField, number>>, at: number): boolean {
  return Object.values(places).includes(at);
}

/** Which column was taken for what, and what none was found for that a sale is known by. */
export interface ColumnsTaken {
  readonly taken: Readonly<Partial<Record<OrderField, string>>>;
  readonly missing: readonly OrderField[];
}

export function columnsTaken(header: readonly string[], { places }: OrderColumns): ColumnsTaken {
  const fields = ORDER_FIELDS.filter((field) => places[field] !== undefined);
  const nameOf = (field: OrderField) => [field, (header[places[field] ?? -1] ?? "").trim()];
  const wanted = ["order", "shopper", "total"] as const;
  return {
    taken: Object.fromEntries(fields.map(nameOf)),
    missing: wanted.filter((field) => places[field] === undefined),
  };
}

/** `Customer ID`, `customerId` and `customer-id` are `customer_id`. */
function plainName(name: string): string {
  return name
    .trim()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/([a-z])([A-Z])/gu, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "_")
    .replace(/^_+|_+$/gu, "");
}

/** Words for what an order came to that is none. */
const OTHER_KINDS =
  /^(?:c|a|r|refund(?:ed)?|cancell?ed|void(?:ed)?|pending|failed|declined|returned?|return|credit(?: note)?|draft|open|unpaid|expired|on[-_ ]hold|wc-.*|storniert|offen|erstattet|annul.*|rembours.*|en attente|cancelado|pendiente)$/iu;

/** Without a column of kinds that holds none: `state` may be where a shopper lives. */
export function withoutFalseKinds(
  columns: OrderColumns,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): OrderColumns {
  const { kind, ...places } = columns.places;
  if (kind === undefined || !/^(?:state|type)$/u.test(plainName(header[kind] ?? "")))
    return columns;
  const isKind = (row: readonly string[]) => {
    const word = (row[kind] ?? "").trim().toLowerCase();
    return columns.orderKinds.includes(word) || OTHER_KINDS.test(word);
  };
  return rows.some(isKind) ? columns : { ...columns, places, orderKinds: [] };
}

/** Three letters at the end of a name that are no currency. */
const NO_CODE = /_(?:ttc|tax|vat|net|sum|inc|all)$/iu;

/** `value_gbp` is in pounds. */
function currencyOf(name: string | undefined): string {
  if (name === undefined || NO_CODE.test(name)) return NO_CURRENCY;
  const code = /(?:_|\()([A-Za-z]{3})\)?$|[\s(](EUR|USD|GBP|CHF|JPY)\)?$/u.exec(name.trim());
  const [, first, second] = code ?? [];
  return (first ?? second)?.toUpperCase() ?? NO_CURRENCY;
}
