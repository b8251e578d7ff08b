/**
 * Values that are well written and yet cannot be: shares that sum above one, a sale that closes
 * before it opens, a mailing that outlasts the sale. Each is found at the path that says it.
 */
import { assert } from "../../engine/assert.ts";
import { DAY, SECOND, type Ticks } from "../../engine/time.ts";
import { finding, where } from "./check-findings.ts";
import { checkAudience, checkEarlyAccess, checkLead } from "./checks-audience.ts";
import { checkBots, checkLimits } from "./checks-bots.ts";
import { checkCrowd } from "./checks-crowd.ts";
import { checkDatabase } from "./checks-database.ts";
import { checkDelays } from "./checks-delays.ts";
import { checkFaults } from "./checks-faults.ts";
import { checkFeedback } from "./checks-feedback.ts";
import { checkPromotions } from "./checks-promotions.ts";
import {
  checkAutoscaler,
  checkNodes,
  checkPrice,
  checkSchedule,
  checkWarmPool,
  INSTANCES_MAX,
} from "./checks-scaling.ts";
import { checkCurrency, checkSellers } from "./checks-sellers.ts";
import { checkShedding, checkSideBySide } from "./checks-side-by-side.ts";
import { checkWaitingRoom } from "./checks-waiting-room.ts";
import { ticksSince } from "./date.ts";
import type { Finding, Path } from "./problem.ts";
import { toSale, toSteps } from "./resolve.ts";
import type { Header, LaunchForm, World } from "./schema.ts";
import { checkAuthentication } from "./schema-authentication.ts";
import { checkServerless } from "./schema-serverless.ts";
import { writeDuration } from "./units.ts";

/** Launch batches of one plan. */
const BATCHES_MAX = 1_000;
/** Seeds a file may ask for; each is a whole sale. */
const SEEDS_MAX = 1_000;

const ROUNDING = 1e-9;
const TRIES_MAX = 20;
/** Share of pages after which a shopper stays: a hundred pages a visit. */
const STAYING_MAX = 0.99;

type Check = (world: World, currency: string | null) => Finding[];

const CHECKS: readonly Check[] = [
  checkCurrency,
  checkSellers,
  checkSale,
  checkEarlyAccess,
  checkAudience,
  checkTraffic,
  checkCrowd,
  checkJourney,
  checkRetry,
  checkFleet,
  checkAutoscaler,
  checkSchedule,
  checkWarmPool,
  checkNodes,
  checkServerless,
  checkPrice,
  checkDatabase,
  checkPayments,
  (world) => checkAuthentication(world.payments["three-d-secure"]),
  checkDelays,
  checkWaitingRoom,
  checkFaults,
  checkSideBySide,
  checkShedding,
  checkPromotions,
  checkBots,
  checkLimits,
  checkFeedback,
];

export function checkHeader(header: Header): Finding[] {
  return where(
    header.seeds > SEEDS_MAX &&
      finding("seeds", `more than ${SEEDS_MAX}`, "ask for many on the command line: --seeds N"),
  );
}

/** `currency` is the scenario's, null where that is not known. */
export function checkWorld(world: World, currency: string | null): Finding[] {
  return CHECKS.flatMap((check) => check(world, currency));
}

function checkSale(world: World): Finding[] {
  const { earlyAccessAt, publicAt, closesAt } = toSale(world);
  const named = world.sale["early-access"] !== undefined;
  const first = named ? "sale.early-access" : "sale.public";
  return where(
    earlyAccessAt < 0 &&
      finding(first, "lies before the scenario starts", "starts is the earliest moment there is"),
    earlyAccessAt > publicAt &&
      finding("sale.early-access", "begins after the sale is public", "put it before public"),
    publicAt >= closesAt &&
      finding(
        world.sale.closes === undefined ? "sale.public" : "sale.closes",
        "the sale closes before it opens",
        `it opens ${writeDuration(Math.max(0, publicAt))} after the start`,
      ),
    closesAt > world.lasts &&
      finding(
        "sale.closes",
        "lies after the scenario's end",
        `the scenario lasts ${writeDuration(world.lasts)}`,
      ),
  );
}

function checkTraffic(world: World): Finding[] {
  const { "daily-profile": profile, ramp, rate } = world.traffic;
  const steps = toSteps(world);
  return where(
    ...steps.map(
      ({ at }, index) =>
        at <= (steps[index - 1]?.at ?? -1) &&
        finding(
          `traffic.steps.${index}.at`,
          index === 0 ? "lies before the scenario starts" : "is not after the step before",
          "list the steps in order of time, the first at +0s or later",
        ),
    ),
    (steps.at(-1)?.at ?? 0) >= world.lasts &&
      finding(
        `traffic.steps.${steps.length - 1}.at`,
        "lies after the scenario's end",
        "let the scenario last longer, or leave the step out",
      ),
    profile.length !== 24 &&
      finding(
        "traffic.daily-profile",
        `has ${profile.length} factors, and a day has 24 hours`,
        "give one factor an hour, beginning at midnight",
      ),
    rate > 0 &&
      steps.length > 0 &&
      finding("traffic.rate", "has no effect beside steps, which say all", "set it to 0/s"),
    rate > 0 &&
      ramp > world.lasts &&
      finding("traffic.ramp", "is longer than the scenario lasts", "shorten it"),
  );
}

