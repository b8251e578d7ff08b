/**
 * What one scrape of a live store says, of all that its metrics hold: the figures that a screen
 * shows. Counts are since the start of the sale or of a process; `live-history.ts` makes them
 * into rates.
 */

/** As the text format of Prometheus gives it. */
export interface NamedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Money {
  /** ISO 4217. */
  readonly currency: string;
  /** Minor units. */
  readonly minor: number;
}

/** Requests of one worker, route and class of status since the process started. */
export interface RequestSeries {
  readonly isServerError: boolean;
  /** False for what operators and load balancers ask. */
  readonly isOfShoppers: boolean;
  /** By upper bound in seconds, the last one infinite. */
  readonly within: ReadonlyMap<number, number>;
}

export interface ItemLeft {
  readonly sku: string;
  readonly units: number;
}

export interface StoreScrape {
  /** Milliseconds since 1970, by the clock of who asked. */
  readonly at: number;
  /** Confirmed orders since the start of the sale. */
  readonly orders: number;
  /** Of confirmed orders, one sum for each currency. */
  readonly revenue: readonly Money[];
  /** Shoppers in the waiting room; null where the sale has none. */
  readonly queue: number | null;
  /** Units that can still be held; null before the store's first look. */
  readonly stockLeft: number | null;
  /** The scarcest items first; the store shows a hundred at most. */
  readonly items: readonly ItemLeft[];
  /** All items on sale, and those of them with no unit left; null before the first look. */
  readonly itemsAll: number | null;
  readonly soldOut: number | null;
  readonly requests: ReadonlyMap<string, RequestSeries>;
  /** Requests refused because the store is too busy or stops, by worker: the store at work. */
  readonly refused: ReadonlyMap<string, number>;
  /** Of the worker that is latest, milliseconds. */
  readonly loopLateMillis: number | null;
  readonly workers: number;
  readonly ready: boolean | null;
  readonly firing: readonly { readonly name: string; readonly severity: string }[];
}

const NO_SHOPPERS = /^\/(?:metrics|health\/|api\/admin(?:\/|$))/;
/** Any store has it from its first scrape on. */
const MARK = "rehearse_holds_live";

/** True where the samples are those of a store. */
export function isOfStore(samples: readonly NamedSample[]): boolean {
  return samples.some(({ name }) => name === MARK);
}

export function scrapeOf(samples: readonly NamedSample[], at: number): StoreScrape {
  const of = samplesByName(samples);
  const first = (name: string, labels: Readonly<Record<string, string>> = {}) =>
    of(name).find((sample) => has(sample, labels))?.value ?? null;
  // Until its first look, five seconds after the start, the gauges of a store stand at nothing.
  const hasLooked = (first("rehearse_ledger_check_seconds") ?? 0) > 0;
  const loops = of("rehearse_event_loop_lag_seconds");
  return {
    at,
    orders: first("rehearse_orders_ended_total", { state: "confirmed" }) ?? 0,
    revenue: of("rehearse_revenue_minor_units_total")
      .map(({ labels, value }) => ({ currency: labels.currency ?? "", minor: value }))
      .sort((one, other) => other.minor - one.minor),
    queue: first("rehearse_queue_shoppers", { where: "waiting" }),
    stockLeft: first("rehearse_stock_all_units", { place: "available" }),
    items: of("rehearse_stock_units")
      .filter((sample) => has(sample, { place: "available" }))
      .map(({ labels, value }) => ({ sku: labels.sku ?? "", units: value }))
      .sort((one, other) => one.units - other.units || (one.sku < other.sku ? -1 : 1)),
    itemsAll: hasLooked ? first("rehearse_skus") : null,
    soldOut: hasLooked ? first("rehearse_skus_sold_out") : null,
    requests: requestsIn(of("rehearse_http_request_duration_seconds_bucket")),
    refused: refusedIn(of("rehearse_http_problems_total")),
    loopLateMillis:
      loops.length === 0 ? null : Math.max(...loops.map(({ value }) => value)) * 1_000,
    workers: loops.length,
    ready: hasLooked ? first("rehearse_ready") === 1 : null,
    firing: firingIn(of("rehearse_alert_firing")),
  };
}

function samplesByName(samples: readonly NamedSample[]) {
  const byName = new Map<string, NamedSample[]>();
  for (const sample of samples) {
    if (Number.isNaN(sample.value)) continue;
    const same = byName.get(sample.name);
    if (same === undefined) byName.set(sample.name, [sample]);
    else same.push(sample);
  }
  return (name: string): readonly NamedSample[] => byName.get(name) ?? [];
}

function has({ labels }: NamedSample, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([label, value]) => labels[label] === value);
}

function requestsIn(buckets: readonly NamedSample[]): ReadonlyMap<string, RequestSeries> {
  const series = new Map<string, RequestSeries & { readonly within: Map<number, number> }>();
  for (const { labels, value } of buckets) {
    const { worker = "", method = "", route = "", status_class: status = "", le = "" } = labels;
    const key = [worker, method, route, status].join(" ");
    const one = series.get(key) ?? {
      isServerError: status === "5xx",
      isOfShoppers: !NO_SHOPPERS.test(route),
      within: new Map(),
    };
    one.within.set(le === "+Inf" ? Infinity : Number(le), value);
    series.set(key, one);
  }
  return series;
}

function refusedIn(problems: readonly NamedSample[]): ReadonlyMap<string, number> {
  const refused = new Map<string, number>();
  for (const { labels, value } of problems) {
    if (labels.kind !== "overloaded" && labels.kind !== "draining") continue;
    refused.set(`${labels.worker ?? ""} ${labels.kind}`, value);
  }
  return refused;
}

/** Alerts that any worker has, each once. */
function firingIn(alerts: readonly NamedSample[]): StoreScrape["firing"] {
  const firing = new Map<string, string>();
  for (const { labels, value } of alerts) {
    if (value > 0) firing.set(labels.alert ?? "", labels.severity ?? "");
  }
  return [...firing].map(([name, severity]) => ({ name, severity }));
}
