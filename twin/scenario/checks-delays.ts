/**
 * Delays that a rehearsal could not count or would not see the end of. A clock counts microseconds
 * up to 2^53, and the world must come to rest within a month of the sale's end: a draw that would
 * break either is refused here, with its place, and not met by the millionth shopper.
 */
import { exp, pow } from "../../engine/elementary.ts";
import { DAY, HOUR, MINUTE, type Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import { finding, where } from "./check-findings.ts";
import type { Finding } from "./problem.ts";
import { toDistribution } from "./quantity.ts";
import type { DistributionSpec } from "./scenario.ts";
import type { World } from "./schema.ts";
import { writeDuration } from "./units.ts";

type DelayForm = Parameters<typeof toDistribution>[0];

/** At ten, one draw in six is over twenty thousand times the median; beyond it no figure says anything. */
const SIGMA_MAX = 10;
/** At a tenth, a quarter of the draws is over fifty thousand times the median. */
const SHAPE_MIN = 0.1;
/** Nearly every draw is within a hundredth of the median: a constant says the same. */
const SHAPE_MAX = 1_000;

/** What the rarest draw of a kind may come to: what is rarer no machine's draws contain. */
const NORMAL_MOST = 8;
const EXPONENTIAL_MOST = 36;
const ODDS_MOST = 2 ** 33;

/** A century: the clock's end, 2^53 microseconds, is 285 years away. */
const DELAY_MOST: Ticks = 36_500 * DAY;
/** A visit adds up many of these, and the world rests a month after the sale. */
const VISIT_DELAY_MOST: Ticks = 10 * DAY;
const VISIT_DELAY_MEAN_MAX: Ticks = 30 * MINUTE;
/** What the store, a server or a payment network may take to be done with one thing. */
const SETTLED_WITHIN_MAX: Ticks = DAY;
const PAGE_WORK_MAX: Ticks = MINUTE;
const PAGE_WORK_CV_MAX = 10;
/** As the autoscaler keeps under way. */
const DATAPOINTS_LATE_MAX = 1_000;

export function checkDelays(world: World): Finding[] {
  return [
    ...checkSpreads(world),
    ...checkWaits(world),
    ...checkPages(world),
    ...checkMetricDelay(world),
  ];
}

interface Delay {
  readonly path: string;
  readonly form: DelayForm;
  /** True where a visit, and with it the end of the rehearsal, waits for it. */
  readonly inVisit: boolean;
}

function delaysOf(world: World): readonly Delay[] {
  const { audience, shoppers, platform, payments, feedback, "waiting-room": room } = world;
  const beside = (path: string, form: DelayForm): Delay => ({ path, form, inVisit: false });
  const inVisit = (path: string, form: DelayForm): Delay => ({ path, form, inVisit: true });
  const { fallback } = payments;
  return [
    beside("audience.click-delay", audience["click-delay"]),
    beside("audience.delivery-delay", audience["delivery-delay"]),
    inVisit("shoppers.think-time", shoppers["think-time"]),
    inVisit("shoppers.retry.delay", shoppers.retry.delay),
    beside("shoppers.patience", shoppers.patience),
    beside("platform.fleet.boot", platform.fleet.boot),
    beside("platform.fleet.warm-up", platform.fleet["warm-up"]),
    beside("platform.fleet.restart", platform.fleet.restart),
    ...Object.entries(platform["warm-pool"].start).map(([state, form]) =>
      beside(`platform.warm-pool.start.${state}`, form),
    ),
    beside("platform.nodes.provisioning", platform.nodes.provisioning),
    beside("platform.autoscaler.scheduled-delay", platform.autoscaler["scheduled-delay"]),
    inVisit(
      "platform.autoscaler.serverless.cold-start",
      platform.autoscaler.serverless["cold-start"],
    ),
    inVisit("platform.database.read", platform.database.read),
    inVisit("platform.database.write", platform.database.write),
    inVisit("platform.cdn.hit", platform.cdn.hit),
    inVisit("platform.cdn.miss", platform.cdn.miss),
    beside("feedback.survey.delay", feedback.survey.delay),
    ...(room.mode === "off" ? [] : [beside("waiting-room.patience", room.patience)]),
    beside("payments.primary.latency", payments.primary.latency),
    inVisit("payments.three-d-secure.challenge", payments["three-d-secure"].challenge),
    ...(fallback === null ? [] : [beside("payments.fallback.latency", fallback.latency)]),
  ];
}

function checkSpreads(world: World): Finding[] {
  return delaysOf(world).flatMap((delay) => {
    const spec = toDistribution(delay.form);
    const beyond = beyondShape(delay.path, spec);
    return beyond.length > 0 ? beyond : checkLength(delay, spec);
  });
}

/** Parameters outside the range in which a distribution is one. */
function beyondShape(path: string, spec: DistributionSpec): Finding[] {
  switch (spec.kind) {
    case "mixture":
      return spec.parts.flatMap(({ of }, place) => beyondShape(`${path}.mixture.${place}`, of));
    case "lognormal":
      return where(
        spec.sigma > SIGMA_MAX &&
          finding(
            `${path}.lognormal.sigma`,
            `is more than ${SIGMA_MAX}`,
            "such as 0.8",
            spec.sigma,
          ),
      );
    case "log-logistic":
    case "weibull":
      return where(
        (spec.shape < SHAPE_MIN || spec.shape > SHAPE_MAX) &&
          finding(
            `${path}.${spec.kind}.shape`,
            `lies outside ${SHAPE_MIN} to ${SHAPE_MAX}`,
            "such as 0.671",
            spec.shape,
          ),
      );
    default:
      return [];
  }
}

function checkLength({ path, inVisit }: Delay, spec: DistributionSpec): Finding[] {
  const most = inVisit ? VISIT_DELAY_MOST : DELAY_MOST;
  const limit = inVisit ? "10 days" : "100 years";
  const advice = "shorten it, or give it less spread or a cap";
  return where(
    longestDraw(spec) > most && finding(path, `may be drawn longer than ${limit}`, advice),
    inVisit &&
      longestDraw(spec) <= most &&
      distributionOf(spec).mean > VISIT_DELAY_MEAN_MAX &&
      finding(
        path,
        `is longer than ${writeDuration(VISIT_DELAY_MEAN_MAX)} on average, and a visit would hardly end`,
        "give it a shorter median, or a cap",
      ),
  );
}

/** The longest delay that a rehearsal could draw, ticks. */
function longestDraw(spec: DistributionSpec): number {
  switch (spec.kind) {
    case "constant":
      return spec.value;
    case "exponential":
      return capped(spec.mean * EXPONENTIAL_MOST, spec.cap);
    case "lognormal":
      return capped(spec.median * exp(spec.sigma * NORMAL_MOST), spec.cap);
    case "log-logistic":
      return capped(spec.median * pow(ODDS_MOST, 1 / spec.shape), spec.cap);
    case "weibull":
      return capped(spec.median * pow(EXPONENTIAL_MOST / Math.LN2, 1 / spec.shape), spec.cap);
    case "mixture":
      return Math.max(...spec.parts.map(({ of }) => longestDraw(of)));
  }
}

function capped(delay: number, cap = Number.POSITIVE_INFINITY): number {
  return Math.min(delay, cap);
}

/** What is still under way when the sale closes must be settled in days. */
function checkWaits({ shoppers, sellers, payments, platform }: World): Finding[] {
  const { policy } = payments;
  const waits: readonly (readonly [string, Ticks])[] = [
    ["shoppers.idle-timeout", shoppers["idle-timeout"]],
    ["platform.fleet.refusal", platform.fleet.refusal],
    ...sellers.map((seller, place) => [`sellers.${place}.hold-for`, seller["hold-for"]] as const),
    ["payments.policy.reconcile-every", policy["reconcile-every"]],
  ];
  const calls: readonly (readonly [string, Ticks])[] = [
    ["payments.policy.time-limit", policy["time-limit"]],
    ["payments.policy.backoff.max", policy.backoff.max],
  ];
  return [...waits.flatMap(tooLong(SETTLED_WITHIN_MAX)), ...calls.flatMap(tooLong(HOUR))];
}

function tooLong(most: Ticks) {
  return ([path, wait]: readonly [string, Ticks]): Finding[] =>
    where(
      wait > most &&
        finding(path, "is too long for a sale to come to rest", `at most ${writeDuration(most)}`),
    );
}

function checkPages({ platform }: World): Finding[] {
  return Object.entries(platform.profile).flatMap(([page, { cpu, cv, io }]) => {
    const at = `platform.profile.${page}`;
    const most = `at most ${writeDuration(PAGE_WORK_MAX)}, such as 25ms`;
    return where(
      cpu > PAGE_WORK_MAX && finding(`${at}.cpu`, "is more work than a page can be", most),
      io > PAGE_WORK_MAX && finding(`${at}.io`, "is a longer wait than a page can be", most),
      cv > PAGE_WORK_CV_MAX &&
        finding(`${at}.cv`, `is more than ${PAGE_WORK_CV_MAX}`, "such as 0.8", cv),
    );
  });
}

function checkMetricDelay({ platform }: World): Finding[] {
  const { kind, period, "metric-delay": delay } = platform.autoscaler;
  return where(
    kind !== "none" &&
      delay / period >= DATAPOINTS_LATE_MAX &&
      finding(
        "platform.autoscaler.metric-delay",
        `is ${DATAPOINTS_LATE_MAX} periods or more`,
        `less than ${DATAPOINTS_LATE_MAX} times the period, such as 2min`,
      ),
  );
}
