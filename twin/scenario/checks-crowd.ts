/**
 * Crowds that no rehearsal has room or time for. A visit keeps its place from its first page until
 * its idle time-out, so rates, pages and think times say how many are there at once, and how many
 * come in all, before any is simulated.
 */
import { exp } from "../../engine/elementary.ts";
import { DAY, SECOND, type Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import { SESSIONS_MAX } from "../shoppers/session-table.ts";
import { finding, where } from "./check-findings.ts";
import type { Finding } from "./problem.ts";
import { toDistribution } from "./quantity.ts";
import { toSteps } from "./resolve.ts";
import type { World } from "./schema.ts";
import { writeDuration } from "./units.ts";

/** Visits of one rehearsal: twenty times those of the largest scenario here, some ten minutes' work. */
const VISITS_MAX = 100_000_000;
/** Steps of a load test; one has ten. */
const STEPS_MAX = 1_000;

export function checkCrowd(world: World): Finding[] {
  const { traffic, lasts } = world;
  const count = traffic.steps.length;
  if (count > STEPS_MAX) {
    return [finding("traffic.steps", `more than ${STEPS_MAX}`, "put some together", count)];
  }
  const stay = stayOf(world);
  const rates = ratesOf(world);
  const busiest = traffic.rate * Math.max(...traffic["daily-profile"]);
  const crowds = [
    { path: "traffic.rate", crowd: (busiest * Math.min(stay, lasts)) / SECOND },
    ...rates.map(({ path, to }) => ({ path, crowd: visitsIn(rates, to - stay, to) })),
  ];
  return [...where(...crowds.map(tooMany)), ...checkVisits(world, rates)];
}

function tooMany({ path, crowd }: { readonly path: string; readonly crowd: number }) {
  return (
    crowd > SESSIONS_MAX &&
    finding(
      path,
      `brings ${crowd.toPrecision(3)} shoppers at once, and there is room for ${SESSIONS_MAX}`,
      "lower the rate or shoppers.idle-timeout",
    )
  );
}

/** A constant rate of visits between two times. */
interface ConstantRate {
  readonly path: string;
  readonly from: Ticks;
  readonly to: Ticks;
  readonly rate: number;
}

function ratesOf(world: World): readonly ConstantRate[] {
  const steps = toSteps(world);
  return steps.map(({ at, rate }, place) => ({
    path: `traffic.steps.${place}.rate`,
    from: at,
    to: Math.max(at, steps[place + 1]?.at ?? world.lasts),
    rate,
  }));
}

function visitsIn(rates: readonly ConstantRate[], from: Ticks, to: Ticks): number {
  return rates.reduce((sum, one) => {
    const shared = Math.min(to, one.to) - Math.max(from, one.from);
    return sum + (one.rate * Math.max(0, shared)) / SECOND;
  }, 0);
}

/** Who comes in all; how many may be mailed is a bound of its own. */
function checkVisits(world: World, rates: readonly ConstantRate[]): Finding[] {
  const { lasts } = world;
  const visits = rates.length > 0 ? visitsIn(rates, 0, lasts) : visitsByRate(world);
  return where(
    visits > VISITS_MAX &&
      finding(
        rates.length > 0 ? "traffic.steps" : "traffic.rate",
        `${Math.round(visits / 1e6)}M visits in ${writeDuration(lasts)} are beyond any rehearsal`,
        `at most ${VISITS_MAX / 1e6}M: lower the rate, or let it last less long`,
      ),
  );
}

/** By the mean of the daily profile: near enough where a hundred million are too many. */
function visitsByRate({ traffic, lasts }: World): number {
  const { rate, decay, "daily-profile": profile } = traffic;
  const mean = profile.reduce((sum, factor) => sum + factor, 0) / profile.length;
  const days = lasts / DAY;
  const faded = decay > 0 ? (1 - exp(-decay * days)) / decay : days;
  return rate * mean * faded * (DAY / SECOND);
}

/** How long a visit keeps its place on the mean: its pages, and after the last its idle time-out. */
function stayOf({ shoppers }: World): Ticks {
  const { mean } = distributionOf(toDistribution(shoppers["think-time"]));
  const pages = pagesAfterLanding(shoppers.journey);
  const visit = pages * mean;
  const idle = shoppers["idle-timeout"];
  // Where nobody leaves, or thinks without end, that is what is told.
  return Number.isFinite(visit) && visit >= 0 ? idle + visit : idle;
}

/** Lists and products of a visit: two equations, for each leads to itself and to the other. */
function pagesAfterLanding({ landing, list, product, cart }: World["shoppers"]["journey"]): number {
  const backToList = product.list + product.cart * cart.list;
  const staysOnProduct = 1 - product.product;
  const ends = (1 - list.list) * staysOnProduct - list.product * backToList;
  const lists = (landing.list * staysOnProduct + landing.product * backToList) / ends;
  const products = (landing.product * (1 - list.list) + landing.list * list.product) / ends;
  return lists + products * (1 + product.cart);
}
