/**
 * What a sale must meet, in one line: `latency.p95: "< 2s for all but 30s"`.
 *
 *     metric[.stat][{tag}]: "[<op>] value[unit] [± x%] [for all but D | within D of TIME] [with 95%]
 *                            [at full size]"
 *
 * The operators are < <= > >= and =; without one, `value ± x%` means within. `for all but D`
 * looks at the metric over time: the intervals that miss add up to D at most. `within D of TIME`
 * asks that some interval from TIME to D later meets it. `with 95%` asks that the bound of the
 * 95 % interval over seeds meets it, and not only the mean. `at full size` leaves it unjudged at a
 * scale: how long a crowd of servers stays down depends on how many there are.
 */
import type { Ticks } from "../../engine/time.ts";
import type { MetricUnit } from "../metric.ts";
import { METRICS, SERIES_NAMES } from "../metrics.ts";
import { parseTimePoint, type TimePoint } from "./date.ts";
import { nearest } from "./problem.ts";
import type { ExpectationSpec, PlanSpec, Scenario } from "./scenario.ts";
import {
  type Amount,
  isCurrency,
  parseCount,
  parseDuration,
  parseMoney,
  parseShare,
} from "./units.ts";

export type Operator = "<" | "<=" | ">" | ">=" | "=";

type ExpectedValue =
  | { readonly kind: "number"; readonly number: number }
  /** A ratio. */
  | { readonly kind: "share"; readonly number: number }
  /** Milliseconds, as results give durations. */
  | { readonly kind: "duration"; readonly number: number }
  | { readonly kind: "money"; readonly amount: Amount };

export type ExpectedWhen =
  | { readonly kind: "overall" }
  | { readonly kind: "for-all-but"; readonly duration: Ticks }
  | { readonly kind: "within"; readonly duration: Ticks; readonly of: TimePoint };

export interface Expectation {
  /** With its stat and tag, as results name it: `latency.p95{checkout}`. */
  readonly metric: string;
  readonly operator: Operator;
  readonly value: ExpectedValue;
  /** A ratio; null where none is given. */
  readonly tolerance: number | null;
  readonly when: ExpectedWhen;
  /** True where the bound of the 95 % interval must meet it. */
  readonly sure: boolean;
  /** True where a smaller world says nothing about it. */
  readonly fullSize: boolean;
}

/** Why an expectation cannot be read. */
interface Unreadable {
  readonly message: string;
  readonly suggestion: string;
  /** True where the metric's name is at fault. */
  readonly atKey: boolean;
}

const METRIC = /^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*(\{[A-Za-z0-9_.=-]+\})?$/u;
const CLAUSES =
  /^(.*?)(?:\s+(for all but|within)\s+(.+?))?(?:\s+with\s+(\S+))?(\s+at full size)?$/u;
const COMPARED = /^(<=|>=|≤|≥|<|>|=)?\s*([^±]*?)\s*(?:(?:±|\+-|\+\/-)\s*(\S+))?$/u;
const EXAMPLE = 'write it like "< 2s for all but 30s", "110000 ± 2%" or "> $4.3M with 95%"';

function unreadable(message: string, suggestion = EXAMPLE): Unreadable {
  return { message, suggestion, atKey: false };
}

export function parseExpectation(spec: ExpectationSpec): Expectation | Unreadable {
  const metric = spec.metric.replaceAll(" ", "");
  if (!METRIC.test(metric)) {
    const suggestion = "write it like orders, latency.p95 or latency.p95{checkout}";
    return { message: "is not the name of a metric", suggestion, atKey: true };
  }
  const [, compared = "", clause, scope = "", level, size] = CLAUSES.exec(spec.expect.trim()) ?? [];
  if (level !== undefined && level !== "95%") {
    return unreadable(
      `"with ${level}" is not known`,
      "write with 95%, the level of every interval",
    );
  }
  const when = parseWhen(clause, scope);
  if ("message" in when) return when;
  const [, sign, written = "", slack] = COMPARED.exec(compared) ?? [];
  const value = parseValue(written);
  if ("message" in value) return value;
  const tolerance = slack === undefined ? null : parseTolerance(slack);
  if (tolerance !== null && typeof tolerance !== "number") return tolerance;
  if (sign === undefined && tolerance === null) {
    return unreadable(`"${written}" is compared with nothing`, "put <, <=, >, >= or = before it");
  }
  const operator = toOperator(sign);
  if (when.kind !== "overall" && level !== undefined) {
    return unreadable("the mean over time has no interval", "leave with 95% out");
  }
  const [sure, fullSize] = [level !== undefined, size !== undefined];
  return { metric, operator, value, tolerance, when, sure, fullSize };
}

