/**
 * The demand sheet: the closed form beside rehearsals of the same plan, how far they are apart,
 * how far chance and rounding may drive them, and where they are further apart, what the
 * rehearsals had that the closed form leaves out. A difference that nothing explains is a defect
 * of one of the two, and the exit code says so.
 */
import { MILLISECOND } from "../../engine/time.ts";
import { brokenInvariantsOf } from "../experiments/expectations.ts";
import { estimatesOf } from "../experiments/figures.ts";
import { inputsOf } from "../experiments/inputs.ts";
import { SERIES_INTERVAL } from "../metrics.ts";
import type { BrokenInvariant, Estimate, Rehearsal } from "../result.ts";
import type { PlanSpec, Scenario } from "../scenario/scenario.ts";
import {
  FORECAST_FIGURES,
  type ForecastFigure,
  type ForecastName,
  type ForecastUnit,
  type Mover,
} from "./figures.ts";
import { type Forecast, forecastOf } from "./forecast.ts";
import { type LoadTestStep, loadTestOf } from "./load-test.ts";

export const FORECAST_SCHEMA = "scenarios/forecast.schema.json";

/** What the closed form may be off by besides chance: bins, means in place of distributions. */
const TOLERANCE = 0.02;

/** Standard deviations of chance that are allowed besides. */
const DEVIATIONS = 3;

export interface SheetRow {
  readonly name: ForecastName;
  readonly unit: ForecastUnit;
  readonly about: string;
  /** Null where the plan gives nothing to compute it from. */
  readonly forecast: number | null;
  /** Null where a rehearsal has no such figure, or none was asked for. */
  readonly simulated: Estimate | null;
  /** (simulated - forecast) / forecast. */
  readonly difference: number | null;
  /** The largest difference that model and chance explain. */
  readonly tolerance: number | null;
  readonly within: boolean | null;
  /** What explains a difference beyond the tolerance; empty where there is none. */
  readonly why: string;
}

export interface DemandSheet {
  readonly $schema: string;
  readonly schemaVersion: 1;
  readonly verb: "forecast";
  readonly scenario: string;
  readonly plan: string;
  readonly version: string;
  readonly currency: string;
  readonly scale: number;
  readonly inputs: string;
  /** Of the rehearsals that ran to their end; empty where none was asked for. */
  readonly seeds: readonly string[];
  readonly digest: readonly string[];
  readonly figures: readonly SheetRow[];
  readonly given: GivenSupply;
  readonly loadTest: readonly LoadTestStep[];
  /** The closed form's means per interval. */
  readonly series: { readonly every: string } & Forecast["series"];
  readonly broken: readonly (BrokenInvariant & { readonly plan: string; readonly seed: string })[];
  readonly events: number;
  readonly partial: boolean;
  readonly repeat: string;
  readonly exit: { readonly code: number; readonly reason: string };
}

/** What the plan has to meet the demand with. */
export interface GivenSupply {
  /** Servers at the start and at most, and cores of each. */
  readonly servers: number;
  readonly serversMax: number;
  readonly cores: number;
  /** CPU utilisation that `servers.atTarget` and the load-test steps hold. */
  readonly target: number;
  /** On stock, of all articles. */
  readonly units: number;
}

export interface SheetRequest {
  readonly scenario: Scenario;
  readonly plan: PlanSpec;
  readonly scale: number;
  readonly version: string;
  readonly repeat: string;
  /** In the order of their seeds; null or incomplete where interrupted, none where none was asked for. */
  readonly rehearsals: readonly (Rehearsal | null)[];
}

