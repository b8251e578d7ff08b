/**
 * The shop that a recording is replayed in. Where a scenario is named it is that scenario's shop,
 * with its servers, payments, limits and waiting room; else one in which nothing is short and no
 * payment fails, so that what comes out is what was recorded, as the store's rules see it.
 */
import { SECOND, type Ticks } from "../../engine/time.ts";
import { decodeScenario } from "../scenario/decode.ts";
import type { ScenarioProblem } from "../scenario/problem.ts";
import type { JourneySpec, PlanSpec, Scenario, WorldSpec } from "../scenario/scenario.ts";
import { whatIfScenario } from "../scenario/what-if.ts";
import { orderArticles } from "./order-articles.ts";
import { type Course, isOfOrders } from "./recorded-course.ts";

export interface ShopQuestion {
  /** The text of the scenario whose shop it is, or null. */
  readonly scenario: { readonly text: string; readonly path: string } | null;
  /** Of the scenario's plans; null for its first. */
  readonly plan: string | null;
  readonly sets: readonly string[];
  /** What is changed in the replay beside it, `path=value` each. */
  readonly changes: readonly string[];
}

export interface ReplayShop {
  readonly seed: string;
  readonly seeds: number;
  readonly asItWas: PlanSpec;
  /** Null where nothing is changed. */
  readonly changed: PlanSpec | null;
}

/** How a shop looks on its own: nothing in it takes time or says no. */
const OPEN_SHOP = `name: replay
seed: replay/1
seeds: 1
starts: 2000-01-01T00:00Z
lasts: 1d
currency: USD
sellers:
  - name: shop
    items: [ { sku: ORDER, sale-price: 1 USD, units: 100M, weight: 1 } ]
    limit-per-shopper: 1M
audience: { recipients: 1, visits: 0% }
platform:
  cdn: { hit: { constant: 0s }, miss: { constant: 0s } }
  fleet: { initial: 4, min: 4, max: 4, cores: 4, backlog: 100k }
  autoscaler: { kind: none }
  profile:
    landing: { cpu: 1ms, cv: 0, io: 0s }
    list: { cpu: 1ms, cv: 0, io: 0s }
    product: { cpu: 1ms, cv: 0, io: 0s }
    cart: { cpu: 1ms, cv: 0, io: 0s }
    checkout: { cpu: 1ms, cv: 0, io: 0s }
    payment: { cpu: 1ms, cv: 0, io: 0s }
payments:
  primary: { latency: { constant: 0s }, decline: 0%, error: 0%, time-out-before-capture: 0%, time-out-after-capture: 0% }
plans: { as-it-was: { launch: { batches: 1, each-over: 1s } } }
`;

/** The shop, or every problem of its file and of what is set or changed in it. */
export function replayShop(question: ShopQuestion): ReplayShop | readonly ScenarioProblem[] {
  const { sets, changes } = question;
  const { text, path } = question.scenario ?? { text: OPEN_SHOP, path: "the open shop" };
  const base = decodeScenario({ text, path, sets });
  if (Array.isArray(base)) return base;
  const asItWas = planOf(base, question.plan, path);
  if (Array.isArray(asItWas)) return asItWas;
  const { seed, seeds } = base;
  if (changes.length === 0) return { seed, seeds, asItWas, changed: null };
  const changed = whatIfScenario({ text, path, sets, changes, plan: asItWas.name });
  if (Array.isArray(changed)) return changed.map(asChange);
  return { seed, seeds, asItWas, changed: changed.plans.at(-1) ?? null };
}

/** What a change is told to be wrong with, by the name that its flag has here. */
function asChange(problem: ScenarioProblem): ScenarioProblem {
  const renamed = (text: string) => text.replace("--what-if ", "--change ");
  return { ...problem, file: renamed(problem.file), suggestion: renamed(problem.suggestion) };
}

function planOf(
  { name: scenario, plans }: Scenario,
  name: string | null,
  file: string,
): PlanSpec | ScenarioProblem[] {
  const found = name === null ? plans[0] : plans.find((plan) => plan.name === name);
  if (found !== undefined) return found;
  const names = plans.map((plan) => plan.name).join(", ");
  const message = `scenario ${scenario} has no such plan`;
  const suggestion = `Its plans are ${names}.`;
  return [{ file, line: 0, column: 0, path: "plans", value: name ?? "", message, suggestion }];
}

/** Whoever comes for one thing goes straight to it. */
const STRAIGHT: JourneySpec = {
  landing: { list: 0, product: 1 },
  list: { list: 0, product: 0 },
  product: { list: 0, product: 0, cart: 1 },
  cart: { list: 0, checkout: 1 },
  checkout: { payment: 1 },
  payment: { submit: 1 },
};

/** After the last visit, so that its order still falls into the sale. */
const AFTER_THE_LAST: Ticks = 60 * SECOND;

export interface ReplayPlan {
  readonly plan: PlanSpec;
  /** The item that each visit comes for, -1 where it looks around. */
  readonly wish: Int32Array;
}

/**
 * The plan of a shop with the time, the money and the visits of a course. Shoppers of recorded
 * orders come when they ordered, with nothing left to think about, for one article that is worth
 * their order; those of requests and counts of visits behave as the scenario says.
 */
export function planOfCourse(plan: PlanSpec, course: Course): ReplayPlan {
  const { world } = plan;
  const lasts = Math.ceil(((course.at.at(-1) ?? 0) + AFTER_THE_LAST) / SECOND) * SECOND;
  const timed: WorldSpec = {
    ...world,
    starts: { ...world.starts, epochMillis: course.startsAt },
    lasts,
    currency: course.currency ?? world.currency,
    sale: { ...world.sale, closesAt: Math.max(lasts, world.sale.closesAt) },
  };
  if (!isOfOrders(course))
    return { plan: { ...plan, world: timed }, wish: new Int32Array(course.at.length).fill(-1) };
  const [first] = world.sellers;
  if (first === undefined) return { plan: { ...plan, world: timed }, wish: new Int32Array(0) };
  const stock = world.sellers.flatMap(({ items }) => items);
  const units = stock.reduce((sum, item) => sum + item.units, 0);
  const enough = Math.max(course.at.length, units);
  const { items, itemOf } = orderArticles(course.totals, enough);
  const { shoppers } = world;
  return {
    plan: {
      ...plan,
      world: {
        ...timed,
        sellers: [{ ...first, items }],
        shoppers: {
          ...shoppers,
          journey: STRAIGHT,
          bounce: { ...shoppers.bounce, rise: 0 },
          thinkTime: { kind: "constant", value: 0 },
        },
      },
    },
    wish: itemOf,
  };
}