function toOperator(sign: string | undefined): Operator {
  if (sign === "≤") return "<=";
  if (sign === "≥") return ">=";
  return (sign ?? "=") as Operator;
}

function parseTolerance(written: string): number | Unreadable {
  const share = written.endsWith("%") ? parseShare(written) : null;
  if (share?.ok === true) return share.value;
  return unreadable(`"${written}" is no tolerance`, "write it like ± 2%");
}

function parseValue(written: string): ExpectedValue | Unreadable {
  if (written === "") return unreadable("says no value");
  if (written.endsWith("%")) {
    const percent = Number(written.slice(0, -1));
    if (!Number.isFinite(percent)) return unreadable(`"${written}" is not a share`);
    return { kind: "share", number: Number(`${percent}e-2`) };
  }
  if (/^[$€£¥]|[A-Z]{3}$/u.test(written)) {
    const money = parseMoney(written);
    return money.ok ? { kind: "money", amount: money.value } : unreadable(money.why, money.instead);
  }
  if (/^\d+(\.\d+)?$/u.test(written)) return { kind: "number", number: Number(written) };
  const count = parseCount(written);
  if (count.ok) return { kind: "number", number: count.value };
  const duration = parseDuration(written);
  if (duration.ok) return { kind: "duration", number: duration.value / 1000 };
  return unreadable(`"${written}" is no value`);
}

function parseWhen(clause: string | undefined, scope: string): ExpectedWhen | Unreadable {
  if (clause === undefined) return { kind: "overall" };
  if (clause === "for all but") {
    const duration = parseDuration(scope);
    if (!duration.ok) return unreadable(`for all but: ${duration.why}`, duration.instead);
    return { kind: "for-all-but", duration: duration.value };
  }
  const [length = "", moment = ""] = scope.split(/\s+of\s+/u);
  const duration = parseDuration(length);
  if (!duration.ok) return unreadable(`within: ${duration.why}`, duration.instead);
  const of = parseTimePoint(moment);
  if (!of.ok) return unreadable(`within ${length} of: ${of.why}`, of.instead);
  return { kind: "within", duration: duration.value, of: of.value };
}

const METRIC_UNITS: ReadonlyMap<string, MetricUnit> = new Map(
  METRICS.map(({ name, unit }) => [name, unit]),
);

/** What a value of each unit is written as. */
const WRITTEN_AS: Readonly<Record<MetricUnit, { kinds: readonly string[]; example: string }>> = {
  count: { kinds: ["number"], example: "a count, like 110k" },
  hours: { kinds: ["number"], example: "a number of hours, like 240" },
  money: { kinds: ["money"], example: "an amount of money, like $4.3M" },
  ms: { kinds: ["duration"], example: "a duration, like 2s" },
  share: { kinds: ["share", "number"], example: "a share, like 0.1%" },
};

const SERIES: readonly string[] = SERIES_NAMES;

/**
 * Why the expectation cannot be judged: no such metric, a value of another unit or currency, or a
 * course over time that is not kept; null where it can. `currency` is the scenario's, null where
 * that is not known.
 */
export function metricProblem(
  expectation: Expectation,
  currency: string | null,
): Unreadable | null {
  const { metric, value, when } = expectation;
  const unit = METRIC_UNITS.get(metric);
  if (unit === undefined) {
    const near = nearest(metric, [...METRIC_UNITS.keys()]);
    const suggestion = near === null ? "rehearse run lists every metric" : `did you mean ${near}?`;
    return { message: "no such metric", suggestion, atKey: true };
  }
  if (when.kind !== "overall" && !SERIES.includes(metric)) {
    return unreadable(
      `${metric} is not kept over time, so "${when.kind === "within" ? "within" : "for all but"}" has nothing to look at`,
      `leave that clause out, or expect it of one of ${SERIES.join(", ")}`,
    );
  }
  const { kinds, example } = WRITTEN_AS[unit];
  const zero = value.kind === "number" && value.number === 0;
  if (!zero && !kinds.includes(value.kind)) {
    return unreadable("is compared with a value of another unit", `write ${example}`);
  }
  return value.kind === "money" ? currencyProblem(value.amount, currency) : null;
}

function currencyProblem(amount: Amount, currency: string | null): Unreadable | null {
  if (currency === null || isCurrency(amount, currency)) return null;
  return unreadable(
    `the scenario's currency is ${currency}, not ${amount.currency}`,
    `write the amount in ${currency}, or set currency at the top of the file`,
  );
}

/** Everything a plan must meet: what the scenario expects of every plan, then the plan's own. */
export function expectationsOf(scenario: Scenario, plan: PlanSpec): readonly ExpectationSpec[] {
  const own = new Set(plan.expect.map(({ metric }) => metric));
  return [...scenario.expect.filter(({ metric }) => !own.has(metric)), ...plan.expect];
}