export function demandSheetOf(request: SheetRequest): DemandSheet {
  const { scenario, plan, rehearsals } = request;
  const complete = rehearsals.filter((one): one is Rehearsal => one?.complete === true);
  const forecast = forecastOf(plan);
  const figures = FORECAST_FIGURES.map((figure) => rowOf(figure, forecast, measured(complete)));
  const broken = brokenInvariantsOf([{ plan, rehearsals: complete }]);
  const partial = complete.length < rehearsals.length;
  return {
    $schema: FORECAST_SCHEMA,
    schemaVersion: 1,
    verb: "forecast",
    scenario: scenario.name,
    plan: plan.name,
    version: request.version,
    currency: plan.world.currency,
    scale: request.scale,
    inputs: inputsOf(plan),
    seeds: complete.map(({ seed }) => seed),
    digest: complete.map(({ digest }) => digest),
    figures,
    given: givenIn(plan, forecast.target),
    loadTest: loadTestOf(forecast, plan.world),
    series: { every: "5min", ...forecast.series },
    broken,
    events: complete.reduce((sum, one) => sum + one.events, 0),
    partial,
    repeat: request.repeat,
    exit: exitOf({ figures, broken, partial, rehearsals, complete }),
  };
}

function givenIn({ world }: PlanSpec, target: number): GivenSupply {
  const { initial, max, cores } = world.fleet;
  const items = world.sellers.flatMap((seller) => seller.items);
  const units = items.reduce((sum, item) => sum + item.units, 0);
  return { servers: initial, serversMax: max, cores, target, units };
}

type Measured = Readonly<Record<string, Estimate>>;

/** The metrics of the rehearsals, and what of the sheet stands in their series. */
function measured(rehearsals: readonly Rehearsal[]): Measured {
  return estimatesOf(
    rehearsals.map((one) => ({ ...one, metrics: { ...one.metrics, ...fromSeries(one) } })),
  );
}

function fromSeries({ metrics, series }: Rehearsal): Record<string, number> {
  const concurrent = series["shoppers.concurrent"] ?? [];
  const pages = series.pages ?? [];
  const greatest = (values: readonly number[]) =>
    values.reduce((most, value) => Math.max(most, value), 0);
  const peak = concurrent.indexOf(greatest(concurrent));
  return {
    "session.pages": (metrics.pages ?? 0) / Math.max(1, metrics.sessions ?? 0),
    "shoppers.concurrent.peak.at": ((peak + 1) * SERIES_INTERVAL) / MILLISECOND,
    "pages.per5min.peak": greatest(pages),
    "orders.inStock": metrics.orders ?? 0,
  };
}

function rowOf(figure: ForecastFigure, forecast: Forecast, found: Measured): SheetRow {
  const { name, unit, about } = figure;
  const value = forecast.figures[name];
  const estimate = found[name];
  const simulated = estimate !== undefined && estimate.n > 0 ? estimate : null;
  const chance = forecast.chance[name];
  const row = { name, unit, about, forecast: Number.isFinite(value) ? value : null, simulated };
  const comparable = simulated !== null && value > 0 && chance !== undefined;
  if (!comparable) return { ...row, difference: null, tolerance: null, within: null, why: "" };
  const difference = (simulated.mean - value) / value;
  const tolerance = TOLERANCE + (DEVIATIONS * chance) / Math.sqrt(simulated.n);
  const within = Math.abs(difference) <= tolerance;
  const seen: Seen = {
    found,
    excess: Math.abs(difference) - tolerance,
    shortfall: 1 - forecast.figures["orders.inStock"] / Math.max(1, forecast.figures.orders),
  };
  return { ...row, difference, tolerance, within, why: within ? "" : explanation(figure, seen) };
}

/** What the rehearsals had of the things that the closed form leaves out, as words; or nothing. */
function explanation({ movedBy }: ForecastFigure, seen: Seen): string {
  // Who waits at the door comes later or not at all: that moves what busy servers move.
  const movers = movedBy.includes("servers") ? [...movedBy, "waitingRoom" as const] : movedBy;
  return movers.flatMap((mover) => MOVERS[mover](seen)).join("; ");
}

