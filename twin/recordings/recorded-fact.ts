/** A line of a recording, or an event that is yet to become one, as a fact that can be counted. */
import type { RecordedEvent } from "./recorded-event.ts";
import { PLAIN_TIMES, readTime } from "./recorded-time.ts";

/** An event of a recording as its line is decoded; what else it says is not looked at. */
export interface RecordedFact {
  readonly kind: string;
  /** Milliseconds since 1970; null for what has no time. */
  readonly at: number | null;
  readonly shopper: string | null;
  readonly order: string | null;
  /** Minor units. */
  readonly total: number | null;
  readonly currency: string | null;
  readonly units: number | null;
  readonly lines: number | null;
  readonly slot: string | null;
  readonly metric: string | null;
  readonly value: number | null;
  readonly sale: string | null;
  /** Milliseconds since the sale began. */
  readonly after: number | null;
  /** Milliseconds of the interval that was counted in. */
  readonly lasts: number | null;
  /** Of a published figure, as its file has it. */
  readonly tolerance: string | null;
  /** Of a request. */
  readonly method: string | null;
  readonly path: string | null;
  readonly status: number | null;
  /** Until a request was answered. */
  readonly millis: number | null;
  /** Of which rehearsal it is, where several are told in one file; null where one is. */
  readonly run: string | null;
}

/** Null for a line that is no event. */
export function recordedFact(line: string): RecordedFact | null {
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof told !== "object" || told === null || Array.isArray(told)) return null;
  const record = told as Readonly<Record<string, unknown>>;
  const { kind } = record;
  if (typeof kind !== "string") return null;
  const text = (key: string) => {
    const value = record[key];
    return typeof value === "string" && value !== "" ? value : null;
  };
  const number = (key: string) => {
    const value = record[key];
    return typeof value === "number" && Number.isFinite(value) ? value : null;
  };
  const written = text("at");
  const time = written === null ? null : readTime(written, PLAIN_TIMES);
  if (time !== null && "why" in time) return null;
  return {
    kind,
    at: time?.at ?? null,
    shopper: text("shopper"),
    order: text("order"),
    total: number("total"),
    currency: text("currency"),
    ...basketOf(record, number),
    slot: text("slot"),
    metric: text("metric"),
    value: number("value"),
    sale: text("sale"),
    after: number("after"),
    lasts: number("lasts"),
    tolerance: text("tolerance"),
    method: text("method"),
    path: text("path"),
    status: number("status"),
    millis: number("millis"),
    run: runOf(text("plan"), text("seed")),
  };
}

/** The parts that any of the events may have. */
type Parts = Partial<Omit<RecordedFact, "kind" | "run">>;

/** What `recordedFact` makes of the event's line, without writing and reading it. */
export function factOfEvent(event: RecordedEvent): RecordedFact {
  const parts: Parts = event;
  return {
    kind: event.kind,
    at: parts.at ?? null,
    shopper: parts.shopper || null,
    order: parts.order || null,
    total: parts.total ?? null,
    currency: parts.currency || null,
    units: parts.units ?? null,
    lines: parts.lines ?? null,
    slot: parts.slot || null,
    metric: parts.metric || null,
    value: parts.value ?? null,
    sale: parts.sale || null,
    after: parts.after ?? null,
    lasts: parts.lasts ?? null,
    tolerance: parts.tolerance || null,
    method: parts.method || null,
    path: parts.path || null,
    status: parts.status ?? null,
    millis: parts.millis ?? null,
    run: null,
  };
}

function runOf(plan: string | null, seed: string | null): string | null {
  return plan === null && seed === null ? null : `plan ${plan ?? ""}, seed ${seed ?? ""}`;
}

/** Units and lines as numbers, or of the lines as a sale log lists them. */
function basketOf(
  { lines }: Readonly<Record<string, unknown>>,
  number: (key: string) => number | null,
): Pick<RecordedFact, "units" | "lines"> {
  if (!Array.isArray(lines)) return { units: number("units"), lines: number("lines") };
  const units = lines.reduce<number>((sum, line: { readonly units?: unknown } | null) => {
    const told = line?.units;
    return sum + (typeof told === "number" ? told : 0);
  }, 0);
  return { units: units > 0 ? units : null, lines: lines.length };
}
