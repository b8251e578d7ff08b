/** What a load on a live store has met, as text for a terminal and as Markdown. */
import { escaped, table } from "./markdown.ts";
import { paletteOf } from "./palette.ts";
import { durationText, moneyText, percentText, plainNumber } from "./quantity.ts";
import { tableLines } from "./terminal.ts";

/** Milliseconds; null where nothing was measured. */
export interface LoadTimes {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export interface LoadRoute {
  readonly route: string;
  readonly sent: number;
  readonly answered: number;
  /** By status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answered with 429 or 503. */
  readonly refused: number;
  /** Not answered, by kind. */
  readonly errors: Readonly<Record<string, number>>;
  /** From the time at which a request was due. */
  readonly response: LoadTimes;
  /** From the time at which it went out. */
  readonly service: LoadTimes;
}

export interface LoadHistogram {
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
  readonly sumMicros: number;
  readonly maxMicros: number;
}

export const LOAD_SCHEMA = "scenarios/load.schema.json";

export interface LoadResult {
  readonly $schema: string;
  readonly schemaVersion: 1;
  readonly verb: "load";
  readonly scenario: string;
  readonly plan: string;
  readonly seed: string;
  readonly scale: number;
  readonly target: string;
  readonly version: string;
  readonly complete: boolean;
  readonly repeat: string;
  readonly exit: { readonly code: number; readonly reason: string };
  /** Where the store's own sale stood when the load began, milliseconds since its start. */
  readonly saleStoodAt: number;
  readonly window: { readonly from: number; readonly for: number; readonly speed: number };
  readonly processes: number;
  /** Whether shoppers came with an invitation and a tier. */
  readonly signed: boolean;
  readonly lasted: number;
  readonly currency: string;
  readonly total: LoadRoute;
  readonly routes: readonly LoadRoute[];
  /** Pages that the scenario's CDN answers: they were not sent. */
  readonly atEdge: number;
  readonly orders: readonly {
    readonly end: string;
    readonly store: number;
    readonly rehearsal: number;
  }[];
  /** Minor units of the orders that were sold. */
  readonly revenue: number;
  /** Problems that the store told, by kind. */
  readonly problems: Readonly<Record<string, number>>;
  readonly goals: readonly {
    readonly metric: string;
    readonly expect: string;
    readonly met: boolean;
    readonly why: string;
  }[];
  readonly sender: {
    readonly lag: LoadTimes;
    readonly loopLate: number;
    readonly processorShares: readonly number[];
    readonly connectionsPeak: number;
    readonly heldBack: number;
    readonly skipped: number;
    readonly withoutConnection: number;
    readonly dropped: number;
    /** Why the machine, not the store, was the limit; empty where it was not. */
    readonly wasLimit: readonly string[];
  };
  /** By second of the load. */
  readonly seconds: Readonly<
    Record<"due" | "sent" | "answered" | "refused" | "failed", readonly number[]>
  >;
  /** The response times as buckets of three digits, to be read by other programs. */
  readonly histograms: Readonly<Record<string, LoadHistogram>>;
}

const ABOUT =
  "an open loop: times count from when a request was due; `in service` from when it went out";

const ENDS: Readonly<Record<string, string>> = {
  sold: "sold",
  inDoubt: "in doubt",
  declined: "card declined",
  notCharged: "no payment possible",
  soldOut: "sold out",
  lapsed: "hold lapsed",
  limited: "at a limit per shopper",
  closed: "sale not open",
  refused: "told to come back",
  other: "other",
};

export function loadText(result: LoadResult, options: { readonly colour: boolean }): string {
  const paint = paletteOf(options.colour);
  const { sender, goals } = result;
  const goalLines = goals.map(
    ({ metric, expect, met, why }) => `  ${met ? "met   " : "missed"}  ${metric} ${expect}: ${why}`,
  );
  return [
    paint.bold(headline(result)),
    paint.dim(ABOUT),
    "",
    ...tableLines(routeTable(result), paint),
    "",
    ...tableLines(orderTable(result), paint),
    "",
    ...notesOf(result),
    ...(goals.length === 0 ? [] : ["", paint.bold("goals"), ...goalLines]),
    "",
    paint.bold(verdictLine(result)),
    ...sender.wasLimit.map((why) => `  ${why}`),
    paint.dim(`  ${senderLine(result)}`),
    "",
    `repeat  ${result.repeat}`,
    "",
  ].join("\n");
}

export function loadMarkdown(result: LoadResult): string {
  const routes = routeTable(result);
  const orders = orderTable(result);
  const { goals, sender } = result;
  return [
    `## ${escaped(headline(result))}`,
    "",
    `${ABOUT}.`,
    "",
    ...table(routes.heads, routes.rows),
    "",
    ...table(orders.heads, orders.rows),
    "",
    ...notesOf(result).map((note) => `- ${escaped(note)}`),
    ...goals.map(
      ({ metric, expect, met, why }) =>
        `- ${met ? "met" : "**missed**"}: ${escaped(`${metric} ${expect}`)} (${escaped(why)})`,
    ),
    `- ${escaped(verdictLine(result))} ${escaped([...sender.wasLimit, senderLine(result)].join(" "))}`,
    "",
    "```sh",
    result.repeat,
    "```",
    "",
  ].join("\n");
}

function headline({ scenario, plan, target, seed, window, complete }: LoadResult): string {
  const speed = window.speed === 1 ? "" : ` at ${percentText(window.speed)} speed`;
  const part = `${durationText(window.for)} from +${durationText(window.from)}${speed}`;
  const partial = complete ? "" : " (broken off)";
  return `${scenario}: load of ${plan} on ${target}, ${part}, seed ${seed}${partial}`;
}

function routeTable({ routes, total }: LoadResult) {
  const heads = [
    ...["", "sent", "refused", "failed", "mean", "P50", "P95", "P99", "max"],
    ...["P99 in service"],
  ];
  const rows = [...routes, total].map(({ route, sent, refused, errors, response, service }) => [
    route,
    plainNumber(sent, 0),
    plainNumber(refused, 0),
    plainNumber(sumOf(errors), 0),
    ...[response.mean, response.p50, response.p95, response.p99, response.max].map(timeText),
    timeText(service.p99),
  ]);
  return { heads, rows };
}

function orderTable({ orders }: LoadResult) {
  const rows = orders
    .filter(({ store, rehearsal }, place) => place === 0 || store + rehearsal > 0)
    .map(({ end, store, rehearsal }) => [
      ENDS[end] ?? end,
      plainNumber(store, 0),
      plainNumber(rehearsal, 0),
    ]);
  return { heads: ["orders", "store", "rehearsal"], rows };
}

function notesOf(result: LoadResult): readonly string[] {
  const { total, lasted, atEdge, sender, problems, revenue, currency, window } = result;
  const { exit, complete, goals } = result;
  const seconds = Math.max(0.001, lasted / 1_000);
  const listed = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .sort(([, one], [, other]) => other - one)
      .map(([name, count]) => `${name} ${plainNumber(count, 0)}`)
      .join(", ");
  const ahead = result.saleStoodAt - window.from;
  return [
    `${plainNumber(total.answered / seconds, 1)} answers a second over ${durationText(lasted)}; sold for ${moneyText(revenue, currency)}`,
    `statuses: ${listed(total.statuses) || "none"}`,
    ...(Object.keys(total.errors).length === 0 ? [] : [`not answered: ${listed(total.errors)}`]),
    ...(exit.code !== 0 && complete && goals.every(({ met }) => met) ? [exit.reason] : []),
    ...(Object.keys(problems).length === 0 ? [] : [`the store told of: ${listed(problems)}`]),
    ...(atEdge === 0 ? [] : [`${plainNumber(atEdge, 0)} pages are the CDN's and were not sent`]),
    ...(sender.skipped === 0
      ? []
      : [`${plainNumber(sender.skipped, 0)} requests had nothing left to ask for`]),
    ...(Math.abs(ahead) < SALE_CLOCK_APART_MILLIS
      ? []
      : [
          `the store's sale stood ${durationText(Math.abs(ahead))} ${ahead > 0 ? "after" : "before"} where the shoppers began`,
        ]),
    ...(total.sent === 0
      ? ["no request was due in this part of the sale: let it last longer, or begin later"]
      : []),
    ...("sale-not-open" in problems && !result.signed
      ? ["nobody was invited to the early access: name the store's folder with --data"]
      : []),
    ...("too-many-requests" in problems
      ? [
          "the store's limits per network turned shoppers away: start it with --trust-proxy 127.0.0.1",
        ]
      : []),
  ];
}

/** A store that was opened a moment before the load stands a moment later. */
const SALE_CLOCK_APART_MILLIS = 10_000;

function verdictLine({ sender }: LoadResult): string {
  return sender.wasLimit.length === 0
    ? "The store was measured: the machine that sent was not the limit."
    : "The machine that sent, not the store, was the limit: the times are too long, the rates too low.";
}

function senderLine({ sender, processes }: LoadResult): string {
  const shares = sender.processorShares.map((share) => percentText(share)).join(", ");
  return [
    `${processes} ${processes === 1 ? "process" : "processes"}`,
    `sent late by ${timeText(sender.lag.p50)} (P50), ${timeText(sender.lag.p99)} (P99)`,
    `event loop late by ${timeText(sender.loopLate)}`,
    `${shares || "0 %"} of a core`,
    `${plainNumber(sender.connectionsPeak, 0)} connections`,
    `${plainNumber(sender.heldBack, 0)} waited for the one before`,
  ].join(", ");
}

function timeText(millis: number | null): string {
  if (millis === null) return "–";
  return millis < 10 ? `${plainNumber(millis, 1)} ms` : durationText(millis);
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