interface Seen {
  readonly found: Measured;
  /** By how much the difference is beyond its tolerance. */
  readonly excess: number;
  /** Share of the orders that the stock cannot fill, in closed form. */
  readonly shortfall: number;
}

/** Shoppers who find nothing left look on: that moves a figure by more than the orders that fail. */
const STOCK_LEVER = 2;

const mean = (found: Measured, name: string) => found[name]?.mean ?? 0;

/** Errors and give-ups below this share of what happens move no figure by a percent. */
const SHARE_NOTICED = 0.002;

/** The latency of a page, ms, beyond which shoppers notice that servers are busy. */
const LATENCY_NOTICED = 2_000;

const MOVERS: Readonly<Record<Mover, (seen: Seen) => readonly string[]>> = {
  stock: ({ found, excess, shortfall }) => {
    const soldOut = mean(found, "soldOut");
    return soldOut === 0 || excess > STOCK_LEVER * shortfall
      ? []
      : [`${Math.round(soldOut)} articles sold out (soldOut)`];
  },
  servers: ({ found }) => {
    const errors = mean(found, "errors.rate");
    const latency = mean(found, "latency.p95");
    const reloads = mean(found, "pages.abandoned") > SHARE_NOTICED * mean(found, "pages");
    if (errors > SHARE_NOTICED) return ["servers refused, shed or lost requests (errors.rate)"];
    return reloads || latency > LATENCY_NOTICED
      ? ["servers kept shoppers waiting (latency.p95)"]
      : [];
  },
  payments: ({ found }) => {
    const gone = mean(found, "carts.abandoned{payment}");
    const declined = mean(found, "payments.declined");
    const fallback = mean(found, "payments.fallback");
    const challenged = mean(found, "payments.challenged");
    const many = gone > declined || fallback > SHARE_NOTICED * mean(found, "payments");
    return [
      ...(many ? ["a payment network failed (payments.failed)"] : []),
      ...(challenged > 0 ? ["banks challenged shoppers (payments.challenged)"] : []),
    ];
  },
  offers: ({ found }) =>
    mean(found, "offers.taken") > 0 ? ["offers were taken (offers.taken, discounts)"] : [],
  bots: ({ found }) => {
    if (mean(found, "bots.holds") > 0) return ["bots took units or held them (bots.holds)"];
    const limited = mean(found, "shoppers.limited") > SHARE_NOTICED * mean(found, "sessions");
    return limited ? ["limits turned shoppers away (shoppers.limited)"] : [];
  },
  waitingRoom: ({ found }) =>
    mean(found, "queue.tickets") > SHARE_NOTICED * mean(found, "sessions")
      ? ["shoppers waited before they came in (queue.tickets)"]
      : [],
};

interface Outcome extends Pick<DemandSheet, "figures" | "broken" | "partial"> {
  readonly rehearsals: readonly unknown[];
  readonly complete: readonly unknown[];
}

/** 130 interrupted, 1 an invariant broken, 4 a difference that nothing explains, else 0. */
function exitOf({ figures, broken, partial, rehearsals, complete }: Outcome) {
  if (partial) {
    const reason = `interrupted after ${complete.length} of ${rehearsals.length} rehearsals`;
    return { code: 130, reason };
  }
  const [first] = broken;
  if (first !== undefined)
    return { code: 1, reason: `invariant ${first.id} broken: ${first.what}` };
  if (complete.length === 0)
    return { code: 0, reason: "the closed form alone, nothing was simulated" };
  const beyond = figures.filter(({ within }) => within === false);
  const unexplained = beyond.filter(({ why }) => why === "").map(({ name }) => name);
  if (unexplained.length > 0) {
    const names = unexplained.join(", ");
    return { code: 4, reason: `beyond the tolerance, and nothing explains it: ${names}` };
  }
  return beyond.length === 0
    ? { code: 0, reason: "closed form and simulation agree within the tolerance" }
    : { code: 0, reason: `${beyond.length} figures differ, for reasons that are named` };
}
