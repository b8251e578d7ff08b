/** The result of a load as it is printed and written, from what its processes have met. */
/// <reference types="node" />
import type { LatencyHistogram } from "../load/latency-histogram.ts";
import type { LoadGoal } from "../load/load-goals.ts";
import type { LoadOutcome } from "../load/load-part.ts";
import { LoadRecord, type RouteLoad } from "../load/load-record.ts";
import { ORDER_ENDS } from "../load/sale-tally.ts";
import { senderSigns } from "../load/sender-verdict.ts";
import {
  LOAD_SCHEMA,
  type LoadResult,
  type LoadRoute,
  type LoadTimes,
} from "../report/load-text.ts";
import { EXIT_DONE, EXIT_INTERRUPTED, EXIT_MISSED } from "./shell.ts";

export interface LoadFacts
  extends Omit<
    LoadResult,
    | ("$schema" | "schemaVersion" | "verb")
    | ("exit" | "lasted" | "total" | "routes" | "atEdge" | "orders" | "revenue")
    | ("problems" | "goals" | "sender" | "seconds" | "histograms")
  > {
  readonly goals: readonly LoadGoal[];
}

export function loadResult(facts: LoadFacts, outcome: LoadOutcome): LoadResult {
  const record = LoadRecord.of(outcome.record);
  const total = routeOf("all", record.total());
  const names = [...record.routes.keys()].sort();
  const { goals, ...rest } = facts;
  return {
    $schema: LOAD_SCHEMA,
    schemaVersion: 1,
    verb: "load",
    ...rest,
    exit: exitOf(facts, total, stoppedFor(record)),
    lasted: rounded(record.lastedMillis) ?? 0,
    total,
    routes: names.map((name) => routeOf(name, record.route(name))),
    atEdge: outcome.atEdge,
    orders: ORDER_ENDS.map((end) => ({
      end,
      store: outcome.answered[end],
      rehearsal: outcome.rehearsed[end],
    })),
    revenue: outcome.revenue,
    problems: outcome.problems,
    goals: goals.map(({ metric, expect, met, why }) => ({ metric, expect, met, why })),
    sender: senderOf(record),
    seconds: secondsOf(record),
    histograms: Object.fromEntries(
      names.map((name) => [name, record.route(name).response.toJSON()]),
    ),
  };
}

function exitOf(
  { complete, goals }: LoadFacts,
  { sent, answered }: LoadRoute,
  stopped: number | null,
) {
  if (!complete) return { code: EXIT_INTERRUPTED, reason: "interrupted" };
  if (sent > 0 && answered === 0) return { code: EXIT_MISSED, reason: "no request was answered" };
  if (stopped !== null) {
    const reason = `the store stopped answering: in the last ${stopped} s no request was answered`;
    return { code: EXIT_MISSED, reason };
  }
  const missed = goals.filter(({ met }) => !met).length;
  if (missed === 1) return { code: EXIT_MISSED, reason: "an expectation is missed" };
  if (missed > 1) return { code: EXIT_MISSED, reason: `${missed} expectations are missed` };
  return { code: EXIT_DONE, reason: "done" };
}

/** Fewer requests than this that fail at the end may be chance. */
const FAILED_AT_END_MIN = 5;

/** How many of the last seconds had requests that failed and none that was answered; null for none. */
function stoppedFor({ seconds }: LoadRecord): number | null {
  const last = seconds.findLastIndex(({ answered }) => answered > 0);
  const after = seconds.slice(last + 1);
  const failed = after.reduce((sum, second) => sum + second.failed, 0);
  return failed < FAILED_AT_END_MIN ? null : after.length;
}

function routeOf(route: string, load: RouteLoad): LoadRoute {
  const { sent, statuses, refused, errors } = load.counts;
  const counts = { sent, answered: load.answered, statuses, refused, errors };
  return { route, ...counts, response: timesOf(load.response), service: timesOf(load.service) };
}

function timesOf(histogram: LatencyHistogram): LoadTimes {
  return {
    mean: rounded(histogram.meanMillis),
    p50: rounded(histogram.quantileMillis(0.5)),
    p95: rounded(histogram.quantileMillis(0.95)),
    p99: rounded(histogram.quantileMillis(0.99)),
    max: rounded(histogram.maxMillis),
  };
}

function senderOf(record: LoadRecord): LoadResult["sender"] {
  const { connectionsPeak, heldBack, skipped, withoutConnection, dropped } = record;
  return {
    lag: timesOf(record.lag),
    loopLate: rounded(record.loopLateMillis) ?? 0,
    processorShares: record.processorShares.map((share) => rounded(share) ?? 0),
    connectionsPeak,
    heldBack,
    skipped,
    withoutConnection,
    dropped,
    wasLimit: senderSigns(record).map(({ says }) => says),
  };
}

function secondsOf({ seconds }: LoadRecord): LoadResult["seconds"] {
  return {
    due: seconds.map(({ due }) => due),
    sent: seconds.map(({ sent }) => sent),
    answered: seconds.map(({ answered }) => answered),
    refused: seconds.map(({ refused }) => refused),
    failed: seconds.map(({ failed }) => failed),
  };
}

/** To a microsecond; null where nothing was measured. */
function rounded(millis: number): number | null {
  return Number.isFinite(millis) ? Math.round(millis * 1_000) / 1_000 : null;
}