function checkRetry(world: World): Finding[] {
  const { limit } = world.shoppers.retry;
  return where(
    limit > TRIES_MAX && finding("shoppers.retry.limit", `over ${TRIES_MAX}`, "such as 5", limit),
  );
}

function checkJourney(world: World): Finding[] {
  const { journey } = world.shoppers;
  const pages = ["landing", "list", "product", "cart"] as const;
  const sums = pages.map((page) =>
    Object.values(journey[page]).reduce((sum: number, share: number) => sum + share, 0),
  );
  const [, list = 0, product = 0] = sums;
  const nobodyLeaves = Math.max(list, product) > STAYING_MAX;
  return where(
    ...pages.map(
      (page, index) =>
        (sums[index] ?? 0) > 1 + ROUNDING &&
        finding(
          `shoppers.journey.${page}`,
          `the shares add up to ${((sums[index] ?? 0) * 100).toFixed(2)}%`,
          "together they are at most 100%; the rest leaves",
        ),
    ),
    list <= 1 + ROUNDING &&
      product <= 1 + ROUNDING &&
      nobodyLeaves &&
      finding(
        "shoppers.journey",
        "hardly anybody ever leaves a list or a product page",
        "let the shares of list and of product add up to 99% or less",
      ),
  );
}

function checkFleet(world: World): Finding[] {
  const { initial, min, max, memory, zones } = world.platform.fleet;
  const at = "platform.fleet";
  return where(
    min > max && finding(`${at}.min`, `is more than max, ${max}`, "swap the two", min),
    max > INSTANCES_MAX && finding(`${at}.max`, `more than ${INSTANCES_MAX}`, "check it", max),
    min <= max &&
      (initial < min || initial > max) &&
      finding(`${at}.initial`, "lies outside min and max", `between ${min} and ${max}`, initial),
    zones > initial &&
      finding(`${at}.zones`, "some zones would be empty", `at most initial, ${initial}`, zones),
    memory.base >= memory.total &&
      finding(`${at}.memory.base`, "leaves no memory for requests", "less than memory.total"),
  );
}

function checkPayments(world: World): Finding[] {
  const { primary, fallback, policy } = world.payments;
  const { initial, max } = policy.backoff;
  const gateways = [["primary", primary] as const, ["fallback", fallback] as const];
  return where(
    ...gateways.map(([name, gateway]) => {
      if (gateway === null) return false;
      const lost = gateway["time-out-before-capture"] + gateway["time-out-after-capture"];
      const sum = gateway.error + lost + gateway.decline;
      return (
        sum > 1 + ROUNDING &&
        finding(
          `payments.${name}`,
          `errors, time-outs and declines add up to ${(sum * 100).toFixed(2)}%`,
          "together they are at most 100%; the rest is charged",
        )
      );
    }),
    policy.attempts > TRIES_MAX &&
      finding("payments.policy.attempts", `more than ${TRIES_MAX}`, "such as 3"),
    policy["reconcile-every"] < SECOND &&
      finding("payments.policy.reconcile-every", "leaves no time between rounds", "at least 1s"),
    initial > max && finding("payments.policy.backoff.initial", "is more than max", "swap the two"),
  );
}

/** What cannot be about a plan's mailing; paths begin at the plan. */
export function checkLaunch(launch: LaunchForm, world: World): Finding[] {
  const { batches, every, "each-over": eachOver } = launch;
  const at = ticksSince(world.starts, launch.at);
  const { closesAt } = toSale(world);
  const ends = at + (batches - 1) * every + eachOver;
  const { recipients, "sender-rate": rate } = world.audience;
  const sending: Ticks = rate > 0 ? Math.round((recipients / rate) * SECOND) : 0;
  return where(
    ...checkLead(launch, world),
    at < 0 && finding("launch.at", "lies before the scenario starts", "starts is the earliest"),
    batches > BATCHES_MAX &&
      finding("launch.batches", `more than ${BATCHES_MAX}`, "check the number", batches),
    batches > recipients &&
      finding("launch.batches", "more batches than recipients", "fewer batches", batches),
    batches > 1 &&
      every === 0 &&
      finding("launch.every", `${batches} batches need a time between them`, "such as 15min"),
    at >= 0 &&
      ends > closesAt &&
      finding(
        batches > 1 ? "launch.every" : "launch.each-over",
        `the last batch ends ${inWords(ends)} after the start, when the sale is over`,
        `the sale closes ${inWords(closesAt)} after the start`,
      ),
    at >= 0 &&
      ends <= closesAt &&
      at + sending > closesAt &&
      finding(
        "launch",
        `the sender needs ${inWords(sending)} for ${recipients} mails, and the sale is over by then`,
        "raise audience.sender-rate or mail fewer",
      ),
  );
}

function inWords(ticks: Ticks): string {
  assert(ticks >= 0, "a duration is not negative");
  if (ticks < DAY) return writeDuration(ticks);
  return `${Math.round((ticks / DAY) * 100) / 100}d`;
}

/** Paths that begin at a plan, put under the file's `plans`. */
export function inPlan(plan: string, findings: readonly Finding[]): Finding[] {
  return findings.map((one) => ({ ...one, path: ["plans", plan, ...one.path] satisfies Path }));
}
