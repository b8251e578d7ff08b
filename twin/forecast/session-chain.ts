/**
 * A session as an absorbing Markov chain over the requests of a visit, with servers that answer at
 * once: what waiting for a core, refusals and empty shelves would change is left out. Latency is
 * that of the network, the page's own CPU and I/O time and, for an order, the payment networks;
 * it bounces landing visits, tries patience and lengthens the gaps between pages as it does in a
 * rehearsal, each way a page can come (from the edge, from the origin) at its mean.
 */
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import { PAGE_CLASSES, type WorldSpec } from "../scenario/scenario.ts";
import {
  CART,
  CHECKOUT,
  Journey,
  LANDING,
  LEAVE,
  LIST,
  PAGE_CLASS_OF_STEP,
  rowsOf,
  SUBMIT,
} from "../shoppers/journey.ts";
import { basketOf } from "./basket.ts";
import { type PaymentFate, paymentFateOf } from "./payment-fate.ts";

/** The steps of a visit, and after them the order that is sent again with another card. */
export const OTHER_CARD = 7;
export const STEPS = 8;

/** One way in which the page of a step can come. */
interface Way {
  readonly share: number;
  readonly latency: Ticks;
}

export interface SessionStep {
  /** Index into PAGE_CLASSES. */
  readonly page: number;
  /** Share of the requests that reach the servers. */
  readonly originShare: number;
  /** Shares of these requests after which each step is the next; what is left to 1 leaves. */
  readonly onward: Float64Array;
  /** Sum of them. */
  readonly stays: number;
  /** From this request to the next one. */
  readonly gapCdf: (gap: Ticks) => number;
  readonly gapMean: Ticks;
  /** E[min(gap, limit)]. */
  readonly gapLimitedMean: (limit: Ticks) => number;
  /** Whether the store refuses it while the sale is not open. */
  readonly needsOpenSale: boolean;
}

export interface SessionChain {
  readonly steps: readonly SessionStep[];
  readonly payment: PaymentFate;
  /** Requests of each step, mean per session, in an open sale. */
  readonly visits: Float64Array;
  /** Orders per session in an open sale. */
  readonly conversion: number;
  /** Mean total of an order, minor units, and its coefficient of variation. */
  readonly orderValue: number;
  readonly orderValueCv: number;
  /** Units of an order, mean. */
  readonly orderUnits: number;
}

export function sessionChainOf(world: WorldSpec): SessionChain {
  const payment = paymentFateOf(world.payments);
  const basket = basketOf(world);
  const steps = Array.from({ length: STEPS }, (_, step) =>
    stepOf(world, step, { payment, accepted: basket.accepted }),
  );
  const ordered = chanceOfOrder(steps, payment);
  const lines = linesAtOrder(steps, ordered);
  const conversion = ordered[LANDING];
  const linesPerOrder = conversion === 0 ? 0 : lines / conversion;
  return {
    steps,
    payment,
    visits: visitsOfSteps(steps),
    conversion,
    orderValue: linesPerOrder * basket.lineValue,
    orderValueCv: basket.lineValueCv,
    orderUnits: linesPerOrder * basket.lineUnits,
  };
}

interface Outcomes {
  readonly payment: PaymentFate;
  /** Share of additions to a cart that the limit per shopper allows. */
  readonly accepted: number;
}

function stepOf(world: WorldSpec, step: number, outcomes: Outcomes): SessionStep {
  const ways = waysOf(world, step, outcomes.payment);
  const think = distributionOf(world.shoppers.thinkTime);
  const onward = onwardOf(world, step, { ways, ...outcomes });
  const latency = ways.reduce((sum, way) => sum + way.share * way.latency, 0);
  const over = (of: (way: Way) => number) =>
    ways.reduce((sum, way) => sum + way.share * of(way), 0);
  const page = pageOf(step);
  return {
    page,
    originShare: 1 - edgeShare(world, page),
    onward,
    stays: onward.reduce((sum, share) => sum + share, 0),
    gapCdf: (gap) => over((way) => think.cdf(gap - way.latency)),
    gapMean: latency + think.mean,
    gapLimitedMean: (limit) =>
      over(
        (way) => Math.min(limit, way.latency) + think.limitedMean(Math.max(0, limit - way.latency)),
      ),
    needsOpenSale: step >= CART && step !== PAYMENT_STEP,
  };
}

const PAYMENT_STEP = CHECKOUT + 1;

function pageOf(step: number): number {
  return PAGE_CLASS_OF_STEP[step === OTHER_CARD ? SUBMIT : step];
}

