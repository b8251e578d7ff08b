/**
 * The scale at which one rehearsal takes about a second, for screens that answer while somebody
 * waits: a round percentage, full size where that is quick already. It goes by the pages that a sale
 * asks for in closed form and by what they cost a rehearsal in events, which was measured and
 * differs by a third between scenarios: a preview can bear it.
 */
import { SECOND, type Ticks } from "../../engine/time.ts";
import { tiersOf } from "../email/waves.ts";
import { sessionChainOf } from "../forecast/session-chain.ts";
import type { PlanSpec, Scenario, WorldSpec } from "../scenario/scenario.ts";
import { trafficRate } from "../traffic/traffic-rate.ts";

/** What one core executes in about a second, all models of a sale included. */
const EVENTS_PER_PREVIEW = 500_000;
/** Measured on the scenarios of this project: 1.4 to 2.1 for a page of a shopper. */
const EVENTS_PER_PAGE = 1.6;
/** A request of a bot or of another seller. */
const EVENTS_PER_REQUEST = 2;

/** Round shares of full size, the smallest first. */
export const SCALES: readonly number[] = [
  ...[0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005],
  ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
];

/** For {@link decodeScenario} or `--scale`; 1 is full size. The largest plan decides. */
export function previewScale(scenario: Pick<Scenario, "plans">): number {
  const events = Math.max(...scenario.plans.map(estimatedEvents));
  return largestScale(events, EVENTS_PER_PREVIEW);
}

/** The largest round share of so many events at full size that has no more than this many. */
export function largestScale(events: number, eventsMax: number): number {
  return SCALES.findLast((scale) => events * scale <= eventsMax) ?? SCALES[0] ?? 1;
}

/** Events of one rehearsal of a plan, about. */
export function estimatedEvents({ world }: PlanSpec): number {
  const { visits } = sessionChainOf(world);
  const pagesPerVisit = visits.reduce((sum, pages) => sum + pages, 0);
  const pages = (mailVisits(world) + trafficVisits(world)) * pagesPerVisit;
  return pages * EVENTS_PER_PAGE + otherRequests(world, pages) * EVENTS_PER_REQUEST;
}

function mailVisits({ audience }: WorldSpec): number {
  const share = tiersOf(audience).reduce((sum, tier) => sum + tier.share * tier.visitRate, 0);
  return audience.recipients * share;
}

/** Parts of the sale over each of which the rate is taken as it is in its middle. */
const PARTS = 500;

function trafficVisits({ traffic, starts, lasts }: WorldSpec): number {
  const part: Ticks = lasts / PARTS;
  let visits = 0;
  for (let middle = part / 2; middle < lasts; middle += part)
    visits += (trafficRate(traffic, starts, middle) * part) / SECOND;
  return visits;
}

function otherRequests({ bots, sideBySide, lasts }: WorldSpec, pages: number): number {
  const during = (rate: number, ticks: Ticks) => (rate * ticks) / SECOND;
  const others = sideBySide.neighbours.map(({ rate }) => during(rate, lasts));
  const raids = bots.map(({ kind, rate, share, at, ends }) =>
    kind === "refresh" ? (pages * share) / Math.max(1 - share, 0.01) : during(rate, ends - at),
  );
  return [...others, ...raids].reduce((sum, requests) => sum + requests, 0);
}