function edgeShare({ cdn }: WorldSpec, page: number): number {
  const name = PAGE_CLASSES[page];
  return name !== undefined && cdn.pages.includes(name) ? cdn.hitRatio : 0;
}

function waysOf(world: WorldSpec, step: number, payment: PaymentFate): readonly Way[] {
  const page = pageOf(step);
  const name = PAGE_CLASSES[page];
  assert(name !== undefined, "a step has a page");
  const { cpu, io } = world.fleet.demands[name];
  const hits = edgeShare(world, page);
  const charge =
    step >= SUBMIT ? payment.calls * distributionOf(world.payments.primary.latency).mean : 0;
  return [
    { share: hits, latency: distributionOf(world.cdn.hit).mean },
    { share: 1 - hits, latency: distributionOf(world.cdn.miss).mean + cpu + io + charge },
  ].filter(({ share }) => share > 0);
}

function onwardOf(
  world: WorldSpec,
  step: number,
  { ways, payment, accepted }: Outcomes & { readonly ways: readonly Way[] },
): Float64Array {
  const onward = new Float64Array(STEPS);
  const { shoppers } = world;
  if (step === SUBMIT) onward[OTHER_CARD] = payment.declined * shoppers.otherCard;
  if (step >= SUBMIT) return onward;
  const journey = new Journey(shoppers.journey, shoppers.bounce);
  const patience = distributionOf(shoppers.patience);
  const rows = rowsOf(shoppers.journey);
  const landed = shoppers.journey.landing.list + shoppers.journey.landing.product;
  for (const { share, latency } of ways) {
    const waits = share * (1 - patience.cdf(latency));
    const goesOn = step === LANDING && landed > 0 ? (1 - journey.bounceAt(latency)) / landed : 1;
    add(onward, rows[step] ?? [], waits * goesOn * (step === CART ? accepted : 1));
  }
  // Who may not have more of an article is sent back to the list, however long that took.
  if (step === CART) add(onward, rows[LIST] ?? [], 1 - accepted);
  return onward;
}

function add(onward: Float64Array, row: ReturnType<typeof rowsOf>[number], weight: number): void {
  for (const [next, share] of row) if (next !== LEAVE) onward[next] += weight * share;
}

/** Rounds in which a chain's figures settle; a session with more pages than that does not end. */
const ROUNDS_MAX = 200_000;
const SETTLED = 1e-13;

/** Solves x = constant + links x by repetition, which converges because sessions end. */
function solve(constant: (step: number) => number, link: (step: number, other: number) => number) {
  const x = Float64Array.from({ length: STEPS }, (_, step) => constant(step));
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    let change = 0;
    for (let step = 0; step < STEPS; step += 1) {
      let next = constant(step);
      for (let other = 0; other < STEPS; other += 1) next += link(step, other) * x[other];
      change = Math.max(change, Math.abs(next - x[step]));
      x[step] = next;
    }
    if (change < SETTLED) return x;
  }
  assert(false, "a session comes to an end");
}

function visitsOfSteps(steps: readonly SessionStep[]): Float64Array {
  return solve(
    (step) => (step === LANDING ? 1 : 0),
    (step, from) => steps[from]?.onward[step] ?? 0,
  );
}

/** Chance that a session at each step ends with an order. */
function chanceOfOrder(steps: readonly SessionStep[], { approved }: PaymentFate): Float64Array {
  return solve(
    (step) => (step >= SUBMIT ? approved : 0),
    (step, next) => steps[step]?.onward[next] ?? 0,
  );
}

/** Lines put into the cart by sessions that end with an order, mean over all sessions. */
function linesAtOrder(steps: readonly SessionStep[], ordered: Float64Array): number {
  const lines = solve(
    (step) => (step === CART ? ordered[CART] : 0),
    (step, next) => steps[step]?.onward[next] ?? 0,
  );
  return lines[LANDING];
}

/** Mean pages, and mean time from the first request to the last and to the end of concurrency. */
export function meansOfSession({ steps, visits }: SessionChain, idleTimeout: Ticks) {
  let pages = 0;
  let length = 0;
  let residence = 0;
  for (const [index, step] of steps.entries()) {
    const count = visits[index];
    pages += count;
    length += count * step.stays * step.gapMean;
    residence +=
      count * (idleTimeout - step.stays * (idleTimeout - step.gapLimitedMean(idleTimeout)));
  }
  return { pages, length, residence };
}
